# SPDX-License-Identifier: GPL-2.0-only
"""A migration as a series: each patch builds on those before it."""

# The C text below has tabs, as C has.
# ruff: noqa: E101, W191

from __future__ import annotations

import re
import shutil
from email.parser import BytesParser
from email.policy import default
from pathlib import Path

import pytest
from command_line import KERNEL, copy_kernel, git, make_repository, read_files, run

from vmaconv.migrate.recipe import find_recipe, read_recipe


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


def subjects_of(out: Path) -> list[str]:
    mails = sorted(p for p in out.rglob("*.patch") if "cover-letter" not in p.name)
    found = [BytesParser(policy=default).parsebytes(p.read_bytes())["Subject"] for p in mails]
    return [str(subject).partition("] ")[2] for subject in found]


def test_the_recipes_split_is_the_same_change_in_the_recipes_order(
    repository: Path, tmp_path: Path, migrated: dict[str, bytes]
) -> None:
    out = tmp_path / "out"
    words = ("--recipe", "vma-flags", "--split", "recipe", "-o", out, "--no-cc")
    done = run("series", repository, *words)
    assert done.code == 0, done.err
    wanted = [patch.subject for patch in read_recipe(find_recipe("vma-flags")).patches]
    subjects = subjects_of(out)
    own = [subject for subject in subjects if subject not in wanted]
    assert [s for s in wanted if s in subjects] == [s for s in subjects if s in wanted]
    assert len(subjects) > 5 and not own, own
    apply_mails(repository, sorted(p for p in out.rglob("*.patch") if "cover" not in p.name))
    assert sources(repository) == migrated


