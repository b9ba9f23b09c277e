# SPDX-License-Identifier: GPL-2.0-only
"""Which kinds of node an item must hold for a pattern to have any chance in it.

In: a pattern, isomorphisms applied. Out: clauses of kinds; an item without a node of some kind of
each clause cannot match. What words it must hold is in `required`: every function has an `=`, few have
a conditional expression.
"""

from __future__ import annotations

from vmaconv.cocci.match.code.declarer_call import callee_of
from vmaconv.cocci.match.prefilter.part_clauses import PartClauses
from vmaconv.cocci.match.prefilter.roots import root_kinds
from vmaconv.cocci.smpl.rule import PNode

KindClause = frozenset[str]

_TELLING = frozenset(
    {
        "assignment_expression",
        "binary_expression",
        "cast_expression",
        "comma_expression",
        "conditional_expression",
        "field_expression",
        "subscript_expression",
        "unary_expression",
        "update_expression",
    }
)
"""Kinds that a match of such a pattern has in its code, or what `root_kinds` says in their place."""

_TRANSPARENT = _TELLING | {
    "argument_list",
    "call_expression",
    "conjunction",
    "disjunction",
    "expression_statement",
    "nest",
    "parenthesized_expression",
    "return_statement",
    "sequence",
    "truth",
    "variant",
}
"""Kinds of pattern whose parts match nodes of their own, if they match."""


def needed_kinds(pattern: PNode) -> frozenset[KindClause]:
    """Return the clauses of `pattern`.

    `x = a ? b : c` gives {assignment_expression, init_declarator} and {conditional_expression}.
    """
    return PartClauses[str](_own, _is_seen_through).of(pattern)


def _own(pattern: PNode) -> frozenset[KindClause]:
    own = root_kinds(pattern) if pattern.kind in _TELLING else None
    return frozenset({own}) if own is not None else frozenset()


def _is_seen_through(pattern: PNode) -> bool:
    return pattern.kind in _TRANSPARENT and callee_of(pattern) is None
