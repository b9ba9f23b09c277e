# SPDX-License-Identifier: GPL-2.0-only
"""What users have that is not as it should be.

In: trees, files and rule files with something wrong. Out: a message, the right exit code, no
traceback (`command_line.run` sees to that), and files as they were or completely converted.
"""

from __future__ import annotations

import errno
import os
import random
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from command_line import PROGRAM, copy_kernel, expected_files, git, make_repository, read_files, run

from vmaconv.cli import exits
from vmaconv.flags.helpers.generation import HEADERS
from vmaconv.series.write import replace_file

USE = b"""
#include <linux/mm.h>
int own_prepare(struct vm_area_desc *desc)
{
	desc->vm_flags |= VM_IO;
	return 0;
}
"""
CONVERTED = USE.replace(b"desc->vm_flags |= VM_IO;", b"vma_desc_set_flags(desc, VMA_IO_BIT);")


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """The fixtures' headers and a few of their files: a run takes a tenth of the whole tree's."""
    root = copy_kernel(tmp_path / "kernel")
    for folder in ("drivers", "fs", "arch", "ipc", "kernel"):
        for path in sorted((root / folder).rglob("*.[ch]")):
            path.unlink()
    for path in sorted((root / "mm").iterdir()):
        if path.name not in ("memory.c", "util.c", "hugetlb.c"):
            path.unlink()
    return root


def add(tree: Path, name: str, text: bytes) -> Path:
    path = tree / "drivers" / name
    path.write_bytes(text)
    return path


def check_rest_converted(tree: Path, *without: Path) -> None:
    """Check that all files but some are what they must be."""
    expected, have = expected_files(), read_files(tree)
    left_out = {path.relative_to(tree).as_posix() for path in without}
    for name in have.keys() - left_out:
        if name in expected:
            assert have[name] == expected[name], name
    assert any(have[name] == text for name, text in expected.items() if name in have)


@pytest.mark.parametrize("command", ["diff", "apply", "scan", "patches"])
@pytest.mark.parametrize("words", [["/nonexistent"], ["nowhere/at/all"]])
def test_missing_tree(command: str, words: list[str], tmp_path: Path) -> None:
    options = ["-o", str(tmp_path / "out")] if command == "patches" else []
    done = run(command, *words, *options)
    assert (done.code, done.out) == (exits.TREE, b"")
    assert words[0] in done.err


def test_tree_that_is_a_file(tree: Path) -> None:
    done = run("diff", tree / "mm/memory.c")
    assert done.code == exits.TREE


def test_tree_without_headers(tmp_path: Path) -> None:
    (tmp_path / "a.c").write_bytes(USE)
    done = run("diff", tmp_path)
    assert done.code == exits.TREE
    assert "include/linux/mm.h" in done.err


@pytest.mark.parametrize("name", ["mm.h", "mm_types.h"])
def test_tree_with_one_header_missing(tree: Path, name: str) -> None:
    (tree / "include/linux" / name).unlink()
    done = run("apply", tree)
    assert done.code in (exits.TREE, exits.OK)
    if done.code == exits.TREE:
        assert name in done.err


def test_headers_that_make_no_sense(tree: Path) -> None:
    before = read_files(tree / "mm")
    (tree / "include/linux/mm.h").write_bytes(b"\xff\x00{{{ #if\n")
    run("apply", tree)
    assert read_files(tree / "mm") == before


def test_path_that_is_not_there(tree: Path) -> None:
    done = run("diff", tree, "mm/nowhere.c")
    assert done.code == exits.TREE
    assert "mm/nowhere.c: there is no such file or folder" in done.err


@pytest.mark.parametrize("path", ["/etc", "..", "../.."])
def test_path_outside_the_tree(tree: Path, path: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tree)
    done = run("diff", ".", path)
    assert done.code == exits.TREE
    assert "leads out of the tree" in done.err


def test_rule_file_with_an_error(tree: Path, tmp_path: Path) -> None:
    rules = tmp_path / "bad.cocci"
    rules.write_text("@@ expression e; @@\n- f(e\n+ g(e)\n")
    before = read_files(tree)
    for words in (("diff", tree, "--rules", rules), ("rules", "check", rules)):
        done = run(*words)
        assert done.code == exits.RULE
        assert "bad.cocci:" in done.err + done.out.decode()
        assert "^" in done.err + done.out.decode()
    assert run("apply", tree, "--rules", rules).code == exits.RULE
    assert read_files(tree) == before


