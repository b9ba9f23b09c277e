# SPDX-License-Identifier: GPL-2.0-only
"""Inherited values that tell where a pattern can match at all.

In: a pattern. Out: names of metavariables of earlier rules. Their values stand in the code of every
match, so that what does not hold them need not be looked at.
"""

from __future__ import annotations

from vmaconv.cocci.match.attempt.value import Name
from vmaconv.cocci.smpl.rule import PNode
from vmaconv.cocci.tree.node import Node

_LOCATING = frozenset({"expression", "idexpression", "identifier", "position"})
"""Kinds of metavariable whose value says what stands in the code, or where: a type may be spelt in
several ways."""


def locating(pattern: Node) -> frozenset[Name]:
    """Return the inherited metavariables whose values all matches of a pattern have in them."""
    if pattern.kind == "disjunction":
        arms = [locating(arm) for arm in pattern.children]
        return frozenset.intersection(*arms) if arms else frozenset()
    if pattern.kind in ("optional", "nest"):
        return frozenset()
    found: set[Name] = set()
    if isinstance(pattern, PNode):
        for meta in (pattern.metavariable, *pattern.attached):
            if meta is not None and meta.rule is not None and meta.kind in _LOCATING:
                found.add((meta.rule, meta.name))
    for child in pattern.children:
        found |= locating(child)
    return frozenset(found)
