# SPDX-License-Identifier: GPL-2.0-only
"""OCaml blocks: small ones run, and what hangs on the others does not."""

from __future__ import annotations

from pathlib import Path

import pytest
from spatch_calls import Called, ours

from vmaconv.cocci.script.ocaml_python import python_of
from vmaconv.cocci.script.ocaml_tokens import NotCovered

FILTER = """\
@r@
identifier f;
position p;
@@
 f@p(1)

@script:ocaml@
f << r.f;
p << r.p;
@@
%s

@s@
identifier r.f;
@@
- f(1)
+ f(2)

@depends on !s@
@@
- one();
+ two();

@@
@@
- free();
+ bound();
"""
CODE = "void x(void)\n{\n\ta(1);\n\tb(1);\n\tone();\n\tfree();\n}\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    (tmp_path / "in.c").write_text(CODE)
    return tmp_path


def call(block: str, *words: str) -> Called:
    Path("rule.cocci").write_text(FILTER % block)
    return ours(["rule.cocci", "in.c", "--very-quiet", "-o", "out.c", *words])


@pytest.mark.parametrize(
    "block",
    [
        'if f <> "a" then Coccilib.include_match false',
        'if not (f = "a") then include_match false',
        "let p = List.hd p in\nif p.line > 3 && p.col >= 0 then Coccilib.include_match (false)",
        'let keep = String.sub f 0 1 ^ "z" = "az" in include_match keep',
        'begin if (List.hd p).line = 4 || f = "z" then (include_match false) end; ()',
        'match f with "a" -> () | _ -> Coccilib.include_match false',
        'let bad = ref "c" in\nbad := "b"; if f = !bad then include_match false',
        'if Str.string_match (Str.regexp "b\\\\|z") f 0 then include_match false',
        "let rec has x = function [] -> false | h :: t -> h = x || has x t in\n"
        'if has f ["z"; "b"] then include_match false',
        'let f, g = "a", f in let same x y = x = y in if not (same f g) then include_match false',
        'if List.mem "b" (List.map (fun x -> x ^ "") [f]) then include_match false',
        'let t = Hashtbl.create 3 in Hashtbl.add t "b" 1;\n'
        "if (try Hashtbl.find t f with Not_found -> 0) = 1 then include_match false",
        'match (f, List.length p) with ("b", 1) -> include_match false | (_, n) when n > 0 -> () '
        '| _ -> failwith "none"',
    ],
)
def test_a_filter_that_is_covered_decides(block: str) -> None:
    called = call(block)
    assert called.status == 0, called.err
    changed = Path("out.c").read_text()
    assert "a(2);\n\tb(1);" in changed
    assert "bound();" in changed


@pytest.mark.parametrize(
    ("block", "line", "what"),
    [
        ('let a = [|f|] in if a = [|"b"|] then include_match false', 11, "`|`"),
        ('for i = 1 to 2 do include_match (f = "b") done', 11, "`for`"),
        ('if f = "b"\nthen (sure f; include_match false)', 12, "`sure`"),
        ('if Str.last_chars f 1 = "b" then include_match false', 11, "`Str.last_chars`"),
        ('if Filename.check_suffix f "b" then include_match false', 11, "`Filename"),
    ],
)
def test_what_hangs_on_a_filter_that_is_not_covered_does_not_run(
    block: str, line: int, what: str
) -> None:
    called = call(block)
    assert called.status == 255
    assert f"rule.cocci:{line}:1: this OCaml block is not run: {what}" in called.err
    assert ": s is not run" in called.err
    changed = Path("out.c").read_text()
    assert "a(1);\n\tb(1);\n\tone();\n\tbound();" in changed


def test_it_runs_where_that_is_asked_for() -> None:
    called = call("if sure f then include_match false", "--ignore-ocaml")
    assert (called.status, called.err) == (0, "")
    assert "a(2);\n\tb(2);" in Path("out.c").read_text()