@pytest.mark.parametrize("text", [b"", b"\x00\xff", b"not a rule\n", b"@r@ @@", b"@@\n@@\n\n"])
def test_rule_file_that_is_none(tree: Path, tmp_path: Path, text: bytes) -> None:
    rules = tmp_path / "odd.cocci"
    rules.write_bytes(text)
    before = read_files(tree)
    done = run("apply", tree, "--rules", rules)
    assert done.code in (exits.RULE, exits.OK)
    assert read_files(tree) == before


def test_rule_file_that_is_not_there(tree: Path) -> None:
    done = run("diff", tree, "--rules", "nowhere")
    assert done.code == exits.RULE
    assert "vma-desc" in done.err


@pytest.mark.parametrize(
    "words",
    [
        ["frobnicate"],
        ["diff"],
        ["diff", ".", "--api", "v0"],
        ["diff", ".", "-j", "0"],
        ["diff", ".", "--frobnicate"],
        ["scan", ".", "--format", "xml"],
        ["patches", "."],
    ],
)
def test_words_that_are_not_understood(
    tree: Path, words: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tree)
    assert run(*words).code == exits.USAGE


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"\n",
        b"vm_area_desc vm_flags",
        b"/* vm_area_desc ->vm_flags",
        b'"vm_area_desc ->vm_flags',
        b"#if vm_area_desc\n->vm_flags",
        b"struct vm_area_desc { x->vm_flags }}}}}}",
        b"{{{{ vm_area_desc ((((( x->vm_flags",
        b"vm_area_desc\n" + b"(" * 5000 + b"x->vm_flags",
        b"vm_area_desc\n" + b"{" * 5000 + b"x->vm_flags;",
        b"vm_area_desc\nint f(void) { " + b"!" * 4000 + b"x->vm_flags; }",
        b"vm_area_desc\nint f(void) { return " + b"1 + " * 1200 + b"x->vm_flags; }",
        b"vm_area_desc\r->vm_flags\r\r",
        bytes(range(1, 256)) + b"vm_area_desc x->vm_flags" + bytes(range(255, 0, -1)),
        "struct vm_area_desc *\u00fc; \u00fc->vm_flags |= VM_IO;".encode("utf-16"),
        b"\xef\xbb\xbf" + USE,
        USE[:70],
        USE[:110],
    ],
    ids=lambda text: repr(text[:24]),
)
def test_file_that_is_hardly_c(tree: Path, text: bytes) -> None:
    path = add(tree, "odd.c", text)
    done = run("apply", tree)
    assert done.code in (exits.OK, exits.FILES)
    if USE not in text:
        assert path.read_bytes() == text
    check_rest_converted(tree, path)


def test_file_with_a_nul_byte(tree: Path) -> None:
    path = add(tree, "nul.c", USE + b"\0")
    done = run("apply", tree, "drivers/nul.c")
    assert done.code == exits.FILES
    assert "drivers/nul.c: holds a NUL byte" in done.err
    assert path.read_bytes() == USE + b"\0"


def test_file_with_a_nul_byte_is_never_passed_over_in_silence(tree: Path) -> None:
    add(tree, "nul.c", USE + b"\0")
    done = run("diff", tree)
    assert done.code == exits.FILES
    assert "drivers/nul.c: holds a NUL byte" in done.err


def test_file_with_a_nul_byte_far_down(tree: Path) -> None:
    text = b"/* " + b"x" * 70000 + b" */" + USE + b"/*\0*/\n"
    path = add(tree, "nul.c", text)
    run("apply", tree, "drivers/nul.c")
    assert path.read_bytes() in (text, text.replace(USE, CONVERTED))


def test_huge_file(tree: Path) -> None:
    path = add(tree, "huge.c", USE + b"/* padding, padding, padding, padding, pads */\n" * 1200000)
    before = path.stat()
    done = run("apply", tree)
    assert done.code == exits.FILES
    assert "drivers/huge.c: larger than 50 MB" in done.err
    assert path.stat().st_mtime_ns == before.st_mtime_ns
    path.unlink()
    check_rest_converted(tree)


def test_long_line(tree: Path) -> None:
    text = USE + b"int a[] = {" + b"1, " * 300000 + b"};\n"
    path = add(tree, "long.c", text)
    assert run("apply", tree, "drivers/long.c").code == exits.OK
    assert path.read_bytes() == text.replace(USE, CONVERTED)


