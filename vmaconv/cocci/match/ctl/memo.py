# SPDX-License-Identifier: GPL-2.0-only
"""Cache of what formulas and parts of a pattern come to on one graph.

In: nothing; this is a store. Out: answers of formulas and parts, kept as long as they hold: some for
one run of a rule, some for the function as long as its file is looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field

from vmaconv.cocci.match.graph.formula import Formula

if TYPE_CHECKING:
    from vmaconv.cocci.match.atom.parts import Part, PartMatch
    from vmaconv.cocci.match.ctl.witness import Answer


class Kept(Struct):
    """Answers by what was asked: a formula or part, a point, values."""

    answers: dict[object, list[Answer]] = field(default_factory=dict)
    found: dict[object, list[PartMatch]] = field(default_factory=dict)
    candidates: dict[object, int] = field(default_factory=dict)
    """Points at which a formula may hold."""
    matching: dict[object, int] = field(default_factory=dict)
    """Points at which a part may match."""
    where: dict[object, int] = field(default_factory=dict)
    """Points at which a formula does hold."""
    held: dict[object, bool] = field(default_factory=dict)
    """Whether a formula holds at a point."""


class Stores:
    """Where answers are kept in one search: those that hold whatever is inherited, and the others."""

    __slots__ = ("_closed", "own", "shared")

    def __init__(self, shared: Kept, own: Kept, closed: frozenset[Formula]) -> None:
        """`closed` are the formulas that hold whatever is inherited."""
        self.shared = shared
        self.own = own
        self._closed = closed

    def of_part(self, part: Part) -> Kept:
        """Return the store for what is found out about a part of the pattern."""
        return self.shared if part.closed else self.own

    def of(self, formula: Formula) -> Kept:
        """Return the store for what is found out about a formula."""
        return self.shared if formula in self._closed else self.own
