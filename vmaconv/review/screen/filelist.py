# SPDX-License-Identifier: GPL-2.0-only
"""The list of files at the left of the full-screen review.

In: files, how far each is.  Out: the file that a person chooses.  A file stands under the group
that it must land with, or else under its subsystem.
"""

from __future__ import annotations

from collections.abc import Iterable

from rich.text import Text
from textual.widgets import OptionList
from textual.widgets.option_list import Option

from vmaconv.cocci.text.visible import plain
from vmaconv.review.material.decisions import Decisions
from vmaconv.review.material.passages import FileReview
from vmaconv.review.screen.browse import grouped

WIDTH = 26


class FileList(OptionList):
    """Files under their groups, each with a mark that needs no colour."""

    def __init__(self, decisions: Decisions) -> None:
        super().__init__(id="files", markup=False)
        self._decisions = decisions
        self._shown: dict[tuple[str, str], tuple[int, FileReview]] = {}

    def fill(self, files: Iterable[FileReview]) -> None:
        """List these files and no others."""
        options: list[Option] = []
        self._shown = {}
        for name, members in grouped(files).items():
            heading = Text(_cut(plain(name), WIDTH - 2), "bold", no_wrap=True)
            options.append(Option(heading, disabled=True))
            for file in members:
                self._shown[file.key] = (len(options), file)
                options.append(Option(self._line(file), id=str(len(options))))
        self.clear_options()
        self.add_options(options)

    def bring_up_to_date(self, files: Iterable[FileReview]) -> None:
        """Bring the lines of files up to date."""
        for file in files:
            if file.key in self._shown:
                self.replace_option_prompt_at_index(self._shown[file.key][0], self._line(file))

    def point_at(self, file: FileReview) -> None:
        """Put the bar onto a file, without choosing it."""
        found = self._shown.get(file.key)
        if found is not None and self.highlighted != found[0]:
            with self.prevent(OptionList.OptionHighlighted):
                self.highlighted = found[0]

    def chosen(self, option: Option) -> FileReview | None:
        """Return the file that an option stands for."""
        return next((f for at, f in self._shown.values() if str(at) == option.id), None)

    def _line(self, file: FileReview) -> Text:
        """Say how far a file is: all accepted (+), all skipped (-), some of each (~), open."""
        progress = self._decisions.progress(file.passages)
        mark, count = " ", "left"
        if progress.hunks:
            count = f"{progress.hunks - progress.open}/{progress.hunks}"
            if not progress.open:
                mark = {progress.hunks: "+", 0: "-"}.get(progress.accepted, "~")
        start = f"{mark}{count:>4} "
        name = _tail(plain(file.path), WIDTH - 2 - len(start))
        return Text(start + name, no_wrap=True)


def _cut(text: str, width: int) -> str:
    return text if len(text) <= width else text[: width - 1] + "\N{HORIZONTAL ELLIPSIS}"


def _tail(path: str, width: int) -> str:
    """Return the end of a path that fits."""
    return path if len(path) <= width else "\N{HORIZONTAL ELLIPSIS}" + path[1 - width :]
