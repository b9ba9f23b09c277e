# SPDX-License-Identifier: GPL-2.0-only
"""Paths: points of one formula until one of another.

In: an until-formula, the point where the paths begin, and values. Out: the ways in which it holds
there.
"""

from __future__ import annotations

from msgspec import Struct, field

from vmaconv.cocci.match.ctl.operator_table import BARE
from vmaconv.cocci.match.ctl.point_sets import Places
from vmaconv.cocci.match.ctl.witness import (
    FAILS,
    HOLDS,
    Answer,
    Values,
    distinct,
    merged,
    product,
    shape,
)
from vmaconv.cocci.match.graph.formula import And, Formula, Not, UntilAll, UntilSome


class _Region(Struct):
    """What a search has met: the points in order, and at each how the two formulas hold."""

    order: list[int] = field(default_factory=list)
    ends: dict[int, list[Answer]] = field(default_factory=dict)
    goes: dict[int, list[Answer]] = field(default_factory=dict)
    """How the left formula holds; where it does not, there is no entry."""


class _Left:
    """The left formula of an until: a set of points, and what has to be asked each time."""

    __slots__ = ("_denied", "_open", "_places", "_room", "_set", "_settled", "_values")

    def __init__(self, places: Places, formula: Formula, values: Values) -> None:
        self._values = values
        self._room = places.room
        self._set = places.graph.everything
        self._places = places
        self._settled: list[Formula] = []
        self._denied: list[tuple[int, Formula]] = []
        """What must not hold, and the points at which it may."""
        self._open: list[Formula] = []
        for part in _conjuncts(formula):
            if not places.settled(part, values):
                self._open.append(part)
            elif type(part) in BARE:
                self._set &= places.points(part, values)
            elif isinstance(part, Not):
                self._denied.append((places.candidates(part.inner, values), part.inner))
            else:
                self._set &= places.candidates(part, values)
                self._settled.append(part)

    def at(self, number: int) -> list[Answer]:
        """Return the ways in which the formula holds at a point."""
        if not self._set >> number & 1:
            return FAILS
        for points, part in self._denied:
            if points >> number & 1 and self._places.holds(part, number, self._values):
                return FAILS
        for part in self._settled:
            if not self._places.holds(part, number, self._values):
                return FAILS
        out = HOLDS
        for part in self._open:
            here = self._places.at(part, number, self._values)
            if here is not HOLDS:
                out = product(out, here, self._room) if out is not HOLDS else here
            if not out:
                return FAILS
        return out


def _conjuncts(formula: Formula) -> list[Formula]:
    if isinstance(formula, And):
        return [*_conjuncts(formula.left), *_conjuncts(formula.right)]
    return [formula]


