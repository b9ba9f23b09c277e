# SPDX-License-Identifier: GPL-2.0-only
"""Witnesses: the bindings and the matched code with which a formula holds at a point.

In: what parts of a pattern found. Out: `Answer`s, and ways to put them together. An answer's values
may be ruled-out ones: a negation that holds for all values but some says which.
"""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Iterator, Mapping

from msgspec import Struct

from vmaconv.cocci.match.atom.parts import PartMatch, known
from vmaconv.cocci.match.attempt.state import WayLimit
from vmaconv.cocci.match.attempt.value import BoundValue
from vmaconv.cocci.smpl.mentions import Name


class Known(Struct, frozen=True):
    """A value: `key` decides equality; labels and braces have no `value`."""

    key: Hashable
    value: BoundValue | None = None


class Excluded(Struct, frozen=True):
    """Values (their keys) that a variable does not have."""

    keys: frozenset[object]


Values = dict[Name, "Known | Excluded"]
"""By the names of variables; nobody changes one that was handed on."""
NOTHING: Values = {}


class Bound(Struct, frozen=True, eq=False):
    """A witness below a quantifier: `name` was `value` there."""

    name: Name
    value: BoundValue
    inner: Witness


class Joined(Struct, frozen=True, eq=False):
    """Two witnesses."""

    first: Witness
    second: Witness


Witness = PartMatch | Bound | Joined | None


class Answer(Struct, frozen=True, eq=False):
    """One way in which a formula holds at a point: new values, and the witness."""

    values: Values
    witness: Witness = None


YES = Answer(NOTHING)
HOLDS: list[Answer] = [YES]
FAILS: list[Answer] = []


def together(first: Witness, second: Witness) -> Witness:
    """Join two witnesses."""
    if first is None or first is second:
        return second
    if second is None:
        return first
    return Joined(first, second)


def merged(first: Values, second: Values) -> Values | None:
    """Join values, or return None where they contradict each other."""
    if not first:
        return second
    if not second:
        return first
    out = dict(first)
    for name, value in second.items():
        other = out.get(name)
        if other is None:
            out[name] = value
            continue
        joined = _joined(other, value)
        if joined is None:
            return None
        out[name] = joined
    return out


def _joined(first: Known | Excluded, second: Known | Excluded) -> Known | Excluded | None:
    if isinstance(first, Known):
        if isinstance(second, Known):
            return first if first.key == second.key else None
        return None if first.key in second.keys else first
    if isinstance(second, Known):
        return None if second.key in first.keys else second
    return Excluded(first.keys | second.keys)


def product(left: list[Answer], right: list[Answer], ways: WayLimit) -> list[Answer]:
    """Return the ways in which both hold, no more than `ways` allows where both leave a choice."""
    out: list[Answer] = []
    limit = ways.most
    if len(left) < 2 or len(right) < 2:
        limit = max(limit, len(left), len(right))
    for one in left:
        for two in right:
            if two is YES:
                out.append(one)
            elif one is YES:
                out.append(two)
            elif (values := merged(one.values, two.values)) is not None:
                out.append(Answer(values, together(one.witness, two.witness)))
            if len(out) > limit:
                ways.cut = True
                return out[:limit]
    return out


def distinct(answers: Iterable[Answer]) -> list[Answer]:
    """Drop answers that say the same as an earlier one."""
    seen: set[object] = set()
    out = []
    for answer in answers:
        key = (shape(answer.values), id(answer.witness) if answer.witness is not None else 0)
        if key not in seen:
            seen.add(key)
            out.append(answer)
    return out


def shape(values: Values) -> object:
    """Return what decides whether values are the same."""
    if not values:
        return ()
    return frozenset(
        (name, value.key if isinstance(value, Known) else (Excluded, value.keys))
        for name, value in values.items()
    )


def negated(answers: Iterable[Answer], limit: WayLimit) -> list[Answer]:
    """Return the ways in which a formula with these answers does not hold."""
    ways: list[Values] = [NOTHING]
    for answer in answers:
        turned = list(_turned(answer.values))
        found = []
        for way in ways:
            for one in turned:
                values = merged(way, one)
                if values is not None:
                    found.append(values)
        limit.cut |= len(found) > limit.most
        ways = found[: limit.most]
        if not ways:
            return FAILS
    return [Answer(way) if way else YES for way in ways]


def _turned(values: Values) -> Iterator[Values]:
    for name, value in values.items():
        if isinstance(value, Known):
            yield {name: Excluded(frozenset({value.key}))}
        # What was ruled out would have to be each of those values: nothing is.


def leaves(witness: Witness) -> Iterator[tuple[PartMatch, Mapping[Name, BoundValue]]]:
    """Yield what was found, each with what the quantifiers around it were bound to."""
    waiting: list[tuple[Witness, Mapping[Name, BoundValue]]] = [(witness, {})]
    while waiting:
        one, bound = waiting.pop()
        match one:
            case PartMatch():
                yield one, bound
            case Bound():
                waiting.append((one.inner, {**bound, one.name: one.value}))
            case Joined():
                waiting.append((one.second, bound))
                waiting.append((one.first, bound))


def without(values: Values, name: Name) -> Values:
    """Return `values` less that of `name`."""
    if name not in values:
        return values
    return {n: v for n, v in values.items() if n != name}


def over(values: Values, new: Values) -> Values:
    """Return `values` with what an answer adds; what it adds agrees with them."""
    if not new:
        return values
    found = merged(values, new)
    assert found is not None
    return found


def extended(bindings: Mapping[Name, BoundValue], values: Values) -> Values | None:
    """Return what a part's bindings add to `values`, or None where they contradict them."""
    new: dict[Name, Known | Excluded] = {}
    for name, value in bindings.items():
        key = known(value)
        before = values.get(name)
        if isinstance(before, Known):
            if before.key != key:
                return None
        elif before is not None and key in before.keys:
            return None
        else:
            new[name] = Known(key, value)
    return new or NOTHING
