# SPDX-License-Identifier: GPL-2.0-only
"""The parts of a text that are outside of braces, and those in the braces of an enum.

In: a text and a stretch of it. Out: byte ranges. Braces are counted as they stand, whatever arm of a
conditional they are in; those in comments, strings and directives are none.
"""

from __future__ import annotations

import re

from vmaconv.cocci.text.c_lexer import ANY_COMMENT
from vmaconv.cocci.text.late_regex import late_regex

# Each way begins with a byte of its own, which makes the search fast.
_PIECE = late_regex(
    ANY_COMMENT
    + rb"""
    | "[^"\\\n]*+(?:\\.[^"\\\n]*+)*+" | '[^'\\\n]*+(?:\\.[^'\\\n]*+)*+'
    | \n[ \t]*\#[^\\\n]*+(?:\\.[^\\\n]*+)*+ | [{}]
    """,
    re.VERBOSE | re.DOTALL,
)
_DIRECTIVE = late_regex(rb"[ \t]*#[^\\\n]*+(?:\\.[^\\\n]*+)*+", re.DOTALL)
_ENUM = late_regex(rb"enum(?<!\wenum)\b[^;{}]*+\{")
_ARM = late_regex(rb"\s*#[ \t]*(if|el|endif)")
_ARMS = {b"if": 1, b"el": 0, b"endif": -1}
_OPENS, _CLOSES = b"{}"


def outside_braces(
    text: bytes, start: int, end: int, code_only: bool = False
) -> list[tuple[int, int]]:
    """Return the ranges of [`start`, `end`) that no brace opened there is around, in order.

    The last ends at `end` unless a brace stays open. `code_only` leaves out comments, strings and
    directives.

    >>> outside_braces(b"int f(void) { g(); } int x;", 0, 27)
    [(0, 13), (19, 27)]
    """
    found: list[tuple[int, int]] = []
    first = _DIRECTIVE.match(text, start, end)
    at = first.end() if first is not None else start
    depth, begun = 0, at if code_only else start
    for match in _PIECE.finditer(text, at, end):
        at = match.start()
        byte = text[at]
        if byte == _OPENS:
            if depth == 0:
                found.append((begun, at + 1))
            depth += 1
        elif byte == _CLOSES:
            depth -= 1
            if depth == 0:
                begun = at
        elif code_only and depth == 0:
            found.append((begun, at))
            begun = match.end()
    if depth <= 0:
        found.append((begun, end))
    return found


def code_ranges(text: bytes, start: int, end: int) -> list[tuple[int, int]]:
    """Return the ranges of [`start`, `end`) that are code, whatever braces are around them.

    >>> code_ranges(b"int f(void) { /* g */ } int x;", 0, 30)
    [(0, 14), (21, 30)]
    """
    found: list[tuple[int, int]] = []
    first = _DIRECTIVE.match(text, start, end)
    begun = first.end() if first is not None else start
    for match in _PIECE.finditer(text, begun, end):
        if text[match.start()] not in (_OPENS, _CLOSES):
            found.append((begun, match.start()))
            begun = match.end()
    return [*found, (begun, end)]


def enum_bodies(text: bytes, start: int, end: int) -> list[tuple[int, int]]:
    """Return the ranges of code in [`start`, `end`) that may list the constants of an enum.

    Comments, strings and directives are left out. A list ends with its brace; where an arm of a
    conditional ends in which it began, another arm may go on with it, and all that follows counts.

    >>> enum_bodies(b"enum e { A, /* B */ C } d;", 0, 26)
    [(8, 12), (19, 22)]
    """
    found: list[tuple[int, int]] = []
    opening = _ENUM.search(text, start, end)
    while opening is not None:
        begun, braces, arms, torn = opening.end(), 1, 0, False
        for match in _PIECE.finditer(text, begun, end):
            byte = text[match.start()]
            if byte in (_OPENS, _CLOSES):
                braces += 1 if byte == _OPENS else -1
                if braces == arms == 0 and not torn:
                    list_end = match.start()
                    break
                continue
            if (arm := _ARM.match(match.group())) is not None:
                arms += _ARMS[arm[1]]
                torn |= arms < 0 or (arms == 0 and arm[1] == b"el")
            found.append((begun, match.start()))
            begun = match.end()
        else:
            list_end = end
        found.append((begun, list_end))
        opening = _ENUM.search(text, list_end, end)
    return found
