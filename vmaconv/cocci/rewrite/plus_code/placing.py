# SPDX-License-Identifier: GPL-2.0-only
"""Where the plus code of a rule goes in one match.

In: the rule's plus blocks, what the tokens of a match took, and the stretches that go. Out: blocks
given to stretches, and insertions. Which tokens a block stands beside is said by `smpl.attachment`,
whose last rule this is.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from vmaconv.cocci.match.attempt.state import Taken
from vmaconv.cocci.rewrite.regions import Region
from vmaconv.cocci.smpl.rule import PlusBlock, PNode, TokenMark
from vmaconv.cocci.text.spans import Spans

STATEMENT_KINDS = frozenset({"statement", "statement list", "declaration", "field", "field list"})
"""Kinds of metavariables that stand for whole statements, or for what stands alone as they do."""

Insertion = tuple[Taken, PlusBlock, bool]
"""What a token took, and the code that goes behind it (True) or before it."""


class Placing:
    """Finds the places of one rule's plus blocks."""

    __slots__ = ("_beside", "_blocks")

    def __init__(self, blocks: Sequence[PlusBlock]) -> None:
        self._blocks = blocks
        self._beside: dict[int, list[int]] = {}
        """The plus blocks beside each leaf of the pattern, by its id."""
        for number, block in enumerate(blocks):
            for side in (block.before, block.after):
                self._beside.setdefault(id(side), []).append(number)

    def insertions(self, taken: Sequence[Taken], regions: Sequence[Region]) -> list[Insertion]:
        """Give each plus block to the region beside it; return those that are pure insertions."""
        of_leaf: dict[int, list[Taken]] = {}
        for item in taken:
            of_leaf.setdefault(id(item.token), []).append(item)
        inserts: list[Insertion] = []
        spans = _spans(regions)
        for block in self._blocks_beside(of_leaf):
            before = _ends(of_leaf, block.before)
            after = _ends(of_leaf, block.after, _stands_alone(block))
            sides = (before, after, of_leaf.get(id(block.before), []))
            near = next(filter(None, (_around(regions, spans, side) for side in sides)), [])
            for region in near:
                region.plus.append(block)
            if not near:
                inserts += [(t, block, True) for t in before]
                if not before:
                    inserts += [(t, block, False) for t in after]
        return inserts

    def _blocks_beside(self, taken: Iterable[int]) -> list[PlusBlock]:
        """Return the plus blocks beside tokens, by their ids, in the order of the rule."""
        numbers = {number for token in taken for number in self._beside.get(token, ())}
        return [self._blocks[number] for number in sorted(numbers)]


def _ends(
    of_leaf: Mapping[int, list[Taken]], leaf: PNode | None, whole: bool = True
) -> list[Taken]:
    """Return what took a leaf; where another spelling stands for it, that spelling's bytes.

    `whole` says that code goes before all of a declaration: `+ const` goes before its own token.
    """
    found = of_leaf.get(id(leaf), []) if leaf is not None else []
    if not whole and any(not t.alias for t in found):
        return [t for t in found if not t.alias or t.start != t.end]
    return [t for t in found if t.alias] or found


def _stands_alone(block: PlusBlock) -> bool:
    """Whether plus code ends as a statement or a line does."""
    tokens = block.code
    if not tokens or block.has_directive:
        return True
    meta = tokens[-1].metavariable
    return tokens[-1].text in (";", "{", "}", ":") or (
        meta is not None and meta.kind in STATEMENT_KINDS
    )


def _spans(regions: Sequence[Region]) -> tuple[Spans, list[int]]:
    """Return where regions are, their last byte and the one behind it included, and which is which."""
    numbers = sorted(range(len(regions)), key=lambda n: (regions[n].start, -regions[n].end))
    return Spans([(regions[n].start, regions[n].end + 1) for n in numbers]), numbers


def _around(
    regions: Sequence[Region], where: tuple[Spans, list[int]], taken: Sequence[Taken]
) -> list[Region]:
    """Return the regions that hold what was taken, each once."""
    spans, numbers = where
    found = {
        number
        for t in taken
        for number in map(numbers.__getitem__, spans.holding(t.start))
        if t.end <= regions[number].end and _within(t, regions[number])
    }
    return [regions[number] for number in sorted(found)]


def _within(taken: Taken, region: Region) -> bool:
    """Whether what ends with a region is not more than it: a loop whose body the region is."""
    if taken.start < taken.end or taken.token.mark is TokenMark.MINUS:
        # `- { a(); }` over a body without braces: its `}` goes with it, and what is added comes there.
        return True
    return taken.node is None or taken.node.start >= region.start
