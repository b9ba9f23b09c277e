# SPDX-License-Identifier: GPL-2.0-only
"""Bodies whose own head goes, and leaves more or less than one statement in its place.

In: what a match takes away, and its edits. Out: the bodies that need braces: of
`while (x) if (e) { a(); b(); }` without `if (e) {` and its `}` the loop would keep `a();` alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from vmaconv.cocci.rewrite.bodies.braces import UnbracedBody, body_of
from vmaconv.cocci.rewrite.edit import Edit, apply
from vmaconv.cocci.rewrite.plus_code.bodies_in_plus import takes_else
from vmaconv.cocci.rewrite.regions import Region
from vmaconv.cocci.tree.node import STATEMENTS, Node
from vmaconv.cocci.tree.unit import Unit

_HEAD = b"void f(void)\n{\n"


class Dissolved(Struct, frozen=True):
    """A body whose head goes; `block` is where the one block that it leaves begins, or None where
    it leaves several statements, which need braces."""

    body: UnbracedBody
    block: int | None


def dissolved_bodies(
    regions: Sequence[Region], edits: Sequence[Edit], text: bytes, known: Sequence[UnbracedBody]
) -> list[Dissolved]:
    """Return the bodies that the edits of a match leave as no one statement, or as a block, less
    `known` ones.
    """
    done = {id(body.statement) for body in known}
    found: list[Dissolved] = []
    for region in regions:
        for statement in _begun_by(region):
            body = body_of(statement)
            if body is None or id(statement) in done:
                continue
            done.add(id(statement))
            left = _left(statement, edits, text)
            if left is None:
                break
            if len(left) == 1 and left[0].kind == "compound_statement":
                block = _block_behind(statement, region, text)
                if block is not None and not text[body.head : statement.start].strip():
                    found.append(Dissolved(body, block))
            elif not is_one(left, body.follower is not None):
                found.append(Dissolved(body, None))
            break
    return found


def _block_behind(statement: Node, region: Region, text: bytes) -> int | None:
    """Return where the block begins that follows a head which goes without replacement."""
    if region.plus:
        return None
    blocks = (child for child in statement.children if child.kind == "compound_statement")
    starts = (block.start for block in blocks if block.start >= region.end)
    start = next(starts, None)
    return start if start is not None and not text[region.end : start].strip() else None


def _begun_by(region: Region) -> Iterator[Node]:
    """Yield the statements that begin where a region does and of which something is left, outermost
    first."""
    node = region.taken[0].node
    around: list[Node] = []
    while node is not None and node.start >= region.start:
        around.append(node)
        node = node.parent
    for one in reversed(around):
        if one.kind in STATEMENTS and one.start == region.start and one.end > region.end:
            yield one


def _left(statement: Node, edits: Sequence[Edit], text: bytes) -> Sequence[Node] | None:
    """Return the statements that edits leave of one, or None where they do not parse."""
    start, end = statement.start, statement.end
    local: list[Edit] = []
    for edit in edits:
        first, last = max(edit.start, start), min(edit.end, end)
        inside = first < last or (edit.start == edit.end and start <= edit.start < end)
        if inside:
            local.append(Edit(first - start, last - start, edit.text, edit.rule, edit.level))
    return statements_of(apply(text[start:end], local))


def statements_of(text: bytes) -> Sequence[Node] | None:
    """Return the statements of a text, or None where it does not parse as such.

    >>> [statement.kind for statement in statements_of(b"a(); if (b) c();") or ()]
    ['expression_statement', 'if_statement']
    >>> len(statements_of(b"a();\\nMACRO") or ())
    2
    """
    # A macro that is a statement without a semicolon is seen only where one has room behind it.
    unit = Unit("", _HEAD + text + b" \n}\n")
    items = [item for chunk in unit.chunks for item in chunk.items()]
    if any(chunk.errors for chunk in unit.chunks) or len(items) != 1:
        return None
    return items[0].children[-1].children[1:-1]


def is_one(left: Sequence[Node], else_follows: bool) -> bool:
    """Whether statements are one that may stand as a body."""
    if len(left) != 1 or left[0].kind == "declaration":
        return False
    return not (else_follows and takes_else(left[0]))
