# SPDX-License-Identifier: GPL-2.0-only
"""Conditionals: which arms are parsed together, and what each variant shows."""

import pytest
import tree_sitter_c
from tree_sitter import Language, Parser

from vmaconv.cocci.shim.mask import prepare

LANGUAGE = Language(tree_sitter_c.language())


def words(text: bytes) -> list[bytes]:
    return text.split()


def variants(text: bytes) -> list[bytes]:
    """Prepare a text, and hold every variant to the length and the line ends."""
    prepared = prepare(text)
    for masked in prepared.masked:
        assert len(masked) == len(text)
        assert masked.count(b"\n") == text.count(b"\n")
    return list(prepared.masked)


BALANCED = {
    "statements": b"void f(void)\n{\n#ifdef A\n\tg();\n#else\n\th();\n#endif\n}\n",
    "definitions": b"#ifdef A\nint f(void) { return 1; }\n#else\nint f(void);\n#endif\n",
    "fields": b"struct s {\n\tint a;\n#if A\n\tint b;\n#elif B\n\tint c;\n#endif\n};\n",
    "enumerators": b"enum e {\n\tA,\n#ifdef X\n\tB,\n#else\n\tC,\n#endif\n\tD\n};\n",
    "last enumerator": b"enum e {\n\tA,\n#ifdef X\n\tB\n#endif\n};\n",
    "initialisers": b"int a[] = {\n#ifdef X\n\t[0] = 1,\n#endif\n\t[1] = 2,\n};\n",
    "a case": b"void f(int x)\n{\nswitch (x) {\n#ifdef A\ncase 1:\n#endif\ncase 2: ;\n}\n}\n",
    "behind a label": b"void f(void)\n{\nout:\n#ifdef A\n\tg();\n#endif\n\th();\n}\n",
    "one else": b"void f(int x)\n{\n\tif (x) g();\n#ifdef A\n\telse h();\n#endif\n}\n",
    "directives only": b"int a;\n#ifdef A\n#define B 1\n#else\n#define B 2\n#endif\nint b;\n",
    "macro without semicolon": b"#ifdef A\nEXPORT(f)\n#endif\nint a;\n",
}


@pytest.mark.parametrize("text", BALANCED.values(), ids=BALANCED.keys())
def test_balanced(text: bytes) -> None:
    prepared = prepare(text)
    assert [group.balanced for group in prepared.conditionals] == [True]
    assert prepared.variant_ranges == ()
    (only,) = variants(text)
    assert not Parser(LANGUAGE).parse(only).root_node.has_error
    code = b"\n".join(line for line in text.split(b"\n") if not line.startswith(b"#"))
    # The shim may part or end macros; names are all there.
    assert len(words(only)) >= len(words(code))


# A text, and for each variant the words that only it shows.
UNBALANCED = {
    "condition": (
        b"void f(void)\n{\n#ifdef A\n\tif (a)\n#endif\n\t\tg();\n}\n",
        [b"if (a)", b""],
    ),
    "opening brace": (
        b"void f(void)\n{\n#ifdef A\n\tif (a) {\n#else\n\twhile (b) {\n#endif\n\t\tg();\n\t}\n}\n",
        [b"if (a) {", b"while (b) {"],
    ),
    "header": (
        b"#ifdef A\nint f(int a)\n#else\nint f(void)\n#endif\n{ }\n",
        [b"int f(int a)", b"int f(void)"],
    ),
    "system call's header": (
        b"#ifdef A\nDEFINE_X(a)\n#else\nDEFINE_Y(a)\n#endif\n{ }\n",
        [b"int NE_X(a)", b"int NE_Y(a)"],
    ),
    "argument": (
        b"void f(void)\n{\n\tg(a,\n#ifdef A\n\t\tb,\n#endif\n\t\tc);\n}\n",
        [b"b,", b""],
    ),
    "two elses": (
        b"void f(int x)\n{\n\tif (x) g();\n#ifdef A\n\telse h();\n#else\n\telse i();\n#endif\n}\n",
        [b"else h();", b"else i();"],
    ),
    "operand": (
        b"int a = 1\n#if A\n\t+ 2\n#elif B\n\t+ 3\n#else\n\t+ 4\n#endif\n\t;\n",
        [b"+ 2", b"+ 3", b"+ 4"],
    ),
    "elements without comma": (
        b"int a[] = {\n#ifdef A\n\t1, 2\n#else\n\t3, 4\n#endif\n};\n",
        [b"1, 2", b"3, 4"],
    ),
}


@pytest.mark.parametrize(("text", "shown"), UNBALANCED.values(), ids=UNBALANCED.keys())
def test_unbalanced(text: bytes, shown: list[bytes]) -> None:
    prepared = prepare(text)
    (group,) = prepared.conditionals
    assert not group.balanced
    assert group.end is not None
    assert prepared.variant_ranges == ((group.arms[0].directive.start, group.end.end),)
    found = []
    for masked in variants(text):
        assert not Parser(LANGUAGE).parse(masked).root_node.has_error
        found.append(masked[group.arms[0].directive.start : group.end.end].strip())
    assert found == shown


def test_variants_differ_within_their_ranges_only() -> None:
    text, _ = UNBALANCED["opening brace"]
    prepared = prepare(text)
    ((start, end),) = prepared.variant_ranges
    outside = {masked[:start] + masked[end:] for masked in prepared.masked}
    assert len(outside) == 1


