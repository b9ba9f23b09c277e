# SPDX-License-Identifier: GPL-2.0-only
"""Further runs that scripts ask for: beside spatch's own, and what is so without it."""

from __future__ import annotations

from pathlib import Path

import pytest
from spatch_calls import SPATCH, ours, theirs

from vmaconv.cocci.script.script_values import Iterate
from vmaconv.cocci.spatch.iterations import Iterations
from vmaconv.cocci.spatch.job import again, job_of, rules_of
from vmaconv.cocci.spatch.spatch_options import parse

CALLERS = """virtual after
@initialize:python depends on !after@
@@
print("begin")
seen = set()
@initialize:python depends on after@
@@
print("begin again")
@r depends on !after@
identifier f;
@@
f(...) { ... ERR(); ... }
@script:python@
f << r.f;
@@
if f not in seen:
    seen.add(f)
    it = Iteration()
    it.add_virtual_rule(after)
    it.add_virtual_identifier(fn, f)
    it.register()
    it = Iteration()
    it.set_files(["a.c"])
    it.add_virtual_rule("after")
    it.add_virtual_identifier("fn", f + "1")
    it.register()
@s depends on after@
identifier virtual.fn;
position p;
@@
fn@p()
@script:python@
p << s.p;
@@
print("called in line", p[0].line)
@script:python depends on after@
fn << virtual.fn;
@@
print("run for", fn)
@finalize:python depends on after@
@@
print("end")
"""

TWICE = """virtual two
@r depends on !two@
expression e;
@@
- foo(e)
+ bar(e)
@script:python depends on r@
e << r.e;
@@
it = Iteration()
it.set_files(["b.c"])
it.add_virtual_rule("two")
it.add_virtual_identifier("to", "x")
it.register()
@s depends on two@
expression e;
identifier virtual.to;
@@
- bar(e)
+ qux(e, to)
"""

AT_THE_END = """virtual two
@depends on !two@
expression e;
@@
- foo(e)
+ bar(e)
@depends on two@
expression e;
@@
- bar(e)
+ qux(e)
@finalize:python depends on !two@
@@
it = Iteration()
it.add_virtual_rule("two")
it.register()
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "callers.cocci").write_text(CALLERS)
    (tmp_path / "twice.cocci").write_text(TWICE)
    (tmp_path / "end.cocci").write_text(AT_THE_END)
    (tmp_path / "a.c").write_text(
        "int a(void) { ERR(); }\nint b(void) { ERR(); a(); }\nint c(void) { a1(); }\n"
        "int d(void) { b(); }\n"
    )
    (tmp_path / "b.c").write_text("int f(void) { foo(1); }\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


CALLS = (
    "--sp-file callers.cocci a.c --no-show-diff --very-quiet",
    "--sp-file twice.cocci b.c --in-place --very-quiet",
    "--sp-file end.cocci b.c --in-place --very-quiet",
)


@pytest.mark.skipif(SPATCH is None, reason="spatch is not installed (Debian: coccinelle)")
@pytest.mark.parametrize("words", CALLS)
def test_goes_on_as_spatch_does(words: str, folder: Path) -> None:
    before = (folder / "b.c").read_bytes()
    peer = theirs(words.split(), folder)
    after = (folder / "b.c").read_bytes()
    (folder / "b.c").write_bytes(before)
    called = ours(words.split())
    assert (called.status, called.out) == (peer.status, peer.out)
    assert (folder / "b.c").read_bytes() == after


@pytest.mark.parametrize("jobs", [[], ["-j", "2"]])
def test_scripts_keep_what_they_know(jobs: list[str]) -> None:
    words = ["--sp-file", "callers.cocci", "a.c", "--no-show-diff", "--very-quiet"]
    assert ours([*words, *jobs]).out.splitlines() == [
        "begin",
        "begin again",
        "called in line 3",
        "run for a1",
        "run for b1",
        "called in line 4",
        "run for b",
        "called in line 2",
        "run for a",
        "end",
    ]


def test_changes_what_the_run_before_wrote(folder: Path) -> None:
    assert ours(["--sp-file", "twice.cocci", "b.c", "--in-place", "--very-quiet"]).status == 0
    assert (folder / "b.c").read_text() == "int f(void) { qux(1, x); }\n"


def test_finalize_can_ask_for_a_run(folder: Path) -> None:
    assert ours(["--sp-file", "end.cocci", "b.c", "--in-place", "--very-quiet"]).status == 0
    assert (folder / "b.c").read_text() == "int f(void) { qux(1); }\n"


def test_refuses_to_go_on_where_changes_are_only_shown(folder: Path) -> None:
    called = ours(["--sp-file", "twice.cocci", "b.c", "--very-quiet"])
    assert called.status == 255
    assert "+int f(void) { bar(1); }" in called.out
    assert "qux" not in called.out
    assert "not compatible with iteration" in called.err
    assert (folder / "b.c").read_text() == "int f(void) { foo(1); }\n"


def test_goes_on_where_nothing_was_changed(folder: Path) -> None:
    asks = TWICE.replace("- foo(e)\n+ bar(e)", "  foo(e)").replace("- bar(e)", "- foo(e)")
    (folder / "asks.cocci").write_text(asks)
    called = ours(["--sp-file", "asks.cocci", "b.c", "--very-quiet"])
    assert called.status == 0, called.err
    assert "+int f(void) { qux(1" in called.out


def test_a_file_that_is_not_there_is_an_error(folder: Path) -> None:
    (folder / "twice.cocci").write_text(TWICE.replace("b.c", "nosuch.c"))
    called = ours(["--sp-file", "twice.cocci", "b.c", "--in-place", "--very-quiet"])
    assert called.status == 255
    assert "nosuch.c does not exist" in called.err


def test_order_of_runs() -> None:
    runs = Iterations()
    named = [Iterate((f"{name}.c",), (str(n),), ()) for n, name in enumerate("aaba")]
    same = [Iterate(None, (name,), ()) for name in "xy"]
    for asked in (*same, *named):
        runs.add(asked, {})
    taken = [run.virtual_rules[0] for run in iter(runs.take, None)]
    assert taken == ["3", "2", "0", "1", "y", "x"]


def test_extended_identifiers_keep_their_values() -> None:
    runs = Iterations()
    runs.add(Iterate(None, (), (("f", "new"),), extend=True), {"f": "old", "g": "kept"})
    asked = runs.take()
    assert asked is not None
    assert dict(asked.virtual_identifiers) == {"f": "new", "g": "kept"}


def test_a_further_run_does_not_read_the_rule_file_again(folder: Path) -> None:
    arguments = parse(["--sp-file", "twice.cocci", "b.c", "--in-place"])
    first = job_of(arguments, rules_of(arguments), ())
    (folder / "twice.cocci").unlink()
    further = again(first, Iterate(("b.c",), ("two",), (("to", "x"),)))
    assert [step.rule.name for step in further.program.code_steps()] == ["s"]
    assert further.rules is first.rules
