# SPDX-License-Identifier: GPL-2.0-only
"""Which members code must reach, and how, for a pattern to have any chance in it.

In: a pattern, isomorphisms applied, or the nodes of an item. Out: accesses such as `.flags` and
`->flags`. Words say less: where `p->flags` stands everywhere, `s.flags` may not stand at all.
"""

from __future__ import annotations

from collections.abc import Iterable

from vmaconv.cocci.match.attempt.operands import operand
from vmaconv.cocci.match.prefilter.required import Clause, Requirements
from vmaconv.cocci.smpl.rule import PNode
from vmaconv.cocci.tree.node import Node


def accesses_required(pattern: PNode) -> frozenset[Clause]:
    """Return the accesses of which one of each clause stands in all code that `pattern` matches."""
    return _required(pattern, {})


def _required(pattern: PNode, known: Requirements) -> frozenset[Clause]:
    found = known.get(id(pattern))
    if found is None:
        found = known[id(pattern)] = _found(pattern, known)
    return found


def _found(pattern: PNode, known: Requirements) -> frozenset[Clause]:
    if pattern.metavariable is not None or pattern.text is not None:
        return frozenset()
    parts = [child for child in pattern.children if isinstance(child, PNode)]
    if pattern.kind == "disjunction":
        return _of_any([_required(part, known) for part in parts])
    if pattern.kind == "optional" or (pattern.kind == "nest" and not pattern.strict):
        return frozenset()
    alone = operand(pattern)
    if alone is not None:
        # `x || ...` is `x`, too.
        return _required(alone, known)
    found = frozenset[Clause]().union(*(_required(part, known) for part in parts))
    if pattern.kind == "field_expression" and all(map(_is_plain, parts[1:])):
        found |= {frozenset({_access(pattern)})}
    return found


def accesses_of(members: Iterable[Node]) -> frozenset[bytes]:
    """Return the accesses that the `field_expression`s of some code are."""
    return frozenset(map(_access, members))


def _access(member: Node) -> bytes:
    return b"".join(part.text or b"" for part in member.children[1:])


def _is_plain(part: PNode) -> bool:
    """Whether a part is a token that is only itself: the field may be a disjunction of some."""
    return part.text is not None and part.metavariable is None


def _of_any(arms: list[frozenset[Clause]]) -> frozenset[Clause]:
    """Return what one of the arms needs: of each arm that clause that is shortest."""
    if not arms or not all(arms):
        return frozenset()
    common = frozenset.intersection(*arms)
    if common:
        return common
    chosen = (min(arm, key=lambda clause: (len(clause), sorted(clause))) for arm in arms)
    return frozenset({frozenset[bytes]().union(*chosen)})
