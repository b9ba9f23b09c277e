# SPDX-License-Identifier: GPL-2.0-only
"""Values where the new type is wanted.

In: an expression of the old type, at a place that takes the new one. Out: the steps that write it
for the new type, or the obstacle: a constant becomes bits, a member its twin, a variable follows.
"""

from __future__ import annotations

from typing import Protocol

from vmaconv.cocci.rewrite.edit import Edit
from vmaconv.cocci.tree.node import Node
from vmaconv.migrate.decide.settings import Settings
from vmaconv.migrate.decide.trial import Owner, Trial
from vmaconv.migrate.facts.entity import Entity, Member, Obstacle
from vmaconv.migrate.facts.fact_graph import is_static
from vmaconv.migrate.facts.masks import EMPTY, Mask, Unreadable
from vmaconv.migrate.facts.operations import outside
from vmaconv.migrate.write.expression_edits import rename, replace_expression
from vmaconv.migrate.write.helper_spelling import Rendered
from vmaconv.uses.reasons import text_of


class Migrates(Protocol):
    """What decides whether an entity can change its type."""

    settings: Settings
    trial: Trial

    def migrate(self, entity: Entity, why: str, path: str, node: Node) -> Obstacle | None: ...
    def twin_of(self, member: Member, path: str) -> bytes | None: ...


def take_value(
    planner: Migrates, path: str, node: Node, owner: Owner, lax: bool = False
) -> Obstacle | None:
    """Write the expression `node` for the new type; `lax` allows a conversion from the word."""
    mark = planner.trial.mark()
    obstacle = _take(planner, path, node, owner)
    if obstacle is None:
        return None
    planner.trial.roll_back(mark)
    convert = planner.settings.conversion("from_word")
    if not lax or convert is None:
        return obstacle
    text = planner.settings.text(path)
    new = Rendered(convert + b"(" + _bare_text(text, node) + b")", 15)
    edit = replace_expression(text, node, new, "conversion")
    return None if planner.trial.add(path, edit, owner) else obstacle


def _bare_text(text: bytes, node: Node) -> bytes:
    while node.kind == "parenthesized_expression" and len(node.children) == 3:
        node = node.children[1]
    return text[node.start : node.end]


def _take(planner: Migrates, path: str, node: Node, owner: Owner) -> Obstacle | None:
    settings = planner.settings
    place = settings.graph.place(path, node)
    mask = settings.reader.read(node, settings.text(path))
    if isinstance(mask, Mask):
        if _must_be_constant(node):
            return Obstacle(place, "an initialiser of static storage, which must be a constant")
        edit = replace_expression(
            settings.text(path), node, settings.spelling.value(mask), "constant"
        )
        if planner.trial.add(path, edit, owner):
            return None
        return Obstacle(place, "a comment inside the mask has no place")
    if node.kind == "parenthesized_expression" and len(node.children) == 3:
        return _take(planner, path, node.children[1], owner)
    if node.kind == "conditional_expression" and len(node.children) == 5:
        for branch in (node.children[2], node.children[4]):
            obstacle = _take(planner, path, branch, owner)
            if obstacle is not None:
                return obstacle
        return None
    if node.kind == "binary_expression" and node.children[1].text == b"|":
        return _append(planner, path, node, owner, mask)
    return _take_entity(planner, path, node, owner)


def _must_be_constant(node: Node) -> bool:
    """Whether the value initialises something of static storage: no helper's call may do that."""
    if node.enclosing("function_definition") is None:
        return True
    holder = node.enclosing("declaration", "compound_statement")
    return holder is not None and holder.kind == "declaration" and is_static(holder)


def _append(
    planner: Migrates, path: str, node: Node, owner: Owner, why: Unreadable
) -> Obstacle | None:
    """Write `x | VM_READ` as `append_vma_flags(x, VMA_READ_BIT)`, where the tree has that."""
    settings = planner.settings
    place = settings.graph.place(path, node)
    name = settings.spelling.append()
    left, right = node.children[0], node.children[-1]
    mask = settings.reader.read(right, settings.text(path))
    if name is None or not isinstance(mask, Mask) or mask.named is not None or mask == EMPTY:
        return Obstacle(place, f"{text_of(node)} is a word: {why.text}")
    obstacle = _take(planner, path, left, owner)
    if obstacle is not None:
        return obstacle
    inner, _ = outside(left)
    planner.trial.add(path, Edit(node.start, node.start, name + b"(", "append"), owner)
    planner.trial.add(path, Edit(inner.end, node.end, b", " + mask.printed + b")", "append"), owner)
    return None


def _take_entity(planner: Migrates, path: str, node: Node, owner: Owner) -> Obstacle | None:
    settings = planner.settings
    place = settings.graph.place(path, node)
    entity = settings.graph.entity_of(path, node)
    if entity is None:
        return Obstacle(place, f"{text_of(node)} is a word whose type cannot change here")
    if isinstance(entity, Member):
        twin = planner.twin_of(entity, path)
        if twin is None:
            return Obstacle(place, f"{entity} is a word and has no twin")
        leaf = node.children[-1]
        planner.trial.add(path, rename(leaf, twin, "twin"), owner)
        return None
    return planner.migrate(entity, f"its value goes to {owner}", path, node)
