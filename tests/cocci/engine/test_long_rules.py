# SPDX-License-Identifier: GPL-2.0-only
"""Rules of many statements in a row: each is a level of the formula that they become."""

from __future__ import annotations

import sys

import pytest
from compiled import recursive

from vmaconv.cocci.engine.program import compile_file
from vmaconv.cocci.engine.run import Runner
from vmaconv.cocci.match.attempt.state import MatchOptions
from vmaconv.cocci.match.path.optional_statements import MOST_OPTIONAL
from vmaconv.cocci.smpl.parse import parse_text
from vmaconv.cocci.smpl.rule import SmplError
from vmaconv.cocci.smpl.shipped_isomorphisms import standard_isomorphisms
from vmaconv.cocci.text.deep_recursion import deep_recursion
from vmaconv.cocci.tree.unit import Unit


def rule(count: int) -> str:
    names = ", ".join(f"S{number}" for number in range(count))
    rows = "".join(f" S{number}\n" for number in range(count))
    return f"@@\nstatement {names};\n@@\n begin();\n{rows}-end();\n"


def test_a_rule_of_many_statements_is_run() -> None:
    program = compile_file(parse_text(rule(150), "long.cocci"), standard_isomorphisms())
    rows = "".join(f"\tstep_{number}();\n" for number in range(150))
    text = f"void f(void)\n{{\n\tbegin();\n{rows}\tend();\n}}\n".encode()
    with deep_recursion():
        result = Runner(program, Unit("long.c", text), (), MatchOptions()).run()
    assert result.text == text.replace(b"\tend();\n", b"")


@pytest.mark.parametrize(("count", "fine"), [(MOST_OPTIONAL, True), (40, False)])
def test_statements_that_may_be_missing_are_not_too_many(count: int, fine: bool) -> None:
    """Each doubles the ways: forty did not come to an end."""
    rows = "".join(f"... when != stop()\n?- step_{number}();\n" for number in range(count))
    file = parse_text(f"@@\n@@\n- begin();\n{rows}", "optional.cocci")
    if fine:
        assert compile_file(file, standard_isomorphisms()).code_steps()
        return
    with pytest.raises(SmplError) as caught:
        compile_file(file, standard_isomorphisms())
    assert (caught.value.code, caught.value.place.line) == ("too-many-optional", 1)


@recursive
def test_one_that_is_too_long_is_refused_with_its_place(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("vmaconv.cocci.text.deep_recursion.DEEPEST", 300)
    shallow = sys.getrecursionlimit()
    file = parse_text("@a@\n@@\n f();\n-g();\n" + rule(150), "long.cocci")
    sys.setrecursionlimit(300)
    try:
        with pytest.raises(SmplError) as caught:
            compile_file(file, standard_isomorphisms())
    finally:
        sys.setrecursionlimit(shallow)
    assert caught.value.code == "nested-too-deeply"
    assert (caught.value.place.line, caught.value.place.file) == (5, "long.cocci")
