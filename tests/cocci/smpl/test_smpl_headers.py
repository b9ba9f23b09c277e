# SPDX-License-Identifier: GPL-2.0-only
"""Headers of rules, scripts, and what stands before the first rule."""

from __future__ import annotations

from pathlib import Path

import pytest
from smpl_notation import error, rule

from vmaconv.cocci.smpl.depends import (
    Dependency,
    DependsAll,
    DependsAny,
    DependsNot,
    DependsOn,
    DependsOnFile,
)
from vmaconv.cocci.smpl.parse import check_text, parse_file, parse_text
from vmaconv.cocci.smpl.rule import CodeRule, ScriptRule

EARLIER = "virtual v\n\n@a@ position p; @@\n f@p();\n\n@b@ @@\n g();\n\n"
BODY = "@@\n f();\n"


def test_names() -> None:
    named = rule("@ name @\n" + BODY)
    assert (named.name, named.named) == ("name", True)
    unnamed = rule("\n@@\n" + BODY)
    assert (unnamed.name, unnamed.named, unnamed.place.line) == (
        "rule starting on line 2",
        False,
        2,
    )


DEPENDENCIES: list[tuple[str, Dependency]] = [
    ("a", DependsOn("a")),
    ("v", DependsOn("v")),
    ("!a", DependsNot(DependsOn("a"))),
    ("ever a", DependsOn("a", "ever")),
    ("never a", DependsOn("a", "never")),
    ("a && b", DependsAll((DependsOn("a"), DependsOn("b")))),
    ("a || b && v", DependsAny((DependsOn("a"), DependsAll((DependsOn("b"), DependsOn("v")))))),
    ("(a || b) && v", DependsAll((DependsAny((DependsOn("a"), DependsOn("b"))), DependsOn("v")))),
    ("!(a || b)", DependsNot(DependsAny((DependsOn("a"), DependsOn("b"))))),
    ('file in "mm"', DependsOnFile("mm")),
    ('!(file in "mm") && a', DependsAll((DependsNot(DependsOnFile("mm")), DependsOn("a")))),
]


@pytest.mark.parametrize(("text", "expected"), DEPENDENCIES)
def test_depends_on(text: str, expected: Dependency) -> None:
    assert rule(f"{EARLIER}@r depends on {text}@\n{BODY}").depends == expected


def test_clauses() -> None:
    found = rule(EARLIER + '@r extends a depends on b using "x.iso", "y.iso" disable p, q exists '
                 "expression@ @@\n f()\n")  # fmt: skip
    assert found.depends == DependsOn("b")
    assert (found.extends, found.using, found.disable) == ("a", ("x.iso", "y.iso"), ("p", "q"))
    assert (found.quantifier, found.kind) == ("exists", "expression")
    assert rule("@r forall@\n" + BODY).quantifier == "forall"
    assert rule("@ disable all @\n" + BODY).disable == ("all",)
    assert rule("@expression@\n@@\n f()\n").kind == "expression"


def test_an_extended_rule_hands_its_metavariables_on() -> None:
    found = rule("@a@ expression e; @@\n f(e)\n\n@b extends a@ identifier i; @@\n g(e, i)\n")
    assert {(v.name, v.rule) for v in found.metavariables} == {("e", "a"), ("i", None)}


def test_scripts() -> None:
    text = (
        EARLIER + "@initialize:python@\n@@\nimport sys\n\n"
        "@script:python s depends on a && !b@\np << a.p;\nq << a.p = [];\nmade;\n@@\n\n"
        'print(p)\nx = "@@"\n\n@finalize:ocaml@\nw << virtual.w = "none";\n@@\nlet x = 1\n'
    )
    scripts = [r for r in parse_text(text, "t.cocci").rules if isinstance(r, ScriptRule)]
    first, second, third = scripts
    assert (first.phase, first.language, first.code) == ("initialize", "python", "import sys\n\n")
    assert text.split("\n")[first.source_line - 1] == "import sys"
    assert (second.name, second.named, second.phase) == ("s", True, "script")
    assert second.depends == DependsAll((DependsOn("a"), DependsNot(DependsOn("b"))))
    assert [(i.local, i.rule, i.name, i.default) for i in second.inputs] == [
        ("p", "a", "p", None),
        ("q", "a", "p", "[]"),
    ]
    assert [v.name for v in second.outputs] == ["made"]
    assert second.code.startswith('\nprint(p)\nx = "@@"\n')
    assert text.split("\n")[second.source_line] == "print(p)"
    assert (third.phase, third.language, third.code) == ("finalize", "ocaml", "let x = 1\n")
    assert (third.inputs[0].rule, third.inputs[0].default) == ("virtual", "none")


def test_what_a_script_makes_can_be_inherited_as_any_kind() -> None:
    script = EARLIER + "@script:python s@ p << a.p; made; @@\ncoccinelle.made = 'x'\n\n"
    found = rule(script + "@@ identifier s.made; @@\n made();\n")
    assert (found.metavariables[0].kind, found.metavariables[0].rule) == ("identifier", "s")


def test_prologue() -> None:
    text = (
        "// SPDX-License-Identifier: GPL-2.0-only\n/// Find this\n/// and that.\n//# But beware.\n"
        "// Confidence: High\n// Options: --no-includes\n\n"
        "#spatch --very-quiet -j 2\nvirtual report,\n  org\nvirtual patch\n"
        'using "my.iso"\n\n' + EARLIER.replace("virtual v\n", "")
    )
    found = parse_text(text, "t.cocci")
    assert found.virtual == ("report", "org", "patch")
    assert found.spatch_options == ("--very-quiet", "-j", "2")
    assert found.isomorphisms == ("my.iso",)
    assert found.description == "Find this\nand that."
    assert found.fields == {
        "SPDX-License-Identifier": "GPL-2.0-only",
        "Confidence": "High",
        "Options": "--no-includes",
        "#": "But beware.",
    }


