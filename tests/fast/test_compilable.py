# SPDX-License-Identifier: GPL-2.0-only
"""What mypyc takes without a word, and what then fails when it runs, stands nowhere in what is compiled."""

from __future__ import annotations

import ast
import tomllib
from functools import lru_cache
from pathlib import Path

TOP = Path(__file__).parent.parent.parent


@lru_cache(maxsize=1)
def _trees() -> dict[Path, ast.Module]:
    """Return the modules that are compiled."""
    return {path: ast.parse(path.read_text()) for path in _compiled()}


def _compiled() -> list[Path]:
    build = tomllib.loads((TOP / "pyproject.toml").read_text())["tool"]["hatch"]["build"]
    patterns = build["targets"]["wheel"]["hooks"]["mypyc"]["include"]
    return sorted({path for pattern in patterns for path in TOP.glob(pattern)})


def _generators(tree: ast.Module) -> set[str]:
    """Return the functions of a module that yield."""
    return {
        node.name
        for node in tree.body
        if isinstance(node, ast.FunctionDef)
        and any(isinstance(part, ast.Yield | ast.YieldFrom) for part in ast.walk(node))
    }


def test_nothing_is_looked_for_in_a_generator_with_in() -> None:
    """A compiled generator has no `__contains__`: `x in f()` is an AttributeError there."""
    trees = _trees()
    generators = set[str]().union(*map(_generators, trees.values()))
    assert "rules_mentioned" in generators
    found = [
        f"{path.relative_to(TOP)}:{node.lineno}: {ast.unparse(node)}"
        for path, tree in trees.items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Compare) and isinstance(node.ops[-1], ast.In | ast.NotIn)
        for last in [node.comparators[-1]]
        if isinstance(last, ast.Call) and isinstance(last.func, ast.Name)
        if last.func.id in generators
    ]
    assert found == []


def test_no_byte_before_is_a_slice_that_may_end_before_it_begins() -> None:
    """Compiled, `text[at - 1 : at]` is a SystemError where `at` is 0: `byte_before` is asked."""
    found = [
        f"{path.relative_to(TOP)}:{node.lineno}: {ast.unparse(node)}"
        for path, tree in _trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.Slice) and isinstance(node.lower, ast.BinOp) and node.upper
        if isinstance(node.lower.op, ast.Sub)
        if ast.unparse(node.lower.left) == ast.unparse(node.upper)
        if not path.name.startswith("byte_before")
    ]
    assert found == []


ONCE_A_PATTERN = frozenset(
    {
        "closed_formulas",
        "comma_list",
        "compile_number",
        "compile_operand",
        "compile_pattern",
        "row",
    }
)
"""Functions that run when a rule is compiled; what they leave is there as long as the rule is."""


def _inner_functions(function: ast.FunctionDef) -> tuple[list[ast.AST], list[ast.AST]]:
    """Return what a function has of its own, and the functions directly within."""
    own: list[ast.AST] = []
    inner: list[ast.AST] = []
    waiting: list[ast.AST] = list(function.body)
    while waiting:
        node = waiting.pop()
        if isinstance(node, ast.FunctionDef | ast.Lambda):
            inner.append(node)
        else:
            own.append(node)
            waiting += ast.iter_child_nodes(node)
    return own, inner


def _holds_itself(function: ast.FunctionDef) -> bool:
    """Return whether a function within is kept beside what it keeps, once it is compiled."""
    own, inner = _inner_functions(function)
    named = {node.name for node in inner if isinstance(node, ast.FunctionDef)}
    asked = {part.id for node in inner for part in ast.walk(node) if isinstance(part, ast.Name)}
    yields = any(isinstance(node, ast.Yield | ast.YieldFrom) for node in own)
    return bool(named) and (yields or not named.isdisjoint(asked))


def test_no_function_within_another_holds_itself() -> None:
    """Compiled, a function that another beside it names, or in a generator, is in a circle.

    It waits for the garbage collector, with all that the match has come to.
    """
    found = [
        f"{path.relative_to(TOP)}:{node.lineno}: {node.name}"
        for path, tree in _trees().items()
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef) and node.name not in ONCE_A_PATTERN
        if _holds_itself(node)
    ]
    assert found == []
