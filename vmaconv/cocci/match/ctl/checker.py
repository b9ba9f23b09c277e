# SPDX-License-Identifier: GPL-2.0-only
"""Deciding formulas on a control-flow graph.

In: a formula and a `Ground`. Out: the points at which it holds, each with the ways in which it
does. A formula is decided only where it matters: from the points at which its first part can hold,
forwards. What is known by then is put in at once, so that few points have to be looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

from vmaconv.cocci.match.atom.parts import Ground, Part, PartMatch, known
from vmaconv.cocci.match.attempt.value import BoundValue
from vmaconv.cocci.match.ctl.memo import Kept
from vmaconv.cocci.match.ctl.point_sets import BARE, Places, part_of, projected, without
from vmaconv.cocci.match.ctl.until import Paths
from vmaconv.cocci.match.ctl.witness import (
    FAILS,
    HOLDS,
    NOTHING,
    YES,
    Answer,
    Bound,
    Excluded,
    Known,
    Values,
    distinct,
    merged,
    negated,
    product,
)
from vmaconv.cocci.match.graph.cfg import Edges, members
from vmaconv.cocci.match.graph.formula import (
    Always,
    And,
    Atom,
    BeforeAll,
    BeforeSome,
    Brace,
    Copied,
    Escaping,
    Everywhere,
    First,
    Formula,
    Henceforth,
    Hitherto,
    JumpFrom,
    LabelIs,
    Marked,
    Needs,
    Never,
    NextAll,
    NextSome,
    Not,
    Or,
    Points,
    Quiet,
    Some,
    Switched,
    UntilAll,
    UntilSome,
    Within,
)
from vmaconv.cocci.smpl.mentions import Name


class Checker:
    """Decides formulas on one ground."""

    def __init__(self, ground: Ground, closed: frozenset[int], kept: Kept) -> None:
        """`kept` is told of what holds whatever is inherited: of the formulas whose ids are in
        `closed`.
        """
        self.ground = ground
        self.graph = ground.graph
        self._closed = closed
        self._shared = kept
        self._own = Kept() if ground.inherited else kept
        self.places = Places(ground, self.at, self._kept)
        self._paths = Paths(self.places, self.at)

    def _kept(self, formula: Formula) -> Kept:
        return self._shared if id(formula) in self._closed else self._own

    def answers(self, formula: Formula) -> Iterator[tuple[int, Answer]]:
        """Yield the points at which a formula holds, and how."""
        for number in members(self.places.candidates(formula, NOTHING)):
            for answer in self.at(formula, number, NOTHING):
                yield number, answer

    def occurs(self, part: Part) -> bool:
        """Whether a part of the pattern matches anywhere."""
        found = part.candidates(self.graph, {}, self.ground.inherited)
        return any(self._find(part, number, NOTHING) for number in members(found))

    def at(self, formula: Formula, number: int, values: Values) -> list[Answer]:
        """Return the ways in which a formula holds at a point under `values`."""
        kind = type(formula)
        if kind in _CHEAP:
            return _DECIDE[kind](self, formula, number, values)
        if kind is Some and not self.places.candidates(formula, values) >> number & 1:
            return FAILS
        key = (id(formula), number, projected(formula, values))
        answers = (self._shared if id(formula) in self._closed else self._own).answers
        found = answers.get(key)
        if found is None:
            found = answers[key] = _DECIDE[kind](self, formula, number, values)
        return found

    # Atoms.

    def _atom(self, formula: Formula, number: int, values: Values) -> list[Answer]:
        assert isinstance(formula, Atom)
        if not self.places.of_atom(formula, values) >> number & 1:
            return FAILS
        out: list[Answer] = []
        for found in self._find(part_of(formula), number, values):
            new = _extended(found.bindings, values)
            if new is not None:
                out.append(Answer(new, None if formula.quiet else found))
        if formula.quiet and len(out) > 1:
            return HOLDS if any(not answer.values for answer in out) else distinct(out)
        return out

    def _find(self, part: Part, number: int, values: Values) -> list[PartMatch]:
        bound: dict[Name, BoundValue] = {}
        if not part.independent:
            for name in part.names:
                value = values.get(name)
                if isinstance(value, Known) and value.value is not None:
                    bound[name] = value.value
        key = (id(part), number, tuple(known(value) for value in bound.values()))
        kept = (self._shared if part.closed else self._own).found
        found = kept.get(key)
        if found is None:
            found = kept[key] = part.find(number, self.ground, bound)
        return found

    def _point(self, formula: Formula, number: int, values: Values) -> list[Answer]:
        return HOLDS if self.places.points(formula, values) >> number & 1 else FAILS

    def _label(self, formula: Formula, number: int, values: Values) -> list[Answer]:
        assert isinstance(formula, LabelIs)
        if formula.name in values:
            return self._point(formula, number, values)
        return [Answer({formula.name: Known(self.graph.points[number].label)})]

    def _brace(self, formula: Formula, number: int, values: Values) -> list[Answer]:
        assert isinstance(formula, Brace)
        brace = self.graph.points[number].brace
        if not brace:
            return FAILS
        bound = values.get(formula.name)
        if isinstance(bound, Known):
            return HOLDS if bound.key == brace else FAILS
        return [Answer({formula.name: Known(brace)})]

    def _marked(self, formula: Formula, _number: int, values: Values) -> list[Answer]:
        assert isinstance(formula, Marked)
        return HOLDS if formula.name in values else [Answer({formula.name: Known(True)})]

    # Connectives.

    def _not(self, formula: Formula, number: int, values: Values) -> list[Answer]:
        assert isinstance(formula, Not)
        inner = formula.inner
        if self.places.settled(inner, values):
            return FAILS if self.places.holds(inner, number, values) else HOLDS
        found = self.at(inner, number, values)
        return negated(found, self.ground.state.ways) if found else HOLDS

    def _and(self, formula: Formula, number: int, values: Values) -> list[Answer]:
        assert isinstance(formula, And)
        out: list[Answer] = []
        for first in self.at(formula.left, number, values):
            seen = _over(values, first.values)
            rest = self.at(formula.right, number, seen)
            out += product([first], rest, self.ground.state.ways) if first is not YES else rest
        return out

    def _or(self, formula: Formula, number: int, values: Values) -> list[Answer]:
        assert isinstance(formula, Or)
        first = self.at(formula.left, number, values)
        if first is HOLDS and formula.quiet:
            return first
        second = self.at(formula.right, number, values)
        if not first or not second:
            return first or second
        return distinct([*first, *second])

    def _first(self, formula: Formula, number: int, values: Values) -> list[Answer]:
        assert isinstance(formula, First)
        first = self.at(formula.left, number, values)
        if not first:
            return self.at(formula.right, number, values)
        others = negated(first, self.ground.state.ways)
        if not others:
            return first
        out = list(first)
        for other in others:
            seen = _over(values, other.values)
            out += product([other], self.at(formula.right, number, seen), self.ground.state.ways)
        return out

    def _some(self, formula: Formula, number: int, values: Values) -> list[Answer]:
        assert isinstance(formula, Some)
        name = formula.name
        found = self.at(formula.inner, number, without(values, name))
        if not found or not any(name in answer.values for answer in found):
            return found
        out = []
        for answer in found:
            value = answer.values.get(name)
            if isinstance(value, Excluded):
                # A variable that is nothing but some values is nothing.
                continue
            rest = {n: v for n, v in answer.values.items() if n != name}
            witness = answer.witness
            if value is not None and value.value is not None and witness is not None:
                witness = Bound(name, value.value, witness)
            out.append(Answer(rest, witness) if rest or witness is not None else YES)
        if len(out) < 2:
            return out if out != [YES] else HOLDS
        return distinct(out)

    def _needs(self, formula: Formula, number: int, values: Values) -> list[Answer]:
        assert isinstance(formula, Needs)
        out = []
        for answer in self.at(formula.inner, number, without(values, formula.name)):
            if formula.name in answer.values:
                rest = {n: v for n, v in answer.values.items() if n != formula.name}
                out.append(Answer(rest, answer.witness))
        return out

    def _quiet(self, formula: Formula, number: int, values: Values) -> list[Answer]:
        assert isinstance(formula, Quiet)
        found = self.at(formula.inner, number, values)
        if any(not answer.values for answer in found):
            return HOLDS
        return distinct(Answer(answer.values) for answer in found)

    def _switched(self, formula: Formula, number: int, values: Values) -> list[Answer]:
        assert isinstance(formula, Switched)
        return self.at(formula.inner, number, values)

    # Neighbours.

    def _next_all(self, formula: Formula, number: int, values: Values) -> list[Answer]:
        assert isinstance(formula, NextAll)
        return self._all(formula.inner, self.graph.direct[number], values)

    def _before_all(self, formula: Formula, number: int, values: Values) -> list[Answer]:
        assert isinstance(formula, BeforeAll)
        return self._all(formula.inner, self.graph.predecessors[number], values)

    def _all(self, inner: Formula, numbers: Sequence[int], values: Values) -> list[Answer]:
        if not numbers:
            return FAILS
        out = self.at(inner, numbers[0], values)
        for number in numbers[1:]:
            if not out:
                return FAILS
            out = product(out, self.at(inner, number, values), self.ground.state.ways)
        return out

    def _next_some(self, formula: Formula, number: int, values: Values) -> list[Answer]:
        assert isinstance(formula, NextSome)
        return self._any(formula.inner, self.graph.all_successors[number], values)

    def _before_some(self, formula: Formula, number: int, values: Values) -> list[Answer]:
        assert isinstance(formula, BeforeSome)
        return self._any(formula.inner, self.graph.all_predecessors[number], values)

    def _any(self, inner: Formula, numbers: Sequence[int], values: Values) -> list[Answer]:
        if self.places.settled(inner, values):
            return HOLDS if any(self.places.holds(inner, n, values) for n in numbers) else FAILS
        if len(numbers) == 1:
            return self.at(inner, numbers[0], values)
        return distinct(answer for n in numbers for answer in self.at(inner, n, values))

    # Paths.

    def _until_all(self, formula: Formula, number: int, values: Values) -> list[Answer]:
        assert isinstance(formula, UntilAll)
        return self._paths.all(formula, number, values)

    def _until_some(self, formula: Formula, number: int, values: Values) -> list[Answer]:
        assert isinstance(formula, UntilSome)
        return self._paths.some(formula, number, values)

    def _henceforth(self, formula: Formula, number: int, values: Values) -> list[Answer]:
        assert isinstance(formula, Henceforth)
        return self._throughout(formula, number, values, self.graph.direct)

    def _hitherto(self, formula: Formula, number: int, values: Values) -> list[Answer]:
        assert isinstance(formula, Hitherto)
        return self._throughout(formula, number, values, self.graph.predecessors)

    def _everywhere(self, formula: Formula, number: int, values: Values) -> list[Answer]:
        assert isinstance(formula, Everywhere)
        return self._throughout(formula, number, values, self.graph.all_successors)

    def _throughout(
        self,
        formula: Henceforth | Hitherto | Everywhere,
        number: int,
        values: Values,
        edges: Edges,
    ) -> list[Answer]:
        out = HOLDS
        others = reached(number, edges)
        for other in others:
            here = self.at(formula.inner, other, values)
            if here is not HOLDS:
                out = product(out, here, self.ground.state.ways)
            if not here:
                # No point from which this one is reached needs to be gone through again.
                self._keep(formula, values, reached(other, self._reverse(edges)), FAILS)
            if not out:
                return FAILS
        if out is HOLDS:
            self._keep(formula, values, others, HOLDS)
        return out

    def _reverse(self, edges: Edges) -> Edges:
        """Return edges backwards."""
        graph = self.graph
        if edges is graph.direct:
            return graph.predecessors
        return graph.direct if edges is graph.predecessors else graph.all_predecessors

    def _keep(
        self, formula: Formula, values: Values, numbers: Iterable[int], found: list[Answer]
    ) -> None:
        """Note what a formula comes to at several points."""
        answers, key = self._kept(formula).answers, projected(formula, values)
        for number in numbers:
            answers[id(formula), number, key] = found


def reached(number: int, edges: Edges) -> list[int]:
    """Return a point and all that edges lead to from there, in the order in which they are met."""
    found = [number]
    seen = {number}
    for one in found:
        for other in edges[one]:
            if other not in seen:
                seen.add(other)
                found.append(other)
    return found


def _over(values: Values, new: Values) -> Values:
    """Return `values` with what an answer adds; what it adds agrees with them."""
    if not new:
        return values
    found = merged(values, new)
    assert found is not None
    return found


def _extended(bindings: Mapping[Name, BoundValue], values: Values) -> Values | None:
    """Return what a part's bindings add to `values`, or None where they contradict them."""
    new: dict[Name, Known | Excluded] = {}
    for name, value in bindings.items():
        key = known(value)
        before = values.get(name)
        if isinstance(before, Known):
            if before.key != key:
                return None
        elif before is not None and key in before.keys:
            return None
        else:
            new[name] = Known(key, value)
    return new or NOTHING


_Decide = Callable[[Checker, Formula, int, Values], list[Answer]]

_DECIDE: dict[type[Formula], _Decide] = {
    Always: Checker._point,
    And: Checker._and,
    Atom: Checker._atom,
    BeforeAll: Checker._before_all,
    BeforeSome: Checker._before_some,
    Brace: Checker._brace,
    Copied: Checker._point,
    Escaping: Checker._point,
    Everywhere: Checker._everywhere,
    First: Checker._first,
    Henceforth: Checker._henceforth,
    Hitherto: Checker._hitherto,
    JumpFrom: Checker._point,
    LabelIs: Checker._label,
    Marked: Checker._marked,
    Needs: Checker._needs,
    Never: Checker._point,
    NextAll: Checker._next_all,
    NextSome: Checker._next_some,
    Not: Checker._not,
    Or: Checker._or,
    Points: Checker._point,
    Quiet: Checker._quiet,
    Some: Checker._some,
    Switched: Checker._switched,
    UntilAll: Checker._until_all,
    UntilSome: Checker._until_some,
    Within: Checker._point,
}
_CHEAP = BARE | {Atom}
