# SPDX-License-Identifier: GPL-2.0-only
"""A migration's groups in the order in which a person would have sent them, as the recipe says.

In: drafts in the order that the tree forces, and the recipe's `[[patch]]` tables. Out: drafts, one a
table. What changes together may be cut where a value that has the new type already goes to what
takes the old one until a later patch: a conversion stands there meanwhile.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct, field

from vmaconv.cocci.rewrite.edit import Edit
from vmaconv.cocci.tree.node import bare
from vmaconv.migrate.decide.trial import EditStep, Owner, Phase
from vmaconv.migrate.facts.entity import Entity, Function, Member, Parameter, ReturnValue
from vmaconv.migrate.facts.entity_facts import FactSite
from vmaconv.migrate.groups.grouping import Draft, GroupKind
from vmaconv.migrate.groups.order import add_notes
from vmaconv.migrate.migration_error import MigrationError

if TYPE_CHECKING:
    from vmaconv.migrate.migration import Migration
    from vmaconv.migrate.recipe import PatchPlan

_REST = frozenset({"functions", "uses", "union"})

_RANK = {"helpers": 0, "conversions": 1, "twins": 1, "functions": 2, "uses": 2}
"""What must not come before what: the later ones need the earlier."""


def arrange(migration: Migration, drafts: Sequence[Draft]) -> list[Draft]:
    """Return the drafts as the recipe would have them; what no patch takes keeps its own.

    Raises `MigrationError` where the recipe has an order in which the tree would not compile.
    """
    return _Arrangement(migration, drafts).drafts()


class _Taken(Struct):
    """What one patch takes, by the kind of the draft that it was in."""

    steps: list[tuple[GroupKind, EditStep]] = field(default_factory=list)
    subjects: list[str] = field(default_factory=list)
    added: list[EditStep] = field(default_factory=list)
    dropped: list[EditStep] = field(default_factory=list)


class _Arrangement:
    """The work under way."""

    def __init__(self, migration: Migration, drafts: Sequence[Draft]) -> None:
        self._migration = migration
        self._plans = migration.recipe.patches
        self._drafts = drafts
        self._taken = [_Taken() for _ in self._plans]
        self._left: list[Draft] = []

    def drafts(self) -> list[Draft]:
        """Arrange them."""
        for draft in self._drafts:
            if draft.kind == GroupKind.FUNCTIONS:
                self._take_functions(draft)
            elif draft.kind == GroupKind.USES:
                self._take_uses(draft)
            else:
                at = self._first(draft.kind)
                self._take(draft, [(at, step) for step in draft.steps])
        self._check_order()
        made = [
            self._made(plan, taken)
            for plan, taken in zip(self._plans, self._taken, strict=True)
            if taken.steps
        ]
        removals = [d for d in made if d.kind == GroupKind.REMOVAL]
        rest = [d for d in self._left if d.kind != GroupKind.REMOVAL]
        last = [d for d in self._left if d.kind == GroupKind.REMOVAL]
        wanted = [d for d in made if d.kind != GroupKind.REMOVAL]
        first = [d for d in rest if _RANK.get(d.kind, 0) < 2]
        drafts = [*first, *wanted, *(d for d in rest if d not in first), *removals, *last]
        add_notes(self._migration, drafts)
        return drafts

    # Who takes what.

    def _first(self, kind: str) -> int | None:
        """Return the first patch that takes a kind of changes by its word, or takes the rest.

        What others need, and what must come last, is never of the rest.
        """
        words = {kind, "*"} if kind in _REST else {kind}
        exact = (i for i, plan in enumerate(self._plans) if kind in plan.takes)
        rest = (i for i, plan in enumerate(self._plans) if words & set(plan.takes))
        return next(exact, next(rest, None))

    def _take(self, draft: Draft, steps: Sequence[tuple[int | None, EditStep]]) -> None:
        """Give steps to patches; those that no patch takes stay a draft of their own."""
        rest = [step for at, step in steps if at is None]
        for at, step in steps:
            if at is not None:
                self._taken[at].steps.append((draft.kind, step))
        for at in {at for at, _ in steps if at is not None}:
            self._taken[at].subjects += draft.subjects
        if rest:
            draft.steps = rest
            self._left.append(draft)

    def _take_uses(self, draft: Draft) -> None:
        self._take(draft, [(self._of_path(step.path), step) for step in draft.steps])

    def _of_path(self, path: str) -> int | None:
        for index, plan in enumerate(self._plans):
            for one in plan.takes:
                if one == path or (one.endswith("/") and path.startswith(one)):
                    return index
        return self._first("uses")

    def _take_functions(self, draft: Draft) -> None:
        owners = list(dict.fromkeys(s.owner for s in draft.steps if isinstance(s.owner, Entity)))
        named: dict[Owner, int] = {
            owner: at
            for owner in owners
            if isinstance(owner, Parameter | ReturnValue)
            and (at := self._named(owner.function)) is not None
        }
        if not named:
            at = self._first("functions")
            self._take(draft, [(at, step) for step in draft.steps])
            return
        spread = _spread(named, owners, self._migration.trial.links)
        first = min(named.values())
        if not self._bridge(spread):
            spread = dict.fromkeys(owners, first)
        types = {(s.path, spread.get(s.owner, first)) for s in draft.steps if s.edit.rule == "type"}
        steps: list[tuple[int | None, EditStep]] = []
        for step in draft.steps:
            at = spread.get(step.owner, first)
            if step.edit.rule == "include":
                at = min((a for path, a in types if path == step.path), default=at)
            steps.append((at, step))
        self._take(draft, steps)

    def _named(self, function: Function) -> int | None:
        for index, plan in enumerate(self._plans):
            if f"{function}()" in plan.takes:
                return index
        return None

    # Cutting.

    def _bridge(self, spread: Mapping[Owner, int]) -> bool:
        """Put conversions where values cross from patch to patch; False where that cannot be."""
        if len(set(spread.values())) < 2:
            return True
        settings = self._migration.settings
        name = settings.conversion("to_word")
        bridges: list[tuple[int, int, FactSite]] = []
        for entity, at in spread.items():
            assert isinstance(entity, Entity)
            for site in settings.graph.facts(entity).inflows:
                source = settings.graph.entity_of(site.path, bare(site.node))
                before = spread.get(source) if source is not None else None
                if before is None or before == at:
                    continue
                if before > at or name is None or not self._has(name):
                    text = f"{source} goes to {entity}, which changes before it"
                    self._migration.warnings.append(f"patches are not cut apart: {text}")
                    return False
                bridges.append((before, at, site))
        for before, at, site in bridges:
            assert name is not None
            start, end = site.node.start, site.node.end
            opening = Edit(start, start, name + b"(", "until a later patch")
            for edit in (opening, Edit(end, end, b")", "until a later patch")):
                step = EditStep(site.path, edit, Phase.CUT)
                self._taken[before].added.append(step)
                self._taken[at].dropped.append(step)
        return True

    def _has(self, name: bytes) -> bool:
        """Whether the tree has a conversion by then."""
        conversion = self._migration.settings.conversions.get("to_word")
        added = name.decode() in self._migration.used_conversions()
        return conversion is not None and (not conversion.text or added)

    # Making drafts.

    def _made(self, plan: PatchPlan, taken: _Taken) -> Draft:
        steps = [step for _, step in taken.steps]
        kinds = list(dict.fromkeys(kind for kind, _ in taken.steps))
        why = "the recipe has it so"
        draft = Draft(plan.subject, why, [*steps, *taken.added], body=plan.why, is_whole=True)
        draft.subjects = tuple(dict.fromkeys(taken.subjects))
        draft.dropped = taken.dropped
        draft.kind = kinds[0] if len(kinds) == 1 else GroupKind.OTHER
        return draft

    def _check_order(self) -> None:
        """Raise `MigrationError` for a patch that needs what a later one brings."""
        self._check_unions()
        highest, by = 0, ""
        for plan, taken in zip(self._plans, self._taken, strict=True):
            ranks = [_RANK[kind] for kind, _ in taken.steps if kind in _RANK]
            if ranks and min(ranks) < highest:
                lowest = next(k for k, _ in taken.steps if _RANK.get(k) == min(ranks))
                raise self._wrong(plan, f"{lowest} come after {by}, which need them")
            if ranks and max(ranks) > highest:
                highest = max(ranks)
                by = next(k for k, _ in taken.steps if _RANK.get(k) == highest)

    def _check_unions(self) -> None:
        """Raise `MigrationError` where a struct's new member is used before it is there."""
        for (_, where), name in self._migration.trial.unions.items():
            used = re.compile(rb"(?:->|\.)" + re.escape(name) + rb"\b")
            at = 0
            for index, taken in enumerate(self._taken):
                if any(k == "union" and s.path == where for k, s in taken.steps):
                    at = index
            for taken in self._taken[:at]:
                if any(s.path == where and used.search(s.edit.text) for _, s in taken.steps):
                    raise self._wrong(self._plans[at], f"union comes after uses of it in {where}")

    def _wrong(self, plan: PatchPlan, what: str) -> MigrationError:
        recipe = self._migration.recipe
        place = f"{recipe.path or recipe.name}:{plan.line}"
        return MigrationError("bad-recipe", place, what, "put the [[patch]] before those")


