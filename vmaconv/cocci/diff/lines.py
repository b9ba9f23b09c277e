# SPDX-License-Identifier: GPL-2.0-only
"""Which lines changed between two texts, chosen as git chooses them.

In: two lists of lines (bytes, each with its line end).  Out: the `Change`s between them.
Left to others: hunks and their context (`hunk`), and moving a change along equal lines (`slide`).

git finds changed lines with Myers' algorithm from both ends ("An O(ND) Difference Algorithm and
Its Variations", 1986), after setting aside lines that have no equal on the other side.  The same
choices are made here, in the same order, so that our diff is the one that `git diff` prints.
Time goes with the number of changed lines: equal stretches are compared as slices.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from io import BytesIO

Lines = list[bytes]

#: A line that has this many equals on the other side says little about where it belongs.
_MOST_EQUALS = 1024
#: How far around a common line git looks before it sets it aside.
_SCAN = 100
#: One unmatched line in this many common ones is too few to set a common line aside.
_COMMON_RATIO = 4
#: Cost after which the search settles for a good split instead of the best one.
_LEAST_MAX_COST = 256
_FAR = 1 << 60


def split_lines(data: bytes) -> Lines:
    """Split at line feeds only, each line keeping its end.

    >>> split_lines(b"a\\r\\nb\\rc")
    [b'a\\r\\n', b'b\\rc']
    """
    return BytesIO(data).readlines()


def changed_lines(old: Lines, new: Lines) -> tuple[bytearray, bytearray]:
    """Mark the lines that are gone from `old` and those that came in `new`, one byte a line.

    >>> changed_lines([b"a\\n", b"b\\n"], [b"a\\n", b"c\\n"])
    (bytearray(b'\\x00\\x01'), bytearray(b'\\x00\\x01'))
    """
    gone, came = bytearray(len(old)), bytearray(len(new))
    start = equal_run(old, 0, new, 0, min(len(old), len(new)))
    tail = equal_run_back(old, len(old), new, len(new), min(len(old) - start, len(new) - start))
    old_end, new_end = len(old) - tail, len(new) - tail
    if start in (old_end, new_end):
        gone[start:old_end] = b"\1" * (old_end - start)
        came[start:new_end] = b"\1" * (new_end - start)
        return gone, came
    old_counts, new_counts = Counter(old), Counter(new)
    old_kept = _keep(old, start, old_end, new_counts, gone)
    new_kept = _keep(new, start, new_end, old_counts, came)
    search = _Search([old[i] for i in old_kept], [new[i] for i in new_kept])
    search.compare(0, len(old_kept), 0, len(new_kept))
    for i in search.gone:
        gone[old_kept[i]] = 1
    for i in search.came:
        came[new_kept[i]] = 1
    return gone, came


def equal_run(a: Lines, i: int, b: Lines, j: int, most: int) -> int:
    """Count the equal lines from `a[i]` and `b[j]` on, at most `most`."""
    done = 0
    while done < most and done < 8:
        if a[i + done] != b[j + done]:
            return done
        done += 1
    step = 32
    while done < most:
        step = min(step, most - done)
        if a[i + done : i + done + step] == b[j + done : j + done + step]:
            done += step
            step *= 2
        elif step == 1:
            return done
        else:
            most = done + step
            step = (step + 1) // 2
    return done


def equal_run_back(a: Lines, i: int, b: Lines, j: int, most: int) -> int:
    """Count the equal lines that end before `a[i]` and `b[j]`, at most `most`."""
    done = 0
    while done < most and done < 8:
        if a[i - done - 1] != b[j - done - 1]:
            return done
        done += 1
    step = 32
    while done < most:
        step = min(step, most - done)
        if a[i - done - step : i - done] == b[j - done - step : j - done]:
            done += step
            step *= 2
        elif step == 1:
            return done
        else:
            most = done + step
            step = (step + 1) // 2
    return done


def _keep(lines: Lines, start: int, end: int, others: Counter[bytes], mark: bytearray) -> list[int]:
    """Mark the lines of `[start, end)` that take no part in the search; give those that do.

    A line with no equal on the other side has certainly changed.  A very common line between such
    lines (an empty one, a brace) would only tie the text together at random.
    """
    alone = [i for i in range(start, end) if lines[i] not in others]
    limit = min(_rough_root(len(lines)), _MOST_EQUALS)
    kinds = _Kinds(frozenset(alone), lines, others, limit)
    for left, right in zip(alone, alone[1:], strict=False):
        between = range(left + 1, right)
        if between and all(others[lines[i]] >= limit for i in between):
            for i in between:
                mark[i] = kinds.drowned(i, max(start, i - _SCAN), min(end - 1, i + _SCAN))
    for i in alone:
        mark[i] = 1
    return [i for i in range(start, end) if not mark[i]]


@dataclass(frozen=True, slots=True)
class _Kinds:
    """Lines of one side as git sorts them: unmatched, common, and worth comparing."""

    alone: frozenset[int]
    lines: Lines
    others: Counter[bytes]
    limit: int

    def drowned(self, at: int, low: int, high: int) -> bool:
        """Tell whether a common line stands among so many unmatched ones that it means nothing."""
        before, common_before = self._look(range(at - 1, low - 1, -1))
        after, common_after = self._look(range(at + 1, high + 1))
        if not before or not after:
            return False
        common = common_before + common_after
        return common * _COMMON_RATIO < common + before + after

    def _look(self, steps: range) -> tuple[int, int]:
        unmatched, common = 0, 1
        for i in steps:
            if i in self.alone:
                unmatched += 1
            elif self.others[self.lines[i]] >= self.limit:
                common += 1
            else:
                break
        return unmatched, common


def _rough_root(n: int) -> int:
    """Give a power of two near the square root, as git's estimate does."""
    return 1 << ((n.bit_length() + 1) // 2)


class _Search:
    """Myers' search from both ends over two lists of lines; fills `gone` and `came`."""

    def __init__(self, old: Lines, new: Lines) -> None:
        self.old = old
        self.new = new
        self.gone: list[int] = []
        self.came: list[int] = []
        self.max_cost = max(_LEAST_MAX_COST, _rough_root(len(old) + len(new) + 3))

    def compare(self, i: int, i_end: int, j: int, j_end: int) -> None:
        """Find the changes between `old[i:i_end]` and `new[j:j_end]`."""
        run = equal_run(self.old, i, self.new, j, min(i_end - i, j_end - j))
        i, j = i + run, j + run
        run = equal_run_back(self.old, i_end, self.new, j_end, min(i_end - i, j_end - j))
        i_end, j_end = i_end - run, j_end - run
        if i == i_end:
            self.came.extend(range(j, j_end))
        elif j == j_end:
            self.gone.extend(range(i, i_end))
        else:
            i_mid, j_mid = self._split(i, i_end, j, j_end)
            self.compare(i, i_mid, j, j_mid)
            self.compare(i_mid, i_end, j_mid, j_end)

    def _split(self, i: int, i_end: int, j: int, j_end: int) -> tuple[int, int]:
        """Find a point on a cheapest path; diagonals are numbered `i - j`."""
        low, high = i - j_end, i_end - j
        ahead, back = {i - j: i}, {i_end - j_end: i_end}
        f_low = f_high = i - j
        b_low = b_high = i_end - j_end
        odd = (f_low - b_low) & 1
        for cost in range(1, self.max_cost + 1):
            f_low, f_high = _widen(ahead, f_low, f_high, low, high, -1)
            for d in range(f_high, f_low - 1, -2):
                at = self._ahead(ahead, d, i_end, j_end)
                if odd and b_low <= d <= b_high and back[d] <= at:
                    return at, at - d
            b_low, b_high = _widen(back, b_low, b_high, low, high, _FAR)
            for d in range(b_high, b_low - 1, -2):
                at = self._back(back, d, i, j)
                if not odd and f_low <= d <= f_high and at <= ahead[d]:
                    return at, at - d
            if cost == self.max_cost:
                break
        ends = (_reach(ahead, d, i_end, j_end) for d in range(f_high, f_low - 1, -2))
        forward = max(ends, key=sum)
        starts = (_reach_back(back, d, i, j) for d in range(b_high, b_low - 1, -2))
        backward = min(starts, key=sum)
        if i_end + j_end - sum(backward) < sum(forward) - (i + j):
            return forward
        return backward

    def _ahead(self, ahead: dict[int, int], d: int, i_end: int, j_end: int) -> int:
        left, right = ahead[d - 1], ahead[d + 1]
        at = left + 1 if left >= right else right
        most = min(i_end - at, j_end - (at - d))
        if most > 0:
            at += equal_run(self.old, at, self.new, at - d, most)
        ahead[d] = at
        return at

    def _back(self, back: dict[int, int], d: int, i: int, j: int) -> int:
        left, right = back[d - 1], back[d + 1]
        at = left if left < right else right - 1
        most = min(at - i, at - d - j)
        if most > 0:
            at -= equal_run_back(self.old, at, self.new, at - d, most)
        back[d] = at
        return at


def _widen(
    reached: dict[int, int], first: int, last: int, low: int, high: int, outside: int
) -> tuple[int, int]:
    """Take one more diagonal on each side, or one less where the box ends."""
    if first > low:
        first -= 1
        reached[first - 1] = outside
    else:
        first += 1
    if last < high:
        last += 1
        reached[last + 1] = outside
    else:
        last -= 1
    return first, last


def _reach(ahead: dict[int, int], d: int, i_end: int, j_end: int) -> tuple[int, int]:
    at = min(ahead[d], i_end)
    return (j_end + d, j_end) if at - d > j_end else (at, at - d)


def _reach_back(back: dict[int, int], d: int, i: int, j: int) -> tuple[int, int]:
    at = max(back[d], i)
    return (j + d, j) if at - d < j else (at, at - d)
