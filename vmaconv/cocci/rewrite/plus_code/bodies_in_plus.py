# SPDX-License-Identifier: GPL-2.0-only
"""Statements that plus code makes bodies of an `if` or a loop.

In: tokens of plus lines, what a metavariable stands for. Out: whether it is a body without braces,
and whether an `else` behind it would be its own (C11 6.8.4.1), so that it needs braces.
"""

from __future__ import annotations

from collections.abc import Sequence

from vmaconv.cocci.match.attempt.value import BoundValue
from vmaconv.cocci.smpl.rule import Metavariable, PlusLine, PlusToken
from vmaconv.cocci.tree.node import Node

_OPEN_ENDED = frozenset({"for_statement", "if_statement", "iterator_statement", "while_statement"})
_HEAD_ENDS = frozenset({")", "else", "do"})
_NO_CODE = frozenset({"space", "comment"})


def is_body(meta: Metavariable, value: BoundValue | None, before: PlusToken | None) -> bool:
    """Return whether a metavariable behind a token is a body without braces of an `if` or a loop."""
    if meta.kind != "statement" or value is None or before is None:
        return False
    braced = value.node is not None and value.node.kind == "compound_statement"
    return not braced and before.text in _HEAD_ENDS


def token_beside(lines: Sequence[PlusLine], number: int, index: int, step: int) -> PlusToken | None:
    """Return the token before (`step` -1) or behind (1) token `index` of a line, both from 0."""
    inside = lines[number].tokens
    row = [*reversed(inside[:index])] if step < 0 else [*inside[index + 1 :]]
    for line in lines[number + 1 :] if step > 0 else reversed(lines[:number]):
        if any(t.kind not in _NO_CODE for t in row):
            break
        row += line.tokens if step > 0 else reversed(line.tokens)
    return next((t for t in row if t.kind not in _NO_CODE), None)


def takes_else(statement: Node) -> bool:
    """Return whether an `else` behind a statement would be its."""
    node = statement
    while node.kind in _OPEN_ENDED:
        if node.kind == "if_statement" and len(node.children) == 5:
            return True
        node = node.children[-1]
    return False


def needs_braces(
    lines: Sequence[PlusLine], number: int, index: int, value: BoundValue | None
) -> bool:
    """Return whether the `else` behind a body, which is token `index` of a line, would be the body's."""
    token = lines[number].tokens[index]
    if token.metavariable is None or value is None or value.node is None:
        return False
    behind = token_beside(lines, number, index, 1)
    if behind is None or behind.text != "else" or not takes_else(value.node):
        return False
    return is_body(token.metavariable, value, token_beside(lines, number, index, -1))
