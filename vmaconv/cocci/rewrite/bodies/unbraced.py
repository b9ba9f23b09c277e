# SPDX-License-Identifier: GPL-2.0-only
"""Which statements plus code stands beside, and which of them need braces for it.

In: what a match took and where its plus code goes. Out: `UnbracedBody`s, which `braces` encloses, and the
order of what is inserted at one place.
"""

from __future__ import annotations

from collections.abc import Sequence

from vmaconv.cocci.match.attempt.state import Taken
from vmaconv.cocci.rewrite.bodies.braces import (
    UnbracedBody,
    body_of,
    depth,
    needs_braces,
    statement_at,
)
from vmaconv.cocci.rewrite.regions import Region
from vmaconv.cocci.smpl.rule import PlusBlock
from vmaconv.cocci.tree.node import Node


def bodies_of(
    regions: Sequence[Region], inserts: Sequence[tuple[Taken, PlusBlock, bool]], tidy: bool
) -> list[UnbracedBody]:
    """Return the bodies without braces that plus code makes more than one statement, each once."""
    found: dict[int, UnbracedBody] = {}
    for anchor, block, after in inserts:
        body = body_of(beside(anchor, after))
        if body is not None and _has_pairs(block):
            found[id(body.statement)] = body
    for region in regions:
        body = body_of(whole_statement(region))
        lines = [line for block in region.plus for line in block.lines]
        if body is not None and lines and needs_braces(body, lines, tidy):
            found[id(body.statement)] = body
    return list(found.values())


def _has_pairs(block: PlusBlock) -> bool:
    """Whether the braces of plus code are pairs: else the rule sets braces around code itself."""
    texts = [token.text for line in block.lines for token in line.tokens]
    return texts.count("{") == texts.count("}")


def level(anchor: Taken, after: bool) -> int:
    """Return what puts insertions at one place in order: see `Edit`."""
    node = anchor.node
    if node is None:
        return 0
    around = depth(node) - (node.text is not None)
    return -around if after else around


def beside(anchor: Taken, after: bool) -> Node | None:
    """Return the statement that plus code before or after `anchor` stands beside."""
    block = anchor.node
    if block is not None and block.kind == "compound_statement" and _is_whole(anchor, block):
        # A statement metavariable stands for the block.
        return block
    if after and block is not None and block.text == b"}" and not anchor.alias:
        return block.parent
    if after:
        return statement_at(anchor.node, -1, anchor.end)
    return statement_at(anchor.node, anchor.start, -1)


def _is_whole(anchor: Taken, node: Node) -> bool:
    return anchor.token.metavariable is not None and anchor.start in (node.start, node.end)


def whole_statement(region: Region) -> Node | None:
    """Return the statement that the region covers exactly, or None."""
    return statement_at(region.taken[0].node, region.start, region.end)
