# SPDX-License-Identifier: GPL-2.0-only
"""Calls of declarers: `DEFINE_MUTEX(x);` at file level, `static DEFINE_SPINLOCK(x);` anywhere.

In: a pattern, or a node of a C file. Out: whether it is such a call. With `static` a C grammar may
take one for a declaration, of a type `DEFINE_SPINLOCK` with a name in parentheses.
"""

from __future__ import annotations

from vmaconv.cocci.smpl.rule import PNode
from vmaconv.cocci.tree.node import Node, orphan

_FILE_LEVEL = frozenset({"declaration_list", "linkage_specification", "translation_unit"})


def callee_of(pattern: PNode) -> PNode | None:
    """Return the `NAME` of a pattern `NAME(x);`, which may be a declarer metavariable, or None."""
    children = [c for c in pattern.children if c.kind == "call_expression"]
    if pattern.kind != "expression_statement" or len(children) != 1:
        return None
    callee = children[0].children[0]
    if not isinstance(callee, PNode):
        return None
    meta = callee.metavariable
    named = meta.kind == "declarer" if meta is not None else callee.kind == "identifier"
    return callee if named else None


def is_declarer(callee: PNode, declared: frozenset[bytes]) -> bool:
    """Whether what a pattern calls is a declarer, by its metavariable or by what the rules declare.

    `declared` are the names behind `declarer name`.
    """
    return callee.metavariable is not None or callee.text in declared


def is_declarer_call(node: Node, declared: frozenset[bytes]) -> bool:
    """Whether a statement of a C file is the call of a declarer.

    At file level any call is; in a function those are that the rules declare.
    """
    if node.kind != "expression_statement" or node.children[0].kind != "call_expression":
        return False
    if node.parent is None or node.parent.kind in _FILE_LEVEL:
        return True
    return node.children[0].children[0].text in declared


def begins_declarer_call(node: Node, declared: frozenset[bytes]) -> bool:
    """Whether a node is the callee of a declarer's call, or the call without its semicolon."""
    around = node.parent if node.kind == "identifier" else node
    if around is None or around.kind != "call_expression" or around.start != node.start:
        return False
    return around.parent is not None and is_declarer_call(around.parent, declared)


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
    listed = orphan("argument_list", arguments.start, arguments.end, arguments.children)
    call = orphan("call_expression", name.start, arguments.end, (name, listed))
    made = orphan("expression_statement", name.start, node.end, (call, end))
    made.parent = node.parent
    return made
