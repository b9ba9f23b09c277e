# SPDX-License-Identifier: GPL-2.0-only
"""A migration as a series: each patch builds on those before it."""

from __future__ import annotations

from email.parser import BytesParser
from email.policy import default
from pathlib import Path

import pytest
from command_line import KERNEL, copy_kernel, git, make_repository, read_files, run


@pytest.fixture
def repository(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"):
        monkeypatch.setenv(name, "/dev/null")
    return make_repository(copy_kernel(tmp_path / "kernel"))


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The fixture tree as `migrate --apply` leaves it."""
    tree = copy_kernel(tmp_path_factory.mktemp("applied") / "kernel")
    assert run("migrate", tree, "--apply").code == 0
    return read_files(tree)


def apply_mails(repository: Path, mails: list[Path]) -> None:
    for mail in mails:
        git(repository, "am", "-q", str(mail))


def sources(tree: Path) -> dict[str, bytes]:
    return {name: text for name, text in read_files(tree).items() if not name.startswith(".git/")}


@pytest.mark.parametrize("words", [("series", "--no-cc"), ("patches",)])
def test_git_am_gives_what_apply_gives(
    repository: Path, tmp_path: Path, migrated: dict[str, bytes], words: tuple[str, ...]
) -> None:
    out = tmp_path / "out"
    done = run(words[0], repository, "--recipe", "vma-flags", "-o", out, *words[1:])
    assert done.code == 0, done.err
    mails = sorted(p for p in out.rglob("*.patch") if "cover-letter" not in p.name)
    assert len(mails) > 5
    apply_mails(repository, mails)
    assert sources(repository) == migrated


def test_each_signature_is_one_patch_and_independent_files_go_by_subsystem(
    repository: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    assert run("series", repository, "--recipe", "vma-flags", "-o", out, "--no-cc").code == 0
    mails = [BytesParser(policy=default).parsebytes(p.read_bytes()) for p in out.rglob("*.patch")]
    subjects = [str(mail["Subject"]) for mail in mails]
    direct = [s for s in subjects if "use the bitmap of struct vm_area_desc" in s]
    assert len(direct) > 3, subjects
    assert sum("take a bool" in s for s in subjects) == 1, subjects


def test_batches_in_order_go_on_top_of_each_other(
    repository: Path, tmp_path: Path, migrated: dict[str, bytes]
) -> None:
    out = tmp_path / "out"
    words = ("--recipe", "vma-flags", "-o", out, "--no-cc", "--max-patches", "4", "--branch", "vma")
    done = run("series", repository, *words)
    assert done.code == 0, done.err
    letter = (out / "batch-2" / "0000-cover-letter.patch").read_text("utf-8")
    flat = " ".join(letter.split())
    assert "Each goes on top of those before it." in flat and "builds" not in flat
    earlier = sorted((out / "batch-1").glob("*.patch"))[1:]
    ids = [git(repository, "patch-id", "--stable", feed=m.read_bytes()).split()[0] for m in earlier]
    named = [line.split()[1] for line in letter.splitlines() if line.startswith("prerequisite")]
    assert named == [one.decode() for one in ids]
    listed = git(repository, "branch", "--list", "vma-*", "--format=%(refname:short)")
    last = max(listed.decode().split(), key=lambda name: int(name.rpartition("-")[2]))
    git(repository, "checkout", "-q", last)
    assert sources(repository) == migrated


@pytest.mark.parametrize(
    ("words", "complaint"),
    [
        (("--plan", "plan.toml"), "--plan goes with --recipe"),
        (("--recipe", "vma-flags", "--rules", "vma-desc"), "--recipe takes the whole tree"),
        (("--recipe", "none-such"), "no such recipe"),
    ],
)
def test_words_that_do_not_go_together(
    tmp_path: Path, words: tuple[str, ...], complaint: str
) -> None:
    out = tmp_path / "out"
    done = run("series", KERNEL, "-o", out, *words)
    assert done.code != 0 and complaint in done.err
    assert not out.exists()
