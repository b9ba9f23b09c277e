# SPDX-License-Identifier: GPL-2.0-only
"""Rules, C and scripts that are broken, endless or enormous: an error, a stop, never a crash.

Everything here goes the whole way, from the command line to the worker processes, but for the
properties, which run rules in this process so that many can be tried.
"""

from __future__ import annotations

import os
import signal
import time
from pathlib import Path

import pytest
from compiled import recursive
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from spatch_calls import RENAME, Called, ours

from vmaconv.cocci.engine.program import compile_file
from vmaconv.cocci.engine.run import Runner
from vmaconv.cocci.match.attempt.state import MatchOptions
from vmaconv.cocci.match.graph.flow_style import FlowStyle
from vmaconv.cocci.script.script_check import check_file
from vmaconv.cocci.smpl.parse import parse_text
from vmaconv.cocci.smpl.rule import SmplError
from vmaconv.cocci.smpl.shipped_isomorphisms import standard_isomorphisms
from vmaconv.cocci.spatch import group_run as run
from vmaconv.cocci.spatch import pool
from vmaconv.cocci.tree.unit import Unit
from vmaconv.cocci.tree_run import crew

CASES = sorted((Path(__file__).parents[2] / "cases").rglob("rule.cocci"))
HEAD = "@r@\nexpression x;\n@@\nfoo(x)\n@script:python@\nx << r.x;\n@@\n"
FUNCTION = "void f(void)\n{\n\tfoo(%s);\n}\n"


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setattr(run, "SCRIPT_LIMIT", 0.5)
    monkeypatch.setattr(crew, "GRACE", 1.0)
    monkeypatch.setattr(pool, "MEMORY", 1 << 30)
    (tmp_path / "d").mkdir()
    for number in (1, 2, 3):
        (tmp_path / f"d/{number}.c").write_text(FUNCTION % number)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def call(rule: str, *words: str) -> Called:
    """Run a rule over the folder's three files, with a limit of five seconds for each."""
    Path("rule.cocci").write_text(rule, errors="surrogateescape")
    return ours(["rule.cocci", "--dir", "d", "--very-quiet", "--timeout", "5", *words])


ENDLESS = {
    "loop": "while x == '1': pass",
    "loop in a method": "class A:\n    def __lt__(self, o):\n        while True: pass\n"
    "if x == '1': sorted([A(), A()])",
    "loop in an iterator": "import itertools\nif x == '1': sum(itertools.count())",
    "loop in an error's text": "class A(Exception):\n    def __str__(self):\n"
    "        while True: pass\nif x == '1': raise A()",
    "regular expression": "import re\nif x == '1': re.match('(a+)+$', 'a' * 60 + 'b')",
    "arithmetic": "a = 7 ** (10 ** 8 if x == '1' else 1)",
    "recursion": "def f(n): return f(n + 1)\nif x == '1': f(0)",
    "memory": "a = []\nwhile x == '1': a.append('x' * 1000000)",
    "memory at once": "a = 'x' * (10 ** 10 if x == '1' else 1)",
    "stack of the process": "a = ()\nif x == '1':\n    for i in range(1000000): a = (a,)\n"
    "    hash(a)",
    "output": "while x == '1': print('x' * 1000000)",
    "error": "if x == '1': raise KeyError(x)",
}


