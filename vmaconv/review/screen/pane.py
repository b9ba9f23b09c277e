# SPDX-License-Identifier: GPL-2.0-only
"""The passage at the right of the full-screen review: where it is, its lines, why.

In: a passage, what was decided on it, a look.  Out: nothing; it is on the screen.
"""

from __future__ import annotations

from textual.app import ComposeResult
from textual.containers import Vertical, VerticalScroll
from textual.widgets import Static

from vmaconv.cocci.diff.hunk import split_lines
from vmaconv.cocci.text.visible import plain
from vmaconv.review.look.block import blocks, line_offsets
from vmaconv.review.look.widened_hunk import widened
from vmaconv.review.material.decisions import PassageDecision
from vmaconv.review.material.passages import FileReview, Passage
from vmaconv.review.screen.draw import Look, draw_code, draw_why, state_words


class PassagePane(Vertical):
    """Shows one passage."""

    def __init__(self) -> None:
        super().__init__(id="passage")
        self._offsets: dict[tuple[str, str], list[int]] = {}

    def compose(self) -> ComposeResult:
        """Put the place above the lines, and the reasons below them."""
        yield Static(id="where", markup=False)
        with VerticalScroll(id="code"):
            yield Static(id="lines", markup=False)
        with VerticalScroll(id="why"):
            yield Static(id="reasons", markup=False)

    def show(
        self,
        passage: Passage,
        file: FileReview,
        made: PassageDecision,
        *,
        split: bool,
        theme: int,
        needle: str,
        bare: bool,
        context: int = 0,
    ) -> None:
        """Draw a passage from its first line, `context` further lines of the file around it."""
        function = f" {plain(passage.function)}()" if passage.function else ""
        self.query_one("#where", Static).update(
            f"[{state_words(passage, made)}] {plain(passage.path)}:{passage.line}{function}"
        )
        code = self.query_one("#code", VerticalScroll)
        width = max(code.scrollable_content_region.width, 20)
        narrow = made.edited or passage.hunk
        hunk = narrow
        if context:
            hunk = widened(narrow, split_lines(file.change.before), context)
        offset = self._offset(file, hunk.old_start)
        drawn = draw_code(
            blocks(hunk, file.change.before, offset), Look(width, split, theme, needle, bare)
        )
        self.query_one("#lines", Static).update(drawn)
        above = narrow.old_start - hunk.old_start
        if above > 0:
            # Only then is there as much to scroll as was drawn.
            self.call_after_refresh(code.scroll_to, None, above, animate=False)
        else:
            code.scroll_home(animate=False)
        self.query_one("#reasons", Static).update(draw_why(passage, file, made, theme))
        self.query_one("#why", VerticalScroll).scroll_home(animate=False)

    def show_nothing(self) -> None:
        """Say that there is nothing to show."""
        self.query_one("#where", Static).update("Nothing to review.")

    def _offset(self, file: FileReview, line: int) -> int:
        if file.key not in self._offsets:
            self._offsets[file.key] = line_offsets(file.change.before)
        offsets = self._offsets[file.key]
        return offsets[min(max(line - 1, 0), len(offsets) - 1)]