def test_no_subject_counts_and_no_message_tears_a_place(repository: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run("series", repository, "--recipe", "vma-flags", "-o", out, "--no-cc").code == 0
    assert not [s for s in subjects_of(out) if re.search(r"\bmore\b", s)]
    for path in out.rglob("*.patch"):
        words = " ".join(path.read_text("utf-8").partition("\n---\n")[0].split())
        assert not re.search(r"\b(twin|asked of)\b|\.\d+ of ", words), words


CUT = """\
[types]
old = "vm_flags_t"
new = "vma_flags_t"

[seeds]
members = ["struct vm_area_desc.vm_flags"]

[direct]
rules = ["vma-desc"]

[names]
vm_flags = "vma_flags"

[conversions.to_word]
name = "word_of"
text = '''

static inline vm_flags_t word_of(vma_flags_t flags)
{
	return flags.__vma_flags[0];
}
'''

[[patch]]
subject = "fs: add word_of()"
takes = ["conversions"]

[[patch]]
subject = "fs: let first() take a bitmap"
takes = ["first()"]

[[patch]]
subject = "fs: let second() take a bitmap"
takes = ["second()", "*"]
why = "Because."
"""
CHAIN = b"""\
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/mm.h>

static bool second(vm_flags_t flags, int n)
{
	pr_info("asked\\n");
	return flags & VM_WRITE;
}

static bool first(vm_flags_t flags, int n)
{
	if (flags & VM_READ)
		return n;
	return second(flags, n);
}

int chain_prepare(struct vm_area_desc *desc, unsigned long word)
{
	pr_info("%lx\\n", desc->vm_flags ^ word);
	return first(desc->vm_flags, 2);
}
"""


def cut_tree(tmp_path: Path, chain: bytes = CHAIN, stub: bytes = b"") -> Path:
    tree = copy_kernel(tmp_path / "kernel")
    for folder in ("arch", "drivers", "fs", "ipc", "kernel", "mm"):
        shutil.rmtree(tree / folder)
    (tree / "fs").mkdir()
    (tree / "fs/chain.c").write_bytes(chain)
    if stub:
        (tree / "tools/testing/vma").mkdir(parents=True)
        (tree / "tools/testing/vma/vma_internal.h").write_bytes(stub)
    return make_repository(tree)


def test_what_goes_together_is_cut_with_a_conversion_meanwhile(tmp_path: Path) -> None:
    tree, recipe, out = cut_tree(tmp_path), tmp_path / "own.toml", tmp_path / "out"
    recipe.write_text(CUT)
    done = run("series", tree, "--recipe", recipe, "--split", "recipe", "-o", out, "--no-cc")
    assert done.code == 0, done.err
    wanted = ["add word_of()", "let first() take a bitmap", "let second() take a bitmap"]
    last = "mm: remove vm_flags of struct vm_area_desc"
    assert subjects_of(out) == [*(f"fs: {words}" for words in wanted), last]
    _, first, second, _ = sorted(p for p in out.rglob("*.patch") if "cover" not in p.name)
    assert "+static bool first(vma_flags_t flags, int n)\n" in first.read_text()
    assert "+\treturn second(word_of(flags), n);\n" in first.read_text()
    assert "-static bool second(" not in first.read_text()
    assert "+\treturn second(flags, n);\n" in second.read_text()
    assert "+static bool second(vma_flags_t flags, int n)\n" in second.read_text()
    assert "\n\nBecause.\n" in second.read_text()


@pytest.mark.parametrize(
    ("old", "new", "line", "what"),
    [
        ('takes = ["conversions"]', 'takes = ["twins", "*"]', 0, "come after"),
        ('takes = ["first()"]', 'takes = ["firsts"]', 28, "'firsts' in takes is none of"),
        ('takes = ["first()"]', 'take = ["first()"]', 28, "unknown key take"),
        ('subject = "fs: add word_of()"', 'subject = ""', 24, "must have a subject"),
    ],
)
def test_patches_of_a_recipe_that_cannot_be(
    tmp_path: Path, old: str, new: str, line: int, what: str
) -> None:
    tree, recipe, out = cut_tree(tmp_path), tmp_path / "own.toml", tmp_path / "out"
    text = CUT.replace(old, new)
    if "*" in new:
        text = text.replace('takes = ["second()", "*"]', 'takes = ["conversions"]')
        line = 32
    recipe.write_text(text)
    done = run("series", tree, "--recipe", recipe, "--split", "recipe", "-o", out, "--no-cc")
    assert done.code == 3 and not out.exists(), done.err
    assert f"{recipe}:{line}: " in done.err and what in done.err


def test_what_a_patch_takes_and_nothing_changes_is_said(tmp_path: Path) -> None:
    tree, recipe, out = cut_tree(tmp_path), tmp_path / "own.toml", tmp_path / "out"
    recipe.write_text(CUT.replace('"first()"', '"first()", "frist()", "mm/none.c"'))
    done = run("series", tree, "--recipe", recipe, "--split", "recipe", "-o", out, "--no-cc")
    assert done.code == 0
    for one in ("frist()", "mm/none.c"):
        assert f"[[patch]] in line 28: nothing changes {one}" in done.err


STUB = b"""\
static inline bool first(int n, unsigned int m)
{
	return n + m;
}

static inline bool may_lock(struct vm_area_desc *desc, vm_flags_t flags)
{
	return !(flags & VM_LOCKED) || desc;
}
"""
LOCKS = b"""\
#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/mm.h>

bool may_lock(struct vm_area_desc *desc, vm_flags_t flags);

bool may_lock(struct vm_area_desc *desc, vm_flags_t flags)
{
	return !(flags & VM_LOCKED) || desc->file;
}

int lock_prepare(struct vm_area_desc *desc)
{
	return may_lock(desc, desc->vm_flags);
}
"""


@pytest.mark.parametrize("narrow", [False, True])
def test_stubs_in_the_userland_tests_follow(tmp_path: Path, narrow: bool) -> None:
    tree, recipe = cut_tree(tmp_path, LOCKS, STUB), tmp_path / "own.toml"
    stub = tree / "tools/testing/vma/vma_internal.h"
    entry = '[narrow]\nmay_lock = "is_locked"\n\n' if narrow else ""
    recipe.write_text(CUT.replace("[conversions", f"{entry}[conversions", 1))
    done = run("migrate", tree, "--recipe", recipe, "--apply")
    assert done.code == 0, done.err
    text, kernel = stub.read_text(), (tree / "fs/chain.c").read_text()
    declared = "bool is_locked" if narrow else "vma_flags_t flags"
    test = "!is_locked" if narrow else "!vma_flags_test(&flags, VMA_LOCKED_BIT)"
    assert f"may_lock(struct vm_area_desc *desc, {declared})\n{{\n\treturn {test} || desc;" in text
    assert f"return {test} || desc->file;" in kernel
    assert "is also named" not in done.err


@pytest.mark.parametrize(("own", "wanted"), [("vm_flags", "vma_flags"), ("word", "word")])
def test_a_stubs_parameter_keeps_a_name_of_its_own(tmp_path: Path, own: str, wanted: str) -> None:
    stub = STUB.replace(b"flags)", b"%b)" % own.encode()).replace(b"(flags", b"(%b" % own.encode())
    locks = LOCKS.replace(b" flags)", b" vm_flags)").replace(b"(flags", b"(vm_flags")
    tree, recipe = cut_tree(tmp_path, locks, stub), tmp_path / "own.toml"
    recipe.write_text(CUT)
    done = run("migrate", tree, "--recipe", recipe, "--apply")
    assert done.code == 0, done.err
    text = (tree / "tools/testing/vma/vma_internal.h").read_text()
    assert f"vma_flags_t {wanted})\n{{\n\treturn !vma_flags_test(&{wanted}, VMA_LOCKED_BIT)" in text


def test_a_stub_that_cannot_follow_is_named(tmp_path: Path) -> None:
    tree = cut_tree(tmp_path, LOCKS, STUB.replace(b"!(flags & VM_LOCKED)", b"print_it(flags)"))
    done = run("migrate", tree)
    assert "may_lock() is also named in tools/testing/vma/vma_internal.h" in done.err