@pytest.mark.parametrize("jobs", ["1", "2"])
@pytest.mark.parametrize("code", ENDLESS.values(), ids=ENDLESS)
def test_a_script_that_goes_wrong_costs_one_file(code: str, jobs: str) -> None:
    called = call(f"{HEAD}{code}\nprint('seen', x)\n", "-j", jobs)
    printed = [line for line in called.out.splitlines() if line.startswith("seen")]
    assert printed == ["seen 2", "seen 3"]
    assert called.err.startswith(("rule.cocci:", "EXN: "))
    assert called.err.rstrip().endswith("d/1.c")
    assert "Traceback" not in called.err
    assert called.status == 0


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_constraint_that_does_not_end_costs_one_file(jobs: str) -> None:
    rule = (
        "@initialize:python@\n@@\ndef fits(x):\n    while x == '1': pass\n    return True\n"
        "@@\nexpression x : script:python() { fits(x) };\n@@\n- foo(x)\n+ bar(x)\n"
    )
    called = call(rule, "-j", jobs)
    assert "bar(2)" in called.out and "bar(3)" in called.out and "bar(1)" not in called.out
    assert "rule.cocci:7:" in called.err


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_worker_that_is_killed_costs_one_file(jobs: str) -> None:
    rule = f"{HEAD}import os\nif x == '2': os.kill(os.getppid(), 9)\nprint('seen', x)\n"
    called = call(rule, "-j", jobs, "--trust-scripts")
    assert called.out == "seen 1\nseen 3\n"
    assert "EXN: its process ended (SIGKILL) in d/2.c" in called.err


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_scripts_process_that_is_killed_costs_one_file(jobs: str) -> None:
    rule = f"{HEAD}import os\nif x == '2': os.kill(os.getpid(), 9)\nprint('seen', x)\n"
    called = call(rule, "-j", jobs, "--trust-scripts")
    assert called.out == "seen 1\nseen 3\n"
    assert "rule.cocci:5:1: the script ended its process (SIGKILL), for d/2.c" in called.err


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_trusted_script_that_catches_its_own_limit_is_killed(jobs: str) -> None:
    code = "while x == '2':\n    try:\n        while True: pass\n    except BaseException: pass\n"
    called = call(f"{HEAD}{code}print('seen', x)\n", "-j", jobs, "--trust-scripts")
    assert called.out == "seen 1\nseen 3\n"
    assert "d/2.c" in called.err


def test_initialize_that_does_not_end_is_named() -> None:
    called = call(f"@initialize:python@\n@@\nwhile True: pass\n{HEAD}print('seen', x)\n")
    assert called.out == "seen 1\nseen 2\nseen 3\n"
    assert "rule.cocci:1:1: the script was stopped" in called.err


def test_finalize_that_does_not_end_keeps_what_was_found() -> None:
    called = call(f"{HEAD}print('seen', x)\n@finalize:python@\n@@\nwhile True: pass\n")
    assert called.out == "seen 1\nseen 2\nseen 3\n"
    assert "the script was stopped" in called.err


@pytest.mark.parametrize("jobs", ["1", "2"])
def test_a_match_that_does_not_end_is_stopped_at_the_limit(jobs: str, folder: Path) -> None:
    # Each of so many calls is looked for beside each of the others.
    rule = "@r@\nidentifier f;\n@@\nf(0);\n\n@@\nidentifier r.f;\nexpression x;\n@@\n- g(f, x)\n+ bar(x)\n"
    names = [f"a{number}" for number in range(20000)]
    many = "".join(f"\t{name}(0);\n\tg({name}, 1);\n" for name in names)
    (folder / "d/2.c").write_text(f"void f(void)\n{{\n{many}}}\n")
    (folder / "d/3.c").write_text("void f(void)\n{\n\taaa(0);\n\tg(aaa, 3);\n}\n")
    start = time.monotonic()
    called = call(rule, "-j", jobs, "--timeout", "2")
    assert time.monotonic() - start < 8
    assert "EXN: no end within 2 seconds (--timeout) in d/2.c" in called.err
    assert "bar(3)" in called.out


def test_a_rule_that_takes_too_long_to_make_ready_is_stopped() -> None:
    many = "".join(f"@@\nexpression e;\n@@\n* foo{number}(e + 1)\n" for number in range(9000))
    called = call(many, "--timeout", "1")
    assert called.status == 255
    assert "rule.cocci: not ready to run within 1 second (--timeout)" in called.err


def test_a_sum_that_can_be_spelt_in_countless_ways_is_refused() -> None:
    sum_of = " + ".join(f"a{i}" for i in range(40))
    called = call(f"@@\n@@\n* foo({sum_of})\n", "--timeout", "2")
    assert called.status == 255
    assert "rule.cocci:1:1: isomorphisms spell this pattern in too many ways" in called.err


DEEP = {
    "parentheses": "- foo(" + "(" * 5000 + "x" + ")" * 5000 + ")",
    "open parentheses": "- foo(" + "(" * 5000,
    "braces": "- foo(x);\n" + "{\n" * 5000 + "}\n" * 5000,
    "disjunctions": "(\n" * 3000 + "- foo(x)\n" + ")\n" * 3000,
    "nests": "<...\n" * 500 + "- foo(x);\n" + "...>\n" * 500,
    "unary operators": "- foo(" + "!" * 5000 + "x)",
    "binary operators": "- foo(" + "x + " * 5000 + "x)",
    "pointers": "- foo((int " + "*" * 5000 + ")x)",
    "else if": "if (x) foo(x);\n" + "else if (x) foo(x);\n" * 2000,
}


