# SPDX-License-Identifier: GPL-2.0-only
"""Hunks: the pieces of a diff, to print, to choose from, and to apply.

In: a file's bytes before and after, or its diff by git.  Out: `Hunk`s with their lines and
positions, and the bytes that a choice of them makes.  Line numbers are 1-based, as in a diff; lines
keep their ends.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from enum import Enum
from io import BytesIO

from msgspec import Struct
from msgspec.structs import replace

from vmaconv.cocci.diff.git_diff import Sides, git_diffs
from vmaconv.cocci.diff.output_error import HunkMismatch
from vmaconv.cocci.text.late_regex import late_regex

_NO_NEWLINE = b"\\ No newline at end of file\n"
_HEAD = late_regex(rb"@@ -(\d+)(?:,(\d+))? \+(\d+)(?:,(\d+))? @@(?: (.*))?\n", re.DOTALL)


def split_lines(text: bytes) -> list[bytes]:
    """Return the lines of a text with their ends; only a line feed ends one.

    >>> split_lines(b"a\\r\\nb")
    [b'a\\r\\n', b'b']
    """
    return BytesIO(text).readlines()


class LineKind(Enum):
    """What a line of a hunk does; the value is its first byte in a diff."""

    CONTEXT = b" "
    GONE = b"-"
    CAME = b"+"


_KINDS = {kind.value: kind for kind in LineKind}


class DiffLine(Struct, frozen=True):
    """A line of a hunk: its text with its end, and its number in the file(s) that have it."""

    kind: LineKind
    text: bytes
    old_number: int | None
    new_number: int | None


class Hunk(Struct, frozen=True):
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


def hunks(before: bytes, after: bytes, path: str = "x", context: int = 3) -> tuple[Hunk, ...]:
    """Return the hunks that `git diff -U<context>` shows; `path` decides how headings are found.

    >>> [h.header() for h in hunks(b"a\\nb\\n", b"a\\nc\\n")]
    [b'@@ -1,2 +1,2 @@\\n']
    """
    (text,) = git_diffs([Sides(path, before, after)], context)
    return read_hunks(text)[1]


def read_hunks(diff: bytes) -> tuple[bytes, tuple[Hunk, ...]]:
    """Return the header of one file's diff, and its hunks."""
    lines = split_lines(diff)
    starts = [n for n, line in enumerate(lines) if line.startswith(b"@@ ")]
    if not starts:
        return diff, ()
    ends = [*starts[1:], len(lines)]
    made = (_read(lines[start:end]) for start, end in zip(starts, ends, strict=True))
    return b"".join(lines[: starts[0]]), tuple(made)


def _read(lines: Sequence[bytes]) -> Hunk:
    head = _HEAD.fullmatch(lines[0])
    assert head is not None, lines[0]
    old_count, new_count = (1 if head[n] is None else int(head[n]) for n in (2, 4))
    old_at, new_at = _base(int(head[1]), old_count), _base(int(head[3]), new_count)
    read: list[DiffLine] = []
    i, j = old_at, new_at
    for line in lines[1:]:
        kind = _KINDS.get(line[:1])
        if kind is None:
            # "\ No newline at end of file" is about the line above.
            last = read[-1]
            read[-1] = replace(last, text=last.text.removesuffix(b"\n"))
            continue
        i, j = i + (kind is not LineKind.CAME), j + (kind is not LineKind.GONE)
        old_number = None if kind is LineKind.CAME else i
        new_number = None if kind is LineKind.GONE else j
        read.append(DiffLine(kind, line[1:], old_number, new_number))
    return _built(old_at, new_at, head[5] or b"", tuple(read))


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
