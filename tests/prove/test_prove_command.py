# SPDX-License-Identifier: GPL-2.0-only
"""`vmaconv prove`: exit codes, formats, where the texts come from, bad input."""

from __future__ import annotations

import json
import subprocess
import sys
from base64 import encodebytes
from pathlib import Path
from quopri import encodestring

import pytest
from command_line import KERNEL, PROGRAM, copy_kernel, git, make_repository, run

RAM = "drivers/char/fooram.c"
WORD = b"desc->vm_flags & VM_SHARED"


def _edited(tree: Path, old: bytes, new: bytes) -> Path:
    """Replace the first `old` in one file of a tree."""
    path = tree / RAM
    text = path.read_bytes()
    assert old in text
    path.write_bytes(text.replace(old, new, 1))
    return tree


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository of the fixtures' tree."""
    tree = copy_kernel(tmp_path / "tree")
    make_repository(tree)
    return tree


def test_a_conversion_in_the_work_tree_is_proven(repository: Path) -> None:
    _edited(repository, WORD, b"vma_desc_test_flags(desc, VMA_SHARED_BIT)")
    done = run("prove", repository)
    assert done.code == 0
    assert done.out == b""
    assert "1 function: 1 proven" in done.err


def test_a_wrong_one_differs_with_both_lines(repository: Path) -> None:
    _edited(repository, WORD, b"vma_desc_test_flags(desc, VMA_MAYSHARE_BIT)")
    done = run("prove", repository)
    assert done.code == 1
    out = done.out.decode()
    assert f"{RAM}:" in out
    assert "differs" in out
    assert "VM_SHARED" in out
    assert "VMA_MAYSHARE_BIT" in out


def test_what_is_undecided_has_a_code_of_its_own(repository: Path) -> None:
    _edited(repository, WORD, b"fooram_is_shared(desc)")
    assert run("prove", repository).code == 8
    assert run("prove", repository, "--strict").code == 1


def test_two_commits_are_compared(repository: Path) -> None:
    _edited(repository, WORD, b"vma_desc_test_flags(desc, VMA_SHARED_BIT)")
    git(repository, "commit", "-q", "-a", "-m", "convert")
    assert "nothing changed" in run("prove", repository).err
    done = run("prove", repository, "HEAD~1..HEAD", "--format", "json")
    data = json.loads(done.out)
    assert data["schema"] == 1
    (function,) = data["functions"]
    assert (function["file"], function["verdict"], function["example"]) == (RAM, "proven", None)


def test_a_patch_is_judged_and_the_tree_left_alone(repository: Path, tmp_path: Path) -> None:
    _edited(repository, WORD, b"vma_desc_test_flags(desc, VMA_MAYSHARE_BIT)")
    patch = tmp_path / "x.patch"
    patch.write_bytes(git(repository, "diff"))
    git(repository, "checkout", "-q", "--", ".")
    done = run("prove", repository, "--patch", patch, "--format", "json")
    assert done.code == 1
    example = json.loads(done.out)["functions"][0]["example"]
    assert example["before"]["text"] != example["after"]["text"]
    assert git(repository, "status", "--porcelain") == b""


def test_a_patch_needs_no_repository(tmp_path: Path) -> None:
    patch = tmp_path / "x.patch"
    ours = run("diff", KERNEL, RAM).out
    patch.write_bytes(ours)
    assert run("prove", KERNEL, "--patch", patch).code == 0
    patch.write_bytes(ours.replace(b"VMA_SHARED_BIT", b"VMA_EXEC_BIT", 1))
    done = run("prove", KERNEL, "--patch", patch, "--format", "sarif")
    assert done.code == 1
    (result,) = json.loads(done.out)["runs"][0]["results"]
    assert (result["ruleId"], result["level"]) == ("prove-differs", "error")


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["no-such-revision"], "there is no such revision"),
        (["HEAD.."], "no pair of revisions"),
        (["HEAD...HEAD"], "no pair of revisions"),
        (["--patch", "no-such-file"], "no-such-file: cannot be read"),
        (["--patch", "."], ".: cannot be read"),
        (["--patch", "/dev/null"], "/dev/null: cannot be read"),
    ],
)
def test_bad_input_is_a_message(repository: Path, words: list[str], says: str) -> None:
    done = run("prove", repository, *words)
    assert done.code == 3
    assert says in done.err


def test_a_name_that_nobody_declares_is_the_reason(tmp_path: Path) -> None:
    patch = tmp_path / "x.patch"
    ours = run("diff", KERNEL, RAM).out
    patch.write_bytes(ours.replace(b"VMA_SHARED_BIT", b"VMB_SHARED_BIT", 1))
    done = run("prove", KERNEL, "--patch", patch)
    assert done.code == 8
    assert b"what VMB_SHARED_BIT stands for is not known" in done.out


