# SPDX-License-Identifier: GPL-2.0-only
"""Make calls of the asm statements that the grammar does not follow.

In:   tokens without attributes.
Out:  edits: `asm volatile(LOCK "incl %0" SUFFIX(x) : "+m" (v))` becomes
      `_sm         (LOCK "incl %0"+SUFFIX(x) , "+m" (v))`, a call with the operands in sight.
Left to others: asm statements of strings, operands `"c" (e)` and clobbers, which it knows.
"""

import re
from functools import cache

from vmaconv.cocci.shim.macro_items import ShimPasses
from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.text.tokens import Tokens

_ASM = late_regex(rb"S[qgi]*\(")
# A template of strings and names, then up to four colons with what may stand behind each.
_TEMPLATE = rb"i?\"[\"i]*"
_OPERAND = rb"(?:\[i\])?\"\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)"
_OPERANDS = rb":(?:" + _OPERAND + rb"(?:," + _OPERAND + rb")*)?"
_CLOBBERS = rb":(?:\"(?:,\")*)?"
_LABELS = rb":(?:i(?:,i)*)?"


@cache
def _known() -> re.Pattern[bytes]:
    """Return what the grammar knows behind `asm (`; few files have any."""
    clobbers = rb"(?:" + _CLOBBERS + rb"(?:" + _LABELS + rb")?)?"
    return re.compile(_TEMPLATE + rb"(?:" + _OPERANDS + rb"(?:" + _OPERANDS + clobbers + rb")?)?")


def mask_assembly(work: ShimPasses) -> None:
    """Rewrite the asm statements that the grammar does not know."""
    tokens = work.tokens
    for match in _ASM.finditer(tokens.kinds):
        first, opening = match.start(), match.end() - 1
        closing = tokens.partner[opening]
        if closing < 0:
            continue
        spelling = tokens.word(first)
        if _known().fullmatch(tokens.kinds, opening + 1, closing):
            _blank_unknown(work, first + 1, opening)
            if spelling.startswith(b"asm_"):
                start = tokens.starts[first]
                work.edits.put(start, b"asm".ljust(len(spelling)))
                work.edits.mark(start, tokens.ends[first], "asm")
            continue
        _call(work, first, opening)


def _blank_unknown(work: ShimPasses, first: int, opening: int) -> None:
    """Blank the qualifiers that the grammar does not know, like `__volatile`."""
    tokens = work.tokens
    for index in range(first, opening):
        if tokens.at(index) in b"i" and tokens.word(index) != b"__volatile__":
            work.edits.blank(tokens.starts[index], tokens.ends[index], "attribute")


def _call(work: ShimPasses, first: int, opening: int) -> None:
    tokens, edits = work.tokens, work.edits
    start, end = tokens.starts[first], tokens.starts[opening]
    edits.replace(start, end, b"_sm")
    edits.mark(start, end, "asm")
    closing = tokens.partner[opening]
    index = opening + 1
    while index < closing:
        kind = tokens.kinds[index]
        if kind in b":":
            edits.put(tokens.starts[index], b"," if _separates(tokens, index, opening) else b" ")
        elif kind in b"[" and tokens.partner[index] == index + 2:
            edits.underline(tokens.starts[index], tokens.ends[index + 2])
        index = max(tokens.partner[index], index) + 1
        if tokens.at(index - 1) in b")" and tokens.at(index) in b"i":
            place = edits.space_between(tokens.ends[index - 1], tokens.starts[index])
            edits.put(place, b",") if place >= 0 else None


def _separates(tokens: Tokens, colon: int, opening: int) -> bool:
    """Say if something stands before a colon, and something right after it."""
    return tokens.at(colon + 1) not in b":)" and colon > opening + 1
