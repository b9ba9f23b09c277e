# SPDX-License-Identifier: GPL-2.0-only
"""What initialisers in braces and `sizeof` come to.

In: syntax trees of one side, and the run. Out: terms and values.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from vmaconv.cocci.tree.node import Node
from vmaconv.cocci.types.declared import descriptor_type
from vmaconv.prove.meaning.operand_types import type_of
from vmaconv.prove.meaning.run_state import (
    DoesNotCompile,
    NotUnderstood,
)
from vmaconv.prove.terms.term import (
    ZERO,
    Term,
    TermValue,
    made,
    num,
)

if TYPE_CHECKING:
    from vmaconv.prove.meaning.interpreter import Interpreter


def compound_literal(run: Interpreter, node: Node) -> TermValue:
    ctype = descriptor_type(node.children[1])
    if ctype is not None and ctype.shape.startswith("["):
        parts = [c for c in node.children[-1].children if c.kind not in "{,}"]
        for part in parts:
            given = type_of(run, part)
            if ctype.shape == "[" and given is not None and given.shape.startswith("*"):
                raise DoesNotCompile(f"a pointer stands among values of {ctype.base.decode()}")
        values = [run.value(part) for part in parts]
        return TermValue(made("array", tuple(v.term for v in values)))
    if ctype is not None and ctype.base == b"vma_flags_t":
        return TermValue(set_initialiser(run, node.children[-1]), "set")
    raise NotUnderstood("the meaning of a compound literal is not known")


def set_initialiser(run: Interpreter, node: Node) -> Term:
    """Return the set that an initialiser in braces makes."""
    parts = [c for c in node.children if c.kind not in "{,}"]
    if not parts or [p.text for p in parts] == [b"0"]:
        return ZERO
    if len(parts) == 1:
        inner = parts[0].children[-1] if parts[0].kind == "initializer_pair" else parts[0]
        if inner.kind == "initializer_list":
            words = [run.value(c) for c in inner.children if c.kind not in "{,}"]
            if len(words) == 1:
                return words[0].term
    raise NotUnderstood("the initialiser of a vma_flags_t is not understood")


def size_of(run: Interpreter, node: Node) -> Term:
    for part in node.walk():
        if part.kind == "compound_literal_expression":
            array = compound_literal(run, part).term
            each = 8 if b"vma_flags_t" in part.tokens() else 4
            return num(each * len(list(array.below())))
    if b"vma_flags_t" in node.tokens():
        return num(8)
    if b"vma_flag_t" in node.tokens():
        return num(4)
    return made("op", ("size", *(t.decode(errors="replace") for t in node.tokens())))


def by_text(node: Node) -> Term:
    """Return what stands for a type that a macro is handed, or for a member's offset: its text.

    What another text comes to is not known, so that nothing is said to differ for it.
    """
    return made("op", ("type", *(t.decode(errors="replace") for t in node.tokens())))
