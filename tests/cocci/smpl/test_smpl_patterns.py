# SPDX-License-Identifier: GPL-2.0-only
"""SmPL in patterns: metavariables, dots, nests, disjunctions, what is attached, and the bodies."""

from __future__ import annotations

import pytest
from smpl_notation import pattern, rule, written

D = """
expression E, E1, E2; identifier f, x, i; type T; statement S, S1; position p, q;
expression list es; binary operator b; assignment operator a; constant c; symbol plain;
parameter P; parameter list ps; field fl; field list fs; initializer il; declaration d;
iterator it; iterator name each; typedef foo_t; attribute name __mine; declarer DC;
statement list ss;
"""
CASES = [
    # expressions
    (" f(E, es)", "(call_expression $f (argument_list ( $E , $es )))"),
    (" f(..., E, ...)", "(call_expression $f (argument_list ( ~... , $E , ~... )))"),
    (" g(...)", "(call_expression g (argument_list ( ~... )))"),
    (" E->x", "(field_expression $E -> $x)"),
    (" E b E1", "(binary_expression $E $b $E1)"),
    (" E + E1 b E2", "(binary_expression (binary_expression $E + $E1) $b $E2)"),
    (" E a E1", "(assignment_expression $E $a $E1)"),
    (" E || ...", "(binary_expression $E || ~...)"),
    (" E[...]", "(subscript_expression $E [ ~... ])"),
    (" E ? ... : E1", "(conditional_expression $E ? ~... : $E1)"),
    (" E + <+... x ...+>", "(binary_expression $E + (nest+ $x))"),
    (" g(<... E ...>)", "(call_expression g (argument_list ( (nest $E) )))"),
    (
        " sizeof(<+...E...+>)",
        "(sizeof_expression sizeof (parenthesized_expression ( (nest+ $E) )))",
    ),
    (" sizeof(T)", "(sizeof_expression sizeof ( (type_descriptor $T) ))"),
    (" sizeof(E)", "(sizeof_expression sizeof (parenthesized_expression ( $E )))"),
    (" (T)E", "(cast_expression ( (type_descriptor $T) ) $E)"),
    (
        " (T *)E",
        "(cast_expression ( (type_descriptor $T (abstract_pointer_declarator *)) ) $E)",
    ),
    (" (T)*E", "(cast_expression ( (type_descriptor $T) ) (unary_expression * $E))"),
    (" (E)*E1", "(binary_expression (parenthesized_expression ( $E )) * $E1)"),
    (" (foo_t)-E", "(cast_expression ( (type_descriptor foo_t) ) (unary_expression - $E))"),
    (" (u32)&E", "(cast_expression ( (type_descriptor u32) ) (unary_expression & $E))"),
    (
        " (T){ .x = E }",
        "(compound_literal_expression ( (type_descriptor $T) )"
        " (initializer_list { (initializer_pair (field_designator . $x) = $E) }))",
    ),
    (
        " container_of(E, struct s, x)",
        "(call_expression container_of (argument_list"
        " ( $E , (type_descriptor (struct_specifier struct s)) , $x )))",
    ),
    (" min_t(T, E, E1)", "(call_expression min_t (argument_list ( $T , $E , $E1 )))"),
    (" min_t(int, E, E1)", "(call_expression min_t (argument_list ( int , $E , $E1 )))"),
    (' E "str"', '(concatenated_string $E "str")'),
    (" plain + c", "(binary_expression plain + $c)"),
    # disjunctions of parts of expressions
    ("\\(E\\|E1\\)", "(disjunction $E $E1)"),
    (" g(\\(E\\|x\\), E1)", "(call_expression g (argument_list ( (disjunction $E $x) , $E1 )))"),
    (" E \\(+\\|-\\) E1", "(binary_expression $E (disjunction + -) $E1)"),
    (
        " E \\(+\\|-\\) E1 * E2",
        "(binary_expression $E (disjunction + -) (binary_expression $E1 * $E2))",
    ),
    (" E \\(=\\|+=\\) E1", "(assignment_expression $E (disjunction = +=) $E1)"),
    (" E\\(++\\|--\\)", "(update_expression $E (disjunction ++ --))"),
    (" \\(!\\|~\\)E", "(unary_expression (disjunction ! ~) $E)"),
    (" E\\(.\\|->\\)x", "(field_expression $E (disjunction . ->) $x)"),
    (" E->\\(left\\|right\\)", "(field_expression $E -> (disjunction left right))"),
    (
        " \\(g\\|h\\)(E)",
        "(call_expression (disjunction g h) (argument_list ( $E )))",
    ),
    (
        "(\n E == NULL\n|\n !E\n)",
        "(disjunction (binary_expression $E == NULL) (unary_expression ! $E))",
    ),
    (
        "(\n g(E)\n&\n h(E)\n)",
        "(conjunction (call_expression g (argument_list ( $E )))"
        " (call_expression h (argument_list ( $E ))))",
    ),
    (
        " g(\n(\n E, E1\n|\n E\n)\n )",
        "(call_expression g (argument_list ( (disjunction (sequence $E , $E1) $E) )))",
    ),
    # statements
    (" g(E);", "(sequence (expression_statement (call_expression g (argument_list ( $E ))) ;))"),
    (" E;", "(sequence (expression_statement $E ;))"),
    (" S", "(sequence $S)"),
    (" ss", "(sequence $ss)"),
    (" if (E) S", "(sequence (if_statement if ( $E ) $S))"),
    (" if (E) S else S1", "(sequence (if_statement if ( $E ) $S else $S1))"),
    (
        " if (...) { ... return ...; }",
        "(sequence (if_statement if ( ~... )"
        " (compound_statement { ~... (return_statement return ~... ;) })))",
    ),
    (" while (...) S", "(sequence (while_statement while ( ~... ) $S))"),
    (" for (...) S", "(sequence (for_statement for ( ~... ) $S))"),
    (
        " for (...;E;...) S",
        "(sequence (for_statement for ( ~... ; $E ; ~... ) $S))",
    ),
    (
        " for (;;) { ... }",
        "(sequence (for_statement for ( (empty) ; (empty) ; (empty) )"
        " (compound_statement { ~... })))",
    ),
    (" it(..., E) S", "(sequence (iterator_statement $it (argument_list ( ~... , $E )) $S))"),
    (" each(E) S", "(sequence (iterator_statement each (argument_list ( $E )) $S))"),
    (
        " each(E) g();",
        "(sequence (iterator_statement each (argument_list ( $E ))"
        " (expression_statement (call_expression g (argument_list ( ))) ;)))",
    ),
    (" x: S", "(sequence (label $x :) $S)"),
    (" goto x;", "(sequence (goto_statement goto $x ;))"),
    (
        " switch (E) { case c: S default: ... }",
        "(sequence (switch_statement switch ( $E ) (compound_statement"
        " { (case_label case $c :) $S (case_label default :) ~... })))",
    ),
    (
        " switch (E) { case ...: break; }",
        "(sequence (switch_statement switch ( $E ) (compound_statement"
        " { (case_label case ~... :) (break_statement break ;) })))",
    ),
    (" case 1 ... 5:", "(sequence (case_label case 1 ... 5 :))"),
    # dots among statements
    (
        " g(E);\n ...\n h(E);",
        "(sequence (expression_statement (call_expression g (argument_list ( $E ))) ;) ~..."
        " (expression_statement (call_expression h (argument_list ( $E ))) ;))",
    ),
    (
        " g(E)\n ...\n E = c",
        "(sequence (call_expression g (argument_list ( $E ))) ~..."
        " (assignment_expression $E = $c))",
    ),
    (
        " g(E);\n ... when != E = E1\n     when any\n S",
        "(sequence (expression_statement (call_expression g (argument_list ( $E ))) ;)"
        " ~...{!= (assignment_expression $E = $E1)}{any} $S)",
    ),
    (
        " S\n ... when != true E\n     when != false E1\n     when strict, exists\n"
        "     when forall\n S1",
        "(sequence $S ~...{true $E}{false $E1}{strict}{exists}{forall} $S1)",
    ),
    (
        " S\n ... when != break;\n     when = g(E);\n S1",
        "(sequence $S ~...{!= (break_statement break ;)}"
        "{= (expression_statement (call_expression g (argument_list ( $E ))) ;)} $S1)",
    ),
    (
        " S\n ... when != \\(E = E1\\|g(E)\\)\n S1",
        "(sequence $S ~...{!= (disjunction (assignment_expression $E = $E1)"
        " (call_expression g (argument_list ( $E ))))} $S1)",
    ),
    (
        " S\n ... when != if (...) { <+... g(E) ...+> }\n S1",
        "(sequence $S ~...{!= (if_statement if ( ~... ) (compound_statement { (nest+ (sequence"
        " (call_expression g (argument_list ( $E ))))) }))} $S1)",
    ),
    (
        " S\n <... when != E1\n  E\n ...>\n S1",
        "(sequence $S (nest{!= $E1} (sequence $E)) $S1)",
    ),
    (
        " <+... g(E); ...+>",
        "(sequence (nest+ (sequence (expression_statement (call_expression g"
        " (argument_list ( $E ))) ;))))",
    ),
    (" <+... E ...+>;", "(sequence (expression_statement (nest+ $E) ;))"),
    # disjunctions of statements
    (
        "(\n E = x\n|\n E = x;\n)",
        "(sequence (disjunction (assignment_expression $E = $x)"
        " (expression_statement (assignment_expression $E = $x) ;)))",
    ),
    (
        "(\n g(E);\n ...\n S\n|\n)",
        "(sequence (disjunction (sequence (expression_statement"
        " (call_expression g (argument_list ( $E ))) ;) ~... $S) (sequence)))",
    ),
    (
        " E =\n(\n x\n|\n c\n)\n;",
        "(sequence (expression_statement (assignment_expression $E = (disjunction $x $c)) ;))",
    ),
    (
        "(\n g(E)\n|\n h(E)\n)\n;",
        "(sequence (expression_statement (disjunction (call_expression g (argument_list ( $E )))"
        " (call_expression h (argument_list ( $E )))) ;))",
    ),
    (
        "(\n g(E)\n|\n h(E)\n)\n  == c",
        "(binary_expression (disjunction (call_expression g (argument_list ( $E )))"
        " (call_expression h (argument_list ( $E )))) == $c)",
    ),
    (
        " if (E)\n(\n S\n|\n { ... }\n)",
        "(sequence (if_statement if ( $E ) (disjunction $S (compound_statement { ~... }))))",
    ),
    (
        "? g(E);\n  S",
        "(sequence (optional (expression_statement (call_expression g"
        " (argument_list ( $E ))) ;)) $S)",
    ),
    # declarations
    (" T x;", "(sequence (declaration $T $x ;))"),
    (
        " T *x = E;",
        "(sequence (declaration $T (init_declarator (pointer_declarator * $x) = $E) ;))",
    ),
    (" T x[...];", "(sequence (declaration $T (array_declarator $x [ ~... ]) ;))"),
    (" foo_t x;", "(sequence (declaration foo_t $x ;))"),
    (" bar_t *x;", "(sequence (declaration bar_t (pointer_declarator * $x) ;))"),
    (" unsigned T x;", "(sequence (declaration (sized_type_specifier unsigned $T) $x ;))"),
    (
        " struct i *x;",
        "(sequence (declaration (struct_specifier struct $i) (pointer_declarator * $x) ;))",
    ),
    (" d", "(sequence $d)"),
    (
        "(\n T\n|\n struct s *\n)\n x;",
        "(sequence (declaration (disjunction $T (type_descriptor (struct_specifier struct s)"
        " (abstract_pointer_declarator *))) $x ;))",
    ),
    (
        " \\(static\\|extern\\) int x;",
        "(sequence (declaration (disjunction (storage_class_specifier static)"
        " (storage_class_specifier extern)) int $x ;))",
    ),
    (
        " int \\(g\\|h\\) = E;",
        "(sequence (declaration int (init_declarator (disjunction g h) = $E) ;))",
    ),
    (" int x __mine;", "(sequence (declaration int $x (attribute_specifier __mine) ;))"),
    (
        " DC(E, ...);",
        "(sequence (expression_statement (call_expression $DC (argument_list ( $E , ~... ))) ;))",
    ),
    (
        " struct i x = { ..., .f = E, .g = ..., il };",
        "(sequence (declaration (struct_specifier struct $i) (init_declarator $x ="
        " (initializer_list"
        " { ~... , (initializer_pair (field_designator . $f) = $E) ,"
        " (initializer_pair (field_designator . g) = ~...) , $il })) ;))",
    ),
    (
        " struct i { ... T f; ... fl fs };",
        "(sequence (declaration (struct_specifier struct $i (field_declaration_list"
        " { ~... (field_declaration $T $f ;) ~... $fl $fs })) ;))",
    ),
    (
        " struct i {\n(\n int x;\n|\n T x;\n)\n ...\n };",
        "(sequence (declaration (struct_specifier struct $i (field_declaration_list { (disjunction"
        " (field_declaration int $x ;) (field_declaration $T $x ;)) ~... })) ;))",
    ),
    (
        " enum i { ..., x = E, ... };",
        "(sequence (declaration (enum_specifier enum $i (enumerator_list"
        " { ~... , (enumerator $x = $E) , ~... })) ;))",
    ),
    (" typedef T foo_t;", "(sequence (type_definition typedef $T foo_t ;))"),
    # functions
    (
        " f(...) { ... }",
        "(sequence (function_definition (function_declarator $f (parameter_list ( ~... )))"
        " (compound_statement { ~... })))",
    ),
    (
        " static T f(..., T x, ps) { ... }",
        "(sequence (function_definition (storage_class_specifier static) $T (function_declarator $f"
        " (parameter_list ( ~... , (parameter_declaration $T $x) , $ps )))"
        " (compound_statement { ~... })))",
    ),
    (
        " int f(P, int, char *x, ......);",
        "(sequence (declaration int (function_declarator $f (parameter_list"
        " ( $P , (parameter_declaration int) , (parameter_declaration char"
        " (pointer_declarator * $x))"
        " , (variadic_parameter ...) ))) ;))",
    ),
    (
        " f(\\(int\\|long\\) x) { S }",
        "(sequence (function_definition (function_declarator $f (parameter_list"
        " ( (parameter_declaration (disjunction int (sized_type_specifier long)) $x) )))"
        " (compound_statement { $S })))",
    ),
    (
        "(\n f(...) { S }\n|\n g(...) { S }\n)",
        "(sequence (disjunction (function_definition (function_declarator $f (parameter_list"
        " ( ~... ))) (compound_statement { $S })) (function_definition (function_declarator g"
        " (parameter_list ( ~... ))) (compound_statement { $S }))))",
    ),
    # types and initialisers alone
    (
        " struct s *",
        "(type_descriptor (struct_specifier struct s) (abstract_pointer_declarator *))",
    ),
    (" T", "(type_descriptor $T)"),
    (
        " { .x = E, ... }",
        "(initializer_list { (initializer_pair (field_designator . $x) = $E) , ~... })",
    ),
    # preprocessor lines
    ("#include <linux/mm.h>", "(sequence (preproc_include #include <linux/mm.h>))"),
    ('#include "mm.h"', '(sequence (preproc_include #include "mm.h"))'),
    ("#include ...", "(sequence (preproc_include #include ~...))"),
    ("#define x E", "(sequence (preproc_def #define $x $E))"),
    ("#define x", "(sequence (preproc_def #define $x))"),
    ("#define x(i) E", "(sequence (preproc_def #define $x (preproc_params ( $i )) $E))"),
    ("#define x (E)", "(sequence (preproc_def #define $x (parenthesized_expression ( $E ))))"),
    (
        "#define x do { S } while (0)",
        "(sequence (preproc_def #define $x (macro_body (do_statement do"
        " (compound_statement { $S }) while ( 0 )))))",
    ),
    ("#pragma omp ...", "(sequence (preproc_pragma #pragma omp ~...))"),
    ("#undef x", "(sequence (preproc_undef #undef $x))"),
    # attached
    (" g@p(E)@q", "(call_expression g@p (argument_list ( $E )@q))"),
    (" E@p@q = c", "(assignment_expression $E@p@q = $c)"),
    (" if@p (E) S@q", "(sequence (if_statement if@p ( $E ) $S@q))"),
    (" g();@p", "(sequence (expression_statement (call_expression g (argument_list ( ))) ;@p))"),
    (" g(E)@E1", "(call_expression@E1 g (argument_list ( $E )))"),
    (
        " h(g(E)@E1)",
        "(call_expression h (argument_list ( (call_expression@E1 g (argument_list ( $E ))) )))",
    ),
    (
        " g(E);@S",
        "(sequence (expression_statement@S (call_expression g (argument_list ( $E ))) ;))",
    ),
    # marks
    (
        "- g(E);",
        "(sequence (expression_statement (call_expression -g (argument_list -( -$E -))) -;))",
    ),
    ("* g(E)", "(call_expression *g (argument_list *( *$E *)))"),
    ("- (E)", "(parenthesized_expression -( -$E -))"),
    (" g(E\n- , E1\n )", "(call_expression g (argument_list ( $E -, -$E1 )))"),
    ("- ...\n  S", "(sequence -~... $S)"),
    # comments are no code
    (
        " g(E); // yes\n /* no\n    g(); */ S",
        "(sequence (expression_statement (call_expression g (argument_list ( $E ))) ;) $S)",
    ),
]


