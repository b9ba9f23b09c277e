# SPDX-License-Identifier: GPL-2.0-only
"""The cases in folders: `tests/cases/<topic>/<behaviour>/`.

In: `rule.cocci` (without it: the rules that ship), `in.c`, `out.c` (without it: `in.c` must stay as
it is) and, where more than the text matters, `expect.toml`. Out: a test for each; a failing one
shows the diff. `pytest tests/test_cases.py --update` writes `out.c` from what the engine gives.

`expect.toml` may hold

* `virtual`: the virtual rules that are on; `macros`: true to look into bodies of `#define`;
* `spatch`: true to print as spatch prints, `also` to run the case in the kernel's style and in that,
  with `out-spatch.c` for `out.c` where the two differ;
* `[[refused]]`: a match that is not applied: `rule`, `line` and a part of the `reason`;
* `[[bound]]`: what a change bound: `rule`, `line` and metavariables by name;
* `[[left]]`: a use of a descriptor's flags that is left: `line` and the `reason`, its code and what
  it names (`argument f()`); `[[unjudged]]` alike. Only for cases of the rules that ship; all such
  places have to be listed;
* `pending`: what the engine lacks to pass; the case must fail until then. For the rules that ship
  a table with a reason for each generation;
* `apis`: the generations of helpers that such a case runs with; all, unless said otherwise.
  `out-v7.1.c` and `out-series-v1.c` stand in for `out.c` where a generation spells it otherwise.
"""

from __future__ import annotations

import difflib
import shutil
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from vmaconv.cli.request_run import run
from vmaconv.cocci.engine.file_result import FileResult
from vmaconv.cocci.engine.program import compile_file
from vmaconv.cocci.engine.run import Runner
from vmaconv.cocci.match.attempt.state import MatchOptions
from vmaconv.cocci.smpl.parse import parse_file
from vmaconv.cocci.tree.unit import Unit
from vmaconv.convert.request import Request
from vmaconv.convert.tree_conversion import FileOutcome
from vmaconv.flags.helpers.generation import API_NAMES
from vmaconv.flags.kernel_isomorphisms import isomorphisms
from vmaconv.flags.truth_macros import TRUTH

CASES = Path(__file__).with_name("cases")
HEADERS = Path(__file__).parents[1] / "fixtures" / "kernel" / "include"


@dataclass(frozen=True, slots=True)
class Case:
    """One folder; `api` is empty where the case brings a rule of its own, `spatch` in whose style."""

    folder: Path
    api: str = ""
    spatch: bool = False

    @property
    def name(self) -> str:
        path = self.folder.relative_to(CASES).as_posix()
        return f"{path}[{self.variant}]" if self.variant else path

    @property
    def variant(self) -> str:
        """What tells the case from others of its folder."""
        return "spatch" if self.spatch and self.expect()["spatch"] == "also" else self.api

    @property
    def before(self) -> bytes:
        return (self.folder / "in.c").read_bytes()

    @property
    def output(self) -> Path:
        """The file that says what comes out, if there is one."""
        own = self.folder / f"out-{self.variant}.c"
        return own if own.is_file() else self.folder / "out.c"

    @property
    def after(self) -> bytes:
        return self.output.read_bytes() if self.output.is_file() else self.before

    def expect(self) -> dict[str, Any]:
        path = self.folder / "expect.toml"
        return tomllib.loads(path.read_text("utf-8")) if path.is_file() else {}


def list_cases() -> Iterator[Case]:
    """List all cases, by name; one of the rules that ship comes once for each generation."""
    for path in sorted(CASES.rglob("in.c")):
        case = Case(path.parent)
        if (path.parent / "rule.cocci").is_file():
            style = case.expect().get("spatch", False)
            if style is not True:
                yield case
            if style:
                yield Case(path.parent, spatch=True)
        else:
            for api in case.expect().get("apis", API_NAMES):
                yield Case(path.parent, api)


ALL = list(list_cases())
OWN = [case for case in ALL if not case.api]
SHIPPED = [case for case in ALL if case.api]


def run_rule(case: Case, text: bytes) -> FileResult:
    """Run a case's own rule over `text`."""
    rules = parse_file(case.folder / "rule.cocci")
    virtual = frozenset(case.expect().get("virtual", ()))
    program = compile_file(rules, isomorphisms(), virtual)
    expect = case.expect()
    options = MatchOptions(truth=TRUTH, macros=expect.get("macros", False), tidy=not case.spatch)
    return Runner(program, Unit("in.c", text, program.names), [], options).run()


