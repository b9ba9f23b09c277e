# SPDX-License-Identifier: GPL-2.0-only
"""`E || ...`: an operand of operators that may be put in any order.

In: a pattern of an operator between an expression and dots. Out: its matcher. The dots stand for
the other operands, in whatever order, and for none: `!x || ...` matches `a || !x || b` as well as
the condition of `if (!x)` (Coccinelle's built-in isomorphism `comm_assoc`).
"""

from __future__ import annotations

from collections.abc import Callable

from vmaconv.cocci.match.attempt.state import Matcher, MatchState, Then, double
from vmaconv.cocci.match.code.context import is_tested
from vmaconv.cocci.smpl.rule import PNode, TokenMark
from vmaconv.cocci.tree.node import Node

OperandMatcher = Callable[[Node, Node, MatchState, Then], bool]
"""Takes the operand, and all of the expression that it is found in."""

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
    if not isinstance(wanted, PNode):
        return None
    return wanted if _goes_as_one(pattern) or not _is_removed(operator, rest) else None


def _is_removed(*parts: Node) -> bool:
    return any(isinstance(part, PNode) and part.mark is TokenMark.MINUS for part in parts)


def _goes_as_one(pattern: PNode) -> bool:
    """Whether all of a pattern is removed, so that it does not matter where the operand stands.

    What is removed alone has to be there: `- x ||` before dots that stay asks for the operator.
    """
    operator = pattern.children[1]
    own = isinstance(operator, PNode) and not operator.plussed
    return own and all(_is_removed(leaf) for leaf in pattern.leaves())


def compile_operand(
    pattern: PNode, wanted: PNode, plain: Matcher, compile_pattern: Callable[[PNode], Matcher]
) -> Matcher:
    """Return the matcher of `pattern`; `plain` matches it with two operands in its own order."""
    own = compile_pattern(wanted)
    inner = _with_the_rest(pattern, own) if _goes_as_one(pattern) else _only(own)
    operator = pattern.children[1].text
    logical = operator in _LOGICAL

    def match(node: Node, state: MatchState, then: Then) -> bool:
        if "comm_assoc" in state.disabled:
            return plain(node, state, then)
        alone = not logical or is_tested(node, state.types, state.options.truth)
        if alone and inner(node, node, state, then):
            return True
        return below(node, node, state, then)

    def below(node: Node, whole: Node, state: MatchState, then: Then) -> bool:
        if node.kind != "binary_expression" or node.children[1].text != operator:
            return False
        for side in (node.children[0], node.children[2]):
            if inner(side, whole, state, then) or below(side, whole, state, then):
                return True
        return False

    return match


def _only(inner: Matcher) -> OperandMatcher:
    """Return the matcher of an operand whose neighbours stay."""

    def match(side: Node, _whole: Node, state: MatchState, then: Then) -> bool:
        return inner(side, state, then)

    return match


def _with_the_rest(pattern: PNode, inner: Matcher) -> OperandMatcher:
    """Return the matcher of an operand that goes together with all that is around it."""
    left, _, right = (part for part in pattern.children if isinstance(part, PNode))
    # Plus code may stand beside the dots, which are at one end.
    first = left if left.kind == "dots" else double(right)
    last = right if right.kind == "dots" else double(left)

    def match(side: Node, whole: Node, state: MatchState, then: Then) -> bool:
        text = state.unit.text
        before = whole.start + len(text[whole.start : side.start].rstrip())
        after = whole.end - len(text[side.end : whole.end].lstrip())

        return state.take_range(
            first,
            whole.start,
            before,
            lambda: inner(side, state, lambda: state.take_range(last, after, whole.end, then)),
        )

    return match
