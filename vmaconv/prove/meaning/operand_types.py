# SPDX-License-Identifier: GPL-2.0-only
"""The type of an expression, where declarations tell.

In: a syntax tree of one side, and the run with the types of its locals. Out: `CType`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmaconv.cocci.tree.node import Node
from vmaconv.cocci.types.ctype import CType
from vmaconv.cocci.types.declared import descriptor_type

if TYPE_CHECKING:
    from vmaconv.prove.meaning.interpreter import Interpreter


def type_of(run: Interpreter, node: Node) -> CType | None:
    """Return the type of an expression, where declarations tell."""
    match node.kind:
        case "identifier":
            name = (node.text or b"").decode(errors="replace")
            if name in run.frame.types:
                return run.frame.types[name]
            found = run.facts.types.file_name(node.text or b"")
            return found.type if found is not None else None
        case "parenthesized_expression":
            return type_of(run, node.children[1])
        case "field_expression":
            base = type_of(run, node.children[0])
            if base is not None and node.children[1].kind == "->":
                base = base.pointed_to()
            if base is None:
                return None
            member = run.facts.types.member(base, node.children[-1].text or b"")
            return member.type if member is not None else None
        case "unary_expression":
            inner = type_of(run, node.children[1])
            if inner is None or node.children[0].kind not in ("*", "&"):
                return None
            return inner.pointed_to() if node.children[0].kind == "*" else inner.pointer()
        case "subscript_expression":
            inner = type_of(run, node.children[0])
            return inner.pointed_to() if inner is not None else None
        case "cast_expression":
            return descriptor_type(node.children[1])
        case "call_expression":
            inner = type_of(run, node.children[0])
            return inner.returned() if inner is not None else None
    return None
