# SPDX-License-Identifier: GPL-2.0-only
"""The order of a migration's groups.

In: a planned migration. Out: `Draft`s, in an order in which the tree compiles after each: helpers
and what else is only added, then each set of things that change type together, then the seeds'
own uses, and the legacy members' removal at the end.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from vmaconv.flags.helpers.generation import HEADERS
from vmaconv.flags.helpers.helper_patch import HelperPatchError, remove_legacy_field
from vmaconv.migrate.decide.trial import Owner, Step
from vmaconv.migrate.facts.entity import Entity, Function, Member, Parameter, sort_key
from vmaconv.migrate.groups.additions import conversion_steps, include_steps
from vmaconv.migrate.groups.grouping import Draft
from vmaconv.migrate.plan_wording import note

if TYPE_CHECKING:
    from vmaconv.migrate.migration import Migration

_LONGEST = 52
"""Columns for the functions of a summary line, which has 75 with its prefix."""

_NO_CHANGE = "No functional change intended."

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
        draft.notes = tuple(note(d, migration.recipe.new) for d in decisions)
    return [draft for draft in drafts if draft.steps]


def _helpers(migration: Migration) -> Draft:
    steps = [Step(file.path, edit, "helpers") for file in migration.helpers for edit in file.edits]
    new = migration.recipe.new
    body = (
        f"{new} has no helpers yet. Add those that build, test, set and clear such flags, by "
        "themselves and in a descriptor, with userland tests of them. Nothing uses them so far."
    )
    why = f"the tree has no helpers for {new}"
    return Draft(f"add helpers for {new}", why, steps, body=body, home=HEADERS[:1])


def _renames(migration: Migration) -> Draft:
    steps = [s for s in migration.trial.steps if s.owner == "rename"]
    names = [d.subject for d in migration.trial.decisions if d.action == "rename"]
    title = f"rename {_listed(names)}"
    body = (
        "The helpers beside these are named vma_*_flag(). Have them follow suit, with all callers. "
        f"{_NO_CHANGE}"
    )
    return Draft(title, "the target's helpers have other names", steps, tuple(names), body=body)


def _added(migration: Migration) -> Draft:
    twins = [s for s in migration.trial.steps if isinstance(s.owner, Function)]
    names = sorted({str(s.owner) for s in twins})
    steps = [*conversion_steps(migration), *twins]
    more = [s for s in steps if s.owner == "conversion"]
    names = [*migration.used_conversions(), *names] if more else names
    title = f"add {_listed(names)}"
    new = migration.recipe.new
    body = f"Callers of their counterparts for a word are about to have {new}. {_NO_CHANGE}"
    why = f"their callers are to have {new}"
    return Draft(title, why, steps, tuple(names), body=body, home=HEADERS[:1])


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
        body = _together_body(migration, narrowed)
        title = _title(migration, members, bool(narrowed))
        home = _home(migration, members)
        yield Draft(title, why, steps, subjects, body=body, home=home)


def _home(migration: Migration, members: Sequence[Entity]) -> tuple[str, ...]:
    """Return the .c files that define what changes, or the headers where none does."""
    graph = migration.settings.graph
    shared = [m for m in members if isinstance(m, Parameter) and not m.function.file]
    paths = {d.path for m in shared or members for d in graph.facts(m).declarations}
    return tuple(sorted(p for p in paths if p.endswith(".c")) or sorted(paths))


def _together_body(migration: Migration, narrowed: Sequence[Entity]) -> str:
    struct = next((m.struct.decode() for m in migration.members), "")
    whose = f"The flags of {struct} end up here" if struct else "Such flags end up here"
    new = migration.recipe.new
    if narrowed:
        how = "All that is asked of them is one test, so let the callers make it and pass a bool."
    else:
        how = f"Let them come as {new}, and change every caller with that."
    return f"{whose}. {how} {_NO_CHANGE}"


def _title(migration: Migration, members: list[Entity], narrowed: bool) -> str:
    functions = list(dict.fromkeys(m.function for m in members if isinstance(m, Parameter)))
    functions.sort(key=lambda f: (bool(f.file), f.name.startswith(b"_")))
    wanted = "a bool" if narrowed and len(members) == 1 else migration.recipe.new
    if not functions:
        return f"make {', '.join(str(m) for m in members[:3])} {wanted}"
    return f"let {_listed([str(f) for f in functions])} take {wanted}"


def _listed(names: Sequence[str]) -> str:
    """Name functions for a summary line: all if that is short, else the first and how many more."""
    calls = [f"{name}()" for name in names]
    if len(calls) < 2:
        return "".join(calls)
    text = f"{', '.join(calls[:-1])} and {calls[-1]}"
    return text if len(text) <= _LONGEST else f"{calls[0]} and {len(calls) - 1} more"


def _members(migration: Migration) -> Iterator[Draft]:
    """Yield the unions that members' uses need, then the uses of each seed's member."""
    trial, new = migration.trial, migration.recipe.new
    unions = [s for s in trial.steps if s.edit.rule == "union"]
    names = [d.subject.rpartition(".")[0] for d in trial.decisions if d.action == "add union"]
    why = "flags are copied between them and what changes type"
    body = (
        f"Flags are copied from here to where they are about to be {new}. Have both forms in a "
        f"union until all uses are converted. {_NO_CHANGE}"
    )
    title = f"give {', '.join(names)} a bitmap beside the word"
    yield Draft(title, why, unions, tuple(names), body=body)
    for seed in migration.members:
        steps = [s for s in trial.steps if s.owner == seed and s not in unions]
        struct = seed.struct.decode()
        title = f"use the bitmap of {struct}"
        body = (
            f"The flags of {struct} are moving from a word to a bitmap, so that there can be more "
            f"of them than a word has bits. Use the bitmap, and its helpers. {_NO_CHANGE}"
        )
        yield Draft(title, f"{seed} is to go", steps, (str(seed),), body=body, independent=True)


def _removal(migration: Migration) -> Draft:
    """Remove the descriptor's legacy field once nothing uses it."""
    body = f"Nothing uses the word any more. Leave the bitmap. {_NO_CHANGE}"
    title, why = "remove vm_flags of struct vm_area_desc", "nothing uses it any more"
    draft = Draft(title, why, body=body, home=HEADERS[1:])
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
