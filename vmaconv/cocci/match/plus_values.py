# SPDX-License-Identifier: GPL-2.0-only
"""Values of plus code that stands at one token and is about several places.

In: a rule's plus code, a match. Out: the match with a token for each value where `++` asks for that,
and whether code that comes once would have to come for each of several: `f(...) { + log(E); <... g(E)
...> }` over `g(1)` and `g(2)`. spatch gives up such a rule ("already tagged token").
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import lru_cache

from msgspec.structs import replace

from vmaconv.cocci.match.attempt.state import Taken
from vmaconv.cocci.match.attempt.value import BoundValue
from vmaconv.cocci.match.search import Match
from vmaconv.cocci.smpl.mentions import Name, in_plus, name_of
from vmaconv.cocci.smpl.rule import PlusBlock, PNode

NamedBeside = Mapping[int, frozenset[Name]]
"""The metavariables of the plus code beside tokens of a pattern, by the tokens' ids."""

_Values = Mapping[Name, BoundValue]


def named_beside(pattern: PNode, blocks: Sequence[PlusBlock]) -> NamedBeside:
    """Return what plus code names, for the tokens before and behind it that stand in no nest.

    What stands in a nest goes with the values of its own place.
    """
    beside = all_beside(blocks)
    inside = _in_nests(pattern) if beside else frozenset[int]()
    return {token: names for token, names in beside.items() if token not in inside}


@lru_cache(maxsize=256)
def _in_nests(pattern: PNode) -> frozenset[int]:
    """Return the ids of the tokens in nests; it is asked whenever a rule has matches in a file."""
    nests = [node for node in pattern.walk() if node.kind == "nest"]
    return frozenset(id(leaf) for nest in nests for leaf in nest.leaves())


def all_beside(blocks: Sequence[PlusBlock]) -> NamedBeside:
    """Return what plus code names, for the tokens before and behind it."""
    found: dict[int, frozenset[Name]] = {}
    for block in blocks:
        names = frozenset(name_of(meta) for meta in in_plus([block]) if meta.kind != "symbol")
        for token in (block.before, block.after):
            if token is not None and names:
                found[id(token)] = found.get(id(token), frozenset()) | names
    return found


def unbound(match: Match, beside: NamedBeside) -> str | None:
    """Return what plus code names and nothing in the match says, as E of a nest that matches nowhere."""
    for taken in match.trail:
        for name in beside.get(id(taken.token), ()) if beside else ():
            if name not in match.bindings and name not in (taken.own or {}):
                return name[1]
    return None


def spread(match: Match, named: NamedBeside) -> Match:
    """Return a match in which a token beside plus code stands once for each value of what that names."""
    if not named or not any(taken.own for taken in match.trail):
        return match
    own = [match.bindings, *(taken.own for taken in match.trail if taken.own)]
    differing = frozenset(name for taken in match.trail for name in taken.own or ())
    trail: list[Taken] = []
    for taken in match.trail:
        names = named.get(id(taken.token), frozenset()) & differing.difference(taken.own or ())
        values = _values(own, names) if names else []
        if len(values) > 1:
            trail += [replace(taken, own={**(taken.own or {}), **value}) for value in values]
        else:
            trail.append(taken)
    return match if len(trail) == len(match.trail) else replace(match, trail=tuple(trail))


def _values(own: Iterable[_Values], names: frozenset[Name]) -> list[_Values]:
    """Return the different values of those of `names` that differ from place to place."""
    found: list[_Values] = []
    for values in own:
        some = {name: values[name] for name in names.intersection(values)}
        if some and not any(_same(some, other) for other in found):
            found.append(some)
    return found


def _same(one: _Values, other: _Values) -> bool:
    return one.keys() == other.keys() and all(one[n].same(other[n]) for n in one)


def comes_for_several(match: Match, named: NamedBeside) -> bool:
    """Return whether code that is added once would come for each of several values."""
    seen: dict[tuple[int, int, int], _Values] = {}
    for taken in match.trail:
        names = named.get(id(taken.token))
        if names is None or taken.token.plussed != "once":
            continue
        place = (id(taken.token), taken.start, taken.end)
        own = taken.own or {}
        values = {n: own.get(n, match.bindings.get(n)) for n in names}
        mine = {n: value for n, value in values.items() if value is not None}
        if not _same(seen.setdefault(place, mine), mine):
            return True
    return False
