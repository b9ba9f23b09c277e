# SPDX-License-Identifier: GPL-2.0-only
"""Mails of the word's conversion: what each says is true of its own patch.

In: the tree of 7.x's shape, with files of our own that test, set under the lock, and set in a hook.
Out: the mails; a lock is spoken of where there is one, and the letter says of all what reviewers need.
"""

from __future__ import annotations

import shutil
from email import message_from_bytes, policy
from email.message import EmailMessage
from pathlib import Path

import pytest
from command_line import FIXTURES, run

HEAD = "#include <linux/mm.h>\n\n"
FILES = {
    "arch/csky/abiv1/tests.c": "int only_tests(struct vm_area_struct *vma)\n{\n"
    "\treturn vma->vm_flags & VM_READ ? 1 : 2;\n}\n",
    "arch/csky/abiv2/tests.c": "int tests_more(struct vm_area_struct *vma)\n{\n"
    "\treturn vma->vm_flags & VM_EXEC ? 1 : 2;\n}\n",
    "fs/sets.c": "void sets(struct vm_area_struct *vma)\n{\n\tvm_flags_set(vma, VM_IO);\n}\n",
}


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for who in ("AUTHOR", "COMMITTER"):
        monkeypatch.setenv(f"GIT_{who}_NAME", "Ada")
        monkeypatch.setenv(f"GIT_{who}_EMAIL", "ada@example.org")
    shutil.copytree(FIXTURES / "kernel-7", tmp_path / "kernel-7")
    for name, text in FILES.items():
        path = tmp_path / "kernel-7" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(HEAD + text)
    return tmp_path / "kernel-7"


def mails(tree: Path, *arguments: str) -> dict[str, str]:
    """Write a series; return each mail's text, without its lines broken, by its subject."""
    out = tree.parent / "out"
    done = run("series", tree, "-o", out, "--split", "file", "--no-cc", *arguments)
    assert done.code == 0, done.stderr
    found = {}
    for path in sorted(out.rglob("*.patch")):
        mail = message_from_bytes(path.read_bytes(), policy=policy.default)
        assert isinstance(mail, EmailMessage)
        subject = " ".join(mail["Subject"].split()).partition("] ")[2]
        found[subject] = " ".join(mail.get_content().split())
    return found


def test_a_lock_is_spoken_of_where_there_is_one(tree: Path) -> None:
    made = mails(tree, *FILES)
    lock = "vm_flags_set() and its kin call vma_start_write(), the bitmap's helpers do not"
    assert lock in made["fs/sets: use the bitmap VMA flags"]
    tests = made["csky: use the bitmap VMA flags in abiv1/tests.c"]
    assert "lock" not in tests.partition(" --- ")[0]
    assert "Test a VMA for flags through its helpers" in tests


def test_the_letter_has_what_some_patches_explain(tree: Path) -> None:
    (letter,) = (text for subject, text in mails(tree, *FILES).items() if "Ada (3)" in text)
    assert "Notes for reviewers: - Lock a VMA, then change its flags. vm_flags_set() and" in letter
    assert "3 uses converted" in letter and " 0 uses left" not in letter


def test_files_of_one_name_are_told_apart_by_their_folders(tree: Path) -> None:
    subjects = [s for s in mails(tree, *FILES) if " in " in s]
    assert [s.rpartition(" in ")[2] for s in subjects] == ["abiv1/tests.c", "abiv2/tests.c"]


def test_masks_say_of_each_file_what_stands_for_its_setters(tree: Path) -> None:
    uses = {
        "fs/clears.c": "void clears(struct vm_area_struct *vma)\n{\n"
        "\tvm_flags_clear(vma, VM_SOFTDIRTY);\n}\n",
        "mm/asks.c": "int asks(struct vm_area_struct *vma)\n{\n"
        "\treturn vma->vm_flags & VM_SOFTDIRTY ? 1 : 0;\n}\n",
    }
    for name, text in uses.items():
        (tree / name).write_text(HEAD + text)
    made = mails(tree, "--recipe", "vma-word", "--group", "masks")
    said = {subject.partition(":")[0]: text.partition(" --- ")[0] for subject, text in made.items()}
    clears = "Where vm_flags_clear() was called, vma_start_write() and vma_clear_flags_mask() are."
    assert clears in said["fs/clears"]
    assert "was called" not in said["mm/asks"]


def test_the_letter_says_why_an_edit_was_refused(tree: Path) -> None:
    for number in range(41):
        (tree / f"mm/other_{number}.c").write_text(
            f"{HEAD}unsigned long word_{number}(struct vm_area_struct *vma)\n{{\n"
            "\treturn vma->vm_flags >> 4;\n}\n"
        )
    (tree / "mm/refused.c").write_text(
        f"{HEAD}extern inline int refused(struct vm_area_struct *vma)\n{{\n"
        "\treturn vma->vm_flags & VM_READ ? 1 : 2;\n}\n"
    )
    made = mails(tree, "fs/sets.c", "mm")
    (letter,) = (text for text in made.values() if "places are left to a person" in text)
    assert "1 vma_test() is static, which a function that is extern inline may not call" in letter
