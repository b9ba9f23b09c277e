# SPDX-License-Identifier: GPL-2.0-only
"""A rule that is one disjunction: where an earlier arm matches, no later one does.

In: a pattern that is a disjunction, and the nodes of a top-level item. Out: the matches of each arm
that neither lie in a match of an earlier arm nor have one in them: `( sizeof(e) | - e->len ... )`
leaves all of `sizeof(p->len)` alone, whatever `e` stands for there, and so do dots.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence

from msgspec import Struct

from vmaconv.cocci.match.attempt.state import Matcher, MatchState, Then
from vmaconv.cocci.match.pattern.matcher import compile_pattern
from vmaconv.cocci.match.prefilter.node_outline import Outline
from vmaconv.cocci.match.prefilter.required import Clause, Requirements, is_word, required
from vmaconv.cocci.match.prefilter.roots import root_kinds
from vmaconv.cocci.smpl.rule import PNode
from vmaconv.cocci.text.word_places import FEW, places_of
from vmaconv.cocci.tree.node import Node


class DisjunctionArm(Struct, frozen=True):
    """An arm of a disjunction, and the kinds of node that it may match (None: all)."""

    matcher: Matcher
    roots: frozenset[str] | None
    words: Clause
    """Words of which one stands in the code of each match, if there are any."""


def arms_of(pattern: PNode, known: Requirements) -> list[DisjunctionArm]:
    """Return the arms of a disjunction that the rule has; none for any other pattern.

    `known` is what the pattern's parts need, as far as that was asked.
    """
    arms = flat_arms(pattern)
    if len(arms) < 2:
        return []
    return [
        DisjunctionArm(compile_pattern(arm), root_kinds(arm), _fewest(required(arm, known)))
        for arm in arms
    ]


def _fewest(clauses: Collection[Clause]) -> Clause:
    """Return the words of the clause that has fewest, long ones first."""
    named = [clause for clause in clauses if is_word(clause)]
    return min(named, key=lambda c: (len(c), -min(map(len, c)), sorted(c)), default=frozenset())


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


def first_arms(
    arms: Sequence[DisjunctionArm], nodes: Iterable[Node], state: MatchState, then: Then
) -> None:
    """Match the arms at `nodes`, the first one everywhere, the others where none before it did."""
    claims = Claims()
    chosen = _by_words if len(arms) > FEW and state.item is not None else _by_roots
    for number, (arm, fitting) in enumerate(chosen(arms, list(nodes), state)):
        taken: list[Node] = []
        for node in fitting:
            if number and claims.touch(node):
                continue
            before = state.successes
            arm.matcher(node, state, then)
            if state.successes != before:
                taken.append(node)
        claims.add(taken)


def _by_roots(
    arms: Sequence[DisjunctionArm], nodes: list[Node], _: MatchState
) -> Iterator[tuple[DisjunctionArm, Sequence[Node]]]:
    """Yield each arm with the nodes that are of a kind with it."""
    by_roots: dict[frozenset[str] | None, list[Node]] = {None: nodes}
    for arm in arms:
        fitting = by_roots.get(arm.roots)
        if fitting is None and arm.roots is not None:
            fitting = by_roots[arm.roots] = [node for node in nodes if node.kind in arm.roots]
        yield arm, fitting or ()


def _by_words(
    arms: Sequence[DisjunctionArm], nodes: list[Node], state: MatchState
) -> Iterator[tuple[DisjunctionArm, Sequence[Node]]]:
    """Yield each arm with the nodes that hold one of its words, where it has any."""
    places = _places(arms, state)
    outline = Outline(nodes)
    for arm, all_of_kind in _by_roots(arms, nodes, state):
        offsets = [offset for word in arm.words for offset in places(word)]
        if not arm.words or len(offsets) > len(all_of_kind):
            yield arm, all_of_kind
        else:
            kinds, near = arm.roots, outline.holding(offsets)
            yield arm, [node for node in near if kinds is None or node.kind in kinds]


def _places(arms: Sequence[DisjunctionArm], state: MatchState) -> Callable[[bytes], Sequence[int]]:
    """Return what tells where a word of the arms stands, also as a part of longer ones."""
    item, words = state.item, frozenset[bytes]().union(*(arm.words for arm in arms))
    assert item is not None
    if len(words) > FEW:
        return state.words_of(item).of
    text = state.unit.text
    found = {word: list(places_of(word, text, item.start, item.end)) for word in words}
    return found.__getitem__
