# SPDX-License-Identifier: GPL-2.0-only
"""What options need, by a tree's Kconfig files.

In: the texts of Kconfig files. Out: for an option, the literals (`64BIT`, `!MMU`) that hold wherever it is
set. Only what is plain is read: `depends on A && !B` of options that one place defines; the file of
an architecture is read by that architecture alone.
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

_ENTRY = re.compile(r"^(?:menu)?config[ \t]+(\w+)[ \t]*$", re.MULTILINE)
_OTHER = re.compile(r"^(?:menu|endmenu|if|endif|choice|endchoice|source|comment)\b", re.MULTILINE)
_DEPENDS = re.compile(r"^[ \t]+depends on[ \t]+((?:[^\n\\]|\\\n)+)$", re.MULTILINE)
_LITERAL = re.compile(r"!?\w+\Z")
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
    for path, text in files:
        architecture = _ARCHITECTURE.match(path)
        above = (
            (ARCHITECTURES[architecture[1]],)
            if architecture and architecture[1] in ARCHITECTURES
            else ()
        )
        for name, entry in _entries(text.decode(errors="replace")):
            # What several places define may be set for what any of them says.
            found[name] = None if name in found else (*above, *_needs(entry))
    return {
        name: needs for name, needs in found.items() if needs and name not in ARCHITECTURES.values()
    }


def _entries(text: str) -> Iterable[tuple[str, str]]:
    starts = list(_ENTRY.finditer(text))
    for number, match in enumerate(starts):
        following = starts[number + 1].start() if number + 1 < len(starts) else len(text)
        entry = text[match.end() : following]
        end = _OTHER.search(entry)
        entry = entry[: end.start()] if end else entry
        told = _HELP.search(entry)
        yield match[1], entry[: told.start()] if told else entry


def _needs(entry: str) -> Iterable[str]:
    for match in _DEPENDS.finditer(entry):
        if re.search(r"\bif\b", match[1]):
            continue
        parts = [part.strip() for part in match[1].replace("\\\n", " ").split("&&")]
        yield from (part for part in parts if _LITERAL.match(part))
