"""What spatch prints of a changed file.

In: old and new text. Out: the diff as `diff -u -p` has it, under the header that spatch gives it.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from vmaconv.series.hunk import hunks


def without_lines(text: bytes, starred: Sequence[Sequence[tuple[int, int]]]) -> bytes:
    """Return `text` less each line that holds a starred byte: spatch shows matches as deletions."""
    drop: set[int] = set()
    starts = _line_starts(text)
    for ranges in starred:
        for start, end in ranges:
            drop.update(
                n for n in range(_line(starts, start), _line(starts, max(end - 1, start)) + 1)
            )
    lines = text.splitlines(keepends=True)
    return b"".join(line for number, line in enumerate(lines) if number not in drop)


def _line_starts(text: bytes) -> list[int]:
    starts = [0]
    at = text.find(b"\n")
    while at >= 0:
        starts.append(at + 1)
        at = text.find(b"\n", at + 1)
    return starts


def _line(starts: Sequence[int], offset: int) -> int:
    from bisect import bisect_right

    return bisect_right(starts, offset) - 1


def diff(
    path: Path, before: bytes, after: bytes, context: int, patch: str | None, folder: Path | None
) -> bytes:
    """Return the diff of one file; `patch` is the argument of --patch, `folder` that of --dir."""
    parts = hunks(before, after, "", context)
    if not parts:
        return b""
    body = b"".join(part.render() for part in parts)
    prefix = patch if patch is not None else (str(folder) if folder is not None else None)
    if prefix is None:
        name = f"/tmp/cocci-output-{os.getpid()}-{path.name}"
        return f"--- {path}\n+++ {name}\n".encode() + body
    shown = str(path)
    if prefix not in ("", "."):
        shown = shown.removeprefix(prefix.rstrip("/") + "/")
    shown = shown.removeprefix("./")
    head = f"diff -u -p a/{shown} b/{shown}\n--- a/{shown}\n+++ b/{shown}\n"
    return head.encode() + body
