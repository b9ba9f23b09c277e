# SPDX-License-Identifier: GPL-2.0-only
"""The nodes of an item that a pattern may match, found by places in the text.

In: nodes in source order, and words or offsets that each match has in its code. Out: the nodes that
hold them, in source order.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from vmaconv.cocci.match.prefilter.required import Clause
from vmaconv.cocci.text.spans import Spans
from vmaconv.cocci.text.word_places import places_of
from vmaconv.cocci.tree.node import Node


class Outline:
    """Some nodes of an item in source order, and which of them hold which bytes."""

    __slots__ = ("_nodes", "_spans")

    def __init__(self, nodes: Sequence[Node]) -> None:
        self._nodes = nodes
        self._spans = Spans([(node.start, node.end) for node in nodes])

    def holding(self, offsets: Sequence[int]) -> list[Node]:
        """Return the nodes that hold one of the bytes at `offsets`, in source order."""
        found: set[int] = set()
        for offset in offsets:
            for number in self._spans.holding(offset):
                if number in found:
                    # What is around it was found with it.
                    break
                found.add(number)
        return [self._nodes[number] for number in sorted(found)]


def holding(
    nodes: Sequence[Node], clauses: frozenset[Clause], text: bytes, item: Node
) -> Sequence[Node]:
    """Return the nodes in whose text a word of the clause that narrows most stands."""
    best: list[int] | None = None
    for clause in clauses:
        offsets = sorted(o for word in clause for o in places_of(word, text, item.start, item.end))
        if best is None or len(offsets) < len(best):
            best = offsets
    if best is None:
        return nodes
    return [n for n in nodes if (at := bisect_left(best, n.start)) < len(best) and best[at] < n.end]
