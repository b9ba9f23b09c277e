# SPDX-License-Identifier: GPL-2.0-only
"""Plus code behind a disjunction that nothing follows.

In: the blocks of a rule. Out: blocks that each stand behind a token of the pattern: code behind the `)`
of a disjunction is code behind each of its arms.
"""

from __future__ import annotations

from dataclasses import replace

from vmaconv.cocci.smpl.rule import PlusBlock, PNode
from vmaconv.cocci.tree.node import Node


def behind_each_arm(block: PlusBlock) -> list[PlusBlock]:
    """Return a block that stands behind a disjunction, and before nothing, as one behind each arm.

    A match has the tokens of one arm: only that arm's block is written.
    """
    group = block.before
    if group is None or group.kind not in ("disjunction", "conjunction") or block.after is not None:
        return [block]
    ends = _last_leaves(group)
    return [replace(block, before=end) for end in ends] if ends else [block]


def _last_leaves(node: Node) -> list[PNode]:
    """Return the tokens that a match of a pattern may end with; none where an arm has none."""
    if node.kind == "disjunction":
        ends = [_last_leaves(arm) for arm in node.children]
        return [leaf for arm in ends for leaf in arm] if all(ends) else []
    if isinstance(node, PNode) and node.text is not None:
        return [node]
    # The arms of a conjunction match the same code.
    last = node.children[:1] if node.kind == "conjunction" else node.children[-1:]
    return _last_leaves(last[0]) if last else []
