# SPDX-License-Identifier: GPL-2.0-only
"""Links, pipes, devices, sizes, permissions and names of a tree; what its text does to a reader."""

from __future__ import annotations

import os
import pty
import re
import shutil
import socket
import subprocess
from pathlib import Path

import pytest
from command_line import PROGRAM, copy_kernel, git, make_repository, read_files, run

from vmaconv.cli import exits
from vmaconv.cocci.text.atomic import write_whole
from vmaconv.cocci.text.tree_file import TreeReader, read_file
from vmaconv.flags.sites.kconfig import Kconfig
from vmaconv.series.change import FileChange
from vmaconv.series.format_patch import Commit, Letter, MailWishes, patch_store
from vmaconv.series.mail.address import Address, Sender, address_lines, parse_address
from vmaconv.series.people.mailmap import Mailmap
from vmaconv.series.people.maintainers import parse_maintainers
from vmaconv.series.people.recipients import recipients_of
from vmaconv.series.render import addressed
from vmaconv.series.words.message import Message

USE = b"int %s(struct vm_area_desc *desc)\n{\n\treturn !(desc->vm_flags & VM_SHARED);\n}\n"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    copy_kernel(tmp_path / "linux")
    for folder in ("arch", "drivers", "ipc", "kernel", "tools", "fs"):
        shutil.rmtree(tmp_path / "linux" / folder, ignore_errors=True)
    return tmp_path / "linux"


# Nothing is written elsewhere.


@pytest.mark.parametrize("command", [["apply"], ["migrate", "--apply", "--force"]])
def test_a_folder_that_is_a_link_out_of_the_tree(
    command: list[str], tree: Path, tmp_path: Path
) -> None:
    (tmp_path / "outside").mkdir()
    (tree / "mm").rename(tmp_path / "outside/mm")
    (tree / "mm").symlink_to("../outside/mm")
    before = read_files(tmp_path / "outside")
    done = run(command[0], tree, *command[1:])
    assert read_files(tmp_path / "outside") == before
    if command == ["apply"]:
        assert "warning: mm: a link out of the tree, which is not followed" in done.err
        assert run("apply", tree, "mm/util.c").code == exits.TREE
        assert read_files(tmp_path / "outside") == before


def test_a_file_that_is_a_link(tree: Path, tmp_path: Path) -> None:
    (tree / "mm/util.c").rename(tmp_path / "util.c")
    (tree / "mm/util.c").symlink_to(tmp_path / "util.c")
    before = (tmp_path / "util.c").read_bytes()
    run("apply", tree)
    assert (tmp_path / "util.c").read_bytes() == before
    assert (tree / "mm/util.c").is_symlink()


def test_a_file_with_another_hard_link_is_refused(tree: Path, tmp_path: Path) -> None:
    os.link(tree / "mm/util.c", tmp_path / "other.c")
    before = (tmp_path / "other.c").read_bytes()
    done = run("apply", tree)
    assert done.code == exits.FILES
    assert "mm/util.c: not written: has 1 more hard links" in done.err
    assert (tmp_path / "other.c").read_bytes() == before == (tree / "mm/util.c").read_bytes()
    assert (tree / "mm/memory.c").read_bytes() != (
        copy_kernel(tmp_path / "k") / "mm/memory.c"
    ).read_bytes()


def test_a_migration_writes_all_or_nothing(tree: Path, tmp_path: Path) -> None:
    final = sorted(re.findall(r"^\+\+\+ b/(.*)$", run("migrate", tree).out.decode(), re.M))
    os.link(tree / final[-1], tmp_path / "other")
    before = read_files(tree)
    done = run("migrate", tree, "--apply")
    assert done.code == exits.OUTPUT and f"{final[-1]}: has 1 more hard links" in done.err
    assert read_files(tree) == before


