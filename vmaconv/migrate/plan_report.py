# SPDX-License-Identifier: GPL-2.0-only
"""A plan, for a person to read.

In: a migration. Out: lines: what changes type and why, where it stops and why, and the groups.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from vmaconv.counting import counted
from vmaconv.migrate.facts.entity import Obstacle
from vmaconv.migrate.groups.part import is_below
from vmaconv.migrate.migration import Migration
from vmaconv.migrate.plan_wording import decision_line


def plan_lines(migration: Migration, verbose: bool = False) -> Iterator[str]:
    """Yield the plan's lines."""
    for warning in migration.warnings:
        yield f"warning: {warning}"
    if migration.nothing:
        yield migration.nothing
        return
    for index, group in enumerate(migration.groups, 1):
        yield f"{index}. {group.title}"
        files = ", ".join(group.changes) if verbose or len(group.changes) <= 3 else ""
        count = counted(len(group.changes), "file")
        named = f"group {group.name}: {counted(group.uses, 'use')}, " if group.uses else ""
        yield f"   {named}{count}{': ' + files if files else ''}; {group.why}"
    yield from ("",) if migration.groups else ()
    subjects = {subject for group in migration.groups for subject in group.subjects}
    for decision in migration.trial.decisions:
        if migration.part and str(decision.owner) not in subjects:
            continue
        yield decision_line(decision, migration.recipe.new)
    if migration.converted:
        rules = ", ".join(migration.recipe.rules)
        yield f"{migration.converted} uses converted by the rules {rules}"
    if migration.part.only and not migration.groups:
        yield f"no group changes anything below {', '.join(migration.part.only)}"
    for subject, obstacle in _stops(migration):
        yield f"{subject} stays as it is: {obstacle}"
    for left in migration.left:
        inside = f" {left.function}()" if left.function else ""
        yield f"left: {left.place}:{inside} {left.text}: {left.why}"
    for name, places in sorted(migration.also_named.items()):
        if migration.part and not any(name == re.split(r"[(:]", one)[0] for one in subjects):
            continue
        where = ", ".join(places)
        yield f"{name}() is also named in {where}: left as it is there"
    if migration.removal:
        yield f"the legacy field stays: {migration.removal}"


def _stops(migration: Migration) -> Iterator[tuple[object, Obstacle]]:
    """Yield what stays, and why: all of it, or what is decided below the paths
    that a person picked, or nowhere in sight."""
    part = migration.part
    for subject, obstacle in migration.stops:
        place = obstacle.place
        if not part or any(place is None or is_below(place.path, path) for path in part.only):
            yield subject, obstacle
