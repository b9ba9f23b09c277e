# SPDX-License-Identifier: GPL-2.0-only
"""Inherited values that tell where a pattern can match at all.

In: a pattern. Out: names of metavariables of earlier rules. Their values stand in the code of every
match, so that what does not hold them need not be looked at.
"""

from __future__ import annotations

from collections.abc import Iterator

from vmaconv.cocci.smpl.mentions import Name, at_node, in_every_match
from vmaconv.cocci.smpl.rule import Metavariable
from vmaconv.cocci.tree.node import Node

_LOCATING = frozenset({"expression", "idexpression", "identifier", "position"})
"""Kinds of metavariable whose value says what stands in the code, or where: a type may be spelt in
several ways."""


def locating(pattern: Node) -> frozenset[Name]:
    """Return the inherited metavariables whose values all matches of a pattern have in them."""
    return in_every_match(pattern, _at)


def _at(node: Node) -> Iterator[Metavariable]:
    return (m for m in at_node(node) if m.rule is not None and m.kind in _LOCATING)
