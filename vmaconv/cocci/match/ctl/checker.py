# SPDX-License-Identifier: GPL-2.0-only
"""Deciding formulas on a control-flow graph.

In: a formula and a `Ground`. Out: the points at which it holds, each with the ways in which it
does. A formula is decided only where it matters: from the points at which its first part can hold,
forwards. What is known by then is put in at once, so that few points have to be looked at. How each
operator is decided is in `operator_table`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from vmaconv.cocci.match.atom.parts import Ground, Part, PartMatch, known
from vmaconv.cocci.match.attempt.value import BoundValue
from vmaconv.cocci.match.ctl.decider import Decider
from vmaconv.cocci.match.ctl.memo import Kept, Stores
from vmaconv.cocci.match.ctl.operator_table import BARE, OPERATORS
from vmaconv.cocci.match.ctl.point_sets import Places, projected
from vmaconv.cocci.match.ctl.until import Paths
from vmaconv.cocci.match.ctl.witness import FAILS, NOTHING, Answer, Known, Values
from vmaconv.cocci.match.graph.cfg import members
from vmaconv.cocci.match.graph.formula import Atom, Formula, Some
from vmaconv.cocci.smpl.mentions import Name


class Checker(Decider):
    """Decides formulas on one ground."""

    def __init__(self, ground: Ground, closed: frozenset[Formula], kept: Kept) -> None:
        """`kept` is told of what holds whatever is inherited: of the formulas in `closed`."""
        self.ground = ground
        self.graph = ground.graph
        self._stores = Stores(kept, Kept() if ground.inherited else kept, closed)
        self.places = Places(ground, self, self._stores)
        self.paths = Paths(self.places)

    def let_go(self) -> None:
        """Let go of what holds the checker in turn, so that all goes when it goes.

        It decides nothing any more. A circle would wait for the garbage collector, and the function's
        nodes with it.
        """
        self.places.let_go()

    def answers(self, formula: Formula) -> Iterator[tuple[int, Answer]]:
        """Yield the points at which a formula holds, and how."""
        for number in members(self.places.candidates(formula, NOTHING)):
            for answer in self.at(formula, number, NOTHING):
                yield number, answer

    def may_occur(self, part: Part) -> bool:
        """Whether there is a point at which kind and words let a part of the pattern match."""
        return self.places.of_part(part, NOTHING) != 0

    def occurs(self, part: Part) -> bool:
        """Whether a part of the pattern matches anywhere."""
        found = self.places.of_part(part, NOTHING)
        return any(self.find(part, number, NOTHING) for number in members(found))

    def at(self, formula: Formula, number: int, values: Values) -> list[Answer]:
        """Return the ways in which a formula holds at a point under `values`."""
        kind = type(formula)
        operator = OPERATORS[kind]
        if kind in _CHEAP:
            return operator.decide(self, formula, number, values)
        if kind is Some and not self.places.candidates(formula, values) >> number & 1:
            return FAILS
        key = (formula, number, projected(formula, values))
        answers = self._stores.of(formula).answers
        found = answers.get(key)
        if found is None:
            found = answers[key] = operator.decide(self, formula, number, values)
        return found

    def find(self, part: Part, number: int, values: Values) -> list[PartMatch]:
        """Return the ways in which a part of the pattern matches at a point under `values`."""
        bound: dict[Name, BoundValue] = {}
        if not part.independent:
            for name in part.names:
                value = values.get(name)
                if isinstance(value, Known) and value.value is not None:
                    bound[name] = value.value
        key = (part, number, tuple([known(value) for value in bound.values()]))
        kept = self._stores.of_part(part).found
        found = kept.get(key)
        if found is None:
            found = kept[key] = part.find(number, self.ground, bound)
        return found

    def keep(
        self, formula: Formula, values: Values, numbers: Iterable[int], found: list[Answer]
    ) -> None:
        """Note what a formula comes to at several points."""
        answers, key = self._stores.of(formula).answers, projected(formula, values)
        for number in numbers:
            answers[formula, number, key] = found


_CHEAP = BARE | {Atom}
"""Formulas whose answers are found as fast as they are looked up."""
