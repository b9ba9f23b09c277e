# SPDX-License-Identifier: GPL-2.0-only
"""Isomorphisms: other spellings of a pattern that mean the same.

In: a pattern and isomorphisms. Out: the pattern with a disjunction wherever an isomorphism gives
another spelling; the spelling as written comes first. Only patterns are rewritten, never plus code.
When a part may be spelt otherwise is left to `respelling`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Iterator, Sequence
from itertools import count

from msgspec.structs import replace

from vmaconv.cocci.match.code.role import stands_as_expression
from vmaconv.cocci.match.isomorphisms.isomorphism_index import Ways, spelling_any
from vmaconv.cocci.match.isomorphisms.respelling import respelt, spelling
from vmaconv.cocci.match.isomorphisms.surroundings import (
    PatternSurroundings,
    pattern_leaves,
    surroundings_of,
)
from vmaconv.cocci.match.isomorphisms.unification import shape
from vmaconv.cocci.smpl.isofile import Isomorphism
from vmaconv.cocci.smpl.mentions import Name
from vmaconv.cocci.smpl.rebuilding import beside, rebuilt
from vmaconv.cocci.smpl.rule import CodeRule, PNode
from vmaconv.cocci.tree.node import EXPRESSIONS, STATEMENTS, Node

MOST = 200_000
"""How many nodes a part of a pattern may come to, all spellings counted: spellings of a part stand in
each spelling of what is around it, so that `((((((x))))))` has them in powers of two."""


class TooManySpellings(Exception):
    """A pattern that isomorphisms spell in more ways than can be looked for."""


def expand(
    rule: CodeRule, isomorphisms: Sequence[Isomorphism], exported: Collection[Name] = ()
) -> tuple[CodeRule, PNode]:
    """Return a rule whose pattern has every spelling that `isomorphisms` allow, innermost first, and
    the pattern with the spellings of all of it.

    `exported` are the metavariables that later rules ask for. Raises `TooManySpellings`.
    """
    if not isomorphisms:
        return rule, rule.pattern
    around = surroundings_of(rule.pattern, rule.plus, exported)
    inner = _Expansion(Ways(spelling_any(isomorphisms, rule.pattern)), around, count())
    rule = rebuilt(rule, inner.below_when)
    outer = _Expansion(inner.isos, around.beside(rule.plus), inner.fresh)
    pattern = outer.expanded(rule.pattern, False, top=True)
    plus = tuple(beside(block, outer.written) for block in rule.plus)
    written = outer.written.get(id(rule.pattern), rule.pattern)
    return replace(rule, pattern=written, plus=plus), pattern


_CONDITIONED = frozenset({"if_statement", "while_statement", "do_statement", "for_statement"})
_LOGICAL = frozenset({b"&&", b"||", b"!"})


class _Expansion:
    """One pass over a pattern; `written` is what became of its nodes, by their ids, as written."""

    def __init__(self, isos: Ways, around: PatternSurroundings, fresh: Iterator[int]) -> None:
        self.isos = isos
        self.around = around
        self.fresh = fresh
        """Numbers for metavariables that only another spelling has."""
        self.written: dict[int, PNode] = {}

    def below_when(self, _: PNode, node: PNode) -> PNode:
        """Return dots with what they may not run over in every spelling."""
        if not node.whens:
            return node
        whens = tuple(
            replace(when, pattern=self.expanded(when.pattern, when.kind in ("true", "false")))
            if when.pattern is not None
            else when
            for when in node.whens
        )
        return dataclasses.replace(node, whens=whens)

    def expanded(
        self, pattern: PNode, tested: bool, top: bool = False, holders: tuple[PNode, ...] = ()
    ) -> PNode:
        """Return a part of a pattern in every spelling.

        `tested` says that it stands where C asks for truth, `top` that it is all of a rule, or an arm
        that is: no spelling of it is a metavariable alone, which would match anything. `holders` are
        its parent and that one's.
        """
        isos, around = self.isos, self.around
        if pattern.text is not None and not tested and not _is_spelt(pattern, isos, holders):
            return pattern
        pattern = self._parts_expanded(pattern, top, holders)
        if (
            pattern.kind not in EXPRESSIONS
            and pattern.kind not in STATEMENTS
            and pattern.metavariable is None
        ):
            return pattern
        variants = self._variants(pattern, tested)
        if top and not _is_variable(pattern):
            variants = [one for one in variants if not _is_variable(one)]
        if len(variants) == 1:
            return pattern
        made = spelling("disjunction", [pattern, *(_variant(v, pattern) for v in variants[1:])])
        if around.size(made) > MOST:
            raise TooManySpellings
        return made

    def _parts_expanded(self, pattern: PNode, top: bool, holders: tuple[PNode, ...]) -> PNode:
        """Return a node with its children in every spelling."""
        if not pattern.children:
            return pattern
        condition = pattern.kind in _CONDITIONED
        logical = any(child.text in _LOGICAL for child in pattern.children)
        arms = pattern.kind in ("disjunction", "conjunction") or len(pattern.children) == 1
        around = (pattern, *holders[:1])
        children: list[Node] = [
            self.expanded(
                child, logical or (condition and child.kind not in STATEMENTS), top and arms, around
            )
            if isinstance(child, PNode)
            else child
            for child in pattern.children
        ]
        if pattern.kind in ("function_definition", "parenthesized_expression"):
            # A function's body has its braces, and so has the block of `({ ... })`.
            children = [_with_braces(child) for child in children]
        if all(a is b for a, b in zip(children, pattern.children, strict=True)):
            return pattern
        made = self.written[id(pattern)] = dataclasses.replace(pattern, children=tuple(children))
        return made

    def _variants(self, pattern: PNode, tested: bool) -> list[PNode]:
        """Return `pattern` and all that isomorphisms make of it, each isomorphism once in a chain."""
        found = [pattern]
        used: list[frozenset[str]] = [frozenset()]
        seen = {shape(pattern)}
        for variant, names in zip(found, used, strict=False):
            if variant is not pattern and variant.kind in ("disjunction", "variant"):
                # A part of the pattern that stands alone now: its own spellings are there already.
                continue
            for way in self.isos.of(variant, tested):
                if way.iso.name in names:
                    continue
                for other in way.others:
                    made = respelt(variant, way.side, way.iso, other, self.around, self.fresh)
                    if made is not None and (key := shape(made)) not in seen:
                        seen.add(key)
                        found.append(made)
                        used.append(names | {way.iso.name})
        return found


def _is_spelt(leaf: PNode, isos: Ways, holders: tuple[PNode, ...]) -> bool:
    """Whether a name or number is one that an isomorphism spells otherwise: `0 => NIL`."""
    if leaf.metavariable is not None or leaf.text not in isos.leaves:
        return False
    if leaf.kind != "identifier" or not holders:
        return leaf.kind in EXPRESSIONS
    return stands_as_expression(leaf, holders[0], holders[1] if len(holders) > 1 else None)


def _with_braces(part: Node) -> Node:
    """Return a block without the spellings that have no braces; all else as it is."""
    spelt = part.kind == "disjunction" and part.children[0].kind == "compound_statement"
    return part.children[0] if spelt else part


def _is_variable(pattern: PNode) -> bool:
    """Whether a pattern is a metavariable and nothing else."""
    inner: Node = pattern
    while inner.kind == "variant" and len(inner.children) == 1:
        inner = inner.children[0]
    return isinstance(inner, PNode) and inner.metavariable is not None


def _variant(made: PNode, pattern: PNode) -> PNode:
    """Wrap another spelling of `pattern`, so that its ends take the place of the ends as written."""
    leaves = pattern_leaves(pattern)
    return spelling("variant", [made], (leaves[0], leaves[-1]))