@pytest.mark.parametrize("with_git", [False, True], ids=["plain", "git"])
def test_links_are_not_followed(tree: Path, tmp_path: Path, with_git: bool) -> None:
    outside = tmp_path / "outside.c"
    outside.write_bytes(USE)
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "inner.c").write_bytes(USE)
    drivers = tree / "drivers"
    (drivers / "leaves.c").symlink_to(outside)
    (drivers / "folder").symlink_to(tmp_path / "folder")
    (drivers / "loop.c").symlink_to("loop.c")
    (drivers / "round").symlink_to("..")
    (drivers / "dangling.c").symlink_to("nowhere.c")
    (drivers / "inside.c").symlink_to("../mm/memory.c")
    if with_git:
        make_repository(tree)
    assert run("apply", tree).code == exits.OK
    assert outside.read_bytes() == USE
    assert (tmp_path / "folder" / "inner.c").read_bytes() == USE
    assert (drivers / "inside.c").is_symlink()
    check_rest_converted(tree, *drivers.rglob("*.c"))


def test_a_link_that_is_named_and_leaves_the_tree(tree: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside.c"
    outside.write_bytes(USE)
    (tree / "drivers" / "leaves.c").symlink_to(outside)
    done = run("apply", tree, "drivers/leaves.c")
    assert done.code == exits.TREE
    assert outside.read_bytes() == USE


def test_a_link_that_is_named_and_loops(tree: Path) -> None:
    (tree / "drivers" / "loop.c").symlink_to("loop.c")
    assert run("apply", tree, "drivers/loop.c").code == exits.TREE


def fail_for(monkeypatch: pytest.MonkeyPatch, name: str, what: str, error: OSError) -> None:
    """Let a method of `Path` fail for files called `name`: root may read and write everything."""
    method = getattr(Path, what)

    def failing(self: Path, *words: object) -> object:
        if self.name == name:
            raise error
        return method(self, *words)

    monkeypatch.setattr(Path, what, failing)


def test_unreadable_file(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = add(tree, "secret.c", USE)
    opened = os.open

    def refused(name: str | Path, *rest: int, **more: int) -> int:
        if str(name).endswith("secret.c"):
            raise PermissionError(13, "Permission denied", str(name))
        return opened(name, *rest, **more)

    monkeypatch.setattr(os, "open", refused)
    done = run("apply", tree, "-j1")
    monkeypatch.undo()
    assert done.code == exits.FILES
    assert "drivers/secret.c: Permission denied" in done.err
    assert path.read_bytes() == USE
    check_rest_converted(tree, path)


def test_read_only_file(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = add(tree, "fixed.c", USE)
    path.chmod(0o444)
    access = os.access
    monkeypatch.setattr(os, "access", lambda p, mode: str(p) != str(path) and access(p, mode))
    done = run("apply", tree, "-j1")
    assert done.code == exits.FILES
    assert "drivers/fixed.c: not written: is read-only" in done.err
    assert path.read_bytes() == USE
    check_rest_converted(tree, path)


def test_full_disk(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before = read_files(tree)

    def full(_handle: int) -> None:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr(os, "fsync", full)
    done = run("apply", tree, "-j1")
    assert done.code == exits.FILES
    assert "No space left" in done.err
    assert "0 uses converted" in done.err or "nothing to convert" in done.err
    assert read_files(tree) == before, "a file has changed, or a temporary one is left"


def test_file_that_changes_meanwhile(tree: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tree / "mm/memory.c"

    def changed(root: Path, name: str, before: bytes, after: bytes) -> None:
        if name.endswith("memory.c"):
            (root / name).write_bytes(b"/* somebody else's */\n")
        replace_file(root, name, before, after)

    monkeypatch.setattr("vmaconv.cli.apply.replace_file", changed)
    done = run("apply", tree, "-j1")
    assert done.code == exits.FILES
    assert "mm/memory.c: not written" in done.err
    assert path.read_bytes() == b"/* somebody else's */\n"
    check_rest_converted(tree, path)


@pytest.mark.parametrize(
    ("line", "what"),
    [
        ("Account: struct vm_area_desc.vm_flgas", "no member vm_flgas in this tree"),
        ("Account: struct vm_area_dsc.vm_flags", "defines no struct vm_area_dsc"),
        ("Account: vm_area_desc.vm_flags", "names no member"),
        ("Account: struct vm_area_desc", "names no member"),
        ("Acount: struct vm_area_desc.vm_flags", "no field of a rule file"),
        ("account: struct vm_area_desc.vm_flags", "no field of a rule file"),
    ],
)
@pytest.mark.parametrize("command", ["diff", "scan"])
def test_account_of_what_is_no_member(
    tree: Path, tmp_path: Path, command: str, line: str, what: str
) -> None:
    rules = tmp_path / "own.cocci"
    rules.write_text(f"// What it does\n//\n// {line}\n\n@@ @@\n- before()\n+ after()\n")
    done = run(command, tree, "--rules", rules)
    assert done.code == exits.RULE and done.out == b""
    assert f"{rules}:3:1: " in done.err and what in done.err
    # What needs no tree to be seen, the checker says, too.
    needs_tree = "in this tree" in what or "defines" in what
    assert run("rules", "check", rules).code == (exits.OK if needs_tree else exits.RULE)


def test_accounts_of_two_members(tree: Path, tmp_path: Path) -> None:
    rules = tmp_path / "own.cocci"
    rules.write_text("// Account: struct vm_area_desc.pgoff\n\n@@ @@\n- before()\n+ after()\n")
    done = run("scan", tree, "--rules", "vma-desc", "--rules", rules)
    assert done.code == exits.RULE and "another is named already" in done.err
    assert run("scan", tree, "--rules", rules).code == exits.OK


def test_rules_that_ship_on_a_tree_of_another_time(tree: Path) -> None:
    for header in HEADERS:
        path = tree / header
        path.write_text(re.sub(r"\bvm_area_desc\b", "vm_area_other", path.read_text()))
    done = run("scan", tree, "--rules", "vma-desc")
    assert done.code == exits.OK
    assert "nothing to convert: the tree defines no struct vm_area_desc" in done.err


def without_helpers(tree: Path) -> Path:
    """Rename the helpers away, as in a tree that is older than they are."""
    for header in HEADERS:
        path = tree / header
        helper = r"\b(EMPTY_VMA_FLAGS|mk_vma_flags|vma_(?!flags_t\b)(?:desc|flags|test|set)_\w+)"
        path.write_text(re.sub(helper, r"x_\1", path.read_text()))
    return tree


def test_tree_without_helpers(tree: Path) -> None:
    """What would be written there cannot be compiled: a dry run says so, and nothing is written."""
    without_helpers(tree)
    before = read_files(tree)
    done = run("diff", tree)
    assert done.code == exits.OK and "vma_desc_set_flags" in done.out.decode()
    assert "no VMA flag helpers" in done.err and "vmaconv migrate" in done.err
    done = run("apply", tree)
    assert done.code == exits.OUTPUT
    assert "does not declare vma_desc_" in done.err and "vmaconv migrate" in done.err
    assert read_files(tree) == before
    assert run("apply", tree, "--force").code == exits.OK
    assert read_files(tree) != before


def test_rules_that_need_no_helper_apply_without_helpers(tree: Path, tmp_path: Path) -> None:
    without_helpers(tree)
    add(tree, "own.c", b"int f(void)\n{\n\treturn before();\n}\n")
    rules = tmp_path / "own.cocci"
    rules.write_text("@@ @@\n- before()\n+ after()\n")
    assert run("apply", tree, "--rules", rules).code == exits.OK
    assert (tree / "drivers/own.c").read_bytes() == b"int f(void)\n{\n\treturn after();\n}\n"


def test_reader_of_a_pipe_that_goes_away(tree: Path) -> None:
    process = subprocess.Popen(
        [*PROGRAM, "diff", tree], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    assert process.stdout is not None and process.stderr is not None
    process.stdout.close()
    assert b"Traceback" not in process.stderr.read()
    assert process.wait(60) == 0
    process.stderr.close()


def start_apply(tree: Path, *words: str) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [*PROGRAM, "apply", tree, *words],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )


def wait_for_first_write(tree: Path, process: subprocess.Popen[bytes], delay: float) -> None:
    """Wait until `apply` has begun to write, and a little longer."""
    watched = [tree / "arch/arm64/mm", tree / "drivers/char", tree / "mm"]
    before = [path.stat().st_mtime_ns for path in watched]
    deadline = time.monotonic() + 60
    while process.poll() is None and time.monotonic() < deadline:
        if [path.stat().st_mtime_ns for path in watched] != before:
            break
        time.sleep(0.0005)
    time.sleep(delay)


def check_old_or_new(tree: Path, before: dict[str, bytes]) -> int:
    """Check that each file is whole; return how many are converted."""
    expected, have = expected_files(), read_files(tree)
    for name, text in before.items():
        assert have[name] in (text, expected[name]), name
    return sum(have[name] != text for name, text in before.items())


@pytest.mark.parametrize("seed", range(3))
def test_killed_half_way(tmp_path: Path, seed: int) -> None:
    tree = copy_kernel(tmp_path / "kernel")
    before = read_files(tree)
    process = start_apply(tree, "-j1")
    wait_for_first_write(tree, process, random.Random(seed).uniform(0, 0.004))
    process.kill()
    process.communicate()
    check_old_or_new(tree, before)
    # What a kill leaves is no obstacle: the next run finishes the work.
    assert run("apply", tree, "-j1").code == exits.OK
    assert check_old_or_new(tree, before) == 32


@pytest.mark.parametrize("jobs", ["-j1", "-j2"])
def test_interrupted_while_writing(tmp_path: Path, jobs: str) -> None:
    tree = copy_kernel(tmp_path / "kernel")
    before = read_files(tree)
    process = start_apply(tree, jobs)
    wait_for_first_write(tree, process, 0.001)
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert b"Traceback" not in err, err.decode()
    assert process.returncode in (exits.OK, exits.INTERRUPTED)
    check_old_or_new(tree, before)
    assert not list(tree.rglob(".*.c.*")), "a temporary file is left"


def wait_for_command(process: subprocess.Popen[bytes]) -> None:
    """Wait until our first line has run: before, Python's own imports are what is interrupted.

    SIGTERM is caught from then on; proc(5) says so.
    """
    status = Path(f"/proc/{process.pid}/status")
    while process.poll() is None:
        caught = int(status.read_text().split("SigCgt:")[1].split()[0], 16)
        if caught & 1 << (signal.SIGTERM - 1):
            return
        time.sleep(0.01)


def test_interrupted_in_a_callback() -> None:
    # As importlib's, which an interrupt at the wrong moment meets: Python only reports it there.
    code = """
import os, signal, time, weakref
from vmaconv.cli.streams import keep_interrupts
keep_interrupts()
class Lock: pass
lock = Lock()
kept = weakref.ref(lock, lambda _: os.kill(os.getpid(), signal.SIGINT))
try:
    del lock
    time.sleep(10)
except KeyboardInterrupt:
    print("interrupted")
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.stdout, done.stderr, done.returncode) == ("interrupted\n", "", 0)


@pytest.mark.parametrize("jobs", ["-j1", "-j2"])
@pytest.mark.parametrize("delay", [0, 0.15, 0.4, 0.7])
def test_interrupted_while_working(tmp_path: Path, jobs: str, delay: float) -> None:
    tree = copy_kernel(tmp_path / "kernel")
    before = read_files(tree)
    process = start_apply(tree, jobs)
    wait_for_command(process)
    time.sleep(delay)
    if process.poll() is None:
        os.killpg(process.pid, signal.SIGINT)
    _, err = process.communicate(timeout=60)
    assert process.returncode in (exits.OK, exits.INTERRUPTED), err.decode()
    assert b"Traceback" not in err, err.decode()
    check_old_or_new(tree, before)


def test_a_broken_repository_is_read_without_git(tree: Path) -> None:
    (tree / ".git").write_text("gitdir: /nowhere\n")
    assert run("diff", tree, "mm").code == exits.OK


def test_an_empty_repository(tree: Path) -> None:
    git(tree, "init", "-q")
    assert run("diff", tree, "mm/memory.c").out != b""


SIDES = b"""
int own_prepare(struct vm_area_desc *desc)
{
<<<<<<< HEAD
	desc->vm_flags |= VM_IO;
=======
	vma_desc_set_flags(desc, VMA_IO_BIT);
>>>>>>> theirs
	return 0;
}
"""


@pytest.mark.parametrize("cr", [b"", b"\r"], ids=["LF", "CRLF"])
def test_a_file_in_the_middle_of_a_merge_stays(tree: Path, cr: bytes) -> None:
    text = (USE + SIDES).replace(b"\n", cr + b"\n")
    (tree / "mm/both.c").write_bytes(text)
    before = read_files(tree)
    done = run("apply", tree, "mm/both.c", "-j1")
    assert done.code == exits.FILES
    assert "mm/both.c: a merge conflict at line 11: resolve it first" in done.err
    assert read_files(tree) == before
    # A migration would leave callers behind.
    done = run("migrate", tree, "--apply")
    assert done.code == exits.TREE
    assert "mm/both.c:11: a merge conflict" in done.err
    assert read_files(tree) == before


def test_lines_that_only_look_like_a_merge_are_text(tree: Path) -> None:
    text = b"/*\n<<<<<<< not a merge\n=======\n*/\n" + USE
    (tree / "mm/both.c").write_bytes(text)
    assert run("apply", tree, "mm/both.c", "-j1").code == 0
    assert b"vma_desc_set_flags(desc, VMA_IO_BIT);" in (tree / "mm/both.c").read_bytes()
