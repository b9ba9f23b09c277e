# SPDX-License-Identifier: GPL-2.0-only
"""Choosing hunk by hunk in a plain terminal, in the manner of `git add -p`.

In: diffs, and two functions by which a person is asked and told.  Out: the accepted hunks of each
file, whole, split or edited; `apply_hunks` makes a file of them.  Nothing is written here, and
nothing is known of terminals.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Protocol

from msgspec import Struct

from vmaconv.cocci.diff.hunk import Hunk, LineKind, split_hunk
from vmaconv.cocci.text.visible import plain
from vmaconv.counting import counted
from vmaconv.review.material.hunk_editor import BadEdit, NoEditor, editable, parse_edited
from vmaconv.series.git.file_diff import FileDiff

HELP = """\
y - accept this hunk
n - do not accept this hunk
q - quit; accept neither this hunk nor any of the remaining ones
a - accept this hunk and all later hunks of the file
d - do not accept this hunk nor any later hunk of the file
g - choose a hunk to go to
/ - search for a hunk that fits a regular expression
j - leave this hunk undecided, see the next undecided hunk
J - leave this hunk undecided, see the next hunk
k - leave this hunk undecided, see the previous undecided hunk
K - leave this hunk undecided, see the previous hunk
s - split this hunk into smaller ones
e - edit this hunk by hand
? - print this help"""


class Reader(Protocol):
    """Asks a person for a line."""

    def __call__(self, prompt: str, /) -> str | None:
        """Return the line without its end; None where there is no more, as after Ctrl-D."""


class Writer(Protocol):
    """Shows a person something."""

    def hunk(self, hunk: Hunk, /) -> None:
        """Show a hunk."""

    def file(self, diff: FileDiff, /) -> None:
        """Show which file the next hunks are of."""

    def say(self, text: str, /) -> None:
        """Show a line of our own."""


Editor = Callable[[bytes], bytes]
Fault = Callable[[str, Hunk], str]
Accepted = Mapping[str, tuple[Hunk, ...]]


class _Item(Struct):
    """A hunk to decide on; `accepted` is None until it is."""

    diff: FileDiff
    hunk: Hunk
    accepted: bool | None = None


class _Talk(Struct):
    """A conversation: what there is to decide, and where it is at."""

    items: list[_Item]
    read: Reader
    write: Writer
    edit: Editor
    fault: Fault
    at: int = 0
    done: bool = False
    shown: _Item | None = None
    last_search: str = ""

    @property
    def here(self) -> _Item:
        """Return the hunk that is asked about."""
        return self.items[self.at]

    # --- Deciding

    def decide(self, accepted: bool) -> None:
        """Decide on this hunk and go on."""
        self.here.accepted = accepted
        self.go_on()

    def decide_file(self, accepted: bool) -> None:
        """Decide on this hunk and the undecided ones behind it in its file."""
        diff = self.here.diff
        for item in self.items[self.at :]:
            if item.diff is diff and (item.accepted is None or item is self.here):
                item.accepted = accepted
        self.go_on()

    def go_on(self) -> None:
        """Go to the next undecided hunk, the first ones last; stop where there is none."""
        order = [*range(self.at + 1, len(self.items)), *range(self.at)]
        following = next((n for n in order if self.items[n].accepted is None), None)
        if following is None:
            self.done = True
        else:
            self.at = following

    def quit(self) -> None:
        """Leave everything that is undecided as not accepted."""
        self.done = True

    # --- Moving

    def move(self, step: int, *, undecided: bool) -> None:
        """Go to another hunk without deciding on this one."""
        at = self.at + step
        while 0 <= at < len(self.items):
            if not undecided or self.items[at].accepted is None:
                self.at = at
                return
            at += step
        kind = "undecided hunk" if undecided else "hunk"
        self.write.say(f"No {'next' if step > 0 else 'previous'} {kind}")

    def go_to(self, wanted: str) -> None:
        """Go to a hunk by its number; ask for it where none is given."""
        if not wanted:
            for number, item in enumerate(self.items, 1):
                mark = {True: "+", False: "-", None: " "}[item.accepted]
                line = plain(_first_change(item.hunk)).expandtabs(8)
                self.write.say(f"{mark}{number:4}: {plain(item.diff.path)}: {line.strip()}"[:78])
            wanted = self.read("go to which hunk? ") or ""
        if not wanted.strip().isdigit():
            self.write.say(f"Invalid number: '{plain(wanted)}'")
        elif not 1 <= int(wanted) <= len(self.items):
            self.write.say(f"Sorry, only {counted(len(self.items), 'hunk')} available.")
        else:
            self.at = int(wanted) - 1

    def search(self, wanted: str) -> None:
        """Go to the next hunk that a regular expression fits."""
        wanted = wanted or self.read("search for regex? ") or self.last_search
        if not wanted:
            return
        try:
            pattern = re.compile(wanted.encode("utf-8", "surrogateescape"), re.MULTILINE)
        except re.error as error:
            self.write.say(f"Malformed search regexp {plain(wanted)}: {error}")
            return
        self.last_search = wanted
        order = [*range(self.at + 1, len(self.items)), *range(self.at + 1)]
        found = (n for n in order if pattern.search(self.items[n].hunk.render()))
        at = next(found, None)
        if at is None:
            self.write.say("No hunk matches the given pattern")
        else:
            self.at = at

    # --- Changing

    def split(self) -> None:
        """Put the parts of this hunk in its place."""
        parts = split_hunk(self.here.hunk)
        if len(parts) < 2:
            self.write.say("Sorry, cannot split this hunk")
            return
        self.write.say(f"Split into {counted(len(parts), 'hunk')}.")
        self.items[self.at : self.at + 1] = [_Item(self.here.diff, part) for part in parts]

    def edit_here(self) -> None:
        """Let this hunk be edited; what fits is accepted."""
        text = editable(self.here.hunk, plain(self.here.diff.path))
        while True:
            try:
                text = self.edit(text)
                made = parse_edited(text, self.here.hunk)
            except NoEditor as error:
                self.write.say(str(error))
                return
            except BadEdit as error:
                self.write.say(f"Your edited hunk does not apply: {error}")
                again = self.read("Edit again (saying 'no' discards!) [y/n]? ") or "n"
                if again.strip().lower().startswith("n"):
                    return
                continue
            if made is not None and (fault := self.fault(self.here.diff.path, made)):
                self.write.say(f"{fault} as it was edited")
                told = self.read("Edit again (saying 'no' takes it as it is) [y/n]? ")
                if told is None:
                    return
                if not told.strip().lower().startswith("n"):
                    continue
            if made is not None:
                self.here.hunk = made
                self.decide(True)
            return


def choose(
    diffs: Sequence[FileDiff],
    read: Reader,
    write: Writer,
    edit: Editor,
    fault: Fault = lambda _path, _hunk: "",
) -> Accepted:
    """Ask a person about each hunk and give those that they accept, by path.

    `fault` says what is wrong with a file that an edited hunk makes; it is taken only when asked.
    Files of which nothing is accepted are left out.  The end of the input is `q`.
    """
    items = [_Item(diff, hunk) for diff in diffs for hunk in diff.hunks]
    talk = _Talk(items, read, write, edit, fault)
    while items and not talk.done:
        _ask(talk)
    chosen: dict[str, tuple[Hunk, ...]] = {}
    for item in items:
        if item.accepted and (item.hunk.gone or item.hunk.came):
            chosen[item.diff.path] = (*chosen.get(item.diff.path, ()), item.hunk)
    return chosen


def _ask(talk: _Talk) -> None:
    """Show the hunk that is asked about, unless it was the last one shown, and do the answer."""
    item = talk.here
    if talk.shown is None or talk.shown.diff is not item.diff:
        talk.write.file(item.diff)
    if talk.shown is not item:
        talk.write.hunk(item.hunk)
        talk.shown = item
    answer = talk.read(_prompt(talk))
    if answer is None:
        talk.quit()
    elif not _answer(talk, answer.strip()):
        talk.write.say(HELP)


def _prompt(talk: _Talk) -> str:
    """Return the question with the keys that make sense here."""
    others = range(len(talk.items))
    open_before = any(talk.items[n].accepted is None for n in others if n < talk.at)
    open_behind = any(talk.items[n].accepted is None for n in others if n > talk.at)
    keys = ["y", "n", "q", "a", "d"]
    keys += ["k"] if open_before else []
    keys += ["K"] if talk.at else []
    keys += ["j"] if open_behind else []
    keys += ["J"] if talk.at + 1 < len(talk.items) else []
    keys += ["g", "/"] if len(talk.items) > 1 else []
    keys += ["s"] if len(split_hunk(talk.here.hunk)) > 1 else []
    return f"({talk.at + 1}/{len(talk.items)}) Accept this hunk [{','.join(keys)},e,?]? "


def _answer(talk: _Talk, answer: str) -> bool:
    """Do what a person answered; tell whether it was understood."""
    key, rest = answer[:1], answer[1:].strip()
    match key.lower() if key not in ("J", "K") else key:
        case "y":
            talk.decide(True)
        case "n":
            talk.decide(False)
        case "q":
            talk.quit()
        case "a":
            talk.decide_file(True)
        case "d":
            talk.decide_file(False)
        case "j":
            talk.move(1, undecided=True)
        case "J":
            talk.move(1, undecided=False)
        case "k":
            talk.move(-1, undecided=True)
        case "K":
            talk.move(-1, undecided=False)
        case "g":
            talk.go_to(rest)
        case "/":
            talk.search(rest)
        case "s":
            talk.split()
        case "e":
            talk.edit_here()
        case _:
            return False
    return True


def _first_change(hunk: Hunk) -> bytes:
    """Return the first changed line of a hunk with its mark, to know it by."""
    changed = (line for line in hunk.lines if line.kind is not LineKind.CONTEXT)
    return next((line.kind.value + line.text.rstrip(b"\r\n") for line in changed), b"")
