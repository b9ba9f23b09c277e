# SPDX-License-Identifier: GPL-2.0-only
"""Operators that ask about one point: what kind it is of, which label or brace it has, what matches.

In: a formula, a point, values. Out: as `operator` says.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmaconv.cocci.match.atom.parts import Part
from vmaconv.cocci.match.ctl.operator import Operator
from vmaconv.cocci.match.ctl.witness import FAILS, HOLDS, Answer, Known, Values, distinct, extended
from vmaconv.cocci.match.graph.formula import (
    Atom,
    Brace,
    Formula,
    JumpFrom,
    LabelIs,
    Marked,
    Points,
    Within,
)
from vmaconv.cocci.smpl.mentions import Name

if TYPE_CHECKING:
    from vmaconv.cocci.match.ctl.checker import Checker
    from vmaconv.cocci.match.ctl.point_sets import Places


class AlwaysOperator(Operator):
    """Holds everywhere."""

    def points(self, places: Places, _formula: Formula, _values: Values) -> int:
        return places.graph.everything


class NeverOperator(Operator):
    """Holds nowhere."""

    def points(self, _places: Places, _formula: Formula, _values: Values) -> int:
        return 0


class KindOperator(Operator):
    """Holds at points of some kinds."""

    def points(self, places: Places, formula: Formula, _values: Values) -> int:
        assert isinstance(formula, Points)
        return places.graph.of_kinds(formula.kinds)


class EscapingOperator(Operator):
    """Holds where a branch begins whose end is never reached."""

    def points(self, places: Places, _formula: Formula, _values: Values) -> int:
        return places.graph.escaping


class CopiedOperator(Operator):
    """Holds at closing braces that a jump passes."""

    def points(self, places: Places, _formula: Formula, _values: Values) -> int:
        return places.graph.copies


class LabelOperator(Operator):
    """Holds where the label is that of a variable, and binds it."""

    def decide(
        self, checker: Checker, formula: Formula, number: int, values: Values
    ) -> list[Answer]:
        assert isinstance(formula, LabelIs)
        if formula.name in values:
            return super().decide(checker, formula, number, values)
        return [Answer({formula.name: Known(checker.graph.points[number].label)})]

    def points(self, places: Places, formula: Formula, values: Values) -> int:
        assert isinstance(formula, LabelIs)
        return places.graph.labelled(_label(formula.name, values))


class WithinOperator(Operator):
    """Holds in the statement with the label of a variable."""

    def points(self, places: Places, formula: Formula, values: Values) -> int:
        assert isinstance(formula, Within)
        return places.graph.within(_label(formula.name, values))


class JumpOperator(Operator):
    """Holds at jumps out of the loop or switch with the label of a variable."""

    def points(self, places: Places, formula: Formula, values: Values) -> int:
        assert isinstance(formula, JumpFrom)
        return places.graph.jumps(_label(formula.name, values))


class BraceOperator(Operator):
    """Holds at the braces of one pair, and binds a variable to it."""

    def decide(
        self, checker: Checker, formula: Formula, number: int, values: Values
    ) -> list[Answer]:
        assert isinstance(formula, Brace)
        brace = checker.graph.points[number].brace
        if not brace:
            return FAILS
        bound = values.get(formula.name)
        if isinstance(bound, Known):
            return HOLDS if bound.key == brace else FAILS
        return [Answer({formula.name: Known(brace)})]

    def points(self, places: Places, formula: Formula, values: Values) -> int:
        assert isinstance(formula, Brace)
        value = values[formula.name]
        assert isinstance(value, Known) and isinstance(value.key, int)
        return places.graph.braces(value.key)


class MarkedOperator(Operator):
    """Holds everywhere, and notes that it was needed."""

    def decide(
        self, _checker: Checker, formula: Formula, _number: int, values: Values
    ) -> list[Answer]:
        assert isinstance(formula, Marked)
        return HOLDS if formula.name in values else [Answer({formula.name: Known(True)})]

    def points(self, places: Places, _formula: Formula, _values: Values) -> int:
        return places.graph.everything


class AtomOperator(Operator):
    """Holds where a part of the pattern matches."""

    def decide(
        self, checker: Checker, formula: Formula, number: int, values: Values
    ) -> list[Answer]:
        part = part_of(formula)
        if not checker.places.of_part(part, values) >> number & 1:
            return FAILS
        out: list[Answer] = []
        for found in checker.find(part, number, values):
            new = extended(found.bindings, values)
            if new is not None:
                out.append(Answer(new, None if formula.quiet else found))
        if formula.quiet and len(out) > 1:
            return HOLDS if any(not answer.values for answer in out) else distinct(out)
        return out


def part_of(formula: Formula) -> Part:
    """Return the part of the pattern that an atom is about."""
    assert isinstance(formula, Atom)
    part = formula.part
    assert isinstance(part, Part)
    return part


def _label(name: Name, values: Values) -> tuple[int, ...]:
    value = values[name]
    assert isinstance(value, Known) and isinstance(value.key, tuple)
    return value.key
