# SPDX-License-Identifier: GPL-2.0-only
"""The ways in which isomorphisms may spell a pattern otherwise.

In: isomorphisms. Out: for a part of a pattern, the few sides that can be a spelling of it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from vmaconv.cocci.smpl.isofile import Isomorphism, marks_in, read_together
from vmaconv.cocci.smpl.rule import PNode
from vmaconv.cocci.tree.node import Node

_KINDS = frozenset({"Expression", "Statement", "TestExpression", "ToTestExpression"})
WRAPPERS = frozenset({"disjunction", "truth", "variant"})
"""Kinds of nodes that stand for their first child, as written."""


_ASKING_TRUTH = frozenset({b"if", b"while", b"do", b"for", b"&", b"|", b"!"})


def spelling_any(isomorphisms: Sequence[Isomorphism], pattern: PNode) -> Sequence[Isomorphism]:
    """Return the isomorphisms that may spell a part of `pattern` otherwise, in order.

    Each side that is a part of the pattern has its words and punctuation there, as written or as
    another isomorphism spells it. What is left out need not be read.
    """
    held, tested = _marks(pattern)
    chosen: set[int] = set()
    more = True
    while more:
        more = False
        tested = tested or not _ASKING_TRUTH.isdisjoint(held)
        for number, iso in enumerate(isomorphisms):
            if number in chosen or iso.kind not in _KINDS:
                continue
            if iso.kind == "TestExpression" and not tested:
                continue
            if any(marks <= held for marks in iso.starts()):
                chosen.add(number)
                held.update(*iso.marks)
                more = True
    found = [isomorphisms[number] for number in sorted(chosen)]
    read_together(found)
    return found


def _marks(pattern: PNode) -> tuple[set[bytes], bool]:
    """Return the words and punctuation of a pattern, and whether a `when` asks for truth."""
    texts: list[bytes] = []
    tested = False
    waiting: list[Node] = [pattern]
    while waiting:
        node = waiting.pop()
        waiting += node.children
        if node.text is not None:
            texts.append(node.text)
        for when in node.whens if isinstance(node, PNode) else ():
            tested = tested or when.kind in ("true", "false")
            if when.pattern is not None:
                waiting.append(when.pattern)
    return marks_in(b" ".join(texts)), tested


class Ways:
    """The sides of isomorphisms by what they can be a spelling of, so that few need to be tried."""

    def __init__(self, isomorphisms: Sequence[Isomorphism]) -> None:
        self._all = [
            IsomorphismSide(iso, side, tuple(iso.sides[other] for other in iso.reachable(index)))
            for iso in isomorphisms
            if iso.kind in _KINDS
            for index, side in enumerate(iso.sides)
        ]
        self.leaves = frozenset(
            way.side.text for way in self._all if way.side.metavariable is None and way.side.text
        )
        """The names and numbers that have another spelling."""
        self._by_kind: dict[tuple[str, bool], list[IsomorphismSide]] = {}

    def of(self, pattern: Node, tested: bool) -> Iterator[IsomorphismSide]:
        """Yield the ways to spell `pattern` otherwise, which may or may not fit, in order."""
        while pattern.kind in WRAPPERS:
            pattern = pattern.children[0]
        key = (pattern.kind, tested)
        if key not in self._by_kind:
            self._by_kind[key] = [
                way
                for way in self._all
                if (tested or way.iso.kind != "TestExpression")
                and (way.side.metavariable is not None or way.side.kind == pattern.kind)
            ]
        children = pattern.children
        for way in self._by_kind[key]:
            if way.side.metavariable is not None or (
                len(children) == len(way.side.children)
                and all(
                    children[at].text == text or children[at].kind in WRAPPERS
                    for at, text in way.texts
                )
            ):
                yield way


class IsomorphismSide:
    """A side of an isomorphism, those that it may be rewritten to, and its own tokens by index."""

    __slots__ = ("iso", "side", "others", "texts")

    def __init__(self, iso: Isomorphism, side: PNode, others: tuple[PNode, ...]) -> None:
        self.iso = iso
        self.side = side
        self.others = others
        self.texts = [
            (at, child.text)
            for at, child in enumerate(side.children)
            if child.text is not None and isinstance(child, PNode) and child.metavariable is None
        ]
