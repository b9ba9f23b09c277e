# SPDX-License-Identifier: GPL-2.0-only
"""`vmaconv diff --recipe`: a migration's diff, or its groups one by one with -i.

In: a migration. Out: the diff of all, or of the groups that were chosen, or these written.
"""

from __future__ import annotations

import sys

from vmaconv.cli.apply import refuse_dirty
from vmaconv.cli.migrated_review import MigratedRun, groups_of
from vmaconv.counting import counted
from vmaconv.review.prompt.ask import terminal
from vmaconv.review.prompt.choose_groups import GroupDiff, choose_groups
from vmaconv.series.change import FileChange
from vmaconv.series.git.file_diff import file_diffs, unified_diffs
from vmaconv.series.write import replace_file


def choose_in_order(migrated: MigratedRun, write: bool) -> str:
    """Ask about each group; print what was chosen as a diff, or write it. Return how much it was."""
    tree = migrated.run.tree
    if write:
        refuse_dirty(tree, list(migrated.migration.final()))
    groups = [group for group in groups_of(migrated) if group.title != "left"]
    shown = [
        GroupDiff(
            group.title,
            group.reasons,
            tuple(file_diffs(FileChange(o.path, o.before, o.after) for o in group.outcomes)),
        )
        for group in groups
    ]
    screen = terminal()
    count = choose_groups(shown, screen, screen)
    changes: dict[str, FileChange] = {}
    for group in groups[:count]:
        for outcome in group.outcomes:
            first = changes.get(outcome.path)
            before = first.before if first is not None else outcome.before
            changes[outcome.path] = FileChange(outcome.path, before, outcome.after)
    if write:
        for change in changes.values():
            replace_file(tree, change.path, change.before, change.after)
    else:
        sys.stdout.buffer.write(unified_diffs(changes.values()))
        sys.stdout.buffer.flush()
    verb = "accepted and written" if write else "accepted"
    files = counted(len(changes), "file")
    return f"{count} of {counted(len(groups), 'group')} {verb}, {files}"
