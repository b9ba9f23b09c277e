# SPDX-License-Identifier: GPL-2.0-only
"""What a pattern among statements is, and whether it has to be matched along paths.

In: a pattern. Out: whether it is an expression or a statement, and whether there are dots in it
that stand for statements.
"""

from __future__ import annotations

from collections.abc import Iterable

from vmaconv.cocci.match.code.directives import LINES
from vmaconv.cocci.smpl.rule import PNode
from vmaconv.cocci.tree.node import EXPRESSIONS

LOOPS = frozenset({"for_statement", "iterator_statement", "while_statement"})


def is_expression(pattern: PNode) -> bool:
    """Whether a pattern is an expression, which may lie anywhere in a statement."""
    if pattern.kind in ("disjunction", "conjunction", "optional", "variant", "truth"):
        return all(is_expression(c) for c in pnodes(pattern.children))
    if pattern.kind == "nest":
        return not is_statement_nest(pattern)
    if pattern.metavariable is not None:
        return pattern.metavariable.kind not in (
            "statement",
            "statement list",
            "declaration",
            "type",
            "metavariable",
        )
    return pattern.kind in EXPRESSIONS


def has_paths(pattern: PNode) -> bool:
    """Whether there are dots or nests between the statements of `pattern`."""
    kind = pattern.kind
    if kind == "dots":
        return True
    if kind == "nest":
        return is_statement_nest(pattern)
    if kind in ("disjunction", "conjunction", "optional", "variant"):
        return not is_expression(pattern) and any(has_paths(c) for c in pnodes(pattern.children))
    if kind in ("sequence", "compound_statement"):
        return any(has_paths(c) for c in pnodes(pattern.children))
    if kind in ("function_definition", "switch_statement") or kind in LOOPS:
        return has_paths(pnodes(pattern.children)[-1])
    if kind == "if_statement":
        return any(has_paths(c) for c in pnodes(pattern.children)[4:])
    if kind == "do_statement":
        return has_paths(pnodes(pattern.children)[1])
    return False


def without_dots(pattern: PNode) -> PNode | None:
    """Return the one declaration, line or expression of a pattern that needs nothing else around it.

    That is what matches at file level, where no paths are: `int x; ... ?last(x);` is `int x;` there.
    None where there is more, or where something is said of what dots run over: of a variable at
    file level, `when != x` promises nothing.
    """
    if pattern.kind != "sequence":
        return None
    found: list[PNode] = []
    for child in pnodes(pattern.children):
        if child.kind in ("dots", "nest") and not is_expression(child):
            if child.strict or any(when.pattern is not None for when in child.whens):
                return None
        elif child.kind != "optional":
            found.append(child)
    if len(found) != 1:
        return None
    return found[0] if found[0].kind in _AT_FILE_LEVEL or is_expression(found[0]) else None


_AT_FILE_LEVEL = frozenset({"declaration", "type_definition"}) | LINES


def needs_paths(pattern: PNode) -> bool:
    """Whether a pattern has to be matched along paths.

    It has for its dots, for an expression among statements (`f(x)` without a semicolon may lie
    anywhere in a statement), and for a return, which may be implied.
    """
    return has_paths(pattern) or _mixes(pattern)


def _mixes(pattern: PNode) -> bool:
    children = pnodes(pattern.children)
    if pattern.kind == "return_statement":
        # The end of a function is a return without a value, too.
        return len(children) == 2 or (len(children) == 3 and children[1].kind == "dots")
    if pattern.kind == "compound_statement":
        inside = children[1:-1]
        return any(is_expression(c) or _is_list(c) or _mixes(c) for c in inside)
    if pattern.kind == "sequence":
        alone = len(children) == 1
        return any(_mixes(c) or (not alone and _is_loose(c)) for c in children)
    if pattern.kind in ("disjunction", "variant", "optional", "conjunction"):
        return not is_expression(pattern) and any(_mixes(c) for c in children)
    if pattern.kind in _COMPOUND:
        return any(_mixes(c) for c in children)
    return False


def _is_list(pattern: PNode) -> bool:
    variable = pattern.metavariable
    return variable is not None and variable.kind == "statement list"


def _is_loose(pattern: PNode) -> bool:
    """Whether a pattern may match what is no node of its own: a label goes for a statement, too."""
    variable = pattern.metavariable
    return is_expression(pattern) or (variable is not None and variable.kind == "statement")


_COMPOUND = frozenset(
    {"do_statement", "function_definition", "if_statement", "switch_statement", *LOOPS}
)


def is_statement_nest(pattern: PNode) -> bool:
    return any(child.kind == "sequence" for child in pattern.children)


def pnodes(nodes: Iterable[object]) -> list[PNode]:
    """Return those of `nodes` that belong to a pattern."""
    return [node for node in nodes if isinstance(node, PNode)]
