# SPDX-License-Identifier: GPL-2.0-only
"""Dots between statements: where a pattern matches, and what it binds.

Whole rewrites are cases in folders (`tests/cases/dots`); here a rule is all context with positions
or `*` lines, and what counts is the lines that its matches take.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest

from vmaconv.cocci.match.attempt.state import MatchOptions
from vmaconv.cocci.match.search import Match, ReadyPattern, items_of
from vmaconv.cocci.match.union import united
from vmaconv.cocci.smpl.mentions import Name
from vmaconv.cocci.smpl.parse import parse_text
from vmaconv.cocci.smpl.rule import CodeRule, TokenMark
from vmaconv.cocci.tree.unit import Unit
from vmaconv.cocci.types.expression_types import ExpressionTypes


def matches(rule_text: str, body: str, exported: tuple[str, ...] = ()) -> list[Match]:
    """Return the matches of a file's only rule in a function with this body."""
    rule = parse_text(rule_text, "r.cocci").rules[0]
    assert isinstance(rule, CodeRule)
    names: frozenset[Name] = frozenset(("", name) for name in exported)
    pattern = ReadyPattern(rule.pattern, rule, names)
    unit = Unit("a.c", f"void fn(int x) {{\n{body}\n}}\n".encode())
    types = ExpressionTypes(unit, [])
    return list(_find(pattern, unit, types))


def _find(pattern: ReadyPattern, unit: Unit, types: ExpressionTypes) -> Iterator[Match]:
    for chunk in unit.chunks:
        for index in items_of(chunk, lambda _start, _end: True):
            yield from pattern.find(index, types, MatchOptions(), {})


def lines(rule_text: str, body: str, exported: tuple[str, ...] = ()) -> list[list[int]]:
    """Return for each match the lines of its minus and star tokens; line 1 is the body's first."""
    found = []
    for match in matches(rule_text, body, exported):
        before = f"void fn(int x) {{\n{body}\n}}\n"
        taken = [t.start for t in match.trail if t.token.mark is not TokenMark.CONTEXT]
        found.append(sorted({before[:start].count("\n") for start in taken}))
    return sorted(found)


@pytest.fixture
def deep() -> Iterator[None]:
    """Let Python go as deep as the command line does."""
    before = sys.getrecursionlimit()
    sys.setrecursionlimit(20000)
    yield
    sys.setrecursionlimit(before)


FORALL = "@@ @@\n- a();\n  ...\n- b();\n"
EXISTS = "@r exists@ @@\n- a();\n  ...\n- b();\n"


@pytest.mark.parametrize(
    ("body", "forall", "exists"),
    [
        ("a();\nb();", [[1, 2]], [[1, 2]]),
        ("a();\nc();\nb();", [[1, 3]], [[1, 3]]),
        ("a();\nif (x)\nb();\nb();", [[1, 3, 4]], [[1, 3], [1, 4]]),
        ("a();\nif (x)\nb();", [], [[1, 3]]),
        ("a();\nif (x)\nreturn;\nb();", [[1, 4]], [[1, 4]]),
        ("a();\nif (x)\nc();\nelse\nreturn;\nb();", [], [[1, 6]]),
        ("a();\nwhile (x)\nb();\nb();", [[1, 3, 4]], [[1, 3], [1, 4]]),
        ("a();\nwhile (x)\nb();", [], [[1, 3]]),
        ("a();\ndo\nb();\nwhile (x);", [[1, 3]], [[1, 3]]),
        ("a();\na();\nb();", [[2, 3]], [[2, 3]]),
        ("a();\nfor (;;)\nif (c()) break;\nb();", [[1, 4]], [[1, 4]]),
        ("a();\ngoto l;\nc();\nl:\nb();", [[1, 5]], [[1, 5]]),
        ("if (x) {\na();\n}\nb();", [[2, 4]], [[2, 4]]),
        ("a();\nswitch (x) {\ncase 1:\nb();\nbreak;\n}", [], [[1, 4]]),
        ("a();\nswitch (x) {\ncase 1:\nc();\ndefault:\nb();\n}", [[1, 6]], [[1, 6]]),
        ("a();\n#ifdef A\nb();\n#else\nb();\n#endif", [[1, 3, 5]], [[1, 3], [1, 5]]),
        ("a();\n#ifdef A\nreturn;\n#endif\nb();", [], [[1, 5]]),
        ("c();", [], []),
    ],
)
def test_all_paths_and_some_path(
    body: str, forall: list[list[int]], exists: list[list[int]]
) -> None:
    assert lines(FORALL, body) == forall
    assert lines(EXISTS, body) == exists


