# SPDX-License-Identifier: GPL-2.0-only
"""Two values of flags in one expression, and statements that change a value several times.

In: `a == b`, or `a & b` where its truth counts, seen from one of the sides; `a = a & ~M | N`. Out: the
edit that asks `vma_flags_same_pair(&a, &b)`, `vma_flags_same_mask(&a, M)` or
`vma_flags_test_any_mask(&a, b)`, once for both sides; or the obstacle.
"""

from __future__ import annotations

from typing import Protocol

from vmaconv.cocci.rewrite.edit import Edit
from vmaconv.cocci.tree.node import Node, bare
from vmaconv.migrate.decide.combined import indent_of, merge
from vmaconv.migrate.decide.settings import Settings
from vmaconv.migrate.decide.trial import Trial
from vmaconv.migrate.facts.entity import (
    Entity,
    Member,
    Obstacle,
    Parameter,
    Variable,
)
from vmaconv.migrate.facts.entity_facts import FactSite
from vmaconv.migrate.facts.masks import MaskExpression, Unreadable, loses_comment
from vmaconv.migrate.facts.operations import Compare, Meets, Rewrite, outside
from vmaconv.migrate.write.expression_edits import replace_expression
from vmaconv.migrate.write.helper_spelling import Reference, Rendered, by_name
from vmaconv.uses.reasons import text_of


class Compares(Protocol):
    """What knows which values have changed type, and lets others follow."""

    settings: Settings
    trial: Trial

    def member_reference(self, member: Member, site: FactSite) -> Reference | None: ...
    def migrate(self, entity: Entity, why: str, path: str, node: Node) -> Obstacle | None: ...


def compare(
    planner: Compares, owner: Entity, site: FactSite, found: Compare, of: Reference
) -> Obstacle | None:
    """Write a comparison of `site`, which is referred to by `of`."""
    settings = planner.settings
    place = settings.graph.place(site.path, site.node)
    lacking = Obstacle(place, f"no helper compares: {text_of(found.whole)}")
    other = bare(found.other)
    mask = settings.reader.read(other, settings.text(site.path), site.path)
    new: Rendered | None
    if isinstance(mask, MaskExpression):
        new = settings.spelling.same_mask(of, mask, found.negated)
    else:
        second = settings.graph.entity_of(site.path, other)
        reference = _reference(planner, second, FactSite(site.path, other))
        if isinstance(second, Parameter | Variable):
            why = f"is compared with {text_of(site.node)}"
            obstacle = planner.migrate(second, why, site.path, other)
            if obstacle is not None:
                return obstacle
            if second in planner.trial.migrating:
                reference = by_name(planner.trial.name_of(second, other.text or b""))
        if reference is None:
            return lacking
        is_left = outside(site.node)[0] is found.whole.children[0]
        first, last = (of, reference) if is_left else (reference, of)
        new = settings.spelling.same(first, last, found.negated)
    if new is None:
        return lacking
    edit = replace_expression(settings.text(site.path), found.whole, new, "operation")
    return None if planner.trial.add(site.path, edit, owner) else lacking


def meet(
    planner: Compares, owner: Entity, site: FactSite, found: Meets, of: Reference
) -> Obstacle | None:
    """Write `a & b`, of which one is the mask: a VMA's flags are asked, else the left one."""
    settings = planner.settings
    place = settings.graph.place(site.path, site.node)
    other = bare(found.other)
    mask = settings.reader.read(other, settings.text(site.path), site.path)
    why = ", which is no constant"
    if isinstance(mask, Unreadable) and mask.is_constant:
        why = f": {mask.text}"
    lacking = Obstacle(place, f"combined with {text_of(other)}{why}")
    second = settings.graph.entity_of(site.path, other)
    reference = _reference(planner, second, FactSite(site.path, other))
    is_left = site.node.start < other.start
    if isinstance(second, Parameter | Variable):
        obstacle = planner.migrate(second, f"is and-ed with {text_of(site.node)}", site.path, other)
        if obstacle is not None:
            return obstacle
        if second in planner.trial.migrating:
            reference = by_name(planner.trial.name_of(second, other.text or b""))
    elif reference is not None:
        is_left = False
    if reference is None:
        return lacking
    if found.mode == "all":
        is_left = not found.is_mask
    asked, meets = (of, reference) if is_left else (reference, of)
    new = settings.spelling.meets(asked, found.mode, meets.value, found.negated)
    if new is None:
        return lacking
    edit = replace_expression(settings.text(site.path), found.whole, new, "operation")
    return None if planner.trial.add(site.path, edit, owner) else lacking


def rewrite(
    planner: Compares, owner: Entity, site: FactSite, found: Rewrite, of: Reference
) -> Obstacle | None:
    """Write `e = e & ~a | b` as one statement a change."""
    settings = planner.settings
    place = settings.graph.place(site.path, site.node)
    changes = merge([(change.is_set, change.mask) for change in found.changes])
    texts = [settings.spelling.change(of, is_set, mask) for is_set, mask in changes]
    statement = found.whole.parent
    block = statement.parent if statement is not None else None
    indent = indent_of(settings.text(site.path), found.whole)
    several = len(texts) > 1
    if None in texts or (
        several and (indent is None or block is None or block.kind not in _BLOCKS)
    ):
        return Obstacle(place, f"no helper says the same: {text_of(found.whole)}")
    written = [text.text for text in texts if text is not None]
    whole = (b";\n" + (indent or b"")).join(written)
    if loses_comment(settings.text(site.path), found.whole, whole):
        return Obstacle(place, "a comment inside the expression has no place")
    edit = Edit(found.whole.start, found.whole.end, whole, "operation")
    planner.trial.add(site.path, edit, owner)
    return None


_BLOCKS = ("compound_statement", "case_statement")


def _reference(planner: Compares, entity: Entity | None, site: FactSite) -> Reference | None:
    return planner.member_reference(entity, site) if isinstance(entity, Member) else None
