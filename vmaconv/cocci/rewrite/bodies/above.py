# SPDX-License-Identifier: GPL-2.0-only
"""The comment above a function or a declaration, which what is added before that does not part from it.

In: a text, the token that plus code goes before, and the code. Out: where it goes instead.
"""

from __future__ import annotations

from vmaconv.cocci.match.attempt.state import Taken
from vmaconv.cocci.smpl.rule import PlusBlock
from vmaconv.cocci.text.blanks import blank_start
from vmaconv.cocci.tree.node import Node


def comment_above(text: bytes, taken: Taken, block: PlusBlock, tidy: bool) -> int | None:
    """Return where the comments begin that stand above a top-level item which begins with what was
    taken, if `block` is code of its own; else None.

    Where it need not be `tidy`, blank lines may stand between, as for spatch.
    """
    item = _item(taken.node)
    if item is None or item.start != taken.start or not block.is_whole:
        return None
    first = item.start
    while (begin := _comment_before(text, first, 1 if tidy else len(text))) is not None:
        first = begin
    return first if first < item.start else None


def _comment_before(text: bytes, at: int, most: int) -> int | None:
    """Return the line on which a comment begins that ends before `at`, by no more than `most` lines,
    and has no code before it.
    """
    end = blank_start(text, at)
    if text.count(b"\n", end, at) > most:
        return None
    line = text.rfind(b"\n", 0, end) + 1
    if text.endswith(b"*/", 0, end):
        opening = text.rfind(b"/*", 0, end)
        line = text.rfind(b"\n", 0, opening) + 1
        return line if not text[line:opening].strip() else None
    return line if text[line:end].lstrip().startswith(b"//") else None


def _item(node: Node | None) -> Node | None:
    """Return the top-level item around a node, or None where the node is unknown."""
    while node is not None and node.parent is not None:
        if node.parent.kind in ("translation_unit", "declaration_list"):
            break
        node = node.parent
    return node
