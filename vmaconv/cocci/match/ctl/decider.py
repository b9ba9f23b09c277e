# SPDX-License-Identifier: GPL-2.0-only
"""The interface that operators use to ask whether a formula holds at a point.

In: nothing; this is a base class. Out: `Decider`. The one that decides is `checker`; a class rather than
a function that is handed around, since compiled code calls a method of a class that it knows at once.
"""

from __future__ import annotations

from vmaconv.cocci.match.ctl.witness import Answer, Values
from vmaconv.cocci.match.graph.formula import Formula


class Decider:
    """Decides nothing: it stands for a checker that was let go of."""

    def at(self, _formula: Formula, _number: int, _values: Values) -> list[Answer]:
        """Return the ways in which a formula holds at a point."""
        raise AssertionError("asked after the search")
