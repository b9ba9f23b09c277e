# SPDX-License-Identifier: GPL-2.0-only
"""The parts of a loop.

In: a loop's statement. Out: `LoopHead`: what is done first, what is asked, what is done after each turn,
and the body.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from vmaconv.cocci.tree.node import Node

LOOPS = frozenset({"for_statement", "while_statement", "do_statement", "iterator_statement"})
"""The kinds of statements that are loops; an iterator is `list_for_each_entry(...) { }`."""


class LoopHead(Struct, frozen=True):
    """The parts of a loop; `name` is that of an iterator."""

    name: bytes
    first: Sequence[Node]
    condition: Sequence[Node]
    step: Sequence[Node]
    body: Node


def head_of(node: Node) -> LoopHead:
    """Return the parts of a loop."""
    parts = node.children
    match node.kind:
        case "for_statement":
            first, condition, step = ([n] if n.kind != "empty" else [] for n in parts[2:7:2])
            return LoopHead(b"", first, condition, step, parts[8])
        case "iterator_statement":
            arguments = [c for c in parts[1].children if c.kind not in ("(", ",", ")")]
            return LoopHead(parts[0].text or b"", [], arguments, [], parts[2])
        case "do_statement":
            asked = next(n for n in parts[2:] if n.kind not in ("while", "("))
            return LoopHead(b"", [], [asked], [], parts[1])
    return LoopHead(b"", [], [parts[2]], [], parts[4])
