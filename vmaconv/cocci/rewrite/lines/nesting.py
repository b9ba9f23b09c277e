# SPDX-License-Identifier: GPL-2.0-only
"""How deep the tokens that may begin a line stand.

In: a top-level item of a C file, and its text. Out: for each statement, declaration, brace, `else`
and case label the number of steps that it is indented, counted as the kernel counts: a block's
statements one more than its owner, case labels and braces as the owner, a body without braces one
more, unless it stands on its head's line (`else if`).
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from vmaconv.cocci.tree.node import STATEMENTS, Node

_LISTS = frozenset({"enumerator_list", "field_declaration_list"})
_MEMBERS = frozenset({"declaration", "type_definition", "macro_statement"})


class Nested(Struct, frozen=True):
    """A token that may begin a line: where it stands, how deep, and what it stands in.

    `owner` is where the statement begins whose block or body this is in (or whose `}` or `else` it
    is); `end` is where what it begins ends.
    """

    start: int
    end: int
    depth: int
    owner: int
    closes: bool = False


def nested(item: Node, text: bytes) -> Iterator[Nested]:
    """Yield what may begin a line in an item, in source order."""
    yield from _statement(item, 0, item.start, text)


def _statement(node: Node, depth: int, owner: int, text: bytes) -> Iterator[Nested]:
    """Yield a statement, or a top-level item, and what is in it."""
    if node.kind == "compound_statement":
        yield from _block(node, depth, owner, text)
        return
    if node.kind == "case_label":
        yield Nested(node.start, node.end, depth - 1, owner)
        return
    if node.kind == "label":
        # A label stands where its author likes.
        return
    yield Nested(node.start, node.end, depth, owner)
    yield from _parts(node, depth, text)


def _parts(node: Node, depth: int, text: bytes) -> Iterator[Nested]:
    children = node.children
    for index, child in enumerate(children):
        if child.text is not None:
            if child.text in (b"else", b"while") and index > 1:
                yield Nested(child.start, child.end, depth, node.start)
        elif child.kind == "compound_statement":
            yield from _block(child, depth, node.start, text)
        elif child.kind in STATEMENTS:
            body = _behind_labels(child)
            joined = b"\n" not in text[children[index - 1].end : body.start]
            yield from _statement(body, depth if joined else depth + 1, node.start, text)
        elif child.kind in _LISTS:
            yield from _block(child, depth, node.start, text)
        else:
            yield from _inside(child, depth, node.start, text)


def _behind_labels(node: Node) -> Node:
    """Return the statement behind the labels of a body: they stand where their author likes."""
    while node.kind == "labeled_statement":
        node = node.children[-1]
    return node


def _inside(node: Node, depth: int, owner: int, text: bytes) -> Iterator[Nested]:
    """Yield what is nested in a part of a statement: fields, statements in parentheses."""
    if node.text is not None:
        return
    for inner in node.children:
        if inner.kind == "compound_statement" or inner.kind in _LISTS:
            yield from _block(inner, depth, owner, text)
        else:
            yield from _inside(inner, depth, owner, text)


def _block(node: Node, depth: int, owner: int, text: bytes) -> Iterator[Nested]:
    before: Node | None = None
    for child in node.children:
        if child.text == b"{":
            yield Nested(child.start, child.end, depth, owner)
        elif child.text == b"}":
            yield Nested(child.start, child.end, depth, owner, True)
        elif child.text is None:
            # `case A: {`: the block is indented as its label is.
            joined = (
                before is not None
                and before.kind == "case_label"
                and child.kind == "compound_statement"
                and b"\n" not in text[before.end : child.start]
            )
            yield from _statement(child, depth if joined else depth + 1, owner, text)
        before = child
