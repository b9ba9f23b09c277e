# SPDX-License-Identifier: GPL-2.0-only
"""Rule files that are not understood: the code, the place, and never anything but `SmplError`."""

from __future__ import annotations

import random
import re

import pytest
from compiled import recursive
from hypothesis import given, settings
from hypothesis import strategies as st
from kernels import KERNEL, MISSING
from smpl_notation import error, rule

from vmaconv.cocci.smpl.parse import check_text, parse_file, parse_text
from vmaconv.cocci.smpl.rule import SmplError

D = "@@ expression E; identifier f; statement S; type T; position p; @@\n"
CASES = [
    # body, code, line (from 1, in the body), column, a part of the message
    (" f(E\n", "unbalanced-parenthesis", 1, 2, "not closed"),
    (" f(E));\n", "unbalanced-parenthesis", 1, 5, "closes nothing"),
    (" f(E];\n", "unbalanced-bracket", 1, 4, "does not close ( of line 2"),
    (" f(\n E\n);\n", "unbalanced-parenthesis", 3, 0, "closes a disjunction"),
    ("(E) = 3;\n", "unbalanced-parenthesis", 1, 2, "a disjunction's ("),
    ("(\n f(E)\n|\n S\n", "unbalanced-bracket", 3, 0, "the disjunction is not closed"),
    ("| f(E)\n", "stray-bar", 1, 0, "none is open"),
    ("(\n f(E)\n|\n S\n&\n S\n)\n", "mixed-disjunction", 5, 0, "same parentheses"),
    (" f(E)\n g(E);\n", "syntax", 2, 1, "`;` after the expression"),
    (" x = ;\n", "syntax", 1, 5, "an expression is expected"),
    (" for_all(E) { ... }\n", "wrong-kind", 1, 9, "which is no parameter"),
    (" x = S;\n", "wrong-kind", 1, 5, "a statement metavariable"),
    (" x = T;\n", "wrong-kind", 1, 5, "a type metavariable"),
    (" x = int;\n", "syntax", 1, 5, "an expression is expected"),
    (" g(E f);\n", "syntax", 1, 5, "`,` or `)` after an argument"),
    (" g(E@q);\n", "unknown-metavariable", 1, 5, "q is attached"),
    (" g(E)@;\n", "syntax", 1, 5, "after @"),
    (" if (E) ...\n", "syntax", 1, 8, "a statement is expected"),
    (" if E S\n", "syntax", 1, 4, "`(`"),
    (" else S\n", "syntax", 1, 1, "a statement is expected"),
    (" do S while (E)\n S\n", "syntax", 2, 1, "`;` after do"),
    (" return E\n", "syntax", 1, 9, "`;` after return"),
    (" int f\n", "syntax", 1, 6, "`;` at the end of the declaration"),
    (" struct { int a } x;\n", "syntax", 1, 16, "`;` at the end of the field"),
    (" struct f { int a; ; } x;\n", "syntax", 1, 19, "the declaration of a field"),
    (" f(int i { S }\n", "unbalanced-parenthesis", 1, 2, "not closed"),
    (" S\n ... when E\n S\n", "syntax", 2, 10, "after when"),
    (" S\n ... when !=\n S\n", "syntax", 2, 12, "the code that when forbids"),
    (" S\n ... when != <... E ...>\n S\n", "nest-in-when", 2, 13, "of none that it occurs"),
    (" S\n ... when any strict\n S\n", "syntax", 2, 10, "after when"),
    (" <... f(E);\n", "unbalanced-bracket", 1, 1, "<... is not closed"),
    (" f(E); ...>\n", "unbalanced-bracket", 1, 7, "closes nothing"),
    (" <... f(E); ...+>\n", "unbalanced-bracket", 1, 12, "does not close <..."),
    (" <... ...>\n", "syntax", 1, 6, "the body of the nest"),
    (" S\n ...\n ...\n S\n", "adjacent-dots", 3, 1, "two dots"),
    ("...\n", "only-dots", 1, 0, "dots only"),
    ("#ifdef X\n S\n#endif\n", "directive-in-minus-slice", 1, 0, "#ifdef can only be added"),
    (' g("a);\n', "unterminated-literal", 1, 3, "does not end on this line"),
    (" g('a);\n", "unterminated-literal", 1, 3, "does not end on this line"),
    (" g(§);\n", "unknown-character", 1, 3, "no part of SmPL or C"),
    (" g(E); /* \n", "unterminated-comment", 2, 0, "a comment does not end"),
    (" g(E); \\ S\n", "unknown-character", 1, 7, "a backslash stands alone"),
    ("", "empty-pattern", 0, 0, "no context or minus code"),
]


@pytest.mark.parametrize(("body", "code", "line", "column", "part"), CASES)
def test_error(body: str, code: str, line: int, column: int, part: str) -> None:
    found = error(D + body)
    assert (found.code, found.place.line, found.place.column) == (code, line + 1, column)
    assert part in found.message
    assert found.remedy
    assert found.source_line == (D + body).split("\n")[line]


def test_the_message_shows_file_line_and_column_from_1() -> None:
    assert str(error(D + " x = ;\n")).startswith("t.cocci:2:6: an expression is expected")


def test_a_fresh_identifier_cannot_be_matched() -> None:
    assert error("@@ fresh identifier x; @@\n- f(x);\n").code == "fresh-in-minus"


