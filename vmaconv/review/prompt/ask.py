# SPDX-License-Identifier: GPL-2.0-only
"""Choosing hunks on a terminal: what `choose` shows and asks, on standard error.

In: diffs.  Out: the accepted hunks.  Standard output stays free for the diff that comes of it.
"""

from __future__ import annotations

import sys
from collections.abc import Mapping, Sequence
from typing import TextIO

from msgspec import Struct

from vmaconv.cocci.diff.hunk import Hunk, apply_hunks
from vmaconv.cocci.text.visible import plain
from vmaconv.review.material.hunk_editor import run_editor, syntax_fault
from vmaconv.review.prompt.choose import Accepted, Editor, choose
from vmaconv.review.prompt.terminal import hunk_lines, wants_colour
from vmaconv.series.git.file_diff import FileDiff


class Terminal(Struct, frozen=True):
    """Asks on one stream and reads from another."""

    lines: TextIO
    screen: TextIO
    coloured: bool

    def __call__(self, prompt: str, /) -> str | None:
        """Ask for a line."""
        self._write(f"\x1b[1;34m{prompt}\x1b[m" if self.coloured else prompt)
        line = self.lines.readline()
        if not line:
            self._write("\n")
            return None
        return line.rstrip("\n")

    def file(self, diff: FileDiff, /) -> None:
        """Show a file's path."""
        path = plain(diff.path)
        self.say(f"\x1b[1m{path}\x1b[m" if self.coloured else path)

    def hunk(self, hunk: Hunk, /) -> None:
        """Show a hunk as `vmaconv diff` does."""
        for line in hunk_lines(hunk, self.coloured):
            self.say(line)

    def say(self, text: str, /) -> None:
        """Show a line."""
        self._write(text + "\n")

    def _write(self, text: str) -> None:
        encoding = self.screen.encoding or "ascii"
        self.screen.write(text.encode(encoding, "backslashreplace").decode(encoding))
        self.screen.flush()


def choose_in_terminal(
    diffs: Sequence[FileDiff],
    befores: Mapping[str, bytes],
    coloured: bool | None = None,
    edit: Editor = run_editor,
) -> Accepted:
    """Ask on the terminal about each hunk; `befores` are the files that they are for.

    Raises KeyboardInterrupt on Ctrl-C: nothing is accepted then.
    """
    screen = terminal(coloured)

    def fault(path: str, hunk: Hunk) -> str:
        return syntax_fault(path, befores[path], apply_hunks(befores[path], [hunk]))

    return choose(diffs, screen, screen, edit, fault)


def terminal(coloured: bool | None = None) -> Terminal:
    """Return what asks on standard error; in colours where the terminal has them, or as told."""
    wanted = wants_colour(sys.stderr) if coloured is None else coloured
    return Terminal(sys.stdin, sys.stderr, wanted)
