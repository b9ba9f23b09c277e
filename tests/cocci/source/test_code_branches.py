# SPDX-License-Identifier: GPL-2.0-only
"""Which branches code has is told from its text, and where its jumps lead; or nothing is."""

from __future__ import annotations

import pytest

from vmaconv.cocci.text.code_branches import CodeBranch, CodeBranches, branches_of


def read(code: str) -> CodeBranches:
    """Return the branches of a function with some code."""
    text = f"void f(void)\n{{\n{code}\n}}\n".encode()
    found = branches_of(text, 0, len(text))
    assert found is not None
    return found


def every(found: CodeBranches) -> list[CodeBranch]:
    """Return all branches in order."""
    both = (found.within(found.start, found.end, is_else) for is_else in (False, True))
    return sorted((one for part in both for one in part), key=lambda one: one.start)


def shown(code: str) -> list[tuple[str, str]]:
    """Return for each branch its head (`?` where it is not known), with `else`, and its code."""
    found = read(code)
    text = f"void f(void)\n{{\n{code}\n}}\n"
    return [
        (
            ("else of " if one.is_else else "") + (text[slice(*one.head)] if one.head else "?"),
            text[one.start : one.end].strip(),
        )
        for one in every(found)
    ]


@pytest.mark.parametrize(
    ("code", "branches"),
    [
        ("if (a) { g(); }", [("if (a)", "{ g(); }")]),
        ("if (a) g(b); h();", [("if (a)", "g(b);")]),
        (
            "if (a) { g(); } else { h(); }",
            [("if (a)", "{ g(); }"), ("else of if (a)", "{ h(); }")],
        ),
        ("if (a) g(); else { h(); }", [("if (a)", "g();"), ("else of if (a)", "{ h(); }")]),
        (
            "if (a) if (b) g(); /* ; */ else h();",
            [("if (a)", "if (b)"), ("if (b)", "g();"), ("else of if (b)", "h();")],
        ),
        (
            "if (a) while (b) g(); else h();",
            [("if (a)", "while (b)"), ("else of ?", "h();")],
        ),
        (
            "if (a) { g(); } else if (b) h(); else { i(); }",
            [
                ("if (a)", "{ g(); }"),
                ("else of if (a)", "if (b)"),
                ("if (b)", "h();"),
                ("else of if (b)", "{ i(); }"),
            ],
        ),
        ("if (a) /* { */ { g('}', \"}\"); }", [("if (a)", "{ g('}', \"}\"); }")]),
        ("if (g(')')) // (\n{ h(); }", [("if (g(')'))", "{ h(); }")]),
        # Words that are no code of their own may be blanked for the parser.
        ("if (a) __cold { g(); }", [("if (a)", "__cold { g(); }"), ("if (a)", "{ g(); }")]),
        # Of what has other statements in it, its head.
        ("if (a) while (b) { g(); }", [("if (a)", "while (b)")]),
        ("if (a) for_each(b) { g(); }", [("if (a)", "for_each(b)")]),
        ("if (a) do { g(); } while (b);", [("if (a)", "do"), ("if (a)", "{ g(); }")]),
        ("if (a) if (b) g();", [("if (a)", "if (b)"), ("if (b)", "g();")]),
        ("if (a) b = (struct s){ .c = 1; }.c; g();", [("if (a)", "b = (struct s){ .c = 1; }.c;")]),
        ("if (a) g(({ b(); c; })); h();", [("if (a)", "g(({ b(); c; }));")]),
        ("elif(a) { g(); } for (;;) { h(); }", []),
        (
            "if (a)\n#define B { (\n{ g(); }",
            [("if (a)", "#define B { (\n{ g(); }\n}"), ("if (a)", "{ g(); }")],
        ),
    ],
)
def test_branches(code: str, branches: list[tuple[str, str]]) -> None:
    assert shown(code) == branches


@pytest.mark.parametrize(
    "code",
    [
        "if (a) {\n#ifdef B\n} else {\n#endif\ng();\n}",
        "#ifdef B\nif (a) {\n#else\nif (b) {\n#endif\ng();\n}",
        "if (a) { { g(); }",
        "if (a) } { g(); }",
        "if a { g(); }",
        "if (a { g(); }",
    ],
)
def test_nothing_is_told_where_braces_do_not(code: str) -> None:
    text = f"void f(void)\n{{\n{code}\n}}\n".encode()
    assert branches_of(text, 0, len(text)) is None


def test_conditionals_around_functions_tear_nothing() -> None:
    text = b"#ifdef A\nvoid f(void)\n{\n\tif (a) {\n\t}\n}\n#endif\n"
    assert branches_of(text, 0, len(text)) is not None


@pytest.mark.parametrize(
    ("code", "lands"),
    [
        ("if (a) { goto out; } b(); out: c();", "out: c()"),
        ("if (a) { goto out; } b(); /* ) */ out: c();", "out: c()"),
        ("if (a) { goto out; } b(); // then\n out: c();", "out: c()"),
        # What is behind the label may jump back.
        ("on: b(); if (a) { goto out; } c(); out: if (d) goto on;", "on: b()"),
        # A loop leads back to its head, and nobody looked which loop it is.
        ("while (x) { if (a) { goto out; } out: c(); }", None),
        ("while (x) out: if (a) { goto out; }", None),
        ("while (x) { if (a) { goto out; break; } } out: c();", None),
        ("if (a) { goto *p; } out: c();", None),
        ("if (a) { goto gone; } out: c();", None),
        ("if (a) { goto out; } switch (b) { case out: c(); } out: d();", None),
    ],
)
def test_where_jumps_lead(code: str, lands: str | None) -> None:
    found = read(code)
    text = f"void f(void)\n{{\n{code}\n}}\n"
    branch = next(one for one in every(found) if one.in_braces)
    at = found.landing(branch.start, branch.end)
    assert at == (text.index(lands) if lands is not None else 0)


def test_a_block_without_goto_leads_nowhere() -> None:
    found = read("while (x) { if (a) { break; } }")
    assert found.landing(found.start, found.end) is None


def test_what_stands_behind_a_word() -> None:
    found = read("a->x; b [1]; c()->y; d\n->z; // e\n->w;")
    place = (found.start, found.end)
    assert found.holds_behind({b"a"}, b"->", *place)
    assert found.holds_behind({b"b"}, b"[", *place)
    assert not found.holds_behind({b"x"}, b"[", *place)
    # Behind a bracket, or at a line's start, any code may end.
    assert found.holds_behind({b"q"}, b"->", *place)
    assert found.holds_behind(None, b"->", *place)
    first = place[0], found.start + len("void f(void)\n{\na->x;")
    assert not found.holds_behind({b"q"}, b"->", *first)


def test_words_before_tokens() -> None:
    found = read("if (!a->b || (c /* , */ && d[e]) || f != 0x10) g();")
    head = every(found)[0].head
    assert head is not None
    tokens = frozenset([b"&&", b"||", b"!="])
    # A comment may hide any token.
    assert found.words_before(tokens, *head) == {b"b", b"c", b"f"}
    assert {b"a", b"d", b"e", b"0x10"} <= found.words_before(frozenset(), *head)
