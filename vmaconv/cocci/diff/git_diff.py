# SPDX-License-Identifier: GPL-2.0-only
"""Diffs, as `git diff --no-index` makes them of two folders.

In: files before and after.  Out: for each its diff's bytes: header, hunks, headings.  One git does
them all, apart from any repository, and neither the tree's settings nor the person's change what it
prints.  Whatever bytes a file holds go through: CRLF, Latin-1, a missing final newline.

The kernel's .gitattributes sets `diff=cpp` for C, which is how headings are found; other files get
git's default.
"""

from __future__ import annotations

import os
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from vmaconv.cocci.diff.output_error import OutputError
from vmaconv.cocci.text.git_command import apart_environment, finish_git

_ATTRIBUTES = b"*.c diff=cpp\n*.h diff=cpp\n"
_REGULAR = 0o100644
_TIMEOUT = 300.0
_MEMORY = "/dev/shm"
_MOST_IN_MEMORY = 32 << 20
"""Bytes."""


class Sides(Struct, frozen=True):
    """A file before and after; `path` is as the diff names it, with `/` between its parts."""

    path: str
    before: bytes
    after: bytes
    mode: int = _REGULAR


def git_diffs(files: Sequence[Sides], context: int = 3, abbrev: int = 12) -> list[bytes]:
    """Return each file's diff, in the order of `files`; nothing for one that does not change.

    A path must not be among the files twice. Raises `OutputError` where git cannot be run.

    >>> git_diffs([Sides("a.c", b"x\\n", b"y\\n")])[0].splitlines()[-2:]
    [b'-x', b'+y']
    """
    changed = [file for file in files if file.before != file.after]
    if not changed:
        return [b"" for _ in files]
    with tempfile.TemporaryDirectory(prefix="vmaconv-diff-", dir=_in_memory(changed)) as name:
        out = _run(Path(name), changed, context, abbrev)
    ordered = sorted(changed, key=lambda file: os.fsencode(file.path))
    parts = _parts(out)
    if len(parts) != len(ordered):
        raise OutputError(f"git made {len(parts)} diffs of {len(ordered)} files")
    found = {file.path: part for file, part in zip(ordered, parts, strict=True)}
    return [found.get(file.path, b"") if file.before != file.after else b"" for file in files]


def _in_memory(files: Sequence[Sides]) -> str | None:
    """Return a folder that is kept in memory, where there is one and the files are not large.

    On a disk it takes longer to make, and to remove, hundreds of folders than to find the diffs.
    None stands for the usual place; a person who names one (`TMPDIR`) gets it.
    """
    size = sum(len(file.before) + len(file.after) for file in files)
    asked = any(os.environ.get(name) for name in ("TMPDIR", "TEMP", "TMP"))
    if asked or size > _MOST_IN_MEMORY or not os.access(_MEMORY, os.W_OK | os.X_OK):
        return None
    return _MEMORY


def _run(folder: Path, files: Sequence[Sides], context: int, abbrev: int) -> bytes:
    attributes = folder / "attributes"
    attributes.write_bytes(_ATTRIBUTES)
    for file in files:
        for side, data in (("a", file.before), ("b", file.after)):
            path = folder / side / file.path
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(data)
            path.chmod(file.mode & 0o777)
    words = [
        *("-c", f"core.attributesFile={attributes}", "diff", "--no-index", "--no-prefix"),
        *("--no-color", "--no-ext-diff", "--no-textconv", "--text"),
        *(f"--abbrev={abbrev}", f"-U{context}", "a", "b"),
    ]
    try:
        done = finish_git(folder, *words, env=apart_environment(), timeout=_TIMEOUT)
    except (OSError, subprocess.TimeoutExpired) as error:
        remedy = "install git, or put it on PATH"
        raise OutputError(f"git cannot make a diff: {error}", remedy=remedy) from None
    if done.returncode not in (0, 1) or done.stderr:
        words_of = done.stderr.decode("utf-8", "replace").strip()
        raise OutputError(f"git cannot make a diff: {words_of or done.returncode}")
    return done.stdout


def _parts(out: bytes) -> list[bytes]:
    """Cut git's output where a file's diff begins: no line of a hunk begins like that."""
    starts = [0] if out.startswith(b"diff --git ") else []
    at = out.find(b"\ndiff --git ")
    while at >= 0:
        starts.append(at + 1)
        at = out.find(b"\ndiff --git ", at + 1)
    ends = [*starts[1:], len(out)]
    return [out[start:end] for start, end in zip(starts, ends, strict=True)]
