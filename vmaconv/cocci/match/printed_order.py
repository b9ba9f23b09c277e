# SPDX-License-Identifier: GPL-2.0-only
"""The order in which spatch prints what `++` adds at one place.

In: the matches of a rule. Out: the same in that order.
"""

from __future__ import annotations

from collections.abc import Sequence

from vmaconv.cocci.match.search import Match
from vmaconv.cocci.smpl.mentions import Name


def in_printed_order(matches: Sequence[Match]) -> list[Match]:
    """Return matches in the order in which spatch prints what `++` adds for them at one place.

    That is not their order in the code: what rules inherit counts down, what they bind counts up.
    """
    rising = sorted(matches, key=lambda m: _values(m, False))
    return sorted(rising, key=lambda m: _values(m, True), reverse=True)


def _values(match: Match, earlier: bool) -> list[tuple[Name, bytes]]:
    """Return what a match has inherited from earlier rules, or what it has bound itself."""
    return sorted((n, v.key) for n, v in match.bindings.items() if bool(n[0]) == earlier)
