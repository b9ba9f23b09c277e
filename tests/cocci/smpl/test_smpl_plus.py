# SPDX-License-Identifier: GPL-2.0-only
"""Plus code: its tokens, and what it stands next to."""

from __future__ import annotations

import pytest
from smpl_notation import error, plus, rule, written

D = "@@ expression E, E1; identifier f; statement S; position p; @@\n"


def blocks(body: str) -> list[tuple[list[str], str | None, str | None]]:
    return [plus(block) for block in rule(D + body).plus]


def test_neighbours_are_the_leaves_around() -> None:
    assert blocks("- f(E);\n+ g(E);\n") == [(["g(E);"], "-;", None)]
    assert blocks("+ first();\n  f(E);\n") == [(["first();"], None, "$f")]
    assert blocks(" f(E,\n- E1\n+ 0\n  );\n") == [(["0"], "-$E1", ")")]
    assert blocks(" if (E)\n+ {\n   S\n+ }\n") == [(["{"], ")", "$S"), (["}"], "$S", None)]


def test_dots_are_neighbours() -> None:
    assert blocks("  f(E);\n  ...\n+ g();\n  S\n") == [(["g();"], "~...", "$S")]
    assert blocks("  f(E);\n+ g();\n  ... when != E1\n  S\n") == [(["g();"], ";", "~...{!= $E1}")]
    assert blocks("  f(E);\n  ... when != E1\n+ g();\n  S\n") == [(["g();"], "~...{!= $E1}", "$S")]


def test_lines_in_a_row_are_one_block() -> None:
    assert blocks("- f(E);\n+ a();\n\n+ b();\n") == [(["a();", "b();"], "-;", None)]
    assert blocks("- f(E);\n+ a();\n  S\n+ b();\n") == [
        (["a();"], "-;", "$S"),
        (["b();"], "$S", None),
    ]


def test_adjacent_lines() -> None:
    first, second = rule(D + "- f(E);\n+ a();\n\n  S\n\n+ b();\n  g(E);\n").plus
    assert (first.previous_line, first.next_line) == (True, False)
    assert (second.previous_line, second.next_line) == (False, True)


def test_added_many_times() -> None:
    found = rule(D + "  f(E);\n++ g();\n+ h();\n").plus
    assert [(block.many, plus(block)[0]) for block in found] == [
        (True, ["g();"]),
        (False, ["h();"]),
    ]


def test_code_in_an_arm_stays_in_it() -> None:
    found = rule(D + "(\n- f(E);\n+ a();\n|\n- g(E);\n+ b();\n)\n+ c();\n")
    arms = found.pattern.children[0]
    first, second, third = found.plus
    assert plus(first) == (["a();"], "-;", None)
    assert first.home is arms.children[0]
    assert plus(second) == (["b();"], "-;", None)
    assert second.home is arms.children[1]
    assert third.before is arms
    assert (third.after, third.home) == (None, found.pattern)


def test_an_arm_of_added_code_only() -> None:
    found = rule(D + "(\n  f(E);\n|\n+ a();\n)\n")
    block = found.plus[0]
    assert plus(block) == (["a();"], None, None)
    arm = found.pattern.children[0].children[1]
    assert block.home is arm
    assert written(arm) == "(sequence)"


def test_code_before_a_disjunction() -> None:
    found = rule(D + "+ a();\n(\n f(E);\n|\n g(E);\n)\n")
    assert found.plus[0].after is found.pattern.children[0]
    assert found.plus[0].home is found.pattern


def test_code_in_a_nest_stays_in_it() -> None:
    found = rule(D + "  <...\n+ a();\n- f(E);\n+ b();\n  ...>\n+ c();\n  S\n")
    nest = found.pattern.children[0]
    first, second, third = found.plus
    assert plus(first) == (["a();"], None, "-$f")
    assert plus(second) == (["b();"], "-;", None)
    assert first.home is second.home is nest.children[0]
    assert third.before is nest
    assert written(third.after) == "$S" if third.after is not None else False
    assert third.home is found.pattern


def test_nested_disjunctions() -> None:
    found = rule(D + "(\n(\n f(E);\n+ a();\n|\n g();\n)\n+ b();\n|\n h();\n)\n")
    outer = found.pattern.children[0]
    inner = outer.children[0]
    first, second = found.plus
    assert first.home is inner.children[0]
    assert second.before is inner
    assert second.after is None