def test_a_plain_comment_describes_a_file_without_slashes_of_three() -> None:
    found = parse_text("// Replace f\n// by g.\n// Comments: none\n" + EARLIER[10:], "t.cocci")
    assert found.description == "Replace f\nby g."


def test_the_comment_above_a_rule_describes_it() -> None:
    text = "@a@ @@\n f();\n\n// First,\n// second.\n@b@ @@\n g();\n\n// far\n\n@c@ @@\n h();\n"
    rules = parse_text(text, "t.cocci").rules
    assert [r.description for r in rules if isinstance(r, CodeRule)] == ["", "First,\nsecond.", ""]


@pytest.mark.parametrize(
    ("head", "wanted"),
    [
        ("// Replace f\n\n// what v is for\nvirtual v\n@a@ @@\n f();\n", "Replace f"),
        ("// Replace f\n//\n// Why.\n\n// of the rule\n@a@ @@\n f();\n", "Replace f\n\nWhy."),
        ("// Replace f\n@a@ @@\n f();\n", "Replace f"),
        ("// SPDX-License-Identifier: GPL-2.0\n\n// Replace f\n@a@ @@\n f();\n", "Replace f"),
        ("// Replace f\n\n// and g\n\nvirtual v\n@a@ @@\n f();\n", "Replace f\nand g"),
    ],
)
def test_what_stands_right_above_something_does_not_describe_the_file(
    head: str, wanted: str
) -> None:
    """Unless it is the only comment: such a file says in one what it does."""
    assert parse_text(head, "t.cocci").description == wanted


def test_includes(tmp_path: Path) -> None:
    (tmp_path / "other.cocci").write_text("virtual w\n@a@ expression e; @@\n f(e)\n")
    main = tmp_path / "main.cocci"
    main.write_text('#include "other.cocci"\n@b depends on w@ expression a.e; @@\n g(e)\n')
    found = parse_file(main)
    assert [r.name for r in found.rules] == ["a", "b"]
    assert found.virtual == ("w",)
    assert found.includes == (str(tmp_path / "other.cocci"),)
    # As seen from the folder above, wherever that is.
    main.write_text(f'#include "{tmp_path.name}/other.cocci"\n@b@ expression a.e; @@\n g(e)\n')
    assert [rule.name for rule in parse_file(main).rules] == ["a", "b"]
    main.write_text('#include "main.cocci"\n' + EARLIER[10:])
    assert error_code(main) == "bad-include"
    main.write_text('#include "none.cocci"\n' + EARLIER[10:])
    assert error_code(main) == "bad-include"


def error_code(path: Path) -> str:
    return check_text(path.read_text(), str(path))[0].code


def test_line_ends_of_dos(tmp_path: Path) -> None:
    path = tmp_path / "dos.cocci"
    path.write_bytes(b"@r@\r\nexpression e;\r\n@@\r\n- f(e);\r\n+ g(e);\r\n")
    found = parse_file(path).rules[0]
    assert isinstance(found, CodeRule)
    assert found.plus[0].lines[0].text == " g(e);"


ERRORS = [
    ("@r depends on q@\n" + BODY, "unknown-rule", 1, 14),
    ("@r depends on r@\n" + BODY, "unknown-rule", 1, 14),
    ("@r depends@\n" + BODY, "bad-header", 1, 10),
    ("@r depends on (a@\n" + BODY, "unknown-rule", 1, 15),
    ("@r extends q@\n" + BODY, "unknown-rule", 1, 11),
    ("@r foo@\n" + BODY, "bad-header", 1, 3),
    ("@r disable @\n" + BODY, "bad-header", 1, 11),
    ("@r using x@\n" + BODY, "bad-header", 1, 9),
    ("@script:perl@\n@@\nx\n", "bad-header", 1, 8),
    ("@r\nexpression e;\n@@\n f();\n", "unterminated-header", 1, 0),
    ("@r@\nexpression e;\n f();\n", "unterminated-declarations", 1, 2),
    ("@r@\n@@\n f();\n@r@\n@@\n g();\n", "duplicate-rule", 4, 1),
    ("virtual r\n@r@\n@@\n f();\n", "duplicate-rule", 2, 1),
    ("virtal r\n@r@\n@@\n f();\n", "bad-prologue", 1, 0),
    ("virtual\n@r@\n@@\n f();\n", "bad-prologue", 1, 0),
    ("@script:python@\nx << q.y;\n@@\npass\n", "unknown-rule", 2, 5),
    ("@script:python@\nx < y;\n@@\npass\n", "bad-declaration", 2, 2),
    ("@script:python@\nx;\nx;\n@@\npass\n", "duplicate-metavariable", 3, 0),
]


@pytest.mark.parametrize(("text", "code", "line", "column"), ERRORS)
def test_error(text: str, code: str, line: int, column: int) -> None:
    found = error(text)
    assert (found.code, found.place.line, found.place.column) == (code, line, column)
    assert found.source_line == text.split("\n")[line - 1]
    assert found.remedy


def test_all_errors_of_a_file() -> None:
    text = (
        "@a@ expression e; @@\n f(e;\n\n@b@ expresion e; @@\n f(e);\n\n"
        "@c depends on a@ @@\n g();\n\n"
        "@d depends on nobody@ @@\n g();\n"
    )
    assert [(e.code, e.place.line) for e in check_text(text, "t.cocci")] == [
        ("unbalanced-parenthesis", 2),
        ("unknown-kind", 4),
        ("unknown-rule", 10),
    ]
    assert check_text("@a@ @@\n f();\n", "t.cocci") == []
