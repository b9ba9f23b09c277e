# SPDX-License-Identifier: GPL-2.0-only
"""Which kinds of node an item must hold for a pattern to have any chance in it.

In: a pattern, isomorphisms applied. Out: clauses of kinds; an item without a node of some kind of
each clause cannot match. What words it must hold is in `required`: every function has an `=`, few have
a conditional expression.
"""

from __future__ import annotations

from vmaconv.cocci.match.attempt.operands import operand
from vmaconv.cocci.match.code.declarer_call import callee_of
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
    "expression_statement",
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
    return frozenset(_clauses(pattern))


def _clauses(pattern: PNode) -> set[KindClause]:
    kind = pattern.kind
    parts = [child for child in pattern.children if isinstance(child, PNode)]
    if pattern.metavariable is not None or callee_of(pattern) is not None:
        return set()
    if kind == "disjunction":
        return _any_of([_clauses(arm) for arm in parts])
    if kind == "nest" and not pattern.strict:
        return set()
    if kind not in _TRANSPARENT and kind != "nest":
        return set()
    alone = operand(pattern)
    if alone is not None:
        # `x || ...` is `x`, too.
        return _clauses(alone)
    found = set[KindClause]().union(*map(_clauses, parts))
    own = root_kinds(pattern) if kind in _TELLING else None
    return found | {own} if own is not None else found


def _any_of(arms: list[set[KindClause]]) -> set[KindClause]:
    """Return what holds of each arm: its own clauses where they are shared, else one of each arm."""
    if not arms or not all(arms):
        return set()
    common = set[KindClause].intersection(*arms)
    rest = [arm - common for arm in arms]
    if not all(rest):
        return common
    # The kind that few functions have is the one that a pattern rarely asks for.
    chosen = (min(arm, key=lambda clause: (len(clause), sorted(clause))) for arm in rest)
    return common | {frozenset().union(*chosen)}
