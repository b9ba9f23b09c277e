# SPDX-License-Identifier: GPL-2.0-only
"""Macros whose body has no parentheses around it: what stands beside a use takes it apart.

In: an expression and the run. Out: its text with such macros put in, as the preprocessor does it;
every other macro has a value of its own, whatever stands beside it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmaconv.cocci.tree.node import Node
from vmaconv.prove.headers.header_index import HeaderIndex, Undeclared
from vmaconv.prove.headers.macro_expansion import Macro, expanded

if TYPE_CHECKING:
    from vmaconv.prove.meaning.interpreter import Interpreter

_POSTFIX = frozenset({"field_expression", "subscript_expression"})
OPERATORS = _POSTFIX | frozenset(
    {"binary_expression", "unary_expression", "cast_expression", "conditional_expression"}
)
"""Expressions whose operands stand beside something."""

_LOOSE = frozenset(
    {"binary_expression", "conditional_expression", "assignment_expression", "comma_expression"}
)
_BEFORE_A_MEMBER = frozenset({"unary_expression", "cast_expression"})


def is_loose(index: HeaderIndex, macro: Macro, *, is_postfix: bool = False) -> bool:
    """Return whether what stands beside a macro's use may take its body apart.

    With `is_postfix` a member or an element of it is taken.
    """
    text = expanded(macro, list(macro.parameters or ()))
    if not text or b"..." in text:
        return False
    node = index.expression(text)
    return node is not None and (
        node.kind in _LOOSE or (is_postfix and node.kind in _BEFORE_A_MEMBER)
    )


def with_loose_macros(run: Interpreter, node: Node) -> bytes | None:
    """Return an expression's text with the loose macros in it put in; None where there are none."""
    found: list[Node] = []
    text = _text(run, node, found)
    return text if found else None


def _text(run: Interpreter, node: Node, found: list[Node]) -> bytes:
    if node.kind == "identifier":
        macro = _loose(run, node, node)
        if macro is not None and macro.parameters is None:
            found.append(node)
            return macro.body
        return node.text or b""
    if not node.children:
        return b" ".join(node.tokens())
    if node.kind == "call_expression" and node.children[0].kind == "identifier":
        macro = _loose(run, node.children[0], node)
        if macro is not None and macro.parameters is not None:
            given = [a for a in node.children[-1].children if a.kind not in ("(", ",", ")")]
            text = expanded(macro, [_text(run, a, found) for a in given])
            if text is not None:
                found.append(node)
                return text
    return b" ".join(_text(run, child, found) for child in node.children)


def _loose(run: Interpreter, leaf: Node, use: Node) -> Macro | None:
    """Return the macro that a use stands for, where it is loose and something stands beside it."""
    name = (leaf.text or b"").decode(errors="replace")
    parent = use.parent
    if parent is None or parent.kind not in OPERATORS or name in run.frame.types:
        return None
    if parent.kind in _POSTFIX and parent.children[0] is not use:
        return None
    if parent.kind == "conditional_expression" and parent.children[2] is use:
        return None
    try:
        macro = run.facts.macro(name)
    except Undeclared:
        return None
    is_postfix = parent.kind in _POSTFIX
    if macro is None or not is_loose(run.facts.index, macro, is_postfix=is_postfix):
        return None
    return macro
