# SPDX-License-Identifier: GPL-2.0-only
"""Argument lists that a change made too long, broken where spatch breaks them.

In: a text and the byte ranges of it that edits wrote. Out: edits that break lines. spatch breaks
after commas of the outermost parentheses only, at 78 columns, and looks at no line in whose
parentheses nothing was written. (`layout` is what a maintainer would do.)
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

from msgspec import Struct, field

from vmaconv.cocci.rewrite.edit import Edit
from vmaconv.cocci.rewrite.lines.indent import Style, style_of
from vmaconv.cocci.rewrite.lines.layout import width
from vmaconv.cocci.text.c_lexer import ANY_COMMENT, QUOTED
from vmaconv.cocci.text.late_regex import late_regex

COLUMNS = 78
_STOPS = (b";\n", b"{\n", b"}\n", b"\n\n")
_TOKEN = late_regex(
    QUOTED + rb"|" + ANY_COMMENT + rb"|\n[ \t]*\#(?:[^\n\\]|\\.)*|\n[ \t]*|[(){};,]",
    re.DOTALL,
)


def fold(text: bytes, written: Iterable[tuple[int, int]]) -> list[Edit]:
    """Return edits that break the argument lists that hold a byte of `written`."""
    ranges = sorted(written)
    if not ranges:
        return []
    folder = _Folder(text, ranges, style_of(text))
    for start, end in _statements(text, ranges):
        folder.fold(start, end)
    return folder.edits


def _statements(text: bytes, ranges: Sequence[tuple[int, int]]) -> Iterator[tuple[int, int]]:
    """Yield stretches around what was written that begin and end outside of parentheses."""
    last = 0
    for start, end in ranges:
        if end < last:
            # The stretch before goes on beyond it.
            continue
        begin = last
        for mark in _STOPS:
            begin = max(text.rfind(mark, begin, start) + 1, begin)
        stop = len(text)
        for mark in _STOPS:
            found = text.find(mark, end, stop + 1)
            stop = found + 1 if found >= 0 else stop
        if stop > begin:
            yield begin, stop
            last = stop


class _Folder(Struct):
    text: bytes
    ranges: Sequence[tuple[int, int]]
    style: Style
    edits: list[Edit] = field(default_factory=list)
    _stack: list[int] = field(default_factory=list)
    """The column after each open parenthesis."""
    _lead: bytes | None = None
    """How the lines in the outermost parentheses are indented, once there is one."""
    _line: tuple[int, int] = (0, 0)
    """An offset and its column, from which the columns of the line that is open are counted."""
    _comma: int | None = None
    """The end of the last comma of the outermost parentheses in this line."""
    _opened: int = 0
    _furthest: list[int] = field(default_factory=list)
    """The greatest end of the ranges up to each."""

    def __post_init__(self) -> None:
        self._furthest = list(accumulate((end for _, end in self.ranges), max))

    def fold(self, start: int, end: int) -> None:
        """Break the lists that begin and end in bytes [`start`, `end`)."""
        self._stack, self._comma, self._lead = [], None, None
        self._line = (start, 0)
        for token in _TOKEN.finditer(self.text, start, end):
            text, at = token.group(), token.end()
            if text == b"(":
                self._open(at)
            elif text == b")" and self._stack:
                if len(self._stack) == 1:
                    self._check(at)
                self._stack.pop()
            elif text == b"," and len(self._stack) == 1:
                self._check(at)
                self._comma = at
            elif text.startswith(b"\n"):
                if len(self._stack) == 1:
                    self._check(token.start())
                    self._lead = text[1:] if text.strip() == b"" else self._lead
                self._line, self._comma = (token.start() + 1, 0), None
            elif text in (b"{", b"}", b";"):
                self._stack, self._comma, self._lead = [], None, None

    def _open(self, at: int) -> None:
        if not self._stack:
            self._lead, self._comma, self._opened = None, None, at
        self._stack.append(self._column(at))

    def _column(self, at: int) -> int:
        start, column = self._line
        column = width(self.text[start:at], column)
        # What follows is counted from here: each byte of a line is looked at once.
        self._line = (at, column)
        return column

    def _check(self, at: int) -> None:
        """Break at the last comma if the line is too long at `at`, and was written."""
        if self._comma is None or self._column(at) <= COLUMNS or not self._written(at):
            return
        if self._lead is None:
            self._lead = self.style.lead(self._stack[0])
        comma = self._comma
        if not self.text[comma:at].strip():
            # What follows begins a line already.
            return
        rest = comma + len(self.text[comma:at]) - len(self.text[comma:at].lstrip(b" \t"))
        self.edits.append(Edit(comma, rest, b"\n" + self._lead, "layout"))
        self._line, self._comma = (rest, width(self._lead)), None

    def _written(self, at: int) -> bool:
        """Whether something between the outermost parenthesis and `at` was written."""
        before = bisect_left(self.ranges, (at, -1))
        return before > 0 and self._furthest[before - 1] >= self._opened
