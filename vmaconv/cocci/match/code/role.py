# SPDX-License-Identifier: GPL-2.0-only
"""The role of a name or node at its place.

In: a node of a C file. Out: whether it is an expression there: an `identifier` leaf may also be a
type, a member, a label, or what a declaration declares.
"""

from __future__ import annotations

from vmaconv.cocci.match.code.declaration_parts import DECLARATIONS, DECLARATORS
from vmaconv.cocci.match.code.declarer_call import as_call
from vmaconv.cocci.tree.node import EXPRESSIONS, Node

_NEVER = frozenset(
    {
        "attribute_specifier",
        "enum_specifier",
        "field_designator",
        "goto_statement",
        "label",
        "labeled_statement",
        "parameter_list",
        "preproc_params",
        "sized_type_specifier",
        "struct_specifier",
        "union_specifier",
        "variadic_parameter",
    }
)
_FIRST_IS_NAME = frozenset({"enumerator", "iterator_statement", "macro_type_specifier"})


def is_expression(node: Node) -> bool:
    """Whether `node` is an expression where it stands.

    `x` in `f(x)` and `int a[x]` is, in `int x`, `a.x`, `goto x`, `struct x` and `{ .x = 1 }` it is
    not, nor is `x` alone on its line, a macro, or `1 ... 3` in a `case`.
    """
    if node.kind != "identifier":
        if node.kind == "string_literal" and node.parent is not None:
            # `"a" "b"` is one string (C11 5.1.1.2).
            return node.parent.kind != "concatenated_string"
        if node.kind == "binary_expression" and (node.children[1].text or b"").startswith(b"."):
            return False
        return node.kind in EXPRESSIONS
    parent = node.parent
    if parent is not None and parent.kind == "expression_statement":
        semicolon = parent.children[-1]
        return semicolon.start < semicolon.end
    return parent is None or stands_as_expression(node, parent, parent.parent)


def stands_as_expression(node: Node, parent: Node, around: Node | None) -> bool:
    """Whether a name is an expression as a child of `parent`, which stands in `around`."""
    kind = parent.kind
    if kind == "field_expression":
        return node is not parent.children[-1]
    if kind in DECLARATIONS or kind in _NEVER:
        return False
    if kind == "preproc_def":
        return node is parent.children[-1] and len(parent.children) > 2
    if kind in DECLARATORS:
        return _in_declarator(node, parent, around)
    if kind in _FIRST_IS_NAME:
        return node is not parent.children[0]
    return True


def _in_declarator(node: Node, parent: Node, around: Node | None) -> bool:
    """Whether a leaf of a declarator is an array's size, an initialiser or a declarer's argument."""
    children = parent.children
    if parent.kind == "init_declarator":
        return node is children[-1] and len(children) > 1
    if parent.kind in ("array_declarator", "abstract_array_declarator"):
        index = next(i for i, child in enumerate(children) if child is node)
        return index > 0 and children[index - 1].text == b"["
    if parent.kind == "parenthesized_declarator":
        # `static DEFINE_SPINLOCK(x);`
        return around is not None and as_call(around) is not None
    return False
