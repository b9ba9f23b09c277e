# SPDX-License-Identifier: GPL-2.0-only
"""Whether a rule binds what it uses.

In: a parsed rule. Out: warnings about metavariables that are not used; raises `SmplError` for one
that occurs in added code only.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator

from vmaconv.cocci.smpl.mentions import in_constraint, in_pattern, in_sizes, in_type
from vmaconv.cocci.smpl.rule import CodeRule, Metavariable, PNode, SmplError
from vmaconv.cocci.smpl.rule_lexer import Text
from vmaconv.cocci.tree.node import EXPRESSIONS, Node

_NEVER_BOUND_HERE = frozenset({"fresh identifier"})
_HOLDS_VARIABLE = frozenset(
    {
        "argument_list",
        "expression_statement",
        "if_statement",
        "return_statement",
        "switch_statement",
        "while_statement",
    }
)
_PLAIN = frozenset({"attribute name", "declarer name", "iterator name", "symbol", "typedef"})


def check_bindings(text: Text, rule: CodeRule, symbols: Collection[str]) -> list[SmplError]:
    """Check `rule` and return its warnings; `symbols` are names declared to be plain."""
    _refuse_fresh(text, rule.pattern)
    bound = {meta.name for meta in in_pattern(rule.pattern)}
    variables = {variable.name: variable for variable in rule.metavariables}
    for name in list(bound):
        if name in variables:
            bound.update(_needed(variables[name]))
    added: set[str] = set()
    for block in rule.plus:
        for line in block.lines:
            for token in line.tokens:
                variable = token.metavariable
                if variable is None:
                    continue
                added.add(variable.name)
                if _is_unbound(variable, bound):
                    raise text.error(
                        "unbound-metavariable",
                        line.place.line,
                        line.place.column + token.column,
                        f"{variable.name} occurs in added code only, so nothing says what it is",
                        "use it in context or minus code too, inherit it, or make it fresh",
                    )
    return [
        *_unused(text, rule, bound | added),
        *_undeclared(text, rule, symbols),
        *_pragmas_in_a_row(text, rule),
    ]


def _refuse_fresh(text: Text, pattern: PNode) -> None:
    for node in pattern.walk():
        assert isinstance(node, PNode)
        variable = node.metavariable
        if variable is not None and variable.kind == "fresh identifier" and node.place is not None:
            raise text.error(
                "fresh-in-minus",
                node.place.line,
                node.place.column,
                f"{variable.name} is a fresh identifier, which code that is matched cannot have",
                "use it in added code only, or declare it as an identifier",
            )


def _pragmas_in_a_row(text: Text, rule: CodeRule) -> Iterator[SmplError]:
    """Warn of a `#pragma` beside statements, which are then not found: a line is matched alone."""
    for node in rule.pattern.walk():
        parts = [child for child in node.children if isinstance(child, PNode)]
        lines = [part for part in parts if part.kind == "preproc_pragma"]
        if node.kind != "sequence" or not lines or len(lines) == len(parts):
            continue
        word = lines[0].children[0]
        if isinstance(word, PNode) and word.place is not None:
            yield text.error(
                "pragma-in-a-row",
                word.place.line,
                word.place.column,
                "a #pragma is not found beside statements",
                "give it a rule of its own",
            )


def _undeclared(text: Text, rule: CodeRule, symbols: Collection[str]) -> Iterator[SmplError]:
    """Warn of variables in the pattern that may be forgotten metavariables, as spatch does."""
    seen = set(symbols)
    for node, parent in _with_parents(rule.pattern):
        if node.kind != "identifier" or node.metavariable is not None or node.text is None:
            continue
        name = node.text.decode(errors="replace")
        if (
            name in seen
            or (len(name) > 2 and name.upper() == name)
            or not _is_variable(node, parent)
        ):
            continue
        seen.add(name)
        if node.place is not None:
            yield text.error(
                "undeclared-name",
                node.place.line,
                node.place.column,
                f"{name} is not declared: should it be a metavariable?",
                f"declare it, or write symbol {name};",
            )


def _with_parents(pattern: PNode) -> Iterator[tuple[PNode, PNode | None]]:
    """Yield the nodes of a pattern, left to right, each with the one that it is a child of."""
    waiting: list[tuple[Node, PNode | None]] = [(pattern, None)]
    while waiting:
        node, parent = waiting.pop()
        assert isinstance(node, PNode)
        yield node, parent
        waiting += [(child, node) for child in reversed(node.children)]


def _is_variable(node: PNode, parent: PNode | None) -> bool:
    if parent is None:
        return True
    if parent.kind in ("call_expression", "iterator_statement"):
        return False
    if parent.kind == "field_expression":
        return parent.children[0] is node
    return parent.kind in EXPRESSIONS or parent.kind in _HOLDS_VARIABLE


def _is_unbound(variable: Metavariable, bound: set[str]) -> bool:
    return (
        variable.rule is None
        and variable.name not in bound
        and variable.kind not in _NEVER_BOUND_HERE
    )


def _unused(text: Text, rule: CodeRule, used: set[str]) -> Iterator[SmplError]:
    needed = set(used)
    for variable in rule.metavariables:
        needed.update(_needed(variable))
        needed.update(name for kind, name in variable.seed if kind == "name")
    for variable in rule.metavariables:
        if variable.name in needed or variable.kind in _PLAIN or rule.extends is not None:
            continue
        yield text.error(
            "unused-metavariable",
            variable.place.line,
            variable.place.column,
            f"the metavariable {variable.name} of {rule.name} is not used",
            "remove its declaration",
        )


def _needed(variable: Metavariable) -> Iterator[str]:
    """Yield the names that a metavariable's type, length and constraints bind or need."""
    yield from (meta.name for meta in in_type(variable))
    yield from (name for _, name in in_sizes(variable))
    yield from (name for rule, name in in_constraint(variable.constraint) if not rule)
