# SPDX-License-Identifier: GPL-2.0-only
"""Stretches of a text that may lie in one another, and which of them hold a byte.

In: stretches in order. Out: for an offset, the numbers of those that hold it, without looking at the
others.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator, Sequence


class Spans:
    """Byte ranges [start, end) by number, sorted by where they begin, the longer first."""

    __slots__ = ("_around", "_ends", "_starts")

    def __init__(self, ranges: Sequence[tuple[int, int]]) -> None:
        self._starts = [start for start, _ in ranges]
        self._ends = [end for _, end in ranges]
        self._around: list[int] = []
        """For each the nearest one before it that has not ended where it begins, or -1."""
        for number, (start, _) in enumerate(ranges):
            outer = number - 1
            while outer >= 0 and self._ends[outer] <= start:
                outer = self._around[outer]
            self._around.append(outer)

    def holding(self, offset: int) -> Iterator[int]:
        """Yield the numbers of the ranges that hold the byte at `offset`, the last first.

        >>> list(Spans([(0, 9), (1, 3), (4, 6), (4, 5)]).holding(4))
        [3, 2, 0]
        """
        number = bisect_right(self._starts, offset) - 1
        while number >= 0:
            if offset < self._ends[number]:
                yield number
            number = self._around[number]
