# SPDX-License-Identifier: GPL-2.0-only
"""Matching `typeof(e)` and `typeof(T)`, whichever of the word's spellings the code has.

In: such a node of a pattern. Out: its matcher. C's grammar takes a lone name in it for a type; what
is no name is masked, and read anew here.
"""

from __future__ import annotations

from collections.abc import Callable

from vmaconv.cocci.match.attempt.chain import in_order
from vmaconv.cocci.match.attempt.state import Matcher, MatchState, Then
from vmaconv.cocci.match.declaration.typename import as_declaration
from vmaconv.cocci.match.node.sizes import as_used
from vmaconv.cocci.smpl.kinds import TYPEOFS
from vmaconv.cocci.smpl.rule import PNode
from vmaconv.cocci.tree.node import Node

Compile = Callable[[PNode], Matcher]


def compile_typeof(pattern: PNode, compile_pattern: Compile) -> Matcher:
    """Return the matcher of `typeof(e)`."""
    children = [c for c in pattern.children if isinstance(c, PNode)]
    matchers = [compile_pattern(child) for child in children]
    expression = len(children) == 4 and children[2].kind != "type_descriptor"
    word = children[0]
    if (word.text or b"").decode() in TYPEOFS:
        matchers[0] = _any_typeof(word)

    def match(found: Node, state: MatchState, then: Then) -> bool:
        node = found
        if node.kind == "type_argument":
            whole = as_declaration(node, "type_descriptor", state.unit)
            node = whole.children[0] if whole is not None else node
        if node.kind != "macro_type_specifier":
            return False
        nodes = list(node.children)
        if expression and len(nodes) == 4 and nodes[2].kind == "type_descriptor":
            name = nodes[2].children[0]
            if len(nodes[2].children) == 1 and name.kind == "identifier":
                nodes[2] = as_used(name, node)
        return in_order(matchers, nodes, state, then)

    return match


def _any_typeof(word: PNode) -> Matcher:
    def match(node: Node, state: MatchState, then: Then) -> bool:
        known = (node.text or b"").decode(errors="replace") in TYPEOFS
        return known and state.take(word, node, then)

    return match
