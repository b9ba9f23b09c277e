# SPDX-License-Identifier: GPL-2.0-only
"""The review's way out: asking where accepted hunks go, and sending them there.

In: decisions, an outlet, the screen to ask on.  Out: a sentence on what was written, shown.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

from textual.app import App

from vmaconv.cocci.diff.output_error import OutputError
from vmaconv.cocci.text.visible import plain
from vmaconv.counting import counted
from vmaconv.review.material.decisions import Decisions
from vmaconv.review.material.hunk_editor import syntax_fault
from vmaconv.review.material.outlet import Outlet, facts_of
from vmaconv.review.material.passages import Material
from vmaconv.review.screen.dialogs import ChoiceDialog, LineDialog, TextDialog, WaitDialog
from vmaconv.series.change import FileChange

_WAYS = (
    ("apply", "into the tree: each file whole or not at all"),
    ("patches", "one patch a file, into a folder"),
    ("series", "a series with a cover letter, into a folder"),
    ("diff", "a unified diff, into a file"),
)


async def write_accepted(
    app: App[None], material: Material, decisions: Decisions, outlet: Outlet
) -> None:
    """Ask how and where to write what is accepted, and do it; trouble is shown, not raised."""
    changes = decisions.changes()
    if not changes and not outlet.written:
        app.notify("nothing is accepted yet", timeout=4)
        return
    if broken := _broken(changes):
        question = f"{broken} as it was edited: write it all the same?"
        ways = (("no", "go back; e edits it again"), ("yes", "write it as it is"))
        if await app.push_screen_wait(ChoiceDialog(question, ways)) != "yes":
            return
    how = await app.push_screen_wait(ChoiceDialog(_question(decisions, len(changes)), _WAYS))
    if how is None:
        return
    path = Path()
    if how != "apply":
        what = "File to write" if how == "diff" else "Folder to write to"
        wanted = await app.push_screen_wait(LineDialog(what))
        if not wanted:
            return
        path = Path(wanted).expanduser()
    wait = WaitDialog("Writing")
    await app.push_screen(wait)
    try:
        words = await asyncio.to_thread(_write, how, path, material, decisions, outlet)
    except (OutputError, OSError) as error:
        wait.dismiss()
        app.push_screen(TextDialog("Not written", _trouble(error)))
        return
    wait.dismiss()
    app.notify(words, timeout=8)


def _broken(changes: Sequence[FileChange]) -> str:
    """Return which file does not parse with what was accepted, where one does not."""
    faults = (syntax_fault(one.path, one.before, one.after) for one in changes)
    return next((fault for fault in faults if fault), "")


def _question(decisions: Decisions, files: int) -> str:
    count = counted(decisions.progress().accepted, "accepted hunk")
    question = f"Write {count} in {counted(files, 'file')}"
    if partial := decisions.partial_groups():
        question += f"; only a part of {', '.join(partial)} is accepted"
    return question


def _write(how: str, path: Path, material: Material, decisions: Decisions, outlet: Outlet) -> str:
    changes = decisions.changes()
    match how:
        case "apply":
            return outlet.apply(changes)
        case "patches":
            return outlet.patches(changes, path)
        case "series":
            facts = facts_of(material, decisions, outlet.purpose, outlet.rule_files)
            return outlet.series(changes, path, facts)
        case _:
            return outlet.diff(changes, path)


def _trouble(error: OutputError | OSError) -> str:
    if isinstance(error, OutputError):
        return plain(str(error)) + (f"\n\n{error.remedy}" if error.remedy else "")
    name = f"{error.filename}: " if error.filename else ""
    return plain(f"{name}{error.strerror or error}")
