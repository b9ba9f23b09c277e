# SPDX-License-Identifier: GPL-2.0-only
"""Nothing of a tree's git is run, and nothing that git was told changes the answer."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from command_line import copy_kernel, git, make_repository, read_files, run

from vmaconv.cocci.text import files
from vmaconv.cocci.text.files import Search

HOOKS = (
    "reference-transaction",
    "post-index-change",
    "pre-commit",
    "commit-msg",
    "post-commit",
    "post-checkout",
    "fsmonitor-watchman",
    "pre-auto-gc",
    "prepare-commit-msg",
    "applypatch-msg",
)


class Trap:
    """Programs that leave a mark when they are run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()
        self.marks = folder / "marks"
        self.marks.mkdir()

    def program(self, name: str, at: Path | None = None) -> str:
        path = at if at is not None else self.folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f'#!/bin/sh\necho "$0 $*" >> "{self.marks}/{name}"\ncat\n')
        path.chmod(0o755)
        return str(path)

    def sprung(self) -> list[str]:
        return sorted(path.name for path in self.marks.iterdir())


@pytest.fixture
def trap(tmp_path: Path) -> Trap:
    return Trap(tmp_path / "trap")


def small_kernel(target: Path) -> Path:
    """Copy what a run needs, and a few files to convert."""
    copy_kernel(target)
    for folder in ("arch", "drivers", "ipc", "kernel", "tools"):
        shutil.rmtree(target / folder, ignore_errors=True)
    return target


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return make_repository(small_kernel(tmp_path / "linux"))


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The tree without git."""
    return small_kernel(tmp_path_factory.mktemp("plain") / "linux")


@pytest.fixture(scope="module")
def plain_diff(plain: Path) -> bytes:
    """What diff prints for the tree without git."""
    done = run("diff", plain)
    assert done.out
    return done.out


def found(tree: Path) -> list[str]:
    """Return the files that the command line looks at."""
    return Search(tree, ["vm_area_desc", "vm_flags"]).result()


def configure(tree: Path, **settings: str) -> None:
    for name, value in settings.items():
        git(tree, "config", name.replace("__", "."), value)


def set_all(tree: Path, trap: Trap) -> None:
    """Point whatever git can run at programs that leave a mark."""
    for name in HOOKS:
        trap.program(f"hook-{name}", tree / ".git/hooks" / name)
    for key in ("core.fsmonitor", "diff.external", "diff.x.command", "diff.x.textconv"):
        git(tree, "config", key, trap.program(key))
    for key in ("clean", "smudge", "process"):
        git(tree, "config", f"filter.x.{key}", trap.program(f"filter-{key}"))
    for key in ("gpg.program", "core.pager", "core.editor", "core.sshCommand", "core.askPass"):
        git(tree, "config", key, trap.program(key))
    git(tree, "config", "core.alternateRefsCommand", trap.program("altrefs"))
    for key in ("pager.log", "pager.grep", "log.showSignature", "commit.gpgSign", "tag.gpgSign"):
        git(tree, "config", key, "true")
    git(tree, "config", "user.signingKey", "X")
    for word in ("status", "grep", "log", "rev-parse", "ls-files", "ls-tree", "read-tree"):
        git(tree, "config", f"alias.{word}", f"!{trap.program(f'alias-{word}')}")
    (tree / ".git/info").mkdir(exist_ok=True)
    (tree / ".git/info/attributes").write_text("* filter=x diff=x\n")
    for name in ("git", "perl", "make"):
        trap.program(f"tree-{name}", tree / name)
    old = 1_577_836_800
    for path in tree.rglob("*.c"):
        os.utime(path, (old, old))


@pytest.mark.parametrize(
    "words",
    [
        ("diff",),
        ("scan",),
        ("apply",),
        ("migrate",),
        ("patches", "-o", "OUT"),
        ("series", "-o", "OUT", "--range-diff", "EARLIER", "-v2"),
        ("series", "-o", "OUT", "--branch", "flags"),
    ],
    ids=lambda words: words[0] + words[-1].strip("-").lower() if len(words) > 1 else words[0],
)
def test_nothing_of_the_tree_runs(
    words: tuple[str, ...], tree: Path, trap: Trap, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if "EARLIER" in words:
        assert run("series", tree, "-o", tmp_path / "earlier").code == 0
    set_all(tree, trap)
    monkeypatch.chdir(tree)
    monkeypatch.setenv("PATH", f".:{os.environ['PATH']}")
    places = {"OUT": str(tmp_path / "out"), "EARLIER": str(tmp_path / "earlier")}
    done = run(words[0], ".", *(places.get(word, word) for word in words[1:]))
    assert done.code == 0, done.err
    assert "no range-diff" not in done.err
    assert trap.sprung() == []


@pytest.mark.parametrize("path", ["mm/util.c", "mm"])
def test_an_object_that_is_missing_is_not_fetched(
    path: str, tree: Path, trap: Trap, tmp_path: Path
) -> None:
    configure(
        tree,
        core__repositoryFormatVersion="1",
        extensions__partialClone="origin",
        remote__origin__url=str(tree / ".git"),
        remote__origin__promisor="true",
        remote__origin__uploadpack=trap.program("upload-pack"),
        protocol__file__allow="always",
    )
    name = git(tree, "rev-parse", f"HEAD:{path}").decode().strip()
    (tree / ".git/objects" / name[:2] / name[2:]).unlink()
    for words in (["diff"], ["patches", "-o", tmp_path / "p"], ["series", "-o", tmp_path / "s"]):
        run(words[0], tree, *words[1:])
    run("apply", tree)
    assert trap.sprung() == []


def test_another_work_tree_is_not_believed(tree: Path, tmp_path: Path, plain_diff: bytes) -> None:
    other = make_repository(small_kernel(tmp_path / "other"))
    before = read_files(other)
    git(tree, "config", "core.worktree", str(other))
    assert run("diff", tree).out == plain_diff
    (tree / "mm/util.c").write_bytes((tree / "mm/util.c").read_bytes() + b"\n")
    done = run("apply", tree)
    assert done.code == 5 and "uncommitted changes in mm/util.c" in done.err
    assert run("apply", tree, "--force").code == 0
    assert read_files(other) == before


def test_applying_says_where_git_has_nothing_to_say(tree: Path) -> None:
    """What is uncommitted is not known then, and nobody must think that it was looked for."""
    (tree / ".git/config").write_text("[core]\n\trepositoryformatversion = 99\n")
    done = run("apply", tree)
    assert done.code == 0
    assert "warning: uncommitted changes were not looked for: " in done.err


@pytest.mark.parametrize("bit", ["--assume-unchanged", "--skip-worktree"])
def test_what_is_uncommitted_is_told_by_the_bytes(bit: str, tree: Path) -> None:
    path = tree / "mm/util.c"
    git(tree, "update-index", bit, "mm/util.c")
    path.write_bytes(path.read_bytes() + b"/* mine */\n")
    done = run("apply", tree)
    assert done.code == 5 and "mm/util.c" in done.err
    assert path.read_bytes().endswith(b"/* mine */\n")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("GIT_DIR", "/nowhere/.git"),
        ("GIT_WORK_TREE", "/tmp"),
        ("GIT_INDEX_FILE", "/nowhere/index"),
        ("GIT_LITERAL_PATHSPECS", "1"),
        ("GIT_NOGLOB_PATHSPECS", "1"),
        ("GIT_ICASE_PATHSPECS", "1"),
        ("GIT_GLOB_PATHSPECS", "1"),
        ("GIT_CEILING_DIRECTORIES", "/"),
        ("GIT_OBJECT_DIRECTORY", "/nowhere"),
        ("GIT_CONFIG_PARAMETERS", "'color.ui'='always'"),
    ],
)
def test_the_environment_changes_nothing(
    name: str, value: str, tree: Path, monkeypatch: pytest.MonkeyPatch, plain: Path
) -> None:
    monkeypatch.setenv(name, value)
    assert found(tree) == found(plain) != []


def test_a_diff_from_within_a_hook(
    tree: Path, monkeypatch: pytest.MonkeyPatch, plain_diff: bytes
) -> None:
    for name in ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_PREFIX"):
        monkeypatch.setenv(name, "/nowhere")
    git_was_told = ("color.ui", "always"), ("core.bare", "true")
    monkeypatch.setenv("GIT_CONFIG_COUNT", str(len(git_was_told)))
    for number, (key, value) in enumerate(git_was_told):
        monkeypatch.setenv(f"GIT_CONFIG_KEY_{number}", key)
        monkeypatch.setenv(f"GIT_CONFIG_VALUE_{number}", value)
    assert run("diff", tree).out == plain_diff


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("color.ui", "always"),
        ("core.quotePath", "true"),
        ("grep.lineNumber", "true"),
        ("grep.fullName", "true"),
        ("grep.patternType", "perl"),
        ("submodule.recurse", "true"),
        ("core.bare", "true"),
        ("core.repositoryFormatVersion", "77"),
    ],
)
def test_the_configuration_changes_nothing(key: str, value: str, tree: Path, plain: Path) -> None:
    git(tree, "config", key, value)
    assert found(tree) == found(plain)


def test_the_persons_configuration_changes_nothing(
    tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, plain: Path
) -> None:
    config = tmp_path / "gitconfig"
    config.write_text("[color]\n\tui = always\n[grep]\n\tlineNumber = true\n\tcolumn = true\n")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    assert found(tree) == found(plain)


def ignored(tree: Path) -> None:
    (tree / ".gitignore").write_text("/*\n")


def never_added(tree: Path) -> None:
    shutil.rmtree(tree / ".git")
    git(tree, "init", "-q")


def ignored_and_never_added(tree: Path) -> None:
    never_added(tree)
    ignored(tree)


def skipped(tree: Path) -> None:
    git(tree, "update-index", "--skip-worktree", "mm/util.c", "mm/memory.c", "mm/hugetlb.c")


def sparse(tree: Path) -> None:
    before = read_files(tree)
    git(tree, "sparse-checkout", "set", "include")
    for name, data in before.items():
        (tree / name).parent.mkdir(parents=True, exist_ok=True)
        (tree / name).write_bytes(data)


def removed_from_the_index(tree: Path) -> None:
    git(tree, "rm", "-q", "-r", "--cached", ".")


def repositories_within(tree: Path) -> None:
    git(tree / "mm", "init", "-q")
    (tree / "fs/.git").write_text("gitdir: /nowhere\n")


def no_git_any_more(tree: Path) -> None:
    (tree / ".git/HEAD").write_text("nonsense")


@pytest.mark.parametrize(
    "told",
    [
        ignored,
        never_added,
        ignored_and_never_added,
        skipped,
        sparse,
        removed_from_the_index,
        repositories_within,
        no_git_any_more,
    ],
    ids=lambda told: told.__name__,
)
def test_what_git_was_told_changes_nothing(
    told: Callable[[Path], None], tree: Path, plain: Path
) -> None:
    told(tree)
    assert found(tree) == found(plain)


def test_a_tree_that_ignores_itself_is_converted(tree: Path, plain_diff: bytes) -> None:
    ignored_and_never_added(tree)
    assert run("diff", tree).out == plain_diff


def test_git_is_run_in_one_place() -> None:
    folder = Path(files.__file__).parents[2]
    found = {
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*.py")
        if re.search(r"subprocess\.(run|Popen|call|check_\w+)\(", path.read_text("utf-8"))
    }
    assert found == {
        "cocci/text/git_command.py",
        # What a person asks for by an option, or has as an editor.
        "review/material/hunk_editor.py",
        "series/checks/build.py",
        "series/checks/checkpatch.py",
    } | {name for name in found if name.startswith("cocci/script/")}
