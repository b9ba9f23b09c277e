# SPDX-License-Identifier: GPL-2.0-only
"""The object that an lvalue names.

In: nodes of expressions. Out: the name that one starts from, the member or variable that it names.
"""

from __future__ import annotations

from collections.abc import Iterator

from vmaconv.cocci.tree.node import Node
from vmaconv.cocci.types.expression_types import ExpressionTypes


def unset_member(condition: Node) -> str:
    """Return the member that a condition asks to be unset: of `!p->x` and `p->x == NULL`."""
    node = condition
    if node.kind == "binary_expression":
        if node.children[1].text != b"==" or node.children[-1].text != b"NULL":
            return ""
        return member_of(node.children[0])
    if node.kind == "unary_expression" and node.children[0].text == b"!":
        return member_of(node.children[-1])
    return ""


def member_of(target: Node) -> str:
    """Return the member, or the variable, that an lvalue names: of `p->x[2]` and `*p->x`, too."""
    match target.kind:
        case "field_expression":
            return member_of(target.children[-1])
        case "subscript_expression" | "cast_expression":
            return member_of(target.children[0 if target.kind[0] == "s" else -1])
        case "parenthesized_expression" if len(target.children) == 3:
            return member_of(target.children[1])
        case "unary_expression":
            return member_of(target.children[-1])
        case _:
            return (target.text or b"").decode(errors="replace")


def root_of(target: Node) -> tuple[Node | None, bool]:
    """Return the name that an lvalue starts from, and whether a pointer is followed on the way."""
    through = False
    node = target
    for outer, inner in _inwards(target):
        through = through or outer.kind == "subscript_expression" or _points(outer)
        node = inner
    return (node if node.text is not None else None), through


def followed(target: Node, types: ExpressionTypes) -> int:
    """Count the pointers that are followed on the way to what an lvalue names.

    `c.d->n` has one, `a[1]->n` of an array two, `c->d->n` two; a subscript of a member that is an array
    is none.
    """
    count = 0
    for outer, inner in _inwards(target):
        if outer.kind == "subscript_expression":
            ctype = types.of(inner) if inner.kind == "field_expression" else None
            count += ctype is None or not ctype.shape.startswith("[")
        else:
            count += _points(outer)
    return count


def _points(outer: Node) -> bool:
    """Whether a step of `_inwards` is a `->` or a `*`."""
    if outer.kind == "field_expression":
        return outer.children[1].text == b"->"
    return outer.kind == "unary_expression"


def _inwards(target: Node) -> Iterator[tuple[Node, Node]]:
    """Yield each expression on the way to the name that an lvalue starts from, and the one inside."""
    node = target
    while node.text is None:
        outer = node
        match outer.kind:
            case "field_expression" | "subscript_expression":
                node = outer.children[0]
            case "unary_expression" if outer.children[0].text == b"*":
                node = outer.children[-1]
            case "parenthesized_expression" if len(outer.children) == 3:
                node = outer.children[1]
            case "cast_expression":
                node = outer.children[-1]
            case _:
                return
        yield outer, node