def test_a_block_that_only_prints_keeps_nothing_from_running() -> None:
    called = call("let t = Buffer.create 1 in Buffer.add_string t f")
    assert (called.status, called.err) == (0, "")
    assert "a(2);\n\tb(2);" in Path("out.c").read_text()


def test_what_a_block_prints() -> None:
    called = call('Printf.printf "%s in line %d\\n" f (List.hd p).line')
    assert called.status == 0, called.err
    assert "a in line 3\nb in line 4\n" in called.out


def test_a_name_that_a_block_makes() -> None:
    rule = (
        "@r@\nidentifier f;\n@@\nf(...)\n@script:ocaml s@\nf << r.f;\ng;\n@@\n"
        'g := make_ident ("new_" ^ String.sub f 1 (String.length f - 1))\n'
        "@@\nidentifier r.f, s.g;\n@@\n- f\n+ g\n  (...)\n"
    )
    Path("rule.cocci").write_text(rule)
    called = ours(["rule.cocci", "in.c", "--very-quiet", "-o", "out.c"])
    assert called.status == 0, called.err
    assert "new_ne();\n\tnew_ree();" in Path("out.c").read_text()


def test_a_comparison_with_a_length_is_one_of_numbers() -> None:
    made = python_of("if n = 5 then include_match false", ["n"], [])
    assert made.startswith("if (int(_ml_text(n)) == 5)")


@pytest.mark.parametrize(
    "code", ["x", "f p", "p == q", "let f ~x = x in f p", '"\\065"', "!x", "p.(0)", "raise Exit"]
)
def test_what_may_mean_something_else_is_refused(code: str) -> None:
    with pytest.raises(NotCovered):
        python_of(code, ["p", "q"], [])


MINE = """\
@initialize:ocaml@
@@
let count = ref 0
let fresh s = incr count; Printf.sprintf "%s%d" s !count
let early (p, _) = (List.hd p).line < 4

@initialize:python@
@@
count = 7
def fresh(s): return s

@r@
identifier f : script:ocaml() { CONSTRAINT };
position p;
fresh identifier g = script:ocaml(f) { fresh f };
@@
- f@p(1)
+ g(1)

@depends on r@
@@
- free();
+ bound();
"""


def call_mine(constraint: str, *words: str) -> Called:
    Path("rule.cocci").write_text(MINE.replace("CONSTRAINT", constraint))
    return ours(["rule.cocci", "in.c", "--very-quiet", "-o", "out.c", *words])


def test_constraints_and_seeds_use_what_a_block_defines() -> None:
    called = call_mine('f <> "b"')
    assert (called.status, called.err) == (0, "")
    assert "a1(1);\n\tb(1);" in Path("out.c").read_text()


def test_a_rule_whose_constraint_is_not_covered_does_not_run_nor_what_hangs_on_it() -> None:
    called = call_mine("certain f")
    assert called.status == 255
    assert "rule.cocci:13:12: the OCaml of `f` is not run: `certain` is not covered" in called.err
    assert "rule.cocci:12:1: r is not run" in called.err
    assert not Path("out.c").exists()
    called = call_mine("certain f", "--ignore-ocaml")
    assert (called.status, called.err) == (0, "")
    assert "a1(1);\n\tb2(1);" in Path("out.c").read_text()


def test_each_let_has_a_name_of_its_own() -> None:
    called = call('let x = f in (let x = x ^ "!" in print_endline x); print_endline x')
    assert called.status == 0
    assert called.out.startswith("a!\na\nb!\nb\n")


def test_where_what_is_at_file_level_begins_and_ends() -> None:
    Path("in.c").write_text("int x = f(1);\n  static int y[] = {\n\tf(2),\n};\n")
    fields = "current_element_line, p[0].current_element_column, p[0].current_element_line_end"
    rule = f"@r@\nposition p;\n@@\nf@p(...)\n@script:python@\np << r.p;\n@@\nprint(p[0].{fields})\n"
    Path("rule.cocci").write_text(rule)
    called = ours(["rule.cocci", "in.c", "--very-quiet"])
    assert sorted(called.out.splitlines()) == ["1 0 1", "2 2 4"]
