"""Deciding formulas on a control-flow graph.

In: a formula and a `Ground`. Out: the points at which it holds, each with the ways in which it does. A formula
is decided only where it matters: from the points at which its first part can hold, forwards. What is known
by then is put in at once, so that few points have to be looked at.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from vmaconv.match.cfg import members
from vmaconv.match.formula import (
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
from vmaconv.match.parts import Found, Ground, Part, known
from vmaconv.match.until import Paths
from vmaconv.match.value import Name, Value
from vmaconv.match.witness import (
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

LIMIT = 500
"""How many ways in which one formula holds at one point are looked at."""


class Checker:
    """Decides formulas on one ground."""

    def __init__(self, ground: Ground) -> None:
        self.ground = ground
        self.graph = ground.graph
        self._answers: dict[object, list[Answer]] = {}
        self._sets: dict[object, int] = {}
        self._where: dict[object, int] = {}
        self._found: dict[object, list[Found]] = {}
        self._paths = Paths(self)

    def answers(self, formula: Formula) -> Iterator[tuple[int, Answer]]:
        """Yield the points at which a formula holds, and how."""
        for number in members(self.candidates(formula, NOTHING)):
            for answer in self.at(formula, number, NOTHING):
                yield number, answer

    def at(self, formula: Formula, number: int, values: Values) -> list[Answer]:
        """Return the ways in which a formula holds at a point, given values of its free variables."""
        kind = type(formula)
        if kind in _CHEAP:
            return _DECIDE[kind](self, formula, number, values)
        key = (id(formula), number, self._projected(formula, values))
        found = self._answers.get(key)
        if found is None:
            found = self._answers[key] = _DECIDE[kind](self, formula, number, values)
        return found

    def _projected(self, formula: Formula, values: Values) -> object:
        if not formula.free or not values:
            return ()
        return tuple(
            (name, value.key if isinstance(value, Known) else value)
            for name, value in values.items()
            if name in formula.free
        )

    # Sets of points.

    def candidates(self, formula: Formula, values: Values) -> int:
        """Return a set of points that has all at which a formula holds.

        It is empty if some part of the pattern that is needed sooner or later matches nowhere at all.
        """
        kind = type(formula)
        if kind is Atom:
            return self._atom_candidates(formula, values)
        if kind in _BARE:
            if formula.free <= values.keys():
                return self.points(formula, values)
            return self.graph.everything
        key = (id(formula), "candidates", self._projected(formula, values))
        found = self._sets.get(key)
        if found is None:
            found = self._sets[key] = self._candidates(formula, values)
        return found

    def _candidates(self, formula: Formula, values: Values) -> int:
        match formula:
            case And():
                found = self.candidates(formula.left, values)
                return found & self.candidates(formula.right, values) if found else 0
            case Or() | First():
                first = self.candidates(formula.left, values)
                return first | self.candidates(formula.right, values)
            case Some() | Needs():
                return self.candidates(formula.inner, _without(values, formula.name))
            case Quiet() | Switched():
                return self.candidates(formula.inner, values)
            case NextAll() | NextSome() | BeforeAll() | BeforeSome():
                if not self.candidates(formula.inner, values):
                    return 0
            case UntilAll() | UntilSome():
                if not self.candidates(formula.right, values):
                    return 0
        return self.graph.everything

    def _atom_candidates(self, formula: Formula, values: Values) -> int:
        assert isinstance(formula, Atom)
        part = _part(formula)
        if not part.needed or not values:
            key: object = id(part)
            needed = {}
        else:
            needed = {
                name: value.value
                for name in part.needed
                if isinstance(value := values.get(name), Known) and value.value is not None
            }
            key = (id(part), tuple(v.key for v in needed.values()))
        found = self._sets.get(key)
        if found is None:
            found = self._sets[key] = part.candidates(self.graph, needed)
        return found

    def points(self, formula: Formula, values: Values) -> int:
        """Return the set of points at which a flat formula holds whose free variables have values."""
        key: object = id(formula)
        if formula.free:
            key = (key, self._projected(formula, values))
        found = self._where.get(key)
        if found is None:
            found = self._where[key] = self._points(formula, values)
        return found

    def _points(self, formula: Formula, values: Values) -> int:
        graph = self.graph
        everything = graph.everything
        match formula:
            case Always() | Marked():
                return everything
            case Never():
                return 0
            case Points():
                return graph.of_kind(*formula.kinds)
            case Escaping():
                return graph.escaping
            case Copied():
                return graph.copies
            case LabelIs():
                return graph.labelled(_label(formula.name, values))
            case Within():
                return graph.within(_label(formula.name, values))
            case JumpFrom():
                return graph.jumps(_label(formula.name, values))
            case Brace():
                return graph.braces(_brace(formula.name, values))
            case Not():
                return everything & ~self.points(formula.inner, values)
            case And():
                found = self.points(formula.left, values)
                return found & self.points(formula.right, values) if found else 0
            case Or() | First():
                return self.points(formula.left, values) | self.points(formula.right, values)
            case Quiet() | Switched():
                return self.points(formula.inner, values)
            case NextSome():
                return step(self.points(formula.inner, values), graph.all_predecessors)
            case BeforeSome():
                return step(self.points(formula.inner, values), graph.all_successors)
            case NextAll():
                others = everything & ~self.points(formula.inner, values)
                return everything & ~step(others, graph.predecessors)
            case BeforeAll():
                others = everything & ~self.points(formula.inner, values)
                return everything & ~step(others, graph.direct)
            case Henceforth():
                others = everything & ~self.points(formula.inner, values)
                return everything & ~flood(others, graph.predecessors)
            case Hitherto():
                others = everything & ~self.points(formula.inner, values)
                return everything & ~flood(others, graph.direct)
        found = 0
        for number in members(self.candidates(formula, values)):
            if self.at(formula, number, values):
                found |= 1 << number
        return found

    def settled(self, formula: Formula, values: Values) -> bool:
        """Whether where a formula holds is a set of points, and no more is to be said."""
        if not formula.flat or not formula.quiet:
            return False
        return not formula.free or all(isinstance(values.get(name), Known) for name in formula.free)

    # Atoms.

    def _atom(self, formula: Formula, number: int, values: Values) -> list[Answer]:
        assert isinstance(formula, Atom)
        if not self._atom_candidates(formula, values) >> number & 1:
            return FAILS
        out: list[Answer] = []
        for found in self._find(_part(formula), number, values):
            new = _extended(found.bindings, values)
            if new is not None:
                out.append(Answer(new, None if formula.quiet else found))
        if formula.quiet and len(out) > 1:
            return HOLDS if any(not answer.values for answer in out) else distinct(out)
        return out

    def _find(self, part: Part, number: int, values: Values) -> list[Found]:
        bound: dict[Name, Value] = {}
        if not part.independent:
            for name in part.names:
                value = values.get(name)
                if isinstance(value, Known) and value.value is not None:
                    bound[name] = value.value
        key = (id(part), number, tuple(known(value) for value in bound.values()))
        found = self._found.get(key)
        if found is None:
            found = self._found[key] = part.find(number, self.ground, bound)
        return found

    def _point(self, formula: Formula, number: int, values: Values) -> list[Answer]:
        return HOLDS if self.points(formula, values) >> number & 1 else FAILS

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
        if self.settled(inner, values):
            return FAILS if self.points(inner, values) >> number & 1 else HOLDS
        found = self.at(inner, number, values)
        return negated(found, LIMIT) if found else HOLDS

    def _and(self, formula: Formula, number: int, values: Values) -> list[Answer]:
        assert isinstance(formula, And)
        out: list[Answer] = []
        for first in self.at(formula.left, number, values):
            seen = _over(values, first.values)
            rest = self.at(formula.right, number, seen)
            out += product([first], rest, LIMIT) if first is not YES else rest
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
        others = negated(first, LIMIT)
        if not others:
            return first
        out = list(first)
        for other in others:
            seen = _over(values, other.values)
            out += product([other], self.at(formula.right, number, seen), LIMIT)
        return out

    def _some(self, formula: Formula, number: int, values: Values) -> list[Answer]:
        assert isinstance(formula, Some)
        name = formula.name
        found = self.at(formula.inner, number, _without(values, name))
        if not any(name in answer.values for answer in found):
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
        for answer in self.at(formula.inner, number, _without(values, formula.name)):
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

    def _all(self, inner: Formula, numbers: list[int], values: Values) -> list[Answer]:
        if not numbers:
            return FAILS
        out = self.at(inner, numbers[0], values)
        for number in numbers[1:]:
            if not out:
                return FAILS
            out = product(out, self.at(inner, number, values), LIMIT)
        return out

    def _next_some(self, formula: Formula, number: int, values: Values) -> list[Answer]:
        assert isinstance(formula, NextSome)
        return self._any(formula.inner, self.graph.all_successors[number], values)

    def _before_some(self, formula: Formula, number: int, values: Values) -> list[Answer]:
        assert isinstance(formula, BeforeSome)
        return self._any(formula.inner, self.graph.all_predecessors[number], values)

    def _any(self, inner: Formula, numbers: list[int], values: Values) -> list[Answer]:
        if self.settled(inner, values):
            wanted = self.points(inner, values)
            return HOLDS if any(wanted >> n & 1 for n in numbers) else FAILS
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
        return self._throughout(formula.inner, number, values, self.graph.direct)

    def _hitherto(self, formula: Formula, number: int, values: Values) -> list[Answer]:
        assert isinstance(formula, Hitherto)
        return self._throughout(formula.inner, number, values, self.graph.predecessors)

    def _everywhere(self, formula: Formula, number: int, values: Values) -> list[Answer]:
        assert isinstance(formula, Everywhere)
        return self._throughout(formula.inner, number, values, self.graph.all_successors)

    def _throughout(
        self, inner: Formula, number: int, values: Values, edges: list[list[int]]
    ) -> list[Answer]:
        out = HOLDS
        for other in reached(number, edges):
            here = self.at(inner, other, values)
            if here is not HOLDS:
                out = product(out, here, LIMIT)
            if not out:
                return FAILS
        return out


def step(points: int, edges: list[list[int]]) -> int:
    """Return where edges lead to from a set of points."""
    found = 0
    for number in members(points):
        for other in edges[number]:
            found |= 1 << other
    return found


def flood(points: int, edges: list[list[int]]) -> int:
    """Return a set of points and all that edges lead to from there."""
    found = points
    waiting = list(members(points))
    for number in waiting:
        for other in edges[number]:
            if not found >> other & 1:
                found |= 1 << other
                waiting.append(other)
    return found


def reached(number: int, edges: list[list[int]]) -> list[int]:
    """Return a point and all that edges lead to from there, in the order in which they are met."""
    found = [number]
    seen = {number}
    for one in found:
        for other in edges[one]:
            if other not in seen:
                seen.add(other)
                found.append(other)
    return found


def _part(formula: Atom) -> Part:
    part = formula.part
    assert isinstance(part, Part)
    return part


def _label(name: Name, values: Values) -> tuple[int, ...]:
    value = values[name]
    assert isinstance(value, Known) and isinstance(value.key, tuple)
    return value.key


def _brace(name: Name, values: Values) -> int:
    value = values[name]
    assert isinstance(value, Known) and isinstance(value.key, int)
    return value.key


def _without(values: Values, name: Name) -> Values:
    if name not in values:
        return values
    return {n: v for n, v in values.items() if n != name}


def _over(values: Values, new: Values) -> Values:
    """Return `values` with what an answer adds; what it adds agrees with them."""
    if not new:
        return values
    found = merged(values, new)
    assert found is not None
    return found


def _extended(bindings: Mapping[Name, Value], values: Values) -> Values | None:
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
_BARE: frozenset[type[Formula]] = frozenset(
    {Always, Brace, Copied, Escaping, JumpFrom, LabelIs, Marked, Never, Points, Within}
)
"""Formulas that are decided by looking at the point alone."""

_CHEAP = _BARE | {Atom}
