# SPDX-License-Identifier: GPL-2.0-only
"""Hunks: the pieces of a diff, to print, to choose from, and to apply.

In: a file's bytes before and after.  Out: `Hunk`s with their lines and positions, and the bytes
that a choice of them makes.  Line numbers are 1-based, as in a diff; lines keep their ends.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

from vmaconv.cocci.diff.heading import finder_for, heading_before
from vmaconv.cocci.diff.lines import Lines, split_lines
from vmaconv.cocci.diff.output_error import HunkMismatch
from vmaconv.cocci.diff.slide import Change, changes

_NO_NEWLINE = b"\\ No newline at end of file\n"


class LineKind(Enum):
    """What a line of a hunk does; the value is its first byte in a diff."""

    CONTEXT = b" "
    GONE = b"-"
    CAME = b"+"


@dataclass(frozen=True, slots=True)
class DiffLine:
    """A line of a hunk: its text with its end, and its number in the file(s) that have it."""

    kind: LineKind
    text: bytes
    old_number: int | None
    new_number: int | None


@dataclass(frozen=True, slots=True)
class Hunk:
    """A run of changed lines and their context; `heading` is the text after the second `@@`.

    `old_start` is the first line's number; a side without lines has the number before it, as git
    counts.
    """

    old_start: int
    old_count: int
    new_start: int
    new_count: int
    heading: bytes
    lines: tuple[DiffLine, ...]

    @property
    def gone(self) -> int:
        """Count the removed lines."""
        return sum(line.kind is LineKind.GONE for line in self.lines)

    @property
    def came(self) -> int:
        """Count the added lines."""
        return sum(line.kind is LineKind.CAME for line in self.lines)

    def header(self) -> bytes:
        """Give the `@@` line with its line feed.

        >>> Hunk(1, 1, 1, 2, b"", ()).header()
        b'@@ -1 +1,2 @@\\n'
        """
        old, new = _span(self.old_start, self.old_count), _span(self.new_start, self.new_count)
        heading = b" " + self.heading if self.heading else b""
        return b"@@ -%b +%b @@%b\n" % (old, new, heading)

    def render(self) -> bytes:
        """Give the hunk as a diff has it."""
        parts = [self.header()]
        for line in self.lines:
            parts.append(line.kind.value + line.text)
            if not line.text.endswith(b"\n"):
                parts.append(b"\n" + _NO_NEWLINE)
        return b"".join(parts)


def _span(start: int, count: int) -> bytes:
    return b"%d" % start if count == 1 else b"%d,%d" % (start, count)


def hunks(before: bytes, after: bytes, path: str = "", context: int = 3) -> tuple[Hunk, ...]:
    """Give the hunks that `git diff -U<context>` shows; `path` decides how headings are found.

    >>> [h.header() for h in hunks(b"a\\nb\\n", b"a\\nc\\n")]
    [b'@@ -1,2 +1,2 @@\\n']
    """
    if before == after:
        return ()
    old, new = split_lines(before), split_lines(after)
    find = finder_for(path)
    found: list[Hunk] = []
    heading, seen = b"", 0
    for group in _grouped(changes(old, new), 2 * context):
        top = max(group[0].old_at - context, 0)
        heading = heading_before(old, top, seen, find) or heading
        seen = top
        found.append(_hunk(old, new, group, context, heading))
    return tuple(found)


def _grouped(found: Sequence[Change], reach: int) -> list[list[Change]]:
    """Join changes with at most `reach` unchanged lines between them."""
    groups: list[list[Change]] = []
    for change in found:
        if groups and change.old_at - groups[-1][-1].old_at - groups[-1][-1].gone <= reach:
            groups[-1].append(change)
        else:
            groups.append([change])
    return groups


def _hunk(old: Lines, new: Lines, group: list[Change], context: int, heading: bytes) -> Hunk:
    first, last = group[0], group[-1]
    lead = min(context, first.old_at)
    i, j = first.old_at - lead, first.new_at - lead
    old_start, new_start = i, j
    lines: list[DiffLine] = []

    def same(until: int) -> None:
        nonlocal i, j
        while i < until:
            i, j = i + 1, j + 1
            lines.append(DiffLine(LineKind.CONTEXT, old[i - 1], i, j))

    for change in group:
        same(change.old_at)
        for _ in range(change.gone):
            i += 1
            lines.append(DiffLine(LineKind.GONE, old[i - 1], i, None))
        for _ in range(change.came):
            j += 1
            lines.append(DiffLine(LineKind.CAME, new[j - 1], None, j))
    same(min(last.old_at + last.gone + context, len(old)))
    return _built(old_start, new_start, heading, tuple(lines))


def _built(old_at: int, new_at: int, heading: bytes, lines: tuple[DiffLine, ...]) -> Hunk:
    """Make a hunk of lines whose first stand at 0-based `old_at` and `new_at`."""
    old_count = sum(line.kind is not LineKind.CAME for line in lines)
    new_count = sum(line.kind is not LineKind.GONE for line in lines)
    return Hunk(
        old_at + (old_count > 0),
        old_count,
        new_at + (new_count > 0),
        new_count,
        heading,
        lines,
    )


def split_hunk(hunk: Hunk) -> tuple[Hunk, ...]:
    """Split a hunk at the unchanged lines between its changes, as `s` in `git add -p` does.

    The context between two changes goes to both.  A hunk with one change comes back alone.
    """
    runs = _changed_runs(hunk.lines)
    if len(runs) < 2:
        return (hunk,)
    firsts = [0, *(end for _, end in runs[:-1])]
    lasts = [*(start for start, _ in runs[1:]), len(hunk.lines)]
    return tuple(_part(hunk, first, last) for first, last in zip(firsts, lasts, strict=True))


def _part(hunk: Hunk, first: int, last: int) -> Hunk:
    """Make a hunk of the lines `[first, last)` of another."""
    before = hunk.lines[:first]
    old_at = _base(hunk.old_start, hunk.old_count)
    new_at = _base(hunk.new_start, hunk.new_count)
    old_at += sum(line.kind is not LineKind.CAME for line in before)
    new_at += sum(line.kind is not LineKind.GONE for line in before)
    return _built(old_at, new_at, hunk.heading, hunk.lines[first:last])


def _base(start: int, count: int) -> int:
    """Give the 0-based line of a hunk's start."""
    return start - 1 if count else start


