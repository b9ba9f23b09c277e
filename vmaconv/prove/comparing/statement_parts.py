# SPDX-License-Identifier: GPL-2.0-only
"""What a statement has in it, as far as two are compared part by part.

In: a statement's syntax tree. Out: the statements in it, their number, the locks that it takes.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.tree.node import Node
from vmaconv.cocci.types.ctype import CType
from vmaconv.prove.comparing.loop_head import LOOPS

PARTED = frozenset({"if_statement", "compound_statement"})
"""The kinds of statements that are compared part by part where they are not as a whole."""

_NOT_PLAIN = frozenset(
    {"call_expression", "gnu_asm_expression", "compound_statement_expression"}
    | {"compound_statement", "generic_expression", "initializer_list", "storage_class_specifier"}
)

LOCK = late_regex(
    r"(?:\A|_)(?:un|try)?lock(?!ed|dep|ing)|\A(?:down|up)(?:_read|_write)?(?:_|\Z)"
    r"|start_write|_begin_write|write_begin"
)
"""What the name of a function holds that takes or leaves a lock."""


def inner_statements(node: Node) -> list[Node]:
    """Return the statements of a block."""
    return [c for c in node.children if c.kind not in "{}"]


def arm_of(node: Node, is_else: int) -> list[Node]:
    """Return the statements of an arm of an `if`; none where it has no `else`."""
    at = 4 + 2 * is_else
    if len(node.children) <= at:
        return []
    arm = node.children[at]
    return inner_statements(arm) if arm.kind == "compound_statement" else [arm]


def hands_on_flags(types: Mapping[str, CType], node: Node) -> bool:
    """Return whether a statement takes the address of a local that holds flags."""
    for inner in node.walk():
        if inner.kind == "unary_expression" and inner.children[0].kind == "&":
            name = (inner.children[1].text or b"").decode(errors="replace")
            ctype = types.get(name)
            if ctype is not None and ctype.base in (b"vma_flags_t", b"vm_flags_t"):
                return True
    return False


def is_plain(node: Node) -> bool:
    """Return whether a statement only computes and assigns."""
    if node.kind not in ("expression_statement", "declaration"):
        return False
    return all(inner.kind not in _NOT_PLAIN for inner in node.walk())


def is_large(node: Node) -> bool:
    """Return whether a statement is told by its kind, when two lists are lined up."""
    return node.kind in LOOPS | {"switch_statement", "if_statement", "label", "case_label"}


def statements_in(node: Node) -> int:
    """Return how many statements a large statement holds; 0 where it has no parts."""
    if node.kind not in PARTED:
        return 0
    return sum(n.kind.endswith("_statement") for n in node.walk())


def locks_in(node: Node) -> Iterator[str]:
    """Yield the functions that a statement calls and that take or leave a lock."""
    return (name for name in calls_in(node) if LOCK.search(name))


def jumps_in(node: Node) -> Iterator[bytes]:
    """Yield the labels that a statement jumps to."""
    return (one.tokens()[1] for one in node.walk() if one.kind == "goto_statement")


def calls_in(node: Node) -> Iterator[str]:
    """Yield the functions that a statement calls by their names."""
    for call in node.walk():
        if call.kind == "call_expression" and call.children[0].kind == "identifier":
            yield (call.children[0].text or b"").decode(errors="replace")
