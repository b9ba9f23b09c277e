# SPDX-License-Identifier: GPL-2.0-only
"""The main job on the fixtures' tree: vmaconv's words against what was written by hand.

In: `fixtures/kernel` and `fixtures/expected`. Out: that all commands say and do the same, from
wherever and however they are called.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import tomllib
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from command_line import (
    EXPECTED,
    FIXTURES,
    KERNEL,
    PROGRAM,
    copy_kernel,
    expected_files,
    git,
    make_repository,
    read_files,
    run,
)

from vmaconv.cli import exits

ACCOUNT = tomllib.loads((FIXTURES / "expected" / "account.toml").read_text("utf-8"))

# The account's words for a reason, and the code that stands for them in JSON.
CODES = {"argument of": "argument", "initialiser of": "initialiser"}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    return copy_kernel(tmp_path / "kernel")


@pytest.fixture
def repository(tree: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM"):
        monkeypatch.setenv(name, "/dev/null")
    for role in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{role}_DATE", "1700000000 +0100")
    return make_repository(tree)


@pytest.fixture(scope="module")
def account() -> dict[str, Any]:
    done = run("scan", KERNEL, "--format", "json", "-j1")
    assert done.code == 0
    loaded = json.loads(done.out)
    assert isinstance(loaded, dict)
    return loaded


@pytest.fixture(scope="module")
def diff() -> bytes:
    done = run("diff", KERNEL, "-j1")
    assert done.code == 0
    return done.out


def check_converted(tree: Path) -> None:
    have, want = read_files(tree), expected_files()
    assert have.keys() == want.keys()
    wrong = [path for path in want if have[path] != want[path]]
    assert wrong == []


def test_apply_gives_what_was_written_by_hand(tree: Path) -> None:
    done = run("apply", tree, "-j1")
    assert done.code == 0
    check_converted(tree)
    assert "155 uses converted in 32 files, 56 left to a person" in done.err


def test_the_source_is_left_alone_by_all_but_apply(tmp_path: Path, tree: Path) -> None:
    make_repository(tree)
    for words in (("diff",), ("scan",), ("patches", "-o", tmp_path / "out")):
        assert run(words[0], tree, "mm", "fs", *words[1:], "-j1").code == 0
    assert read_files(tree) == read_files(KERNEL)
    assert git(tree, "status", "--porcelain") == b""


def test_apply_twice_changes_nothing(tree: Path) -> None:
    run("apply", tree, "-j1")
    stamps = {path: path.stat().st_mtime_ns for path in tree.rglob("*.c")}
    done = run("apply", tree, "-j1")
    assert done.code == 0
    assert "0 uses converted" in done.err
    assert {path: path.stat().st_mtime_ns for path in tree.rglob("*.c")} == stamps
    assert run("diff", tree, "-j1").out == b""


def test_apply_keeps_modes(tree: Path) -> None:
    path = tree / "mm/shmem.c"
    path.chmod(0o754)
    run("apply", tree, "-j1")
    assert path.stat().st_mode & 0o7777 == 0o754
    assert not [p for p in tree.rglob(".*") if p.is_file()], "a temporary file is left behind"


def account_key(use: dict[str, Any]) -> tuple[object, ...]:
    """What both accounts say of a use; of text that does not parse the kind is anybody's guess."""
    outcome, kind = use["outcome"], use["kind"]
    reason = use.get("reason")
    code = reason["code"] if isinstance(reason, dict) else (reason or "").split(" ")[0]
    if outcome == "unjudged" and code == "unparsed":
        kind = ""
    return use["file"], use["line"], use["function"], kind, outcome


def test_account_lists_what_was_listed_by_hand(account: dict[str, Any]) -> None:
    have = Counter(map(account_key, account["uses"]))
    want = Counter(map(account_key, ACCOUNT["use"]))
    assert have - want == Counter()
    assert want - have == Counter()


def test_account_adds_up(account: dict[str, Any]) -> None:
    totals = ACCOUNT["totals"]
    outcomes = Counter(use["outcome"] for use in account["uses"])
    for outcome in ("converted", "left", "unjudged"):
        assert account[outcome] == totals[outcome] == outcomes[outcome]
    assert len(account["uses"]) == totals["uses"]
    assert f"{totals['uses']} remain" in run("scan", KERNEL, "-j1").err


