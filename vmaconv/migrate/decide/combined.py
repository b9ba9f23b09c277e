# SPDX-License-Identifier: GPL-2.0-only
"""Words that are put together where a value of the new type is wanted.

In: `v->vm_flags & ~M`, `a | b`, `x & M` as the value of an assignment, a declaration or an argument. Out:
the steps that write it for the new type, or the obstacle. No helper adds and takes away within an
expression, so an assignment becomes several statements, as upstream has it (mm/mlock.c of 7.3):

    newflags = vma->vm_flags & ~VM_LOCKED_MASK;

    new_vma_flags = vma->flags;
    vma_flags_clear_mask(&new_vma_flags, VMA_LOCKED_MASK);
"""

from __future__ import annotations

from collections.abc import Callable

from msgspec import Struct

from vmaconv.cocci.rewrite.edit import Edit
from vmaconv.cocci.tree.node import Node, bare
from vmaconv.migrate.decide.settings import Settings
from vmaconv.migrate.decide.trial import Owner, Trial
from vmaconv.migrate.facts.entity import Entity, Obstacle, Parameter, Variable
from vmaconv.migrate.facts.local_names import is_name
from vmaconv.migrate.facts.masks import MaskExpression
from vmaconv.migrate.facts.operations import WordPart, outside, unrolled
from vmaconv.migrate.write.helper_spelling import Reference, by_name, by_pointer
from vmaconv.uses.reasons import text_of

RULE = "operation"

Take = Callable[[Node], Obstacle | None]
"""Writes an expression for the new type."""


class Place(Struct, frozen=True):
    """Where statements can follow: the target of an assignment or declaration, and the indent.

    `apart` says where statements go that must not stand among declarations: right behind the last one.
    """

    target: Reference
    indent: bytes
    apart: int | None


def combined(
    settings: Settings,
    trial: Trial,
    path: str,
    node: Node,
    owner: Owner,
    take: Take,
    where: Place | None = None,
) -> Obstacle | None:
    """Write `base | a & ~b` as an assignment of the base and changes behind it.

    `where` is given where the value is about to become that of an assignment.
    """
    text = settings.text(path)
    place = settings.graph.place(path, node)
    base, parts = unrolled(node)
    where = where or _statement(settings, trial, path, node, owner)
    if where is None:
        return Obstacle(place, f"{text_of(node)} is a word that only an assignment can make")
    obstacle = take(base)
    if obstacle is not None:
        return obstacle
    masks = [settings.reader.read(part.node, text, path) for part in parts]
    constant = [mask for mask in masks if isinstance(mask, MaskExpression)]
    if len(constant) == len(parts):
        found = _changes(settings, where.target, parts, constant)
        if found is None:
            return Obstacle(place, f"no helper makes {text_of(node)}")
        behind = b"".join(b";\n" + where.indent + one for one in found)
        if where.apart is None:
            trial.add(path, Edit(node.start, base.start, b"", RULE), owner)
            trial.add(path, Edit(base.end, node.end, behind, RULE), owner)
        else:
            trial.add(path, Edit(node.start, base.start, b"", RULE), owner)
            trial.add(path, Edit(base.end, node.end, b"", RULE), owner)
            lines = b"".join(b"\n" + where.indent + one + b";" for one in found)
            _add_apart(trial, path, where.apart, lines, owner)
        return None
    if where.apart is not None:
        return Obstacle(place, f"{text_of(node)} is a word that no helper makes in a declaration")
    return _in_place(settings, trial, path, node, base, parts, where, owner, take)


def _add_apart(trial: Trial, path: str, at: int, lines: bytes, owner: Owner) -> None:
    """Add statements behind declarations: below a blank line, or below those that are there already."""
    for step in trial.steps:
        if step.path == path and step.edit.rule == RULE and step.edit.start == step.edit.end == at:
            trial.links.append((step.owner, owner))
            break
    else:
        lines = b"\n" + lines
    trial.add(path, Edit(at, at, lines, RULE), owner)


def _changes(
    settings: Settings, of: Reference, parts: list[WordPart], masks: list[MaskExpression]
) -> list[bytes] | None:
    merged = merge([(p.is_set, m) for p, m in zip(parts, masks, strict=True)])
    found = [settings.spelling.change(of, is_set, mask) for is_set, mask in merged]
    return None if None in found else [one.text for one in found if one is not None]


def merge(changes: list[tuple[bool, MaskExpression]]) -> list[tuple[bool, MaskExpression]]:
    """Put neighbouring changes of bits that go the same way into one."""
    out: list[tuple[bool, MaskExpression]] = []
    for is_set, mask in changes:
        if out and out[-1][0] == is_set and out[-1][1].named is None and mask.named is None:
            last = out.pop()[1]
            printed = b", ".join((last.printed, mask.printed))
            mask = MaskExpression((*last.bits, *mask.bits), printed)
        out.append((is_set, mask))
    return out


def _in_place(
    settings: Settings,
    trial: Trial,
    path: str,
    node: Node,
    base: Node,
    parts: list[WordPart],
    where: Place,
    owner: Owner,
    take: Take,
) -> Obstacle | None:
    """Write each part where it stands, for those that are values and not constants."""
    text, place = settings.text(path), settings.graph.place(path, node)
    if base.start > parts[0].node.start:
        return Obstacle(place, f"{text_of(node)} is a word that no helper makes")
    trial.add(path, Edit(node.start, base.start, b"", RULE), owner)
    at = base.end
    for part in parts:
        mask = settings.reader.read(part.node, text, path)
        new = None
        if isinstance(mask, MaskExpression):
            new = settings.spelling.change(where.target, part.is_set, mask)
            start, end = (new.text, b"") if new is not None else (None, b"")
        else:
            start, end = settings.spelling.change_by(where.target, part.is_set), b")"
            obstacle = take(part.node)
            if obstacle is not None:
                return obstacle
        if start is None:
            return Obstacle(place, f"no helper makes {text_of(node)}")
        stop = part.node.end if isinstance(mask, MaskExpression) else part.node.start
        trial.add(path, Edit(at, stop, b";\n" + where.indent + start, RULE), owner)
        at = part.node.end
        if end:
            following = node.end if part is parts[-1] else at
            trial.add(path, Edit(at, following, end, RULE), owner)
            at = following
    return None


