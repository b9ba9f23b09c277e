"""checkpatch and builds, as data; with the kernel's own scripts where a kernel is there."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from kernels import KERNEL
from sandbox import Sandbox, patch_mail

from vmaconv.series.assemble import Patch
from vmaconv.series.change import FileChange
from vmaconv.series.checks.build import Fate, KernelBuild, ObjectBuilt, PatchBuilt, export_tree
from vmaconv.series.checks.checkpatch import Checked, ComplaintLevel, check_patches, parse_findings
from vmaconv.series.checks.verdicts import of_builds, of_checkpatch
from vmaconv.series.git.repository import Repository, find_repository
from vmaconv.series.mail.address import Address, Sender
from vmaconv.series.series_error import BuildFailed
from vmaconv.series.words.message import Message, make_message
from vmaconv.series.words.split import PatchFiles


def mail(after: bytes, body: str = "Why it is so, in words.") -> bytes:
    before = b"// SPDX-License-Identifier: GPL-2.0-only\nint a;\nint b;\n"
    change = FileChange("mm/x.c", before, before + after)
    sender = Sender(Address("A", "a@example.org"), 0)
    return patch_mail(make_message("mm: x", body), [change], sender)


@pytest.mark.skipif(not KERNEL.is_dir() or not shutil.which("perl"), reason="no kernel or no perl")
def test_checkpatch_speaks_of_lines_and_messages() -> None:
    files = {
        "0000-cover-letter.patch": b"From x\nSubject: x\n\nno patch\n",
        "0001-good.patch": mail(b"int c;\n"),
        "0002-bad.patch": mail(b"int c  = 1 ;  \n", ""),
    }
    good, bad = check_patches(KERNEL, files)
    assert (good.name, good.failure) == ("0001-good.patch", "")
    assert [finding.kind for finding in good.findings] == ["MISSING_SIGN_OFF"]
    kinds = {one.kind for one in bad.findings if one.level is not ComplaintLevel.CHECK}
    assert kinds - {"MISSING_SIGN_OFF"} == {"TRAILING_WHITESPACE", "SPACING", "COMMIT_MESSAGE"}
    (white,) = [one for one in bad.findings if one.kind == "TRAILING_WHITESPACE"]
    assert (white.path, white.line, white.level) == ("mm/x.c", 4, ComplaintLevel.ERROR)
    assert bad.count(ComplaintLevel.ERROR) == 2


def test_a_tree_without_checkpatch(tmp_path: Path) -> None:
    (found,) = check_patches(tmp_path, {"1": mail(b"int c;\n")})
    assert found.failure == "the tree has no scripts/checkpatch.pl"


@pytest.mark.parametrize(
    ("script", "words"),
    [("die 'broken';", "checkpatch failed: broken"), ("exit 1;", "exit code 1"), ("exit 7;", "7")],
)
def test_a_checkpatch_that_fails(tmp_path: Path, script: str, words: str) -> None:
    (tmp_path / "scripts").mkdir()
    (tmp_path / "scripts/checkpatch.pl").write_text(script)
    (found,) = check_patches(tmp_path, {"1": mail(b"int c;\n")})
    assert words in found.failure and found.findings == ()


def test_output_that_names_no_place() -> None:
    (found,) = parse_findings("noise\n:2: WARNING:COMMIT_MESSAGE: Missing commit description\n\n")
    assert (found.kind, found.path, found.line) == ("COMMIT_MESSAGE", "", 2)


# Builds, in a small tree whose Makefile answers as the kernel's does

MAKEFILE = b"""\
O ?= .
Makefile: ;
allconfig:
\techo y > $(O)/.config
olddefconfig:
\ttest -s $(O)/.config
badconfig:
\techo 'no such thing'; false
%.o: FORCE
\tmkdir -p $(O)/$(dir $@)
\tgcc -Iinclude -c -o $(O)/$@ $*.c
.PHONY: FORCE allconfig olddefconfig badconfig
"""
HEADER = b"int old_name(void);\n"


def patch(subject: str, *changes: FileChange) -> Patch:
    return Patch(Message(subject), PatchFiles(changes), ())


@pytest.fixture
def tree(box: Sandbox) -> Sandbox:
    user = b'#include "api.h"\nint f(void) { return old_name(); }\n'
    box.commit(
        {
            "Makefile": MAKEFILE,
            "include/api.h": HEADER,
            "mm/a.c": user,
            "mm/b.c": user,
            "mm/never.c": b"#error not for this configuration\n",
        }
    )
    return box


def change(tree: Sandbox, path: str, old: bytes, new: bytes) -> FileChange:
    before = tree.read(path)
    return FileChange(path, before, before.replace(old, new))


def builder(tree: Sandbox, folder: Path, config: str = "allconfig") -> KernelBuild:
    repository = find_repository(tree.path)
    assert isinstance(repository, Repository)
    export_tree(tree.path, repository, folder / "source")
    return KernelBuild(folder / "source", folder / "objects", config)


needs_gcc = pytest.mark.skipif(not shutil.which("gcc"), reason="no compiler")


@needs_gcc
def test_each_patch_is_compiled_and_the_breaking_one_named(tree: Sandbox, tmp_path: Path) -> None:
    patches = [
        patch("mm: good", change(tree, "mm/a.c", b"int f", b"int good")),
        patch("mm: breaks", change(tree, "mm/b.c", b"old_name()", b"old_name(1, ;")),
        patch("mm: never", change(tree, "mm/never.c", b"not for", b"really not for")),
    ]
    make = builder(tree, tmp_path)
    make.configure()
    good, breaks, never = make.build_each(patches)
    assert [(one.path, one.fate) for one in good.objects] == [("mm/a.o", Fate.COMPILED)]
    assert not good.broken
    assert [(one.path, one.fate) for one in breaks.objects] == [("mm/b.o", Fate.BROKEN)]
    assert breaks.broken and "mm/b.c:2" in breaks.objects[0].log
    assert never.objects[0].fate is Fate.NEVER_COMPILED and not never.broken
    assert (tmp_path / "source/mm/never.c").read_bytes().startswith(b"#error really")


@needs_gcc
def test_a_header_makes_all_users_of_the_series(tree: Sandbox, tmp_path: Path) -> None:
    """The declaration moves first and a caller later: the first patch breaks the caller."""
    patches = [
        patch(
            "mm: half",
            change(tree, "include/api.h", b"old_name(void)", b"old_name(int)"),
            change(tree, "mm/a.c", b"old_name()", b"old_name(1)"),
        ),
        patch("mm: rest", change(tree, "mm/b.c", b"old_name()", b"old_name(1)")),
    ]
    make = builder(tree, tmp_path)
    make.configure()
    half, rest = make.build_each(patches)
    fates = {one.path: one.fate for one in half.objects}
    assert fates == {"mm/a.o": Fate.COMPILED, "mm/b.o": Fate.BROKEN}
    assert not rest.broken


@needs_gcc
def test_a_configuration_file(tree: Sandbox, tmp_path: Path) -> None:
    config = tmp_path / "my.config"
    config.write_text("CONFIG_X=y\n")
    make = builder(tree, tmp_path, str(config))
    make.configure()
    assert (tmp_path / "objects/.config").read_text() == "CONFIG_X=y\n"


def test_a_configuration_that_fails(tree: Sandbox, tmp_path: Path) -> None:
    with pytest.raises(BuildFailed, match="make badconfig failed"):
        builder(tree, tmp_path, "badconfig").configure()


def test_the_copy_is_of_head_or_of_the_files_as_they_lie(tree: Sandbox, tmp_path: Path) -> None:
    tree.write({"mm/a.c": b"work\n"})
    builder(tree, tmp_path / "git")
    assert b"old_name" in (tmp_path / "git/source/mm/a.c").read_bytes()
    assert tree.git("status", "--porcelain") == b" M mm/a.c\n"
    export_tree(tree.path, None, tmp_path / "plain")
    assert (tmp_path / "plain/mm/a.c").read_bytes() == b"work\n"
    assert not (tmp_path / "plain/.git").exists()


def test_the_copy_of_a_tree_within_a_repository(box: Sandbox, tmp_path: Path) -> None:
    box.commit({"linux/mm/a.c": b"a\n", "other": b"b\n"})
    builder(Sandbox(box.path / "linux"), tmp_path)
    assert [path.name for path in (tmp_path / "source").iterdir()] == ["mm"]


def test_the_first_error_is_told_not_a_warning_above_it() -> None:
    log = (
        "a.c: In function f:\na.c:1:1: warning: odd\n  a.c:2:5: error: bad\na.c:3:1: error: worse\n"
    )
    assert ObjectBuilt("a.o", Fate.BROKEN, log).first_error() == "a.c:2:5: error: bad"
    assert ObjectBuilt("a.o", Fate.BROKEN, "make: *** no rule\n").first_error().endswith("no rule")
    assert ObjectBuilt("a.o", Fate.BROKEN).first_error() == ""


def test_what_the_checks_came_to_in_words() -> None:
    good = PatchBuilt("mm: one", (ObjectBuilt("a.o", Fate.COMPILED),), 1.0)
    never = PatchBuilt("mm: two", (ObjectBuilt("b.o", Fate.NEVER_COMPILED, "x"),), 1.0)
    bad = PatchBuilt("mm: three", (ObjectBuilt("a.o", Fate.BROKEN, "a.c:1:1: error: no"),), 1.0)
    found = of_builds("allconfig", [good, never])
    assert "(allconfig): 1 object, 1 time in all; no patch broke one." in found.checked[0]
    assert found.checked[1].endswith("that configuration does not: b.o.") and not found.notes
    found = of_builds("allconfig", [good, bad])
    assert "1 patch broke some." in found.checked[0]
    assert found.notes == ('"mm: three" does not build: a.o: a.c:1:1: error: no',)
    assert not of_checkpatch([Checked("1", failure="no perl")]).checked
