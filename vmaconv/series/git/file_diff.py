# SPDX-License-Identifier: GPL-2.0-only
"""The diff of one file, byte for byte as `git diff` prints it.

In: `FileChange`s, which git compares.  Out: bytes that `git apply` takes; a `FileDiff` for those who
want the parts. Whatever bytes the file holds go through unchanged: CRLF, Latin-1, a missing final newline.
"""

from __future__ import annotations

import os
from collections.abc import Iterable

from msgspec import Struct

from vmaconv.cocci.diff.git_diff import Sides, git_diffs
from vmaconv.cocci.diff.hunk import Hunk, read_hunks
from vmaconv.series.change import FileChange
from vmaconv.series.series_error import BinaryChange

#: As many digits as the kernel's objects need, and its documentation asks for.
ABBREV = 12
#: git looks this far for a NUL before it calls a file text.
_BINARY_SCAN = 8000


class FileDiff(Struct, frozen=True):
    """A file's hunks under its header; `render()` gives the diff."""

    path: str
    header: bytes
    hunks: tuple[Hunk, ...]

    @property
    def gone(self) -> int:
        """Count the removed lines."""
        return sum(hunk.gone for hunk in self.hunks)

    @property
    def came(self) -> int:
        """Count the added lines."""
        return sum(hunk.came for hunk in self.hunks)

    def render(self) -> bytes:
        """Return the diff's bytes; nothing for a file without hunks."""
        if not self.hunks:
            return b""
        return self.header + b"".join(hunk.render() for hunk in self.hunks)


def file_diffs(
    changes: Iterable[FileChange], context: int = 3, abbrev: int = ABBREV
) -> list[FileDiff]:
    """Have git work out the diffs of several files at once, in the order of `changes`.

    Raises `BinaryChange` where a file holds a NUL near its start, as git judges it, and
    `OutputError` where git cannot be run.
    """
    sides = [Sides(c.path, c.before, c.after, c.mode) for c in changes]
    for side in sides:
        if any(b"\0" in data[:_BINARY_SCAN] for data in (side.before, side.after)):
            raise BinaryChange(f"{side.path} is binary: it holds a NUL byte", place=side.path)
    texts = git_diffs(sides, context, abbrev)
    read = (read_hunks(text) for text in texts)
    return [FileDiff(side.path, *parts) for side, parts in zip(sides, read, strict=True)]


def file_diff(change: FileChange, context: int = 3, abbrev: int = ABBREV) -> FileDiff:
    """Work out a file's diff. Raises what `file_diffs` does."""
    (found,) = file_diffs([change], context, abbrev)
    return found


def unified_diff(change: FileChange, context: int = 3, abbrev: int = ABBREV) -> bytes:
    """Return a file's diff as `git diff -U<context> --abbrev=<abbrev>` prints it.

    >>> print(unified_diff(FileChange("a.c", b"x\\n", b"y\\n")).decode(), end="")
    diff --git a/a.c b/a.c
    index 587be6b4c3f9..975fbec8256d 100644
    --- a/a.c
    +++ b/a.c
    @@ -1 +1 @@
    -x
    +y
    """
    return file_diff(change, context, abbrev).render()


def unified_diffs(changes: Iterable[FileChange], context: int = 3, abbrev: int = ABBREV) -> bytes:
    """Return the diffs of several files in git's order, which is that of their paths' bytes."""
    ordered = sorted(changes, key=lambda change: os.fsencode(change.path))
    return b"".join(diff.render() for diff in file_diffs(ordered, context, abbrev))