@pytest.mark.parametrize(
    ("when", "body", "found"),
    [
        ("when != c()", "a();\nc();\nb();", []),
        ("when != c()", "a();\nif (c())\nd();\nb();", []),
        ("when != c()", "a();\nd();\nb();\nc();", [[1, 3]]),
        ("when any", "a();\na();\nb();", [[1, 3], [2, 3]]),
        ("when any", "a();\nb();\nb();", [[1, 2], [1, 3]]),
        ("when strict", "a();\nif (x)\nreturn;\nb();", []),
        ("when strict", "a();\nif (x)\nc();\nb();", [[1, 4]]),
        ("when exists", "a();\nif (x)\nb();", [[1, 3]]),
    ],
)
def test_whens(when: str, body: str, found: list[list[int]]) -> None:
    assert lines(f"@@ @@\n- a();\n  ... {when}\n- b();\n", body) == found


def test_rules_with_stars_are_about_some_path() -> None:
    assert lines("@@ @@\n* a();\n  ...\n* b();\n", "a();\nif (x)\nb();") == [[1, 3]]


def test_what_is_forbidden_may_name_what_comes_later() -> None:
    rule = "@@ expression E; @@\n- a();\n  ... when != free(E)\n- use(E);\n"
    assert lines(rule, "a();\nfree(y);\nuse(x);") == [[1, 3]]
    assert lines(rule, "a();\nfree(x);\nuse(x);") == []


def test_function_with_dots_around() -> None:
    rule = "@@ identifier f; @@\nf(...) {\n...\n- a();\n...\n}\n"
    assert lines(rule, "c();\na();\nc();") == [[2]]
    assert lines(rule, "a();\na();") == []
    assert lines(rule, "c();") == []


def test_unused_parameter_is_not_used() -> None:
    rule = "@@ identifier f, p; type T; @@\n- f(T p) {\n  ... when != p\n  }\n"
    assert len(lines(rule, "c();")) == 1
    assert lines(rule, "if (x)\nc();") == []


def test_branch_with_dots() -> None:
    rule = "@@ @@\n  if (...) {\n  ...\n- a();\n  ...\n  }\n"
    assert lines(rule, "if (x) {\nc();\na();\n}\na();") == [[3]]


def test_if_without_else_does_not_match_one_with_else() -> None:
    rule = "@@ @@\n- a();\n  ...\n  if (x) { ... }\n"
    assert lines(rule, "a();\nif (x) { c(); }") == [[1]]
    assert lines(rule, "a();\nif (x) { c(); } else { c(); }") == []


def test_error_handling_may_jump() -> None:
    rule = "@@ @@\n- if (x) {\n  ...\n  return ...;\n- }\n"
    assert lines(rule, "if (x) {\nc();\nreturn;\n}") == [[1, 4]]
    context = "@@ @@\n- a();\n  if (x) {\n  ...\n  return ...;\n  }\n"
    assert lines(context, "a();\nif (x) {\nc();\ngoto out;\n}\nd();\nout:\nreturn;") == [[1]]
    assert lines(context, "a();\nif (x) {\nc();\n}\nd();\nreturn;") == []


def test_implied_return() -> None:
    rule = "@@ @@\n- a();\n  ...\n  return ...;\n"
    assert lines(rule, "a();\nb();") == [[1]]
    assert lines(rule, "a();\nreturn;") == [[1]]
    assert lines(rule, "a();\nreturn x;") == [[1]]
    assert lines("@@ @@\n- a();\n  ...\n  return E;\n".replace("E", "1"), "a();\nb();") == []


def test_statement_metavariable_spans_a_whole_statement() -> None:
    rule = "@@ statement S; @@\n  a();\n  S\n- b();\n"
    assert lines(rule, "a();\nif (x) {\nc();\n}\nb();") == [[5]]
    assert lines(rule, "a();\nc();\nc();\nb();") == []
    value = matches(rule, "a();\nwhile (x) c();\nb();")[0].bindings[("", "S")]
    assert value.text == b"while (x) c();"


def test_expression_among_statements_lies_anywhere() -> None:
    rule = "@@ expression E; @@\n- a();\n  ...\n  f(E)\n"
    assert lines(rule, "a();\nif (f(1))\nc();") == [[1]]
    assert lines(rule, "a();\nint y = f(1);") == [[1]]
    assert lines(rule, "a();\ng(1);") == []


def test_earliest_arm_wins() -> None:
    rule = "@@ expression E, F; @@\n  a();\n  ...\n(\n- f(1);\n|\n- f(E);\n)\n"
    found = matches(rule, "a();\nf(1);")
    assert [{n for (_, n) in m.bindings} for m in found] == [set()]
    assert [m.bindings[("", "E")].key for m in matches(rule, "a();\nf(2);")] == [b"2"]


def test_nest_takes_every_occurrence() -> None:
    rule = "@@ @@\n  a();\n  <...\n- c();\n  ...>\n  b();\n"
    assert lines(rule, "c();\na();\nc();\nif (x) {\nc();\n}\nb();\nc();") == [[3, 5]]
    assert lines(rule, "a();\nb();") == [[]]


