# SPDX-License-Identifier: GPL-2.0-only
"""Matching numbers, however they are written.

In: a number of a pattern. Out: its matcher: `0` takes `0x0` and `00` as well (spatch's isomorphism
`value_format`), and as an argument `'\\0'` (`zero_multiple_format`).
"""

from __future__ import annotations

import re

from vmaconv.cocci.match.attempt.state import Matcher, MatchState, Then
from vmaconv.cocci.smpl.rule import PNode
from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.tree.node import Node

_NUMBER = late_regex(rb"(0[xX][0-9a-fA-F]+|0[bB][01]+|\d+)([uUlL]*)\Z")


def value_of(text: bytes) -> tuple[int, bytes] | None:
    """Return an integer's value and suffix, or None for another number.

    >>> value_of(b"0x1fUL")
    (31, b'ul')
    """
    match = _NUMBER.match(text)
    if match is None:
        return None
    digits = match[1]
    octal = len(digits) > 1 and digits.isdigit() and digits.startswith(b"0")
    if octal and re.fullmatch(rb"[0-7]+", digits) is None:
        return None
    return int(digits, 8 if octal else 0), match[2].lower()


def compile_number(pattern: PNode) -> Matcher:
    """Return the matcher of a `number_literal` leaf."""
    text = pattern.text or b""
    wanted = value_of(text)
    zero = wanted == (0, b"")

    def match(node: Node, state: MatchState, then: Then) -> bool:
        if node.text != text and not _same(node, state):
            return False
        return state.take(pattern, node, then)

    def _same(node: Node, state: MatchState) -> bool:
        if wanted is None or "value_format" in state.disabled:
            return False
        if node.kind == "char_literal":
            argument = node.parent is not None and node.parent.kind == "argument_list"
            return (
                zero
                and argument
                and node.text == b"'\\0'"
                and "zero_multiple_format" not in state.disabled
            )
        return node.kind == "number_literal" and value_of(node.text or b"") == wanted

    return match
