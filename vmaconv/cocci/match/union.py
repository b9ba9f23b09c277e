# SPDX-License-Identifier: GPL-2.0-only
"""Putting matches together that change the same code.

In: the matches of a rule in one file. Out: matches that share no token that is changed: where
several lead over the same code, as paths do that part and meet again, they are one change.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from vmaconv.cocci.match.attempt.state import Taken
from vmaconv.cocci.match.attempt.value import BoundValue
from vmaconv.cocci.match.code.declaration_parts import Piece
from vmaconv.cocci.match.path.paths import once
from vmaconv.cocci.match.plus_values import NamedBeside
from vmaconv.cocci.match.printed_order import in_printed_order
from vmaconv.cocci.match.search import Match
from vmaconv.cocci.smpl.mentions import Name
from vmaconv.cocci.smpl.rule import TokenMark
from vmaconv.cocci.tree.node import STATEMENTS

_Place = tuple[int, int, int]
"""Where a changed token begins and ends, and which name of a declaration of several it is about."""


def united(matches: Sequence[Match], named: NamedBeside) -> list[Match]:
    """Join the matches along paths that change a token in common; the others stay as they are.

    `- f(); ... - g();` matches twice where two calls of `f` lead to one of `g`.
    """
    groups: list[list[Match]] = []
    owner: dict[_Place, list[Match]] = {}
    for match in matches:
        group = [match]
        if match.along_paths:
            places = _changed(match)
            near = {id(owner[p]): owner[p] for p in places if p in owner}
            for other in near.values():
                group = other + group
                groups.remove(other)
            for member in group:
                for place in _changed(member):
                    owner[place] = group
        groups.append(group)
    return [_joined(group, named) for group in groups]


def _changed(match: Match) -> list[_Place]:
    pieces = [t.node for t in match.trail if t.alias and isinstance(t.node, Piece)]
    return [
        (t.start, t.end, _name(t, pieces))
        for t in match.trail
        if (t.token.mark is TokenMark.MINUS or t.token.plussed) and not t.alias
    ]


def _name(taken: Taken, pieces: Sequence[Piece]) -> int:
    """Return which name it is that a match removes from `int a, b;`: all share the other tokens."""
    around = (p for p in pieces if p.whole.start <= taken.start and taken.end <= p.whole.end)
    return next((piece.index for piece in around), 0)


def _joined(group: Sequence[Match], named: NamedBeside) -> Match:
    if len(group) == 1:
        return group[0]
    bindings: dict[Name, BoundValue] = {}
    if any(t.token.plussed == "many" for match in group for t in match.trail):
        # As spatch prints what `++` adds, whatever the order in the code.
        group = in_printed_order(group)
    for match in group:
        for name, value in match.bindings.items():
            bindings.setdefault(name, value)
    trail: dict[tuple[object, ...], Taken] = {}
    for match in group:
        own = _differing(match.bindings, bindings)
        values = tuple(sorted((name, value.key) for name, value in own.items()))
        for taken in match.trail:
            # Code after `++` comes once for each way in which the rule matches.
            many: tuple[object, ...] = ()
            if taken.token.plussed == "many":
                many = (values, _way(match, taken))
            if taken.token.plussed == "once":
                beside = named.get(id(taken.token), frozenset())
                many = tuple(value for value in values if value[0] in beside)
            key = (id(taken.token), taken.start, taken.end, many)
            if key not in trail:
                trail[key] = replace(taken, own={**own, **(taken.own or {})}) if own else taken
    start, end = min(m.start for m in group), max(m.end for m in group)
    return replace(group[0], bindings=bindings, trail=once(trail.values()), start=start, end=end)


def _way(match: Match, taken: Taken) -> tuple[object, ...]:
    """Return how a match took the statement that holds a token: which tokens, and where."""
    node = taken.node
    while node is not None and node.kind not in STATEMENTS:
        node = node.parent
    if node is None:
        return ()
    inside = (t for t in match.trail if node.start <= t.start and t.end <= node.end)
    return tuple((id(t.token), t.start, t.end) for t in inside)


def _differing(
    mine: Mapping[Name, BoundValue], common: Mapping[Name, BoundValue]
) -> dict[Name, BoundValue]:
    return {name: value for name, value in mine.items() if not value.same(common[name])}
