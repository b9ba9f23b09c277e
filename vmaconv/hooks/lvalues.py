# SPDX-License-Identifier: GPL-2.0-only
"""What an lvalue names.

In: nodes of expressions. Out: the name that one starts from, the member or variable that it names.
"""

from __future__ import annotations

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
    while node.text is None:
        if node.kind == "field_expression":
            through = through or node.children[1].text == b"->"
            node = node.children[0]
        elif node.kind == "subscript_expression":
            through = True
            node = node.children[0]
        elif node.kind == "unary_expression" and node.children[0].text == b"*":
            through = True
            node = node.children[-1]
        elif node.kind == "parenthesized_expression" and len(node.children) == 3:
            node = node.children[1]
        elif node.kind == "cast_expression":
            node = node.children[-1]
        else:
            return None, through
    return node, through


def followed(target: Node, types: ExpressionTypes) -> int:
    """Count the pointers that are followed on the way to what an lvalue names.

    `c.d->n` has one, `a[1]->n` of an array two, `c->d->n` two; a subscript of a member that is an array
    is none.
    """
    count = 0
    node = target
    while node.text is None:
        if node.kind == "field_expression":
            count += node.children[1].text == b"->"
            node = node.children[0]
        elif node.kind == "subscript_expression":
            node = node.children[0]
            ctype = types.of(node) if node.kind == "field_expression" else None
            count += ctype is None or not ctype.shape.startswith("[")
        elif node.kind == "unary_expression" and node.children[0].text == b"*":
            count += 1
            node = node.children[-1]
        elif node.kind == "parenthesized_expression" and len(node.children) == 3:
            node = node.children[1]
        elif node.kind == "cast_expression":
            node = node.children[-1]
        else:
            break
    return count
