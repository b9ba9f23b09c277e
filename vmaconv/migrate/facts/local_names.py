# SPDX-License-Identifier: GPL-2.0-only
"""Names inside a function: where one is declared, and where it is used.

In: nodes of one unit. Out: declarations and uses by C's block scopes; file level is left to
`expression_types`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from vmaconv.cocci.tree.node import Node
from vmaconv.cocci.tree.unit import Chunk
from vmaconv.cocci.types.declared import Declared, declared, parameters

_LOOPS = ("for_statement", "iterator_statement")
_NO_NAME = ("field_designator", "label", "goto_statement")


def leaves_at(chunk: Chunk, offset: int) -> list[Node]:
    """Return the token that begins at `offset`, in each variant that has it."""
    found: list[Node] = []
    for root in chunk.variants:
        node: Node | None = root
        while node is not None and node.text is None:
            node = next((c for c in node.children if c.start <= offset < c.end), None)
        if node is not None and node.start == offset:
            found.append(node)
    return found


def in_error(leaf: Node) -> bool:
    """Whether the token stands in text that did not parse."""
    return any(node.kind == "ERROR" for node in leaf.ancestors())


def local_declaration(leaf: Node) -> Declared | None:
    """Return the declaration, inside the function, that the name `leaf` refers to; None at file
    level.

    In `f(int x) { { long x; x++; } }` the last `x` is the `long`.
    """
    text = leaf.text or b""
    for parent in leaf.ancestors():
        found: Declared | None = None
        if parent.kind == "compound_statement":
            found = _in_block(parent, text, leaf.start)
        elif parent.kind in _LOOPS:
            found = _among(parent.children, text)
        elif parent.kind == "function_definition":
            return _among(parameters(parent), text)
        if found is not None:
            return found
    return None


def _in_block(block: Node, name: bytes, before: int) -> Declared | None:
    found = None
    for child in block.children:
        if child.start > before:
            break
        if child.kind == "declaration":
            found = _among([child], name, before) or found
    return found


def _among(items: Sequence[Node], name: bytes, before: int | None = None) -> Declared | None:
    found = None
    for item in items:
        if item.kind in ("declaration", "parameter_declaration"):
            for one in declared(item):
                # `int x = x;`: the name is in scope from its own declarator on.
                if one.name == name and (before is None or one.leaf.start <= before):
                    found = one
    return found


def is_name(leaf: Node) -> bool:
    """Whether an identifier stands for a variable or function, not for a member, tag or label."""
    parent = leaf.parent
    if leaf.kind != "identifier" or parent is None or parent.kind in _NO_NAME:
        return False
    if parent.kind == "field_expression":
        return leaf is not parent.children[-1]
    if parent.kind in ("struct_specifier", "union_specifier", "enum_specifier"):
        return False
    while parent is not None and parent.kind.endswith("_declarator"):
        parent = parent.parent
    if parent is None or parent.kind != "field_declaration":
        return True
    return all(one.leaf is not leaf for one in declared(parent))


def uses_of(declaration: Declared, function: Node) -> Iterator[Node]:
    """Yield the leaves of `function` that refer to a parameter or variable, its declarator left
    out."""
    for leaf in function.leaves():
        if (
            leaf.text == declaration.name
            and leaf.start != declaration.leaf.start
            and is_name(leaf)
            and not _declares(leaf)
        ):
            found = local_declaration(leaf)
            if found is not None and found.leaf.start == declaration.leaf.start:
                yield leaf


def _declares(leaf: Node) -> bool:
    """Whether the leaf is the name that a declarator declares."""
    node: Node = leaf
    while node.parent is not None and node.parent.kind.endswith("_declarator"):
        parent = node.parent
        if parent.kind == "init_declarator":
            if node is not parent.children[0]:
                return False
        elif parent.kind == "array_declarator" and node is not parent.children[0]:
            return False
        node = parent
    holder = node.parent
    if holder is None or holder.kind not in ("declaration", "parameter_declaration"):
        return False
    return any(one.leaf is leaf for one in declared(holder))


def argument_nodes(call: Node) -> list[Node]:
    """Return the arguments of a call, in order."""
    return [c for c in call.children[-1].children if c.text not in (b"(", b")", b",")]
