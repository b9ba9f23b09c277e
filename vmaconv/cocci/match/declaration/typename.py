# SPDX-License-Identifier: GPL-2.0-only
"""Type names as declarations of nothing: macro's arguments and `typeof`.

In: a node that may be a type's name, a `type_argument` of a macro among them. Out: a node of the
kind that is asked for, as the parser makes it of a type name.
"""

from __future__ import annotations

import re

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.tree.conversion import NodeBuilder, parse
from vmaconv.cocci.tree.node import Node, leaf, make, orphan
from vmaconv.cocci.tree.unit import Unit

TYPES = frozenset(
    {
        "enum_specifier",
        "identifier",
        "macro_type_specifier",
        "primitive_type",
        "sized_type_specifier",
        "struct_specifier",
        "type_descriptor",
        "union_specifier",
    }
)


def as_declaration(node: Node, kind: str, unit: Unit) -> Node | None:
    """Return a macro's argument or a lone name as the type that it may be, or None.

    `kind` is that of the node made: `type_descriptor` or `parameter_declaration`.
    """
    if node.kind in TYPES:
        # What it is made of stays where it is.
        children = node.children if node.kind == "type_descriptor" else (node,)
        made = orphan(kind, node.start, node.end, children)
        made.parent = node.parent
        return made
    if node.kind != "type_argument":
        return None
    descriptor = _parsed(node, unit)
    if descriptor is None:
        return None
    descriptor.kind = kind
    descriptor.parent = node.parent
    return descriptor


_TYPEOF = late_regex(rb"((?:__)?typeof(?:__)?)(\s*\()(.*)\)", re.DOTALL)


def _typeof(node: Node, match: re.Match[bytes], unit: Unit) -> Node | None:
    """Read `typeof(e)` as a type, with the expression or type in it."""
    at = node.start
    opening = at + match.end(2) - 1
    prefix = b"void f(void){"
    tree = parse(prefix + b"(" + match[3] + b");}")
    inner: Node | None = None
    if not tree.root_node.has_error:
        root = NodeBuilder(unit.text, {}, opening - len(prefix)).build(tree.root_node)
        whole = next((n for n in root.walk() if n.kind == "parenthesized_expression"), None)
        inner = whole.children[1] if whole is not None else None
    if inner is None:
        inner = _parsed(leaf("type_argument", opening + 1, node.end - 1, match[3]), unit)
    if inner is None:
        return None
    children = [
        leaf("identifier", at, at + match.end(1), match[1]),
        leaf("(", opening, opening + 1, b"("),
        inner,
        leaf(")", node.end - 1, node.end, b")"),
    ]
    specifier = make("macro_type_specifier", at, node.end, children)
    return make("type_descriptor", at, node.end, [specifier])


def _parsed(node: Node, unit: Unit) -> Node | None:
    """Parse the text of a `type_argument` leaf as a type."""
    typeof = _TYPEOF.fullmatch(node.text or b"")
    if typeof is not None:
        return _typeof(node, typeof, unit)
    text = b"(" + (node.text or b"") + b")0;"
    tree = parse(text)
    if tree.root_node.has_error:
        return None
    root = NodeBuilder(unit.text, {}, node.start - 1).build(tree.root_node)
    return next((n for n in root.walk() if n.kind == "type_descriptor"), None)
