# SPDX-License-Identifier: GPL-2.0-only
"""The same rule and the same file through spatch and through vmaconv.

In: the cases in folders that bring a rule. Out: that both write the same bytes, or the same tokens
where layout is a matter of taste. Where vmaconv differs on purpose, `DIFFERENT` says how, and the
test holds that it still does.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest
from test_cases import OWN, Case, run_rule

SPATCH = shutil.which("spatch")

pytestmark = pytest.mark.skipif(
    SPATCH is None, reason="spatch is not installed (Debian: coccinelle): nothing to compare with"
)

DIFFERENT = {
    "isomorphisms/cast_that_is_all_of_a_rule": "spatch 1.1.1 does not read a cast to a pointer at the "
    "beginning of an arm",
    "types/type_before_several_names": "spatch gives each name a declaration of its own, also where "
    "one declaration would do",
    "statements/added_behind_arms_after_context": "spatch finds no token to attach the code to",
    "statements/macro_without_a_semicolon": "spatch gives up on such macros before `else`",
    "statements/macro_without_a_semicolon[spatch]": "spatch gives up on such macros before `else`",
    "statements/added_to_declarations_in_functions_only": "spatch does not read statements for a "
    "declaration",
    "statements/added_to_declarations_in_functions_only[spatch]": "spatch does not read statements "
    "for a declaration",
    "statements/attribute_behind_a_name": "spatch 1.1.1 finds no attribute between a name and its value",
    "dots/argument_before_dots_may_differ": "spatch 1.1.1 begins at the last one, whatever its argument",
    "dots/statement_before_dots_is_not_run_over_again": "spatch 1.1.1 runs over S, whatever it is",
    "dots/file_level_has_nothing_behind": "spatch deletes a variable that a function uses",
    "dots/optional_between_dots_is_not_run_over": "spatch deletes a variable that is used",
    "dots/statement_before_dots_is_not_run_over": "spatch runs over a statement that S may be",
    "dots/when_shares_a_type_with_another_behind": "spatch does not drop the cast from a `when`",
    "lists/no_comma_stays_beside_what_went": "spatch leaves some commas, and takes no LAST with one",
    "expressions/statement_expression_keeps_its_block": "spatch reads no statement expression in a rule",
    "lists/added_behind_the_last_element": "spatch moves the comment to the new element",
    "lists/added_to_a_list_in_braces": "spatch adds the last enumerator twice, tears one-line lists "
    "and moves their brace",
    "lists/added_argument_takes_no_stray_comma": "spatch leaves an argument at the list's end",
    "constraints/subterm": "spatch does not take `x <= r.e`",
    "disjunctions/guard_in_a_head": "spatch lets a later arm change what an earlier one matched",
    "disjunctions/guard_in_a_head[spatch]": "spatch lets a later arm change what an earlier one matched",
    "disjunctions/inline": "spatch finds no token for plus code behind an inline disjunction",
    "edits/overlap_is_named": "spatch gives up the file, vmaconv the inner match",
    "edits/plus_names_what_has_several_values": "spatch gives up the file",
    "edits/only_what_breaks_is_refused": "spatch leaves a label before `}`",
    "layout/lines_added_to_a_macro": "spatch adds them without a backslash",
    "layout/lines_added_to_a_macro[spatch]": "spatch adds them without a backslash",
    "expressions/address_of_a_label": "spatch does not read `&&label` in a call",
    "expressions/address_of_a_label[spatch]": "spatch does not read `&&label` in a call",
    "expressions/binary": "spatch gives up the file, vmaconv the inner match",
    "expressions/commas_nest_to_the_left": "spatch makes three arguments of two",
    "expressions/increment": "spatch keeps the parentheses of `(*p)++`",
    "constraints/value_of_another_metavariable": "spatch takes the name of the other as text",
    "expressions/member": "spatch gives up the file, vmaconv the inner match",
    "expressions/nested_matches": "spatch gives up the file, vmaconv the inner match",
    "expressions/same_metavariable_twice": "spatch drops the comment",
    "expressions/subscript_and_pointer": "spatch gives up the file, vmaconv the inner match",
    "isomorphisms/disabled": "spatch does not know the isomorphism commneq_any",
    "isomorphisms/parentheses": "spatch does not swap the sides, and keeps `((…))`",
    "isomorphisms/truth_is_not_a_value": "spatch keeps the parentheses of `(… != 0)`",
    "layout/added_within_one_line": "spatch moves the comment to the new statement",
    "layout/body_of_a_dropped_head": "spatch braces a lone statement",
    "layout/both_arms_of_a_conditional": "spatch leaves the #else arm and #if 0",
    "layout/case_in_plus": "spatch does not read dots before a case",
    "layout/pragma_without_more": "spatch finds no token for plus code beside a pragma",
    "layout/words_of_a_pragma": "spatch 1.1.1 reads no parenthesis in a pragma of a rule",
    "layout/comment_that_would_be_lost": "spatch drops the comment",
    "layout/conditional_inside_the_match": "spatch writes one arm and leaves half of it",
    "layout/conditional_inside_what_is_dropped": "spatch drops the #ifdef",
    "layout/continuation_lines_inside_a_metavariable": "spatch drops the comment",
    "statements/macro_body_of_statements": "spatch does not read a macro's `do ... while (0)` without `;`",
    "layout/macro_body_keeps_its_column": "spatch sets a blank between a macro and its body, on one line",
    "layout/kernel_macros": "spatch leaves the function with __free() and the per-CPU variable",
    "positions/beside_a_list": "spatch binds no names of parameters, and takes an empty list anywhere",
    "precedence/no_longer_needed": "spatch keeps the parentheses",
    "precedence/operands_in_plus": "spatch writes `(x / y) * (y % x)`",
    "precedence/operator_of_a_metavariable": "spatch writes `x & 1 + y` for join(x & 1, y)",
    "precedence/parentheses_of_a_lone_metavariable": "spatch writes `*p++` for `same(*p)++`",
    "precedence/parentheses_stay_as_spatch_leaves_them": "spatch keeps the parentheses",
    "precedence/tighter_context": "spatch writes `b + c * 3` for `a(b + c) * 3`",
    "precedence/unary_operators": "spatch writes `-x[&y]` for `neg(x)[&y]`",
    "printing/directives_around_what_replaces_a_body": "spatch sets blanks and no braces around them",
    "printing/directives_around_what_replaces_a_body[spatch]": "spatch sets blanks and no braces "
    "around them",
    "printing/labels_stand_as_the_others_do": "spatch does not read a label without its switch",
    "printing/labels_stand_as_the_others_do[spatch]": "spatch does not read a label without its switch",
    "printing/pointers_and_attributes_in_plus": "spatch does not read the attribute",
    "printing/unary_operator_beside_its_operand": "spatch 1.1.1 reads no `unary operator`",
    "statements/any_body_in_braces_removed": "spatch does without the `when` of braces without braces",
    "statements/braced_body_in_plus": "spatch drops a line break, and writes a comment twice",
    "statements/dangling_else": "spatch braces the if without else, too",
    "statements/delete": "spatch drops a comment",
    "statements/dissolved_body_before_else": "spatch braces a lone statement",
    "statements/dissolved_body_gets_braces": "spatch gives a do loop two statements and no braces",
    "statements/dissolved_body_is_a_block": "spatch sets `{ {`",
    "statements/insert_after": "spatch moves the comment to the new statement",
    "statements/else_stays_with_its_if": "spatch finds two ways, and gives the else to the if inside",
    "statements/else_stays_with_its_if[spatch]": "the same in spatch's own layout",
    "statements/if_around_a_body_before_else": "spatch opens a brace that nothing closes",
    "statements/if_around_a_body_before_else[spatch]": "spatch opens a brace that nothing closes",
    "statements/statements_of_a_body_in_plus": "spatch leaves two statements without braces",
    "layout/line_comment_within_a_statement": "spatch puts the rest of the line into the comment",
    "printing/address_of_what_is_pointed_at": "spatch writes `&*p`",
    "printing/address_of_a_member_of_what_is_pointed_at": "spatch writes `&*q`",
    "printing/comment_within_a_statement": "spatch puts the rest of the line into the comment",
    "lists/macro_parameters_that_end_in_dots": "spatch reads no ...... behind a parameter of a macro",
    "printing/macro_in_plus_is_one_line": "spatch breaks the line, or does not read it",
    "printing/conditional_goes_with_its_statement": "spatch leaves one arm and half of the #if",
    "statements/labelled_body_dissolved": "spatch leaves the second statement outside the body",
    "statements/labelled_body_dissolved[spatch]": "spatch leaves the second statement outside the body",
    "statements/labelled_body_gets_braces": "spatch leaves the second statement outside the body",
    "statements/labelled_body_gets_braces[spatch]": "spatch leaves the second statement outside the body",
    "statements/labelled_body_removed": "spatch leaves a label before `else`",
    "statements/labelled_body_removed[spatch]": "spatch leaves a label before `else`",
    "statements/prototype_follows_a_replaced_function": "spatch gives up the file",
    "statements/prototype_follows_a_function_put_before": "spatch writes `long three(int x) static;`",
    "statements/row": "spatch drops the comment",
    "statements/storage_is_not_repeated": "spatch writes `static static`, and reads no static declarer",
    "statements/switch_ends_with_its_brace": "spatch leaves the brace, and drops what comes behind it",
    "statements/unbraced_body_before": "spatch puts the brace behind the comment",
    "statements/unbraced_body_gets_braces": "spatch moves the comment to the new statement",
    "statements/unbraced_body_replaced_by_two": "spatch moves the comment behind the brace",
    "lists/macro_that_is_a_field": "spatch 1.1.1 takes no macro for a field",
    "types/function_without_a_type": "spatch reads no function of that style without static",
    "types/array_of_a_type_in_plus": "spatch writes `int[45] *b`",
    "types/behind_extern_c": 'spatch does not see the function behind its own `extern "C"`',
    "types/sizes_and_parameters_of_a_typed_expression": "spatch writes `int *` for a pointer to a function",
    "types/typed_expression": "spatch takes an array parameter for no pointer",
}
"""Cases in which spatch 1.1.1 writes other tokens, and what it does."""

SAME_TOKENS = {
    "expressions/cast": "spatch sets a blank behind the cast that stays",
    "layout/added_above_the_comment_of_a_function": "spatch breaks the struct's lines",
    "layout/arguments_below_a_new_name": "spatch joins the lines",
    "layout/behind_a_broken_argument": "spatch breaks behind commas of the call alone",
    "layout/break_after_logical_operator": "spatch does not break lines at operators",
    "layout/break_after_an_operator_without_blanks": "spatch does not break lines at operators",
    "layout/break_at_a_choice": "spatch does not break lines at operators",
    "layout/lines_below_a_broken_one": "spatch does not break lines at operators",
    "types/macros_without_a_semicolon": "spatch leaves a line of what is removed",
    "types/attribute_beside_a_type_stays": "spatch breaks the line beside an attribute",
    "types/pointer_to_a_function_in_plus": "spatch writes `long(*f)`",
    "layout/crlf": "spatch ends new lines with a bare newline",
    "layout/crlf_long_line": "spatch ends new lines with a bare newline",
    "layout/exactly_80_columns": "spatch does not break lines at operators",
    "layout/form_feed_and_blanks": "spatch drops the blank before the semicolon",
    "expressions/what_is_no_expression": "spatch moves what stands below a changed `case`",
    "layout/macro_body_lines": "spatch lets the backslash go where the new line puts it",
    "layout/strings_are_not_broken": "spatch leaves the line",
    "printing/a_comma_behind_the_last_asks_for_lines": "spatch breaks the list without the comma, too",
    "printing/arguments_move_with_the_parenthesis": "spatch leaves lists in lists behind",
    "printing/initialisers_of_one_line_as_written": "spatch breaks them in some places",
    "printing/iterator_without_a_blank": "spatch does not indent the body of an iterator in plus",
    "printing/lines_stay_broken_after_a_second_rule": "spatch leaves a line of blanks",
    "printing/loops_and_switch_as_written": "spatch writes `for(`, and `case` with what follows it",
    "statements/block_under_a_new_head": "spatch puts the brace behind the last statement",
    "statements/block_under_a_new_head[spatch]": "spatch puts the brace behind the last statement",
    "statements/removed_function_returns_in_a_switch": "spatch leaves a blank line",
    "statements/dissolved_body_replaced_in_part": "spatch sets the brace on a line of its own",
    "statements/dissolved_body_of_a_bare_macro": "spatch sets the brace on a line of its own",
    "statements/declarer_goes_with_its_static": "spatch leaves a blank line",
    "lists/argument_added": "spatch joins the lines of a metavariable",
    "precedence/member_of_operand": "spatch aligns the second line otherwise",
    "types/name_below_its_struct": "spatch sets each field on a line, and indents the struct",
    "types/pointer_expression": "spatch does not break lines at operators",
}
"""Cases in which only layout differs, and how."""


def run_spatch(case: Case, output: Path) -> bytes:
    """Return what spatch makes of a case: the text as it was where it finds nothing or gives up."""
    assert SPATCH is not None
    words = [SPATCH, "--very-quiet", "--sp-file", "rule.cocci", "in.c", "-o", str(output)]
    for name in case.expect().get("virtual", ()):
        words += ["-D", name]
    subprocess.run(words, cwd=case.folder, capture_output=True, timeout=60, check=False)
    return (output.read_bytes() if output.is_file() else b"") or case.before


def tokens(text: bytes) -> list[bytes]:
    return re.findall(rb"\w+|[^\s\w]", text)


PENDING = {case.name for case in OWN if "pending" in case.expect()}
COMPARED = [case for case in OWN if case.name not in PENDING]


@pytest.mark.parametrize("case", COMPARED, ids=lambda case: case.name)
def test_both_write_the_same(case: Case, tmp_path: Path) -> None:
    theirs = run_spatch(case, tmp_path / "out.c")
    ours = run_rule(case, case.before).text
    if case.name in DIFFERENT:
        assert tokens(ours) != tokens(theirs), "no longer different: take it off the list"
        return
    assert tokens(ours) == tokens(theirs)
    if case.name not in SAME_TOKENS:
        assert ours == theirs


def test_the_lists_name_cases() -> None:
    names = {case.name for case in OWN}
    assert DIFFERENT.keys() <= names
    assert SAME_TOKENS.keys() <= names
    assert not DIFFERENT.keys() & SAME_TOKENS.keys()
