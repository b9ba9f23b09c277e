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

    def values(match: Match, earlier: bool) -> list[tuple[Name, bytes]]:
        found = ((n, v.key) for n, v in match.bindings.items() if bool(n[0]) == earlier)
        return sorted(found)

    rising = sorted(matches, key=lambda m: values(m, False))
    return sorted(rising, key=lambda m: values(m, True), reverse=True)
