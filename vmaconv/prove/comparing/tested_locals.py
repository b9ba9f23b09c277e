# SPDX-License-Identifier: GPL-2.0-only
"""Which locals of a function are only ever asked whether they are zero.

In: a function on both sides. Out: names. A word in such a local may become a bool, and the other way
round: `int shared = vma->vm_flags & VM_SHARED;` before `if (shared)` is as good as a test's result.
"""

from __future__ import annotations

from collections.abc import Mapping

from vmaconv.cocci.tree.node import Node
from vmaconv.prove.comparing.renamed_names import locals_of
from vmaconv.prove.meaning.side_facts import held_as

_HEADS = frozenset({"if_statement", "while_statement", "do_statement"})
_MARKS = frozenset({b"likely", b"unlikely"})


def tested_locals(old: Node, new: Node, renamed: Mapping[str, str]) -> tuple[frozenset[str], ...]:
    """Return the locals before, and those after, that are only tested on both sides."""
    before, after = _tested(old), _tested(new)
    names = {name for name in after if renamed.get(name, name) in before}
    return frozenset(renamed.get(name, name) for name in names), frozenset(names)


def _tested(function: Node) -> set[str]:
    found = {n for n, t in locals_of(function).items() if not t.shape and held_as(t) == "word"}
    for leaf in function.children[-1].leaves():
        name = (leaf.text or b"").decode(errors="replace")
        if leaf.kind == "identifier" and name in found and not _is_fine(leaf):
            found.discard(name)
    return found


def _is_fine(leaf: Node) -> bool:
    """Return whether a mention of a local sets it, or asks whether it is zero."""
    node, parent = leaf, leaf.parent
    while parent is not None and parent.kind == "parenthesized_expression":
        node, parent = parent, parent.parent
    if parent is None:
        return False
    match parent.kind:
        case "field_expression":
            return parent.children[-1] is leaf
        case "declaration" | "init_declarator":
            return parent.children[0] is node or parent.kind == "declaration"
        case "assignment_expression":
            is_target = parent.children[0] is node and parent.children[1].kind == "="
            over = parent.parent
            return is_target and over is not None and over.kind == "expression_statement"
        case "unary_expression":
            return parent.children[0].kind == "!"
        case "binary_expression":
            return parent.children[1].kind in ("&&", "||")
        case "conditional_expression":
            return parent.children[0] is node
        case "argument_list":
            call = parent.parent
            return call is not None and call.children[0].text in _MARKS
    return parent.kind in _HEADS and node in parent.children