class Paths:
    """Searches paths."""

    def __init__(self, places: Places) -> None:
        self._places = places
        self._room = places.room

    # Some path.

    def some(self, formula: UntilSome, number: int, values: Values) -> list[Answer]:
        """Return the ends that some path comes to; each is a way of its own."""
        places = self._places
        ends = places.candidates(formula.right, values)
        if not ends:
            return FAILS
        left = _Left(places, formula.left, values)
        edges = places.graph.all_successors
        found: list[Answer] = []
        seen = {number}
        order = [number]
        for one in order:
            if ends >> one & 1:
                here = places.at(formula.right, one, values)
                if here is HOLDS and formula.quiet:
                    return HOLDS
                found += here
            goes = left.at(one)
            if not goes:
                continue
            if goes is not HOLDS:
                return self._some_with_values(formula, number, values, left)
            for other in edges[one]:
                if other not in seen:
                    seen.add(other)
                    order.append(other)
        return distinct(found) if len(found) > 1 else found

    def _some_with_values(
        self, formula: UntilSome, number: int, values: Values, left: _Left
    ) -> list[Answer]:
        """Search paths whose points leave values and witnesses: each path is a way of its own."""
        places = self._places
        ends = places.candidates(formula.right, values)
        edges = places.graph.all_successors
        found: list[Answer] = []
        waiting: list[tuple[int, Answer]] = [(number, HOLDS[0])]
        seen: set[object] = set()
        for one, before in waiting:
            if len(waiting) > self._room.most * 20:
                self._room.cut = True
                break
            now = merged(values, before.values) if before.values else values
            if now is None:
                continue
            if ends >> one & 1:
                found += product([before], places.at(formula.right, one, now), self._room)
            for go in product([before], left.at(one), self._room):
                for other in edges[one]:
                    key = (other, shape(go.values), id(go.witness))
                    if key not in seen:
                        seen.add(key)
                        waiting.append((other, go))
        found = distinct(found)
        self._room.cut |= len(found) > self._room.most
        return found[: self._room.most]

    # All paths.

    def all(self, formula: UntilAll, number: int, values: Values) -> list[Answer]:
        """Return the ways in which all paths come to an end."""
        region, mixed = self._explore(formula, number, values)
        if region is None:
            return FAILS
        good = self._good(region, number)
        if number not in good:
            return FAILS
        if mixed:
            return self._in_order(region, good, number)
        out = HOLDS
        for one in region.order:
            here = region.ends.get(one) or region.goes[one]
            if here is not HOLDS:
                out = product(out, here, self._room) if out is not HOLDS else here
            if not out:
                return FAILS
        return distinct(out) if len(out) > 1 else out

    def _explore(
        self, formula: UntilAll, number: int, values: Values
    ) -> tuple[_Region | None, bool]:
        """Look at all points that paths can come to; None if one of them is a dead end for sure.

        The second says whether a path may both end at a point and go on from there.
        """
        places = self._places
        ends = places.candidates(formula.right, values)
        if not ends:
            return None, False
        left = _Left(places, formula.left, values)
        edges = places.graph.direct
        region = _Region()
        mixed = False
        seen = {number}
        waiting = [number]
        while waiting:
            one = waiting.pop()
            region.order.append(one)
            here = places.at(formula.right, one, values) if ends >> one & 1 else FAILS
            if here:
                region.ends[one] = here
                if here is HOLDS and formula.quiet:
                    continue
            goes = left.at(one)
            if not goes:
                if not here and not mixed:
                    return None, False
                continue
            mixed = mixed or bool(here)
            region.goes[one] = goes
            for other in edges[one]:
                if other not in seen:
                    seen.add(other)
                    waiting.append(other)
        return region, mixed

    def _good(self, region: _Region, number: int) -> set[int]:
        """Return the points from which all paths end well, and some path does end."""
        edges = self._places.graph.direct
        good = {one for one in region.order if one in region.ends or one in region.goes}
        while True:
            before = len(good)
            changed = True
            while changed:
                bad = [
                    one
                    for one in good
                    if one not in region.ends and any(other not in good for other in edges[one])
                ]
                good.difference_update(bad)
                changed = bool(bad)
            good = self._ending(region, good)
            if len(good) == before or number not in good:
                return good

    def _ending(self, region: _Region, good: set[int]) -> set[int]:
        """Return those of `good` from which an end can be reached."""
        back = self._places.graph.predecessors
        waiting = [one for one in region.ends if one in good]
        found = set(waiting)
        for one in waiting:
            for other in back[one]:
                if other in good and other in region.goes and other not in found:
                    found.add(other)
                    waiting.append(other)
        return found

    def _in_order(self, region: _Region, good: set[int], number: int) -> list[Answer]:
        """Work out the ways point by point, for paths that may end or go on.

        A way back into a loop says nothing new: what the loop leaves is told where it is entered.
        """
        edges = self._places.graph.direct
        known: dict[int, _Ways] = {}
        open_points: set[int] = set()
        stack = [(number, False)]
        while stack:
            one, done = stack.pop()
            if done:
                open_points.discard(one)
                known[one] = self._ways(region, good, one, known, edges[one])
                continue
            if one in known or one in open_points:
                continue
            open_points.add(one)
            stack.append((one, True))
            if one in region.goes:
                stack += [(o, False) for o in edges[one] if o in good and o not in known]
        return _all_of(known, number)

    def _ways(
        self,
        region: _Region,
        good: set[int],
        one: int,
        known: dict[int, _Ways],
        following: list[int],
    ) -> _Ways:
        found = list(region.ends.get(one, ()))
        goes = region.goes.get(one)
        if goes is None or any(other not in good for other in following):
            return found
        if goes is HOLDS and len(following) == 1 and following[0] in known:
            return _Onwards(found, following[0])
        rest = HOLDS
        for other in following:
            rest = product(rest, _all_of(known, other) if other in known else HOLDS, self._room)
        found += product(goes, rest, self._room)
        return distinct(found)


class _Onwards(Struct, frozen=True):
    """WayLimit that end at a point, and all those of the one point that follows."""

    own: list[Answer]
    following: int


_Ways = list[Answer] | _Onwards


def _all_of(known: dict[int, _Ways], one: int) -> list[Answer]:
    """Return the ways from a point on, and note them there.

    In a row of points each names the next: they are put together once, not at each.
    """
    found: list[Answer] = []
    at = one
    while isinstance(ways := known[at], _Onwards):
        found += ways.own
        at = ways.following
    ways = known[one] = distinct([*found, *ways]) if found else ways
    return ways