def test_nested_groups_show_each_arm_in_some_variant() -> None:
    text = (
        b"int a =\n#ifdef A\n1 +\n#ifdef B\n2\n#else\n3\n#endif\n"
        b"#else\n4 +\n#ifdef C\n5\n#elif D\n6\n#else\n7\n#endif\n#endif\n;\n"
    )
    found = [words(masked) for masked in variants(text)]
    assert found == [
        [b"int", b"a", b"=", b"1", b"+", b"2", b";"],
        [b"int", b"a", b"=", b"1", b"+", b"3", b";"],
        [b"int", b"a", b"=", b"4", b"+", b"5", b";"],
        [b"int", b"a", b"=", b"4", b"+", b"6", b";"],
        [b"int", b"a", b"=", b"4", b"+", b"7", b";"],
    ]


def test_unbalanced_group_in_a_balanced_one() -> None:
    text = b"#ifdef A\nint f(void) { return\n#ifdef B\n1\n#else\n2\n#endif\n; }\n#endif\n"
    prepared = prepare(text)
    assert [group.balanced for group in prepared.conditionals] == [True, False]
    assert [b"1" in masked for masked in prepared.masked] == [True, False]
    ((start, end),) = prepared.variant_ranges
    assert text[start:end] == b"#ifdef B\n1\n#else\n2\n#endif"


def test_groups_of_different_width_repeat_their_last_arm() -> None:
    wide = b"int a =\n#if A\n1\n#elif B\n2\n#else\n3\n#endif\n;\n"
    narrow = b"int b =\n#if A\n4\n#else\n5\n#endif\n;\n"
    shown = [[word for word in words(m) if word.isdigit()] for m in variants(wide + narrow)]
    assert shown == [[b"1", b"4"], [b"2", b"5"], [b"3", b"5"]]


def test_arm_ranges_are_the_text_between_directives() -> None:
    text = b"#if A /* one\ntwo */\nint a;\n#else\nint b;\n#endif"
    (group,) = prepare(text).conditionals
    assert [text[arm.start : arm.end] for arm in group.arms] == [b"\nint a;\n", b"\nint b;\n"]
    assert [arm.directive.kind for arm in group.arms] == ["if", "else"]


def test_disabled_code_that_parses_stays() -> None:
    text = b"void f(void)\n{\n#if 0\n\tlist_for_each(p, h) { g(p); }\n#endif\n}\n"
    (only,) = variants(text)
    assert b"while        (p, h) { g(p); }" in only


def test_disabled_prose_goes_and_is_recorded() -> None:
    text = b"void f(void)\n{\n#if 0\n\tThis doesn't work, yet (see below\n#endif\n\tg();\n}\n"
    prepared = prepare(text)
    assert words(prepared.masked[0]) == [b"void", b"f(void)", b"{", b"g();", b"}"]
    (mark,) = prepared.marks.values()
    assert mark.role == "dead_arm"
    assert text[mark.start : mark.end] == b"\n\tThis doesn't work, yet (see below\n"


def test_disabled_prose_between_definitions_goes() -> None:
    text = b"int a;\n#if 0\nNobody knows @ all;\n#endif\nint b;\n"
    prepared = prepare(text)
    assert words(prepared.masked[0]) == [b"int", b"a;", b"int", b"b;"]
    (mark,) = prepared.marks.values()
    assert mark.role == "dead_arm"
    assert text[mark.start : mark.end] == b"\nNobody knows @ all;\n"


def test_arm_that_is_never_compiled_is_no_alternative() -> None:
    text = b"int a =\n#if 0\n1 +\n#else\n2 +\n#endif\n3;\n"
    assert [words(masked) for masked in variants(text)] == [[b"int", b"a", b"=", b"2", b"+", b"3;"]]
    text = b"int a =\n#ifdef A\n1;\n#else\n#error no A\n#endif\n"
    assert [words(masked) for masked in variants(text)] == [[b"int", b"a", b"=", b"1;"]]


def test_assembly_is_no_alternative() -> None:
    text = b"#ifdef __ASSEMBLY__\n.macro F a\n.endm\n#else\nint f(void);\n#endif\n"
    assert [words(masked) for masked in variants(text)] == [[b"int", b"f(void);"]]


@pytest.mark.parametrize(
    "text",
    [
        b"#if A\nint a;\n",
        b"#else\nint a;\n#endif\n",
        b"int a;\n#endif\n#endif\n#elif\n",
        b"#if A\n}\n#else\n}}\n#endif\n",
        b"#if",
        b"#",
    ],
)
def test_broken_nesting_is_survived(text: bytes) -> None:
    assert variants(text)


def test_directive_in_a_comment_or_string_is_none() -> None:
    text = b'/*\n#if A\n*/\nchar *s = "\\\n#if B\\\n";\n// \\\n#if C\nint a;\n'
    prepared = prepare(text)
    assert prepared.directives == ()
    assert prepared.masked == (text,)


def test_directive_behind_a_comment_is_one() -> None:
    prepared = prepare(b"/* a */ #ifdef A\nint a;\n/* b\n */ # endif\n")
    assert [directive.kind for directive in prepared.directives] == ["ifdef", "endif"]
