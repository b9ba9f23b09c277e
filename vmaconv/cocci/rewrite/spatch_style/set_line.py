# SPDX-License-Identifier: GPL-2.0-only
"""A line of plus code as it is printed.

In: nothing. Out: `SetLine`, which `setting` and `as_written` make.
"""

from __future__ import annotations

from msgspec import Struct

from vmaconv.cocci.smpl.rule import PlusLine


class SetLine(Struct, frozen=True):
    """A line, and how many steps deeper than the first it stands; it may be less than none."""

    depth: int
    line: PlusLine
    ends: bool
    """Whether the line ends with the end of a statement, of a block, or the start of one."""
    raw: bool = False
    """Whether it goes on a comment, and keeps its own blanks."""
    extra: int = 0
    """How many columns more it stands in, to be aligned with the line before."""

    @property
    def is_directive(self) -> bool:
        """Whether it is a preprocessor line, which stands in the first column."""
        tokens = self.line.tokens
        return bool(tokens) and tokens[0].kind == "directive"
