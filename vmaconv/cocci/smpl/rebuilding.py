# SPDX-License-Identifier: GPL-2.0-only
"""Patterns with some nodes exchanged.

In: a rule, or a pattern, and what becomes of each node. Out: another; what nothing changes in is
shared with the one that it is made of. Plus blocks stand beside the nodes of the new one.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping

from msgspec.structs import replace

from vmaconv.cocci.smpl.rule import CodeRule, Metavariable, PlusBlock, PNode, When
from vmaconv.cocci.tree.node import Node

Change = Callable[[PNode, PNode], PNode]
"""Takes a node, and the same with its parts exchanged; returns what takes its place."""


class Rebuilding:
    """One pass over patterns, parts first; a node that occurs twice is exchanged once."""

    __slots__ = ("_change", "_made")

    def __init__(self, change: Change) -> None:
        self._change = change
        self._made: dict[int, PNode] = {}

    def of(self, node: PNode) -> PNode:
        """Return what takes the place of a node, those below it and below its `when`s exchanged."""
        known = self._made.get(id(node))
        if known is None:
            known = self._made[id(node)] = self._change(node, self._with_parts(node))
        return known

    def _with_parts(self, node: PNode) -> PNode:
        if not node.children and not node.whens and not node.stands_for:
            return node
        children: list[Node] = [self.of(c) if isinstance(c, PNode) else c for c in node.children]
        whens = tuple(self._when(when) for when in node.whens)
        ends = tuple(self.of(leaf) for leaf in node.stands_for)
        new, old = (*children, *whens, *ends), (*node.children, *node.whens, *node.stands_for)
        if all(a is b for a, b in zip(new, old, strict=True)):
            return node
        return dataclasses.replace(node, children=tuple(children), whens=whens, stands_for=ends)

    def _when(self, when: When) -> When:
        made = None if when.pattern is None else self.of(when.pattern)
        return when if made is when.pattern else replace(when, pattern=made)

    def block(self, block: PlusBlock) -> PlusBlock:
        """Return a plus block that stands beside what took the place of its neighbours."""
        return beside(block, self._made)


def beside(block: PlusBlock, made: Mapping[int, PNode]) -> PlusBlock:
    """Return a plus block beside what is `made` of its neighbours, by their ids."""

    def moved(node: PNode | None) -> PNode | None:
        return None if node is None else made.get(id(node), node)

    before, after, home = moved(block.before), moved(block.after), moved(block.home)
    if before is block.before and after is block.after and home is block.home:
        return block
    return replace(block, before=before, after=after, home=home)


def rebuilt(rule: CodeRule, change: Change) -> CodeRule:
    """Return a rule with nodes of its pattern exchanged."""
    rebuilding = Rebuilding(change)
    pattern = rebuilding.of(rule.pattern)
    if pattern is rule.pattern:
        return rule
    return replace(rule, pattern=pattern, plus=tuple(map(rebuilding.block, rule.plus)))


def with_metavariables(rule: CodeRule, metavariables: tuple[Metavariable, ...]) -> CodeRule:
    """Return a rule whose declared metavariables are these, in the same order."""
    pairs = zip(rule.metavariables, metavariables, strict=True)
    changed = {id(old): new for old, new in pairs if old is not new}
    if not changed:
        return rule
    made = rebuilt(rule, lambda _, node: _exchanged(node, changed))
    plus = tuple(_exchanged_in(block, changed) for block in made.plus)
    return replace(made, metavariables=metavariables, plus=plus)


def _exchanged(node: PNode, changed: Mapping[int, Metavariable]) -> PNode:
    mentioned = (node.metavariable, *node.attached, *(node.formats or ()))
    if not any(id(meta) in changed for meta in mentioned):
        return node
    formats = node.formats
    return dataclasses.replace(
        node,
        metavariable=changed.get(id(node.metavariable), node.metavariable),
        attached=tuple(changed.get(id(meta), meta) for meta in node.attached),
        formats=formats and tuple(changed.get(id(meta), meta) for meta in formats),
    )


def _exchanged_in(block: PlusBlock, changed: Mapping[int, Metavariable]) -> PlusBlock:
    lines = tuple(
        replace(
            line,
            tokens=tuple(
                replace(token, metavariable=changed.get(id(token.metavariable), token.metavariable))
                for token in line.tokens
            ),
        )
        for line in block.lines
    )
    return replace(block, lines=lines)
