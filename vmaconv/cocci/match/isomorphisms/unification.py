# SPDX-License-Identifier: GPL-2.0-only
"""Unification of a side of an isomorphism with a part of a pattern.

In: a side, and a part of a pattern, other spellings of its parts included. Out: which part each of the
side's metavariables stands for, and the tokens that the two share.
"""

from __future__ import annotations

from vmaconv.cocci.match.isomorphisms.isomorphism_index import WRAPPERS
from vmaconv.cocci.match.isomorphisms.surroundings import pattern_leaves
from vmaconv.cocci.match.node.metavariable import LIST_KINDS
from vmaconv.cocci.match.prefilter.needs_paths import is_statement_nest
from vmaconv.cocci.smpl.rule import Metavariable, PNode, TokenMark
from vmaconv.cocci.tree.node import EXPRESSIONS, STATEMENTS, Node


def unify(side: Node, pattern: Node, bound: dict[str, PNode], fixed: list[PNode]) -> bool:
    """Whether a side of an isomorphism is a part of a pattern; note what is `bound`, and the tokens of
    the pattern that the side has itself (`fixed`).
    """
    assert isinstance(side, PNode) and isinstance(pattern, PNode)
    if side.metavariable is not None:
        return _bind(side, pattern, bound)
    if pattern.kind in WRAPPERS:
        return unify(side, pattern.children[0], bound, fixed)
    if side.kind != pattern.kind or side.text != pattern.text:
        return False
    if side.text is None and pattern.attached:
        return False
    if side.text is not None:
        fixed.append(pattern)
        return True
    if len(side.children) != len(pattern.children):
        return False
    pairs = zip(side.children, pattern.children, strict=True)
    return all(unify(s, p, bound, fixed) for s, p in pairs)


def _as_written(pattern: PNode) -> PNode:
    """Return a part of the pattern without the spellings that isomorphisms gave it."""
    first, *others = pattern.children or [pattern]
    made = pattern.kind == "disjunction" and all(other.kind == "variant" for other in others)
    return first if made and others and isinstance(first, PNode) else pattern


def _bind(side: PNode, pattern: PNode, bound: dict[str, PNode]) -> bool:
    meta = side.metavariable
    assert meta is not None
    written = _as_written(pattern)
    if written.metavariable is not None and not _fits(meta, pattern):
        # Other spellings of a part do not keep what is around it from having some: `!p`, `p == NULL`.
        pattern = written
    if not _fits(meta, pattern):
        return False
    own = pattern.metavariable
    if meta.kind == "typed" and own is not None and not _same_type(meta, own, bound):
        return False
    known = bound.setdefault(meta.name, pattern)
    return known is pattern or shape(known) == shape(pattern)


def _same_type(meta: Metavariable, own: Metavariable, bound: dict[str, PNode]) -> bool:
    """Whether the type of a typed metavariable is that of an isomorphism's, which may name it `t`."""
    theirs, ours = meta.ctype[0], own.ctype[0]
    return unify(theirs, ours, bound, []) and meta.array == own.array


def _is_arithmetic(pattern: PNode) -> bool:
    """Whether a part of a pattern is an int as far as spatch can tell from the pattern alone."""
    if pattern.kind == "sizeof_expression":
        return True
    return pattern.kind == "binary_expression" and pattern.children[1].text in _ARITHMETIC


_ARITHMETIC = frozenset({b"+", b"-", b"*", b"/", b"%"})


def _fits(meta: Metavariable, pattern: PNode) -> bool:
    own = pattern.metavariable
    if pattern.kind in ("disjunction", "variant") and meta.kind == "statement":
        first = pattern.children[0]
        return isinstance(first, PNode) and _fits(meta, first)
    if meta.kind == "statement":
        if pattern.kind in STATEMENTS or (own is not None and own.kind == "statement"):
            return True
        if pattern.kind == "nest":
            # In a block of its own, it is what the block's one statement is or has in it.
            return is_statement_nest(pattern)
        # An expression in a statement's place is a statement that holds it; spatch leaves one that
        # changes where it is.
        holds = pattern.kind in EXPRESSIONS or (own is not None and own.kind == "expression")
        return holds and all(leaf.mark is not TokenMark.MINUS for leaf in pattern_leaves(pattern))
    if meta.kind == "typed":
        if own is None:
            return _type_text(meta) == b"int" and _is_arithmetic(pattern)
        return own.kind == "typed" and len(own.ctype) == 1
    if meta.kind == "expression" and meta.pointer:
        if own is not None:
            return own.pointer or (own.kind == "typed" and b"*" in _type_text(own))
        return False
    if meta.kind == "constant":
        constant = pattern.kind.endswith("_literal") or pattern.text == b"NULL"
        return constant or (own is not None and own.kind == "constant")
    if meta.kind == "identifier":
        return pattern.kind == "identifier" or (own is not None and own.kind == "identifier")
    if meta.kind == "type":
        return True
    if own is not None:
        return own.kind not in ("type", "statement") and own.kind not in LIST_KINDS
    return pattern.kind in EXPRESSIONS or pattern.kind in ("disjunction", "dots", "truth")


def _type_text(meta: Metavariable) -> bytes:
    return b" ".join(meta.ctype[0].tokens()) if meta.ctype else b""


def shape(node: Node) -> str:
    """Return a text that is equal for equal parts of a pattern, as written."""
    if node.kind in ("disjunction", "variant"):
        return shape(node.children[0])
    if node.text is not None:
        return f"{node.kind}:{node.text!r}"
    return f"({node.kind} {' '.join(shape(c) for c in node.children)})"
