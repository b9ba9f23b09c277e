# SPDX-License-Identifier: GPL-2.0-only
"""Control-flow graphs: what leads to what.

Each graph is written down as its dump: a number, the point, where it leads; `'` marks what a jump
passes on its way out, `!` a then branch whose end is never reached.
"""

from __future__ import annotations

import pytest

from vmaconv.cocci.match.graph.cfg import FlowGraph, dump, flood, members, step
from vmaconv.cocci.match.graph.point import PointKind
from vmaconv.cocci.match.path.paths import graph_of
from vmaconv.cocci.tree.unit import Unit


def graph(body: str, head: str = "void f(int x)") -> FlowGraph:
    """Return the graph of a function with this body."""
    unit = Unit("a.c", f"{head}\n{{\n{body}\n}}\n".encode())
    item = next(unit.chunks[0].items())
    assert item.kind == "function_definition"
    return graph_of(item, unit)


def edges(body: str) -> set[tuple[str, str]]:
    """Return the direct edges as pairs of what their ends say."""
    made = graph(body)
    names = [line.split(" ", 1)[1].rsplit(" ->", 1)[0] for line in dump(made).splitlines()]
    return {(names[a], names[b]) for a, ends in enumerate(made.direct) for b in ends}


def test_straight_code() -> None:
    assert dump(graph("\ta();\n\treturn;")) == (
        "0 top -> 0 1\n"
        "1 void f(int x) -> 4\n"
        "2 [exit] -> 2\n"
        "3 [error exit] -> 3\n"
        "4 { -> 5\n"
        "5 a(); -> 6\n"
        "6 return; -> 7\n"
        "7 }' -> 2\n"
    )


def test_if_without_else_has_a_way_past_and_an_after() -> None:
    assert dump(graph("\tif (x)\n\t\ta();\n\tb();")) == (
        "0 top -> 0 1\n"
        "1 void f(int x) -> 4\n"
        "2 [exit] -> 2\n"
        "3 [error exit] -> 3\n"
        "4 { -> 5\n"
        "5 if ( x ) -> 6 7 (9)\n"
        "6 [then] -> 10\n"
        "7 [fall through] -> 8\n"
        "8 [end] -> 11\n"
        "9 [after] -> (8)\n"
        "10 a(); -> 8\n"
        "11 b(); -> 12\n"
        "12 } -> 2\n"
    )


def test_return_below_an_if_leads_to_the_error_exit() -> None:
    found = edges("\tif (x) {\n\t\treturn;\n\t}\n\tb();")
    assert ("return;", "}'") in found
    assert ("}'", "}'") in found
    assert ("}'", "[error exit]") in found
    assert ("}", "[exit]") in found


def test_return_in_else_leads_to_the_exit() -> None:
    found = edges("\tif (x)\n\t\ta();\n\telse\n\t\treturn;")
    assert ("return;", "[end]") in found
    assert ("}'", "[exit]") in found
    assert not any(end == "[error exit]" and start != "[error exit]" for start, end in found)


def test_both_branches_that_jump_have_an_after_for_each() -> None:
    made = graph("\tif (x)\n\t\treturn;\n\telse\n\t\tgoto out;\nout:\n\ta();")
    kinds = [p.kind for p in made.points if p.kind in (PointKind.AFTER, PointKind.GOTO_AFTER)]
    assert len(kinds) == 2 and set(kinds) == {PointKind.AFTER, PointKind.GOTO_AFTER}
    assert [made.points[n].escapes for n in members(made.of_kind(PointKind.TRUE))] == [True]


def test_while_may_not_run_and_goes_round() -> None:
    found = edges("\twhile (x)\n\t\ta();\n\tb();")
    assert {
        ("while ( x )", "[in loop]"),
        ("[in loop]", "a();"),
        ("a();", "while ( x )"),
        ("while ( x )", "[loop end]"),
        ("[loop end]", "[end]"),
        ("[end]", "b();"),
    } <= found


def test_endless_loop_has_a_way_out() -> None:
    assert ("while ( 1 )", "[loop end]") in edges("\twhile (1)\n\t\ta();")


def test_break_and_continue() -> None:
    found = edges("\tfor (;;) {\n\t\tif (x)\n\t\t\tbreak;\n\t\tcontinue;\n\t}")
    assert ("break;", "}'") in found
    assert ("continue;", "}'") in found
    assert ("}'", "[end]") in found
    assert ("}'", "for ( ; ; )") in found


