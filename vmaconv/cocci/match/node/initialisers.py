# SPDX-License-Identifier: GPL-2.0-only
"""Matching the initialisers of a struct by designator, in any order.

In: an `initializer_list` of a pattern whose elements are designated (`.x = E`), or which is empty.
Out: its matcher. Such a list takes any that has these elements, wherever they stand in it and
whatever else it has, as long as the braces stay; one without designators it does not take (C11 6.7.9
p19).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct

from vmaconv.cocci.match.attempt.state import Matcher, MatchState, Then
from vmaconv.cocci.smpl.rule import PNode, TokenMark
from vmaconv.cocci.tree.node import Node

Compile = Callable[[PNode], Matcher]


class _InitialiserElement(Struct, frozen=True):
    """An element of the pattern, and the comma behind it."""

    pattern: PNode
    matcher: Matcher
    comma: PNode | None

    @property
    def removed(self) -> bool:
        """Whether the element goes, and nothing takes its place."""
        leaves = [x for x in self.pattern.leaves() if isinstance(x, PNode)]
        return all(x.mark is TokenMark.MINUS for x in leaves) and not leaves[-1].plussed


def is_designated(pattern: PNode) -> bool:
    """Whether a pattern's list is to be matched in any order."""
    inside = [c for c in pattern.children[1:-1] if c.text != b","]
    elements = [c for c in inside if c.kind != "dots"]
    if not elements:
        return not inside
    return all(_is_pair(c) for c in elements)


def _is_pair(node: Node) -> bool:
    if node.kind in ("disjunction", "optional", "conjunction"):
        return all(_is_pair(c) for c in node.children)
    return node.kind == "initializer_pair"


def compile_initialisers(pattern: PNode, compile_pattern: Compile) -> Matcher:
    """Return the matcher of such a list."""
    opening, *inside, closing = (c for c in pattern.children if isinstance(c, PNode))
    elements: list[_InitialiserElement] = []
    dots: list[tuple[PNode, PNode | None]] = []
    ends: set[int] = set()
    """Commas behind which the pattern has no element."""
    for index, child in enumerate(inside):
        if child.text == b",":
            continue
        after = inside[index + 1] if index + 1 < len(inside) else None
        if child.kind == "dots":
            dots.append((child, after))
            if index + 2 >= len(inside):
                ends.add(id(after))
        else:
            elements.append(_InitialiserElement(child, compile_pattern(child), after))
    unbraced = opening.mark is TokenMark.MINUS or closing.mark is TokenMark.MINUS
    taker = next((token for token, _ in dots if token.mark is TokenMark.MINUS), None)
    # What plus code behind the dots stands at; before an element it stands at that.
    loose = [
        comma for _, comma in dots if comma is not None and comma.plussed and id(comma) in ends
    ]

    def match(node: Node, state: MatchState, then: Then) -> bool:
        if node.kind != "initializer_list" or len(node.children) < 2:
            return False
        items, commas = _items(node.children[1:-1])
        if items and not any(item.kind == "initializer_pair" for item in items):
            return False
        first, last = node.children[0], node.children[-1]

        every = list(range(len(items)))
        return state.take(
            opening,
            first,
            lambda: _each(
                elements,
                0,
                items,
                commas,
                every,
                state,
                lambda left: (
                    # What is left cannot stand without the braces.
                    (taker is not None or not left or not unbraced)
                    and _take_left(
                        taker,
                        [(items[i].start, _end(items[i], commas[i])) for i in left],
                        state,
                        lambda: _take_loose(
                            loose, items, commas, state, lambda: state.take(closing, last, then)
                        ),
                    )
                ),
            ),
        )

    return match


def _items(children: Sequence[Node]) -> tuple[list[Node], list[Node | None]]:
    """Split a list's inside into elements and the comma behind each."""
    items: list[Node] = []
    commas: list[Node | None] = []
    for child in children:
        if child.text == b",":
            if commas:
                commas[-1] = child
        else:
            items.append(child)
            commas.append(None)
    return items, commas


def _end(item: Node, comma: Node | None) -> int:
    return comma.end if comma is not None else item.end


def _take_left(
    taker: PNode | None, runs: Sequence[tuple[int, int]], state: MatchState, then: Then
) -> bool:
    """Let dots that go take along the elements that no other part of the pattern took."""
    return state.take_runs(taker, runs, then) if taker is not None and runs else then()


def _take_loose(
    loose: Sequence[PNode],
    items: Sequence[Node],
    commas: Sequence[Node | None],
    state: MatchState,
    then: Then,
) -> bool:
    """Let the comma behind dots, where plus code follows it, be that of the last element."""
    if not loose or not items:
        return then()
    comma = commas[-1]
    if comma is not None:
        return state.take(loose[-1], comma, then)
    return state.take_range(loose[-1], items[-1].end, items[-1].end, then)


def _each(
    elements: Sequence[_InitialiserElement],
    index: int,
    items: Sequence[Node],
    commas: Sequence[Node | None],
    left: Sequence[int],
    state: MatchState,
    then: Callable[[Sequence[int]], bool],
) -> bool:
    """Match each element of the pattern with one of those that are left."""
    if index == len(elements):
        return then(left)
    element = elements[index]
    for at in left:

        def follow(at: int = at) -> bool:
            others = [i for i in left if i != at]
            return _comma(
                element,
                items[at],
                commas[at],
                state,
                lambda: _each(elements, index + 1, items, commas, others, state, then),
            )

        if element.matcher(items[at], state, follow):
            return True
    return False


def _comma(
    element: _InitialiserElement, item: Node, comma: Node | None, state: MatchState, then: Then
) -> bool:
    if comma is None:
        if element.comma is None or not element.comma.plussed:
            return then()
        # Code is added behind a comma that has yet to be written.
        return state.take_range(element.comma, item.end, item.end, then)
    if element.comma is not None:
        return state.take(element.comma, comma, then)
    if element.removed:
        last = [x for x in element.pattern.leaves() if isinstance(x, PNode)][-1]
        return state.take_range(last, comma.start, comma.end, then)
    return then()
