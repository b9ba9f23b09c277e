# SPDX-License-Identifier: GPL-2.0-only
"""Functions renamed across the tree, all or nothing.

In: old and new names. Out: an edit for every place that names the function, comments, macro
bodies and text that does not parse included, since a name is a name; members and local variables
of that name are left alone. Where the new name is taken, nothing is renamed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from vmaconv.cocci.rewrite.edit import Edit
from vmaconv.cocci.tree.node import Node
from vmaconv.cocci.tree.unit import Unit
from vmaconv.flags.headers.header_lines import HeaderPlace
from vmaconv.migrate.decide.settings import Settings
from vmaconv.migrate.decide.trial import Action, Owner, Phase, PlanDecision, Trial
from vmaconv.migrate.facts.entity import Function, Obstacle
from vmaconv.migrate.facts.local_names import is_name, leaves_at, local_declaration


def rename_function(
    settings: Settings, trial: Trial, old: str, new: str, owner: Owner = Phase.RENAME
) -> Obstacle | None:
    """Add the edits of one rename to those of `owner`; an obstacle where it cannot be done.

    `tools/` is searched as well: its tests compile the kernel's own files.
    """
    if settings.overrides.action_of(old) == "keep":
        return None
    name, wanted = old.encode(), new.encode()
    if not any(settings.graph.all_mentions(Function(name))):
        return None
    settings.sources.is_known(wanted)
    edits: list[tuple[str, Edit]] = []
    first: HeaderPlace | None = None
    for path in settings.sources.everywhere(wanted):
        unit = settings.sources.unit(path)
        taken = re.search(rb"\b" + re.escape(wanted) + rb"\b", unit.text)
        at = taken.start() if taken is not None else 0
        text = f"{old}() is not renamed: {new} is a name already"
        return Obstacle(HeaderPlace(path, unit.line(at)), text)
    for path in settings.sources.everywhere(name):
        unit = settings.sources.unit(path)
        for edit in _edits(unit, name, wanted):
            edits.append((path, edit))
            first = first or HeaderPlace(path, unit.line(edit.start))
    for path, edit in edits:
        trial.add(path, edit, owner)
    if edits:
        why = "the target's helpers have this name"
        why = why if owner is Phase.RENAME else "its name says which type it takes"
        trial.decisions.append(PlanDecision(Action.RENAME, old, owner, new, why, first))
    return None


def _edits(unit: Unit, old: bytes, new: bytes) -> Iterator[Edit]:
    for match in re.finditer(rb"(?<![\w\"])" + re.escape(old) + rb"\b", unit.text):
        leaves = leaves_at(unit.chunk_at(match.start()), match.start())
        if leaves and all(not is_name(leaf) or _is_local(leaf) for leaf in leaves):
            continue
        yield Edit(match.start(), match.end(), new, "rename")


def _is_local(leaf: Node) -> bool:
    return local_declaration(leaf) is not None
