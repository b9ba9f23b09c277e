# SPDX-License-Identifier: GPL-2.0-only
"""Declarations of metavariables: kinds, types, constraints, inheritance."""

from __future__ import annotations

import pytest
from smpl_notation import error, rule, written

from vmaconv.cocci.smpl.parse import parse_text
from vmaconv.cocci.smpl.rule import CodeRule, Constraint, Metavariable


def declared(text: str, earlier: str = "") -> list[Metavariable]:
    """Parse declarations of a rule after the rules in `earlier`."""
    last = parse_text(f"{earlier}@last@\n{text}\n@@\n f();\n", "t.cocci").rules[-1]
    assert isinstance(last, CodeRule)
    return list(last.metavariables)


def one(text: str, earlier: str = "") -> Metavariable:
    """Return the last metavariable that `text` declares."""
    return declared(text, earlier)[-1]


KINDS = [
    "expression", "idexpression", "identifier", "constant", "type", "statement", "statement list",
    "expression list", "parameter", "parameter list", "field", "field list", "declaration",
    "initializer", "initializer list", "position", "symbol", "typedef", "declarer", "declarer name",
    "iterator", "iterator name", "attribute", "attribute name", "assignment operator",
    "binary operator", "unary operator", "fresh identifier", "function", "format", "format list",
    "pragmainfo", "metavariable", "comments", "identifier list",
]  # fmt: skip


@pytest.mark.parametrize("kind", KINDS)
def test_kind(kind: str) -> None:
    assert [(v.name, v.kind) for v in declared(f"{kind} a, b;")] == [("a", kind), ("b", kind)]


def test_spellings_and_qualifiers() -> None:
    assert one("initialiser x;").kind == "initializer"
    assert one("initialiser list x;").kind == "initializer list"
    local = one("local idexpression x;")
    assert (local.kind, local.qualifiers) == ("idexpression", ("local",))
    assert one("global idexpression x;").qualifiers == ("global",)
    place = one("position any p;")
    assert (place.kind, place.qualifiers) == ("position", ("any",))
    assert one("position any;").name == "any"


def test_place_is_that_of_the_name() -> None:
    first, second = declared("expression a,\n  b;")
    assert (first.place.line, first.place.column) == (2, 11)
    assert (second.place.line, second.place.column) == (3, 2)


TYPES = [
    ("int x;", "(type_descriptor int)"),
    ("unsigned long x;", "(type_descriptor (sized_type_specifier unsigned long))"),
    (
        "struct foo *x;",
        "(type_descriptor (struct_specifier struct foo) (abstract_pointer_declarator *))",
    ),
    ("const char *x;", "(type_descriptor (type_qualifier const) char"
     " (abstract_pointer_declarator *))"),
    ("u8 x;", "(type_descriptor u8)"),
    ("typedef foo_t; foo_t **x;", "(type_descriptor foo_t (abstract_pointer_declarator *"
     " (abstract_pointer_declarator *)))"),
    ("type T; T *x;", "(type_descriptor $T (abstract_pointer_declarator *))"),
    ("int [] x;", "(type_descriptor int (abstract_array_declarator [ ]))"),
    ("int (*)(int) x;", "(type_descriptor int (abstract_function_declarator"
     " (abstract_parenthesized_declarator ( (abstract_pointer_declarator *) ))"
     " (parameter_list ( (parameter_declaration int) ))))"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "expected"), TYPES)
def test_typed(text: str, expected: str) -> None:
    found = one(text)
    assert (found.name, found.kind) == ("x", "typed")
    assert [written(t) for t in found.ctype] == [expected]


def test_the_type_goes_for_all_names() -> None:
    first, second = declared("struct foo *p, q;")
    assert first.ctype == second.ctype
    assert "belongs to the type" in error("@@ expression *x, *y; @@\n f(x);\n").remedy


def test_sets_of_types() -> None:
    found = one("{struct a, unsigned int} *x;")
    assert [written(t) for t in found.ctype] == [
        "(type_descriptor (struct_specifier struct a) (abstract_pointer_declarator *))",
        "(type_descriptor (sized_type_specifier unsigned int) (abstract_pointer_declarator *))",
    ]


def test_types_of_other_kinds() -> None:
    constant = one("constant char [] c;")
    assert constant.kind == "constant"
    assert [written(t) for t in constant.ctype] == [
        "(type_descriptor char (abstract_array_declarator [ ]))"
    ]
    variable = one("local idexpression struct foo *x;")
    assert (variable.kind, variable.qualifiers, len(variable.ctype)) == (
        "idexpression",
        ("local",),
        1,
    )
    pointer = one("expression **x;")
    assert (pointer.kind, pointer.pointer, pointer.stars, pointer.ctype) == (
        "expression",
        True,
        2,
        (),
    )
    some = one("expression struct *x;")
    assert (some.qualifiers, some.pointer) == (("struct",), True)
    assert one("expression enum x;").qualifiers == ("enum",)


def test_lengths() -> None:
    assert one("expression list[3] es;").length == 3
    counted = declared("expression list[n] es;")
    assert [(v.name, v.kind, v.length) for v in counted] == [
        ("n", "list length", None),
        ("es", "expression list", "n"),
    ]
    assert one("parameter list[n = {2, 3}] ps;").length == "n"


