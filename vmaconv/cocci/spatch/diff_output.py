# SPDX-License-Identifier: GPL-2.0-only
"""The diff of a changed file, as spatch prints it.

In: old and new text. Out: the diff as `diff -u -p` has it, under the header that spatch gives it.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

from msgspec.structs import replace

from vmaconv.cocci.diff.hunk import hunks


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
    path: str,
    before: bytes,
    after: bytes,
    context: int,
    patch: str | None,
    folder: str | None,
    starred: bool = False,
) -> bytes:
    """Return the diff of one file; `patch` is the argument of --patch, `folder` that of --dir.

    With `starred`, what is gone was only matched, and no patch is meant: below a folder, spatch
    names the new side `/tmp/nothing/...` then.
    """
    parts = hunks(before, after, "x", context)
    if not parts:
        return b""
    # GNU diff shows less of the line above than git.
    parts = tuple(replace(part, heading=part.heading[:40].rstrip()) for part in parts)
    body = b"".join(part.render() for part in parts)
    prefix = patch if patch is not None else folder
    if prefix is None:
        name = f"/tmp/cocci-output-{os.getpid()}-{Path(path).name}"
        return f"--- {path}\n+++ {name}\n".encode(errors="surrogateescape") + body
    shown = _below(path, prefix)
    old, new = (path, f"/tmp/nothing/{shown}") if starred else (f"a/{shown}", f"b/{shown}")
    head = f"diff -u -p {old} {new}\n--- {old}\n+++ {new}\n"
    return head.encode(errors="surrogateescape") + body


def _below(path: str, folder: str) -> str:
    """Return a path as seen from a folder; one that lies elsewhere is shown whole.

    >>> _below("mm/slub.c", "mm/")
    'slub.c'
    """
    inside, outside = os.path.abspath(path), os.path.abspath(folder)  # noqa: PTH100
    return inside.removeprefix(outside if outside == "/" else outside + "/").removeprefix("/")
