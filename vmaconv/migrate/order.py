"""The order of a migration's groups.

In: a planned migration. Out: `Draft`s, in an order in which the tree compiles after each: helpers
and what else is only added, then each set of things that change type together, then the seeds'
own uses, and the legacy members' removal at the end.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from vmaconv.kernel.helper_patch import HelperPatchError, remove_legacy_field
from vmaconv.migrate.additions import conversion_steps, include_steps
from vmaconv.migrate.entity import Entity, Function, Member, Parameter, sort_key
from vmaconv.migrate.groups import Draft
from vmaconv.migrate.trial import Owner, Step
from vmaconv.migrate.wording import decision_line

if TYPE_CHECKING:
    from vmaconv.migrate.migration import Migration

DESCRIPTOR = Member(b"struct vm_area_desc", b"vm_flags")


def drafts_of(migration: Migration) -> list[Draft]:
    """Return the groups in the making, in order; those without an edit are dropped later."""
    drafts = [_helpers(migration), _renames(migration), _added(migration)]
    drafts += _together(migration)
    drafts += _members(migration)
    drafts.append(_removal(migration))
    for draft in drafts:
        owners = {step.owner for step in draft.steps}
        decisions = [d for d in migration.trial.decisions if d.owner in owners]
        draft.notes = tuple(decision_line(d, migration.recipe.new) for d in decisions)
    return [draft for draft in drafts if draft.steps]


def _helpers(migration: Migration) -> Draft:
    steps = [Step(file.path, edit, "helpers") for file in migration.helpers for edit in file.edits]
    why = f"the tree has no helpers for {migration.recipe.new}"
    return Draft(f"add helpers for {migration.recipe.new}", why, steps)


def _renames(migration: Migration) -> Draft:
    steps = [s for s in migration.trial.steps if s.owner == "rename"]
    names = [d.subject for d in migration.trial.decisions if d.action == "rename"]
    title = f"rename {', '.join(f'{name}()' for name in names)}"
    return Draft(title, "the target's helpers have other names", steps, tuple(names))


def _added(migration: Migration) -> Draft:
    twins = [s for s in migration.trial.steps if isinstance(s.owner, Function)]
    names = sorted({str(s.owner) for s in twins})
    steps = [*conversion_steps(migration), *twins]
    more = [s for s in steps if s.owner == "conversion"]
    names = [*migration.used_conversions(), *names] if more else names
    title = f"add {', '.join(f'{name}()' for name in names)}"
    return Draft(title, f"their callers are to have {migration.recipe.new}", steps, tuple(names))


def _together(migration: Migration) -> Iterator[Draft]:
    """Yield the sets that change type together, each with all of its edits."""
    trial = migration.trial
    owners: dict[Owner, None] = {}
    for step in trial.steps:
        if isinstance(step.owner, Entity) and not isinstance(step.owner, Member):
            owners.setdefault(step.owner)
    leaders = trial.components(iter(owners))
    sets: dict[Owner, list[Entity]] = {}
    for owner in owners:
        assert isinstance(owner, Entity)
        sets.setdefault(leaders[owner], []).append(owner)
    for members in sets.values():
        own = set(members)
        steps = [s for s in trial.steps if s.owner in own]
        steps = [*include_steps(migration, steps, members[0]), *steps]
        narrowed = [m for m in members if m in trial.narrowed]
        subjects = tuple(str(m) for m in sorted(members, key=sort_key))
        why = next((d.why for d in trial.decisions if d.owner in own), "")
        yield Draft(_title(migration, members, bool(narrowed)), why, steps, subjects)


def _title(migration: Migration, members: list[Entity], narrowed: bool) -> str:
    functions = list(dict.fromkeys(m.function for m in members if isinstance(m, Parameter)))
    functions.sort(key=lambda f: (bool(f.file), f.name.startswith(b"_")))
    wanted = "a bool" if narrowed and len(members) == 1 else migration.recipe.new
    if not functions:
        return f"make {', '.join(str(m) for m in members[:3])} {wanted}"
    names = [f"{f}()" for f in functions]
    if len(names) > 3:
        names = [*names[:2], f"{len(names) - 2} more functions"]
    listed = names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
    return f"let {listed} take {wanted}"


def _members(migration: Migration) -> Iterator[Draft]:
    """Yield the uses of each seed's member, with the unions that they need."""
    trial = migration.trial
    unions = [s for s in trial.steps if s.edit.rule == "union"]
    for seed in migration.members:
        steps = [s for s in trial.steps if s.owner == seed and s not in unions]
        title = f"use the bitmap of {seed.struct.decode()}"
        yield Draft(title, f"{seed} is to go", [*unions, *steps], (str(seed),))
        unions = []


def _removal(migration: Migration) -> Draft:
    """Remove the descriptor's legacy field once nothing uses it."""
    draft = Draft("remove vm_flags of struct vm_area_desc", "nothing uses it any more")
    if DESCRIPTOR not in migration.members:
        return draft
    if migration.left:
        migration.removal = f"{len(migration.left)} uses of {DESCRIPTOR} are left"
        return draft
    try:
        files = remove_legacy_field(migration.root)
    except HelperPatchError as error:
        migration.removal = str(error)
        return draft
    draft.steps = [Step(f.path, edit, "removal") for f in files for edit in f.edits]
    return draft
