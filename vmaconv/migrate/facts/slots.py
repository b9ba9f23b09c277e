# SPDX-License-Identifier: GPL-2.0-only
"""Function-pointer members: their declarations, the calls through them, what is stored in them.

In: a parameter of such a member. Out: its facts. The functions stored in it are bound to it: their
parameter and the member's are of one type.
"""

from __future__ import annotations

from vmaconv.cocci.tree.node import Node, bare
from vmaconv.cocci.types.declared import base_type, declared, parameters
from vmaconv.migrate.facts.entity import Obstacle, Parameter, Slot
from vmaconv.migrate.facts.entity_facts import EntityDeclaration, Facts, FactSite
from vmaconv.migrate.facts.local_names import argument_nodes
from vmaconv.migrate.facts.name_resolution import NameResolution
from vmaconv.migrate.facts.operations import outside
from vmaconv.uses.member_uses import owner_of

_MANY = 300
"""More files than this with a member's name: it is not worth to look whose each is."""


def slot_facts(symbols: NameResolution, entity: Slot) -> Facts:
    """Return all that the tree says of a parameter of a function-pointer member."""
    facts = Facts()
    files = symbols.sources.mentioning(entity.member)
    if len(files) > _MANY:
        text = f"{len(files)} files use the name {entity.member.decode()}: too many to tell whose it is"
        facts.obstacles.append(Obstacle(None, text))
        return facts
    for path in files:
        unit = symbols.sources.unit(path)
        for chunk in unit.chunks_with(entity.member):
            for root in chunk.variants:
                for leaf in root.leaves():
                    if leaf.text == entity.member:
                        _add_slot(symbols, entity, path, leaf, facts)
    if not facts.declarations and not facts.converted:
        facts.obstacles.append(Obstacle(None, f"nothing in the tree declares {entity}"))
    return facts


def _add_slot(symbols: NameResolution, entity: Slot, path: str, leaf: Node, facts: Facts) -> None:
    parent = leaf.parent
    if parent is None:
        return
    if parent.kind in ("field_expression", "field_designator") and leaf is parent.children[-1]:
        owner = owner_of(leaf, symbols.sources.types(path))
        if owner is None and not _may_be(symbols, entity, path, parent):
            return
        if owner is None:
            text = f"the declarations in sight do not tell whose {entity.member.decode()} this is"
            facts.obstacles.append(Obstacle(symbols.place(path, leaf), text))
        elif owner == entity.struct:
            _add_slot_use(symbols, entity, path, parent, facts)
        return
    if leaf.enclosing("field_declaration") is not None and _owner(leaf) == entity.struct:
        _add_slot_declaration(symbols, entity, path, leaf, facts)


def _may_be(symbols: NameResolution, entity: Slot, path: str, node: Node) -> bool:
    """Whether a member of unknown owner can be this slot: it is called, or given a function."""
    _, parent = outside(node)
    if parent is not None and parent.kind == "call_expression":
        return len(argument_nodes(parent)) > entity.index
    return entity.struct.rpartition(b" ")[2] in symbols.sources.unit(path).text


def _add_slot_declaration(
    symbols: NameResolution, entity: Slot, path: str, leaf: Node, facts: Facts
) -> None:
    node = leaf.enclosing("field_declaration")
    one = next((d for d in declared(node) if d.leaf is leaf), None) if node else None
    if node is None or one is None or not one.type.shape.startswith("*("):
        return
    own = parameters(node)
    if len(own) <= entity.index:
        text = f"{entity} has {len(own)} parameters here"
        facts.obstacles.append(Obstacle(symbols.place(path, leaf), text))
        return
    parameter = own[entity.index]
    name = next(iter(declared(parameter)), None)
    ctype = name.type if name is not None else base_type(parameter)
    place = symbols.place(path, parameter)
    if ctype is None:
        facts.obstacles.append(Obstacle(place, f"parameter of {entity} cannot be read"))
        return
    where = EntityDeclaration(path, parameter, name.leaf if name else None, ctype)
    if ctype.base == symbols.new:
        facts.converted.append(where)
    elif symbols.is_old(ctype):
        facts.declarations.append(where)
    else:
        facts.obstacles.append(Obstacle(place, f"{entity} is of type {ctype} here"))


def _add_slot_use(
    symbols: NameResolution, entity: Slot, path: str, node: Node, facts: Facts
) -> None:
    """Take a call through the slot, or a function that is stored in it."""
    place = symbols.place(path, node)
    inner, parent = outside(node)
    value: Node | None = None
    if parent is not None and parent.kind == "call_expression":
        arguments = argument_nodes(parent)
        if len(arguments) > entity.index:
            facts.inflows.append(FactSite(path, arguments[entity.index]))
        return
    if parent is not None and parent.kind == "initializer_pair":
        value = parent.children[-1]
    elif parent is not None and parent.kind == "assignment_expression":
        if inner is parent.children[0]:
            value = parent.children[-1]
    elif parent is not None and _only_tested(inner, parent):
        return
    name = _function_value(value) if value is not None else None
    if name == b"NULL":
        return
    function = symbols.function(name, path) if name is not None else None
    if function is None:
        text = f"what {entity.member.decode()} holds cannot be followed"
        facts.obstacles.append(Obstacle(place, text))
        return
    bound = Parameter(function, entity.index)
    if bound not in facts.bound:
        facts.bound.append(bound)


def _owner(leaf: Node) -> bytes | None:
    """Return the struct that declares the member `leaf`, through unnamed ones."""
    for node in leaf.ancestors():
        if node.kind in ("struct_specifier", "union_specifier"):
            name = next((c.text for c in node.children[1:] if c.kind == "identifier"), None)
            if name is not None:
                return (node.children[0].text or b"") + b" " + name
    return None


def _function_value(value: Node) -> bytes | None:
    value = bare(value)
    if value.kind == "unary_expression" and value.children[0].text == b"&":
        value = value.children[-1]
    return value.text if value.kind == "identifier" else None


def _only_tested(node: Node, parent: Node) -> bool:
    """Whether a function pointer is only asked whether it is set."""
    if parent.kind == "unary_expression":
        return parent.children[0].text == b"!"
    if parent.kind == "binary_expression":
        return parent.children[1].text in (b"&&", b"||", b"==", b"!=")
    return parent.kind in ("if_statement", "while_statement") or (
        parent.kind == "conditional_expression" and node is parent.children[0]
    )