def _spread(
    named: Mapping[Owner, int], owners: Sequence[Owner], links: Sequence[tuple[Owner, Owner]]
) -> dict[Owner, int]:
    """Give each owner the patch of the nearest that is named, the earlier of two as near."""
    beside: dict[Owner, list[Owner]] = {}
    for one, other in links:
        beside.setdefault(one, []).append(other)
        beside.setdefault(other, []).append(one)
    found = dict(sorted(named.items(), key=lambda item: item[1]))
    waiting = deque(found)
    while waiting:
        owner = waiting.popleft()
        for neighbour in beside.get(owner, ()):
            if neighbour not in found and not isinstance(neighbour, Member):
                found[neighbour] = found[owner]
                waiting.append(neighbour)
    first = min(named.values())
    return {owner: found.get(owner, first) for owner in owners}


def unused(migration: Migration) -> Iterator[str]:
    """Yield the functions and files that a recipe's patches take and that nothing changes."""
    changed = {path for group in migration.groups for path in group.changes}
    names = {str(e.function) for e in migration.trial.migrating if isinstance(e, Parameter)}
    names |= {str(e.function) for e in migration.trial.narrowed}
    for plan in migration.recipe.patches:
        for one in plan.takes:
            known = one.removesuffix("()") in names if one.endswith("()") else True
            if "/" in one or one.endswith((".c", ".h")):
                known = any(path == one or path.startswith(one) for path in changed)
            if not known:
                yield f"[[patch]] in line {plan.line}: nothing changes {one}"
