# SPDX-License-Identifier: GPL-2.0-only
"""Removals that both sides of a conjunction make, merged into one.

In: the trail of a match, the rule's plus code. Out: the trail without removed tokens whose code another
one removes, too: `- f(\\( e \\& a + 1 \\))` takes the argument as e, and again as `a`, `+` and `1`.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from vmaconv.cocci.match.attempt.state import Taken
from vmaconv.cocci.smpl.rule import PlusBlock, PNode, TokenMark


@lru_cache(maxsize=1024)
def has_conjunction(pattern: PNode) -> bool:
    """Return whether a pattern has two sides for one piece of code."""
    return any(node.kind == "conjunction" for node in pattern.walk())


def removed_once(trail: Sequence[Taken], plus: Sequence[PlusBlock]) -> tuple[Taken, ...]:
    """Return a trail in which no code is removed twice; a token with plus code beside it stays."""
    beside = {id(token) for block in plus for token in (block.before, block.after)}
    removed = [t for t in trail if t.token.mark is TokenMark.MINUS and t.start < t.end]
    removed = [t for t in removed if not t.alias]
    gone: set[int] = set()
    covered: tuple[int, int] = (0, 0)
    for one in sorted(removed, key=lambda t: (t.start, -t.end, id(t.token) not in beside)):
        if covered[0] <= one.start and one.end <= covered[1] and id(one.token) not in beside:
            gone.add(id(one))
        elif one.end > covered[1]:
            covered = (one.start, one.end)
    return tuple(t for t in trail if id(t) not in gone)
