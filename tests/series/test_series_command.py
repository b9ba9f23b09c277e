# SPDX-License-Identifier: GPL-2.0-only
"""`vmaconv series` as a person calls it, on the fixtures' tree."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from command_line import copy_kernel, git, make_repository, read_files, run

from vmaconv.library import find_rules


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


def letter_of(out: Path) -> str:
    return next(iter(sorted(out.rglob("*cover-letter.patch")))).read_text("utf-8")


@pytest.mark.parametrize("command", ["series", "patches"])
@pytest.mark.parametrize("dirty", ["mm/vault.c", "include/linux/mm.h"])
def test_what_is_not_committed_is_refused(
    tree: Path, tmp_path: Path, command: str, dirty: str
) -> None:
    """A file that changes, and a header that says what a flag is, count alike."""
    make_repository(tree)
    with (tree / dirty).open("ab") as file:
        file.write(b"\n/* at work */\n")
    out = tmp_path / "out"
    done = run(command, tree, "-o", out)
    assert done.code == 5 and not out.exists()
    assert f"uncommitted changes in {dirty}" in done.err and "--force" in done.err
    done = run(command, tree, "-o", out, "--force")
    assert done.code == 0 and any(out.rglob("*.patch"))
    assert f"warning: uncommitted changes in {dirty}" in done.err


def test_other_uncommitted_work_is_no_matter(tree: Path, tmp_path: Path) -> None:
    make_repository(tree)
    (tree / "notes.txt").write_text("mine")
    (tree / "MAINTAINERS").write_text((tree / "MAINTAINERS").read_text() + "\n")
    assert run("patches", tree, "-o", tmp_path / "out").code == 0


@pytest.mark.parametrize("there", [False, True])
def test_an_earlier_version_that_is_none(tree: Path, tmp_path: Path, there: bool) -> None:
    make_repository(tree)
    earlier = tmp_path / "v1"
    if there:
        earlier.mkdir()
        (earlier / "0001-notes.patch").write_text("no mail of a patch")
    out = tmp_path / "out"
    done = run("series", tree, "-o", out, "--no-cc", "-v2", "--range-diff", earlier)
    assert done.code == 5 and not out.exists()
    assert str(earlier) in done.err and "nothing to compare with" in done.err


def test_a_branch_that_is_there_is_never_to_be_deleted(tree: Path) -> None:
    make_repository(tree)
    git(tree, "branch", "mine")
    done = run("series", tree, "--branch", "mine", "--no-cc")
    assert done.code == 5
    assert "git branch -m mine mine-old" in done.err and "-D" not in done.err


MAKEFILE = """\
O ?= .
Makefile: ;
tinyconfig:
\techo '# Linux/x86 6.19.0 Kernel Configuration' > $(O)/.config
\techo 'CONFIG_CC_VERSION_TEXT="acc 7.1"' >> $(O)/.config
%.o: FORCE
\t@! grep -q broken $*.c || { echo "$*.c:1:2: error: no such thing" >&2; false; }
.PHONY: FORCE tinyconfig
"""


@pytest.mark.parametrize("breaks", [False, True])
def test_a_build_stands_in_the_letter(tree: Path, tmp_path: Path, breaks: bool) -> None:
    """Only with --build does a letter say that anything builds; what breaks gives exit code 7."""
    (tree / "Makefile").write_text(MAKEFILE)
    rules = tmp_path / "my.cocci"
    new = "broken" if breaks else "fine"
    rules.write_text(f"// Rename it\n\n@@ @@\n- vault_busy()\n+ vault_{new}()\n")
    (tree / "mm/busy.c").write_text("int f(void)\n{\n\treturn vault_busy();\n}\n")
    make_repository(tree)
    out = tmp_path / "out"
    words = ("series", tree, "-o", out, "--no-cc", "--rules", rules)
    assert run(*words).code == 0
    assert "build" not in letter_of(out)
    done = run(*words, "--build", "tinyconfig", "--force")
    assert done.code == (7 if breaks else 0), done.err
    text = " ".join(letter_of(out).split())
    assert "(tinyconfig, Linux/x86, acc 7.1)" in text
    error = "mm/busy.c:1:2: error: no such thing"
    assert (error in done.err) == (error in text) == breaks
    assert ("no patch broke one" in text) == (not breaks)


def test_checkpatch_stands_in_the_letter(tree: Path, tmp_path: Path) -> None:
    (tree / "scripts").mkdir()
    script = 'while (<STDIN>) {} print "mm/a.c:3: WARNING:LONG_LINE: too long\\n"; exit 1;\n'
    (tree / "scripts/checkpatch.pl").write_text(script)
    make_repository(tree)
    out = tmp_path / "out"
    done = run("series", tree, "-o", out, "--no-cc", "--checkpatch", "--max-patches", "0")
    assert done.code == 0, done.err
    count = len(list(out.rglob("*.patch"))) - 1
    assert f"0 errors, {count} warnings, 0 checks: LONG_LINE ({count})." in " ".join(
        letter_of(out).split()
    )


def test_what_the_base_lacks_stands_in_the_letter(tree: Path, tmp_path: Path) -> None:
    """A tree without helpers: what calls them compiles only where somebody adds them first."""
    out = tmp_path / "out"
    make_repository(tree)
    assert run("series", tree, "-o", out, "--no-cc").code == 0
    assert "does not declare" not in letter_of(out)
    header = tree / "include/linux/mm.h"
    kept = re.sub(rb"(?m)^.*\bvma_desc_\w+.*(?:\\\n.*)*\n", b"", header.read_bytes())
    header.write_bytes(kept)
    git(tree, "commit", "-qam", "without")
    assert run("series", tree, "-o", out, "--no-cc", "--force").code == 0
    text = " ".join(letter_of(out).split())
    assert "The base does not declare vma_desc_" in text
    assert "these patches compile only on top of those that add them." in text


def test_reasons_are_in_words_of_the_kernel(tree: Path, tmp_path: Path) -> None:
    out = tmp_path / "out"
    make_repository(tree)
    assert run("series", tree, "-o", out, "--no-cc", "--max-patches", "0").code == 0
    text = " ".join(letter_of(out).split())
    assert "whose parameter has the old type" in text
    assert not re.search(r"\b(?:word|twin)\b", text)


@pytest.mark.parametrize("objects", [False, True])
def test_the_rule_that_matched_is_quoted_whole(tree: Path, tmp_path: Path, objects: bool) -> None:
    """Also where the file has forms for objects, which move its rules down."""
    head = "// Rename it\n" + ("// Objects: D\n" if objects else "")
    other = "@other@\nstruct vm_area_desc *D;\n@@\n- other(D->start)\n+ another(D->start)\n"
    one = "@one@\nexpression E;\n@@\n- vault_busy(E)\n+ vault_fine(E)\n"
    rules = tmp_path / "my.cocci"
    rules.write_text(
        f"{head}\n{other}\n// The second\n{one}\n// The third\n@@ @@\n- no()\n+ yes()\n"
    )
    (tree / "mm/busy.c").write_text("int f(void)\n{\n\treturn vault_busy(1);\n}\n")
    make_repository(tree)
    out = tmp_path / "out"
    assert run("series", tree, "-o", out, "--no-cc", "--rules", rules, "--quote").code == 0
    (patch,) = out.glob("0001-*.patch")
    quoted = patch.read_text().partition("// <smpl>\n")[2].partition("// </smpl>")[0]
    assert quoted == "".join(f"    {line}\n" for line in one.splitlines())


def test_batches_say_only_what_is_so(tree: Path, tmp_path: Path) -> None:
    make_repository(tree)
    out = tmp_path / "out"
    assert run("series", tree, "-o", out, "--no-cc", "--max-patches", "5").code == 0
    text = " ".join(letter_of(out).split())
    assert "No file is touched by two of them." in text
    assert "in any order" not in text and "builds" not in text


@pytest.mark.parametrize("head", ["", "// Use the other\n\n"])
def test_rules_that_say_nothing_make_no_series(tree: Path, tmp_path: Path, head: str) -> None:
    make_repository(tree)
    rules, out = tmp_path / "own.cocci", tmp_path / "out"
    rules.write_text(f"{head}@@ expression E; @@\n- vm_flags_set(E, VM_LOCKED)\n+ vm_lock(E)\n")
    (tree / "mm/busy.c").write_text("void f(int *v)\n{\n\tvm_flags_set(v, VM_LOCKED);\n}\n")
    git(tree, "add", "-A")
    git(tree, "commit", "-q", "-m", "more")
    words = ("series", tree, "-o", out, "--no-cc", "--rules", rules)
    done = run(*words)
    assert done.code == (0 if head else 4), done.err
    if not head:
        assert "do not say what they do" in done.err and "--subject" in done.err
        assert not out.exists()
        assert run(*words, "--subject", "mm: lock it").code == 0


def test_every_batch_is_numbered_in_its_subject(tree: Path, tmp_path: Path) -> None:
    make_repository(tree)
    out, long = tmp_path / "out", "use the helpers for flags " * 4
    template = tmp_path / "letter"
    template.write_text("{{ subject }}\n\n{{ body }}")
    rules = tmp_path / "own.cocci"
    rules.write_text(find_rules("vma-desc").read_text().replace("use the bitmap VMA flags", long))
    words = ("--no-cc", "--max-patches", "5", "--rules", rules, "--cover-template", template)
    assert run("series", tree, "-o", out, *words).code == 0
    letters = sorted(out.rglob("*cover-letter.patch"))
    assert len(letters) > 1
    for number, letter in enumerate(letters, 1):
        head = " ".join(letter.read_text("utf-8").partition("\n\n")[0].split())
        assert f"(batch {number} of {len(letters)})" in head
