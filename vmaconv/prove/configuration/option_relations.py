# SPDX-License-Identifier: GPL-2.0-only
"""What options need, by a tree's Kconfig files.

In: the texts of Kconfig files. Out: for an option, the literals (`64BIT`, `!MMU`) that hold wherever it is
set: what both arms of `A || (B && C)` need, and all of `A && !B`, for options that one place defines.
The file of an architecture is read by that architecture alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from types import MappingProxyType

Needs = Mapping[str, tuple[str, ...]]
"""For an option, what has to hold for it to be set, as far as that is known."""

NO_NEEDS: Needs = MappingProxyType({})
"""Nothing is known of any option."""

PATTERNS = ("mm/Kconfig", "init/Kconfig", "fs/Kconfig", "arch/Kconfig", "arch/*/Kconfig")
"""The files in which the options stand that flags hang on."""

WIDE_PATTERNS = ("drivers/*Kconfig", "sound/*Kconfig", "fs/*Kconfig")
"""Files of which those count that name `WIDE`: the width of a word decides which flags there are."""

WIDE = "64BIT"

_ENTRY = re.compile(r"^(?:menu)?config[ \t]+(\w+)[ \t]*$", re.MULTILINE)
_OTHER = re.compile(r"^(?:menu|endmenu|if|endif|choice|endchoice|source|comment)\b", re.MULTILINE)
_DEPENDS = re.compile(r"^[ \t]+depends on[ \t]+((?:[^\n\\]|\\\n)+)$", re.MULTILINE)
_TOKEN = re.compile(r"\|\||&&|[()!]|[^\s()!&|]+(?:\s*!?[=<>]=?\s*[^\s()!&|]+)?")
_ALWAYS = re.compile(
    rb"^config[ \t]+64BIT[ \t]*\n[ \t]+def_bool[ \t]+y[ \t]*\n(?!\s+depends)", re.MULTILINE
)
_HELP = re.compile(r"^[ \t]+(?:help|---help---)[ \t]*$", re.MULTILINE)
_ARCHITECTURE = re.compile(r"arch/(\w+)/Kconfig\Z")
ARCHITECTURES = {"x86": "X86", "arm64": "ARM64", "arm": "ARM", "powerpc": "PPC", "parisc": "PARISC",
            "sparc": "SPARC", "s390": "S390", "riscv": "RISCV", "mips": "MIPS"}  # fmt: skip
"""The option that stands for an architecture, by its folder in arch/."""


def read_needs(files: Iterable[tuple[str, bytes]]) -> Needs:
    r"""Return what the options of some files, by (path, text), need.

    >>> read_needs([("mm/Kconfig", b"config A\n\tbool\n\tdepends on B && !C\n")])
    {'A': ('B', '!C')}
    """
    found: dict[str, tuple[str, ...] | None] = {}
    texts = list(files)
    wide = frozenset(
        architecture
        for path, text in texts
        if (architecture := _architecture(path)) and _ALWAYS.search(text)
    )
    for path, text in texts:
        architecture = _architecture(path)
        above = (architecture,) if architecture else ()
        for name, entry in _entries(text.decode(errors="replace")):
            # What several places define may be set for what any of them says.
            found[name] = None if name in found else (*above, *_needs(entry, wide))
    return {
        name: needs for name, needs in found.items() if needs and name not in ARCHITECTURES.values()
    }


def _architecture(path: str) -> str:
    """Return the option of the architecture whose Kconfig file this is, or ""."""
    match = _ARCHITECTURE.match(path)
    return ARCHITECTURES.get(match[1], "") if match else ""


def _entries(text: str) -> Iterable[tuple[str, str]]:
    starts = list(_ENTRY.finditer(text))
    for number, match in enumerate(starts):
        following = starts[number + 1].start() if number + 1 < len(starts) else len(text)
        entry = text[match.end() : following]
        end = _OTHER.search(entry)
        entry = entry[: end.start()] if end else entry
        told = _HELP.search(entry)
        yield match[1], entry[: told.start()] if told else entry


def _needs(entry: str, wide: frozenset[str]) -> Iterable[str]:
    for match in _DEPENDS.finditer(entry):
        if re.search(r"\bif\b", match[1]):
            continue
        text = match[1].replace("\\\n", " ")
        implied = _Condition(text, wide).implied()
        yield from sorted(implied, key=lambda literal: (text.find(literal), literal))


class _Condition:
    """An expression of Kconfig; `wide` are the architectures whose words have 64 bits."""

    def __init__(self, text: str, wide: frozenset[str]) -> None:
        self._tokens = _TOKEN.findall(text)
        self._at = 0
        self._wide = wide

    def implied(self) -> frozenset[str]:
        """Return the literals that hold wherever the expression does; none where it is not read."""
        found = self._any()
        return found if self._at == len(self._tokens) else frozenset()

    def _next(self, token: str) -> bool:
        is_next = self._at < len(self._tokens) and self._tokens[self._at] == token
        self._at += is_next
        return is_next

    def _any(self) -> frozenset[str]:
        found = self._all()
        while self._next("||"):
            found &= self._all()
        return found

    def _all(self) -> frozenset[str]:
        found = self._one()
        while self._next("&&"):
            found |= self._one()
        return found

    def _one(self) -> frozenset[str]:
        denied = self._next("!")
        if self._next("("):
            found = self._any()
            closed = self._next(")")
            return found if closed and not denied else frozenset()
        if self._at == len(self._tokens):
            return frozenset()
        word = self._tokens[self._at]
        self._at += 1
        if not re.fullmatch(r"\w+", word):
            return frozenset()
        if denied:
            return frozenset({f"!{word}"})
        return frozenset({word, WIDE} if word in self._wide else {word})
