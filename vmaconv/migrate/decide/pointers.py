# SPDX-License-Identifier: GPL-2.0-only
"""Pointers to flags, as parameters: `vm_flags_t *` becomes `vma_flags_t *`.

In: `&x` passed to such a parameter, or the parameter `p` itself where it is handed on or tested. Out: the
steps, once both sides have changed; or the obstacle. What is done with `*p` is an operation as on any
other value.
"""

from __future__ import annotations

from typing import Protocol

from vmaconv.cocci.tree.node import Node, bare
from vmaconv.migrate.decide.settings import Settings
from vmaconv.migrate.decide.trial import Owner, Trial
from vmaconv.migrate.facts.classifier import Classifier
from vmaconv.migrate.facts.entity import Entity, Member, Obstacle, Parameter
from vmaconv.migrate.facts.entity_facts import FactSite
from vmaconv.migrate.facts.operations import ArgumentSink, NoneTest, ValueFlow, outside
from vmaconv.migrate.write.expression_edits import rename
from vmaconv.migrate.write.helper_spelling import Reference, by_name, by_pointer
from vmaconv.uses.reasons import is_none, text_of


class PointerPlanner(Protocol):
    """What knows which values have changed type, and lets others follow."""

    settings: Settings
    trial: Trial

    def twin_of(self, member: Member, path: str) -> bytes | None: ...
    def migrate(self, entity: Entity, why: str, path: str, node: Node) -> Obstacle | None: ...


def reference(trial: Trial, entity: Entity, node: Node) -> Reference:
    """Refer to a variable or parameter by its new name; to `*p` through the pointer."""
    if node.kind == "unary_expression":
        return by_pointer(trial.name_of(entity, bare(node.children[-1]).text or b""))
    return by_name(trial.name_of(entity, node.text or b""))


def name_of_site(node: Node) -> Node:
    """Return the name by which a value is used: `p` in `*p`."""
    return bare(node.children[-1]) if node.kind == "unary_expression" else node


def take_pointer(planner: PointerPlanner, path: str, node: Node, owner: Owner) -> Obstacle | None:
    """Let what is passed to a pointer parameter point to the new type."""
    settings = planner.settings
    place = settings.graph.place(path, node)
    node = bare(node)
    if is_none(node) or node.text == b"NULL":
        return None
    why = f"its address goes to {owner}"
    if node.kind == "identifier":
        pointer = settings.graph.pointer_of(path, node)
        if pointer is not None:
            return planner.migrate(pointer, why, path, node)
        return Obstacle(place, f"{text_of(node)} is a pointer whose type cannot change")
    if node.kind != "unary_expression" or node.children[0].text != b"&":
        return Obstacle(place, f"{text_of(node)} is no address of a variable")
    value = bare(node.children[-1])
    entity = settings.graph.entity_of(path, value)
    if isinstance(entity, Member):
        twin = planner.twin_of(entity, path)
        if twin is None:
            return planner.migrate(entity, why, path, value)
        planner.trial.add(path, rename(value.children[-1], twin, "twin"), owner)
        return None
    if entity is None:
        return Obstacle(place, f"{text_of(value)} is a word whose type cannot change here")
    return planner.migrate(entity, why, path, value)


def pass_on(planner: PointerPlanner, owner: Entity, site: FactSite) -> Obstacle | None:
    """Write a use of a pointer parameter itself."""
    settings = planner.settings
    place = settings.graph.place(site.path, site.node)
    found = Classifier(settings.reader, settings.sources.types(site.path)).classify(site.node)
    match found:
        case NoneTest():
            obstacle = None
        case ValueFlow(root=root, sink=ArgumentSink() as sink) if root is outside(site.node)[0]:
            obstacle = _into(planner, site, sink)
        case _:
            obstacle = Obstacle(place, f"the pointer {text_of(site.node)} goes elsewhere")
    if obstacle is None:
        name = planner.trial.name_of(owner, site.node.text or b"")
        if name != site.node.text:
            planner.trial.add(site.path, rename(site.node, name, "rename"), owner)
    return obstacle


def address(planner: PointerPlanner, site: FactSite, whole: Node) -> Obstacle | None:
    """Let the address of a value go to a parameter that points to the new type as well."""
    place = planner.settings.graph.place(site.path, site.node)
    root, parent = outside(whole)
    found = Classifier(planner.settings.reader, planner.settings.sources.types(site.path))
    flow = found.classify(root) if parent is not None else None
    if isinstance(flow, ValueFlow) and isinstance(flow.sink, ArgumentSink) and flow.root is root:
        return _into(planner, site, flow.sink)
    return Obstacle(place, "somebody may write through its address")


def _into(planner: PointerPlanner, site: FactSite, sink: ArgumentSink) -> Obstacle | None:
    graph = planner.settings.graph
    place = graph.place(site.path, site.node)
    entity = graph.sink_entity(site.path, sink)
    if not isinstance(entity, Parameter):
        return Obstacle(place, f"its address goes to {text_of(sink.callee)}()")
    facts = graph.facts(entity)
    if not facts.is_pointer and not facts.converted:
        why = next((o.text for o in facts.obstacles), "which takes no such pointer")
        return Obstacle(place, f"its address goes to {entity}: {why}")
    return planner.migrate(entity, f"is passed {text_of(site.node)}", site.path, site.node)
