# SPDX-License-Identifier: GPL-2.0-only
"""Steps of a match that follow one another.

In: functions that match a part each and go on with what follows. Out: one that does all in turn.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from vmaconv.cocci.match.attempt.state import Matcher, MatchState, Then, double
from vmaconv.cocci.smpl.rule import PNode
from vmaconv.cocci.tree.node import Node

Link = Callable[[Then], bool]
"""A step of a match: calls what follows for each way in which it can be done."""


# None of these has a function within that calls itself: it would hold itself, and wait, with all that it
# holds, for the garbage collector. The last step of each goes on with what follows, without a function in
# between.


def chain(links: Sequence[Link], then: Then, at: int = 0) -> bool:
    """Do the steps from `at` on in order, then go on."""
    if at == len(links):
        return then()
    return links[at](lambda: chain(links, then, at + 1))


def in_order(
    matchers: Sequence[Matcher], nodes: Sequence[Node], state: MatchState, then: Then
) -> bool:
    """Match as many nodes as there are matchers, one by one."""
    if len(matchers) != len(nodes):
        return False
    return _from(0, matchers, nodes, state, then) if matchers else then()


def _from(
    at: int, matchers: Sequence[Matcher], nodes: Sequence[Node], state: MatchState, then: Then
) -> bool:
    if at + 1 == len(matchers):
        return matchers[at](nodes[at], state, then)
    return matchers[at](nodes[at], state, lambda: _from(at + 1, matchers, nodes, state, then))


def take_all(
    pairs: Sequence[tuple[PNode, Node]], state: MatchState, then: Then, at: int = 0
) -> bool:
    """Note which token took which node, for each pair from `at` on, and go on."""
    if at == len(pairs):
        return then()
    token, node = pairs[at]
    return state.take(token, node, lambda: take_all(pairs, state, then, at + 1))


def take_rest(token: PNode, nodes: Sequence[Node], state: MatchState, then: Then) -> bool:
    """Let `token` take nodes that no token of the pattern stands for; nothing is beside it there."""
    return _take_ranges(double(token) if nodes else token, nodes, state, then, 0)


def _take_ranges(
    token: PNode, nodes: Sequence[Node], state: MatchState, then: Then, at: int
) -> bool:
    if at == len(nodes):
        return then()
    start, end = nodes[at].start, nodes[at].end
    return state.take_range(
        token, start, end, lambda: _take_ranges(token, nodes, state, then, at + 1)
    )
