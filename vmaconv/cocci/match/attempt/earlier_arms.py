# SPDX-License-Identifier: GPL-2.0-only
"""What earlier disjuncts that are single metavariables matched, for the disjuncts after them.

In: a disjunction in the head of a branch or loop. Out: the continuation of an arm, which goes on
only where no earlier arm has matched with the same values. In `if ( ( e | - e != NULL + e ) ) {...}`
the first arm takes any condition, so that the second would be dead; it is asked for another `e`.
An arm with code of its own, as `safe(e)`, is a guard, and ends the search where it matches.
"""

from __future__ import annotations

from collections.abc import Mapping
from collections.abc import Set as AbstractSet

from vmaconv.cocci.match.attempt.state import MatchState, Then
from vmaconv.cocci.match.attempt.value import BoundValue
from vmaconv.cocci.smpl.mentions import Name, in_pattern, name_of, own
from vmaconv.cocci.smpl.rule import PNode

NOTHING: frozenset[Name] = frozenset()


def is_lone(arm: PNode) -> bool:
    """Whether an arm is a metavariable alone, which takes whatever stands there."""
    return arm.metavariable is not None and not arm.children


def bound_by_lone_arms(pattern: PNode) -> frozenset[Name]:
    """Return the metavariables that are arms of a disjunction of the rule, and occur in later ones.

    What isomorphisms make of one pattern is one arm: it means the same. Positions tell no arms apart.
    """
    arms = [child for child in pattern.children if isinstance(child, PNode)]
    if any(arm.kind == "variant" for arm in arms):
        return NOTHING
    lone, again = set[Name](), set[Name]()
    for arm in arms:
        mentioned = own(in_pattern(arm))
        names = {name_of(meta) for meta in mentioned if meta.kind != "position"}
        again |= lone & names
        lone |= names if is_lone(arm) else set()
    return frozenset(again)


class EarlierArms:
    """Values with which earlier arms have matched at one node."""

    __slots__ = ("_earlier", "_latest", "_names", "_state")

    def __init__(self, state: MatchState, names: AbstractSet[Name]) -> None:
        self._state = state
        self._names = names
        self._earlier: list[Mapping[Name, BoundValue]] = []
        self._latest: list[Mapping[Name, BoundValue]] = []

    def next_arm(self) -> None:
        """Let what the arm has matched count for the arms that follow."""
        self._earlier += self._latest
        self._latest = []

    def unless_same(self, then: Then) -> Then:
        """Return `then`, which does nothing where an earlier arm has matched with these values."""
        state = self._state

        def follow() -> bool:
            values = {name: state.bindings[name] for name in self._names if name in state.bindings}
            if not all(_differ(values, earlier) for earlier in self._earlier):
                return False
            before = state.successes
            done = then()
            if state.successes != before:
                self._latest.append(values)
            return done

        return follow


def _differ(values: Mapping[Name, BoundValue], others: Mapping[Name, BoundValue]) -> bool:
    """Whether a metavariable stands for one thing in `values` and for another in `others`."""
    return any(name in others and not others[name].same(values[name]) for name in values)