def grow(
    settings: Settings,
    trial: Trial,
    path: str,
    whole: Node,
    parts: list[WordPart],
    of: Reference,
    owner: Owner,
    take: Take,
) -> Obstacle | None:
    """Write `e |= a | b` as one statement for each value, and one for neighbouring constants."""
    text, place = settings.text(path), settings.graph.place(path, whole)
    holder = whole.parent.parent if whole.parent is not None else None
    indent = indent_of(text, whole)
    lacking = Obstacle(place, f"no helper makes {text_of(whole)}")
    if (
        indent is None
        or holder is None
        or holder.kind not in ("compound_statement", "case_statement")
    ):
        return lacking
    at, glue = whole.start, b""
    while parts:
        masks: list[MaskExpression] = []
        while len(masks) < len(parts):
            mask = settings.reader.read(parts[len(masks)].node, text, path)
            if not isinstance(mask, MaskExpression) or (mask.named is not None and masks):
                break
            masks.append(mask)
            if mask.named is not None:
                break
        first, last = parts[0].node, parts[max(0, len(masks) - 1)].node
        if masks:
            changes = merge([(True, mask) for mask in masks])
            new = settings.spelling.change(of, True, changes[0][1])
            start = new.text if new is not None else None
            stop = last.end
        else:
            start, stop = settings.spelling.change_by(of, True), first.start
            obstacle = take(first)
            if obstacle is not None:
                return obstacle
        if start is None:
            return lacking
        trial.add(path, Edit(at, stop, glue + start, RULE), owner)
        parts = parts[max(1, len(masks)) :]
        at, glue = last.end, (b"" if masks else b")") + b";\n" + indent
    trial.add(path, Edit(at, whole.end, b"" if masks else b")", RULE), owner)
    return None


def _statement(
    settings: Settings, trial: Trial, path: str, node: Node, owner: Owner
) -> Place | None:
    """Return where statements behind the assignment or declaration of `node` can stand."""
    root, parent = outside(node)
    holder = parent.parent if parent is not None else None
    if parent is None or holder is None or not isinstance(owner, Parameter | Variable):
        return None
    block = holder.parent
    if block is None or block.kind not in ("compound_statement", "case_statement"):
        return None
    indent = indent_of(settings.text(path), holder)
    if parent.kind == "assignment_expression" and holder.kind == "expression_statement":
        if root is not parent.children[-1] or parent.children[1].text != b"=":
            return None
        target = _reference(settings, trial, path, parent.children[0], owner)
        return Place(target, indent, None) if target is not None and indent is not None else None
    if parent.kind == "init_declarator" and holder.kind == "declaration" and indent is not None:
        leaf = parent.children[0]
        if (
            leaf.kind != "identifier"
            or sum(c.kind == "init_declarator" for c in holder.children) > 1
        ):
            return None
        last = _last_declaration(block, holder)
        name = trial.name_of(owner, leaf.text or b"")
        users = [n for n in block.children if holder.end <= n.start < last]
        if any(one.text == leaf.text and is_name(one) for n in users for one in n.leaves()):
            return None
        return Place(by_name(name), indent, last)
    return None


def _reference(
    settings: Settings, trial: Trial, path: str, target: Node, owner: Entity
) -> Reference | None:
    if settings.graph.entity_of(path, target) != owner:
        return None
    target = bare(target)
    if target.kind == "unary_expression":
        return by_pointer(trial.name_of(owner, bare(target.children[-1]).text or b""))
    return by_name(trial.name_of(owner, target.text or b""))


def _last_declaration(block: Node, first: Node) -> int:
    end = first.end
    for child in block.children:
        if child.start <= first.start or child.kind == "comment":
            continue
        if child.kind != "declaration":
            break
        end = child.end
    return end


def indent_of(text: bytes, node: Node) -> bytes | None:
    """Return the blanks before a statement that begins its line; None where it does not."""
    start = text.rfind(b"\n", 0, node.start) + 1
    return text[start : node.start] if not text[start : node.start].strip() else None


def masked(
    settings: Settings, trial: Trial, path: str, node: Node, owner: Owner, take: Take
) -> Obstacle | None:
    """Write `x & M` as a value: `vma_flags_and_mask(&x, M)`."""
    text = settings.text(path)
    place = settings.graph.place(path, node)
    value, other = bare(node.children[0]), bare(node.children[-1])
    mask = settings.reader.read(other, text, path)
    lacking = Obstacle(place, f"{text_of(node)} is a word that no helper makes")
    is_pointed = value.kind == "unary_expression" and value.children[0].text == b"*"
    kinds = ("identifier", "field_expression")
    if not isinstance(mask, MaskExpression) or not (value.kind in kinds or is_pointed):
        return lacking
    new = settings.spelling.masked(by_pointer(b"X") if is_pointed else by_name(b"X"), mask)
    if new is None:
        return lacking
    obstacle = take(value)
    if obstacle is not None:
        return obstacle
    start, _, end = new.text.partition(b"X")
    first = value.children[-1].start if is_pointed else value.start
    trial.add(path, Edit(node.start, first, start, RULE), owner)
    trial.add(path, Edit(value.end, node.end, end, RULE), owner)
    return None
