# SPDX-License-Identifier: GPL-2.0-only
"""Functions in which a rule could only match to no use are not searched, and nothing is lost by it."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from script_runs import printed

from vmaconv.cocci.engine.program import CodeStep, compile_file
from vmaconv.cocci.engine.run import Runner
from vmaconv.cocci.engine.stretches import UnitItems
from vmaconv.cocci.match.attempt.state import MatchOptions
from vmaconv.cocci.match.prefilter.needed_kinds import needed_kinds
from vmaconv.cocci.smpl.parse import parse_text
from vmaconv.cocci.smpl.rule import CodeRule
from vmaconv.cocci.tree.unit import Unit

LARGER = """\
    @larger@
    identifier f;
    expression x, y;
    position p;
    @@
    f(...)
    {
      <...
      x >@p y ? x : y
      ...>
    }
    """

CODE = """\
    int one(int a, int b) { return a > b ? a : b; }
    int two(int a, int b) { if (a > b) a++; return b; }
    int three(int a, int b) { return a < b ? a : b; }
    """


def script(inputs: str, code: str) -> str:
    """Return a script rule."""
    return f"\n    @script:python@\n    {inputs}\n    @@\n    {code}\n"


PRINTED = script("p << larger.p;", "print(p[0].line)")


@pytest.mark.parametrize(
    ("later", "graphs", "said"),
    [
        (PRINTED, 1, ["1"]),
        # A script that drops what it is given leaves the ways that it is not given.
        (script("p << larger.p;", "cocci.include_match(False)"), 3, []),
        # The name is bound in every function.
        (script("f << larger.f;", "print(f)"), 3, ["one", "three", "two"]),
        (script("p << larger.p;\n    f << larger.f;", "print(f)"), 1, ["one"]),
        (script('f << larger.f = "-";', "print(f)"), 3, ["one", "three", "two"]),
    ],
)
def test_functions_without_what_later_rules_ask_for(
    tmp_path: Path, later: str, graphs: int, said: list[str]
) -> None:
    """A graph is made of the functions that may have a match of use."""
    rule = textwrap.dedent(LARGER) + textwrap.dedent(later)
    assert printed(tmp_path, rule, CODE) == said
    assert graphs_made(rule) == graphs


def graphs_made(rule: str) -> int:
    """Return how many control-flow graphs a rule file asks for; its scripts are passed over."""
    unit = Unit("a.c", textwrap.dedent(CODE).encode())
    items = UnitItems(unit)
    program = compile_file(parse_text(rule, "r.cocci"), [])
    step = program.steps[0]
    assert isinstance(step, CodeStep)
    runner = Runner(program, unit, [], MatchOptions(), items=items)
    runner.extend(step, runner.begin(), sparing=True)
    functions = [index for chunk in unit.chunks for index in items.of_chunk(chunk)]
    return sum(index._graph is not None for index in functions)


def test_a_rule_that_keeps_out_of_places_matches_beyond_them(tmp_path: Path) -> None:
    """Where no place is bound there is nothing to keep out of."""
    other = """\

    @any@
    position p != larger.p;
    expression x, y;
    @@
    x >@p y
    """
    later = script("p << any.p;", "print(p[0].line)")
    assert printed(tmp_path, LARGER + other + later, CODE) == ["2"]


def test_what_a_braces_content_is_changed_to_is_of_use(tmp_path: Path) -> None:
    """All of a block may be what a rule removes, by a metavariable for its statements."""
    rule = """\
    @@
    statement list ss;
    identifier f;
    @@
    int f(...)
    {
    -ss
    +done();
    }
    """
    code = "int one(int a)\n{\n\treturn a;\n}\n"
    assert "+\tdone();" in printed(tmp_path, rule, code)


@pytest.mark.parametrize(
    ("pattern", "clauses"),
    [
        ("x ? y : z", {("conditional_expression",)}),
        ("x || ...", set()),
        ("!x || ...", {("unary_expression",)}),
        ("f(x + y)", {("binary_expression",)}),
        ("f(sizeof(x + y))", set()),
        ("x = y;", {("assignment_expression", "init_declarator")}),
        ("\\( x->y \\| x[y] \\)", {("field_expression", "subscript_expression")}),
        ("\\( x->y \\| y \\)", set()),
        ("f(<+... x++ ...+>)", {("update_expression",)}),
        ("f(<... x++ ...>)", set()),
    ],
)
def test_kinds_of_node_that_a_match_has(pattern: str, clauses: set[tuple[str, ...]]) -> None:
    """An operand that may stand alone tells no more than itself; what may not be there, nothing."""
    text = f"@@\nexpression x, z;\nidentifier y, f;\n@@\n* {pattern}\n"
    rule = parse_text(text, "r.cocci").rules[0]
    assert isinstance(rule, CodeRule)
    assert {tuple(sorted(clause)) for clause in needed_kinds(rule.pattern)} == clauses


@pytest.mark.parametrize(("code", "lines"), [("f(x); ... g(x);", 0), ("g(x)", 1)])
def test_lines_are_parsed_for_rules_that_match_in_them(code: str, lines: int) -> None:
    """Dots between statements stand for what runs in a function, which the body of a macro is not."""
    text = b"#define M(x) g(x)\nint h(int x)\n{\n\tf(x);\n\treturn g(x);\n}\n"
    rule = "@@\nexpression x;\n@@\n* " + code.replace(" ", "\n* ") + "\n"
    program = compile_file(parse_text(rule, "r.cocci"), [])
    unit = Unit("a.c", text)
    items = UnitItems(unit)
    Runner(program, unit, [], MatchOptions(macros=True), items=items).run()
    assert len(items._lines) == lines
