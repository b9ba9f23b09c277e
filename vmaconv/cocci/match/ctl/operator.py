# SPDX-License-Identifier: GPL-2.0-only
"""The interface of an operator of the logic: the four questions that are asked of a formula.

In: nothing; this is a base class. Out: `Operator`, with the answers that hold for most.
`operator_table` has the operator of each formula.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmaconv.cocci.match.ctl.witness import FAILS, HOLDS, Answer, Values
from vmaconv.cocci.match.graph.cfg import members
from vmaconv.cocci.match.graph.formula import Formula

if TYPE_CHECKING:
    from vmaconv.cocci.match.ctl.checker import Checker
    from vmaconv.cocci.match.ctl.point_sets import Places


class Operator:
    """One operator; it knows no formula, no graph and no values but those that it is asked about."""

    def decide(
        self, checker: Checker, formula: Formula, number: int, values: Values
    ) -> list[Answer]:
        """Return the ways in which a formula holds at a point."""
        return HOLDS if checker.places.points(formula, values) >> number & 1 else FAILS

    def candidates(self, places: Places, _formula: Formula, _values: Values) -> int:
        """Return a set of points that has all at which a formula holds.

        It is empty if some part of the pattern that is needed sooner or later matches nowhere.
        """
        return places.graph.everything

    def holds(self, places: Places, formula: Formula, number: int, values: Values) -> bool:
        """Whether a formula that leaves no values and no witness holds at a point."""
        return bool(places.at(formula, number, values))

    def points(self, places: Places, formula: Formula, values: Values) -> int:
        """Return where a flat formula holds whose free variables have values."""
        found = 0
        for number in members(places.candidates(formula, values)):
            if places.at(formula, number, values):
                found |= 1 << number
        return found
