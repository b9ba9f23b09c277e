# SPDX-License-Identifier: GPL-2.0-only
"""The points of a graph where a formula holds, or may hold, as sets.

In: a formula, and values of its free variables. Out: for a flat formula the points where it holds;
for any other a set that has them all, which is empty where a part of the pattern that is needed
matches nowhere. What that comes to for each operator is in `operator_table`.
"""

from __future__ import annotations

from vmaconv.cocci.match.atom.parts import Ground, Part
from vmaconv.cocci.match.attempt.value import BoundValue
from vmaconv.cocci.match.ctl.decider import Decider
from vmaconv.cocci.match.ctl.memo import Stores
from vmaconv.cocci.match.ctl.operator_table import BARE, OPERATORS
from vmaconv.cocci.match.ctl.point_operators import part_of
from vmaconv.cocci.match.ctl.witness import Answer, Known, Values
from vmaconv.cocci.match.graph.formula import Atom, Formula, Not
from vmaconv.cocci.smpl.mentions import Name


class Places:
    """Sets of points of one graph; the decider is asked what is not to be told from the graph."""

    def __init__(self, ground: Ground, decider: Decider, stores: Stores) -> None:
        self.graph = ground.graph
        self.room = ground.state.ways
        self._decider = decider
        self._inherited = ground.inherited
        self._stores = stores

    def let_go(self) -> None:
        """Let go of whoever decides; nothing is asked any more."""
        self._decider = Decider()

    def at(self, formula: Formula, number: int, values: Values) -> list[Answer]:
        """Return the ways in which a formula holds at a point."""
        return self._decider.at(formula, number, values)

    def candidates(self, formula: Formula, values: Values) -> int:
        """Return a set of points that has all at which a formula holds.

        It is empty if some part of the pattern that is needed sooner or later matches nowhere at
        all.
        """
        kind = type(formula)
        if kind is Atom:
            return self.of_part(part_of(formula), values)
        if kind in BARE:
            if formula.free <= values.keys():
                return self.points(formula, values)
            return self.graph.everything
        key = (formula, projected(formula, values))
        kept = self._stores.of(formula).candidates
        found = kept.get(key)
        if found is None:
            found = kept[key] = OPERATORS[kind].candidates(self, formula, values)
        return found

    def of_part(self, part: Part, values: Values) -> int:
        """Return a set of points that has all at which a part of the pattern matches."""
        needed: dict[Name, BoundValue] = {}
        key: object = part
        if values and part.needed:
            keys: list[object] = [part]
            for name in part.needed:
                value = values.get(name)
                if isinstance(value, Known):
                    keys.append(value.key)
                    if value.value is not None:
                        needed[name] = value.value
                else:
                    keys.append(None)
            key = tuple(keys)
        kept = self._stores.of_part(part).matching
        found = kept.get(key)
        if found is None:
            found = kept[key] = part.candidates(self.graph, needed, self._inherited)
        return found

    def holds(self, formula: Formula, number: int, values: Values) -> bool:
        """Whether a formula whose place is `settled` holds at a point.

        It is decided only at the points that a search comes to.
        """
        if type(formula) in BARE:
            return self.points(formula, values) >> number & 1 == 1
        if type(formula) is not Not and not self.candidates(formula, values) >> number & 1:
            return False
        kept = self._stores.of(formula)
        given = projected(formula, values)
        where = kept.where.get((formula, given) if formula.free else formula)
        if where is not None:
            return where >> number & 1 == 1
        key = (formula, number, given)
        found = kept.held.get(key)
        if found is None:
            found = kept.held[key] = OPERATORS[type(formula)].holds(self, formula, number, values)
        return found

    def points(self, formula: Formula, values: Values) -> int:
        """Return where a flat formula holds whose free variables have values."""
        key: object = formula
        if formula.free:
            key = (formula, projected(formula, values))
        where = self._stores.of(formula).where
        found = where.get(key)
        if found is None:
            found = where[key] = OPERATORS[type(formula)].points(self, formula, values)
        return found

    def settled(self, formula: Formula, values: Values) -> bool:
        """Whether where a formula holds is a set of points, and no more is to be said."""
        if not formula.flat or not formula.quiet:
            return False
        return all(isinstance(values.get(name), Known) for name in formula.free)


def projected(formula: Formula, values: Values) -> object:
    """Return what decides whether a formula may hold differently under other values."""
    if not values or not formula.free:
        return ()
    some = False
    found: list[object] = []
    for name in formula.free:
        value = values.get(name)
        if value is None:
            found.append(None)
        else:
            some = True
            found.append(value.key if isinstance(value, Known) else value)
    return tuple(found) if some else ()
