# SPDX-License-Identifier: GPL-2.0-only
"""What code must contain for the parts of a pattern to match in it.

In: a pattern, isomorphisms applied, and what a part of it asks for by itself. Out: clauses; code that has
nothing of one of them cannot match. `required`, `needed_kinds` and `accesses` say what of.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Generic, TypeVar

from vmaconv.cocci.match.attempt.operands import operand
from vmaconv.cocci.smpl.mentions import Name
from vmaconv.cocci.smpl.rule import PNode

_T = TypeVar("_T", bytes, str, tuple[Name, bytes])
Clauses = frozenset[frozenset[_T]]


def of_any_arm(
    arms: Sequence[Clauses[_T]],
    choose: Callable[[Sequence[Clauses[_T]]], Iterable[frozenset[_T]]],
) -> Clauses[_T]:
    """Return what is needed where one arm matches: what all need, and one clause for the rest of each.

    `choose` names that clause of each arm; where an arm has no rest, there is none for any.

    >>> a, b = frozenset({"a"}), frozenset({"b"})
    >>> sorted(map(sorted, of_any_arm([frozenset({a}), frozenset({b})], shortest)))
    [['a', 'b']]
    """
    if not arms or not all(arms):
        return frozenset()
    common = frozenset.intersection(*arms)
    rest = [arm - common for arm in arms]
    if not all(rest):
        return common
    return common | {frozenset[_T]().union(*choose(rest))}


def shortest(arms: Sequence[Clauses[_T]]) -> Iterator[frozenset[_T]]:
    """Yield of each arm the clause with the fewest members, by name where there are several."""
    for arm in arms:
        yield min(arm, key=lambda clause: (len(clause), sorted(clause)))


class PartClauses(Generic[_T]):
    """Clauses of one pattern and of its parts; what spellings share is worked out once."""

    def __init__(
        self, own: Callable[[PNode], Clauses[_T]], is_seen_through: Callable[[PNode], bool]
    ) -> None:
        """`own` is what a node asks for beside its parts; nothing is asked of one that is not
        `is_seen_through`, nor of its parts."""
        self._own: Callable[[PNode], Clauses[_T]] = own
        self._is_seen_through = is_seen_through
        self._known: dict[int, Clauses[_T]] = {}

    def of(self, pattern: PNode) -> Clauses[_T]:
        """Return the clauses of a pattern."""
        found = self._known.get(id(pattern))
        if found is None:
            found = self._known[id(pattern)] = self._made(pattern)
        return found

    def _made(self, pattern: PNode) -> Clauses[_T]:
        if pattern.metavariable is not None or pattern.text is not None:
            return frozenset()
        may_lack = pattern.kind == "optional" or (pattern.kind == "nest" and not pattern.strict)
        if may_lack or not self._is_seen_through(pattern):
            return frozenset()
        alone = operand(pattern)
        if alone is not None:
            # `x || ...` is `x`, too.
            return self.of(alone)
        parts = [self.of(child) for child in pattern.children if isinstance(child, PNode)]
        if pattern.kind == "disjunction":
            return of_any_arm(parts, shortest)
        return self._own(pattern).union(*parts)
