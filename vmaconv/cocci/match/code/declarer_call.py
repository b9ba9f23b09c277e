# SPDX-License-Identifier: GPL-2.0-only
"""`static DEFINE_SPINLOCK(x);`: a call of a declarer, which a C grammar takes for a declaration.

In: a pattern, or a declaration of a C file. Out: whether the pattern is such a call, and the
declaration seen as one: of a type `DEFINE_SPINLOCK` with a name in parentheses.
"""

from __future__ import annotations

from vmaconv.cocci.smpl.rule import PNode
from vmaconv.cocci.tree.node import Node


def calls_declarer(pattern: PNode) -> bool:
    """Whether a pattern is `NAME(x);` or `D(x);` with a declarer metavariable."""
    children = [c for c in pattern.children if c.kind == "call_expression"]
    if pattern.kind != "expression_statement" or len(children) != 1:
        return False
    callee = children[0].children[0]
    if not isinstance(callee, PNode):
        return False
    meta = callee.metavariable
    return meta.kind == "declarer" if meta is not None else callee.kind == "identifier"


def as_call(node: Node) -> Node | None:
    """Return `static NAME(x);`, which has one name in its parentheses, as a call; else None."""
    if node.kind != "declaration" or len(node.children) < 3:
        return None
    *storage, name, arguments, end = node.children
    if [child.tokens() for child in storage] != [[b"static"]]:
        return None
    if name.kind != "identifier" or arguments.kind != "parenthesized_declarator":
        return None
    if end.text != b";" or [c.kind for c in arguments.children] != ["(", "identifier", ")"]:
        return None
    listed = Node("argument_list", arguments.start, arguments.end, arguments.children)
    call = Node("call_expression", name.start, arguments.end, [name, listed])
    made = Node("expression_statement", name.start, node.end, [call, end])
    made.parent = node.parent
    return made