def test_nest_that_needs_one_occurrence() -> None:
    rule = "@@ @@\n- a();\n  <+...\n  c();\n  ...+>\n  b();\n"
    assert lines(rule, "a();\nif (x)\nc();\nb();") == [[1]]
    assert lines(rule, "a();\nd();\nb();") == []


def test_metavariable_of_one_place_may_differ_between_branches() -> None:
    rule = "@@ expression E; @@\n  a();\n  ...\n- f(E);\n"
    body = "a();\nif (x)\nf(1);\nelse\nf(2);"
    (match,) = matches(rule, body)
    own = [t.own[("", "E")].key for t in match.trail if t.own and t.token.text == b"E"]
    assert own == [b"1", b"2"]
    assert matches(rule, body, exported=("E",)) == []


def test_shared_metavariable_is_one_thing() -> None:
    rule = "@@ expression E; @@\n- a(E);\n  ...\n- f(E);\n"
    assert lines(rule, "a(1);\nif (x)\nf(1);\nelse\nf(2);") == []
    assert lines(rule, "a(1);\nif (x)\nf(1);\nelse\nf(1);") == [[1, 3, 5]]


def test_positions_of_all_branches_are_one_value() -> None:
    rule = "@r@ position p; @@\n  a();\n  ...\n  f@p(...);\n"
    (match,) = matches(rule, "a();\nif (x)\nf(1);\nelse\nf(2);", exported=("p",))
    assert [place.line for place in match.bindings[("", "p")].positions] == [4, 6]


def test_each_path_has_positions_of_its_own() -> None:
    rule = "@r exists@ position p; @@\n  a();\n  ...\n  f@p(...);\n"
    found = matches(rule, "a();\nif (x)\nf(1);\nelse\nf(2);", exported=("p",))
    places = [[place.line for place in m.bindings[("", "p")].positions] for m in found]
    assert sorted(places) == [[4], [6]]


def test_condition_that_is_not_true() -> None:
    rule = "@@ expression E; @@\n- a(E);\n  ... when != true bad(E)\n  use(E);\n"
    assert lines(rule, "a(x);\nif (bad(x))\nuse(x);") == []
    assert lines(rule, "a(x);\nif (ok(x))\nc();\nuse(x);") == [[1]]


def test_optional_statement() -> None:
    rule = "@@ @@\n- a();\n  ...\n?- c();\n  ...\n- b();\n"
    assert lines(rule, "a();\nd();\nb();") == [[1, 3]]
    assert lines(rule, "a();\nd();\nc();\nb();") == [[1, 3, 4]]


def test_removed_dots_take_a_branch_that_jumps_out() -> None:
    rule = "@@ @@\n- a();\n- ...\n- b();\n"
    found = united(matches(rule, "a();\nif (x) {\nreturn;\n}\nc();\nb();"), {})
    before = b"void fn(int x) {\na();\nif (x) {\nreturn;\n}\nc();\nb();\n}\n"
    covered = [before[t.start : t.end] for m in found for t in m.trail if t.token.text == b"..."]
    assert b"{\nreturn;\n}" in covered and b"c();" in covered


def test_matches_over_the_same_code_are_united() -> None:
    found = matches("@@ @@\n- a();\n  ... when any\n- b();\n", "a();\na();\nb();")
    assert len(found) == 2
    (whole,) = united(found, {})
    starts = {t.start for t in whole.trail if t.token.text == b"("}
    assert len(starts) == 3


def test_patterns_without_dots_are_matched_as_before() -> None:
    assert lines("@@ expression E; @@\n- f(E)\n", "f(1);\ng(f(2));") == [[1], [2]]


def test_a_pattern_in_deep_code_ends() -> None:
    body = "a();\n" + "if (x) {\n" * 60 + "c();\n" + "}\n" * 60 + "b();"
    assert len(lines(FORALL, body)) == 1


def test_many_alternatives_end() -> None:
    rule = "@r exists@ expression E, F, G; @@\n  f(E);\n  ... when any\n  f(F);\n"
    rule += "  ... when any\n* f(G);\n"
    assert matches(rule, "\n".join(f"f({n});" for n in range(30)))


def test_a_thousand_arms() -> None:
    arms = "\n|\n".join(f"- f({n});" for n in range(1000))
    assert lines(f"@@ @@\n  a();\n  ...\n(\n{arms}\n)\n", "a();\nf(999);") == [[2]]


@pytest.mark.usefixtures("deep")
def test_a_deep_pattern() -> None:
    depth = 16
    rule = "@@ @@\n" + "  if (...) {\n...\n" * depth + "- a();\n" + "...\n}\n" * depth
    body = "if (x) {\n" * depth + "a();\n" + "}\n" * depth
    assert lines(rule, body) == [[depth + 1]]


def test_a_long_pattern() -> None:
    rule = "@@ @@\n" + "".join(f"  f({n});\n" for n in range(150)) + "  ...\n- a();\n"
    body = "\n".join(f"f({n});" for n in range(150)) + "\na();"
    assert lines(rule, body) == [[151]]
