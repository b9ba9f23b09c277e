# SPDX-License-Identifier: GPL-2.0-only
"""What stops a change of type at once, whoever else could change.

In: an entity, a use of it, a value that it takes. Out: the `Obstacle`, or None where only following the
flows tells; that is left to `planner`.
"""

from __future__ import annotations

from vmaconv.cocci.tree.node import Node, bare
from vmaconv.migrate.decide.bridges import is_border
from vmaconv.migrate.decide.flows import Flows
from vmaconv.migrate.decide.settings import Settings
from vmaconv.migrate.facts.entity import (
    Entity,
    Member,
    Obstacle,
    Parameter,
    ReturnValue,
)
from vmaconv.migrate.facts.entity_facts import FactSite
from vmaconv.migrate.facts.local_names import argument_nodes
from vmaconv.migrate.facts.masks import MaskExpression
from vmaconv.migrate.facts.operations import (
    Compare,
    Keep,
    NoneTest,
    Operation,
    OtherUse,
)
from vmaconv.migrate.write.helper_spelling import by_name
from vmaconv.uses.reasons import text_of

_ANY = by_name(b"x")

CALLS = 500
"""Calls of one function that are looked at; more is no migration that a person reviews."""


def out_of_sight(settings: Settings, entity: Entity) -> Obstacle | None:
    """Return what a file out of sight stops that names a function: a person left it out, so all stays.

    The userland tests in tools/ are out of sight by default, and follow by stubs of their own.
    """
    if not settings.recipe.is_open or not isinstance(entity, Parameter | ReturnValue):
        return None
    if entity.function.file:
        return None
    sources, name = settings.sources, entity.function.name
    seen = set(sources.mentioning(name))
    for path in sources.everywhere(name):
        if path not in seen and not path.startswith("tools/"):
            text = f"{entity.function}() is also in {path}, which is left out"
            return Obstacle(None, text)
    return None


def at_a_glance(flows: Flows, entity: Entity) -> Obstacle | None:
    """Return a caller that cannot change, file by file: most tries end at the first of many."""
    if not isinstance(entity, Parameter) or is_border(flows.settings, entity):
        return None
    calls = 0
    for mention in flows.settings.graph.all_mentions(entity.function):
        if mention.call is None:
            continue
        calls += 1
        arguments = argument_nodes(mention.call)
        if len(arguments) > entity.index:
            obstacle = hopeless_value(flows, mention.path, arguments[entity.index])
            if obstacle is not None:
                return obstacle
        if calls > CALLS:
            return Obstacle(None, f"{entity} has more than {CALLS} callers")
    return None


def hopeless_use(flows: Flows, site: FactSite, operation: Operation) -> Obstacle | None:
    """Return what a use does that no helper can do, whatever else changes type."""
    settings = flows.settings
    place = settings.graph.place(site.path, site.node)
    match operation:
        case OtherUse(text=text):
            return Obstacle(place, text)
        case Compare(whole=whole) if not settings.spelling.compares:
            return Obstacle(place, f"no helper compares: {text_of(whole)}")
        case Keep(whole=whole, mask=mask) if settings.spelling.masked(_ANY, mask) is None:
            return Obstacle(place, f"no helper keeps {text_of(whole.children[-1])} alone")
        case NoneTest(whole=whole) if settings.spelling.empty(_ANY, False) is None:
            return Obstacle(place, f"no helper tests {text_of(whole)}")
    return None


def hopeless_value(flows: Flows, path: str, node: Node) -> Obstacle | None:
    """Return why a value can't be of the new type, without asking who else could change."""
    settings = flows.settings
    node = bare(node)
    if isinstance(settings.reader.read(node, settings.text(path), path), MaskExpression):
        return None
    if node.kind in ("identifier", "call_expression", "unary_expression"):
        return None
    if node.kind == "conditional_expression" and len(node.children) == 5:
        first = hopeless_value(flows, path, node.children[2])
        return first or hopeless_value(flows, path, node.children[4])
    place = settings.graph.place(path, node)
    if node.kind == "field_expression":
        member = settings.graph.entity_of(path, node)
        if isinstance(member, Member) and flows.twin_of(member, path) is not None:
            return None
        return Obstacle(place, f"{text_of(node)} is a word and has no twin")
    if node.kind == "binary_expression" and settings.spelling.append() is not None:
        return None
    return Obstacle(place, f"{text_of(node)} is a word that no helper makes")
