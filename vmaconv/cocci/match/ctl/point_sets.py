# SPDX-License-Identifier: GPL-2.0-only
"""Where on a graph a formula holds, or may hold, as sets of points.

In: a formula, and values of its free variables. Out: for a flat formula the points where it holds;
for any other a set that has them all, which is empty where a part of the pattern that is needed
matches nowhere. What that comes to for each operator is in `operator_table`.
"""

from __future__ import annotations

from collections.abc import Callable

from vmaconv.cocci.match.atom.parts import Ground
from vmaconv.cocci.match.ctl.memo import Kept
from vmaconv.cocci.match.ctl.operator_table import BARE, OPERATORS
from vmaconv.cocci.match.ctl.point_operators import part_of
from vmaconv.cocci.match.ctl.witness import Answer, Known, Values
from vmaconv.cocci.match.graph.formula import Atom, Formula, Not

At = Callable[[Formula, int, Values], list[Answer]]
"""Returns the ways in which a formula holds at a point."""


class Places:
    """Sets of points of one graph; `at` decides what is not to be told from the graph."""

    def __init__(self, ground: Ground, at: At, kept: Callable[[Formula], Kept]) -> None:
        """`kept` gives the store for what is found out about a formula."""
        self.graph = ground.graph
        self.room = ground.state.ways
        self.at = at
        self._inherited = ground.inherited
        self._kept = kept

    def let_go(self) -> None:
        """Let go of whoever decides; nothing is asked any more."""
        self.at = decides_nothing
        self._kept = _keeps_nothing

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
            found = sets[key] = OPERATORS[kind].candidates(self, formula, values)
        return found

    def of_atom(self, formula: Formula, values: Values) -> int:
        """Return a set of points that has all at which an atom holds."""
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
            found = kept.held[key] = OPERATORS[type(formula)].holds(self, formula, number, values)
        return found

    def points(self, formula: Formula, values: Values) -> int:
        """Return where a flat formula holds whose free variables have values."""
        key: object = id(formula)
        if formula.free:
            key = (key, projected(formula, values))
        where = self._kept(formula).where
        found = where.get(key)
        if found is None:
            found = where[key] = OPERATORS[type(formula)].points(self, formula, values)
        return found

    def settled(self, formula: Formula, values: Values) -> bool:
        """Whether where a formula holds is a set of points, and no more is to be said."""
        if not formula.flat or not formula.quiet:
            return False
        return not formula.free or all(isinstance(values.get(name), Known) for name in formula.free)


def decides_nothing(_formula: Formula, _number: int, _values: Values) -> list[Answer]:
    """Take the place of what was let go of."""
    raise AssertionError("asked after the search")


def _keeps_nothing(_formula: Formula) -> Kept:
    raise AssertionError("asked after the search")


def projected(formula: Formula, values: Values) -> object:
    """Return what decides whether a formula may hold differently under other values."""
    if not formula.free or not values:
        return ()
    return tuple(
        (name, value.key if isinstance(value, Known) else value)
        for name, value in values.items()
        if name in formula.free
    )