def test_do_runs_first_and_do_once_does_not_go_round() -> None:
    assert ("[in loop]", "do") in edges("\tdo {\n\t\ta();\n\t} while (x);")
    once = edges("\tdo {\n\t\ta();\n\t} while (0);")
    assert not any(start == "[in loop]" for start, _ in once)
    assert ("do", "{") in once


def test_switch_falls_through_and_past() -> None:
    found = edges("\tswitch (x) {\n\tcase 1:\n\t\ta();\n\tcase 2:\n\t\tb();\n\t\tbreak;\n\t}")
    assert {
        ("{", "case 1:"),
        ("{", "case 2:"),
        ("a();", "case 2:"),
        ("break;", "}'"),
        ("switch ( x )", "[fall through]"),
    } <= found
    with_default = edges("\tswitch (x) {\n\tdefault:\n\t\ta();\n\t}")
    assert ("switch ( x )", "[fall through]") not in with_default


def test_goto_passes_the_braces_that_it_leaves() -> None:
    found = edges("\tif (x) {\n\t\tgoto out;\n\t}\n\ta();\nout:\n\tb();")
    assert ("goto out;", "}'") in found
    assert ("}'", "out:") in found
    assert ("a();", "out:") in found


def test_goto_without_its_label_leads_out() -> None:
    assert ("goto lost;", "[exit]") in edges("\tgoto lost;")


def test_code_that_nothing_leads_to() -> None:
    assert ("[dead]", "a();") in edges("\treturn;\n\ta();")


def test_arms_of_a_conditional_are_alternatives() -> None:
    found = edges("#ifdef A\n\ta();\n#else\n\tb();\n#endif\n\tc();")
    assert {
        ("[#if]", "a();"),
        ("[#if]", "[#else]"),
        ("[#else]", "b();"),
        ("a();", "[#endif]"),
        ("b();", "[#endif]"),
    } <= found
    assert ("a();", "b();") not in found


def test_conditional_without_else_has_a_way_past() -> None:
    found = edges("#ifdef A\n\ta();\n#endif\n\tc();")
    assert ("[#if]", "[fall through]") in found
    assert ("[fall through]", "[#endif]") in found


def test_nested_conditionals() -> None:
    found = edges("#ifdef A\n\ta();\n#ifdef B\n\tb();\n#endif\n#endif\n\tc();")
    assert ("a();", "[#if]") in found
    assert ("[#endif]", "[#endif]") in found


def test_dead_arm_is_left_out() -> None:
    found = edges("#if 0\n\ta();\n#else\n\tb();\n#endif\n\tc();")
    assert ("b();", "c();") in found
    assert not any("a();" in pair for pair in found)


def test_labels_nest() -> None:
    made = graph("\tif (x) {\n\t\ta();\n\t}\n\tb();")
    head = next(p for p in made.points if p.kind is PointKind.IF)
    inside = made.within(head.label)
    owned = {made.points[n].kind for n in members(inside)}
    assert {
        PointKind.IF,
        PointKind.TRUE,
        PointKind.OPEN,
        PointKind.CLOSE,
        PointKind.STATEMENT,
        PointKind.END,
    } <= owned
    assert len([n for n in members(inside) if made.points[n].kind is PointKind.STATEMENT]) == 1


def test_points_that_hold_a_word() -> None:
    made = graph("\tkfree(x);\n\tif (kfree(y))\n\t\tb();")
    kinds = [made.points[n].kind for n in members(made.holding(b"kfree"))]
    assert kinds == [PointKind.STATEMENT, PointKind.IF]
    assert not made.holding(b"nothing")


def test_brace_pairs() -> None:
    made = graph("\t{\n\t\ta();\n\t}")
    pairs = [p.brace for p in made.points if p.brace]
    assert sorted(pairs) == [1, 1, 2, 2]
    assert made.braces(1).bit_count() == 2


@pytest.mark.parametrize(("points", "found"), [(0, []), (1, [0]), (0b1101, [0, 2, 3])])
def test_members(points: int, found: list[int]) -> None:
    assert list(members(points)) == found


def test_step_and_flood() -> None:
    ways = [[1], [2], [2], [0]]
    assert step(0b0001, ways) == 0b0010
    assert flood(0b0001, ways) == 0b0111
    assert flood(0b1000, ways) == 0b1111