def test_warnings() -> None:
    text = "@r@ expression E, F; symbol known; @@\n f(E, known, unknown, MACRO, g(x)->y)\n"
    found = [(w.code, w.message.split()[0], w.place.line) for w in parse_text(text, "t").warnings]
    assert found == [
        ("unused-metavariable", "the", 1),
        ("undeclared-name", "unknown", 2),
        ("undeclared-name", "x", 2),
    ]


# Depth and width.

MANY = 10_000
DEEP = [
    "(" * MANY + "E" + ")" * MANY,
    "(" * MANY,
    "{" * MANY + "}" * MANY,
    "int " + "*" * MANY + " f;",
    "E ? E : " * MANY + "E",
    "if (E) S else " * MANY + "S",
    "for (;;) " * MANY + "S",
    "<... " * MANY + "S" + " ...>" * MANY,
]
WIDE = [
    "! " * MANY + "E",
    "E = " * MANY + "E",
    "E + " * MANY + "E",
    "f(" + "E, " * MANY + "E)",
    "f(E);\n " * MANY,
    "E" + "[E]" * MANY,
]


@recursive
@pytest.mark.parametrize("body", DEEP, ids=[body[:12] for body in DEEP])
def test_deep_nesting_is_an_error(body: str) -> None:
    assert error(f"{D} {body}\n").code in ("nested-too-deeply", "unbalanced-parenthesis")


@pytest.mark.parametrize("body", WIDE, ids=[body[:12] for body in WIDE])
def test_width_is_none(body: str) -> None:
    assert rule(f"{D} {body}\n").pattern


def test_a_thousand_arms() -> None:
    arms = "\n|\n".join(f" f{number}(E);" for number in range(1000))
    assert len(rule(f"{D}(\n{arms}\n)\n").pattern.children[0].children) == 1000


@pytest.mark.parametrize("arm", ["f(E);", "f(E)", "T"])
def test_disjunctions_in_disjunctions_take_no_exponential_time(arm: str) -> None:
    body = f"\\( {arm} \\| " * 60 + arm + " \\)" * 60
    assert rule(f"{D} {body}\n").pattern


# Whatever the text, only SmplError is raised.

SEED = (
    "// head\nvirtual patch\n\n@r depends on patch && !(patch || patch) exists@\n"
    'expression list[n] es; identifier f =~ "^a" && != {b, c}; position p; statement S;\n'
    'fresh identifier g = "x" ## f; type T; {struct a, int} *q;\n@@\n'
    "(\n- f@p(es, (T)q, <+... q ...+>);\n+ g(\n+  es);\n|\n  if (q == NULL || ...) S\n)\n"
    "  ... when != q = \\(f\\|g2\\)\n      when any\n"
    "  for (...;...;...) { <... return ...; ...> }\n"
    "\n@script:python s@\np << r.p;\nm;\n@@\nprint(p)\n\n@@ identifier s.m; @@\n"
    " struct m { ...\n- int x;\n+ long x;\n ... };\n"
)
TOKENS = re.findall(r"\w+|\s+|[^\w\s]", SEED)


def check(text: str) -> None:
    try:
        parse_text(text, "t.cocci")
        first = None
    except SmplError as found:
        first = found
        assert found.code
        assert found.message
        assert 1 <= found.place.line <= text.count("\n") + 1
        assert found.place.column >= 0
    errors = check_text(text, "t.cocci")
    assert (first is None) == (not errors)
    if first is not None:
        assert str(errors[0]) == str(first)


def test_the_seed_is_understood() -> None:
    assert check_text(SEED, "t.cocci") == []


def test_every_prefix() -> None:
    for end in range(len(SEED)):
        check(SEED[:end])


@settings(max_examples=200, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, len(TOKENS) - 1),
            st.sampled_from(["drop", "double", "swap"]),
            st.sampled_from(
                [*sorted(set(TOKENS)), "@@", "...", "\n(\n", "\n|\n", "\n)\n", "'", '"', "/*",
                 "\n@", "\n#define ", "\\", "......", "\n? ", "\n++ "]
            ),
        ),
        min_size=1,
        max_size=6,
    )
)  # fmt: skip
def test_mutations(changes: list[tuple[int, str, str]]) -> None:
    tokens = list(TOKENS)
    for index, how, text in changes:
        at = index % len(tokens)
        if how == "drop":
            tokens[at] = ""
        elif how == "double":
            tokens[at] += text
        else:
            tokens[at] = text
    check("".join(tokens))


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=80))
def test_any_text(text: str) -> None:
    check(text)
    check("@r@ expression e; @@\n" + text)


SCRIPTS = KERNEL / "scripts/coccinelle"


@pytest.mark.skipif(not SCRIPTS.is_dir(), reason=MISSING)
def test_the_kernels_scripts_are_understood() -> None:
    paths = sorted(SCRIPTS.glob("*/*.cocci"))
    assert len(paths) > 50
    for path in paths:
        assert parse_file(path).rules, path


@pytest.mark.skipif(not SCRIPTS.is_dir(), reason=MISSING)
def test_prefixes_of_the_kernels_scripts() -> None:
    chosen = random.Random(1)
    for path in sorted(SCRIPTS.glob("*/*.cocci")):
        text = path.read_text()
        for _ in range(5):
            check(text[: chosen.randrange(len(text))])
