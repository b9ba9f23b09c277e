# SPDX-License-Identifier: GPL-2.0-only
"""A hunk of the full-screen review, edited by a person.

In: a passage, the decisions, the screen that makes room for an editor.  Out: a decision, or words on
why what was edited is not taken.
"""

from __future__ import annotations

from collections.abc import Callable

from textual.app import App, SuspendNotSupported

from vmaconv.cocci.diff.hunk import apply_hunks
from vmaconv.cocci.text.visible import plain
from vmaconv.review.material.decisions import Decisions
from vmaconv.review.material.hunk_editor import (
    BadEdit,
    NoEditor,
    editable,
    parse_edited,
    syntax_fault,
)
from vmaconv.review.material.passages import Material, Passage


def edit_hunk(
    app: App[None],
    material: Material,
    decisions: Decisions,
    passage: Passage,
    before: bytes,
    edit: Callable[[bytes], bytes],
) -> bool:
    """Have a passage's hunk edited, and accept what fits its file, `before`; False where none does.

    What does not parse is taken with a word: the person may know better, and is asked at writing.
    """
    title = f"{plain(passage.path)}:{passage.line} {plain(passage.function)}"
    hunk = decisions.hunk(passage.index)
    try:
        made = parse_edited(_in_editor(app, edit, editable(hunk, title)), passage.hunk)
    except (BadEdit, NoEditor) as error:
        app.notify(f"not taken: {error}", severity="error", timeout=12)
        return False
    if made is None:
        app.notify("nothing edited", timeout=4)
        return False
    if material.in_order and not decisions.fits_in_order(passage.index, made):
        words = "not taken: a later group changes the same lines; edit the plan instead"
        app.notify(words, severity="error", timeout=12)
        return False
    decisions.edit(passage.index, made)
    if fault := syntax_fault(passage.path, before, apply_hunks(before, [made])):
        words = f"{fault} as it was edited; e edits it again, r drops it"
        app.notify(words, severity="warning", timeout=12)
    return True


def _in_editor(app: App[None], edit: Callable[[bytes], bytes], text: bytes) -> bytes:
    try:
        with app.suspend():
            return edit(text)
    except SuspendNotSupported:
        return edit(text)
