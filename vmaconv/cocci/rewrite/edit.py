# SPDX-License-Identifier: GPL-2.0-only
"""Edits as values, and applying them.

In: a text and edits of it. Out: the new text, or the two edits that overlap. What no edit touches
keeps its bytes.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace


class Edit(Struct, frozen=True, order=True):
    """Replace bytes [`start`, `end`) by `text`; `rule` wants it.

    `level` puts insertions at one place in order: what goes behind a statement has minus the
    statement's depth, what goes before it the depth, so that inner code stays inside.

    >>> apply(b"a b", [Edit(0, 1, b"x", "r")])
    b'x b'
    """

    start: int
    end: int
    text: bytes
    rule: str
    level: int = 0
    many: str = ""
    """`before` or `after` for code after `++`, which may stand at one place several times: on which
    side of the token at hand it is.
    """


def gathered(made: Sequence[Sequence[Edit]], text: bytes) -> list[list[Edit]]:
    """Return the edits of matches with those of `++` code at one place put together, in the first.

    They come in the order of the matches.
    """
    found: list[list[Edit]] = []
    places: dict[tuple[int, int, int, str], tuple[int, int]] = {}
    for edits in made:
        kept: list[Edit] = []
        found.append(kept)
        for edit in edits:
            key = (edit.start, edit.end, edit.level, edit.many)
            if not edit.many or key not in places:
                places[key] = (len(found) - 1, len(kept))
                kept.append(edit)
                continue
            row, column = places[key]
            first, old = found[row][column], text[edit.start : edit.end]
            joined = first.text.removesuffix(old) + edit.text
            found[row][column] = replace(first, text=joined)
    return found


def _key(edit: Edit) -> tuple[int, int, int, bytes, str]:
    return (edit.start, edit.end, edit.level, edit.text, edit.rule)


class Overlap(Exception):
    """Two edits that want the same bytes."""

    def __init__(self, first: Edit, second: Edit) -> None:
        super().__init__(f"{first.rule} and {second.rule} both change bytes {second.start}")
        self.first = first
        self.second = second


def ordered(edits: Sequence[Edit]) -> list[Edit]:
    """Return the edits in order, equal ones once; raise `Overlap` where two overlap.

    Stretches that are deleted twice are deleted once.
    """
    found: list[Edit] = []
    for edit in sorted(set(edits), key=_key):
        last = found[-1] if found else None
        if last is None or _are_apart(last, edit):
            found.append(edit)
        elif edit.start < last.end and not last.text and not edit.text:
            found[-1] = replace(last, end=max(last.end, edit.end))
        else:
            raise Overlap(last, edit)
    return found


def _are_apart(first: Edit, second: Edit) -> bool:
    if (first.start, first.end) == (second.start, second.end):
        inserted = first.start == first.end
        return inserted and first.level != second.level
    return second.start >= first.end


class Placed:
    """Edits that do not overlap, in order; others may join them."""

    __slots__ = ("_edits",)

    def __init__(self) -> None:
        self._edits: list[Edit] = []

    def add(self, edits: Sequence[Edit]) -> None:
        """Let edits join, all of them or, where one overlaps, none; raise `Overlap` then."""
        new = [edit for edit in ordered(edits) if not self._has(edit)]
        for edit in new:
            index = bisect_left(self._edits, _key(edit), key=_key)
            ordered([*self._edits[max(index - 1, 0) : index + 1], edit])
        for edit in new:
            insort(self._edits, edit, key=_key)

    def _has(self, edit: Edit) -> bool:
        index = bisect_left(self._edits, _key(edit), key=_key)
        return self._edits[index : index + 1] == [edit]


def apply(text: bytes, edits: Sequence[Edit]) -> bytes:
    """Return `text` with `edits` made; raise `Overlap` where two overlap."""
    parts: list[bytes] = []
    position = 0
    for edit in ordered(edits):
        parts.append(text[position : edit.start])
        parts.append(edit.text)
        position = edit.end
    parts.append(text[position:])
    return b"".join(parts)


class Moves:
    """Where the bytes of a text are after edits of it."""

    __slots__ = ("_edits", "_ends", "_shifts", "_starts")

    def __init__(self, edits: Sequence[Edit]) -> None:
        self._edits = ordered(edits)
        self._starts = [e.start for e in self._edits]
        self._shifts: list[int] = []
        shift = 0
        for edit in self._edits:
            shift += len(edit.text) - (edit.end - edit.start)
            self._shifts.append(shift)
        # Where each edit ends in the new text.
        self._ends = [e.end + s for e, s in zip(self._edits, self._shifts, strict=True)]

    def changes(self) -> list[tuple[int, int, int]]:
        """Return for each edit, in order, which bytes became how many."""
        return [(edit.start, edit.end, len(edit.text)) for edit in self._edits]

    def forward(self, offset: int) -> int | None:
        """Return the new offset of the byte at `offset`, or None if it was replaced."""
        index = bisect_right(self._starts, offset) - 1
        if index < 0:
            return offset
        edit = self._edits[index]
        if offset < edit.end:
            return None
        return offset + self._shifts[index]

    def backward(self, offset: int) -> int:
        """Return where the byte at `offset` of the new text was; what was written, where its edit
        begins.
        """
        index = bisect_right(self._ends, offset)
        if index < len(self._edits):
            edit = self._edits[index]
            if offset >= self._ends[index] - len(edit.text):
                return edit.start
        return offset - (self._shifts[index - 1] if index else 0)

    def edit_at(self, offset: int) -> Edit | None:
        """Return the edit that replaced the byte at `offset`, or None."""
        index = bisect_right(self._starts, offset) - 1
        if index >= 0 and offset < self._edits[index].end:
            return self._edits[index]
        return None

    def forward_ranges(self, ranges: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
        """Return where byte ranges are now, cut to what of them was not replaced at their ends."""
        found: list[tuple[int, int]] = []
        for start, end in ranges:
            first, last = self._past(start), self._before(end)
            if first < last or (start == end and first == last):
                found.append((first, last))
        return found

    def _past(self, offset: int) -> int:
        """Return the new offset of the first byte from `offset` that was not replaced."""
        index = bisect_right(self._starts, offset) - 1
        if index >= 0 and offset < self._edits[index].end:
            offset = self._edits[index].end
        return offset + (self._shifts[index] if index >= 0 else 0)

    def _before(self, offset: int) -> int:
        """Return the new end of what stands before `offset` and was not replaced."""
        index = bisect_left(self._starts, offset) - 1
        if index >= 0 and offset <= self._edits[index].end and self._edits[index].start < offset:
            edit = self._edits[index]
            return edit.start + self._shifts[index] - (len(edit.text) - (edit.end - edit.start))
        return offset + (self._shifts[index] if index >= 0 else 0)

    def written(self) -> list[tuple[int, int]]:
        """Return the byte ranges of the new text that the edits wrote."""
        ranges = []
        for edit, shift in zip(self._edits, self._shifts, strict=True):
            end = edit.end + shift
            ranges.append((end - len(edit.text), end))
        return ranges
