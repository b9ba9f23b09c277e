# SPDX-License-Identifier: GPL-2.0-only
"""Cache of what formulas and parts of a pattern come to on one graph.

In: nothing; this is a store. Out: answers of formulas and parts, kept as long as they hold: some for
one run of a rule, some for the function as long as its file is looked at.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from msgspec import Struct, field

if TYPE_CHECKING:
    from vmaconv.cocci.match.atom.parts import PartMatch
    from vmaconv.cocci.match.ctl.witness import Answer


class Kept(Struct):
    """Answers by what was asked: the ids of a formula or part, a point, values."""

    answers: dict[object, list[Answer]] = field(default_factory=dict)
    found: dict[object, list[PartMatch]] = field(default_factory=dict)
    sets: dict[object, int] = field(default_factory=dict)
    """Points at which a formula or part may hold."""
    where: dict[object, int] = field(default_factory=dict)
    """Points at which a formula does hold."""
    held: dict[object, bool] = field(default_factory=dict)
    """Whether a formula holds at a point."""
