# SPDX-License-Identifier: GPL-2.0-only
"""Statements of two texts, lined up by what kinds they are of.

In: the statements before and after. Out: those that answer to each other in pairs, and what stands
between the pairs, in order. Whether they do the same is left to `lockstep`.
"""

from __future__ import annotations

from difflib import SequenceMatcher

from msgspec import Struct

from vmaconv.prove.comparing.paired_run import Statements
from vmaconv.prove.comparing.statement_parts import is_large


class LinedUp(Struct, frozen=True):
    """Statements before and after: one of each where they are a pair, else a stretch."""

    olds: Statements
    news: Statements
    is_pair: bool


def lined_up_by_kinds(olds: Statements, news: Statements) -> list[LinedUp]:
    """Return pairs of statements of one kind, and the stretches between them.

    Only statements of several lines are paired: small ones of one kind are too many.
    """
    before, after = (
        [n.kind if is_large(n) else f"{n.kind} {i} {side}" for i, n in enumerate(nodes)]
        for side, nodes in enumerate((olds, news))
    )
    found: list[LinedUp] = []
    i = j = 0
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for block in matcher.get_matching_blocks():
        if i < block.a or j < block.b:
            found.append(LinedUp(olds[i : block.a], news[j : block.b], False))
        for a, b in zip(
            range(block.a, block.a + block.size), range(block.b, len(news)), strict=False
        ):
            found.append(LinedUp(olds[a : a + 1], news[b : b + 1], True))
        i, j = block.a + block.size, block.b + block.size
    return found
