# SPDX-License-Identifier: GPL-2.0-only
"""Whether a pattern can match in a way that binds some metavariable.

In: a pattern's formula and the name of a metavariable. Out: a formula that holds wherever the
pattern's does with the metavariable bound, and that asks for less: arms of a disjunction that do not
have it are left out, those that would win over the arm that does included. Who wants nothing but
matches that bind a position looks for this first, and for the whole pattern only where it is found.
"""

from __future__ import annotations

from collections.abc import Iterable

from vmaconv.cocci.match.graph.formula import (
    And,
    Atom,
    BeforeAll,
    BeforeSome,
    Everywhere,
    First,
    Formula,
    Henceforth,
    Hitherto,
    Needs,
    NextAll,
    NextSome,
    Not,
    Or,
    Quiet,
    Some,
    Switched,
    UntilAll,
    UntilSome,
    conjunction,
    disjunction,
    next_some,
    some,
    until,
)
from vmaconv.cocci.smpl.mentions import Name


def binding_probe(formula: Formula, names: Iterable[Name]) -> Formula | None:
    """Return a formula that holds where `formula` does with `names` bound; None if that is itself."""
    found = formula
    for name in names:
        found = _Relaxation(name).of(found)
    return found if found is not formula else None


class _Relaxation:
    """Leaves out of a formula what cannot bind `name`."""

    def __init__(self, name: Name) -> None:
        self._name = name
        self._known: dict[int, bool] = {}

    def of(self, formula: Formula) -> Formula:
        """Return a formula that holds where the given one binds the name: itself if none is less."""
        match formula:
            case And(left=left, right=right) if not (self._binds(left) and self._binds(right)):
                # Of two that may both bind it, neither has to.
                return self._both(formula, left, right)
            case Or(left=left, right=right) | First(left=left, right=right):
                return self._either(formula, left, right)
            case Some(inner=inner):
                less = self.of(inner)
                return formula if less is inner else some(frozenset({formula.name}), less)
            case Switched(inner=inner):
                less = self.of(inner)
                return formula if less is inner else less
            case NextSome(inner=inner) | NextAll(inner=inner):
                less = self.of(inner)
                return formula if less is inner else next_some(less)
            case UntilSome(left=left, right=right) | UntilAll(left=left, right=right):
                less = right if self._binds(left) else self.of(right)
                return formula if less is right else until(False, left, less)
        return formula

    def _both(self, formula: Formula, left: Formula, right: Formula) -> Formula:
        first = self.of(left) if self._binds(left) else left
        second = self.of(right) if self._binds(right) else right
        return formula if first is left and second is right else conjunction(first, second)

    def _either(self, formula: Formula, left: Formula, right: Formula) -> Formula:
        if not self._binds(right):
            return self.of(left)
        if not self._binds(left):
            return self.of(right)
        first, second = self.of(left), self.of(right)
        return formula if first is left and second is right else disjunction(first, second)

    def _binds(self, formula: Formula) -> bool:
        """Whether some way in which a formula holds may bind the name: what is denied binds nothing."""
        found = self._known.get(id(formula))
        if found is None:
            found = self._known[id(formula)] = self._may_bind(formula)
        return found

    def _may_bind(self, formula: Formula) -> bool:
        if formula.quiet and self._name not in formula.free:
            # What is quantified leaves its value in the witness alone.
            return False
        match formula:
            case Not():
                return False
            case Atom():
                return self._name in formula.part.names
            case And() | Or() | First() | UntilSome() | UntilAll():
                return self._binds(formula.left) or self._binds(formula.right)
            case Some() | Needs() | Quiet() | Switched() | NextSome() | NextAll():
                return self._binds(formula.inner)
            case BeforeSome() | BeforeAll() | Henceforth() | Hitherto() | Everywhere():
                return self._binds(formula.inner)
        return False
