# SPDX-License-Identifier: GPL-2.0-only
"""`E || ...`: an operand of operators that may be put in any order.

In: a pattern of an operator between an expression and dots. Out: its matcher. The dots stand for
the other operands, in whatever order, and for none: `!x || ...` matches `a || !x || b` as well as
the condition of `if (!x)` (Coccinelle's built-in isomorphism `comm_assoc`).
"""

from __future__ import annotations

from collections.abc import Callable

from vmaconv.cocci.match.attempt.state import Matcher, MatchState, Then
from vmaconv.cocci.match.code.context import is_tested
from vmaconv.cocci.smpl.rule import PNode, TokenMark
from vmaconv.cocci.tree.node import Node

_LOGICAL = frozenset({b"&&", b"||"})
_OPERATORS = _LOGICAL | {b"&", b"*", b"+", b"|"}


def operand(pattern: PNode) -> PNode | None:
    """Return the operand that a pattern asks for, if the other is dots, or None.

    `IRQF_SHARED` of `IRQF_SHARED | ...`; None for `a - ...`, whose order matters.
    """
    if pattern.kind != "binary_expression" or len(pattern.children) != 3:
        return None
    left, operator, right = pattern.children
    if operator.text not in _OPERATORS:
        return None
    wanted, rest = (right, left) if left.kind == "dots" else (left, right)
    if rest.kind != "dots" or wanted.kind == "dots":
        return None
    marks = {p.mark for p in (operator, rest) if isinstance(p, PNode)}
    # What is removed has to be there.
    if TokenMark.MINUS in marks or not isinstance(wanted, PNode):
        return None
    return wanted


def compile_operand(
    pattern: PNode, wanted: PNode, plain: Matcher, compile_pattern: Callable[[PNode], Matcher]
) -> Matcher:
    """Return the matcher of `pattern`; `plain` matches it with two operands in its own order."""
    inner = compile_pattern(wanted)
    operator = pattern.children[1].text
    logical = operator in _LOGICAL

    def match(node: Node, state: MatchState, then: Then) -> bool:
        if "comm_assoc" in state.disabled:
            return plain(node, state, then)
        alone = not logical or is_tested(node, state.types, state.options.truth)
        if alone and inner(node, state, then):
            return True
        return below(node, state, then)

    def below(node: Node, state: MatchState, then: Then) -> bool:
        if node.kind != "binary_expression" or node.children[1].text != operator:
            return False
        for side in (node.children[0], node.children[2]):
            if inner(side, state, then) or below(side, state, then):
                return True
        return False

    return match
