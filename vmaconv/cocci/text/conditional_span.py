# SPDX-License-Identifier: GPL-2.0-only
"""Stretches of C that hold each `#if` with its `#endif`.

In: a text and a stretch of it. Out: whether its conditionals are whole, and the stretch grown over the
lines beside it that make them so.
"""

from __future__ import annotations

import re

from vmaconv.cocci.text.late_regex import late_regex

_CONDITIONAL = late_regex(rb"^[ \t]*#[ \t]*(if|end)", re.MULTILINE)
_LINE_ABOVE = late_regex(rb"[ \t]*(?:#[^\n]*)?\Z")
_LINE_BELOW = late_regex(rb"[ \t]*(?:#[^\n]*)?(?:\n|\Z)")


def is_whole(text: bytes, start: int, end: int) -> bool:
    """Return whether each `#if` of bytes [`start`, `end`) has its `#endif` there, and the other way
    round.
    """
    return text.find(b"#", start, end) < 0 or _missing(text, start, end) == (0, 0)


def grown(text: bytes, start: int, end: int) -> tuple[int, int]:
    r"""Return bytes [`start`, `end`) with the lines of conditionals beside them that belong to those
    inside; as they are where other code stands between.

    >>> text = b"#ifdef A\nint a;\n#endif\nint b;\n"
    >>> grown(text, 9, 29)
    (0, 29)
    """
    if text.find(b"#", start, end) < 0:
        return start, end
    above, below = _missing(text, start, end)
    first, last = start, end
    while above:
        line = text.rfind(b"\n", 0, max(first - 1, 0)) + 1 if first else 0
        if first == 0 or not _LINE_ABOVE.fullmatch(text[line:first].rstrip(b"\n")):
            return start, end
        first = line
        above = _missing(text, first, end)[0]
    while below:
        line = text.find(b"\n", last) + 1
        row = _LINE_BELOW.match(text, line) if line else None
        if row is None or not row.group():
            return start, end
        last = line + len(row.group().rstrip(b"\n"))
        below = _missing(text, first, last)[1]
    return first, last


def _missing(text: bytes, start: int, end: int) -> tuple[int, int]:
    """Return how many `#if` lack above the stretch, and how many `#endif` below it."""
    above = depth = 0
    for line in _CONDITIONAL.finditer(text, start, end):
        depth += 1 if line[1] == b"if" else -1
        if depth < 0:
            above, depth = above + 1, 0
    return above, depth
