# SPDX-License-Identifier: GPL-2.0-only
"""Attributes, which the trees of C files lack.

In: a stretch of a unit. Out: its attributes, brought back from the shim's marks as leaves of kind
`attribute_specifier`, and matchers for those of a pattern.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable

from vmaconv.cocci.match.attempt.chain import in_order
from vmaconv.cocci.match.attempt.state import Matcher, MatchState, Then
from vmaconv.cocci.smpl.rule import PNode
from vmaconv.cocci.text.trivia import is_blank, pieces
from vmaconv.cocci.tree.node import Node, leaf
from vmaconv.cocci.tree.unit import Unit


def attributes(unit: Unit, start: int, end: int) -> list[Node]:
    """Return the attributes whose first byte is in [`start`, `end`), in order."""
    nodes = unit.chunk_at(start).attributes
    if not nodes:
        return []
    return nodes[bisect_left(nodes, start, key=_start) : bisect_left(nodes, end, key=_start)]


def leading(unit: Unit, start: int) -> list[Node]:
    """Return the attributes directly before byte `start`."""
    nodes = unit.chunk_at(start).attributes
    index = bisect_left(nodes, start, key=_start)
    first = index
    while first > 0 and is_blank(unit.text[nodes[first - 1].end : start]):
        first -= 1
        start = nodes[first].start
    return nodes[first:index]


def specifiers(unit: Unit, start: int) -> list[Node]:
    """Return the storage class before the macro call at byte `start`, which the shim blanked."""
    chunk = unit.chunk_at(start)
    for mark in chunk.prepared.marks.values():
        at, to = mark.start + chunk.start, mark.end + chunk.start
        if mark.role == "declarer" and to <= start and is_blank(unit.text[to:start]):
            return [leaf("attribute_specifier", at, to, unit.text[at:to])]
    return []


def around(unit: Unit, start: int, end: int) -> list[Node]:
    """Return the attributes within a stretch, and those directly before and after it."""
    chunk = unit.chunk_at(start)
    if not chunk.attributes:
        return []
    found = [*leading(unit, start), *attributes(unit, start, end)]
    for node in chunk.attributes[bisect_left(chunk.attributes, end, key=_start) :]:
        if not is_blank(unit.text[end : node.start]):
            break
        found.append(node)
        end = node.end
    return found


def _start(node: Node) -> int:
    return node.start


def tokens(node: Node) -> list[Node]:
    """Return the tokens of an attribute leaf, as leaves of their own."""
    text = node.text or b""
    return [
        leaf(_kind(m.group()), node.start + m.start(), node.start + m.end(), m.group())
        for m in pieces(text)
    ]


def _kind(text: bytes) -> str:
    if text[:1].isdigit():
        return "number_literal"
    if text[:1] == b'"':
        return "string_literal"
    return "identifier" if text[:1].isalpha() or text[:1] == b"_" else text.decode()


def compile_attribute(pattern: PNode, compile_pattern: Callable[[PNode], Matcher]) -> Matcher:
    """Return the matcher of an `attribute_specifier`; an attribute metavariable takes all of it."""
    leaves = [one for one in pattern.leaves() if isinstance(one, PNode)]
    matchers = [compile_pattern(one) for one in leaves]
    only = leaves[0].metavariable if len(leaves) == 1 else None

    def match(node: Node, state: MatchState, then: Then) -> bool:
        if only is not None and only.kind == "attribute":
            return matchers[0](node, state, then)
        return in_order(matchers, tokens(node), state, then)

    return match
