# SPDX-License-Identifier: GPL-2.0-only
"""A hunk in an editor, and back.

In: a `Hunk`.  Out: the text that a person edits, and the `Hunk` that they made of it.  Whatever
bytes the lines hold go through unchanged.
"""

from __future__ import annotations

import os
import shlex
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

from vmaconv.cocci.diff.hunk import DiffLine, Hunk, LineKind, split_lines
from vmaconv.cocci.text.visible import plain
from vmaconv.cocci.tree.syntax_check import new_error

_HELP = b"""\
# %b
# Lines that begin with '-' go, lines that begin with '+' come, the others stay.
# To keep a line that goes, turn its '-' into ' '; to leave out one that comes, delete it.
# Lines that begin with '#' are dropped. Delete everything to give up.
"""
_KINDS = {kind.value: kind for kind in LineKind}


class BadEdit(Exception):
    """What was edited does not fit the file any more; the message says where, for a person."""


class NoEditor(Exception):
    """The editor could not be run, or did not end well."""


def editable(hunk: Hunk, title: str) -> bytes:
    """Write a hunk for an editor, with a word on how to change it."""
    return _HELP % title.encode("utf-8", "surrogateescape") + hunk.render()


def parse_edited(text: bytes, original: Hunk) -> Hunk | None:
    """Read what a person made of a hunk; None where they gave up.

    Raises `BadEdit` where the lines that stay and go are not the file's own.
    """
    lines = list(_lines(text))
    if not lines:
        return None
    old = [line.text for line in original.lines if line.kind is not LineKind.CAME]
    kept = [line for kind, line in lines if kind is not LineKind.CAME]
    for number, wanted in enumerate(old):
        found = kept[number] if number < len(kept) else None
        if found != wanted:
            raise BadEdit(_mismatch(original.old_start + number, wanted, found))
    if len(kept) > len(old):
        raise BadEdit(f"a line that the file does not have there: {_shown(kept[len(old)])}")
    return _numbered(lines, original)


def _mismatch(line: int, wanted: bytes, found: bytes | None) -> str:
    there = f"found {_shown(found)}" if found is not None else "found the end"
    return (
        f"line {line} of the file is {_shown(wanted)}, {there}; "
        "a line of the file can stay (' ') or go ('-'), not be missing or different"
    )


def _shown(line: bytes) -> str:
    return f'"{plain(line.strip())}"'


def _lines(text: bytes) -> Iterator[tuple[LineKind, bytes]]:
    """Return the lines of a hunk in a text; an editor may have taken the blank of an empty one."""
    waiting: tuple[LineKind, bytes] | None = None
    for raw in split_lines(text):
        line = raw if raw.endswith(b"\n") else raw + b"\n"
        mark, rest = line[:1], line[1:]
        if mark == b"\\":
            if waiting is not None:
                waiting = (waiting[0], waiting[1].removesuffix(b"\n"))
            continue
        if mark == b"#" or line.startswith(b"@@"):
            continue
        if waiting is not None:
            yield waiting
        if line in (b"\n", b"\r\n"):
            waiting = (LineKind.CONTEXT, line)
        elif mark in _KINDS:
            waiting = (_KINDS[mark], rest)
        else:
            raise BadEdit(f"a line begins with neither ' ', '-' nor '+': {_shown(line)}")
    if waiting is not None:
        yield waiting


def _numbered(lines: list[tuple[LineKind, bytes]], original: Hunk) -> Hunk:
    old = original.old_start if original.old_count else original.old_start + 1
    new = original.new_start if original.new_count else original.new_start + 1
    made: list[DiffLine] = []
    old_count = new_count = 0
    for kind, text in lines:
        in_old, in_new = kind is not LineKind.CAME, kind is not LineKind.GONE
        made.append(
            DiffLine(
                kind, text, old + old_count if in_old else None, new + new_count if in_new else None
            )
        )
        old_count += in_old
        new_count += in_new
    return Hunk(
        old if old_count else old - 1,
        old_count,
        new if new_count else new - 1,
        new_count,
        original.heading,
        tuple(made),
    )


def syntax_fault(path: str, before: bytes, after: bytes) -> str:
    """Return words on a syntax error that a C file did not have before; nothing where there is none."""
    if not path.endswith((".c", ".h")):
        return ""
    error = new_error(path, before, after)
    return f"{plain(path)} does not parse in line {error.line}" if error is not None else ""


def run_editor(text: bytes) -> bytes:
    """Let a person edit a text in $VISUAL, $EDITOR or vi, and give what they saved.

    Raises `NoEditor` where it cannot be run or ends with an error: nothing was edited then.
    """
    wanted = os.environ.get("VISUAL") or os.environ.get("EDITOR") or "vi"
    with tempfile.TemporaryDirectory(prefix="vmaconv-edit-") as folder:
        path = Path(folder) / "hunk.diff"
        path.write_bytes(text)
        try:
            command = [*shlex.split(wanted), str(path)]
            # Standard output may be the file that the diff goes to; the editor wants the terminal.
            done = subprocess.run(command, check=False, stdout=None if os.isatty(1) else 2)
        except (OSError, ValueError) as error:
            raise NoEditor(f"{wanted} cannot be run: {error}; set EDITOR") from None
        if done.returncode:
            raise NoEditor(f"{wanted} ended with exit code {done.returncode}; nothing was edited")
        return path.read_bytes()
