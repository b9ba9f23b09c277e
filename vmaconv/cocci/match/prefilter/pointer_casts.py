# SPDX-License-Identifier: GPL-2.0-only
"""Whether a pattern has a type in parentheses that ends in a `*`.

In: a pattern, isomorphisms applied. Out: whether all code that it matches has one, too. Few
functions do, and the text says which: `(T *)E` has no word to look for.
"""

from __future__ import annotations

from vmaconv.cocci.match.prefilter.part_clauses import PartClauses
from vmaconv.cocci.smpl.rule import PNode
from vmaconv.cocci.tree.node import Node

_OF_TYPES = frozenset({"cast_expression", "sizeof_expression"})
_ENDS_IN_STAR = frozenset({frozenset({"*"})})


def casts_to_pointer(pattern: PNode) -> bool:
    """Return whether all code that is matched has a `*` at the end of a type in parentheses."""
    return bool(PartClauses[str](_own, lambda _: True).of(pattern))


def _own(pattern: PNode) -> frozenset[frozenset[str]]:
    if pattern.kind not in _OF_TYPES:
        return frozenset()
    for child in pattern.children:
        if child.kind == "type_descriptor" and _last(child) == b"*":
            return _ENDS_IN_STAR
    return frozenset()


def _last(descriptor: Node) -> bytes | None:
    """Return the last token of a type, if it is one of a pointer."""
    end = descriptor.children[-1]
    if end.kind != "abstract_pointer_declarator":
        return None
    while end.children:
        end = end.children[-1]
    return end.text
