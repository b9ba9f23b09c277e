# SPDX-License-Identifier: GPL-2.0-only
"""Mistakes that people make in rules: each is named with its place and what to write instead.

Through `vmaconv rules check` and `vmaconv spatch`; places count from 1, as they are printed.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from click.testing import CliRunner
from spatch_calls import ours

from vmaconv.cli.main import group

X = "@r@\nexpression x;\n@@\n"

ERRORS = {
    "header not closed": ("@r\nexpression x;\n@@\n- foo(x)\n", 1, 1, "@name@"),
    "declarations not closed": ("@r@\nexpression x;\n- foo(x)\n", 1, 3, "write @@ on a line"),
    "no header": ("- foo(x)\n+ bar(x)\n", 1, 1, "begin a rule with @name@ or @@"),
    "misspelt kind": ("@r@\nexpresion x;\n@@\n- foo(x)\n", 2, 1, "write expression"),
    "misspelt kind, too": ("@r@\nidentifer x;\n@@\n- foo(x)\n", 2, 1, "write identifier"),
    "no semicolon": ("@r@\nexpression x\n@@\n- foo(x)\n", 3, 1, "end the declaration with ;"),
    "no semicolon before another": (
        *("@r@\nexpression x\nidentifier f;\n@@\n- f(x)\n", 2, 13),
        "end the declaration with ;",
    ),
    "open parenthesis": (X + "- foo(x;\n+ bar(x);\n", 4, 6, "close it: )"),
    "closing parenthesis": (X + "- foo(x));\n", 4, 9, "remove it, or open it"),
    "dots alone": (X + "...\n", 4, 1, "write the code that is to be found"),
    "two dots": ("@@\n@@\n- foo();\n...\n...\n- bar();\n", 5, 1, "remove one of them"),
    "dots in an expression": (X + "- foo(x ... y)\n", 4, 9, "separate arguments with commas"),
    "unknown rule": (
        X + "foo(x)\n@@\nexpression a.x;\n@@\n- bar(x)\n",
        6,
        12,
        "there is no rule a",
    ),
    "unknown name of a rule": (X + "foo(x)\n@@\nexpression r.y;\n@@\n- f(y)\n", 6, 12, "it has: x"),
    "other kind than inherited": (
        *("@r@\nstruct a *x;\n@@\nfoo(x)\n@@\nexpression r.x;\n@@\n- f(x)\n", 6, 12),
        "declare it as struct a *",
    ),
    "unknown isomorphism": ("@r disable parens@\n@@\n- foo(1)\n", 1, 1, "did you mean paren?"),
    "unknown dependency": ("@r depends on a@\n@@\n- foo(1)\n", 1, 15, "or declare it: virtual a"),
    "misspelt depends": ("@r depend on a@\n@@\n- foo(1)\n", 1, 4, "depends on other"),
    "misspelt exists": ("@r exist@\n@@\n* foo(1)\n", 1, 4, "depends on, exists, forall"),
    "added code alone": (X + "+ foo(x)\n", 1, 1, "added code needs a neighbour"),
    "star and minus": (X + "* foo(x);\n- bar(x);\n", 1, 1, "write two rules"),
    "open disjunction": (X + "(\n- foo(x)\n|\n- bar(x)\n", 6, 1, "a ) in column 0"),
    "position not declared": (X + "- foo@p(x)\n", 4, 7, "declare it: position p;"),
    "when without dots": (X + "- foo(x) when != y\n", 4, 10, "... before more code"),
    "when without !=": (X + "foo(x);\n... when x\nbar(x);\n", 5, 10, "when != x"),
    "declared twice": ("@r@\nexpression x;\nidentifier x;\n@@\n- f(x)\n", 3, 12, "another name"),
    "a word of C": ("@r@\nexpression if;\n@@\n- foo(if)\n", 2, 12, "use another name"),
    "a dash of typography": (X + "− foo(x)\n", 4, 1, "no part of SmPL or C"),
    "string not ended": (X + '- foo("x)\n', 4, 7, 'close it with "'),
    "rule named twice": (X + "- foo(x)\n@r@\n@@\n- bar(1)\n", 5, 2, "a name of its own"),
    "no semicolon of C": (X + "- foo(x)\n- bar(x)\n", 5, 3, "write ; to end the statement"),
    "blank in =~": ('@@\nidentifier f = ~"a";\n@@\n- f()\n', 2, 16, "write =~ without a blank"),
    "regular expression": (
        '@@\nidentifier f =~ "(a";\n@@\n- f()\n',
        2,
        17,
        "no regular expression",
    ),
    "fresh and matched": ("@@\nfresh identifier x;\n@@\n- f(x)\n", 4, 5, "in added code only"),
    "added and unbound": (X + "- foo()\n+ bar(x)\n", 5, 7, "context or minus code"),
    "input of no rule": (
        *(X + "foo(x)\n@script:python@\nx << s.x;\n@@\nprint(x)\n", 6, 6),
        "there is no rule s",
    ),
    "script that is no Python": (
        *(X + "foo(x)\n@script:python@\nx << r.x;\n@@\nprint(x\n", 8, 6),
        "was never closed",
    ),
    "misspelt input": (
        *(X + "foo(x)\n@script:python@\nxx << r.x;\n@@\nprint(x)\n", 8, 7),
        "did you mean 'xx'?",
    ),
    "open in added code": (X + "- foo(x);\n+ bar(x;\n", 5, 7, "`(` has no partner"),
    "brace left alone": (
        X + "- if (x) {\n+ if (!x) {\n  foo();\n- }\n",
        5,
        12,
        "`{` has no partner",
    ),
    "statement for an expression": (X + "- foo(x)\n+ bar(x);\n", 5, 9, "write ; in both"),
    "expression for a statement": (X + "- foo(x);\n+ bar(x)\n", 5, 8, "write ; in both"),
    "a language": ("@script:perl@\n@@\nprint 1;\n", 1, 9, "scripts are written in python"),
}

WARNINGS = {
    "not declared": (X + "- foo(x, y)\n", 4, 10, "should it be a metavariable?"),
    "not used": ("@r@\nexpression x, y;\n@@\n- foo(x)\n", 2, 15, "is not used"),
    "indented marks": (X + " - foo(x)\n + bar(x)\n", 4, 2, "begin the line with it"),
    "member of a rule": (X + "- foo(x)\n@@\n@@\n- bar(r.x)\n", 7, 7, "declare `expression r.x;`"),
    "brace that one arm of #if opens": (
        X + "- foo(x);\n+#ifdef A\n+ if (a) {\n+#endif\n+ bar(x);\n",
        6,
        11,
        "`{` has no partner",
    ),
    "a pragma beside statements": (
        *(X + "#pragma omp parallel\n- foo(x);\n", 4, 1),
        "give it a rule of its own",
    ),
    "another language": (X + "- foo(x)\n@script:ocaml@\n@@\nlet x = 1\n", 5, 1, "passed over"),
}


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a.c").write_text("int a;\n")
    return tmp_path


@pytest.mark.parametrize(("text", "line", "column", "part"), ERRORS.values(), ids=ERRORS)
def test_an_error_has_its_place_and_a_remedy(text: str, line: int, column: int, part: str) -> None:
    Path("r.cocci").write_text(text)
    checked = CliRunner().invoke(group, ["rules", "check", "r.cocci"], catch_exceptions=True)
    called = ours(["r.cocci", "a.c"])
    assert called.status == 255
    assert called.err.startswith(f"r.cocci:{line}:{column}: ")
    assert part in called.err
    error = checked.exception
    said = str(error) + getattr(error, "remedy", "") if error is not None else checked.output
    assert f"r.cocci:{line}:{column}: " in (said + checked.output)


@pytest.mark.parametrize(("text", "line", "column", "part"), WARNINGS.values(), ids=WARNINGS)
def test_a_warning_has_its_place(text: str, line: int, column: int, part: str) -> None:
    Path("r.cocci").write_text(text)
    checked = CliRunner().invoke(group, ["rules", "check", "r.cocci"])
    assert checked.exit_code == 0, checked.output
    assert f"warning: r.cocci:{line}:{column}: " in checked.output
    assert part in checked.output


def test_spatch_prints_warnings_unless_it_is_to_be_quiet() -> None:
    Path("r.cocci").write_text(WARNINGS["not declared"][0])
    assert "warning: r.cocci:4:10: y is not declared" in ours(["r.cocci", "a.c"]).err
    assert ours(["r.cocci", "a.c", "--very-quiet"]).err == ""


def test_a_caret_stands_below_the_place() -> None:
    Path("r.cocci").write_text(X + "-\tfoo(x;\n")
    lines = ours(["r.cocci", "a.c"]).err.splitlines()
    assert lines[1:3] == ["  -\tfoo(x;", "   \t   ^"]
