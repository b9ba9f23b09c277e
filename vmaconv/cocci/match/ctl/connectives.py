# SPDX-License-Identifier: GPL-2.0-only
"""Operators that put formulas at one point together: not, and, or, for some value.

In: a formula, a point, values. Out: as `operator` says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmaconv.cocci.match.ctl.operator import Operator
from vmaconv.cocci.match.ctl.witness import (
    FAILS,
    HOLDS,
    YES,
    Answer,
    Bound,
    Excluded,
    Values,
    distinct,
    negated,
    over,
    product,
    without,
)
from vmaconv.cocci.match.graph.cfg import members
from vmaconv.cocci.match.graph.formula import (
    And,
    First,
    Formula,
    Needs,
    Not,
    Or,
    Quiet,
    Some,
    Switched,
)

if TYPE_CHECKING:
    from vmaconv.cocci.match.ctl.checker import Checker
    from vmaconv.cocci.match.ctl.point_sets import Places


class NotOperator(Operator):
    """Holds where its part does not."""

    def decide(
        self, checker: Checker, formula: Formula, number: int, values: Values
    ) -> list[Answer]:
        assert isinstance(formula, Not)
        inner = formula.inner
        if checker.places.settled(inner, values):
            return FAILS if checker.places.holds(inner, number, values) else HOLDS
        found = checker.at(inner, number, values)
        return negated(found, checker.ground.state.ways) if found else HOLDS

    def holds(self, places: Places, formula: Formula, number: int, values: Values) -> bool:
        assert isinstance(formula, Not)
        return not places.holds(formula.inner, number, values)

    def points(self, places: Places, formula: Formula, values: Values) -> int:
        assert isinstance(formula, Not)
        return places.graph.everything & ~places.points(formula.inner, values)


class AndOperator(Operator):
    """Holds where both do; what the left one binds is known to the right one."""

    def decide(
        self, checker: Checker, formula: Formula, number: int, values: Values
    ) -> list[Answer]:
        assert isinstance(formula, And)
        out: list[Answer] = []
        for first in checker.at(formula.left, number, values):
            seen = over(values, first.values)
            rest = checker.at(formula.right, number, seen)
            out += product([first], rest, checker.ground.state.ways) if first is not YES else rest
        return out

    def candidates(self, places: Places, formula: Formula, values: Values) -> int:
        assert isinstance(formula, And)
        found = places.candidates(formula.left, values)
        return found & places.candidates(formula.right, values) if found else 0

    def holds(self, places: Places, formula: Formula, number: int, values: Values) -> bool:
        assert isinstance(formula, And)
        left = places.holds(formula.left, number, values)
        return left and places.holds(formula.right, number, values)

    def points(self, places: Places, formula: Formula, values: Values) -> int:
        assert isinstance(formula, And)
        found = places.points(formula.left, values)
        if found.bit_count() * 4 < len(places.graph.points):
            right = formula.right
            return sum(1 << n for n in members(found) if places.holds(right, n, values))
        return found & places.points(formula.right, values)


class OrOperator(Operator):
    """Holds where one of two does; `First`, which prefers the left one, at the same points."""

    def decide(
        self, checker: Checker, formula: Formula, number: int, values: Values
    ) -> list[Answer]:
        assert isinstance(formula, Or)
        first = checker.at(formula.left, number, values)
        if first is HOLDS and formula.quiet:
            return first
        second = checker.at(formula.right, number, values)
        if not first or not second:
            return first or second
        return distinct([*first, *second])

    def candidates(self, places: Places, formula: Formula, values: Values) -> int:
        assert isinstance(formula, (Or, First))
        first = places.candidates(formula.left, values)
        return first | places.candidates(formula.right, values)

    def holds(self, places: Places, formula: Formula, number: int, values: Values) -> bool:
        assert isinstance(formula, (Or, First))
        left = places.holds(formula.left, number, values)
        return left or places.holds(formula.right, number, values)

    def points(self, places: Places, formula: Formula, values: Values) -> int:
        assert isinstance(formula, (Or, First))
        return places.points(formula.left, values) | places.points(formula.right, values)


class FirstOperator(OrOperator):
    """Holds where the left one does, or else the right one."""

    def decide(
        self, checker: Checker, formula: Formula, number: int, values: Values
    ) -> list[Answer]:
        assert isinstance(formula, First)
        first = checker.at(formula.left, number, values)
        if not first:
            return checker.at(formula.right, number, values)
        ways = checker.ground.state.ways
        others = negated(first, ways)
        if not others:
            return first
        out = list(first)
        for other in others:
            seen = over(values, other.values)
            out += product([other], checker.at(formula.right, number, seen), ways)
        return out


class SomeOperator(Operator):
    """Holds for some value of a variable, which is not seen outside."""

    def decide(
        self, checker: Checker, formula: Formula, number: int, values: Values
    ) -> list[Answer]:
        assert isinstance(formula, Some)
        name = formula.name
        found = checker.at(formula.inner, number, without(values, name))
        if not found or not any(name in answer.values for answer in found):
            return found
        out = []
        for answer in found:
            value = answer.values.get(name)
            if isinstance(value, Excluded):
                # A variable that is nothing but some values is nothing.
                continue
            rest = without(answer.values, name)
            witness = answer.witness
            if value is not None and value.value is not None and witness is not None:
                witness = Bound(name, value.value, witness)
            out.append(Answer(rest, witness) if rest or witness is not None else YES)
        if len(out) < 2:
            return out if out != [YES] else HOLDS
        return distinct(out)

    def candidates(self, places: Places, formula: Formula, values: Values) -> int:
        assert isinstance(formula, (Some, Needs))
        return places.candidates(formula.inner, without(values, formula.name))


class NeedsOperator(SomeOperator):
    """Holds where what its part matched has been marked."""

    def decide(
        self, checker: Checker, formula: Formula, number: int, values: Values
    ) -> list[Answer]:
        assert isinstance(formula, Needs)
        out = []
        for answer in checker.at(formula.inner, number, without(values, formula.name)):
            if formula.name in answer.values:
                out.append(Answer(without(answer.values, formula.name), answer.witness))
        return out


class SwitchedOperator(Operator):
    """Holds where its part does."""

    def decide(
        self, checker: Checker, formula: Formula, number: int, values: Values
    ) -> list[Answer]:
        assert isinstance(formula, Switched)
        return checker.at(formula.inner, number, values)

    def candidates(self, places: Places, formula: Formula, values: Values) -> int:
        assert isinstance(formula, (Switched, Quiet))
        return places.candidates(formula.inner, values)

    def holds(self, places: Places, formula: Formula, number: int, values: Values) -> bool:
        assert isinstance(formula, (Switched, Quiet))
        return places.holds(formula.inner, number, values)

    def points(self, places: Places, formula: Formula, values: Values) -> int:
        assert isinstance(formula, (Switched, Quiet))
        return places.points(formula.inner, values)


class QuietOperator(SwitchedOperator):
    """Holds where its part does, and leaves no witness."""

    def decide(
        self, checker: Checker, formula: Formula, number: int, values: Values
    ) -> list[Answer]:
        assert isinstance(formula, Quiet)
        found = checker.at(formula.inner, number, values)
        if any(not answer.values for answer in found):
            return HOLDS
        return distinct(Answer(answer.values) for answer in found)