def reason_of(entry: dict[str, Any]) -> tuple[str, str]:
    """Split an account's reason into its code and the name that goes with it."""
    text = entry["reason"]
    for words, code in CODES.items():
        if text.startswith(words):
            return code, text.removeprefix(words).strip()
    code, _, name = text.partition(" ")
    return code, name


def agrees(entry: dict[str, Any], reason: dict[str, str]) -> bool:
    """Whether JSON gives the account's reason, and names what it names somewhere."""
    code, name = reason_of(entry)
    if code == "initialiser":
        # The account names the variable, the tool what the member gets.
        return reason["code"] == code
    plain = name.strip("()").replace(" ", "")
    said = (reason["subject"] + reason["text"]).replace(" ", "")
    return reason["code"] == code and plain in said


def test_account_gives_the_reasons_that_were_found_by_hand(account: dict[str, Any]) -> None:
    reasons: dict[tuple[object, ...], list[dict[str, str]]] = {}
    for use in account["uses"]:
        if "reason" in use:
            reasons.setdefault(account_key(use), []).append(use["reason"])
    for entry in ACCOUNT["use"]:
        if "reason" in entry:
            candidates = reasons[account_key(entry)]
            assert any(agrees(entry, reason) for reason in candidates), (entry, candidates)


def test_every_reason_is_a_sentence_for_a_person(account: dict[str, Any]) -> None:
    for use in account["uses"]:
        if use["outcome"] != "converted":
            assert len(use["reason"]["text"]) > 10, use


def test_git_apply_takes_the_diff(repository: Path, diff: bytes) -> None:
    git(repository, "apply", "--check", "-", feed=diff)
    git(repository, "apply", "-", feed=diff)
    check_converted(repository)


