# SPDX-License-Identifier: GPL-2.0-only
"""Seeds that nobody has to name: all that a tree declares with the old type by its name.

In: a tree that has been searched for the type's name. Out: the parameters, results and local variables
of that type, those of functions that many files see first. Members are left to what flows into them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from vmaconv.cocci.tree.node import Node
from vmaconv.cocci.types.declared import declared, function_name, is_static, parameters
from vmaconv.migrate.facts.entity import (
    Entity,
    Function,
    Parameter,
    ReturnValue,
    Variable,
    file_of,
    sort_key,
)
from vmaconv.migrate.facts.fact_graph import FactGraph

_ITEMS = ("function_definition", "declaration")


def declared_seeds(graph: FactGraph, named: bytes, kept: Collection[str]) -> list[Entity]:
    """Return what is declared with the type `named`, outside the functions `kept`."""
    found: dict[Entity, None] = {}
    names: set[bytes] = set()
    for path in graph.sources.mentioning(named):
        for entity in _of_file(graph, path, named, names):
            function = entity.function if isinstance(entity, Parameter | ReturnValue) else None
            own = function.name if function is not None else _holder(entity)
            if own.decode(errors="replace") not in kept:
                found.setdefault(entity)
                names |= {function.name} if function is not None and not function.file else set()
    graph.sources.fetch(names)
    return sorted(found, key=_order)


def _order(entity: Entity) -> tuple[bool, bool, tuple[str, str, int]]:
    return isinstance(entity, Variable), bool(file_of(entity)), sort_key(entity)


def _holder(entity: Entity) -> bytes:
    return entity.function if isinstance(entity, Variable) else b""


def _of_file(graph: FactGraph, path: str, named: bytes, callees: set[bytes]) -> Iterator[Entity]:
    """Yield what one file declares; add the functions that get such values to `callees`."""
    unit = graph.sources.unit(path)
    for chunk in unit.chunks_with(named):
        for root in chunk.variants:
            for item in root.children:
                made = list(_of_item(path, item, named))
                yield from made
                if made and item.kind == "function_definition":
                    callees |= _callees(item, named)


def _callees(function: Node, named: bytes) -> set[bytes]:
    """Return the functions that something of the type is passed to: they are asked about next."""
    nodes = [n for n in function.walk() if n.kind in ("declaration", "parameter_declaration")]
    own = {one.name for node in nodes if named in node.tokens() for one in declared(node)}
    found: set[bytes] = set()
    for leaf in function.leaves():
        holder = leaf.parent if leaf.text in own else None
        if holder is not None and holder.kind == "unary_expression":
            holder = holder.parent
        call = holder.parent if holder is not None and holder.kind == "argument_list" else None
        if call is not None and call.children[0].kind == "identifier":
            found.add(call.children[0].text or b"")
    return found - own - {b""}


def _of_item(path: str, item: Node, named: bytes) -> Iterator[Entity]:
    """Yield what one item at file level declares; an item may be inside a group, as `extern "C"`."""
    if item.kind not in _ITEMS:
        for child in item.children:
            yield from _of_item(path, child, named)
        return
    leaf = function_name(item)
    if leaf is None or leaf.text is None:
        return
    is_own = path.endswith(".c") and is_static(item)
    function = Function(leaf.text, path if is_own else "")
    for one in declared(item):
        if one.leaf is leaf and one.type.base == named and one.type.shape == "(":
            yield ReturnValue(function)
    for index, node in enumerate(parameters(item)):
        if named in node.tokens():
            yield Parameter(function, index)
    if item.kind == "function_definition":
        for node in item.walk():
            if node.kind == "declaration":
                for one in declared(node):
                    if one.type.base == named and not one.type.shape:
                        yield Variable(path, leaf.text, one.name, one.leaf.start)
