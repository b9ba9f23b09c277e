# SPDX-License-Identifier: GPL-2.0-only
"""Type names as declarations of nothing: macro's arguments and `typeof`.

In: a node that may be a type's name, a `type_argument` of a macro among them. Out: a node of the
kind that is asked for, as the parser makes it of a type name.
"""

from __future__ import annotations

from vmaconv.cocci.tree.node import Node, make, orphan
from vmaconv.cocci.tree.node_builder import named_type, typeof_specifier
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


def _parsed(node: Node, unit: Unit) -> Node | None:
    """Parse the text of a `type_argument` leaf as a type."""
    specifier = typeof_specifier(unit.text, node.start, node.end)
    if specifier is not None:
        return make("type_descriptor", node.start, node.end, [specifier])
    return named_type(unit.text, node.start, node.end)