def test_a_mount_within_the_tree_is_refused(tree: Path, tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    shutil.copytree(tree / "mm", outside)
    command = ["mount", "--bind", outside, tree / "mm"]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("nothing can be mounted here")
    try:
        before = read_files(outside)
        done = run("apply", tree)
        assert done.code == exits.FILES and "lies on a mount within the tree" in done.err
        assert read_files(outside) == before
    finally:
        subprocess.run(["umount", tree / "mm"], check=True)


def test_a_path_that_leads_out(tree: Path) -> None:
    for path in ("../x", "/etc/passwd", "mm/../../x", ""):
        with pytest.raises(OSError, match="leads out"):
            read_file(tree, path)


def test_owner_mode_and_attributes_stay(tmp_path: Path) -> None:
    path = tmp_path / "a.c"
    path.write_bytes(b"old\n")
    path.chmod(0o640)
    try:
        os.setxattr(path, "user.note", b"mine")
        os.chown(path, 1234, 2345)
    except OSError:
        pytest.skip("this file system or user cannot have them")
    write_whole(path, b"new\n")
    about = path.stat()
    assert (about.st_uid, about.st_gid, about.st_mode & 0o7777) == (1234, 2345, 0o640)
    assert os.getxattr(path, "user.note") == b"mine"


# Nothing hangs.


def fifo(path: Path) -> None:
    os.mkfifo(path)


def unix_socket(path: Path) -> None:
    here = Path.cwd()
    os.chdir(path.parent)
    try:
        with socket.socket(socket.AF_UNIX) as end:
            end.bind(path.name)
    finally:
        os.chdir(here)


def endless(path: Path) -> None:
    path.symlink_to("/dev/zero")


def folder(path: Path) -> None:
    path.mkdir()


@pytest.mark.parametrize("with_git", [True, False], ids=["git", "no-git"])
@pytest.mark.parametrize("make", [fifo, unix_socket, endless, folder], ids=lambda f: f.__name__)
def test_what_is_no_file_is_passed_over(
    make: object, with_git: bool, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert callable(make)
    make(tree / "mm/odd.c")
    if not with_git:
        monkeypatch.setenv("PATH", "/nowhere")
    # git makes the diffs, and finds files only where it is there.
    done = run("diff" if with_git else "scan", tree, "mm")
    assert done.code == exits.OK and b"mm/util.c" in done.out
    if make in (fifo, unix_socket):
        assert "warning: mm/odd.c: no regular file, so it is passed over" in done.err
    if make is endless:
        assert "warning: mm/odd.c: a link out of the tree" in done.err


@pytest.mark.parametrize("make", [fifo, unix_socket, endless, folder], ids=lambda f: f.__name__)
@pytest.mark.parametrize("command", ["diff", "scan", "migrate", "apply"])
def test_a_header_that_is_no_file(make: object, command: str, tree: Path) -> None:
    header = tree / "include/linux/mm.h"
    header.unlink()
    assert callable(make)
    make(header)
    done = run(command, tree)
    assert done.code == exits.TREE and "mm.h" in done.err


def test_a_file_that_is_too_large(tree: Path) -> None:
    with (tree / "mm/large.c").open("wb") as file:
        file.write(USE % b"f")
        file.truncate(51 * 1024 * 1024)
    done = run("diff", tree, "mm")
    assert done.code == exits.FILES and "error: mm/large.c: larger than 50 MB" in done.err


def test_a_file_that_grows_while_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "a.c"
    path.write_bytes(b"x" * 100)
    real = os.read

    def growing(handle: int, size: int) -> bytes:
        with path.open("ab") as file:
            file.write(b"y" * 70_000)
        return real(handle, size)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "read", growing)
        with pytest.raises(OSError, match="larger than 1 MB"):
            read_file(tmp_path, "a.c", 1 << 20)


# What cannot be read is named.


@pytest.mark.parametrize("path", ["mm/util.c", "mm"])
@pytest.mark.parametrize("command", ["diff", "scan"])
def test_what_may_not_be_read_is_named(command: str, path: str, tree: Path) -> None:
    (tree / path).chmod(0)
    words = [*PROGRAM, command, str(tree)]
    if not os.geteuid():
        powers = "-dac_override,-dac_read_search"
        words = ["setpriv", f"--bounding-set={powers}", f"--inh-caps={powers}", *words]
    try:
        done = subprocess.run(words, capture_output=True, check=False)
    except FileNotFoundError:
        pytest.skip("root reads everything, and there is no setpriv")
    finally:
        (tree / path).chmod(0o755)
    assert f"error: {path}: Permission denied".encode() in done.stderr
    assert done.returncode == exits.FILES


@pytest.mark.parametrize("command", ["diff", "migrate", "patches"])
def test_a_name_with_a_line_end_is_refused(command: str, tree: Path, tmp_path: Path) -> None:
    (tree / "mm/a\nb.c").write_bytes(USE % b"f")
    done = run(command, tree, *(["-o", tmp_path / "out"] if command == "patches" else []))
    assert b"a\nb" not in done.out
    if command != "migrate":
        assert done.code == exits.FILES
        assert "error: mm/a^Jb.c: has a line end in its name" in done.err


@pytest.mark.parametrize("place", ["/* \0 */\n", "\0", 'char a[] = "\0";\n'])
@pytest.mark.parametrize("header", ["include/linux/mm.h", "include/linux/mm_types.h"])
def test_a_nul_in_a_header(header: str, place: str, tree: Path) -> None:
    path = tree / header
    path.write_bytes(place.encode() + path.read_bytes())
    for command in ("diff", "migrate"):
        done = run(command, tree)
        assert done.code in (exits.OK, exits.TREE, exits.FILES)
        if done.code != exits.OK:
            assert header in done.err


# What a tree says is seen, and does nothing.

ODD = "\x1b]0;owned\x07 \x1b[31m \x9b2J \u202e \u2066 \u200b \r \x08"


def hostile(tree: Path) -> None:
    text = f"""#include <linux/mm.h>
struct a {{ unsigned long w; }};
int g(struct vm_area_desc *desc, struct a *a)
{{
\ta->w = desc->vm_flags /* {ODD} */;
\tif (desc->vm_flags & foo("{ODD}"))
\t\treturn 1;
\treturn !(desc->vm_flags & VM_SHARED); /* {ODD} */
}}
"""
    (tree / "mm/esc.c").write_bytes(text.encode())
    (tree / "mm/\x1b[31m\u202ename.c").write_bytes(USE % b"named")


def on_a_terminal(*words: str | Path) -> bytes:
    """Return what the command line shows on a terminal."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ |= {"TERM": "xterm-256color", "PAGER": "cat"}
        os.execv(PROGRAM[0], [*PROGRAM, *map(str, words)])
    out = b""
    while True:
        try:
            chunk = os.read(terminal, 1 << 16)
        except OSError:
            break
        if not chunk:
            break
        out += chunk
    os.waitpid(pid, 0)
    return out


@pytest.mark.parametrize(
    "words",
    [
        ["diff"],
        ["diff", "--color=never"],
        ["diff", "--color=always"],
        ["scan"],
        ["migrate", "-v"],
        ["spatch", "--sp-file", "RULE", "--dir"],
    ],
    ids=" ".join,
)
def test_nothing_drives_the_terminal(words: list[str], tree: Path, tmp_path: Path) -> None:
    hostile(tree)
    rule = tmp_path / "r.cocci"
    rule.write_text("@@\nexpression e;\n@@\n- return !(e);\n+ return (e) == 0;\n")
    out = on_a_terminal(*(str(rule) if word == "RULE" else word for word in words), tree)
    assert b"esc.c" in out and b"Traceback" not in out
    shown = out.decode()
    # What a terminal gets of ours: colours, and a progress bar that goes.
    rest = re.sub(r"\x1b\[[0-9;]*[mKA]|\x1b\[\?25[lh]|\x1b\[[0-9]*[A-G]", "", shown)
    assert not re.search(
        r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200b-\u200f\u2028-\u202e\u2066-\u2069]", rest
    )
    assert "\x1b[31m name" not in shown and "\x1b]0" not in shown and "\r \x08" not in shown


@pytest.mark.parametrize("words", [["diff"], ["scan"], ["migrate", "-v"]], ids=" ".join)
def test_what_is_said_on_stderr_is_visible(words: list[str], tree: Path) -> None:
    hostile(tree)
    done = run(words[0], tree, *words[1:])
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e\u2066\u200b]", done.err)


def test_a_diff_through_a_pipe_keeps_its_bytes(tree: Path) -> None:
    hostile(tree)
    make_repository(tree)
    done = run("diff", tree)
    git(tree, "apply", "--check", feed=done.out)


# Mails.

PEOPLE = (
    """
EVIL\rBcc: title@evil.example
M:\tEvil One\rBcc: cr@evil.example <one@x.example>
M:\tEvil\x0b\x0c\x1c\x85\u2028Two <two@x.example>
M:\tThree <three@x.example\rX-Evil: 1>
M:\tFour =?UTF-8?q?=0ABcc:_four@evil.example?= <four@x.example>
M:\tFive <five@x.example>, Bcc: five@evil.example
R:\tsix@x.example\rBcc: six@evil.example
L:\tseven@x.example\rBcc:seven@evil.example
L:\teight@x.example\x0bX: y
M:\tNul\x00Name <nine@x.example>
M:\tRing \ufffd <\ufffdring@x.example>
M:\tEsc\x1b[31m\u202e <ten@x.example>
M:\t"""
    + "A" * 5000
    + """ <eleven@x.example>
M:\ttwelve@x.example>, <thirteen@evil.example
F:\tmm/
"""
)


def test_headers_hold_nothing_that_ends_or_hides_them() -> None:
    maintainers = parse_maintainers(PEOPLE, Path("/nowhere"))
    found = recipients_of(maintainers, ["mm/util.c"], "", Mailmap())
    everybody = [*found.to, *found.cc]
    assert {"one@x.example", "ten@x.example", "eleven@x.example"} <= {a.email for a in everybody}
    mail = addressed(b"From 0 Mon\nSubject: subject\n\nbody\n", found).decode()
    head = mail.partition("\n\n")[0]
    names = {"Subject", "To", "Cc"}
    lines = head.split("\n")[1:]
    assert {line.split(":")[0] for line in lines if line[0] not in " \t"} <= names
    assert all(line.isascii() and len(line) < 998 for line in lines)
    assert not re.search(r"[\x00-\x08\x0b-\x1f\x7f]", head)


@pytest.mark.parametrize("name", ["a\rb", "a\nb", "a\x1b[31mb", "a\u2028b", "\u202ea", "a" * 3000])
def test_an_address_that_a_program_makes(name: str) -> None:
    text = address_lines("To", [Address(name, "a@b")])
    assert re.fullmatch(r"(?:[\t !-~]{1,998}\n)+", text), text
    assert parse_address(f"{name} <a@b>").email == "a@b"


def test_a_body_line_that_begins_a_mail_in_a_mailbox() -> None:
    body = "Why.\nFrom now on\n>From then"
    commit = Commit(Message("subject", body), [FileChange("a.c", b"x\n", b"y\n")])
    with patch_store([commit], Sender(Address("A", "a@b"), 0)) as store:
        (_, letter), (_, mail) = store.mails(Letter("letter", body), MailWishes())
    assert b"\n\nWhy.\n>From now on\n>>From then\n---\n" in mail
    assert b"\n\nWhy.\n>From now on\n>>From then\n\nA (1):\n" in letter


def test_a_reader_goes_from_folder_to_folder(tmp_path: Path) -> None:
    for path in ("a/b/one.c", "a/b/two.c", "a/c/three.c", "four.c", "a/b/c/five.c"):
        (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / path).write_text(path)
    (tmp_path / "a/link").symlink_to("b")
    opened = len(list(Path("/proc/self/fd").iterdir()))
    with TreeReader(tmp_path) as reader:
        for path in (
            "a/b/one.c",
            "a/b/two.c",
            "a/./c//three.c",
            "four.c",
            "a/b/c/five.c",
            "four.c",
        ):
            assert reader.read(path).decode() == path.replace("/./", "/").replace("//", "/")
        for path in ("a/link/one.c", "a/none/one.c", "a/b", "a/link", "../x", "/a/b/one.c", ""):
            with pytest.raises(OSError) as caught:
                reader.read(path)
            assert caught.value.filename == path
        # What failed on the way does not lead what comes after it astray.
        assert reader.read("a/b/two.c") == b"a/b/two.c"
        assert reader.read("a/c/three.c") == b"a/c/three.c"
    assert len(list(Path("/proc/self/fd").iterdir())) == opened


def test_kconfig_files_that_are_pipes_or_lie_elsewhere_are_not_read(tree: Path) -> None:
    (tree / "Kconfig").write_text(
        'source "mm/Kconfig.pipe"\nsource "../outside"\nsource "mm/Kconfig.link"\n'
        "config OWN\n\tbool\n"
    )
    os.mkfifo(tree / "mm/Kconfig.pipe")
    (tree.parent / "outside").write_text("config OUTSIDE\n\tbool\n")
    (tree / "mm/Kconfig.link").symlink_to("../../outside")
    kconfig = Kconfig(tree)
    assert kconfig.is_bool("OWN")
    assert not kconfig.symbols("OUTSIDE")
