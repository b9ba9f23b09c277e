# SPDX-License-Identifier: GPL-2.0-only
"""Labels of a `switch` that plus code adds.

In: plus lines, the token beside which they go. Out: where the labels of that `switch` stand, which
coding-style.rst has in the column of the `switch` itself.
"""

from __future__ import annotations

from collections.abc import Sequence

from vmaconv.cocci.match.attempt.state import Taken
from vmaconv.cocci.smpl.rule import PlusLine
from vmaconv.cocci.tree.node import Node


def begins_with_label(lines: Sequence[PlusLine]) -> bool:
    """Return whether plus lines begin with `case X:` or `default:`."""
    tokens = [token for line in lines for token in line.code]
    return bool(tokens) and tokens[0].text in ("case", "default")


def label_beside(taken: Taken, after: bool) -> Node | None:
    """Return the first label of the `switch` in whose braces code goes beside a token.

    The `switch` itself where it has none; None where a block inside, or no `switch`, is around.
    """
    node = taken.node
    if node is not None and node.text == (b"}" if after else b"{"):
        # Code goes outside of these braces.
        node = node.parent
        node = node.parent if node is not None else None
    elif node is not None and node.text in (b"{", b"}"):
        node = node.parent
        if node is not None and node.kind == "compound_statement":
            return _label_in(node)
    while node is not None:
        node = node.parent
        if node is not None and node.kind == "compound_statement":
            return _label_in(node)
    return None


def _label_in(block: Node) -> Node | None:
    if block.parent is None or block.parent.kind != "switch_statement":
        return None
    labels = (child for child in block.children if child.kind == "case_label")
    return next(labels, block.parent)