@pytest.mark.parametrize("encoding", ["quoted-printable", "base64"])
def test_a_mail_is_read_as_it_was_written(tmp_path: Path, encoding: str) -> None:
    diff = b"The patch uses vma_desc_test_flags() =).\n---\n" + run("diff", KERNEL, RAM).out
    coded = encodebytes(diff) if encoding == "base64" else encodestring(diff)
    head = f"From: A <a@example.org>\nSubject: [PATCH] x\nContent-Transfer-Encoding: {encoding}\n\n"
    patch = tmp_path / "x.mbox"
    patch.write_bytes(head.encode() + coded)
    done = run("prove", KERNEL, "--patch", patch)
    assert (done.code, done.out) == (0, b"")


def test_a_patch_that_does_not_apply_is_named(repository: Path, tmp_path: Path) -> None:
    patch = tmp_path / "x.patch"
    path = RAM.encode()
    patch.write_bytes(b"--- a/%s\n+++ b/%s\n@@ -1,1 +1,1 @@\n-nothing\n+else\n" % (path, path))
    done = run("prove", repository, "--patch", patch)
    assert done.code == 3
    assert "does not apply" in done.err
    assert RAM in done.err


def test_a_tree_without_the_headers_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.c").write_text("int a;\n")
    make_repository(tmp_path)
    (tmp_path / "a.c").write_text("int b;\n")
    done = run("prove", tmp_path)
    assert done.code == 3
    assert "no header of the tree declares VMA flags" in done.err


def test_our_own_migration_is_proven(tmp_path: Path) -> None:
    patch = tmp_path / "migration.patch"
    patch.write_bytes(run("migrate", KERNEL).out)
    done = run("prove", KERNEL, "--patch", patch)
    assert done.out == b""
    assert done.code == 0


def test_what_a_command_made_is_judged_on_request() -> None:
    done = run("diff", KERNEL, RAM, "--prove")
    assert done.code == 0
    assert "each of 2 functions was checked: 2 proven" in done.err
    assert b"+++ b/" + RAM.encode() in done.out


def test_an_edit_that_differs_is_refused(tmp_path: Path) -> None:
    tree = make_repository(copy_kernel(tmp_path / "tree"))
    rule = tmp_path / "wrong.cocci"
    rule.write_text(
        "@@\nstruct vm_area_desc *D;\n@@\n"
        "- D->vm_flags & VM_SHARED\n+ vma_desc_test_flags(D, VMA_EXEC_BIT)\n"
    )
    done = run("apply", tree, RAM, "--rules", rule, "--prove")
    assert done.code == 5
    assert "does something else than before in fooram_mmap_prepare()" in done.err
    assert git(tree, "status", "--porcelain") == b""


