# SPDX-License-Identifier: GPL-2.0-only
"""Edits of expressions and names, as a person would make them.

In: nodes and the text that shall stand for them. Out: `Edit`s in the original text's offsets.
"""

from __future__ import annotations

from vmaconv.cocci.match.code.context import (
    POSTFIX,
    UNARY,
    needs_parentheses,
    precedence,
    required_precedence,
)
from vmaconv.cocci.rewrite.edit import Edit
from vmaconv.cocci.tree.node import Node
from vmaconv.migrate.facts.masks import loses_comment
from vmaconv.migrate.write.helper_spelling import Rendered

_KEPT = ("sizeof_expression", "alignof_expression", "ERROR")


def replace_expression(text: bytes, node: Node, new: Rendered, rule: str) -> Edit | None:
    """Write `new` for `node`, with the parentheses that it needs and without those it does not.

    `!(x & F)` becomes `!test(x, F)`. None where a comment inside would be lost.
    """
    written = new.text
    if needs_parentheses(node, new.binds):
        written = b"(" + written + b")"
    elif node.parent is not None:
        node = _widened(text, node, new.binds)
    if loses_comment(text, node, written):
        return None
    return Edit(node.start, node.end, written, rule)


def _widened(text: bytes, node: Node, binds: int) -> Node:
    """Take along the parentheses that only the old expression needed."""
    own = precedence(node)
    while (outer := node.parent) is not None and outer.kind == "parenthesized_expression":
        needed = required_precedence(outer)
        of_old = own < needed or (binds >= POSTFIX and own < UNARY)
        blank = text[outer.start + 1 : node.start] + text[node.end : outer.end - 1]
        holder = outer.parent.kind if outer.parent is not None else ""
        if binds < needed or not of_old or blank.strip() or holder in _KEPT:
            break
        node = outer
    return node


def rename(leaf: Node, new: bytes, rule: str) -> Edit:
    """Write another name."""
    return Edit(leaf.start, leaf.end, new, rule)


def type_node(declaration: Node) -> Node | None:
    """Return the node that names the type in a declaration's specifiers."""
    for child in declaration.children:
        if child.kind in ("primitive_type", "identifier", "sized_type_specifier"):
            return child
        if child.kind.endswith("declarator"):
            break
    return None


def retype(text: bytes, declaration: Node, leaf: Node | None, new: bytes, rule: str) -> Edit | None:
    """Write another type; a name that stood in a column of its own stays there.

        unsigned long           flags;

    keeps `flags` where it is.
    """
    from vmaconv.cocci.rewrite.lines.layout import TAB, width

    node = type_node(declaration)
    if node is None:
        return None
    gap = text[node.end : leaf.start] if leaf is not None else b""
    if b"\t" not in gap or gap.strip():
        return Edit(node.start, node.end, new, rule)
    line = text.rfind(b"\n", 0, node.start) + 1
    column = width(text[line : node.end] + gap)
    at = width(text[line : node.start] + new)
    tabs = b""
    while at < column:
        tabs += b"\t"
        at += TAB - at % TAB
    return Edit(node.start, node.end + len(gap), new + (tabs or b" "), rule)
