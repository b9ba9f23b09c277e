# SPDX-License-Identifier: GPL-2.0-only
"""Where on a graph a formula holds, or may hold, as sets of points.

In: a formula, and values of its free variables. Out: for a flat formula the points where it holds;
for any other a set that has them all, which is empty where a part of the pattern that is needed
matches nowhere.
"""

from __future__ import annotations

from collections.abc import Callable

from vmaconv.cocci.match.atom.parts import Ground, Part
from vmaconv.cocci.match.ctl.memo import Kept
from vmaconv.cocci.match.ctl.witness import Answer, Known, Values
from vmaconv.cocci.match.graph.cfg import Edges, flood, members, step
from vmaconv.cocci.match.graph.formula import (
    Always,
    And,
    Atom,
    BeforeAll,
    BeforeSome,
    Brace,
    Copied,
    Escaping,
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

At = Callable[[Formula, int, Values], list[Answer]]
"""Returns the ways in which a formula holds at a point."""


class Places:
    """Sets of points of one graph; `at` decides what is not to be told from the graph."""

    def __init__(self, ground: Ground, at: At, kept: Callable[[Formula], Kept]) -> None:
        """`kept` gives the store for what is found out about a formula."""
        self.graph = ground.graph
        self.room = ground.state.ways
        self._at = at
        self._inherited = ground.inherited
        self._kept = kept

    def candidates(self, formula: Formula, values: Values) -> int:
        """Return a set of points that has all at which a formula holds.

        It is empty if some part of the pattern that is needed sooner or later matches nowhere at
        all.
        """
        kind = type(formula)
        if kind is Atom:
            return self.of_atom(formula, values)
        if kind in BARE:
            if formula.free <= values.keys():
                return self.points(formula, values)
            return self.graph.everything
        key = (id(formula), "candidates", projected(formula, values))
        sets = self._kept(formula).sets
        found = sets.get(key)
        if found is None:
            found = sets[key] = self._candidates(formula, values)
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
                return self.candidates(formula.inner, without(values, formula.name))
            case Quiet() | Switched():
                return self.candidates(formula.inner, values)
            case NextSome():
                return self._beside(formula.inner, values, self.graph.all_predecessors)
            case BeforeSome():
                return self._beside(formula.inner, values, self.graph.all_successors)
            case NextAll() | BeforeAll():
                if not self.candidates(formula.inner, values):
                    return 0
            case UntilAll() | UntilSome():
                if not self.candidates(formula.right, values):
                    return 0
        return self.graph.everything

    def _beside(self, inner: Formula, values: Values, edges: Edges) -> int:
        found = self.candidates(inner, values)
        everything = self.graph.everything
        return found if found in (0, everything) else step(found, edges)

    def of_atom(self, formula: Formula, values: Values) -> int:
        """Return a set of points that has all at which an atom holds."""
        assert isinstance(formula, Atom)
        part = part_of(formula)
        key: object = id(part)
        if values and part.needed:
            keys = [v.key if isinstance(v := values.get(n), Known) else None for n in part.needed]
            key = (key, *keys)
        sets = self._kept(formula).sets
        found = sets.get(key)
        if found is None:
            known = ((name, values.get(name)) for name in part.needed)
            needed = {
                name: value.value
                for name, value in known
                if isinstance(value, Known) and value.value is not None
            }
            found = sets[key] = part.candidates(self.graph, needed, self._inherited)
        return found

    def holds(self, formula: Formula, number: int, values: Values) -> bool:
        """Whether a formula whose place is `settled` holds at a point.

        It is decided only at the points that a search comes to.
        """
        if type(formula) in BARE:
            return self.points(formula, values) >> number & 1 == 1
        if type(formula) is not Not and not self.candidates(formula, values) >> number & 1:
            return False
        kept = self._kept(formula)
        given = projected(formula, values)
        where = kept.where.get((id(formula), given) if formula.free else id(formula))
        if where is not None:
            return where >> number & 1 == 1
        key = (id(formula), number, given)
        found = kept.held.get(key)
        if found is None:
            found = kept.held[key] = self._holds(formula, number, values)
        return found

    def _holds(self, formula: Formula, number: int, values: Values) -> bool:
        graph = self.graph
        match formula:
            case Not():
                return not self.holds(formula.inner, number, values)
            case And():
                left = self.holds(formula.left, number, values)
                return left and self.holds(formula.right, number, values)
            case Or() | First():
                left = self.holds(formula.left, number, values)
                return left or self.holds(formula.right, number, values)
            case Quiet() | Switched():
                return self.holds(formula.inner, number, values)
            case NextSome():
                others = graph.all_successors[number]
                return any(self.holds(formula.inner, n, values) for n in others)
            case BeforeSome():
                others = graph.all_predecessors[number]
                return any(self.holds(formula.inner, n, values) for n in others)
            case NextAll() | BeforeAll() | Henceforth() | Hitherto():
                return self.points(formula, values) >> number & 1 == 1
        return bool(self._at(formula, number, values))

    def points(self, formula: Formula, values: Values) -> int:
        """Return where a flat formula holds whose free variables have values."""
        key: object = id(formula)
        if formula.free:
            key = (key, projected(formula, values))
        where = self._kept(formula).where
        found = where.get(key)
        if found is None:
            found = where[key] = self._points(formula, values)
        return found

    def _points(self, formula: Formula, values: Values) -> int:
        if type(formula) in BARE:
            return self._of_bare(formula, values)
        everything = self.graph.everything
        match formula:
            case Not():
                return everything & ~self.points(formula.inner, values)
            case And():
                found = self.points(formula.left, values)
                if found.bit_count() * 4 < len(self.graph.points):
                    right = formula.right
                    return sum(1 << n for n in members(found) if self.holds(right, n, values))
                return found & self.points(formula.right, values)
            case Or() | First():
                return self.points(formula.left, values) | self.points(formula.right, values)
            case Quiet() | Switched():
                return self.points(formula.inner, values)
            case NextSome() | BeforeSome() | NextAll() | BeforeAll() | Henceforth() | Hitherto():
                return self._of_neighbours(formula, self.points(formula.inner, values))
        found = 0
        for number in members(self.candidates(formula, values)):
            if self._at(formula, number, values):
                found |= 1 << number
        return found

    def _of_bare(self, formula: Formula, values: Values) -> int:
        graph = self.graph
        match formula:
            case Always() | Marked():
                return graph.everything
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
        return 0

    def _of_neighbours(self, formula: Formula, inner: int) -> int:
        """Return where a formula about neighbours holds; its part holds at `inner`."""
        graph = self.graph
        others = graph.everything & ~inner
        match formula:
            case NextSome():
                return step(inner, graph.all_predecessors)
            case BeforeSome():
                return step(inner, graph.all_successors)
            case NextAll():
                return graph.everything & ~step(others, graph.predecessors)
            case BeforeAll():
                return graph.everything & ~step(others, graph.direct)
            case Henceforth():
                return graph.everything & ~flood(others, graph.predecessors)
            case Hitherto():
                return graph.everything & ~flood(others, graph.direct)
        raise AssertionError(formula)

    def settled(self, formula: Formula, values: Values) -> bool:
        """Whether where a formula holds is a set of points, and no more is to be said."""
        if not formula.flat or not formula.quiet:
            return False
        return not formula.free or all(isinstance(values.get(name), Known) for name in formula.free)


def projected(formula: Formula, values: Values) -> object:
    """Return what decides whether a formula may hold differently under other values."""
    if not formula.free or not values:
        return ()
    return tuple(
        (name, value.key if isinstance(value, Known) else value)
        for name, value in values.items()
        if name in formula.free
    )


def part_of(formula: Atom) -> Part:
    """Return the part of the pattern that an atom is about."""
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


def without(values: Values, name: Name) -> Values:
    """Return `values` less that of `name`."""
    if name not in values:
        return values
    return {n: v for n, v in values.items() if n != name}


BARE: frozenset[type[Formula]] = frozenset(
    {Always, Brace, Copied, Escaping, JumpFrom, LabelIs, Marked, Never, Points, Within}
)
"""Formulas that are decided by looking at the point alone."""
