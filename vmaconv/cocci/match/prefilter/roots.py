# SPDX-License-Identifier: GPL-2.0-only
"""Which kinds of node a pattern can match at all.

In: a pattern. Out: kinds of `node`, or None for any: what is asked before a matcher is
called.
"""

from __future__ import annotations

from vmaconv.cocci.match.attempt.operands import operand
from vmaconv.cocci.match.code.declaration_parts import read
from vmaconv.cocci.match.code.declarer_call import callee_of
from vmaconv.cocci.smpl.rule import PNode
from vmaconv.cocci.tree.node import EXPRESSIONS, STATEMENTS


def root_kinds(pattern: PNode) -> frozenset[str] | None:
    """Return the kinds of node that `pattern` can match, or None for any."""
    kind = pattern.kind
    if kind in ("disjunction", "truth", "optional", "variant"):
        arms = [root_kinds(c) for c in pattern.children if isinstance(c, PNode)]
        if any(arm is None for arm in arms):
            return None
        return frozenset().union(*(arm for arm in arms if arm is not None))
    if kind == "conjunction":
        return None
    if pattern.metavariable is not None:
        if pattern.metavariable.kind == "statement":
            return STATEMENTS
        if pattern.metavariable.kind in ("expression", "typed"):
            return EXPRESSIONS
        return None
    if kind in ("dots", "nest", "sequence"):
        return None
    alone = operand(pattern)
    if alone is not None:
        inner = root_kinds(alone)
        return None if inner is None else inner | {kind}
    if kind == "assignment_expression" and pattern.initialises:
        return frozenset({kind, "init_declarator"})
    if kind == "declaration" and not read(pattern).declarators:
        # A typedef holds the declaration of its struct.
        return frozenset({kind, "type_definition"})
    if callee_of(pattern) is not None:
        return frozenset({kind, "declaration"})
    return frozenset({kind})
