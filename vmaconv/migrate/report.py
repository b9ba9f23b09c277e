"""A plan, for a person to read.

In: a migration. Out: lines: what changes type and why, where it stops and why, and the groups.
"""

from __future__ import annotations

from collections.abc import Iterator

from vmaconv.migrate.migration import Migration
from vmaconv.migrate.trial import Decision

_VERBS = {
    "migrate": "becomes",
    "narrow": "becomes a bool",
    "add twin": "gets a twin",
    "use twin": "has a twin",
    "add union": "gets a twin",
    "convert": "is converted back",
    "rename": "is renamed",
}


def plan_lines(migration: Migration, verbose: bool = False) -> Iterator[str]:
    """Yield the plan's lines."""
    if migration.nothing:
        yield migration.nothing
        return
    for index, group in enumerate(migration.groups, 1):
        yield f"{index}. {group.title}"
        files = ", ".join(group.changes) if verbose or len(group.changes) <= 3 else ""
        yield f"   {len(group.changes)} files{': ' + files if files else ''}; {group.why}"
    yield ""
    for decision in migration.trial.decisions:
        yield _line(decision, migration.recipe.new)
    if migration.converted:
        rules = ", ".join(migration.recipe.rules)
        yield f"{migration.converted} uses converted by the rules {rules}"
    for subject, obstacle in migration.stops:
        yield f"{subject} stays as it is: {obstacle}"
    for left in migration.left:
        inside = f" {left.function}()" if left.function else ""
        yield f"left: {left.place}:{inside} {left.text}: {left.why}"
    for name, places in sorted(migration.also_named.items()):
        where = ", ".join(places)
        yield f"{name}() is also named in {where}: left as it is there"
    if migration.removal:
        yield f"the legacy field stays: {migration.removal}"


def _line(decision: Decision, new: str) -> str:
    where = f" in {decision.file}" if decision.file else ""
    verb = _VERBS.get(decision.action, decision.action)
    what = f" {new}" if decision.action == "migrate" else ""
    name = f" {decision.name}" if decision.name else ""
    place = f" ({decision.place})" if decision.place is not None else ""
    return f"{decision.subject}{where} {verb}{what}{name}: {decision.why}{place}"
