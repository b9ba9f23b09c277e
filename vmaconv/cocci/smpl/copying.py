# SPDX-License-Identifier: GPL-2.0-only
"""A rule copied, so that compiling it leaves what was parsed as it is.

In: a `CodeRule`. Out: one that shares no node with it; plus blocks refer to the copy's nodes.
Metavariables and the rest are values and are shared.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from vmaconv.cocci.smpl.rule import CodeRule, Metavariable, PlusBlock, PNode, When
from vmaconv.cocci.tree.node import Node


def copy_rule(rule: CodeRule) -> CodeRule:
    """Return a rule equal to `rule` whose pattern and plus blocks may be written to."""
    return with_metavariables(rule, rule.metavariables)


def with_metavariables(rule: CodeRule, metavariables: tuple[Metavariable, ...]) -> CodeRule:
    """Return a copy of a rule whose declared metavariables are these, in the same order."""
    copies: dict[int, PNode] = {}
    pattern = _copy(rule.pattern, copies)
    plus = tuple(_moved(block, copies) for block in rule.plus)
    pairs = zip(rule.metavariables, metavariables, strict=True)
    changed = {id(old): new for old, new in pairs if old is not new}
    if changed:
        for node in copies.values():
            _exchange(node, changed)
        plus = tuple(_exchanged(block, changed) for block in plus)
    return replace(rule, metavariables=metavariables, pattern=pattern, plus=plus)


def _exchange(node: PNode, changed: Mapping[int, Metavariable]) -> None:
    if node.metavariable is not None:
        node.metavariable = changed.get(id(node.metavariable), node.metavariable)
    node.attached = tuple(changed.get(id(meta), meta) for meta in node.attached)
    if node.formats is not None:
        node.formats = tuple(changed.get(id(meta), meta) for meta in node.formats)


def _exchanged(block: PlusBlock, changed: Mapping[int, Metavariable]) -> PlusBlock:
    lines = [
        replace(
            line,
            tokens=tuple(
                replace(token, metavariable=changed.get(id(token.metavariable), token.metavariable))
                for token in line.tokens
            ),
        )
        for line in block.lines
    ]
    return replace(block, lines=lines)


def _copy(node: PNode, copies: dict[int, PNode]) -> PNode:
    known = copies.get(id(node))
    if known is not None:
        return known
    children: list[Node] = [_copy(c, copies) if isinstance(c, PNode) else c for c in node.children]
    made = copies[id(node)] = PNode(node.kind, node.start, node.end, children, node.text)
    for child in node.children:
        if child.parent is node and isinstance(child, PNode):
            copies[id(child)].parent = made
    made.mark, made.place, made.metavariable = node.mark, node.place, node.metavariable
    made.attached, made.formats, made.strict = node.attached, node.formats, node.strict
    made.whens = tuple(_copied_when(when, copies) for when in node.whens)
    made.plus_before, made.plus_after, made.closes = node.plus_before, node.plus_after, node.closes
    made.stands_for = tuple(_copy(leaf, copies) for leaf in node.stands_for)
    return made


def _copied_when(when: When, copies: dict[int, PNode]) -> When:
    return when if when.pattern is None else replace(when, pattern=_copy(when.pattern, copies))


def _moved(block: PlusBlock, copies: dict[int, PNode]) -> PlusBlock:
    def copied(node: PNode | None) -> PNode | None:
        return None if node is None else copies[id(node)]

    return replace(
        block,
        before=copied(block.before),
        after=copied(block.after),
        home=copied(block.home),
    )
