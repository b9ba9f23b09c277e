# SPDX-License-Identifier: GPL-2.0-only
"""Plus code behind a disjunction that nothing follows.

In: the blocks of a rule. Out: blocks that each stand behind a token of the pattern: code behind the `)`
of a disjunction is code behind each of its arms. And which tokens a pattern may end with.
"""

from __future__ import annotations

from dataclasses import replace

from vmaconv.cocci.smpl.rule import PlusBlock, PNode
from vmaconv.cocci.tree.node import Node

_GROUPS = frozenset({"conjunction", "disjunction"})


def behind_each_arm(block: PlusBlock) -> list[PlusBlock]:
    """Return a block that stands behind a disjunction, and before nothing, as one behind each arm.

    A match has the tokens of one arm: only that arm's block is written.
    """
    group = block.before
    if group is None or group.kind not in _GROUPS or block.after is not None:
        return [block]
    if not all(last_leaves(arm) for arm in group.children):
        return [block]
    return [replace(block, before=end) for end in last_leaves(group, once=True)]


def last_leaves(node: Node, once: bool = False) -> list[PNode]:
    """Return the tokens that may end the code which a pattern matches: each arm of a group has its own.

    A match has the tokens of all arms of a conjunction; `once` says that those of one are enough.
    """
    if isinstance(node, PNode) and node.text is not None:
        return [node]
    if once and node.kind == "conjunction":
        ends = node.children[:1]
    else:
        ends = node.children if node.kind in _GROUPS else node.children[-1:]
    return [leaf for end in ends for leaf in last_leaves(end, once)]
