# SPDX-License-Identifier: GPL-2.0-only
"""What stands before and behind blanks, without a copy of the text.

In: a text and an offset. Out: where the blanks around the offset begin and end.
"""

from __future__ import annotations

_WHITE = b" \t\n\r\v\f"
_STEP = 64


def blank_start(text: bytes, at: int, blanks: bytes = _WHITE) -> int:
    r"""Return where the blanks that end at `at` begin.

    >>> blank_start(b"f(\n\tx)", 4)
    2
    """
    step = _STEP
    while at > 0:
        low = max(at - step, 0)
        left = len(text[low:at].rstrip(blanks))
        if left:
            return low + left
        at, step = low, step * 2
    return 0


def blank_end(text: bytes, at: int, blanks: bytes = _WHITE) -> int:
    r"""Return where the blanks that begin at `at` end.

    >>> blank_end(b"f(\n\tx)", 2)
    4
    """
    step = _STEP
    while at < len(text):
        piece = text[at : at + step]
        left = len(piece.lstrip(blanks))
        if left:
            return at + len(piece) - left
        at, step = at + len(piece), step * 2
    return len(text)
