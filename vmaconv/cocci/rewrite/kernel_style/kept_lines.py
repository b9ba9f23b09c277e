# SPDX-License-Identifier: GPL-2.0-only
"""Lines of a list in parentheses that a replacement has as they were.

In: a text and edits of it. Out: edits that make the same text and leave such lines out: what
`- old(E, F)`, `+ new(E, F)` writes anew is a name, and the arguments below it are moved along with
the parenthesis (`lines/realign`), as those of a call are that only gets another name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from itertools import accumulate

from msgspec.structs import replace

from vmaconv.cocci.rewrite.edit import Edit
from vmaconv.cocci.text.late_regex import late_regex

_PIECE = late_regex(rb"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|\w+|\s+|.", re.DOTALL)
_LARGE = 4_000_000
"""Pairs of pieces beyond which an edit is left as it is."""


def without_kept_lines(text: bytes, edits: Sequence[Edit]) -> list[Edit]:
    r"""Return the edits less the lines that they only repeat.

    >>> old = b"old(a,\n    b)"
    >>> without_kept_lines(old, [Edit(0, 13, b"renamed(a,\n    b)", "r")])
    [Edit(start=0, end=3, text=b'renamed', rule='r', level=0, many='')]
    """
    return [piece for edit in edits for piece in _pieces(text, edit)]


def _pieces(text: bytes, edit: Edit) -> Iterator[Edit]:
    old = _PIECE.findall(text, edit.start, edit.end)
    new = _PIECE.findall(edit.text)
    ends = b"\n" in edit.text and any(b"\n" in piece for piece in old)
    if edit.many or not ends or len(old) * len(new) > _LARGE:
        yield edit
        return
    depths = list(accumulate((p in (b"(", b"[")) - (p in (b")", b"]")) for p in new))
    old_at = [0, *accumulate(map(len, old))]
    new_at = [0, *accumulate(map(len, new))]
    at = (0, 0)
    matcher = SequenceMatcher(None, old, new, autojunk=False)
    for block in matcher.get_matching_blocks():
        stop = block.b + block.size
        kept = any(b"\n" in new[i] and depths[i] > 0 for i in range(block.b, stop))
        if kept:
            yield from _piece(edit, at, (old_at[block.a], new_at[block.b]))
            at = (old_at[block.a + block.size], new_at[stop])
    yield from _piece(edit, at, (old_at[-1], new_at[-1]))


def _piece(edit: Edit, start: tuple[int, int], end: tuple[int, int]) -> Iterator[Edit]:
    """Yield what an edit makes of a part of it: offsets in the old text and in the new, if any."""
    if start != end:
        new = edit.text[start[1] : end[1]]
        yield replace(edit, start=edit.start + start[0], end=edit.start + end[0], text=new)
