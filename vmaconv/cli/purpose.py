# SPDX-License-Identifier: GPL-2.0-only
"""What a run is for, in the words of its rule files."""

from __future__ import annotations

from vmaconv import __version__
from vmaconv.convert.conversion import Run
from vmaconv.series.change import FileChange
from vmaconv.series.words.wording import Purpose


def purpose_of(run: Run) -> Purpose:
    """Return the purpose that the first rule file states: its `Subject:` line and the paragraphs
    below.
    """
    title, _, text = run.description.partition("\n")
    return Purpose(run.subject or title.strip(), text.strip(), f"vmaconv {__version__}")


def file_changes(run: Run) -> list[FileChange]:
    """Return the changed files with the descriptions of the rules that changed them."""
    changes = []
    for outcome in run.changed():
        notes = tuple(dict.fromkeys(c.rule.description for c in outcome.changes))
        changes.append(FileChange(outcome.path, outcome.before, outcome.after, notes=notes))
    return changes
