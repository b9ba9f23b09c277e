# SPDX-License-Identifier: GPL-2.0-only
"""A rule that is one disjunction: where an earlier arm matches, no later one does.

In: a pattern that is a disjunction, and the nodes of a top-level item. Out: the matches of each arm
that neither lie in a match of an earlier arm nor have one in them: `( sizeof(e) | - e->len ... )`
leaves all of `sizeof(p->len)` alone, whatever `e` stands for there, and so do dots.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from vmaconv.cocci.match.attempt.state import Matcher, State, Then
from vmaconv.cocci.match.pattern.matcher import compile_pattern
from vmaconv.cocci.match.prefilter.roots import root_kinds
from vmaconv.cocci.smpl.rule import PNode
from vmaconv.cocci.tree.node import Node


@dataclass(frozen=True, slots=True)
class Arm:
    """An arm of a disjunction, and the kinds of node that it may match (None: all)."""

    matcher: Matcher
    roots: frozenset[str] | None


def arms_of(pattern: PNode) -> list[Arm]:
    """Return the arms of a disjunction that the rule has; none for any other pattern."""
    arms = flat_arms(pattern)
    return [Arm(compile_pattern(arm), root_kinds(arm)) for arm in arms] if len(arms) > 1 else []


def flat_arms(pattern: PNode) -> list[PNode]:
    """Return the arms of a disjunction that the rule has, and of those in it; else the pattern."""
    children = [child for child in pattern.children if isinstance(child, PNode)]
    if pattern.kind != "disjunction" or any(child.kind == "variant" for child in children):
        return [pattern]
    return [arm for child in children for arm in flat_arms(child)]


class Claims:
    """Stretches that earlier arms have matched; none lies in another."""

    __slots__ = ("_ends", "_starts")

    def __init__(self) -> None:
        self._starts: list[int] = []
        self._ends: list[int] = []

    def touch(self, node: Node) -> bool:
        """Whether a claimed stretch lies in `node` or around it."""
        at = bisect_right(self._ends, node.start)
        return at < len(self._starts) and self._starts[at] < node.end

    def add(self, nodes: Iterable[Node]) -> None:
        """Claim what `nodes` cover; none of them touches what was claimed before."""
        end = -1
        for node in sorted(nodes, key=lambda n: (n.start, -n.end)):
            if node.start < end or node.start == node.end:
                continue
            end = node.end
            at = bisect_left(self._starts, node.start)
            self._starts.insert(at, node.start)
            self._ends.insert(at, node.end)


def first_arms(arms: Sequence[Arm], nodes: Iterable[Node], state: State, then: Then) -> None:
    """Match the arms at `nodes`, the first one everywhere, the others where none before it did."""
    claims = Claims()
    found = list(nodes)
    by_roots: dict[frozenset[str] | None, list[Node]] = {None: found}
    for number, arm in enumerate(arms):
        fitting = by_roots.get(arm.roots)
        if fitting is None and arm.roots is not None:
            fitting = by_roots[arm.roots] = [node for node in found if node.kind in arm.roots]
        taken: list[Node] = []
        for node in fitting or ():
            if number and claims.touch(node):
                continue
            before = state.successes
            arm.matcher(node, state, then)
            if state.successes != before:
                taken.append(node)
        claims.add(taken)
