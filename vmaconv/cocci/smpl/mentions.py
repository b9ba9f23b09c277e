# SPDX-License-Identifier: GPL-2.0-only
"""Which metavariables a rule mentions, and where: the one walk over patterns and declarations.

In: patterns, plus blocks, metavariables, constraints. Out: metavariables, or their `Name`s.
Left to others: what a mention means for a match (`locating`, `closed`), or for a later rule
(`environment`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator

from vmaconv.cocci.smpl.rule import Constraint, Metavariable, PlusBlock, PNode
from vmaconv.cocci.tree.node import Node

Name = tuple[str, str]
"""(rule, metavariable): how a binding is found, `r.x`; a rule's own have an empty rule."""


def name_of(meta: Metavariable) -> Name:
    """Return the name under which a metavariable's value is kept."""
    return (meta.rule or "", meta.name)


def own(metas: Iterable[Metavariable]) -> Iterator[Metavariable]:
    """Yield those that are the rule's own, not inherited."""
    return (meta for meta in metas if meta.rule is None)


def at_node(node: Node) -> Iterator[Metavariable]:
    """Yield what one node of a pattern mentions: itself, attached with `@`, within its string."""
    if isinstance(node, PNode):
        if node.metavariable is not None:
            yield node.metavariable
        yield from node.attached
        yield from node.formats or ()


def in_pattern(pattern: Node) -> Iterator[Metavariable]:
    """Yield the metavariables of a pattern as often as they occur, below `when` as well."""
    waiting: list[Node] = [pattern]
    while waiting:
        for node in waiting.pop().walk():
            yield from at_node(node)
            waiting += _below_when(node)


def in_every_match(
    pattern: Node, at: Callable[[Node], Iterable[Metavariable]], whens: bool = False
) -> frozenset[Name]:
    """Return what each match of a pattern has to bind or to know, by what `at` says of a node.

    Of a disjunction that is what all arms have; what is optional or in a nest may not be there.
    With `whens`, what dots may not run over counts, too.
    """
    found: set[Name] = set()
    waiting = [pattern]
    while waiting:
        node = waiting.pop()
        if node.kind == "disjunction":
            found |= _in_all(node.children, at, whens)
            continue
        if node.kind in ("optional", "nest"):
            continue
        found.update(map(name_of, at(node)))
        if whens:
            found.update(name_of(meta) for below in _below_when(node) for meta in in_pattern(below))
        waiting += node.children
    return frozenset(found)


def _in_all(
    arms: Iterable[Node], at: Callable[[Node], Iterable[Metavariable]], whens: bool
) -> frozenset[Name]:
    """Return what all arms of a disjunction have: once one has nothing, the others do not matter."""
    common: frozenset[Name] | None = None
    for arm in arms:
        found = in_every_match(arm, at, whens)
        common = found if common is None else common & found
        if not common:
            break
    return common or frozenset()


def _below_when(node: Node) -> list[Node]:
    if not isinstance(node, PNode):
        return []
    return [when.pattern for when in node.whens if when.pattern is not None]


def in_plus(blocks: Iterable[PlusBlock]) -> Iterator[Metavariable]:
    """Yield the metavariables of plus code, as often as they occur."""
    for block in blocks:
        for line in block.lines:
            for token in line.tokens:
                if token.metavariable is not None:
                    yield token.metavariable


def in_type(meta: Metavariable) -> Iterator[Metavariable]:
    """Yield the metavariables in the type of a typed metavariable: `T` of `T *x;`."""
    for descriptor in meta.ctype:
        yield from in_pattern(descriptor)


def in_constraint(constraint: Constraint | None) -> Iterator[Name]:
    """Yield what a constraint looks at: names, and inputs of a script."""
    if constraint is None:
        return
    yield from ((rule or "", name) for rule, name in constraint.names)
    yield from ((rule or "", name) for _, rule, name in constraint.script_inputs)
    for part in constraint.parts:
        yield from in_constraint(part)


def in_seed(meta: Metavariable) -> Iterator[Name]:
    """Yield what a fresh identifier is made of: `r.x ## "_new"`."""
    for kind, text in meta.seed:
        if kind == "name":
            yield ("", text)
        elif kind in ("rule.name", "input"):
            rule, _, name = text.rpartition(" ")[2].rpartition(".")
            yield (rule, name)


def in_sizes(meta: Metavariable) -> Iterator[Name]:
    """Yield the metavariables that hold a list's length or a bitfield's width."""
    for size in (meta.length, meta.bitfield):
        if isinstance(size, str):
            yield ("", size)
