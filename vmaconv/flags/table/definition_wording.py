# SPDX-License-Identifier: GPL-2.0-only
"""How definitions of flags are named to a person.

In: a term, a line, several lines. Out: words for the reason why a word is refused.
"""

from __future__ import annotations

from vmaconv.flags.headers.conditions import ALWAYS, Defined, Negation, describe
from vmaconv.flags.headers.header_lines import Define
from vmaconv.flags.table.definition_terms import NamedBit, NamedWord, Number, OtherText, Term
from vmaconv.flags.table.flag_definitions import BitDeclaration, Definition


def term_text(term: Term) -> str:
    """Return a term as a reason names it: `VMA_READ_BIT`, `0x4000`."""
    match term:
        case NamedBit(name) | NamedWord(name):
            return name
        case Number(value):
            return f"{value:#x}"
        case OtherText(text):
            return text


def where_defined(name: str, line: Definition | BitDeclaration) -> str:
    """Return under which condition a line stands, and its place: `if !CONFIG_MMU (…mm.h:411)`."""
    if line.condition == ALWAYS:
        return f"({line.place})"
    if line.condition == Negation(Defined(name)):
        return f"where nothing above defines it ({line.place})"
    return f"if {describe(line.condition)} ({line.place})"


def places_of(lines: tuple[Define, ...]) -> str:
    """Return the place of the first of some lines, and how many more define the word."""
    more = f" and {len(lines) - 1} more" if len(lines) > 1 else ""
    verb = "define it" if more else "defines it"
    return f"{lines[0].place}{more} {verb}"
