# SPDX-License-Identifier: GPL-2.0-only
"""Which words and operators a text must hold for a pattern to have any chance in it.

In: a pattern, isomorphisms applied. Out: clauses; a text without one word of each clause cannot
match. The cheapest file is the one that is never parsed.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Sequence
from functools import lru_cache

from vmaconv.cocci.match.attempt.operands import operand
from vmaconv.cocci.match.code.declaration_parts import read
from vmaconv.cocci.match.prefilter.part_clauses import of_any_arm
from vmaconv.cocci.smpl.rule import PNode
from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.tree.node import Node

Clause = frozenset[bytes]

_WORD = late_regex(rb"[A-Za-z_]\w*\Z")


Requirements = dict[int, frozenset[Clause]]
"""What the parts of one pattern need, by their ids: spellings share parts, and are asked more than once."""


def required(pattern: PNode, known: Requirements | None = None) -> frozenset[Clause]:
    """Return the clauses of `pattern`; `known` are those of the pattern that it is part of.

    `f(...) + \\( a \\| b \\)` gives {f} and {a, b}.
    """
    return _clauses(pattern, known if known is not None else {})


def required_within(pattern: PNode, known: Requirements | None = None) -> frozenset[Clause]:
    """Return the clauses for the code that `pattern` itself matches.

    An attribute may stand before that: the tree has `int f(void)` of `__cold int f(void)`.
    """
    known = known if known is not None else {}
    found = _clauses(pattern, known)
    for node in pattern.walk():
        if node.kind == "attribute_specifier":
            found -= _clauses(node, known)
    return found


def _clauses(node: Node, known: Requirements) -> frozenset[Clause]:
    found = known.get(id(node))
    if found is None:
        found = known[id(node)] = frozenset(_found(node, known))
    return found


def _found(node: Node, known: Requirements) -> Collection[Clause]:
    if isinstance(node, PNode) and node.metavariable is not None:
        return _of_metavariable(node)
    if node.text is not None:
        if node.text == b"int":
            return {_INT}
        return {frozenset({node.text})} if _WORD.match(node.text) else set()
    if node.kind == "disjunction":
        return of_any_arm([_clauses(child, known) for child in node.children], _most_telling)
    if node.kind == "optional" or (
        node.kind == "nest" and isinstance(node, PNode) and not node.strict
    ):
        return set()
    if node.kind in _OPERATIONS:
        alone = operand(node) if isinstance(node, PNode) else None
        if alone is not None:
            # `x || ...` is `x`, too.
            return _clauses(alone, known)
    found: set[Clause] = set()
    for child in node.children:
        found |= _clauses(child, known)
        if node.kind in _OPERATIONS and child.text in _OPERATORS and not _is_variable(child):
            found.add(frozenset({child.text}))
    if node.kind == "prototype_parameter":
        # A prototype may leave the name out.
        name = read(node).only.name
        found -= _clauses(name, known) if name is not None else set()
    if node.kind == "expression_statement":
        # The `static` of `static DECLARER(x, 1);` stands before what a C grammar sees.
        for child in node.children:
            if child.kind == "storage_class_specifier":
                found -= _clauses(child, known)
    if node.kind == "sized_type_specifier":
        # `unsigned` is `unsigned int`.
        found.discard(_INT)
    return found


_INT = frozenset({b"int", b"signed"})
"""`int` is `signed`, too."""

_OPERATIONS = frozenset(
    {
        "assignment_expression",
        "binary_expression",
        "conditional_expression",
        "field_expression",
        "pointer_expression",
        "unary_expression",
        "update_expression",
    }
)
_OPERATORS = frozenset(
    b"= += -= *= /= %= &= |= ^= <<= >>= == != < > <= >= << >> + - * / % & | ^ && || ! ~ ? -> ++ --".split()
)


def is_word(clause: Clause) -> bool:
    """Whether a clause is about names, not operators."""
    return all(_WORD.match(text) for text in clause)


def _is_variable(node: Node) -> bool:
    return isinstance(node, PNode) and node.metavariable is not None


def _of_metavariable(node: PNode) -> set[Clause]:
    meta = node.metavariable
    constraint = meta.constraint if meta is not None else None
    if constraint is None or constraint.op != "=" or constraint.names or not constraint.values:
        return set()
    words = [value.encode() for value in constraint.values]
    return {frozenset(words)} if all(_WORD.match(w) for w in words) else set()


def _most_telling(arms: Sequence[frozenset[Clause]]) -> list[Clause]:
    """Return of each arm the word that most arms share.

    An operator only where an arm has no word: every file holds a `&`, and no search is for one.
    """
    counts = Counter(clause for arm in arms for clause in arm)

    def worth(clause: Clause) -> tuple[bool, int, int, list[bytes]]:
        return is_word(clause), counts[clause], max(map(len, clause)), sorted(clause)

    return [max(arm, key=worth) for arm in arms]


@lru_cache(maxsize=4096)
def soonest(clause: Clause) -> tuple[int, int, list[bytes]]:
    """Return where a clause stands in order: those that fail soonest first. Long words are rare."""
    return len(clause), -min(map(len, clause)), sorted(clause)


def may_match(clauses: Collection[Clause], text: bytes, start: int, end: int) -> bool:
    """Whether bytes [`start`, `end`) of `text` hold one word of every clause (as a substring)."""
    return all(any(text.find(w, start, end) >= 0 for w in clause) for clause in clauses)
