# SPDX-License-Identifier: GPL-2.0-only
"""Values where the new type is wanted.

In: an expression of the old type, at a place that takes the new one. Out: the steps that write it
for the new type, or the obstacle: a constant becomes bits, a member its twin, a variable follows.
"""

from __future__ import annotations

from typing import Protocol

from vmaconv.cocci.rewrite.edit import Edit
from vmaconv.cocci.tree.node import Node, bare
from vmaconv.cocci.types.declared import is_static
from vmaconv.migrate.decide.bridges import converted, is_border, note_bridge, take_away
from vmaconv.migrate.decide.combined import combined, masked
from vmaconv.migrate.decide.settings import Settings
from vmaconv.migrate.decide.trial import Owner, Trial
from vmaconv.migrate.facts.entity import Entity, Member, Obstacle, ReturnValue
from vmaconv.migrate.facts.local_names import argument_nodes
from vmaconv.migrate.facts.masks import EMPTY, MaskExpression, Unreadable
from vmaconv.migrate.facts.operations import outside, unrolled
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
    if b"\n" in text[node.start : node.end] and bare(node) is node:
        # Lines that go on below are aligned with the bracket that is put before them.
        planner.trial.add(path, Edit(node.start, node.start, convert + b"(", "conversion"), owner)
        planner.trial.add(path, Edit(node.end, node.end, b")", "conversion"), owner)
        return None
    new = Rendered(convert + b"(" + _bare_text(text, node) + b")", 15)
    edit = replace_expression(text, node, new, "conversion")
    return None if planner.trial.add(path, edit, owner) else obstacle


def take_across(planner: Migrates, path: str, node: Node, owner: Entity) -> Obstacle | None:
    """Write a value that goes over a border: where it cannot change, a conversion stands before it."""
    mark = planner.trial.mark()
    obstacle = _take(planner, path, node, owner)
    if obstacle is None:
        return None
    planner.trial.roll_back(mark)
    obstacle = take_value(planner, path, node, owner, True)
    convert = planner.settings.conversion("from_word")
    if obstacle is None and convert is not None:
        note_bridge(planner.settings, planner.trial, path, node, owner, owner, convert)
    return obstacle


def _bare_text(text: bytes, node: Node) -> bytes:
    node = bare(node)
    return text[node.start : node.end]


def _take(planner: Migrates, path: str, node: Node, owner: Owner) -> Obstacle | None:
    settings = planner.settings
    place = settings.graph.place(path, node)
    mask = settings.reader.read(node, settings.text(path), path)
    if isinstance(mask, MaskExpression):
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
    if (value := converted(settings, node)) is not None:
        take_away(planner.trial, path, node, value, owner)
        return None
    if node.kind == "conditional_expression" and len(node.children) == 5:
        for branch in (node.children[2], node.children[4]):
            obstacle = _take(planner, path, branch, owner)
            if obstacle is not None:
                return obstacle
        return None
    if node.kind == "binary_expression":
        return _take_combined(planner, path, node, owner, mask)
    if node.kind == "call_expression" and node.children[0].text in _READS:
        return _take_read(planner, path, node, owner)
    return _take_entity(planner, path, node, owner)


_READS = (b"READ_ONCE", b"data_race")
"""Macros that read an object and give its value (include/asm-generic/rwonce.h)."""


def _take_read(planner: Migrates, path: str, node: Node, owner: Owner) -> Obstacle | None:
    """Write `READ_ONCE(v->vm_flags)` as `READ_ONCE(v->flags)`."""
    arguments = argument_nodes(node)
    if len(arguments) == 1 and arguments[0].kind == "field_expression":
        return _take_entity(planner, path, arguments[0], owner)
    place = planner.settings.graph.place(path, node)
    return Obstacle(place, f"{text_of(node)} is a word whose type cannot change here")


def _take_combined(
    planner: Migrates, path: str, node: Node, owner: Owner, why: Unreadable
) -> Obstacle | None:
    """Write words that are put together: in an expression if a helper can, else in statements."""

    def take(value: Node) -> Obstacle | None:
        return _take(planner, path, value, owner)

    settings, trial = planner.settings, planner.trial
    mark = trial.mark()
    operator = node.children[1].text
    base, parts = unrolled(node)
    obstacle: Obstacle | None = Obstacle(
        settings.graph.place(path, node), f"{text_of(node)} is a word: {why.text}"
    )
    if operator == b"|":
        obstacle = _append(planner, path, node, owner, why)
    elif operator == b"&" and not parts:
        return masked(settings, trial, path, node, owner, take)
    if obstacle is not None and parts and settings.spelling.append() is not None:
        trial.roll_back(mark)
        second = combined(settings, trial, path, node, owner, take)
        obstacle = obstacle if second is not None and operator == b"|" else second
    return obstacle


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
    mask = settings.reader.read(right, settings.text(path), path)
    if (
        name is None
        or not isinstance(mask, MaskExpression)
        or mask.named is not None
        or mask == EMPTY
    ):
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
        if twin is None and is_border(settings, entity):
            return _convert(planner, path, node, entity, owner)
        if twin is None:
            return Obstacle(place, f"{entity} is a word and has no twin")
        leaf = node.children[-1]
        planner.trial.add(path, rename(leaf, twin, "twin"), owner)
        return None
    obstacle = planner.migrate(entity, f"its value goes to {owner}", path, node)
    if obstacle is not None and isinstance(entity, ReturnValue) and is_border(settings, entity):
        return _convert(planner, path, node, entity, owner)
    return obstacle


def _convert(
    planner: Migrates, path: str, node: Node, entity: Entity, owner: Owner
) -> Obstacle | None:
    """Put a conversion around a word that comes over a border."""
    settings, trial = planner.settings, planner.trial
    convert = settings.conversion("from_word")
    if convert is None:
        return Obstacle(settings.graph.place(path, node), f"{entity} is a word, and stays one")
    trial.add(path, Edit(node.start, node.start, convert + b"(", "bridge"), owner)
    trial.add(path, Edit(node.end, node.end, b")", "bridge"), owner)
    note_bridge(settings, trial, path, node, entity, owner, convert)
    return None
