# SPDX-License-Identifier: GPL-2.0-only
"""The minus slice as a pattern.

In: the arranged tokens of a minus slice and the names of its rule. Out: the pattern, and which
body it is: `expression`, `type`, `initializer`, `declaration`, `statements` or `toplevel`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

from vmaconv.cocci.smpl.kinds import EXPRESSIONS, IDENTIFIERS, NOT_EXPRESSIONS
from vmaconv.cocci.smpl.minus.grammar import Grammar
from vmaconv.cocci.smpl.rebuilding import Rebuilding
from vmaconv.cocci.smpl.rule import Metavariable, PNode, SmplError
from vmaconv.cocci.tree import node as tree

_DECLARATIONS = frozenset({"declaration", "type_definition"})
_TOPLEVEL = frozenset(
    {"function_definition", "preproc_def", "preproc_include", "preproc_pragma", "preproc_undef"}
)
_STATEMENT_KINDS = frozenset({"statement", "statement list"})


def parse_pattern(grammar: Grammar, kind: str) -> tuple[PNode, str]:
    """Parse a whole minus slice; `kind` is that of the rule's header (`expression`, ...) or empty.

    Raises `SmplError`: the one of the reading that got furthest.
    """
    if grammar.cursor.token.kind == "end":
        grammar.cursor.refuse(
            "empty-pattern",
            grammar.cursor.token,
            "the rule has no context or minus code to match",
            "write the code that is to be found; added code needs a neighbour",
        )
    try:
        pattern, body = _read(grammar, kind)
    except SmplError as error:
        grammar.cursor.keep(error)
        kept = grammar.cursor.furthest
        assert kept is not None
        raise kept from None
    return _settled(pattern), body


def _read(grammar: Grammar, kind: str) -> tuple[PNode, str]:
    if kind == "expression":
        return _whole(grammar, grammar.expressions.expression()), "expression"
    if kind == "identifier":
        return _whole(grammar, grammar.expressions.field_name()), "expression"
    if kind == "type":
        return _whole(grammar, grammar.types.type_descriptor()), "type"
    if _initializer_stands(grammar):
        return _whole(grammar, grammar.lists.braces()), "initializer"
    if grammar.types.type_begins(0) or (
        grammar.types.is_type_here() and grammar.cursor.token.kind == "name"
    ):
        node = grammar.cursor.attempt(lambda: _whole(grammar, grammar.types.type_descriptor()))
        if node is not None:
            return node, "type"
    first = grammar.cursor.token
    items = grammar.statements.items()
    _end(grammar)
    if len(items) == 1 and items[0].kind == "dots":
        grammar.cursor.refuse(
            "only-dots", first, "the rule matches dots only", "write the code that is to be found"
        )
    body = _body(items)
    if body == "expression":
        return items[0], body
    return grammar.cursor.node("sequence", items), body


def _whole(grammar: Grammar, node: PNode) -> PNode:
    _end(grammar)
    return node


def _end(grammar: Grammar) -> None:
    if grammar.cursor.token.kind != "end":
        grammar.cursor.fail(
            "the end of the rule", "remove this, or what is missing before it is to be added"
        )


def _initializer_stands(grammar: Grammar) -> bool:
    """Whether the rule is an initialiser: braces that begin with `.x`, or end with a comma."""
    tokens = grammar.cursor.tokens
    if tokens[0].text != "{" or tokens[0].partner != len(tokens) - 2:
        return False
    at = 0
    while tokens[at].text == "{":
        at += 1
    before_end = tokens[-3] if len(tokens) > 3 else tokens[0]
    return tokens[at].text == "." or before_end.text == ","


def _body(items: list[PNode]) -> str:
    if len(items) == 1 and _is_expression(items[0]):
        return "expression"
    if any(item.kind in _TOPLEVEL or _holds_function(item) for item in items):
        return "toplevel"
    if items and all(_is_declaration(item) for item in items):
        return "declaration"
    return "statements"


def _holds_function(item: PNode) -> bool:
    return item.kind in ("disjunction", "conjunction", "optional") and any(
        child.kind in _TOPLEVEL for child in item.children
    )


def _is_declaration(item: PNode) -> bool:
    if item.kind in ("disjunction", "conjunction", "optional"):
        return all(isinstance(arm, PNode) and _is_declaration(arm) for arm in item.children)
    variable = item.metavariable
    return item.kind in _DECLARATIONS or (variable is not None and variable.kind == "declaration")


def _is_expression(node: PNode) -> bool:
    if node.kind in ("disjunction", "conjunction", "optional"):
        arms = [arm for arm in node.children if isinstance(arm, PNode)]
        return any(arm.kind != "sequence" for arm in arms) and all(
            _is_expression(arm) or (arm.kind == "sequence" and not arm.children) for arm in arms
        )
    if node.metavariable is not None:
        return node.metavariable.kind not in NOT_EXPRESSIONS
    return node.kind in tree.EXPRESSIONS


def _settled(pattern: PNode) -> PNode:
    """Return a pattern with what is attached with @ on the node that it stands for, below `when`,
    too.
    """
    attached: dict[int, tuple[Metavariable, ...]] = {}
    roots = [pattern]
    while roots:
        root = roots.pop()
        parents: dict[int, PNode] = {}
        moving: list[PNode] = []
        for node in root.walk():
            assert isinstance(node, PNode)
            parents.update((id(child), node) for child in node.children)
            roots.extend(when.pattern for when in node.whens if when.pattern is not None)
            if node.attached:
                moving.append(node)
        for leaf in moving:
            for variable, sort in _moving(leaf.attached):
                target = _target(leaf, sort, parents)
                if target is not leaf:
                    own = attached.get(id(leaf), leaf.attached)
                    attached[id(leaf)] = tuple(v for v in own if v is not variable)
                    other = attached.get(id(target), target.attached)
                    attached[id(target)] = (*other, variable)
    if not attached:
        return pattern

    def change(old: PNode, new: PNode) -> PNode:
        return replace(new, attached=attached[id(old)]) if id(old) in attached else new

    return Rebuilding(change).of(pattern)


def _moving(attached: Sequence[Metavariable]) -> Iterator[tuple[Metavariable, Metavariable]]:
    """Yield what does not stay on the leaf, each with the variable whose sort says where it goes.

    A position behind another, as in `;@S@p`, is where that one stands.
    """
    sort: Metavariable | None = None
    for variable in attached:
        if variable.kind not in ("position", "comments"):
            sort = variable
        if sort is not None and variable.kind != "comments":
            yield variable, sort


def _target(leaf: PNode, variable: Metavariable, parents: Mapping[int, PNode]) -> PNode:
    """Return the smallest node of the variable's sort that ends in `leaf`."""
    node: PNode = leaf
    while not _suits(node, variable.kind):
        parent = parents.get(id(node))
        if parent is None or parent.end != leaf.end:
            return leaf
        node = parent
    return node


def _suits(node: PNode, kind: str) -> bool:
    if kind in _STATEMENT_KINDS:
        found = node.metavariable.kind if node.metavariable is not None else ""
        return node.kind in tree.STATEMENTS or found in _STATEMENT_KINDS
    if kind == "declaration":
        return node.kind in _DECLARATIONS
    if kind in EXPRESSIONS:
        return node.kind in tree.EXPRESSIONS or node.kind in ("metavar", "nest", "disjunction")
    if kind == "expression list":
        return node.kind == "argument_list" or node.is_leaf
    if kind == "initializer":
        return node.kind == "initializer_list" or node.kind in tree.EXPRESSIONS
    if kind in IDENTIFIERS:
        return node.is_leaf
    return True
