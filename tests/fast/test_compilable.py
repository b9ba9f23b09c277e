# SPDX-License-Identifier: GPL-2.0-only
"""What mypyc takes without a word, and what then fails when it runs, stands nowhere in what is compiled."""

from __future__ import annotations

import ast
import tomllib
from pathlib import Path

TOP = Path(__file__).parent.parent.parent


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
    trees = {path: ast.parse(path.read_text()) for path in _compiled()}
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
        for path in _compiled()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Slice) and isinstance(node.lower, ast.BinOp) and node.upper
        if isinstance(node.lower.op, ast.Sub)
        if ast.unparse(node.lower.left) == ast.unparse(node.upper)
        if not path.name.startswith("byte_before")
    ]
    assert found == []
