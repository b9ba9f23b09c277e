# SPDX-License-Identifier: GPL-2.0-only
"""Where a change among equal lines is shown best, decided as git decides it.

In: the marks of `lines.changed_lines`.  Out: `Change`s in order.

A changed block whose first line equals the line after it can be moved down without a change of
meaning, and up likewise.  git first tries to bring removed and added blocks together, and else
takes the place where the block's ends fall on the least indentation and on empty lines (the
"indent heuristic", default since git 2.14, its weights in git's xdiff/xdiffi.c).
"""

from __future__ import annotations

from dataclasses import dataclass

from vmaconv.cocci.diff.lines import Lines, changed_lines

_MAX_INDENT = 200
_MAX_BLANKS = 20
_MAX_SLIDE = 100
#: How much less indentation counts against any other sign.
_INDENT_WEIGHT = 60
_START_OF_FILE, _END_OF_FILE = 1, 21
_EACH_BLANK, _EACH_BLANK_AFTER = -30, 6
#: Penalties without and with an empty line near the split.
_DEEPER = (-4, 10)
_BLOCK_START = (24, 17)
_BLOCK_END = (23, 17)


@dataclass(frozen=True, slots=True)
class Change:
    """Lines `old[old_at:old_at + gone]` become `new[new_at:new_at + came]`; 0-based."""

    old_at: int
    gone: int
    new_at: int
    came: int


def changes(old: Lines, new: Lines) -> tuple[Change, ...]:
    """Give the changes between two lists of lines, each where git would show it.

    >>> changes([b"a\\n", b"b\\n"], [b"a\\n", b"c\\n", b"b\\n"])
    (Change(old_at=1, gone=0, new_at=1, came=1),)
    """
    gone, came = changed_lines(old, new)
    _settle(old, gone, _sizes(came))
    _settle(new, came, _sizes(gone))
    gone_sizes, came_sizes = _sizes(gone), _sizes(came)
    found: list[Change] = []
    old_shift = new_shift = 0
    for gap in sorted(gone_sizes.keys() | came_sizes.keys()):
        less, more = gone_sizes.get(gap, 0), came_sizes.get(gap, 0)
        found.append(Change(gap + old_shift, less, gap + new_shift, more))
        old_shift += less
        new_shift += more
    return tuple(found)


def _sizes(marks: bytearray) -> dict[int, int]:
    """Give each block's size by its gap: the number of unchanged lines before it.

    Unchanged lines pair off between the two sides, so that equal gaps are the same place.
    """
    sizes: dict[int, int] = {}
    before = 0
    start = marks.find(1)
    while start >= 0:
        end = marks.find(0, start)
        end = len(marks) if end < 0 else end
        sizes[start - before] = end - start
        before += end - start
        start = marks.find(1, end)
    return sizes


def _settle(lines: Lines, marks: bytearray, other: dict[int, int]) -> None:
    """Move each block of one side to its best place, joining blocks that meet."""
    before = 0
    start = marks.find(1)
    while start >= 0:
        end = marks.find(0, start)
        end = len(marks) if end < 0 else end
        block = _Block(lines, marks, start, end, start - before)
        block.settle(other)
        before = block.end - block.gap
        start = marks.find(1, block.end)


@dataclass(slots=True)
class _Block:
    """A run of changed lines that may be moved; `gap` as in `_sizes`."""

    lines: Lines
    marks: bytearray
    start: int
    end: int
    gap: int

    def settle(self, other: dict[int, int]) -> None:
        size = 0
        meets: int | None = None
        highest = self.end
        while size != self.end - self.start:
            size = self.end - self.start
            while self._up():
                pass
            highest = self.end
            meets = self.end if self.gap in other else None
            while self._down():
                if self.gap in other:
                    meets = self.end
        if self.end == highest:
            return
        if meets is not None:
            while self.gap not in other and self._up():
                pass
            return
        best = self._best_end(size, highest)
        while self.end > best and self._up():
            pass

    def _up(self) -> bool:
        if not self.start or self.lines[self.start - 1] != self.lines[self.end - 1]:
            return False
        self.start -= 1
        self.end -= 1
        self.marks[self.start], self.marks[self.end] = 1, 0
        self.gap -= 1
        while self.start and self.marks[self.start - 1]:
            self.start -= 1
        return True

    def _down(self) -> bool:
        if self.end == len(self.lines) or self.lines[self.start] != self.lines[self.end]:
            return False
        self.marks[self.start], self.marks[self.end] = 0, 1
        self.start += 1
        self.end += 1
        self.gap += 1
        while self.end < len(self.lines) and self.marks[self.end]:
            self.end += 1
        return True

    def _best_end(self, size: int, highest: int) -> int:
        first = max(highest, self.end - size - 1, self.end - _MAX_SLIDE)
        best, best_score = self.end, None
        for end in range(first, self.end + 1):
            tail, head = _split_score(self.lines, end), _split_score(self.lines, end - size)
            score = (tail[0] + head[0], tail[1] + head[1])
            if best_score is None or not _worse(score, best_score):
                best, best_score = end, score
        return best


def _worse(one: tuple[int, int], other: tuple[int, int]) -> bool:
    sign = (one[0] > other[0]) - (one[0] < other[0])
    return _INDENT_WEIGHT * sign + one[1] - other[1] > 0


def _split_score(lines: Lines, at: int) -> tuple[int, int]:
    """Give the indentation that a split before line `at` falls on, and its penalty."""
    own = _indent(lines[at]) if at < len(lines) else -1
    before, blanks_before = _next_indent(lines, range(at - 1, -1, -1))
    after, blanks_after = _next_indent(lines, range(at + 1, len(lines)))
    penalty = 0
    if before == -1 and not blanks_before:
        penalty += _START_OF_FILE
    if at >= len(lines):
        penalty += _END_OF_FILE
    blanks_from = 1 + blanks_after if own == -1 else 0
    blanks = blanks_before + blanks_from
    penalty += _EACH_BLANK * blanks + _EACH_BLANK_AFTER * blanks_from
    indent = own if own != -1 else after
    if indent == -1 or before == -1 or indent == before:
        return indent, penalty
    near_blank = int(blanks != 0)
    if indent > before:
        penalty += _DEEPER[near_blank]
    elif after > indent:
        penalty += _BLOCK_START[near_blank]
    else:
        penalty += _BLOCK_END[near_blank]
    return indent, penalty


def _next_indent(lines: Lines, steps: range) -> tuple[int, int]:
    """Give the indentation of the nearest line with text, and the empty lines before it."""
    blanks = 0
    for i in steps:
        indent = _indent(lines[i])
        if indent != -1:
            return indent, blanks
        blanks += 1
        if blanks == _MAX_BLANKS:
            return 0, blanks
    return -1, blanks


def _indent(line: bytes) -> int:
    """Give the column of the first character that shows, -1 for a line without one."""
    column = 0
    for byte in line:
        if byte == 0x20:
            column += 1
        elif byte == 0x09:
            column += 8 - column % 8
        elif byte not in b"\r\n\v\f":
            return column
        if column >= _MAX_INDENT:
            return _MAX_INDENT
    return -1
