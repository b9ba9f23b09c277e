# SPDX-License-Identifier: GPL-2.0-only
"""Seeds that no declaration tells: plain words that hold flags because of what they are used with.

In: a tree that has been searched for a member's name. Out: the local variables, declared as the word behind
the old type, that a member of flags is copied to or tested for, or that a setter of flags is given:

    unsigned long flags = vma->vm_flags;
    ...
    vm_flags_reset(vma, flags);
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from vmaconv.cocci.tree.node import Node, bare
from vmaconv.cocci.types.declared import declared
from vmaconv.migrate.facts.entity import Entity, Variable, sort_key
from vmaconv.migrate.facts.fact_graph import FactGraph
from vmaconv.migrate.facts.local_names import argument_nodes, local_declaration
from vmaconv.migrate.facts.name_resolution import name_of
from vmaconv.uses.member_uses import owner_of
from vmaconv.uses.reasons import climb

_COMBINED = (b"&", b"|")
_STRINGS = ("string_literal", "concatenated_string")


def beside_seeds(graph: FactGraph, member: str, setters: Collection[str]) -> list[Entity]:
    """Return the plain variables beside uses of `member` (`struct foo.flags`) and in calls of `setters`."""
    struct, _, name = member.partition(".")
    word = re.escape(name.encode())
    named = b"|".join(re.escape(one.encode()) for one in sorted(setters)) or rb"(?!)"
    near = re.compile(
        rb"\b" + word + rb"\s*&\s*\(?\s*[a-z_]\w*"
        rb"|\b[a-z_]\w*\s*=[^;={}]*(?:->|\.)" + word + rb"\b"
        rb"|\b(?:" + named + rb")\([^;]*,\s*[a-z_]\w*\s*\)"
    )
    found: dict[Entity, None] = {}
    mentioned = (graph.sources.mentioning(one.encode()) for one in (name, *setters))
    for path in sorted({path for paths in mentioned for path in paths}):
        if not path.endswith(".c") or near.search(graph.sources.unit(path).text) is None:
            continue
        for entity in _of_file(graph, path, (struct.encode(), name.encode()), near, setters):
            found.setdefault(entity)
    return sorted(found, key=sort_key)


def _of_file(
    graph: FactGraph,
    path: str,
    member: tuple[bytes, bytes],
    near: re.Pattern[bytes],
    setters: Collection[str],
) -> Iterator[Variable]:
    unit = graph.sources.unit(path)
    for chunk in unit.chunks:
        if near.search(unit.text, chunk.start, chunk.end) is None:
            continue
        for node in (node for root in chunk.variants for node in root.walk()):
            is_member = node.kind == "field_expression" and node.children[-1].text == member[1]
            beside = list(_beside(node)) if is_member else []
            if beside and owner_of(node.children[-1], graph.sources.types(path)) != member[0]:
                continue
            if node.kind == "call_expression" and _callee(node) in setters:
                beside += [bare(argument) for argument in argument_nodes(node)[1:]]
            for leaf in beside:
                if (made := _variable(graph, path, leaf)) is not None:
                    yield made


def _callee(call: Node) -> str:
    return (call.children[0].text or b"").decode(errors="replace")


def _beside(member: Node) -> Iterator[Node]:
    """Yield the names that a member is masked with, and those that get its value."""
    node, parent = climb(member)
    while parent is not None and parent.kind == "binary_expression":
        if parent.children[1].text not in _COMBINED:
            return
        other = parent.children[-1] if node is parent.children[0] else parent.children[0]
        if parent.children[1].text == b"&":
            yield bare(other)
        node, parent = climb(parent)
    if parent is None or parent.children[-1] is not node:
        return
    if parent.kind == "init_declarator":
        yield parent.children[0]
    elif parent.kind == "assignment_expression" and parent.children[1].text == b"=":
        yield bare(parent.children[0])


def _variable(graph: FactGraph, path: str, leaf: Node) -> Variable | None:
    """Return the variable of a plain word that a name is."""
    if leaf.kind != "identifier":
        return None
    holder = leaf.parent
    if holder is not None and holder.kind == "init_declarator" and holder.children[0] is leaf:
        own = holder.parent
        found = next((one for one in declared(own) if one.leaf is leaf), None) if own else None
    else:
        found = local_declaration(leaf)
    if found is None or found.node.kind != "declaration":
        return None
    function = found.node.enclosing("function_definition")
    name = name_of(function)
    if name is None or not graph.is_old(found.type) or found.type.base in graph.named:
        return None
    if function is None or _is_printed(function, found.name):
        return None
    return Variable(path, name, found.name, found.leaf.start)


def _is_printed(function: Node, name: bytes) -> bool:
    """Whether a function hands a variable to a call with a format: that is about its number.

    Half of the tree calls such functions, and what they are would be looked for in all of it.
    """
    for leaf in function.leaves():
        call = leaf.parent.parent if leaf.text == name and leaf.parent is not None else None
        given = argument_nodes(call) if call is not None and call.kind == "call_expression" else []
        if any(argument.kind in _STRINGS for argument in given):
            return True
    return False
