# SPDX-License-Identifier: GPL-2.0-only
"""The type of an expression, where declarations tell, and how many bits its value has.

In: a syntax tree of one side, and the run with the types of its locals. Out: `CType`, `Width`.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.tree.node import Node
from vmaconv.cocci.types.ctype import CType
from vmaconv.cocci.types.declared import descriptor_type
from vmaconv.prove.meaning.side_facts import Width

if TYPE_CHECKING:
    from vmaconv.prove.meaning.interpreter import Interpreter

_INT = Width(32, is_signed=True)
_TRUTHS = frozenset({"&&", "||", "==", "!=", "<", ">", "<=", ">="})
SIGNED_LONGS = frozenset({b"long", b"long int", b"long long", b"s64", b"ssize_t", b"loff_t"})
"""The types of a long or more, by name, that have a sign."""
_NUMBER = late_regex(rb"(?i)(0x[0-9a-f]+|[0-9]+)(u?)\Z")


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


def is_struct(ctype: CType | None) -> bool:
    """Return whether a type is a struct or union by its name; a typedef's is a value of its own."""
    return ctype is not None and not ctype.shape and ctype.base.startswith((b"struct ", b"union "))


def is_signed_long(run: Interpreter, *nodes: Node) -> bool:
    """Return whether operands are signed as they are compared, and one of them is a long.

    Known by the names of types: where in doubt, no.
    """
    types = [type_of(run, node) for node in nodes]
    longs = [
        ctype is not None and not ctype.shape and ctype.base in SIGNED_LONGS for ctype in types
    ]
    widths = [operand_width(run, node) for node in nodes]
    return any(longs) and all(
        is_long or (width is not None and width.is_signed)
        for is_long, width in zip(longs, widths, strict=True)
    )


def is_type_in_parentheses(node: Node) -> bool:
    """Return whether what the grammar takes for an operand is a cast of what follows: `(t_t)-1`."""
    if node.kind != "parenthesized_expression" or node.children[1].kind != "identifier":
        return False
    return (node.children[1].text or b"").endswith(b"_t")


def operand_width(run: Interpreter, node: Node) -> Width | None:
    """Return the bits of an expression's value, as C promotes and converts operands.

    None for 64 bits (or a word of whatever width), and where it is not known.
    """
    match node.kind:
        case "number_literal":
            return _width_of_number(node.text or b"")
        case "char_literal":
            return _INT
        case "parenthesized_expression":
            return operand_width(run, node.children[1])
        case "unary_expression" if node.children[0].kind in "~-+":
            return operand_width(run, node.children[1])
        case "unary_expression" if node.children[0].kind == "!":
            return _INT
        case "binary_expression":
            return _width_of_binary(run, node)
        case "conditional_expression":
            parts = [c for c in node.children if c.kind not in ("?", ":")]
            return _wider(*(operand_width(run, p) for p in parts[1:])) if len(parts) == 3 else None
    width = run.facts.width_of(type_of(run, node))
    return _INT if width is not None and width.bits < _INT.bits else width


def _width_of_binary(run: Interpreter, node: Node) -> Width | None:
    operator = node.children[1].kind
    if operator in _TRUTHS:
        return _INT
    left = operand_width(run, node.children[0])
    if operator in ("<<", ">>"):
        return left
    return _wider(left, operand_width(run, node.children[2]))


def _wider(a: Width | None, b: Width | None) -> Width | None:
    if a is None or b is None:
        return None
    return Width(32, is_signed=a.is_signed and b.is_signed)


def _width_of_number(text: bytes) -> Width | None:
    found = _NUMBER.match(text)
    if found is None:
        return None
    is_octal = found[1].startswith(b"0") and found[1].isdigit() and found[1] != b"0"
    value = int(found[1], 8 if is_octal else 0)
    if value >= 1 << 32:
        return None
    if found[2] or value < 1 << 31:
        return Width(32, is_signed=not found[2])
    return Width(32, is_signed=False) if found[1][:2] in (b"0x", b"0X") else None
