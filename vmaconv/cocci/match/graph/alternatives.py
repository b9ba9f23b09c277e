# SPDX-License-Identifier: GPL-2.0-only
"""The conditionals of a function as alternatives.

In: a function definition and its unit. Out: the conditionals whose arms hold whole statements,
outermost first, for `flow`. Where spatch is to be followed (`torn`), a function with a
conditional that tears a statement apart has no alternatives: its arms follow one another, as in
spatch, which reads such a function again with its directives left out.
"""

from __future__ import annotations

from collections.abc import Iterator

from vmaconv.cocci.match.graph.flow import Alternatives, FlowArm
from vmaconv.cocci.shim.conditionals import Conditional
from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.text.trivia import code_only
from vmaconv.cocci.tree.node import Node
from vmaconv.cocci.tree.unit import Unit

_ZERO = late_regex(rb"#\s*(?:el)?if\s+\(?0\)?\s*(?:/[/*]|\Z)")
_ONE = late_regex(rb"#\s*(?:el)?if\s+\(?1\)?\s*(?:/[/*]|\Z)")
_PIECE = late_regex(rb"else\b|\w+\s*:\Z|case\b[^:;]*:\Z")
"""An arm that continues an `if`, or that is no more than a label."""
_BRACKETS = late_regex(rb"[][(){}]")
_BLOCKS = frozenset(
    {
        "compound_statement",
        "enumerator_list",
        "field_declaration_list",
        "function_definition",
    }
)
"""What an arm of whole statements, fields or enumerators stands in."""


def conditionals(function: Node, unit: Unit, torn: bool) -> Iterator[Alternatives]:
    """Yield the conditionals in a function whose arms hold whole statements, outer ones first."""
    chunk = unit.chunk_at(function.start)
    base = chunk.start
    inside = [
        one
        for one in chunk.prepared.conditionals
        if function.start < one.arms[0].start + base < function.end
    ]
    if torn and any(_tears(one, function, unit.text, base) for one in inside):
        return
    for one in inside:
        if one.balanced:
            yield _alternatives(one, unit.text, base)


def _alternatives(conditional: Conditional, text: bytes, base: int) -> Alternatives:
    arms = []
    taken = False
    for arm in conditional.arms:
        line = text[base + arm.directive.start : base + arm.directive.end]
        dead = taken or _ZERO.match(line) is not None
        taken = taken or _ONE.match(line) is not None
        arms.append(FlowArm(arm.start + base, arm.end + base, dead))
    return Alternatives(tuple(arms))


def _tears(conditional: Conditional, function: Node, text: bytes, base: int) -> bool:
    """Whether spatch cannot read a conditional, and so takes all arms as they follow one another.

    It can where a brace opens in one and closes in another, and where an `#else` has the other way
    of writing the same piece of an expression.
    """
    line = text[base + conditional.arms[0].directive.start : conditional.arms[0].start + base]
    if _ZERO.match(line) or _ONE.match(line):
        return False
    arms = [_code(text[base + arm.start : base + arm.end]) for arm in conditional.arms]
    if not any(arms) or not all(_closes(arm) for arm in arms):
        return False
    if len(arms) > 1:
        return not conditional.balanced and any(arm.endswith(b";") for arm in arms)
    if not conditional.balanced or _PIECE.match(arms[0]):
        return True
    start, end = conditional.arms[0].start + base, conditional.arms[0].end + base
    return _around(function, start, end).kind not in _BLOCKS


def _code(arm: bytes) -> bytes:
    """Return an arm without comments, and without what strings say."""
    return code_only(arm).strip()


def _closes(arm: bytes) -> bool:
    """Whether each bracket of an arm is closed in it."""
    waiting: list[bytes] = []
    for bracket in _BRACKETS.findall(arm):
        if bracket in b"([{":
            waiting.append(bracket)
        elif not waiting or waiting.pop() + bracket not in (b"()", b"[]", b"{}"):
            return False
    return not waiting


def _around(function: Node, start: int, end: int) -> Node:
    """Return the smallest node that holds all of a conditional's arms."""
    found = function
    while True:
        inner = next((c for c in found.children if c.start < start and end <= c.end), None)
        if inner is None:
            return found
        found = inner
