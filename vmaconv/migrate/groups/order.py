# SPDX-License-Identifier: GPL-2.0-only
"""The order of a migration's groups.

In: a planned migration. Out: `Draft`s, in an order in which the tree compiles after each: helpers
and what else is only added, then each set of things that change type together, then the seeds'
own uses, and the legacy members' removal at the end.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from vmaconv.cocci.rewrite.edit import Edit
from vmaconv.cocci.text.tree_file import read_file
from vmaconv.flags.helpers.generation import HEADERS
from vmaconv.flags.helpers.helper_patch import PLAIN_VALUE, HelperPatchError, remove_legacy_field
from vmaconv.flags.helpers.unused import without_unused
from vmaconv.flags.table.added_masks import mask_edits, mask_name
from vmaconv.flags.table.flag_table import FlagTable, MaskTwin
from vmaconv.migrate.decide.trial import Action, EditStep, Owner, Phase
from vmaconv.migrate.facts.entity import (
    Entity,
    Function,
    Member,
    Parameter,
    ReturnValue,
    sort_key,
)
from vmaconv.migrate.facts.masks import COPY, USERLAND, defines, masks_in
from vmaconv.migrate.groups.additions import conversion_steps, include_steps
from vmaconv.migrate.groups.grouping import Draft, GroupKind
from vmaconv.migrate.groups.naming import ROOM, all_of, joined
from vmaconv.migrate.groups.part import needed, picked
from vmaconv.migrate.plan_wording import note

if TYPE_CHECKING:
    from vmaconv.migrate.migration import Migration

_NO_CHANGE = "No functional change intended."

DESCRIPTOR = Member(b"struct vm_area_desc", b"vm_flags")

_TESTS = "tools/testing/"


def drafts_of(migration: Migration) -> list[Draft]:
    """Return the groups in the making, in order; those without an edit are dropped later."""
    together = [*_together(migration), *_masked_uses(migration)]
    together = picked(migration.root, together, migration.part, migration.stops)
    twins, members = _twins(migration), list(_members(migration))
    if migration.part:
        twins, members = needed(together, twins), []
    after = [twins, *together, *members]
    drafts = [*_helpers(migration), _renames(migration), _conversions(migration)]
    drafts += [_masks(migration, after), *after]
    if not migration.part:
        drafts.append(_removal(migration))
    drafts = [draft for draft in drafts if draft.steps]
    add_notes(migration, drafts)
    return drafts


def add_notes(migration: Migration, drafts: Sequence[Draft]) -> None:
    """Say in each draft what becomes of the subjects that its steps are about."""
    for draft in drafts:
        owners = {step.owner for step in draft.steps}
        paths = {step.path for step in draft.steps}
        decisions = [
            d
            for d in migration.trial.decisions
            if d.owner in owners
            and (d.action != Action.CONVERT or d.place is None or d.place.path in paths)
        ]
        lines = (note(d, migration.recipe.new) for d in decisions)
        draft.notes = tuple(dict.fromkeys(line for line in lines if line))


def _helpers(migration: Migration) -> Iterator[Draft]:
    """Yield the type made a plain value, its helpers, and the tests of these."""
    used = {word for step in migration.trial.steps for word in re.findall(rb"\w+", step.edit.text)}
    helpers = without_unused(migration.helpers, used)
    steps = [EditStep(file.path, edit, Phase.HELPERS) for file in helpers for edit in file.edits]
    new, since = migration.recipe.new, migration.recipe.origin
    plain = [s for s in steps if s.edit.rule == PLAIN_VALUE]
    body = (
        f"{new} is marked __private, so sparse warns of each value of it that is passed, returned or "
        f"copied, as helpers for it are about to do. Drop the mark. {_NO_CHANGE}"
    )
    why = f"sparse takes no {new} that is __private as a value"
    yield Draft(
        f"drop __private from {new}", why, plain, body=body, home=HEADERS[1:], kind=GroupKind.SPARSE
    )
    has = f"Since {since}, VMA flags can be" if since else "VMA flags can be"
    body = (
        f"{has} held in a bitmap, {new}, which is to take the place of {migration.recipe.old}: a "
        "bitmap can have more flags than there are bits in an unsigned long.\n\n"
        "Add helpers that build, test, set and clear such flags, by themselves and in what holds "
        "them. Nothing uses them so far."
    )
    why = f"the tree has no helpers for {new}"
    code = [s for s in steps if s.edit.rule != PLAIN_VALUE and not s.path.startswith(_TESTS)]
    yield Draft(
        f"add helpers for {new}", why, code, body=body, home=HEADERS[:1], kind=GroupKind.HELPERS
    )
    body = (
        f"Test each helper for {new} in userland, and give the copy of the kernel's headers that the "
        "tests are compiled with the same helpers."
    )
    tests = [s for s in steps if s.edit.rule != PLAIN_VALUE and s.path.startswith(_TESTS)]
    yield Draft(f"test the helpers for {new}", why, tests, body=body, kind=GroupKind.TESTS)


def _renames(migration: Migration) -> Draft:
    steps = [s for s in migration.trial.steps if s.owner is Phase.RENAME]
    decisions = [d for d in migration.trial.decisions if d.action == Action.RENAME]
    names = [d.subject for d in decisions]
    title = f"rename {all_of(names) or 'VMA flag helpers'}"
    if len(names) > 1:
        old, new = all_of(names, ROOM // 2), all_of([d.name for d in decisions], ROOM // 2)
        title = f"rename {old} to {new}" if old and new else title
    body = (
        "The helpers beside these are named vma_*_flag(). Have them follow suit, with all callers. "
        f"{_NO_CHANGE}"
    )
    why = "the target's helpers have other names"
    return Draft(title, why, steps, tuple(names), body=body, kind=GroupKind.RENAMES)


def _conversions(migration: Migration) -> Draft:
    names = migration.used_conversions()
    old, new = migration.recipe.old, migration.recipe.new
    body = (
        f"What is about to have its flags as {new} passes them on to what still takes {old}. Add "
        f"{joined([f'{name}()' for name in names])} for that. {_NO_CHANGE}"
    )
    title = f"add {all_of(names) or f'conversions between {old} and {new}'}"
    why = f"some callers are to have {new} before what they call takes it"
    steps = list(conversion_steps(migration))
    return Draft(
        title, why, steps, tuple(names), body=body, home=HEADERS[1:], kind=GroupKind.CONVERSIONS
    )


def _masks(migration: Migration, drafts: Sequence[Draft]) -> Draft:
    """Add the masks that the edits of `drafts` name and the tree lacks, beside their words."""
    table = migration.settings.reader.table
    names = {mask_name(word): word for word in migration.masked}
    written = b" ".join(dict.fromkeys(s.edit.text for d in drafts for s in d.steps))
    used = {name for name in names if re.search(rb"\b" + name.encode() + rb"\b", written)}
    copied = {mask_name(word): word for word in _lacking_in_copy(migration, drafts)}
    names, used = names | copied, used | copied.keys()
    steps: list[EditStep] = []
    for path, words in ((HEADERS[0], migration.masked), (COPY, tuple(names.values()))):
        if used and (migration.root / path).is_file():
            text = read_file(migration.root, path)
            every = list(mask_edits(text, path, words, table))
            used |= {n for n in names for e in every if _names(e, used) and n.encode() in e.text}
            steps += [EditStep(path, e, Phase.MASK) for e in every if _names(e, used)]
    listed = tuple(sorted(used))
    optional = [name for name in listed if not _is_compound(table, names[name])]
    body = _mask_body(migration.recipe.new, optional, {n: names[n] for n in listed})
    if copied:
        there = (
            f"{joined(sorted(copied))} {'is' if len(copied) == 1 else 'are'} in the headers already"
        )
        body = f"{body.removesuffix(_NO_CHANGE)}{there}, but not in {COPY}. {_NO_CHANGE}"
    title = "add masks for optional flags" if len(optional) == len(listed) else "add masks of flags"
    if len(joined(listed)) <= ROOM:
        title = f"add {joined(listed)}"
    why = (
        "some configurations lack these flags, and no mask says so"
        if optional
        else "the headers have no mask of these flags"
    )
    return Draft(title, why, steps, listed, body=body, home=HEADERS[:1], kind=GroupKind.MASKS)


def _lacking_in_copy(migration: Migration, drafts: Sequence[Draft]) -> tuple[str, ...]:
    """Return the words whose masks the headers have, and not the copy that userland builds with."""
    table = migration.settings.reader.table
    if not (migration.root / COPY).is_file():
        return ()
    steps = [s for d in drafts for s in d.steps if USERLAND.fullmatch(s.path)]
    copy, lacking = read_file(migration.root, COPY), dict[str, None]()
    for mask in masks_in(b" ".join(step.edit.text for step in steps)):
        word = table.word(mask.decode())
        if word and mask_name(word) == mask.decode() and not defines(copy, mask):
            lacking[word] = None
    return tuple(word for word in lacking if word not in migration.masked)


def _is_compound(table: FlagTable, word: str) -> bool:
    """Whether a word with a mask is the same flags in every configuration."""
    found = table.resolve(word)
    return isinstance(found, MaskTwin) and found.bits is not None


def _mask_body(new: str, optional: Sequence[str], words: Mapping[str, str]) -> str:
    """Say why masks are added; `words` are those that they stand beside."""
    sentences: list[str] = []
    if optional:
        sentences += [
            f"{joined(optional)} {'is' if len(optional) == 1 else 'are'} about to be asked for in a "
            f"{new}, where the bit of a flag that a configuration lacks would be another flag's. Add "
            "masks that leave such a flag out."
        ]
    compounds = [name for name in words if name not in optional]
    if compounds:
        own = joined([words[name] for name in compounds])
        also = ", too" if optional else ""
        sentences += [f"Add {joined(compounds)}{also}: the same flags as {own}, in a {new}."]
    return " ".join((*sentences, _NO_CHANGE))


def _masked_uses(migration: Migration) -> Iterator[Draft]:
    """Yield the uses that only the added masks can name."""
    steps = [s for s in migration.trial.steps if s.owner is Phase.MASKED_USES]
    if steps:
        new = migration.recipe.new
        subjects = tuple(
            dict.fromkeys(
                d.subject for d in migration.trial.decisions if d.owner is Phase.MASKED_USES
            )
        )
        body = (
            f"Some configurations lack these flags, so they are asked for through masks of {new} that "
            f"leave them out there. {_NO_CHANGE}"
        )
        title = "use masks for flags that some configurations lack"
        draft = Draft(
            title, "no mask of the tree says so", steps, subjects, body=body, kind=GroupKind.USES
        )
        draft.independent, draft.name = True, "masks"
        draft.own_notes = _setters(migration)
        draft.uses = sum(d.owner is Phase.MASKED_USES for d in migration.trial.decisions)
        yield draft


def _setters(migration: Migration) -> dict[str, tuple[str, ...]]:
    """Say of each file which statements set and clear masks in it: that tells who takes the lock."""
    said: dict[str, dict[str, None]] = {}
    for decision in migration.trial.decisions:
        if decision.owner is Phase.MASKED_USES and decision.action is Action.STATE:
            assert decision.place is not None
            name = decision.subject.removesuffix("()")
            statements = migration.recipe.statements[name]
            calls = joined([f"{one.partition('(')[0]}()" for one in statements])
            line = f"Where {name}() was called, {calls} are."
            said.setdefault(decision.place.path, {})[line] = None
    return {path: tuple(lines) for path, lines in said.items()}


def _names(edit: Edit, names: Collection[str]) -> bool:
    return edit.text.split(None, 2)[1].decode() in names


def _twins(migration: Migration) -> Draft:
    steps = [s for s in migration.trial.steps if isinstance(s.owner, Function)]
    names = sorted({str(s.owner) for s in steps})
    old, new = migration.recipe.old, migration.recipe.new
    body = (
        f"These ask questions of a {old}, and some of their callers are about to have a {new} "
        f"instead. Add functions that ask the same of that. {_NO_CHANGE}"
    )
    what = all_of(names, ROOM - len(f" for {new}"))
    title = f"add {what} for {new}" if what else f"add predicates for {new}"
    why = f"their callers are to have {new}"
    return Draft(title, why, steps, tuple(names), body=body, home=HEADERS[:1], kind=GroupKind.TWINS)


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
    names = {leader: _name(migration, members) for leader, members in sets.items()}
    for leader, members in sets.items():
        own = set(members)
        steps = [s for s in trial.steps if s.owner in own]
        steps = [*include_steps(migration, steps, members[0]), *steps]
        narrowed = [m for m in members if m in trial.narrowed]
        subjects = tuple(str(m) for m in sorted(members, key=sort_key))
        why = next((d.why for d in trial.decisions if d.owner in own), "")
        body = _together_body(migration, narrowed)
        title = _title(migration, members, bool(narrowed))
        home = _home(migration, members)
        draft = Draft(title, why, steps, subjects, body=body, home=home, kind=GroupKind.FUNCTIONS)
        draft.name, draft.uses = names[leader], _uses(migration, members)
        if home and list(names.values()).count(draft.name) > 1:
            draft.name = f"{home[0]}:{draft.name}"
        yield draft


def _name(migration: Migration, members: Sequence[Entity]) -> str:
    """Name a group by the function that most of its places are about, one that others see first."""
    graph, found = migration.settings.graph, dict[Function, int]()
    for member in members:
        if isinstance(member, Parameter | ReturnValue):
            facts = graph.facts(member)
            size = len(facts.declarations) + len(facts.uses) + len(facts.inflows)
            found[member.function] = found.get(member.function, 0) + size
    if not found:
        return re.split(r"[(:]", str(min(members, key=sort_key)))[0]
    return str(min(found, key=lambda f: (bool(f.file), f.name[:1] == b"_", -found[f], f.name)))


def _uses(migration: Migration, members: Sequence[Entity]) -> int:
    graph, places = migration.settings.graph, set[tuple[str, int]]()
    for member in members:
        facts = graph.facts(member)
        places |= {(d.path, d.node.start) for d in facts.declarations}
        places |= {(s.path, s.node.start) for s in (*facts.uses, *facts.inflows)}
    return len(places)


def _home(migration: Migration, members: Sequence[Entity]) -> tuple[str, ...]:
    """Return the .c files that define what changes, or the headers where none does."""
    graph = migration.settings.graph
    shared = [m for m in members if isinstance(m, Parameter) and not m.function.file]
    paths = {d.path for m in shared or members for d in graph.facts(m).declarations}
    return tuple(sorted(p for p in paths if p.endswith(".c")) or sorted(paths))


def _together_body(migration: Migration, narrowed: Sequence[Entity]) -> str:
    struct = next((m.struct.decode() for m in migration.members), "")
    whose = f"The flags of {struct}" if struct else "Such flags"
    new = migration.recipe.new
    if narrowed:
        how = (
            "are passed to a function that only asks one thing of them, and not all of its callers "
            "can have a bitmap. Let callers say the answer, and take a bool."
        )
    else:
        how = f"are passed on to here. Take them as {new}, and change every caller with that."
    if migration.recipe.is_open and not narrowed:
        old = migration.recipe.old
        return (
            f"VMA flags are moving from {old} to {new}. Pass these on as {new}, with all that "
            f"they flow through. {_NO_CHANGE}"
        )
    return f"{whose} {how} {_NO_CHANGE}"


def _title(migration: Migration, members: list[Entity], narrowed: bool) -> str:
    asks = [d for d in migration.trial.decisions if d.action == Action.ASK and d.owner in members]
    if asks and len(members) == 1:
        return f"ask {asks[0].name}() instead of {asks[0].subject}()"
    functions = list(dict.fromkeys(m.function for m in members if isinstance(m, Parameter)))
    functions.sort(key=lambda f: (bool(f.file), f.name.startswith(b"_")))
    wanted = "a bool" if narrowed and len(members) == 1 else migration.recipe.new
    if not functions:
        subjects = list(dict.fromkeys(re.split(r"[(:]", str(m))[0] for m in members))
        return f"use {wanted} in {all_of(subjects) or 'variables that are passed on'}"
    names = [str(f) for f in functions]
    shared = [str(f) for f in functions if not f.file]
    what = all_of(names) or (all_of(shared) if shared else "")
    if not what:
        lead = f"{_name(migration, members)}() and its callers"
        what = lead if len(lead) <= ROOM else "all that VMA flags are passed to"
    return f"let {what} take {wanted}"


def _members(migration: Migration) -> Iterator[Draft]:
    """Yield the unions that members' uses need, then the uses of each seed's member."""
    trial, new = migration.trial, migration.recipe.new
    unions = [s for s in trial.steps if s.edit.rule == "union"]
    decisions = [d for d in trial.decisions if d.action == Action.ADD_UNION]
    names = [d.subject.rpartition(".")[0] for d in decisions]
    why = "flags are copied between them and what changes type"
    body = (
        f"Flags are copied from here to where they are about to be {new}. Have that beside "
        f"{migration.recipe.old}, in a union, until all uses are converted. {_NO_CHANGE}"
    )
    title = f"add {new} to {joined(list(dict.fromkeys(names)))}"
    yield Draft(title, why, unions, tuple(names), body=body, kind=GroupKind.UNION)
    for seed in migration.members:
        steps = [s for s in trial.steps if s.owner == seed and s not in unions]
        struct = seed.struct.decode()
        title = f"use the bitmap of {struct}"
        body = (
            f"The flags of {struct} are moving from {migration.recipe.old} to a bitmap, {new}, so that "
            "there can be more of them than an unsigned long has bits. Use the bitmap, and its "
            f"helpers. {_NO_CHANGE}"
        )
        why = f"{seed} is to go"
        subjects = (str(seed),)
        yield Draft(title, why, steps, subjects, body=body, independent=True, kind=GroupKind.USES)


def _removal(migration: Migration) -> Draft:
    """Remove the descriptor's legacy field once nothing uses it."""
    body = (
        f"Nothing uses the vm_flags of struct vm_area_desc any more. Remove it, and the union with "
        f"vma_flags, so that nothing does again. {_NO_CHANGE}"
    )
    title, why = "remove vm_flags of struct vm_area_desc", "nothing uses it any more"
    draft = Draft(title, why, body=body, home=HEADERS[1:], kind=GroupKind.REMOVAL)
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
    draft.steps = [EditStep(f.path, edit, Phase.REMOVAL) for f in files for edit in f.edits]
    return draft
