# SPDX-License-Identifier: GPL-2.0-only
"""Operators that ask about other points: what is next or before, until, henceforth.

In: a formula, a point, values. Out: as `operator` says. Coccinelle writes them AX, EX, AU, EU, AG and
their duals backwards.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from vmaconv.cocci.match.ctl.operator import Operator
from vmaconv.cocci.match.ctl.witness import FAILS, HOLDS, Answer, Values, distinct, product
from vmaconv.cocci.match.graph.cfg import Edges, flood, step
from vmaconv.cocci.match.graph.formula import (
    BeforeAll,
    BeforeSome,
    Everywhere,
    Formula,
    Henceforth,
    Hitherto,
    NextAll,
    NextSome,
    UntilAll,
    UntilSome,
)

if TYPE_CHECKING:
    from vmaconv.cocci.match.ctl.checker import Checker
    from vmaconv.cocci.match.ctl.point_sets import Places


class NextAllOperator(Operator):
    """Holds where its part holds at all points that follow."""

    def decide(
        self, checker: Checker, formula: Formula, number: int, values: Values
    ) -> list[Answer]:
        assert isinstance(formula, NextAll)
        return _all(checker, formula.inner, checker.graph.direct[number], values)

    def candidates(self, places: Places, formula: Formula, values: Values) -> int:
        assert isinstance(formula, (NextAll, BeforeAll))
        return places.graph.everything if places.candidates(formula.inner, values) else 0

    def holds(self, places: Places, formula: Formula, number: int, values: Values) -> bool:
        return places.points(formula, values) >> number & 1 == 1

    def points(self, places: Places, formula: Formula, values: Values) -> int:
        assert isinstance(formula, NextAll)
        everything = places.graph.everything
        others = everything & ~places.points(formula.inner, values)
        return everything & ~step(others, places.graph.predecessors)


class BeforeAllOperator(NextAllOperator):
    """Holds where its part holds at all points that come directly before."""

    def decide(
        self, checker: Checker, formula: Formula, number: int, values: Values
    ) -> list[Answer]:
        assert isinstance(formula, BeforeAll)
        return _all(checker, formula.inner, checker.graph.predecessors[number], values)

    def points(self, places: Places, formula: Formula, values: Values) -> int:
        assert isinstance(formula, BeforeAll)
        everything = places.graph.everything
        others = everything & ~places.points(formula.inner, values)
        return everything & ~step(others, places.graph.direct)


class NextSomeOperator(Operator):
    """Holds where its part holds at some point that follows."""

    def decide(
        self, checker: Checker, formula: Formula, number: int, values: Values
    ) -> list[Answer]:
        assert isinstance(formula, NextSome)
        return _any(checker, formula.inner, checker.graph.all_successors[number], values)

    def candidates(self, places: Places, formula: Formula, values: Values) -> int:
        assert isinstance(formula, NextSome)
        return _beside(places, formula.inner, values, places.graph.all_predecessors)

    def holds(self, places: Places, formula: Formula, number: int, values: Values) -> bool:
        assert isinstance(formula, NextSome)
        others = places.graph.all_successors[number]
        return any(places.holds(formula.inner, n, values) for n in others)

    def points(self, places: Places, formula: Formula, values: Values) -> int:
        assert isinstance(formula, NextSome)
        return step(places.points(formula.inner, values), places.graph.all_predecessors)


class BeforeSomeOperator(Operator):
    """Holds where its part holds at some point that comes directly before."""

    def decide(
        self, checker: Checker, formula: Formula, number: int, values: Values
    ) -> list[Answer]:
        assert isinstance(formula, BeforeSome)
        return _any(checker, formula.inner, checker.graph.all_predecessors[number], values)

    def candidates(self, places: Places, formula: Formula, values: Values) -> int:
        assert isinstance(formula, BeforeSome)
        return _beside(places, formula.inner, values, places.graph.all_successors)

    def holds(self, places: Places, formula: Formula, number: int, values: Values) -> bool:
        assert isinstance(formula, BeforeSome)
        others = places.graph.all_predecessors[number]
        return any(places.holds(formula.inner, n, values) for n in others)

    def points(self, places: Places, formula: Formula, values: Values) -> int:
        assert isinstance(formula, BeforeSome)
        return step(places.points(formula.inner, values), places.graph.all_successors)


class UntilAllOperator(Operator):
    """Holds where each path goes through points of one formula until it comes to one of another."""

    def decide(
        self, checker: Checker, formula: Formula, number: int, values: Values
    ) -> list[Answer]:
        assert isinstance(formula, UntilAll)
        return checker.paths.all(formula, number, values)

    def candidates(self, places: Places, formula: Formula, values: Values) -> int:
        assert isinstance(formula, (UntilAll, UntilSome))
        return places.graph.everything if places.candidates(formula.right, values) else 0


class UntilSomeOperator(UntilAllOperator):
    """Holds where some path does."""

    def decide(
        self, checker: Checker, formula: Formula, number: int, values: Values
    ) -> list[Answer]:
        assert isinstance(formula, UntilSome)
        return checker.paths.some(formula, number, values)


class HenceforthOperator(Operator):
    """Holds where its part holds here and at whatever can come later."""

    def decide(
        self, checker: Checker, formula: Formula, number: int, values: Values
    ) -> list[Answer]:
        assert isinstance(formula, Henceforth)
        graph = checker.graph
        return throughout(checker, formula, number, values, graph.direct, graph.predecessors)

    def holds(self, places: Places, formula: Formula, number: int, values: Values) -> bool:
        return places.points(formula, values) >> number & 1 == 1

    def points(self, places: Places, formula: Formula, values: Values) -> int:
        assert isinstance(formula, Henceforth)
        everything = places.graph.everything
        others = everything & ~places.points(formula.inner, values)
        return everything & ~flood(others, places.graph.predecessors)


class HithertoOperator(HenceforthOperator):
    """Holds where its part holds here and at whatever can have come before."""

    def decide(
        self, checker: Checker, formula: Formula, number: int, values: Values
    ) -> list[Answer]:
        assert isinstance(formula, Hitherto)
        graph = checker.graph
        return throughout(checker, formula, number, values, graph.predecessors, graph.direct)

    def points(self, places: Places, formula: Formula, values: Values) -> int:
        assert isinstance(formula, Hitherto)
        everything = places.graph.everything
        others = everything & ~places.points(formula.inner, values)
        return everything & ~flood(others, places.graph.direct)


class EverywhereOperator(Operator):
    """Holds where its part holds here and wherever this leads, with one set of values."""

    def decide(
        self, checker: Checker, formula: Formula, number: int, values: Values
    ) -> list[Answer]:
        assert isinstance(formula, Everywhere)
        graph = checker.graph
        edges, back = graph.all_successors, graph.all_predecessors
        return throughout(checker, formula, number, values, edges, back)


def _all(checker: Checker, inner: Formula, numbers: Sequence[int], values: Values) -> list[Answer]:
    if not numbers:
        return FAILS
    out = checker.at(inner, numbers[0], values)
    for number in numbers[1:]:
        if not out:
            return FAILS
        out = product(out, checker.at(inner, number, values), checker.ground.state.ways)
    return out


def _any(checker: Checker, inner: Formula, numbers: Sequence[int], values: Values) -> list[Answer]:
    places = checker.places
    if places.settled(inner, values):
        return HOLDS if any(places.holds(inner, n, values) for n in numbers) else FAILS
    if len(numbers) == 1:
        return checker.at(inner, numbers[0], values)
    return distinct(answer for n in numbers for answer in checker.at(inner, n, values))


def _beside(places: Places, inner: Formula, values: Values, edges: Edges) -> int:
    found = places.candidates(inner, values)
    everything = places.graph.everything
    return found if found in (0, everything) else step(found, edges)


def throughout(
    checker: Checker,
    formula: Henceforth | Hitherto | Everywhere,
    number: int,
    values: Values,
    edges: Edges,
    back: Edges,
) -> list[Answer]:
    """Return how a formula holds at a point and all that `edges` lead to; `back` are these edges
    backwards.
    """
    out = HOLDS
    others = reached(number, edges)
    for other in others:
        here = checker.at(formula.inner, other, values)
        if here is not HOLDS:
            out = product(out, here, checker.ground.state.ways)
        if not here:
            # No point from which this one is reached needs to be gone through again.
            checker.keep(formula, values, reached(other, back), FAILS)
        if not out:
            return FAILS
    if out is HOLDS:
        checker.keep(formula, values, others, HOLDS)
    return out


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
