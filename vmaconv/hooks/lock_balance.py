# SPDX-License-Identifier: GPL-2.0-only
"""Locks that a function takes and drops on its paths.

In: the calls that take or drop one, as they are read. Out: what is left held at its exits, for which
results, and which calls are made under a lock. What a call does is left to `effect_reader`.
"""

from __future__ import annotations

from msgspec.structs import replace

from vmaconv.cocci.tree.node import Node
from vmaconv.cocci.tree.unit import Unit
from vmaconv.flags.headers.header_lines import HeaderPlace
from vmaconv.hooks.hook_arms import arms_at
from vmaconv.hooks.hook_effect import Effect, EffectKind
from vmaconv.hooks.path_counts import Change, PathCounts, When, path_counts, result_of

LOCKS = frozenset({"lock", "unlock"})
"""Effects that count only where they are not undone on the same path."""


class LockBalance:
    """Counts the locks of one function."""

    def __init__(self, unit: Unit, function: Node) -> None:
        self._unit = unit
        self._function = function
        self._locks: dict[int, Change] = {}
        self._taken: list[Effect] = []

    def note(self, call: Node, effects: list[Effect], place: HeaderPlace) -> None:
        """Note by how much a call changes the number of locks that are held."""
        by = sum(1 if e.kind == "lock" else -1 for e in effects)
        if by:
            around = call.parent.enclosing("call_expression") if call.parent is not None else None
            name = around.children[0].text if around is not None else b""
            # `wait_event(wq, down_read_trylock(sem))` goes on with the lock.
            when = "always" if name == b"wait_event" else effects[0].when
            self._locks[call.start] = Change(by, when)
            self._taken.append(replace(effects[0], place=place))

    def come_to(self) -> tuple[list[Effect], frozenset[int]]:
        """Return what is left held, or dropped for the caller, and the calls under a lock, by offset."""
        if not self._locks:
            return [], frozenset()
        self._choose_arms()
        found: list[Effect] = []
        paths = path_counts(self._function, lambda call: self._locks.get(call.start))
        left = frozenset(count for one in paths.exits for count in one.counts)
        if left != {0}:
            first = self._taken[0]
            lasting = max(left) if max(left) > 0 else min(left)
            kind: EffectKind = "lock" if lasting > 0 else "unlock"
            found.append(replace(first, kind=kind, when=self._when_left(paths)))
        return found, frozenset(start for start, counts in paths.before.items() if counts - {0})

    def _choose_arms(self) -> None:
        """Of the arms of an `#if` that take or drop locks, count the first: one of them is compiled."""
        chosen: dict[int, int] = {}
        for start in sorted(self._locks):
            for conditional, arm, _ in arms_at(self._unit, start):
                if chosen.setdefault(conditional, arm) != arm:
                    del self._locks[start]
                    break

    def _when_left(self, paths: PathCounts) -> When:
        """Return for which results a function leaves a lock, as its exits say."""
        zero: set[int] = set()
        other: set[int] = set()
        for one in paths.exits:
            result, call = result_of(one)
            change = self._locks.get(call.start) if call is not None else None
            if call is not None and change is not None and change.when in ("zero", "nonzero"):
                before = paths.before.get(call.start, frozenset())
                after = {count + change.by for count in before}
                zero.update(after if change.when == "zero" else before)
                other.update(before if change.when == "zero" else after)
            else:
                zero.update(one.counts if result != "nonzero" else ())
                other.update(one.counts if result != "zero" else ())
        if zero == other and len(zero) == 1:
            return "always"
        if other == {0} and len(zero) == 1:
            return "zero"
        return "nonzero" if zero == {0} and len(other) == 1 else "maybe"