@pytest.mark.parametrize("body", DEEP.values(), ids=DEEP)
def test_what_is_nested_deeply_is_an_error(body: str) -> None:
    called = call(f"@@\nexpression x;\n@@\n{body}\n")
    assert "Traceback" not in called.err
    assert called.status in (0, 255)
    if called.status:
        assert called.err.startswith("rule.cocci")


@recursive
def test_a_dependency_that_is_nested_deeply_is_an_error() -> None:
    called = call(f"@a@\n@@\nf();\n@ depends on {'(' * 3000}a{')' * 3000}@\n@@\n* foo(x)\n")
    assert called.status == 255
    assert called.err.startswith("rule.cocci:4:")


def test_a_thousand_arms_are_tried() -> None:
    arms = "\n|\n".join(f"- foo{i}(x)\n+ bar{i}(x)" for i in range(1000))
    Path("d/1.c").write_text("void f(void)\n{\n\tfoo999(1);\n}\n")
    called = call(f"@@\nexpression x;\n@@\n(\n{arms}\n)\n")
    assert "+\tbar999(1);" in called.out
    assert called.err == ""


@pytest.mark.parametrize("kind", ["expression", "statement", "identifier", "type"])
def test_a_pattern_that_matches_everything_ends(kind: str, folder: Path) -> None:
    (folder / "d/3.c").write_text(FUNCTION % "1 + 2 * (3 - x)" * 40)
    called = call(f"@@\n{kind} X;\n@@\n* X\n")
    assert called.status == 0
    assert "Traceback" not in called.err


@pytest.mark.parametrize(
    ("text", "part"),
    [
        (b"\x00\xff@@", "rule.cocci:1:1: "),
        (b"@@\xff\xfe\n@@\n- foo(1)\n", "rule.cocci:1:3: "),
        (b"@@\n@@\n- f\xffoo(1)\n", "rule.cocci:3:"),
        (b"@@\n@@\n- foo(1)\n\n@", "rule.cocci:5:"),
        (b'@@\nidentifier f =~ "(";\n@@\n- f(1)\n', "rule.cocci:2:17: this is no regular"),
        (b'#include "rule.cocci"\n@@\n@@\n- foo(1)\n', "rule.cocci:1:1: "),
    ],
)
def test_bytes_that_are_no_rule_are_an_error_with_their_place(text: bytes, part: str) -> None:
    Path("rule.cocci").write_bytes(text)
    called = ours(["rule.cocci", "d/1.c", "--very-quiet"])
    assert called.status == 255
    assert called.err.startswith(part)


def test_c_that_is_cut_off_or_garbage_keeps_the_others(folder: Path) -> None:
    (folder / "d/1.c").write_bytes((FUNCTION % 1).encode()[:20])
    (folder / "d/2.c").write_bytes(b"\x00\xff" * 500 + b"foo(1)" + b"{" * 5000)
    called = call(RENAME)
    assert called.status == 0
    assert "+\tbar(3);" in called.out
    assert called.out.count("+++") == 1


def test_c_that_is_nested_deeply_keeps_the_others(folder: Path) -> None:
    (folder / "d/1.c").write_text(FUNCTION % ("(" * 20000 + "1" + ")" * 20000))
    (folder / "d/2.c").write_text("void f(void)\n" + "{\n" * 20000 + "foo(1);\n" + "}\n" * 20000)
    called = call(RENAME)
    assert called.status == 0
    assert "+\tbar(3);" in called.out
    assert "Traceback" not in called.err


def test_no_worker_is_left_behind() -> None:
    before = _children()
    call(RENAME, "-j", "2")
    call(f"{HEAD}import sys\nsys.exit(3)\n", "-j", "2")
    call(f"{HEAD}while True: pass\n", "-j", "2")
    assert _children() == before


def test_the_alarm_is_put_back() -> None:
    call(RENAME)
    assert signal.getitimer(signal.ITIMER_REAL) == (0.0, 0.0)
    assert signal.getsignal(signal.SIGALRM) == signal.SIG_DFL