@pytest.fixture(scope="session")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A tree with the fixtures' headers and the cases of the rules that ship."""
    root = tmp_path_factory.mktemp("cases")
    shutil.copytree(HEADERS, root / "include")
    for case in SHIPPED:
        target = root / case.folder.relative_to(CASES)
        target.mkdir(parents=True, exist_ok=True)
        shutil.copy(case.folder / "in.c", target / "in.c")
    return root


@pytest.fixture(scope="session")
def outcomes(tree: Path) -> dict[str, dict[str, FileOutcome]]:
    """What becomes of each file of the tree, by generation and path."""
    made: dict[str, dict[str, FileOutcome]] = {}
    for api in API_NAMES if SHIPPED else ():
        result = run(Request(tree, api=api))
        made[api] = {outcome.path: outcome for outcome in result.outcomes}
    return made


def show_difference(want: bytes, have: bytes) -> str:
    """Return a diff of two texts in which no byte hides."""
    lines = difflib.unified_diff(visible(want), visible(have), "expected", "given", lineterm="")
    return "\n".join(lines)


def visible(text: bytes) -> list[str]:
    """Return the lines of a text, those with an unusual end as Python would write them."""
    lines = text.decode("utf-8", "backslashreplace").splitlines(keepends=True)
    return [repr(s)[1:-1] if "\r" in s or not s.endswith("\n") else s[:-1] for s in lines]


def check_text(case: Case, have: bytes, update: bool) -> None:
    if update and have != case.after:
        if have == case.before:
            case.output.unlink(missing_ok=True)
        else:
            case.output.write_bytes(have)
    if have != case.after:
        pytest.fail(f"{case.folder}\n{show_difference(case.after, have)}", pytrace=False)


def note_pending(case: Case, reason: str | None, have: bytes) -> None:
    """End the test early where `expect.toml` says that the case is ahead of the engine."""
    if reason is not None and have != case.after:
        pytest.xfail(reason)
    assert reason is None, "this works now: take `pending` out of expect.toml"


def check_refusals(case: Case, result: FileResult | FileOutcome) -> None:
    have = sorted((r.line, r.rule, r.reason) for r in result.refusals)
    want = sorted((r["line"], r["rule"], r["reason"]) for r in case.expect().get("refused", ()))
    assert [h[:2] for h in have] == [w[:2] for w in want], have
    for (_, _, reason), (_, _, part) in zip(have, want, strict=True):
        assert part in reason


@pytest.mark.parametrize("case", OWN, ids=lambda case: case.name)
def test_own_rule(case: Case, update: bool) -> None:
    result = run_rule(case, case.before)
    note_pending(case, case.expect().get("pending"), result.text)
    check_text(case, result.text, update)
    check_refusals(case, result)
    for wanted in case.expect().get("bound", ()):
        place = {key: wanted.pop(key) for key in ("rule", "line")}
        found = [
            dict(change.bindings)
            for change in result.changes
            if (change.rule.name, change.line) == (place["rule"], place["line"])
        ]
        assert any(wanted.items() <= bindings.items() for bindings in found), found


@pytest.mark.parametrize("case", SHIPPED, ids=lambda case: case.name)
def test_rules_that_ship(
    case: Case, outcomes: dict[str, dict[str, FileOutcome]], update: bool
) -> None:
    path = (case.folder / "in.c").relative_to(CASES).as_posix()
    # A file without the word is never opened.
    outcome = outcomes[case.api].get(path) or FileOutcome(path, case.before, case.before)
    note_pending(case, case.expect().get("pending", {}).get(case.api), outcome.after)
    check_text(case, outcome.after, update)
    check_refusals(case, outcome)
    for state in ("left", "unjudged"):
        have = sorted(
            (a.line, f"{a.reason.code} {a.reason.subject}")
            for a in outcome.account
            if a.outcome == state and a.reason is not None
        )
        want = sorted((entry["line"], entry["reason"]) for entry in case.expect().get(state, ()))
        assert have == want
    vanished = outcome.before.count(b"vm_flags") - outcome.after.count(b"vm_flags")
    assert sum(a.outcome == "converted" for a in outcome.account) == vanished


def test_every_case_is_complete() -> None:
    for folder in {path.parent for path in CASES.rglob("*.*")}:
        assert (folder / "in.c").is_file(), f"{folder} has no in.c"
        names = {path.name for path in folder.iterdir()}
        outputs = {f"out-{variant}.c" for variant in (*API_NAMES, "spatch")}
        assert names <= {"rule.cocci", "in.c", "out.c", "expect.toml", *outputs}, folder
