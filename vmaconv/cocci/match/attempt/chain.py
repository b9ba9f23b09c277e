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


def chain(links: Sequence[Link], then: Then) -> bool:
    """Do the steps in order, then go on."""

    def step(index: int) -> bool:
        if index == len(links):
            return then()
        return links[index](lambda: step(index + 1))

    return step(0)


def in_order(
    matchers: Sequence[Matcher], nodes: Sequence[Node], state: MatchState, then: Then
) -> bool:
    """Match as many nodes as there are matchers, one by one."""
    if len(matchers) != len(nodes):
        return False

    def step(index: int) -> bool:
        if index == len(matchers):
            return then()
        return matchers[index](nodes[index], state, lambda: step(index + 1))

    return step(0)


def take_all(pairs: Sequence[tuple[PNode, Node]], state: MatchState, then: Then) -> bool:
    """Note which token took which node, for each pair, and go on."""

    def step(index: int) -> bool:
        if index == len(pairs):
            return then()
        token, node = pairs[index]
        return state.take(token, node, lambda: step(index + 1))

    return step(0)


def take_rest(token: PNode, nodes: Sequence[Node], state: MatchState, then: Then) -> bool:
    """Let `token` take nodes that no token of the pattern stands for; nothing is beside it there."""
    other = double(token) if nodes else token

    def step(index: int) -> bool:
        if index == len(nodes):
            return then()
        node = nodes[index]
        return state.take_range(other, node.start, node.end, lambda: step(index + 1))

    return step(0)