def test_git_am_takes_the_patches(repository: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    done = run("patches", repository, "-o", out, "-s", "-j1")
    assert done.code == 0
    patches = sorted(out.glob("*.patch"))
    assert len(patches) == len(read_files(EXPECTED))
    git(repository, "am", "-q", *map(str, patches))
    check_converted(repository)
    log = git(repository, "log", "--format=%an <%ae>%n%b", "-1").decode()
    assert "Ada Lövelace <ada@example.org>" in log
    assert "Signed-off-by: Ada Lövelace <ada@example.org>" in log


def test_each_patch_stands_on_its_own(repository: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    run("patches", repository, "-o", out, "-j1")
    for patch in sorted(out.glob("*.patch"))[::7]:
        git(repository, "am", "-q", str(patch))
        changed = git(repository, "diff", "--name-only", "HEAD~1").split()
        assert len(changed) == 1
        path = changed[0].decode()
        assert (repository / path).read_bytes() == expected_files()[path]
        git(repository, "reset", "-q", "--hard", "HEAD~1")


@pytest.mark.parametrize("command", ["diff", "scan"])
def test_output_does_not_hang_on_the_number_of_workers(command: str) -> None:
    one, two = run(command, KERNEL, "fs", "mm", "-j1"), run(command, KERNEL, "fs", "mm", "-j2")
    assert one == two
    assert len(one.out) > 1000


def test_a_process_of_its_own_says_the_same(diff: bytes) -> None:
    done = subprocess.run([*PROGRAM, "diff", KERNEL], capture_output=True, timeout=120, check=True)
    assert done.stdout == diff


def in_file(diff: bytes, path: str) -> bytes:
    """Return the part of a diff that is about `path`."""
    start = diff.index(f"diff --git a/{path} ".encode())
    end = diff.find(b"\ndiff --git ", start)
    return diff[start:] if end < 0 else diff[start : end + 1]


def test_paths_narrow_the_run(diff: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    file = in_file(diff, "mm/memory.c")
    assert run("diff", KERNEL, "mm/memory.c").out == file
    assert run("diff", KERNEL, KERNEL / "mm/memory.c").out == file
    folder = run("diff", KERNEL, "fs/tidefs").out
    assert folder == run("diff", KERNEL, "fs/tidefs/").out
    assert folder.count(b"diff --git") == diff.count(b"diff --git a/fs/tidefs/") > 1
    both = run("diff", KERNEL, "mm/memory.c", "fs/tidefs", "mm/memory.c").out
    assert both == folder + file
    assert run("diff", KERNEL, "mm/mlock.c").out == b""
    monkeypatch.chdir(KERNEL / "mm")
    assert run("diff", "..", "memory.c").out == file


def test_the_tree_may_be_named_from_anywhere(
    diff: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = in_file(diff, "mm/memory.c")
    path = "mm/memory.c"
    monkeypatch.chdir(KERNEL.parent)
    assert run("diff", "kernel", path).out == file
    assert run("diff", "./kernel/../kernel/", path).out == file
    monkeypatch.chdir(KERNEL)
    assert run("diff", ".", path).out == file
    monkeypatch.chdir(tmp_path)
    (tmp_path / "link").symlink_to(KERNEL)
    assert run("diff", "link", path).out == file
    assert run("diff", "link", KERNEL / path).out == file


def test_a_tree_with_and_without_git_are_alike(
    diff: bytes, repository: Path, tmp_path: Path
) -> None:
    assert run("diff", repository, "-j1").out == diff
    plain = copy_kernel(tmp_path / "plain")
    assert run("diff", plain, "-j1").out == diff


def test_without_git_the_files_are_found_all_the_same(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    listed = run("scan", tree, "-j1").out
    monkeypatch.setenv("PATH", "/nowhere")
    assert run("scan", tree, "-j1").out == listed
    failed = run("diff", tree, "-j1")
    assert (failed.code, failed.out) == (exits.OUTPUT, b"")
    assert "install git" in failed.err


def test_a_tree_in_a_subfolder_of_a_repository(diff: bytes, tmp_path: Path) -> None:
    tree = copy_kernel(tmp_path / "vendor" / "kernel")
    make_repository(tmp_path)
    assert run("diff", tree, "-j1").out == diff
    (tree / "mm/memory.c").open("ab").write(b"\n")
    assert run("apply", tree, "mm/memory.c").code == 5


def test_what_git_does_not_list_is_converted_all_the_same(repository: Path) -> None:
    shutil.copy(repository / "mm/memory.c", repository / "mm/untracked.c")
    assert b"+++ b/mm/untracked.c" in run("diff", repository, "mm").out


def test_a_file_that_is_named_is_converted_whatever_git_lists(repository: Path) -> None:
    shutil.copy(repository / "mm/memory.c", repository / "mm/untracked.c")
    assert b"+++ b/mm/untracked.c" in run("diff", repository, "mm/untracked.c").out


def test_apply_refuses_files_with_changes(repository: Path) -> None:
    path = repository / "mm/memory.c"
    text = path.read_bytes()
    path.write_bytes(text + b"\n/* mine */\n")
    before = read_files(repository)
    done = run("apply", repository, "mm")
    assert done.code == 5
    assert "mm/memory.c" in done.err
    assert read_files(repository) == before
    assert run("apply", repository, "mm", "--force").code == 0
    assert path.read_bytes() == expected_files()["mm/memory.c"] + b"\n/* mine */\n"


def test_a_file_with_changes_elsewhere_is_nobodys_business(repository: Path) -> None:
    (repository / "mm/mlock.c").write_bytes(b"int changed;\n")
    (repository / "new.c").write_bytes(b"int added;\n")
    assert run("apply", repository, "mm/memory.c", "mm/shmem.c").code == 0


def test_strict_says_that_uses_are_left() -> None:
    assert run("diff", KERNEL, "drivers/char/fooram.c", "--strict").code == 0
    assert run("diff", KERNEL, "drivers/char/fooodd.c", "--strict").code == 1


def test_verbose_names_the_function_that_does_not_parse() -> None:
    done = run("diff", KERNEL, "fs/tidefs/log.c", "-v")
    assert "tide_log_check() passed over" in done.err


def test_colour_only_where_it_is_wanted(diff: bytes) -> None:
    assert b"\x1b[" not in diff
    assert b"\x1b[" in run("diff", KERNEL, "mm/memory.c", "--color", "always").out
