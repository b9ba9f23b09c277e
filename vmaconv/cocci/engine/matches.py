# SPDX-License-Identifier: GPL-2.0-only
"""The matches of one rule, before anything is made of them.

In: matches. Out: what makes two of them one, which of them say all, what later rules get of them.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from msgspec.structs import replace

from vmaconv.cocci.engine.environment import Environment, all_places
from vmaconv.cocci.engine.program import CodeStep
from vmaconv.cocci.match.attempt.value import Bindings, BoundValue
from vmaconv.cocci.match.plus_values import NamedBeside
from vmaconv.cocci.match.search import Match
from vmaconv.cocci.rewrite.edit import Edit
from vmaconv.cocci.smpl.mentions import Name
from vmaconv.cocci.smpl.rule import PNode, TokenMark
from vmaconv.cocci.tree.node import EXPRESSIONS, Node


def identity(match: Match) -> tuple[object, ...]:
    """Return what is the same of two matches that are one: what was taken and what is bound."""
    return (
        tuple((id(t.token), t.start, t.end) for t in match.trail),
        _key(match.bindings),
    )


def _key(bindings: Bindings) -> tuple[object, ...]:
    return tuple(sorted((name, value.key) for name, value in bindings.items()))


def replaced(match: Match, edit: Edit) -> Node | None:
    """Return the expression that an edit replaces as a whole, or None."""
    for taken in match.trail:
        node = taken.node
        if node is None or not edit.start <= taken.start < edit.end:
            continue
        while node is not None and node.end - node.start < edit.end - edit.start:
            node = node.parent
        if node is not None and (node.start, node.end) == (edit.start, edit.end):
            return node if node.kind in EXPRESSIONS else None
    return None


def outermost(matches: Sequence[Match], named: NamedBeside) -> list[Match]:
    """Drop a match that lies inside another, binds no more than that and changes code that it changes.

    `!(x & F)` and the `(x & F)` in it may both match a rule, by way of isomorphisms; the outer one
    says all. Of `f(f(x))` a rule that only changes `f` before `(...)` changes both. Matches along
    paths may lie in one another, but those that change the same code are one change; `named` is
    what plus code names beside which token.
    """
    kept: list[Match] = []
    near: list[tuple[int, int, list[Match]]] = []
    """Those that go on, by the bytes that they take."""
    for match in sorted(matches, key=lambda m: (m.start, -m.end)):
        if match.along_paths:
            kept.append(match)
            continue
        while near and near[-1][1] <= match.start:
            near.pop()
        place = (match.start, match.end)
        around = (own for start, end, own in near if match.end <= end and (start, end) != place)
        if not any(
            _binds_no_more(match, outer) and _changes_same(match, outer)
            for own in around
            for outer in own
        ):
            kept.append(match)
            if near and near[-1][:2] == place:
                near[-1][2].append(match)
            else:
                near.append((*place, [match]))
    if not any(match.along_paths for match in kept):
        return kept
    from vmaconv.cocci.match.union import united

    return united(kept, named)


def _binds_no_more(inner: Match, outer: Match) -> bool:
    """Whether `inner` binds nothing that `outer` does not bind alike."""

    def plain(match: Match) -> dict[Name, bytes]:
        return {n: v.key for n, v in match.bindings.items() if not v.positions}

    return plain(inner).items() <= plain(outer).items()


def _changes_same(inner: Match, outer: Match) -> bool:
    """Whether both change some code, or `inner` changes none."""
    own, around = _changed(inner), _changed(outer)
    return not own or any(
        (start < until and at < end) or (start, end) == (at, until)
        for start, end in own
        for at, until in around
    )


def _changed(match: Match) -> list[tuple[int, int]]:
    """Return the bytes of the tokens that go, and as ranges without any where plus code is put."""
    found: list[tuple[int, int]] = []
    for taken in match.trail:
        token = taken.token
        if token.mark is TokenMark.MINUS:
            found.append((taken.start, taken.end))
        if token.plus_before:
            found.append((taken.start, taken.start))
        if token.plus_after:
            found.append((taken.end, taken.end))
    return found


def continued(
    environment: Environment, step: CodeStep, matches: Sequence[Match]
) -> list[Environment]:
    """Return an environment with what each match bound, as far as a later rule asks for it.

    What is only kept out of by later rules is put in one environment: there may be many such rules,
    and each match of one with each of the others would be too many.
    """
    rule = step.rule.name
    matched = environment.matched | {rule}
    exported = [_exported(rule, match, step.asked) for match in matches]
    if step.only_excludes and len(exported) > 1:
        names = sorted({name for one in exported for name in one})
        found = {n: all_places(one[n] for one in exported if n in one) for n in names}
        exported = [{name: value for name, value in found.items() if value is not None}]
    return [Environment({**environment.bindings, **one}, matched) for one in exported]


def _exported(rule: str, match: Match, wanted: Collection[Name]) -> dict[Name, BoundValue]:
    return {
        (rule, name): _outliving(value)
        for (owner, name), value in match.bindings.items()
        if not owner and (rule, name) in wanted
    }


def _outliving(value: BoundValue) -> BoundValue:
    """Return a value without what only holds in the text that it was found in."""
    return replace(value, identity=b"") if value.identity else value


def functions_of(step: CodeStep, matches: Sequence[Match]) -> list[Bindings]:
    """Return what matches bind, as far as prototypes of the functions that they change have it, too."""
    prototype = step.prototype
    if prototype is None:
        return []
    made = [
        {name: value for name, value in match.bindings.items() if name[1] not in prototype.loose}
        for match in matches
    ]
    return distinct_bindings(made)


def distinct_bindings(several: Sequence[Bindings]) -> list[Bindings]:
    """Return each of several bindings once."""
    found: dict[tuple[object, ...], Bindings] = {}
    for one in several:
        found.setdefault(_key(one), one)
    return list(found.values())


def lasting(bindings: Bindings) -> Bindings:
    """Return bindings without what only holds in the text that they were found in."""
    return {name: _outliving(value) for name, value in bindings.items()}


def starred(match: Match, blocks: Sequence[tuple[PNode, PNode]]) -> list[tuple[int, int]]:
    """Return the bytes that the starred tokens of a match took, with what dots in starred `blocks` did."""
    shown = [t for t in match.trail if t.token.mark is TokenMark.STAR and not t.alias]
    found = [(t.start, t.end) for t in shown]
    for opening, closing in blocks:
        starts = [t.start for t in shown if t.token is opening]
        ends = [t.end for t in shown if t.token is closing]
        if starts and ends:
            found.append((min(starts), max(ends)))
    return found


def starred_blocks(pattern: PNode) -> list[tuple[PNode, PNode]]:
    """Return the braces of the blocks of a pattern that have stars on all of them."""
    found: list[tuple[PNode, PNode]] = []
    for node in pattern.walk():
        if node.kind == "compound_statement" and isinstance(node, PNode):
            leaves = [leaf for leaf in node.leaves() if isinstance(leaf, PNode)]
            if all(leaf.mark is TokenMark.STAR for leaf in leaves):
                found.append((leaves[0], leaves[-1]))
    return found