CONSTRAINTS = [
    ("identifier x != {a, b};", Constraint("!=", ("a", "b"))),
    ("identifier x = a;", Constraint("=", ("a",))),
    ("identifier x == {a};", Constraint("=", ("a",))),
    ('identifier x =~ "^re$";', Constraint("=~", ("^re$",))),
    ('identifier x !~ "re";', Constraint("!~", ("re",))),
    ("constant x <= 3;", Constraint("<=", ("3",))),
    ("constant x > 3;", Constraint(">", ("3",))),
    ("binary operator x = {+, -, >=};", Constraint("=", ("+", "-", ">="))),
    ("assignment operator x != {=, |=};", Constraint("!=", ("=", "|="))),
    ("type x != {struct foo *, unsigned int};", Constraint("!=", ("struct foo *", "unsigned int"))),
    (
        'identifier x =~ "a" && !~ "b" || = c;',
        Constraint(
            "or",
            parts=(
                Constraint("and", parts=(Constraint("=~", ("a",)), Constraint("!~", ("b",)))),
                Constraint("=", ("c",)),
            ),
        ),
    ),
    ('identifier x !(=~ "a");', Constraint("not", parts=(Constraint("=~", ("a",)),))),
    (
        "position y; position x != y;",
        Constraint("!=", ("y",), ((None, "y"),)),
    ),
]


@pytest.mark.parametrize(("text", "expected"), CONSTRAINTS)
def test_constraint(text: str, expected: Constraint) -> None:
    assert one(text).constraint == expected


EARLIER = "@r@ expression E; position p; identifier i; type T; @@\n f(E,i,(T)0)@p\n\n"


def test_constraints_name_inherited_metavariables() -> None:
    assert one("position x != {r.p, r.p};", EARLIER).constraint == Constraint(
        "!=", ("r.p", "r.p"), (("r", "p"), ("r", "p"))
    )
    assert one("expression x <= r.E;", EARLIER).constraint == Constraint(
        "<=", ("r.E",), (("r", "E"),)
    )


def test_scripts_as_constraints() -> None:
    found = one(
        'identifier y; identifier x : script:python(y, z << r.i) { x == y + "}" };', EARLIER
    )
    assert found.constraint == Constraint(
        "script",
        ("python", ' x == y + "}" '),
        script_inputs=(("y", None, "y"), ("z", "r", "i")),
    )


def test_inherited() -> None:
    expression, position = declared("expression r.E; position r.p;", EARLIER)
    assert (expression.name, expression.rule, expression.kind) == ("E", "r", "expression")
    assert (position.name, position.rule) == ("p", "r")
    typed = one("r.T *x;", EARLIER).ctype[0]
    metavariable = typed.children[0].metavariable  # type: ignore[attr-defined]
    assert (metavariable.name, metavariable.rule, metavariable.kind) == ("T", "r", "type")
    virtual = one("identifier virtual.name;")
    assert (virtual.name, virtual.rule) == ("name", "virtual")


def test_seeds() -> None:
    assert one("fresh identifier x;").seed == ()
    assert one('identifier y; fresh identifier x = "a_" ## y ## r.i;', EARLIER).seed == (
        ("text", "a_"),
        ("name", "y"),
        ("rule.name", "r.i"),
    )
    script = one("identifier y; fresh identifier x = script:python(y) { y.upper() };").seed
    assert script == (("language", "python"), ("input", "y y"), ("script", " y.upper() "))


def test_names_declared_once_hold_in_later_rules() -> None:
    text = "@@ typedef foo_t; iterator name each; @@\n foo_t x;\n\n@@ statement S; @@\n each(y) S\n"
    assert written(rule(text).pattern) == (
        "(sequence (iterator_statement each (argument_list ( y )) $S))"
    )


def test_comments_and_layout_between_declarations() -> None:
    names = [v.name for v in declared("expression a; // a b;\n/* identifier\nc; */ constant\n d;")]
    assert names == ["a", "d"]


ERRORS = [
    ("expresion e;", "unknown-kind"),
    ("expression e", "bad-declaration"),
    ("expression e e;", "unknown-kind"),
    ("expression e, e;", "duplicate-metavariable"),
    ("expression e; identifier e;", "duplicate-metavariable"),
    ("expression q.e;", "unknown-rule"),
    ("identifier x =~ re;", "bad-declaration"),
    ("identifier x : script:perl() { };", "bad-declaration"),
    ("identifier x : script:python(y) { };", "unknown-metavariable"),
    ("fresh identifier x = y;", "unknown-metavariable"),
    ("identifier x = {a;", "unbalanced-bracket"),
    ("expression list[] es;", "bad-declaration"),
    ("identifier x = ;", "bad-declaration"),
]


@pytest.mark.parametrize(("text", "code"), ERRORS)
def test_error(text: str, code: str) -> None:
    found = error(f"@@\n{text}\n@@\n f();\n")
    assert found.code == code
    assert found.place.line in (2, 3)
    assert found.remedy


INHERITED_ERRORS = [
    ("expression r.F;", "unknown-metavariable"),
    ("identifier r.E;", "inherited-kind"),
    ("expression r.i;", "inherited-kind"),
    ("expression x <= r.F;", "unknown-metavariable"),
]


@pytest.mark.parametrize(("text", "code"), INHERITED_ERRORS)
def test_inherited_error(text: str, code: str) -> None:
    assert error(f"{EARLIER}@@\n{text}\n@@\n f();\n").code == code


def test_what_a_rule_inherits_it_does_not_hand_on() -> None:
    text = EARLIER + "@s@ expression r.E; @@\n g(E)\n\n@@ expression s.E; @@\n h(E)\n"
    assert error(text).code == "unknown-metavariable"


def test_a_position_is_void_after_a_change() -> None:
    change = "@s@ expression x; @@\n- old(x);\n\n"
    last = "@@ position r.p; @@\n f@p()\n"
    assert error(EARLIER + change + last).code == "position-past-change"
    assert rule(EARLIER + change.replace("- ", "  ") + last).metavariables
    # Where the change can be switched off by a virtual rule, only the run can tell.
    optional = "virtual patch\n" + EARLIER + change.replace("@s@", "@s depends on patch@") + last
    assert rule(optional).metavariables
