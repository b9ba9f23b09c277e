# SPDX-License-Identifier: GPL-2.0-only
"""Which members code must reach, and how, for a pattern to have any chance in it.

In: a pattern, isomorphisms applied, or the nodes of an item. Out: accesses such as `.flags` and
`->flags`. Words say less: where `p->flags` stands everywhere, `s.flags` may not stand at all.
"""

from __future__ import annotations

from collections.abc import Iterable

from vmaconv.cocci.match.prefilter.part_clauses import PartClauses
from vmaconv.cocci.match.prefilter.required import Clause
from vmaconv.cocci.smpl.rule import PNode
from vmaconv.cocci.tree.node import Node


def accesses_required(pattern: PNode) -> frozenset[Clause]:
    """Return the accesses of which one of each clause stands in all code that `pattern` matches."""
    return PartClauses[bytes](_own, lambda _: True).of(pattern)


def _own(pattern: PNode) -> frozenset[Clause]:
    if pattern.kind != "field_expression" or not all(map(_is_plain, pattern.children[1:])):
        return frozenset()
    return frozenset({frozenset({_access(pattern)})})


def accesses_of(members: Iterable[Node]) -> frozenset[bytes]:
    """Return the accesses that the `field_expression`s of some code are."""
    return frozenset(map(_access, members))


def _access(member: Node) -> bytes:
    return b"".join(part.text or b"" for part in member.children[1:])


def _is_plain(part: Node) -> bool:
    """Whether a part is a token that is only itself: the field may be a disjunction of some."""
    return isinstance(part, PNode) and part.text is not None and part.metavariable is None
