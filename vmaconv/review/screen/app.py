# SPDX-License-Identifier: GPL-2.0-only
"""The full-screen review.

In: material, what is remembered of an earlier time, an outlet for what is accepted.  Out:
decisions, written down after each of them.  Where to go and what to show is for `browse` and
`draw`; this binds keys to them.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import ClassVar

from msgspec.structs import replace
from textual import on, work
from textual.app import App, ComposeResult
from textual.binding import BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.events import Resize
from textual.notifications import SeverityLevel
from textual.screen import Screen
from textual.widgets import OptionList, Static

from vmaconv.cocci.text.visible import plain
from vmaconv.counting import counted
from vmaconv.review.material.decisions import Decisions, PassageState
from vmaconv.review.material.hunk_editor import run_editor
from vmaconv.review.material.memory import Remembered, recall, remember
from vmaconv.review.material.outlet import Outlet
from vmaconv.review.material.passages import FileReview, Material, Passage
from vmaconv.review.screen.browse import Filter, View
from vmaconv.review.screen.dialogs import ChoiceDialog, LineDialog, TextDialog
from vmaconv.review.screen.editing import edit_hunk
from vmaconv.review.screen.filelist import FileList
from vmaconv.review.screen.keys import HELP, KEYS, KEYS_LINE
from vmaconv.review.screen.pane import PassagePane
from vmaconv.review.screen.said import Said
from vmaconv.review.screen.theme import THEMES, theme
from vmaconv.review.screen.writing import write_accepted

#: Below this a hunk cannot be read.
LEAST_WIDTH, LEAST_HEIGHT = 60, 16
#: From this width on there is room for two sides beside the list.
_WIDE = 180
#: Below this two sides cannot be read: each would have less than 55 columns of code.
LEAST_SPLIT = 120
#: Lines of context that one key adds or takes away.
_MORE = 10
#: Below this the list of files is put away while nobody uses it: code has 80 columns.
_NARROW = 110


class ReviewApp(App[None]):
    """Looks at each passage and decides on it."""

    TITLE = "vmaconv review"
    ENABLE_COMMAND_PALETTE = False
    CSS_PATH = "review.tcss"
    BINDINGS: ClassVar[list[BindingType]] = [*KEYS]

    def __init__(
        self,
        material: Material,
        outlet: Outlet,
        memory: Path | None,
        edit: Callable[[bytes], bytes] = run_editor,
    ) -> None:
        """`memory` is the file that the review is remembered in; None for one that is not."""
        self._bare = bool(os.environ.get("NO_COLOR"))
        # Then no colour is sent at all: the terminal's own stay.
        super().__init__(ansi_color=True if self._bare else None)
        self._material = material
        self._outlet = outlet
        self._memory = memory
        self._edit = edit
        self._past = recall(memory, material) if memory is not None else Remembered()
        self.decisions = Decisions(material, self._past.decisions)
        self.view = View(material, self.decisions)
        self._split: bool | None = None
        self._warned = False
        self._around = 0
        for number in range(len(THEMES)):
            self.register_theme(theme(number))
        self._restore()

    def _restore(self) -> None:
        """Go where the last review was left, and show as it did."""
        keys = [passage.key for passage in self._material.passages]
        if self._past.at in keys:
            self.view.at = keys.index(self._past.at)
        layout = self._past.view.get("layout", "")
        self._split = {"split": True, "unified": False}.get(layout)

    # --- Putting it on the screen

    def compose(self) -> ComposeResult:
        """Lay out the parts."""
        yield Static(id="small", markup=False)
        with Vertical(id="all"):
            yield Static(id="bar", markup=False)
            with Horizontal():
                yield FileList(self.decisions)
                yield PassagePane()
            yield Said()
            yield Static(KEYS_LINE, id="keys", markup=False)

    def on_mount(self) -> None:
        """Show the list and the first passage."""
        self.theme = THEMES[self._past.view.get("theme") != "light"]
        self._main.set_class(self._past.view.get("list") == "off", "nolist")
        self._list_files()
        here = self.view.here
        if here is not None and not self.view.is_open(here.index):
            self.view.next_open()
        self.query_one("#code").focus()
        self._show()
        if self._past.trouble:
            self.notify(self._past.trouble, severity="warning", timeout=10)
        if self._past.stale:
            words = counted(self._past.stale, "earlier decision")
            self.notify(f"{words} fit no hunk any more: it is asked again")

    def on_resize(self, event: Resize) -> None:
        """Draw for the new size, or say that it is too small."""
        width, height = event.size
        self._main.set_class(width < LEAST_WIDTH or height < LEAST_HEIGHT, "small")
        self._main.set_class(width < _NARROW, "narrow")
        self._main.query_one("#small", Static).update(
            f"The terminal is {width} x {height}; the review needs {LEAST_WIDTH} x {LEAST_HEIGHT}."
            "\n\nMake it larger, or press q and use: vmaconv diff --interactive"
        )
        self.call_after_refresh(self._show)

    @property
    def _main(self) -> Screen[object]:
        """Return the screen below all dialogs."""
        return self.screen_stack[0]

    @property
    def _files(self) -> FileList:
        return self._main.query_one(FileList)

    @property
    def _code(self) -> VerticalScroll:
        return self._main.query_one("#code", VerticalScroll)

    @property
    def _theme_number(self) -> int:
        return 0 if self.theme == THEMES[0] else 1

    def _two_sides(self) -> bool:
        if self.size.width < LEAST_SPLIT:
            return False
        return self.size.width >= _WIDE if self._split is None else self._split

    def _show(self) -> None:
        """Draw the passage that is looked at."""
        self._main.query_one("#bar", Static).update(self._bar())
        pane = self._main.query_one(PassagePane)
        passage = self.view.here
        if passage is None:
            pane.show_nothing()
            return
        file = self.view.file_of(passage.index)
        pane.show(
            passage,
            file,
            self.decisions[passage.index],
            split=self._two_sides(),
            theme=self._theme_number,
            needle=self.view.needle,
            bare=self._bare,
            context=self._around,
        )
        self._files.point_at(file)

    def _bar(self) -> str:
        progress = self.decisions.progress()
        parts = [
            f"{self.view.number}/{len(self._material.passages)}",
            f"{progress.hunks - progress.open} of {counted(progress.hunks, 'hunk')} decided",
            f"{progress.accepted} accepted, {progress.skipped} skipped, {progress.open} open",
        ]
        if str(self.view.filter):
            parts.append(f"only {self.view.filter} ({len(self.view.visible())})")
        return " \N{MIDDLE DOT} ".join(parts)

    def _list_files(self) -> None:
        """List the files that have something in view."""
        visible = {self.view.file_of(index).key for index in self.view.visible()}
        self._files.fill(file for file in self._material.files if file.key in visible)

    @on(OptionList.OptionSelected, "#files")
    def _file_chosen(self, event: OptionList.OptionSelected) -> None:
        event.stop()
        file = self._files.chosen(event.option)
        shown = [p.index for p in file.passages if self.view.fits(p.index)] if file else []
        if shown:
            self.view.go_to(shown[0])
        self._main.remove_class("drawer")
        self._code.focus()
        self.call_after_refresh(self._show)

    def _say(self, words: str) -> None:
        self.notify(words, timeout=4)

    def notify(
        self,
        message: str,
        *,
        title: str = "",
        severity: SeverityLevel = "information",
        timeout: float | None = None,
        markup: bool = False,
    ) -> None:
        """Say something in a row of its own: nothing is covered by it, as a toast would."""
        del markup  # Words are shown as they are.
        said = self._main.query_one(Said)
        said.set_class(severity == "error", "error")
        said.add(f"{title}: {message}" if title else message, timeout)

    # --- Moving

    def _moved(self, moved: bool, otherwise: str) -> None:
        if not moved:
            self._say(otherwise)
        self._show()

    def action_move(self, step: int) -> None:
        """Go to the next or the previous passage."""
        self._moved(self.view.move(step), "no more places this way")

    def action_move_file(self, step: int) -> None:
        """Go to the next or the previous file."""
        self._moved(self.view.move_file(step), "no more files this way")

    def action_next_open(self) -> None:
        """Go to the next open hunk."""
        self._moved(self.view.next_open(), "no open hunk in view")

    @work
    async def action_jump(self) -> None:
        """Ask where to go."""
        wanted = await self.push_screen_wait(LineDialog("Go to a number, a path, or path:line"))
        if wanted:
            self._moved(self.view.jump(wanted), f"nothing fits {wanted}")

    @work
    async def action_search(self) -> None:
        """Ask what to search for; an empty answer ends the search."""
        wanted = await self.push_screen_wait(LineDialog("Search", self.view.needle))
        if wanted is not None:
            self.view.needle = wanted
            found = not wanted or self.view.search(wanted)
            self._moved(found, f"no place in view has {wanted}")

    def action_again(self, step: int) -> None:
        """Go to the next or the previous match."""
        if not self.view.needle:
            self._say("search with / first")
            return
        found = self.view.search(self.view.needle, step)
        self._moved(found, f"no place in view has {self.view.needle}")

    def action_page(self, step: int) -> None:
        """Scroll the code by a page."""
        if step > 0:
            self._code.scroll_page_down(animate=False)
        else:
            self._code.scroll_page_up(animate=False)

    @work
    async def action_filter(self) -> None:
        """Ask what to show; the value that is shown already ends its filter."""
        now = {name: getattr(self.view.filter, name) for name in self.view.choices()}
        choices: list[tuple[str, str]] = []
        for name, values in self.view.choices().items():
            choices.append(("", name.capitalize()))
            for number, value in enumerate(values):
                mark = "*" if value == now[name] else " "
                choices.append((f"{name}-{number}", f" {mark} {plain(value)}"))
        answer = await self.push_screen_wait(ChoiceDialog("Show only", choices))
        if answer is None:
            return
        name, _, chosen = answer.rpartition("-")
        value = self.view.choices()[name][int(chosen)]
        before = self.view.filter
        self.view.filter = replace(before, **{name: "" if value == now[name] else value})
        if not self.view.visible():
            self.view.filter = before
            self._say("nothing fits that filter")
            return
        self._filtered()

    def action_unfilter(self) -> None:
        """Show everything again."""
        self.view.filter = Filter()
        self._filtered()

    def _filtered(self) -> None:
        self.view.settle()
        self._list_files()
        self._show()

    # --- Showing

    def action_layout(self) -> None:
        """Go from two sides to one, or back."""
        if self.size.width < LEAST_SPLIT:
            words = f"side by side needs {LEAST_SPLIT} columns; the terminal has {self.size.width}"
            self._say(words)
            return
        self._split = not self._two_sides()
        self._show()
        self._save()

    def action_context(self, step: int) -> None:
        """Show more of the file around the hunk, or less."""
        wanted = max(self._around + step * _MORE, 0)
        if wanted == self._around:
            self._say("no less than this: + shows more of the file")
            return
        self._around = wanted
        self._show()

    def action_list(self) -> None:
        """Show the list of files, or leave its room to the code."""
        narrow = self._main.has_class("narrow")
        self._main.toggle_class("drawer" if narrow else "nolist")
        shown = self._main.has_class("drawer") if narrow else not self._main.has_class("nolist")
        (self._files if shown else self._code).focus()
        self.call_after_refresh(self._show)
        self._save()

    def action_colours(self) -> None:
        """Go from dark to light, or back."""
        self.theme = THEMES[self._theme_number == 0]
        self._show()
        self._save()

    def action_help(self) -> None:
        """Show the keys."""
        self.push_screen(TextDialog("Keys", HELP))

    # --- Deciding

    def action_decide(self, state: str) -> None:
        """Accept or skip the hunk and go to the next open one."""
        passage = self.view.here
        if passage is None:
            return
        if not passage.changes and self.decisions[passage.index].edited is None:
            self._say("left to a person: there is no hunk to accept; e makes one")
            return
        self.decisions.decide([passage.index], PassageState(state))
        self._decided([self.view.file_of(passage.index)])

    def action_decide_file(self, state: str) -> None:
        """Accept or skip all open hunks in view of the file."""
        passage = self.view.here
        if passage is None:
            return
        file = self.view.file_of(passage.index)
        wanted = [
            p.index
            for p in file.passages
            if self.decisions[p.index].state is PassageState.OPEN and self.view.fits(p.index)
        ]
        self.decisions.decide(wanted, PassageState(state))
        self._decided([file])

    def _decided(self, files: list[FileReview]) -> None:
        """Go on to the next open hunk."""
        if self._material.in_order:
            files = list(self._material.files)
        if not self.view.next_open():
            self.view.settle()
            if not self.decisions.progress().open:
                self._say("every hunk is decided: w writes, q quits")
        self._changed(files)

    def _changed(self, files: list[FileReview]) -> None:
        """Save, and show what was decided on some files."""
        self._save()
        self._files.bring_up_to_date(files)
        self._show()

    def _touched(self, index: int) -> None:
        """Save and show a decision on one passage; of groups in order it may touch all files."""
        one = [self.view.file_of(index)]
        self._changed(list(self._material.files) if self._material.in_order else one)

    def action_reopen(self) -> None:
        """Make the hunk open again, as the rules made it."""
        passage = self.view.here
        if passage is not None and self.decisions.edit(passage.index, None):
            self._touched(passage.index)

    def action_undo(self) -> None:
        """Take the last decision back."""
        touched = self.decisions.undo()
        if touched is None:
            self._say("nothing to undo")
            return
        self.view.go_to(touched)
        self._touched(touched)

    def action_edit(self) -> None:
        """Edit the hunk; what fits is accepted."""
        passage = self.view.here
        if passage is None:
            return
        file = self.view.file_of(passage.index)
        parts = (self._material, self.decisions, passage, file.change.before, self._edit)
        if edit_hunk(self, *parts):
            self._touched(passage.index)

    # --- Remembering

    def _save(self) -> None:
        """Write down what was decided; a disk that refuses is told of once."""
        if self._memory is None:
            return
        passage: Passage | None = self.view.here
        shown = {
            "theme": ("light", "dark")[self._theme_number],
            "list": "off" if self._main.has_class("nolist") else "on",
        }
        if self._split is not None:
            shown["layout"] = "split" if self._split else "unified"
        try:
            remember(
                self._memory,
                self._material.tree,
                self.decisions.by_key(),
                at=passage.key if passage is not None else "",
                view=shown,
                others=self._past.others,
            )
        except OSError as error:
            if not self._warned:
                words = f"the review cannot be remembered: {error.strerror or error}"
                self.notify(words, severity="warning", timeout=10)
            self._warned = True

    async def action_quit(self) -> None:
        """Remember where the review is, and end."""
        self._save()
        self.exit()

    # --- Writing

    @work
    async def action_write(self) -> None:
        """Ask where what was accepted goes, and write it there."""
        await write_accepted(self, self._material, self.decisions, self._outlet)
