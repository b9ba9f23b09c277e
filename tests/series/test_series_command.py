# SPDX-License-Identifier: GPL-2.0-only
"""`vmaconv series` as a person calls it, on the fixtures' tree."""

from __future__ import annotations

from pathlib import Path

import pytest
from command_line import copy_kernel, git, make_repository, read_files, run


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"):
        monkeypatch.setenv(name, "/dev/null")
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_NAME", "Ada")
        monkeypatch.setenv(f"GIT_{role}_EMAIL", "ada@example.org")
    return copy_kernel(tmp_path / "kernel")


def sources(tree: Path) -> dict[str, bytes]:
    return {name: text for name, text in read_files(tree).items() if not name.startswith(".git/")}


def test_git_am_gives_what_apply_gives(tree: Path, tmp_path: Path) -> None:
    make_repository(tree)
    out = tmp_path / "out"
    done = run("series", tree, "-o", out, "-s")
    assert done.code == 0, done.err
    assert run("apply", tree).code == 0
    applied = sources(tree)
    git(tree, "checkout", "-q", ".")
    mails = sorted(p for p in out.rglob("*.patch") if "cover-letter" not in p.name)
    for mail in mails:
        git(tree, "am", "-q", str(mail))
    assert sources(tree) == applied
    assert b"Signed-off-by: Ada <ada@example.org>" in git(tree, "log", "-1", "--format=%B")


def test_a_second_version_tells_what_changed(tree: Path, tmp_path: Path) -> None:
    make_repository(tree)
    first, second = tmp_path / "v1", tmp_path / "v2"
    assert run("series", tree, "-o", first, "--no-cc").code == 0
    words = ("-v2", "--range-diff", first, "--subject", "use bits", "--no-cc")
    done = run("series", tree, "-o", second, *words)
    assert done.code == 0, done.err
    letter = next(iter(sorted(second.rglob("v2-0000-cover-letter.patch")))).read_text("utf-8")
    assert "[PATCH v2 0" in letter and "Range-diff against v1:" in letter


def test_a_tree_without_git_says_what_is_left_out(tree: Path, tmp_path: Path) -> None:
    done = run("series", tree, "-o", tmp_path / "out", "--no-cc")
    assert done.code == 0, done.err
    assert "no base commit" in done.err
    assert "base-commit" not in next((tmp_path / "out").rglob("*cover*")).read_text("utf-8")


def test_a_folder_with_files_in_it_is_left_alone(tree: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "mine").write_text("mine")
    done = run("series", tree, "-o", out)
    assert done.code == 5 and [p.name for p in out.iterdir()] == ["mine"]
