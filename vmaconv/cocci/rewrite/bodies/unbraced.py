# SPDX-License-Identifier: GPL-2.0-only
"""Which statements plus code stands beside, and which of them need braces for it.

In: what a match took and where its plus code goes. Out: `UnbracedBody`s, which `braces` encloses, and the
order of what is inserted at one place.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from vmaconv.cocci.match.attempt.state import Taken
from vmaconv.cocci.match.attempt.value import BoundValue
from vmaconv.cocci.rewrite.bodies.braces import (
    UnbracedBody,
    body_of,
    depth,
    needs_braces,
    statement_at,
)
from vmaconv.cocci.rewrite.bodies.dissolved import is_one, statements_of
from vmaconv.cocci.rewrite.plus_code.needs import value_of
from vmaconv.cocci.rewrite.regions import Region
from vmaconv.cocci.smpl.mentions import Name
from vmaconv.cocci.smpl.rule import PlusBlock, PlusLine
from vmaconv.cocci.tree.node import Node


def bodies_of(
    regions: Sequence[Region],
    inserts: Sequence[tuple[Taken, PlusBlock, bool]],
    bindings: Mapping[Name, BoundValue],
    tidy: bool,
) -> list[UnbracedBody]:
    """Return the bodies without braces that plus code makes more than one statement, each once.

    So is one that plus code stands around: an `else` behind it is not the added `if`'s.
    """
    found: dict[int, UnbracedBody] = {}
    for anchor, block, after in inserts:
        # A comment before a statement is read with it; one behind it would seem to stand outside.
        body = body_of(beside(anchor, after)) if after or block.code else None
        if body is not None and (_has_pairs(block) or not after):
            found[id(body.statement)] = body
    for region in regions:
        body = body_of(whole_statement(region))
        lines = [line for block in region.plus for line in block.lines]
        if body is None or not lines:
            continue
        held = _with_statements(lines, {**bindings, **region.own()})
        if needs_braces(body, lines, tidy) if held is None else _outgrows(held, body):
            found[id(body.statement)] = body
    return list(found.values())


def _with_statements(
    lines: Sequence[PlusLine], bindings: Mapping[Name, BoundValue]
) -> bytes | None:
    """Return plus code with what its metavariables for statements stand for; None if it has none."""
    parts: list[bytes] = []
    found = False
    for token in (token for line in lines for token in line.tokens):
        meta = token.metavariable
        value = None
        if meta is not None and meta.kind in ("statement", "statement list"):
            value = value_of(meta, bindings)
            found = True
        parts.append(value.text + b"\n" if value is not None else token.text.encode() + b" ")
    return b"".join(parts) if found else None


def _outgrows(text: bytes, body: UnbracedBody) -> bool:
    """Whether a text that replaces a body is more than one statement, or takes the `else` behind."""
    left = statements_of(text)
    return left is not None and bool(left) and not is_one(left, body.follower is not None)


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