def _children() -> set[str]:
    own = str(os.getpid())
    found = set()
    for entry in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = entry.read_text().rpartition(")")[2].split()
        except OSError:
            continue
        if fields[1] == own:
            found.add(entry.parent.name)
    return found


def through(rule: str, text: bytes) -> None:
    """Run a rule over C in this process, without its scripts; errors of the rule are raised."""
    rule_file = parse_text(rule, "rule.cocci")
    errors = check_file(rule_file)
    if errors:
        raise errors[0]
    virtual = frozenset(rule_file.virtual)
    program = compile_file(rule_file, standard_isomorphisms(), virtual, {})
    options = MatchOptions(truth=run.PEER_TRUTH, tidy=False, macros=True, flow=FlowStyle(torn=True))
    Runner(program, Unit("a.c", text, program.names), [], options).run()


def _c_of(rule: Path) -> bytes:
    path = rule.with_name("in.c")
    return path.read_bytes() if path.exists() else (FUNCTION % 1).encode()


def test_rules_cut_off_at_every_byte() -> None:
    text = RENAME + HEAD + "if x:\n    print(x)\n" + "@@\n@@\n- a(...);\n...\n- b(...);\n"
    for end in range(len(text)):
        try:
            through(text[:end], b"void f(void)\n{\n\tfoo(1);\n\ta(1);\n\tb(2);\n}\n")
        except SmplError as error:
            assert error.place.line >= 1 and error.place.column >= 0


PARTS = """
... <... ...> <+... ...+> ( | ) { } @ @@ - + * ; , when != E x -> . " /* */ # [ ] if else for =
when~any when~strict ? ! \\( \\| \\) ++ -- sizeof struct depends~on exists forall \n \n-~ \n+~ \n(\n
""".replace("~", " ").split(" ")


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from(CASES),
    st.lists(
        st.tuples(st.floats(0, 1), st.sampled_from(PARTS), st.integers(0, 8)),
        min_size=1,
        max_size=4,
    ),
)
def test_mutated_rules_are_errors_or_run(case: Path, changes: list[tuple[float, str, int]]) -> None:
    rule = case.read_text()
    for where, part, gone in changes:
        at = int(where * len(rule))
        rule = rule[:at] + part + rule[at + gone :]
    try:
        through(rule, _c_of(case))
    except SmplError as error:
        assert error.message


@settings(max_examples=150, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    st.sampled_from(CASES),
    st.lists(
        st.tuples(st.floats(0, 1), st.sampled_from(PARTS), st.integers(0, 40)),
        min_size=1,
        max_size=4,
    ),
)
def test_mutated_c_runs(case: Path, changes: list[tuple[float, str, int]]) -> None:
    text = _c_of(case)
    for where, part, gone in changes:
        at = int(where * len(text))
        text = text[:at] + part.encode() + text[at + gone :]
    rule = case.read_text()
    try:
        through(rule, text)
    except SmplError:
        # A case may be about an error in its rule.
        with pytest.raises(SmplError):
            through(rule, _c_of(case))


FAILING = "@@\nexpression x;\n@@\n- foo(x)\n+ bar(x)\n@script:python@\n@@\nraise ValueError('no')\n"


def test_a_script_that_raises_leaves_the_files_as_they_are() -> None:
    Path("rule.cocci").write_text(FAILING)
    called = ours(["rule.cocci", "d/1.c", "--very-quiet"])
    assert (called.status, called.out) == (255, "")
    assert "rule.cocci:8:1: the script failed: ValueError: no, for d/1.c" in called.err


def test_a_script_that_raises_for_a_file_of_a_folder_leaves_that_one() -> None:
    called = call(HEAD + "if x == '2': raise ValueError(x)\n@@\n@@\n- foo\n+ bar\n  (...)\n")
    assert called.status == 0
    assert "bar(1)" in called.out and "bar(3)" in called.out and "foo(2)" not in called.out
    assert "the script failed: ValueError: 2, for d/2.c" in called.err


def test_an_initialize_block_that_raises_ends_the_run() -> None:
    called = call("@initialize:python@\n@@\nraise ValueError('no')\n" + RENAME)
    assert (called.status, called.out) == (255, "")
