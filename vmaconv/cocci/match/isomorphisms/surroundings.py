# SPDX-License-Identifier: GPL-2.0-only
"""What a rule has around a part of its pattern: what another spelling of it must respect.

In: a pattern, its plus code, and which metavariables later rules ask for. Out: `PatternSurroundings`, which
answers questions about parts of the pattern.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from vmaconv.cocci.smpl.mentions import Name, at_node, in_plus, name_of
from vmaconv.cocci.smpl.rule import PlusBlock, PNode, TokenMark
from vmaconv.cocci.tree.node import Node


class PatternSurroundings:
    """What a rule has around a part of its pattern: plus code, and other uses of a metavariable."""

    __slots__ = ("_blocks", "_sizes", "_uses")

    def __init__(self, uses: Counter[Name], blocks: Sequence[PlusBlock]) -> None:
        self._uses = uses
        self._blocks = blocks
        self._sizes: dict[int, tuple[Node, int]] = {}

    def beside(self, blocks: Sequence[PlusBlock]) -> PatternSurroundings:
        """Return the same with plus blocks that stand beside other nodes."""
        return PatternSurroundings(self._uses, blocks)

    def size(self, node: Node) -> int:
        """Return how many nodes there are on all ways through a part that is finished.

        Spellings share their parts, and each is counted as often as it is looked at.
        """
        known = self._sizes.get(id(node))
        if known is None:
            whole = 1 + sum(self.size(child) for child in node.children)
            # The node is kept, so that its id stays its own.
            known = self._sizes[id(node)] = (node, whole)
        return known[1]

    def inside(self, leaves: Sequence[PNode], parts: Mapping[str, PNode]) -> bool:
        """Whether plus code stands among `leaves`, other than within one of `parts`."""
        # No code stands beside the dots of a nest: what is written there is a brace's.
        nests = [part for part in parts.values() if part.kind == "nest"]
        inner = {id(one) for one in (*leaves, *nests)}
        owner = {id(leaf): name for name, part in parts.items() for leaf in pattern_leaves(part)}
        for block in self._blocks:
            before, after = block.before, block.after
            if before is None or after is None or not {id(before), id(after)} <= inner:
                continue
            own, other = owner.get(id(before)), owner.get(id(after))
            within = own is not None and own == other
            # Code beside a removed token takes its place.
            replaces = (own is not None and before.mark is TokenMark.MINUS) or (
                other is not None and after.mark is TokenMark.MINUS
            )
            if not within and not replaces:
                return True
        return False

    def changes(self, part: PNode) -> bool:
        """Whether a part of the pattern has plus code in it, or beside a token that it removes."""
        leaves = {id(leaf) for leaf in pattern_leaves(part)}
        return any(
            token is not None and id(token) in leaves
            for block in self._blocks
            for token in (block.before, block.after)
        )

    def pure(self, part: PNode) -> bool:
        """Whether a part of the pattern is a metavariable that occurs nowhere else.

        `(T)e` may be had without its cast, `(long)e` and `(T *)e` may not: as spatch has it.
        """
        meta = part.metavariable
        if part.kind in ("type_descriptor", "expression_statement") and len(part.children) == 1:
            inner = part.children[0]
            meta = inner.metavariable if isinstance(inner, PNode) else None
        return meta is not None and not meta.rule and self._uses[name_of(meta)] == 1


def surroundings_of(
    pattern: PNode, blocks: Sequence[PlusBlock], exported: Collection[Name]
) -> PatternSurroundings:
    """Return what a pattern and its plus code have around a part of it; later rules ask for what is
    `exported`.
    """
    uses = _uses(pattern) + _in_whens(pattern)
    uses.update([*map(name_of, in_plus(blocks)), *exported, *exported])
    return PatternSurroundings(uses, blocks)


def _uses(pattern: Node) -> Counter[Name]:
    """Count the metavariables of a pattern, as often as they occur in one way through it.

    What `when` says is left out.
    """
    found: Counter[Name] = Counter()
    if isinstance(pattern, PNode):
        found.update(name_of(meta) for meta in at_node(pattern))
    for child in pattern.children:
        inner = _uses(child)
        found = found | inner if pattern.kind == "disjunction" else found + inner
    return found


def _in_whens(pattern: Node) -> Counter[Name]:
    """Count the metavariables in what `when` says.

    Each forbids by itself: what two of them share is not one thing that both have to find.
    """
    found: Counter[Name] = Counter()
    for node in pattern.walk():
        for when in node.whens if isinstance(node, PNode) else ():
            if when.pattern is not None:
                found |= _uses(when.pattern) + _in_whens(when.pattern)
    return found


def pattern_leaves(node: Node) -> list[PNode]:
    """Return the leaves of the pattern as written (the first arm of each disjunction)."""
    if node.text is not None:
        return [node] if isinstance(node, PNode) else []
    children = node.children[:1] if node.kind == "disjunction" else node.children
    return [leaf for child in children for leaf in pattern_leaves(child)]
