# SPDX-License-Identifier: GPL-2.0-only
"""Locals that hide others of their name.

In: a function. Out: which of its locals do, and the function with a name of its own for each: what is
told apart by scopes in C is told apart by names then.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from vmaconv.cocci.tree.node import Node
from vmaconv.cocci.tree.unit import Unit
from vmaconv.cocci.types.ctype import CType
from vmaconv.cocci.types.declared import declared
from vmaconv.prove.comparing.renamed_names import parameters_of
from vmaconv.prove.headers.header_index import FoundFunction

_OTHER_NAMES = frozenset({"field_designator", "label", "goto_statement"})
"""What an identifier is the name of that no local has: a member, a label."""


def shadowed_locals(function: Node) -> list[tuple[str, CType]]:
    """Return the locals that are called as one of a block around theirs, or a parameter, is.

    With their types, in order.
    """
    found: list[tuple[str, CType]] = []

    def visit(node: Node, outer: frozenset[bytes]) -> None:
        seen = set(outer)
        for child in node.children:
            if child.kind == "declaration":
                for one in declared(child):
                    if one.name in outer:
                        found.append((one.name.decode(errors="replace"), one.type))
                    seen.add(one.name)
            visit(child, frozenset(seen))

    visit(function.children[-1], frozenset(n.encode() for n, _ in parameters_of(function)))
    return found


def with_own_names(function: FoundFunction) -> FoundFunction | None:
    """Return a function in which no local hides another: the n-th that did has `__n` behind its name.

    None where the result is not read as the one function that it is.
    """
    edits: dict[int, bytes] = {}
    for number, (declaration, name) in enumerate(_shadowing(function.node), 1):
        block = declaration.parent
        assert block is not None
        # A declaration's own initialiser sees the name already, as in C.
        for leaf in block.leaves():
            if leaf.start >= declaration.start and leaf.text == name and _is_local(leaf):
                edits[leaf.start] = b"%s__%d" % (name, number)
    text = function.text
    for start in sorted(edits, reverse=True):
        end = start + len(edits[start].rsplit(b"__", 1)[0])
        text = text[:start] + edits[start] + text[end:]
    items = [item for chunk in Unit(function.path, text).chunks for item in chunk.root.children]
    found = [item for item in items if item.kind == "function_definition"]
    return replace(function, node=found[0], text=text) if len(found) == 1 else None


def _shadowing(function: Node) -> Iterator[tuple[Node, bytes]]:
    """Yield the declarations with a name that one of a block around theirs has, outer ones first."""

    def visit(node: Node, outer: frozenset[bytes]) -> Iterator[tuple[Node, bytes]]:
        seen = set(outer)
        for child in node.children:
            if child.kind == "declaration":
                for one in declared(child):
                    if one.name in outer:
                        yield child, one.name
                    seen.add(one.name)
            yield from visit(child, frozenset(seen))

    names = frozenset(n.encode() for n, _ in parameters_of(function))
    return visit(function.children[-1], names)


def _is_local(leaf: Node) -> bool:
    parent = leaf.parent
    if leaf.kind != "identifier" or parent is None or parent.kind in _OTHER_NAMES:
        return False
    return parent.kind != "field_expression" or parent.children[-1] is not leaf
