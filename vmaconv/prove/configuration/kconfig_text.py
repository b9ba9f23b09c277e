# SPDX-License-Identifier: GPL-2.0-only
"""The text of Kconfig files: which options they define, what those depend on and select.

In: texts by their paths. Out: a `KconfigEntry` for each place that defines an option, and what a condition
comes to. What options mean to each other is `option_relations`.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from msgspec import Struct

from vmaconv.cocci.text.late_regex import late_regex

ARCHITECTURES = {"x86": "X86", "arm64": "ARM64", "arm": "ARM", "powerpc": "PPC", "parisc": "PARISC",
            "sparc": "SPARC", "s390": "S390", "riscv": "RISCV", "mips": "MIPS"}  # fmt: skip
"""The option that stands for an architecture, by its folder in arch/."""

WIDE = "64BIT"

_ARCHITECTURE = late_regex(r"arch/(\w+)/Kconfig\Z")
_ENTRY = late_regex(r"^(?:menu)?config[ \t]+(\w+)[ \t]*$", re.MULTILINE)
_OTHER = late_regex(r"^(?:menu|endmenu|if|endif|choice|endchoice|source|comment)\b", re.MULTILINE)
_DEPENDS = late_regex(r"^[ \t]+depends on[ \t]+((?:[^\n\\]|\\\n)+)$", re.MULTILINE)
_SELECTS = late_regex(
    r"^[ \t]+select[ \t]+(\w+)(?:[ \t]+if[ \t]+((?:[^\n\\#]|\\\n)+))?[ \t]*(?:#.*)?$", re.MULTILINE
)
_ASKED = late_regex(
    r"^[ \t]+(?:(?:bool|tristate)[ \t]+[\"']|(?:prompt|default|def_bool|def_tristate)\b)",
    re.MULTILINE,
)
_TOKEN = late_regex(r"\|\||&&|[()!]|[^\s()!&|]+(?:\s*!?[=<>]=?\s*[^\s()!&|]+)?")
_HELP = late_regex(r"^[ \t]+(?:help|---help---)[ \t]*$", re.MULTILINE)
_ALTERNATIVES_MOST = 16
"""Ways to meet a condition that are told apart; of a condition with more, nothing is said."""


class KconfigEntry(Struct, frozen=True):
    """A place that defines an option: the file, and what stands there but for the help text."""

    path: str
    text: str

    @property
    def architecture(self) -> str:
        """Return the option of the architecture that alone reads this file, or ""."""
        match = _ARCHITECTURE.match(self.path)
        return ARCHITECTURES.get(match[1], "") if match else ""

    @property
    def is_only_selected(self) -> bool:
        """Return whether nothing sets the option but others that select it."""
        return _ASKED.search(self.text) is None

    def depends(self) -> Iterator[str]:
        """Yield the conditions that it depends on."""
        for match in _DEPENDS.finditer(self.text):
            if not re.search(r"\bif\b", match[1]):
                yield match[1].replace("\\\n", " ")

    def selected(self) -> Iterator[tuple[str, str]]:
        """Yield the options that it selects, each with the condition, "" where there is none."""
        for match in _SELECTS.finditer(self.text):
            yield match[1], (match[2] or "").replace("\\\n", " ")


def entries(path: str, text: str) -> Iterable[tuple[str, KconfigEntry]]:
    """Yield the options of a file with what stands there of each."""
    starts = list(_ENTRY.finditer(text))
    for number, match in enumerate(starts):
        following = starts[number + 1].start() if number + 1 < len(starts) else len(text)
        entry = text[match.end() : following]
        end = _OTHER.search(entry)
        entry = entry[: end.start()] if end else entry
        told = _HELP.search(entry)
        yield match[1], KconfigEntry(path, entry[: told.start()] if told else entry)


class KconfigCondition:
    """An expression of Kconfig; `wide` are the architectures whose words have 64 bits.

    `implied` are the literals (`A`, `!B`) that hold wherever it does, `alternatives` sets of literals
    of which each is enough for it; both are empty where it is not read.
    """

    def __init__(self, text: str, wide: frozenset[str]) -> None:
        self._tokens = _TOKEN.findall(text)
        self._at = 0
        self._wide = wide
        found = self._any()
        is_read = self._at == len(self._tokens)
        self.implied: frozenset[str] = found.implied if is_read else frozenset()
        self.alternatives: tuple[frozenset[str], ...] = found.alternatives if is_read else ()

    def _next(self, token: str) -> bool:
        is_next = self._at < len(self._tokens) and self._tokens[self._at] == token
        self._at += is_next
        return is_next

    def _any(self) -> _Part:
        found = self._all()
        while self._next("||"):
            other = self._all()
            found = _Part(
                found.implied & other.implied, _some(found.alternatives + other.alternatives)
            )
        return found

    def _all(self) -> _Part:
        found = self._one()
        while self._next("&&"):
            other = self._one()
            both = tuple(a | b for a in found.alternatives for b in other.alternatives)
            found = _Part(found.implied | other.implied, _some(both))
        return found

    def _one(self) -> _Part:
        denied = self._next("!")
        if self._next("("):
            found = self._any()
            closed = self._next(")")
            return found if closed and not denied else _NOTHING
        if self._at == len(self._tokens):
            return _NOTHING
        word = self._tokens[self._at]
        self._at += 1
        if not re.fullmatch(r"\w+", word):
            return _NOTHING
        literal = frozenset({f"!{word}" if denied else word})
        more = frozenset({WIDE} if word in self._wide and not denied else ())
        return _Part(literal | more, (literal,))


class _Part(Struct, frozen=True):
    """A part of a condition: what follows from it, and what is enough for it."""

    implied: frozenset[str]
    alternatives: tuple[frozenset[str], ...]


_NOTHING = _Part(frozenset(), ())


def _some(alternatives: tuple[frozenset[str], ...]) -> tuple[frozenset[str], ...]:
    return alternatives if len(alternatives) <= _ALTERNATIVES_MOST else ()
