# SPDX-License-Identifier: GPL-2.0-only
"""What git is asked, and what is made of a tree that it does not know."""

from __future__ import annotations

from pathlib import Path

import pytest
from sandbox import Sandbox

from vmaconv.series.git.history import recent_subjects
from vmaconv.series.git.repository import (
    FileState,
    GitPerson,
    NotGit,
    Repository,
    UncommittedFile,
    find_repository,
    git_version,
    head,
    identity,
    run_git,
    uncommitted,
)
from vmaconv.series.series_error import GitFailed, GitMissing, NoIdentity


def opened(path: Path) -> Repository:
    found = find_repository(path)
    assert isinstance(found, Repository)
    return found


def test_a_tree_without_git(tmp_path: Path) -> None:
    assert find_repository(tmp_path) == NotGit("not a git repository")


def test_a_tree_that_is_not_there(tmp_path: Path) -> None:
    found = find_repository(tmp_path / "none")
    assert isinstance(found, NotGit) and "No such file" in found.reason


def test_a_bare_repository(tmp_path: Path) -> None:
    run_git(tmp_path, "init", "-q", "--bare", "x.git")
    assert find_repository(tmp_path / "x.git") == NotGit("the repository has no work tree")


def test_no_git_at_all(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    assert find_repository(tmp_path) == NotGit("git cannot be run")
    with pytest.raises(GitMissing):
        git_version()


def test_an_untracked_folder_of_another_repository_is_not_gits(box: Sandbox) -> None:
    box.commit({"a.c": b"a\n"})
    box.write({"linux/mm/util.c": b"x\n"})
    found = find_repository(box.path / "linux")
    assert isinstance(found, NotGit) and "tracks none" in found.reason


def test_a_tracked_folder_of_a_repository(box: Sandbox) -> None:
    box.commit({"linux/mm/util.c": b"x\n", "linux/mm/a.c": b"x\n"}, "mm: first")
    box.write({"linux/mm/util.c": b"y\n"})
    tree = opened(box.path / "linux")
    assert tree.prefix == "linux/"
    assert uncommitted(tree, ["mm/util.c", "mm/a.c"]) == (
        UncommittedFile("mm/util.c", FileState.MODIFIED),
    )
    assert recent_subjects(tree, ["mm/util.c"]) == {"mm/util.c": ("mm: first",)}


def test_uncommitted_states(box: Sandbox) -> None:
    box.commit(dict.fromkeys(("clean.c", "staged.c", "edited.c", "touched.c", "g*.c"), b"x\n"))
    box.write({".gitignore": b"*.i\n", "ignored.i": b"", "new.c": b"", "gx.c": b"new"})
    box.write({"staged.c": b"y\n", "edited.c": b"y\n"})
    box.git("add", "staged.c")
    (box.path / "touched.c").touch()
    names = ["new.c", "ignored.i", "staged.c", "edited.c", "clean.c", "touched.c", "g*.c"]
    assert uncommitted(opened(box.path), names) == (
        UncommittedFile("edited.c", FileState.MODIFIED),
        UncommittedFile("ignored.i", FileState.IGNORED),
        UncommittedFile("new.c", FileState.UNTRACKED),
        UncommittedFile("staged.c", FileState.MODIFIED),
    )
    assert uncommitted(opened(box.path), []) == ()


def test_a_conflict_is_uncommitted(box: Sandbox) -> None:
    box.commit({"a.c": b"1\n"})
    box.git("checkout", "-qb", "side")
    box.commit({"a.c": b"2\n"})
    box.git("checkout", "-q", "main")
    box.commit({"a.c": b"3\n"})
    box.git("merge", "side", check=False)
    assert uncommitted(opened(box.path), ["a.c"]) == (UncommittedFile("a.c", FileState.UNMERGED),)


def test_odd_names_and_thousands_of_them(box: Sandbox) -> None:
    odd = ["ü x.c", "-n.c", ":(top).c", "caf\udce9.c"]
    box.commit(dict.fromkeys(odd, b"x\n"))
    many = [f"some/long/folder/name/file-number-{n:05}.c" for n in range(5000)]
    box.write({odd[0]: b"y\n", odd[2]: b"y\n", odd[3]: b"y\n"})
    found = uncommitted(opened(box.path), odd + many)
    assert [one.path for one in found] == sorted([odd[0], odd[2], odd[3]])


def test_nothing_is_locked_or_run(box: Sandbox, tmp_path: Path) -> None:
    box.commit({"a.c": b"x\n"})
    hook = tmp_path / "hook"
    hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    hook.chmod(0o755)
    box.git("config", "core.fsmonitor", str(hook))
    (box.path / ".git/index.lock").touch()
    assert uncommitted(opened(box.path), ["a.c"]) == ()
    assert not (tmp_path / "ran").exists()


def test_head(box: Sandbox) -> None:
    box.git("add", "-A")
    assert head(opened(box.path)) is None
    box.commit({"a.c": b"x\n"})
    assert head(opened(box.path)) == box.git("rev-parse", "HEAD").decode().strip()


def test_surrounding_git_variables_do_not_leak(
    box: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    box.commit({"a.c": b"x\n"})
    monkeypatch.setenv("GIT_DIR", "/nowhere")
    assert head(opened(box.path)) is not None


def test_identity(box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    me = identity(box.path)
    assert (str(me), me.when, me.zone) == ("Ada Lövelace <ada@example.org>", 1700000000, "+0100")
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Other")
    assert identity(box.path).name == "Other"
    assert identity(box.path, GitPerson.COMMITTER).name == "Ada Lövelace"


def test_no_identity(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(NoIdentity) as caught:
        identity(tmp_path)
    assert "user.email" in caught.value.remedy
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Ada")
    with pytest.raises(NoIdentity):
        identity(tmp_path)
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "ada@example.org")
    assert identity(tmp_path).email == "ada@example.org"


def test_timeout_and_failure_are_typed(box: Sandbox) -> None:
    with pytest.raises(GitFailed, match="more than 0.05 s"):
        run_git(box.path, "-c", "alias.wait=!sleep 2", "wait", timeout=0.05)
    with pytest.raises(GitFailed, match="git show: .*unknown revision"):
        run_git(box.path, "show", "none")


def test_recent_subjects(box: Sandbox) -> None:
    box.commit({"a.c": b"1\n", "b.c": b"1\n"}, "both: start")
    for number in range(40):
        box.commit({"a.c": b"%d\n" % (number + 2)}, f"a: change {number}")
    found = recent_subjects(opened(box.path), ["a.c", "b.c", "none.c"])
    assert found["a.c"][:2] == ("a: change 39", "a: change 38") and len(found["a.c"]) == 30
    assert found["b.c"] == ("both: start",)
    assert found["none.c"] == ()
    assert recent_subjects(opened(box.path), []) == {}
