# SPDX-License-Identifier: GPL-2.0-only
"""Matching what stands in `sizeof(...)`, a type or an expression.

In: such a node of a pattern. Out: its matcher. C's grammar takes a lone name in `sizeof` for an
expression; the declarations say which it is.
"""

from __future__ import annotations

from collections.abc import Callable

from vmaconv.cocci.match.attempt.chain import in_order
from vmaconv.cocci.match.attempt.state import Matcher, MatchState, Then
from vmaconv.cocci.smpl.rule import PNode
from vmaconv.cocci.tree.node import Node, orphan

Compile = Callable[[PNode], Matcher]


def compile_sizeof(pattern: PNode, plain: Matcher, compile_pattern: Compile) -> Matcher:
    """`sizeof(T)`, where the code's name may be a type as well as a variable."""
    children = [c for c in pattern.children if isinstance(c, PNode)]
    if len(children) != 4:
        return plain
    row_of = [compile_pattern(child) for child in children]

    def match(node: Node, state: MatchState, then: Then) -> bool:
        inner = node.children[-1] if node.kind == "sizeof_expression" else None
        if inner is not None and inner.kind == "parenthesized_expression":
            name = inner.children[1]
            if name.kind == "identifier" and state.types.may_be_type(name):
                return in_order(row_of, [node.children[0], *inner.children], state, then)
            return False
        return plain(node, state, then)

    return match


def as_used(name: Node, declarator: Node) -> Node:
    """Return the name that a declaration initialises as the expression that is assigned to."""
    if name.text is None:
        return name
    found = orphan(name.kind, name.start, name.end, (), name.text)
    found.parent = orphan("assigned", name.start, name.end, (found,))
    found.parent.parent = declarator
    return found