@pytest.mark.parametrize(("body", "expected"), CASES, ids=[body for body, _ in CASES])
def test_pattern(body: str, expected: str) -> None:
    assert pattern(D, body) == expected


BODIES = [
    (" g(E)", "expression"),
    (" g(E);", "statements"),
    ("(\n g(E)\n|\n h(E)\n)", "expression"),
    ("(\n g(E)\n|\n h(E);\n)", "statements"),
    (" g(E)\n ...\n h(E)", "statements"),
    (" S", "statements"),
    (" T x;", "declaration"),
    (" T f(...);", "declaration"),
    (" d", "declaration"),
    (" struct i { ... };", "declaration"),
    (" f(...) { ... }", "toplevel"),
    ("#include <a.h>", "toplevel"),
    (" struct i *", "type"),
    (" { .x = E, ... }", "initializer"),
]


@pytest.mark.parametrize(("body", "kind"), BODIES)
def test_body(body: str, kind: str) -> None:
    assert rule(f"@@\n{D}\n@@\n{body}\n").body == kind


def test_the_kind_of_a_rule_decides_what_its_body_is() -> None:
    assert rule("@r expression@ identifier x; @@\n x\n").body == "expression"
    typed = rule("@r type@ @@\n foo\n")
    assert (typed.body, written(typed.pattern)) == ("type", "(type_descriptor foo)")


def test_a_pattern_does_not_know_its_parents() -> None:
    found = rule(f"@@\n{D}\n@@\n f(...) {{ ... when != g(E)\n if (E) {{ S }} }}\n").pattern
    assert all(node.parent is None for node in found.walk())


def test_extension_kinds_stand_where_expressions_do() -> None:
    from vmaconv.cocci.smpl.parse import parse_text
    from vmaconv.cocci.smpl.rule import CodeRule

    text = "@@ flag F; flag list Fs; @@\n g(F | 1, Fs)\n"
    found = parse_text(text, "t.cocci", frozenset({"flag", "flag list"})).rules[0]
    assert isinstance(found, CodeRule)
    assert [(v.name, v.kind) for v in found.metavariables] == [("F", "flag"), ("Fs", "flag list")]
    assert written(found.pattern) == (
        "(call_expression g (argument_list ( (binary_expression $F | 1) , $Fs )))"
    )
