# SPDX-License-Identifier: GPL-2.0-only
"""Where accepted changes go, and what happens when they cannot go there."""

from __future__ import annotations

import os
import shutil
from collections.abc import Sequence
from pathlib import Path

import pytest
from msgspec.structs import replace
from review_trees import KERNEL, run_over

from vmaconv.cli.material import material_of
from vmaconv.cocci.diff.hunk import DiffLine, LineKind
from vmaconv.cocci.text.atomic import write_whole
from vmaconv.review.material import outlet as module
from vmaconv.review.material.decisions import Decisions, PassageState
from vmaconv.review.material.outlet import Outlet, facts_of
from vmaconv.series.change import FileChange
from vmaconv.series.series_error import OutputNotEmpty, SeriesError, TreeChanged
from vmaconv.series.words.wording import Purpose

PURPOSE = Purpose("Use bits", "Because.", "vmaconv")


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give a tree that git does not know, and a person that it does."""
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path))
    monkeypatch.setenv("GIT_AUTHOR_NAME", "Ada Lovelace")
    monkeypatch.setenv("GIT_AUTHOR_EMAIL", "ada@example.org")
    monkeypatch.setenv("GIT_COMMITTER_NAME", "Ada Lovelace")
    monkeypatch.setenv("GIT_COMMITTER_EMAIL", "ada@example.org")
    path = tmp_path / "linux"
    shutil.copytree(KERNEL, path)
    return path


def accepted(tree: Path) -> Sequence[FileChange]:
    material = material_of(run_over(tree, "mm"))
    decisions = Decisions(material)
    decisions.decide([p.index for p in material.passages], PassageState.ACCEPTED)
    return decisions.changes()


def contents(tree: Path) -> dict[str, bytes]:
    return {str(p.relative_to(tree)): p.read_bytes() for p in tree.rglob("*") if p.is_file()}


def test_a_second_apply_writes_nothing_again(tree: Path) -> None:
    out = Outlet(tree, PURPOSE)
    changes = accepted(tree)
    assert out.apply(changes) == f"{len(changes)} files written"
    times = {c.path: (tree / c.path).stat().st_mtime_ns for c in changes}
    assert out.apply(changes) == "the tree has all that already"
    assert {c.path: (tree / c.path).stat().st_mtime_ns for c in changes} == times


@pytest.mark.parametrize("how", ["changed", "gone"])
def test_one_file_that_changed_keeps_all_from_being_written(tree: Path, how: str) -> None:
    changes = accepted(tree)
    path = tree / changes[-1].path
    if how == "changed":
        path.write_bytes(path.read_bytes() + b"\n")
    else:
        path.unlink()
    before = contents(tree)
    with pytest.raises(TreeChanged, match="nothing was written"):
        Outlet(tree, PURPOSE).apply(changes)
    assert contents(tree) == before


def test_a_disk_that_fails_half_way_says_how_far_it_came(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    changes = accepted(tree)
    real = module.replace_file
    calls = 0

    def fail_third(top: Path, path: str, before: bytes, after: bytes) -> None:
        nonlocal calls
        calls += 1
        if calls == 3:
            raise OSError(28, "No space left on device", str(top / path))
        real(top, path, before, after)

    monkeypatch.setattr(module, "replace_file", fail_third)
    out = Outlet(tree, PURPOSE)
    with pytest.raises(SeriesError, match=r"No space left on device; 2 of \d+ files written"):
        out.apply(changes)
    for number, change in enumerate(changes):
        assert (tree / change.path).read_bytes() == (change.after if number < 2 else change.before)
    monkeypatch.setattr(module, "replace_file", real)
    out.apply(changes)
    assert all((tree / c.path).read_bytes() == c.after for c in changes)


def test_a_tree_that_git_refuses_is_written_and_that_is_said(tree: Path) -> None:
    (tree / ".git").mkdir(exist_ok=True)
    (tree / ".git/config").write_text("[core\n")
    assert "uncommitted changes were not looked for: " in Outlet(tree, PURPOSE).apply(
        accepted(tree)
    )


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write read-only files")
def test_a_read_only_file_is_refused_before_anything_is_written(tree: Path) -> None:
    changes = accepted(tree)
    (tree / changes[-1].path).chmod(0o444)
    before = contents(tree)
    with pytest.raises(PermissionError, match="nothing was written"):
        Outlet(tree, PURPOSE).apply(changes)
    assert contents(tree) == before


def test_a_tree_without_git_gets_patches_and_a_series_all_the_same(
    tree: Path, tmp_path: Path
) -> None:
    changes = accepted(tree)
    out = Outlet(tree, PURPOSE)
    assert out.patches(changes, tmp_path / "patches") == (
        f"{len(changes)} patches in {tmp_path / 'patches'}"
    )
    material = material_of(run_over(tree, "mm"))
    facts = facts_of(material, Decisions(material), PURPOSE, ("vma-desc.cocci",))
    words = out.series(changes, tmp_path / "series", facts)
    assert "mails in" in words
    with pytest.raises(OutputNotEmpty):
        out.series(changes, tmp_path / "series", facts)


def test_the_facts_of_a_cover_letter_are_those_of_the_review(tree: Path) -> None:
    material = material_of(run_over(tree, "drivers/char"))
    decisions = Decisions(material)
    first = next(p for p in material.passages if p.changes)
    decisions.decide([first.index], PassageState.ACCEPTED)
    facts = facts_of(material, decisions, PURPOSE, ("vma-desc.cocci",))
    assert ("hunks accepted in review", 1) in facts.counts
    converted = sum(use.outcome == "converted" for use in first.uses)
    assert len(facts.left) == len(material.uses) - converted
    assert facts.disclosure is not None
    assert "edited" not in facts.disclosure.portions
    edited = first.hunk
    more = DiffLine(LineKind.CAME, b"/* mine */\n", None, edited.new_start)
    decisions.edit(
        first.index, replace(edited, lines=(more, *edited.lines), new_count=edited.new_count + 1)
    )
    facts = facts_of(material, decisions, PURPOSE, ())
    assert facts.disclosure is not None
    assert "but for 1 hunk that a person edited" in facts.disclosure.portions


def test_a_file_is_written_whole_or_not_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "out"
    path.write_bytes(b"old")
    path.chmod(0o640)
    write_whole(path, b"new")
    assert path.read_bytes() == b"new"
    assert path.stat().st_mode & 0o777 == 0o640

    def full(_handle: int) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left") as failure:
        write_whole(path, b"newer")
    assert failure.value.filename == str(path)
    assert path.read_bytes() == b"new"
    assert [p.name for p in tmp_path.iterdir()] == ["out"]
    write_whole(Path("/dev/null"), b"gone")
    assert Path("/dev/null").is_char_device()
