# SPDX-License-Identifier: GPL-2.0-only
"""What of a stretch of C stands outside of braces.

In: a text and a stretch of it. Out: byte ranges. Braces are counted as they stand, whatever arm of a
conditional they are in; those in comments, strings and directives are none.
"""

from __future__ import annotations

import re

# Each way begins with a byte of its own, which makes the search fast.
_PIECE = re.compile(
    rb"""
      "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*' | /\*.*?(?:\*/|\Z) | //[^\n]*
    | \n[ \t]*\#(?:[^\\\n]|\\.)* | [{}]
    """,
    re.VERBOSE | re.DOTALL,
)
_DIRECTIVE = re.compile(rb"[ \t]*#(?:[^\\\n]|\\.)*", re.DOTALL)
_OPENS, _CLOSES = b"{}"


def outside_braces(text: bytes, start: int, end: int) -> list[tuple[int, int]]:
    """Return the ranges of [`start`, `end`) that no brace opened there is around, in order.

    >>> outside_braces(b"int f(void) { g(); } int x;", 0, 27)
    [(0, 13), (19, 27)]
    """
    first = _DIRECTIVE.match(text, start, end)
    found: list[tuple[int, int]] = []
    depth, begun = 0, start
    for match in _PIECE.finditer(text, first.end() if first is not None else start, end):
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
    if depth <= 0:
        found.append((begun, end))
    return found
