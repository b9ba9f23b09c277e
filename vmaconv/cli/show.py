# SPDX-License-Identifier: GPL-2.0-only
"""Diffs on stdout: for reading on a terminal, for "git apply" through a pipe."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TYPE_CHECKING

from vmaconv.cocci.text.visible import shown

if TYPE_CHECKING:
    from vmaconv.series.git.file_diff import FileDiff


def print_diffs(diffs: Sequence[FileDiff], color: str) -> None:
    """Print diffs; `color` is `auto` (as the terminal is), `always` or `never`."""
    if color == "always" or (color == "auto" and sys.stdout.isatty()):
        from vmaconv.review.prompt.terminal import show_diffs

        show_diffs(diffs, force=color == "always")
        return
    for diff in diffs:
        text = diff.render()
        sys.stdout.buffer.write(shown(text) if sys.stdout.isatty() else text)
    sys.stdout.buffer.flush()