def test_callers_too_many_to_look_at_are_said(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("vmaconv.prove.prover.CALLS_MOST", 1)
    diff = run("migrate", repository).out
    patch = repository.parent / "migration.diff"
    patch.write_bytes(diff)
    done = run("prove", repository, "--patch", patch)
    assert done.code == 8
    assert "were not looked at: more than 1 do" in done.out.decode()


def test_a_cover_letter_says_what_was_proven(repository: Path, tmp_path: Path) -> None:
    done = run("series", repository, RAM, "-o", tmp_path / "out", "--no-cc", "--prove")
    assert done.code == 0, done.err
    assert "each of 2 functions was checked: 2 proven equal" in done.err
    (letter,) = (tmp_path / "out").glob("*cover-letter*")
    assert "Each of 2 functions that the edits touch or reach was checked equal" in " ".join(
        letter.read_text("utf-8").replace("\n  ", " ").split()
    )


def test_a_migration_is_proven_in_its_cover_letter(repository: Path, tmp_path: Path) -> None:
    words = ("--recipe", "vma-flags", "--no-cc", "--prove")
    done = run("series", repository, "-o", tmp_path / "out", *words)
    assert done.code == 0, done.err
    letter = next((tmp_path / "out").rglob("*cover-letter*"))
    assert "shares no code" in " ".join(letter.read_text("utf-8").split())


def test_nothing_is_written_where_an_edit_differs(repository: Path, tmp_path: Path) -> None:
    rule = tmp_path / "wrong.cocci"
    rule.write_text(
        "// Use the helper\n@@\nstruct vm_area_desc *D;\n@@\n"
        "- D->vm_flags & VM_SHARED\n+ vma_desc_test_flags(D, VMA_EXEC_BIT)\n"
    )
    out = tmp_path / "out"
    for command in ("series", "patches"):
        done = run(command, repository, RAM, "--rules", rule, "-o", out, "--prove")
        assert done.code == 5
        assert "does something else than before in fooram_mmap_prepare()" in done.err
        assert not out.exists()


def test_a_report_says_what_was_proven(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    assert run("report", KERNEL, RAM, "-o", page, "--prove").code == 0
    assert "was checked equal" in page.read_text("utf-8")


def test_hooks_take_the_option() -> None:
    done = run("hooks", KERNEL, "--prove")
    assert done.code == 0, done.err
    assert "nothing changed that could be judged" in done.err
    assert run("hooks", KERNEL, "--prove", "--list").code == 2


MAIL = """From 1234567890123456789012345678901234567890 Mon Sep 17 00:00:00 2001
From: A Person <a.person@example.org>
Date: Mon, 2 Mar 2026 12:00:00 +0100
Subject: [PATCH v2 %s] quill: %s

%s
"""


def _mbox(repository: Path) -> bytes:
    """Return a cover letter and two patches as b4 writes them, the second one first."""
    path = repository / RAM
    before = path.read_bytes()
    _edited(repository, WORD, b"vma_desc_test_flags(desc, VMA_SHARED_BIT)")
    first = git(repository, "diff")
    git(repository, "commit", "-q", "-a", "-m", "one")
    path.write_bytes(path.read_bytes() + b"\nint fooram_more;\n")
    second = git(repository, "diff")
    git(repository, "reset", "-q", "--hard", "HEAD~1")
    assert path.read_bytes() == before
    letter = b"From the start:\n\nFrom here on words become bitmaps, as in May 2025\n"
    parts = (("2/2", b"more", second), ("0/2", b"letter", letter), ("1/2", b"test a bit", first))
    return b"\n".join(
        MAIL.encode() % (number.encode(), subject, body) for number, subject, body in parts
    )


def test_an_mbox_is_taken_in_the_order_of_its_numbers(repository: Path, tmp_path: Path) -> None:
    mbox = tmp_path / "x.mbx"
    mbox.write_bytes(_mbox(repository))
    done = run("prove", repository, "--patch", mbox, "--format", "json")
    assert done.code == 0, done.err
    functions = json.loads(done.out)["functions"]
    assert [f["verdict"] for f in functions] == ["proven"]


def test_without_z3_what_it_would_decide_is_said(
    repository: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, "z3", None)
    # Another test of this process may have loaded it.
    monkeypatch.setitem(sys.modules, "vmaconv.prove.terms.z3_solver", None)
    monkeypatch.setattr("vmaconv.prove.terms.term_decider.NODES_ALONE", 3)
    # Equal, and not by its text: it takes a table.
    _edited(repository, WORD, b"(desc->vm_flags & (VM_SHARED | VM_EXEC)) & ~VM_EXEC")
    done = run("prove", repository)
    assert done.code == 8
    assert "z3 is not installed (pip install 'vmaconv[prove]')" in done.out.decode()


def test_the_time_limit_of_a_function_is_kept(repository: Path) -> None:
    _edited(repository, WORD, b"vma_desc_test_flags(desc, VMA_SHARED_BIT)")
    done = run("prove", repository, "--timeout", "0.000001")
    assert done.code == 8
    assert "the time limit is over" in done.out.decode()


def test_a_function_that_moved_is_compared_with_itself(repository: Path) -> None:
    text = (repository / RAM).read_bytes()
    start = text.index(b"static int fooram_mmap_prepare")
    end = text.index(b"\n}\n", start) + 3
    moved = text[start:end].replace(WORD, b"vma_desc_test_flags(desc, VMA_EXEC_BIT)", 1)
    (repository / RAM).write_bytes(text[:start] + text[end:])
    other = repository / "drivers/char/fooport.c"
    other.write_bytes(other.read_bytes() + b"\n" + moved)
    done = run("prove", repository, "--format", "json")
    found = {(f["file"], f["function"]): f for f in json.loads(done.out)["functions"]}
    assert found["drivers/char/fooport.c", "fooram_mmap_prepare"]["verdict"] == "differs"


def test_what_has_nothing_to_do_with_flags_is_said_to_be_so(repository: Path) -> None:
    path = repository / RAM
    path.write_bytes(path.read_bytes() + b"\nstatic int fooram_two(void)\n{\n\treturn 2;\n}\n")
    git(repository, "commit", "-q", "-a", "-m", "more")
    _edited(repository, b"return 2;", b"return 3;")
    done = run("prove", repository)
    assert done.code == 0
    assert "not judged" in done.out.decode()
    assert "0 proven" in done.err


def test_the_conversion_of_7_x_is_proven() -> None:
    """Locks taken once or not at all, files of a few configurations, masks that may be empty."""
    done = run("diff", KERNEL.parent / "kernel-7", "--prove")
    assert done.code == 0, done.err
    assert "functions was checked" in done.err
    assert "reader" not in done.err


def test_the_way_back_is_proven(tmp_path: Path) -> None:
    """What is bitmaps on the fixtures' tree becomes words again, each function as it was."""
    tree = copy_kernel(tmp_path / "tree")
    assert run("apply", make_repository(tree), "--force").code == 0
    done = run("diff", tree, "--rules", "vma-words", "--prove")
    assert done.code == 0, done.err
    assert "proven equal" in done.err
    assert "reader" not in done.err


def test_a_patch_may_come_from_stdin(repository: Path) -> None:
    _edited(repository, WORD, b"vma_desc_test_flags(desc, VMA_MAYSHARE_BIT)")
    patch = git(repository, "diff")
    git(repository, "checkout", "-q", "--", ".")
    words = [*PROGRAM, "prove", str(repository), "--patch", "-"]
    done = subprocess.run(words, input=patch, capture_output=True)
    assert done.returncode == 1, done.stderr
    assert b"differs" in done.stdout