def _changed_runs(lines: tuple[DiffLine, ...]) -> list[tuple[int, int]]:
    runs: list[tuple[int, int]] = []
    for index, line in enumerate(lines):
        if line.kind is LineKind.CONTEXT:
            continue
        if runs and runs[-1][1] == index:
            runs[-1] = (runs[-1][0], index + 1)
        else:
            runs.append((index, index + 1))
    return runs


def apply_hunks(before: bytes, chosen: Iterable[Hunk]) -> bytes:
    """Give the bytes that a choice of hunks makes of the file they were found in.

    >>> text = b"a\\nb\\n"
    >>> apply_hunks(text, hunks(text, b"a\\nc\\n"))
    b'a\\nc\\n'

    Raises `HunkMismatch` where the file does not have a hunk's lines, or two hunks change the
    same ones.
    """
    old = split_lines(before)
    out: list[bytes] = []
    at = 0
    for hunk in sorted(chosen, key=lambda h: _base(h.old_start, h.old_count)):
        i = _base(hunk.old_start, hunk.old_count)
        for line in hunk.lines:
            if line.kind is LineKind.CAME:
                out.extend(old[at:i])
                at = max(at, i)
                out.append(line.text)
                continue
            if i >= len(old) or old[i] != line.text:
                raise _mismatch(i)
            if line.kind is LineKind.GONE:
                if i < at:
                    raise _mismatch(i)
                out.extend(old[at:i])
                at = i + 1
            i += 1
    out.extend(old[at:])
    return b"".join(out)


def _mismatch(index: int) -> HunkMismatch:
    return HunkMismatch(
        f"the hunk does not fit line {index + 1}",
        remedy="work the change out again: the file is not the one that it was made for",
        place=f"line {index + 1}",
    )
