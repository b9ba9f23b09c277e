# SPDX-License-Identifier: GPL-2.0-only
"""The cases in folders: `tests/migrate/cases/<topic>/<behaviour>/`.

In: `in/` with a few files, `out/` with those that change, and `expect.toml` where more than the
text matters. Out: a test for each; `in/` compiles before and after where gcc is there. The tree
around it is that of the fixtures' headers.

`expect.toml` may hold

* `seeds`: instead of the descriptor's member;
* `left`: for each use that is left, `path:line` and a part of the reason;
* `stops`: for each seed that cannot change, its name and a part of the reason;
* `decisions`: for each decision that matters, its subject, action and, if there is one, name;
* `compiles = false` where the files are no whole program.
"""

from __future__ import annotations

import difflib
import shutil
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from migrate_trees import MEMBER, make_tree, run, write

CASES = Path(__file__).with_name("cases")
GCC = shutil.which("gcc")
FLAGS = ["-std=gnu11", "-nostdinc", "-fsyntax-only", "-Wall", "-Wextra", "-Werror"]
FLAGS += ["-Wno-unused-parameter", "-Wno-unused-function", "-I", "include"]
FLAGS += ["-include", "linux/types.h", "-DCONFIG_64BIT=1", "-DCONFIG_HUGETLB_PAGE=1"]


def list_cases() -> Iterator[Path]:
    yield from [path.parent for path in sorted(CASES.glob("*/*/in"))]


def read_files(folder: Path) -> dict[str, bytes]:
    files = (path for path in sorted(folder.rglob("*")) if path.is_file())
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in files}


def expectation(case: Path) -> dict[str, Any]:
    path = case / "expect.toml"
    return tomllib.loads(path.read_text("utf-8")) if path.is_file() else {}


def show(case: Path, path: str, wanted: bytes, got: bytes) -> str:
    lines = difflib.unified_diff(
        wanted.decode("latin1").splitlines(keepends=True),
        got.decode("latin1").splitlines(keepends=True),
        f"{case.name}/out/{path}",
        "migrate",
    )
    return "".join(lines)


@pytest.mark.parametrize("case", list(list_cases()), ids=lambda c: c.relative_to(CASES).as_posix())
def test_case(case: Path, tmp_path: Path, request: pytest.FixtureRequest) -> None:
    before = read_files(case / "in")
    wanted = {**before, **read_files(case / "out")} if (case / "out").is_dir() else before
    tree = make_tree(tmp_path / "tree", before)
    expect = expectation(case)
    if expect.get("compiles", True):
        compile_all(tree, before)
    migration = run(tree, *expect.get("seeds", [MEMBER]))
    write(tree, migration)
    got = {path: (tree / path).read_bytes() for path in before}
    if request.config.getoption("--update", default=False):
        update(case, before, got)
        return
    diffs = "".join(show(case, p, wanted[p], got[p]) for p in before if wanted[p] != got[p])
    assert not diffs, f"\n{diffs}"
    check_expected(expect, migration)
    if expect.get("compiles", True):
        compile_all(tree, before)


def update(case: Path, before: dict[str, bytes], got: dict[str, bytes]) -> None:
    shutil.rmtree(case / "out", ignore_errors=True)
    for path, text in got.items():
        if text != before[path]:
            (case / "out" / path).parent.mkdir(parents=True, exist_ok=True)
            (case / "out" / path).write_bytes(text)


def check_expected(expect: dict[str, Any], migration: Any) -> None:
    left = [(str(one.place), one.why) for one in migration.left]
    listed = expect.get("left", [])
    assert [place for place, _ in left] == [place for place, _ in listed], left
    for (_, why), (_, part) in zip(left, listed, strict=True):
        assert part in why
    stops = [(subject, str(obstacle)) for subject, obstacle in migration.stops]
    listed = expect.get("stops", [])
    assert [subject for subject, _ in stops] == [subject for subject, _ in listed], stops
    for (_, why), (_, part) in zip(stops, listed, strict=True):
        assert part in why
    decisions = [(d.subject, d.action, d.name) for d in migration.trial.decisions]
    for subject, action, *name in expect.get("decisions", []):
        assert (subject, action, *(name or [""])) in decisions, decisions


def compile_all(tree: Path, files: dict[str, bytes]) -> None:
    if GCC is None:
        return
    for path in files:
        if path.endswith(".c"):
            done = subprocess.run(
                [GCC, *FLAGS, path], cwd=tree, capture_output=True, timeout=60, check=False
            )
            assert done.returncode == 0, done.stderr.decode(errors="replace")