def test_disjunction_inside_of_a_line() -> None:
    found = rule(D + "- g(\\(E\\|E1\\))\n+ h()\n")
    assert plus(found.plus[0]) == (["h()"], "-)", None)


def test_tokens() -> None:
    line = rule(D + "- f(E);\n+  x->f = g(E, 0x10, \"a b\", 'c'); // why\n").plus[0].lines[0]
    assert line.text == "  x->f = g(E, 0x10, \"a b\", 'c'); // why"
    assert [(token.kind, token.text) for token in line.tokens] == [
        ("name", "x"),
        ("punct", "->"),
        ("meta", "f"),
        ("punct", "="),
        ("name", "g"),
        ("punct", "("),
        ("meta", "E"),
        ("punct", ","),
        ("number", "0x10"),
        ("punct", ","),
        ("string", '"a b"'),
        ("punct", ","),
        ("char", "'c'"),
        ("punct", ")"),
        ("punct", ";"),
        ("comment", "// why"),
    ]
    for token in line.tokens:
        assert line.text[token.column :].startswith(token.text)
        assert (token.metavariable is not None) == (token.kind == "meta")


def test_directives() -> None:
    lines = rule(D + "- f(E);\n+ #ifdef CONFIG_X's\n+ #define X E\n+ #endif\n").plus[0].lines
    assert [[(t.kind, t.text) for t in line.tokens] for line in lines] == [
        [("directive", "#ifdef CONFIG_X's")],
        [("directive", "#define"), ("name", "X"), ("meta", "E")],
        [("directive", "#endif")],
    ]


def test_comments_of_several_lines() -> None:
    lines = rule(D + "- f(E);\n+ /* it's\n+  * E */ g(E);\n").plus[0].lines
    assert [[(t.kind, t.text) for t in line.tokens] for line in lines] == [
        [("comment", "/* it's")],
        [("comment", "  * E */"), ("name", "g"), ("punct", "("), ("meta", "E"), ("punct", ")"),
         ("punct", ";")],
    ]  # fmt: skip


def test_c_dots() -> None:
    line = rule(D + "- f(E);\n+ int g(int x, ......);\n").plus[0].lines[0]
    assert [t.text for t in line.tokens] == ["int", "g", "(", "int", "x", ",", "...", ")", ";"]


def test_metavariables_bound_by_types_and_lengths() -> None:
    assert rule("@@ type T; T *x; @@\n- f(x);\n+ g(x, sizeof(T));\n").plus
    assert rule("@@ expression list[n] es; @@\n- f(es);\n+ g(n, es);\n").plus
    assert rule('@@ fresh identifier x = "a"; @@\n- f();\n+ g(x);\n').plus
    assert rule("@a@ expression e; @@\n f(e)\n\n@@ expression a.e; @@\n- f();\n+ g(e);\n").plus


ERRORS = [
    ("+ f(E);\n", "empty-pattern"),
    ("- f();\n+ g(E);\n", "unbound-metavariable"),
    ("- f(E);\n+ g(...);\n", "dots-in-plus"),
    ("- f(E);\n+ <... g() ...>\n", "dots-in-plus"),
    ("- f(E);\n+ \\(g\\|h\\)(E);\n", "disjunction-in-plus"),
    ("- f(E@p);\n+ g(E@p);\n", "position-in-plus"),
    ("- f(E);\n+@ E\n", "at-in-plus"),
    ("- f(E);\n+ g(E@E);\n", "at-in-plus"),
    ("- f(E);\n+ @\n", "at-in-plus"),
    ("- f(E);\n+ @@\n", "at-in-plus"),
    ("  f(E);\n  ...\n+ g();\n  ...\n  S\n", "adjacent-dots"),
    ("  f(E);\n  ...\n+ g();\n", "plus-between-dots"),
    ("  f(E);\n  ...\n+ g();\n  <... S ...>\n", "adjacent-dots"),
    ("* f(E);\n+ g();\n", "mixed-marks"),
]


@pytest.mark.parametrize(("body", "code"), ERRORS)
def test_error(body: str, code: str) -> None:
    assert error(D + body).code == code


def test_a_disjunction_in_a_when_is_no_arm() -> None:
    body = "(\n  f(E);\n  ... when != \\(f(E1)\\|g(E1)\\)\n+ a();\n  S\n|\n  g(E);\n)\n+ b();\n"
    found = rule(D + body)
    arms = found.pattern.children[0]
    first, second = found.plus
    assert first.home is arms.children[0]
    assert second.before is arms
    assert second.home is found.pattern
