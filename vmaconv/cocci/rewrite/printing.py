# SPDX-License-Identifier: GPL-2.0-only
"""The two ways to print: as a maintainer would write it, or as spatch prints it.

In: which one. Out: a `Printing`: what makes edits of matches, settles them, and breaks lines.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct

from vmaconv.cocci.rewrite.edit import Edit
from vmaconv.cocci.rewrite.kernel_style.generate import Generator
from vmaconv.cocci.rewrite.kernel_style.kept_lines import without_kept_lines
from vmaconv.cocci.rewrite.lines.layout import wrap
from vmaconv.cocci.smpl.rule import CodeRule


class Printing(Struct, frozen=True):
    """A way to print.

    `generator` makes the edits of a rule's matches in a text. `settle` is given a text and all
    edits of a rule, and returns them with the blanks and lines that go along; it may raise
    `Overlap`. `lay_out` is given a text and what was written in it, and returns edits that break
    lines.
    """

    generator: Callable[[CodeRule, bytes], Generator]
    settle: Callable[[bytes, Sequence[Edit]], list[Edit]]
    lay_out: Callable[[bytes, Iterable[tuple[int, int]]], list[Edit]]


def printing(tidy: bool, as_written: bool = False, keep_comments: bool = False) -> Printing:
    """Return the kernel's style for `tidy`, else spatch's; the others are spatch's options."""
    if tidy:
        return Printing(Generator, without_kept_lines, wrap)
    # A conversion in kernel style does without these: they are loaded where they are used.
    from vmaconv.cocci.rewrite.spatch_style.folding import fold
    from vmaconv.cocci.rewrite.spatch_style.removal import settled
    from vmaconv.cocci.rewrite.spatch_style.spatch_edits import SpatchGenerator

    def generator(rule: CodeRule, text: bytes) -> Generator:
        return SpatchGenerator(rule, text, as_written)

    def settle(text: bytes, edits: Sequence[Edit]) -> list[Edit]:
        return settled(text, edits, keep_comments)

    return Printing(generator, settle, fold)
