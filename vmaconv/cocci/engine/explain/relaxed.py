# SPDX-License-Identifier: GPL-2.0-only
"""Rules that demand a little less, to find out what a rule that does not match demands too much.

In: a rule. Out: others like it, each without one sort of demand: types, constraints, the kinds of its
metavariables, what it inherits, that equal metavariables stand for equal code, `when`, that dots
take the shortest path, that all paths match. Where such a rule matches, the demand is what is in
the way.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator

from msgspec import Struct
from msgspec.structs import replace

from vmaconv.cocci.smpl.rebuilding import rebuilt
from vmaconv.cocci.smpl.rule import CodeRule, Metavariable, PNode, When

TWIN = "#"
"""What stands between a metavariable's name and a number where its uses are told apart."""

Change = Callable[[CodeRule], tuple[CodeRule, bool]]
"""Returns a rule without a demand, and whether it had it."""


class Relaxation(Struct, frozen=True):
    """A sort of demand: its name, what it is in words, and what takes it away."""

    name: str
    words: str
    change: Change


def relaxed(rule: CodeRule, *relaxations: Relaxation) -> CodeRule | None:
    """Return a rule without some sorts of demand, or None if it has none of them.

    What is returned changes nothing and depends on nothing.
    """
    made, changed = rule, False
    for relaxation in relaxations:
        made, found = relaxation.change(made)
        changed |= found
    return replace(made, depends=None, extends=None) if changed else None


def nodes_of(pattern: PNode) -> Iterator[PNode]:
    """Yield the nodes of a pattern, those of its `when`s, too."""
    for node in pattern.walk():
        if isinstance(node, PNode):
            yield node
            for when in node.whens:
                if when.pattern is not None:
                    yield from nodes_of(when.pattern)


def _metavariables(change: Callable[[Metavariable], Metavariable]) -> Change:
    def apply(rule: CodeRule) -> tuple[CodeRule, bool]:
        found = False

        def changed(meta: Metavariable) -> Metavariable:
            nonlocal found
            made = change(meta)
            found |= made is not meta
            return made

        def exchanged(_: PNode, node: PNode) -> PNode:
            own = node.metavariable
            if own is None and not node.attached:
                return node
            attached = tuple(changed(meta) for meta in node.attached)
            return dataclasses.replace(node, metavariable=own and changed(own), attached=attached)

        made = rebuilt(rule, exchanged)
        metavariables = tuple(changed(meta) for meta in rule.metavariables)
        return replace(made, metavariables=metavariables), found

    return apply


def _untyped(meta: Metavariable) -> Metavariable:
    if meta.kind == "typed":
        return replace(meta, kind="expression", ctype=(), array=False)
    if meta.ctype or meta.pointer or {"struct", "union", "enum"} & set(meta.qualifiers):
        return replace(meta, ctype=(), pointer=False, stars=0, qualifiers=())
    return meta


def _unconstrained(meta: Metavariable) -> Metavariable:
    return replace(meta, constraint=None) if meta.constraint is not None else meta


ANY_EXPRESSION = frozenset({"constant", "idexpression", "flag", "flag list", "flag mask"})


def _any_kind(meta: Metavariable) -> Metavariable:
    if meta.kind in ANY_EXPRESSION:
        return replace(meta, kind="expression", qualifiers=())
    return meta


def _own(meta: Metavariable) -> Metavariable:
    if meta.rule is not None and meta.rule != "virtual":
        return replace(meta, rule=None)
    return meta


def _told_apart(rule: CodeRule) -> tuple[CodeRule, bool]:
    counts: dict[str, int] = {}
    told: dict[int, Metavariable] = {}
    for node in nodes_of(rule.pattern):
        meta = node.metavariable
        if meta is None or meta.rule is not None or meta.kind == "position":
            continue
        number = counts[meta.name] = counts.get(meta.name, 0) + 1
        if number > 1:
            told[id(node)] = replace(meta, name=f"{meta.name}{TWIN}{number}")
    made = rebuilt(
        rule,
        lambda old, new: (
            dataclasses.replace(new, metavariable=told[id(old)]) if id(old) in told else new
        ),
    )
    return made, bool(told)


def _without_whens(rule: CodeRule) -> tuple[CodeRule, bool]:
    def plain(_: PNode, node: PNode) -> PNode:
        kept = tuple(when for when in node.whens if when.pattern is None)
        return node if len(kept) == len(node.whens) else dataclasses.replace(node, whens=kept)

    made = rebuilt(rule, plain)
    return made, made is not rule


def _any_path(rule: CodeRule) -> tuple[CodeRule, bool]:
    def longer(_: PNode, node: PNode) -> PNode:
        if node.kind not in ("dots", "nest") or any(when.kind == "any" for when in node.whens):
            return node
        return dataclasses.replace(
            node, whens=(*node.whens, When("any", None, node.place or rule.place))
        )

    made = rebuilt(rule, longer)
    return made, made is not rule


def _some_path(rule: CodeRule) -> tuple[CodeRule, bool]:
    if rule.quantifier == "exists" or (rule.star and not rule.quantifier):
        return rule, False
    found = any(node.kind in ("dots", "nest") for node in nodes_of(rule.pattern))
    return replace(rule, quantifier="exists"), found


TYPES = Relaxation("types", "the type", _metavariables(_untyped))
CONSTRAINTS = Relaxation("constraints", "a constraint", _metavariables(_unconstrained))
KINDS = Relaxation("kinds", "the kind of metavariable", _metavariables(_any_kind))
INHERITED = Relaxation("inherited", "what an earlier rule bound", _metavariables(_own))
EQUALS = Relaxation("equals", "one metavariable for two things", _told_apart)
WHENS = Relaxation("whens", "a `when`", _without_whens)
SHORTEST = Relaxation("shortest", "dots that take the shortest path", _any_path)
SOME_PATH = Relaxation("some path", "a path that goes another way", _some_path)

SINGLE = (TYPES, CONSTRAINTS, KINDS, INHERITED, EQUALS, WHENS, SOME_PATH, SHORTEST)
"""In the order in which they are tried."""

TOGETHER = (
    (TYPES, CONSTRAINTS, KINDS),
    (TYPES, CONSTRAINTS, KINDS, INHERITED),
    (TYPES, CONSTRAINTS, KINDS, INHERITED, WHENS, SOME_PATH, SHORTEST),
    (TYPES, CONSTRAINTS, KINDS, INHERITED, EQUALS, WHENS, SOME_PATH, SHORTEST),
)
"""What is tried where no single one is enough."""
