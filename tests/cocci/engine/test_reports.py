# SPDX-License-Identifier: GPL-2.0-only
"""Rules that hand on what they bind: what scripts at their end print."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from script_runs import printed

from vmaconv.cocci.engine.program import Program, compile_file
from vmaconv.cocci.engine.useful import useful_steps
from vmaconv.cocci.match.prefilter.required import required
from vmaconv.cocci.smpl.parse import parse_file
from vmaconv.cocci.smpl.rule import CodeRule
from vmaconv.cocci.text.held_words import HeldWords


def program(tmp_path: Path, rule: str) -> Program:
    """Compile a rule file without isomorphisms."""
    (tmp_path / "r.cocci").write_text(textwrap.dedent(rule))
    return compile_file(parse_file(tmp_path / "r.cocci"), [])


TWICE = """\
    @r@
    identifier s, fld;
    expression E;
    position p0, p;
    @@
    struct s x =@p0 { ..., .fld@p = E, ...};

    @again@
    identifier s, r.fld;
    expression E;
    position r.p0, p != r.p;
    @@
    struct s x =@p0 { ..., .fld@p = E, ...};

    @script:python@
    first << r.p;
    second << again.p;
    @@
    print(first[0].line, second[0].line)
    """


def test_a_list_is_printed_with_its_commas(tmp_path: Path) -> None:
    rule = (
        "@r@\nexpression list es;\nidentifier f;\nparameter list ps;\n@@\nf(ps) { g(es); }\n"
        "@script:python@\nes << r.es;\nps << r.ps;\n@@\nprint(ps)\nprint(es)\n"
    )
    code = "int f(int a, char *b) { g(a, h(1, 2)); }\n"
    assert printed(tmp_path, rule, code) == ["a , h ( 1 , 2 )", "int a , char * b"]


def test_arms_that_exclude_each_other(tmp_path: Path) -> None:
    """A field that each arm of a conditional sets once is not set twice."""
    arms = "struct s x = {\n#ifdef A\n\t.a = 1,\n#else\n\t.a = 2,\n#endif\n};\n"
    assert printed(tmp_path, TWICE, arms) == []
    twice = "struct s x = {\n#ifdef A\n\t.a = 1,\n#endif\n\t.a = 2,\n};\n"
    found = printed(tmp_path, TWICE.replace("p != r.p", "p"), twice)
    assert {"3 5", "5 3"} <= set(found)


def test_places_to_keep_out_of(tmp_path: Path) -> None:
    """`p != r.p` keeps out of every place that r saw, whatever else it bound there."""
    rule = """\
        @a@
        expression e;
        position p;
        @@
        checked(f@p(e))

        @b@
        expression e;
        position p;
        @@
        known(f@p(e))

        @c@
        position p != {a.p, b.p};
        @@
        f@p(...)

        @script:python@
        p << c.p;
        @@
        print(p[0].line)
        """
    code = (
        "void g(void)\n{\n\tchecked(f(1));\n\tf(2);\n\tknown(f(3));\n\tchecked(f(4));\n\tf(5);\n}\n"
    )
    assert printed(tmp_path, rule, code) == ["4", "7"]


def test_an_inherited_name_is_looked_for_where_it_is_needed(tmp_path: Path) -> None:
    """A function that another rule names is found, in whatever stretch of the file it stands."""
    rule = """\
        @r@
        identifier fn, o;
        @@
        struct ops o = { ..., .open = fn, ... };

        @s@
        identifier r.fn;
        position p;
        @@
        fn@p(...) { ... when any
        return 1; ... when any
        }

        @script:python@
        p << s.p;
        fn << r.fn;
        @@
        print(fn, p[0].line)
        """
    code = """\
        int first(void)
        {
        	return 1;
        }
        int second(void)
        {
        	return 1;
        }
        struct ops o = { .open = second };
        """
    assert printed(tmp_path, rule, code) == ["second 5"]


def test_steps_that_come_to_nothing_are_left_out(tmp_path: Path) -> None:
    """What only serves a rule whose words are not there is not looked for."""
    steps = program(
        tmp_path,
        """\
        @r@
        identifier f;
        @@
        f(...) { ... }

        @s@
        identifier r.f;
        position p;
        @@
        register_it(f@p)

        @script:python@
        p << s.p;
        @@
        print(p[0].line)
        """,
    )
    assert useful_steps(steps, HeldWords(b"void f(void) { }", list)) == []
    assert len(useful_steps(steps, HeldWords(b"void f(void) { register_it(f); }", list))) == 3


def test_words_that_an_earlier_rule_writes(tmp_path: Path) -> None:
    """A rule is not left out for a word that the rule before it may bring."""
    steps = program(tmp_path, "@@\n@@\n- a()\n+ b()\n\n@@\n@@\n- b()\n+ c()\n")
    assert len(useful_steps(steps, HeldWords(b"void f(void) { a(); }", list))) == 2


@pytest.mark.parametrize(
    ("pattern", "clauses"),
    [
        ("f(x) | g", {("f",), ("x",), ("g",), ("|",)}),
        ("f(x) | ...", {("f",), ("x",)}),
        ("\\( f(a) \\| g(a) \\)", {("a",), ("f", "g")}),
        # No search is for an operator, however many arms have it.
        ("\\( f(&a) \\| g(&a) \\| h(a) \\)", {("a",), ("f", "g", "h")}),
        ("\\( f \\| 1 + 2 \\)", {("+", "f")}),
    ],
)
def test_what_a_text_has_to_hold(
    tmp_path: Path, pattern: str, clauses: set[tuple[str, ...]]
) -> None:
    """Names and operators count, and where arms share one, what else they differ in."""
    (tmp_path / "r.cocci").write_text(f"@@\nsymbol x, a;\n@@\n* {pattern}\n")
    rule = parse_file(tmp_path / "r.cocci").rules[0]
    assert isinstance(rule, CodeRule)
    found = {tuple(sorted(w.decode() for w in clause)) for clause in required(rule.pattern)}
    assert found == clauses


USES = """\
    @freed@
    expression E;
    position p1;
    @@
    drop@p1(E);

    @r exists@
    expression freed.E, E2;
    position freed.p1, p2;
    @@
    drop@p1(E);
    ...
    (
     E = E2
    |
     look(E);
    |
     use(E@p2)
    )
    """


def test_matches_without_what_scripts_need(tmp_path: Path) -> None:
    """An arm that binds no position still stands in the way of the one behind it that does."""
    rule = (
        USES
        + """\

    @script:python@
    p << r.p2;
    q << freed.p1;
    @@
    print(q[0].line, p[0].line)
    """
    )
    code = """\
    void none(int *p)
    {
        drop(p);
        p = new();
        use(p);
    }

    void used(int *p)
    {
        drop(p);
        a();
        use(p);
    }

    void both(int *p, int c)
    {
        drop(p);
        if (c)
            look(p);
        else
            use(p);
    }
    """
    assert printed(tmp_path, rule, code) == ["10 12", "17 21"]


def test_a_match_counts_where_another_rule_depends_on_it(tmp_path: Path) -> None:
    """What depends on a match asks for nothing that it has bound."""
    rule = (
        USES
        + """\

    @s depends on r@
    position freed.p1;
    position p;
    @@
    drop@p1(...);
    ...
    later@p();

    @script:python@
    p << s.p;
    @@
    print(p[0].line)
    """
    )
    code = """\
    void f(int *p)
    {
        drop(p);
        look(p);
        later();
    }

    void g(int *p)
    {
        drop(p);
        later();
    }
    """
    assert printed(tmp_path, rule, code) == ["5"]


def test_a_match_that_a_script_has_no_use_for_outlives_those_that_it_drops(tmp_path: Path) -> None:
    """Dropping all ways of a match that bind a position leaves the way that does not."""
    rule = (
        USES
        + """\

    @script:python@
    p << r.p2;
    @@
    cocci.include_match(False)

    @script:python@
    p << freed.p1;
    @@
    print(p[0].line)
    """
    )
    code = """\
    void only(int *p)
    {
        drop(p);
        use(p);
    }

    void both(int *p, int c)
    {
        drop(p);
        if (c)
            look(p);
        else
            use(p);
    }

    void other(int *p)
    {
        drop(p);
        look(p);
    }
    """
    assert printed(tmp_path, rule, code) == ["18", "9"]
