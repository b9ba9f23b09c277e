# SPDX-License-Identifier: GPL-2.0-only
"""Our reading of MAINTAINERS, on texts of our own and beside the kernel's script."""

from __future__ import annotations

import random
import re
import shutil
import subprocess
from pathlib import Path

import pytest
from kernels import KERNEL
from sandbox import patch_mail

from vmaconv.cocci.text.git_command import outer_environment
from vmaconv.series.change import FileChange
from vmaconv.series.mail.address import Address, Sender, parse_address
from vmaconv.series.people.mailmap import Mailmap
from vmaconv.series.people.maintainers import (
    Maintainers,
    parse_maintainers,
    read_maintainers,
    subsystem,
)
from vmaconv.series.people.recipients import (
    Recipient,
    RecipientRole,
    Recipients,
    recipients_of,
    union,
)
from vmaconv.series.series_error import MaintainersUnreadable
from vmaconv.series.words.message import make_message


def ask_script(tree: Path, patch: bytes) -> Recipients | None:
    """Ask the kernel's own script, None where there is no perl or no script, or it fails."""
    command = ["perl", "scripts/get_maintainer.pl", "--nogit", "--nogit-fallback"]
    command += ["--roles", "--norolestats"]
    try:
        done = subprocess.run(
            command,
            cwd=tree,
            input=patch,
            capture_output=True,
            timeout=60,
            env=outer_environment({"PERL_HASH_SEED": "0"}),
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return None
    if done.returncode:
        return None
    lines = done.stdout.decode("utf-8", "replace").splitlines()
    return Recipients(tuple(_told(line) for line in lines if line.strip()))


def _told(line: str) -> Recipient:
    """Read a line such as `A <a@b> (maintainer:FOO)`."""
    match = re.fullmatch(r"(?P<who>.*?) \((?P<role>[a-z ]+)(?::(?P<section>.*))?\)", line)
    if not match:
        return Recipient(parse_address(line), RecipientRole.LIST)
    words = match["role"]
    role = RecipientRole.LIST if "list" in words else RecipientRole.MAINTAINER
    role = RecipientRole.REVIEWER if "reviewer" in words else role
    return Recipient(parse_address(match["who"]), role, match["section"] or "")


TEXT = """\
List of maintainers
===================

	M: *Mail* patches to: FullName <address@domain>

MEMORY MANAGEMENT - CORE
M:	"O'Neil, Andy" <andy@mm.org>
R:	Rita Reviewer <rita@mm.org>
L:	linux-mm@kvack.org
L:	insiders@mm.org (subscribers-only)
L:	moderated@mm.org (moderated for non-subscribers)
S:	Maintained
F:	mm/
F:	include/linux/mm*.h
X:	mm/secret/

ONE FILE
M:	Andy O'Neil <andy@mm.org>
M:	Fia File <fia@file.org>
S:	Supported
F:	mm/one.c

# a comment
FOLDER WITHOUT SLASH
M:	Fola Folder <fola@x.org>
F:	drivers/fold

WILD
R:	Willi Wild <willi@x.org>
F:	drivers/*/wild?.c
F:	arch/*/wild/
N:	wombat
K:	wombat_(\\w+)|(?i)emu
K:	(?i)kiwi

THE REST
M:	Linus Torvalds <torvalds@linux-foundation.org>
L:	linux-kernel@vger.kernel.org
F:	*
F:	*/
"""


@pytest.fixture
def read(tmp_path: Path) -> Maintainers:
    (tmp_path / "drivers/fold").mkdir(parents=True)
    return parse_maintainers(TEXT, tmp_path)


def titles(read: Maintainers, path: str) -> list[tuple[str, int]]:
    return [(section.title, depth) for section, depth in read.for_file(path)]


REST = ("THE REST", -1)
CORE = "MEMORY MANAGEMENT - CORE"


@pytest.mark.parametrize(
    ("path", "wanted"),
    [
        ("mm/util.c", [(CORE, 1), REST]),
        ("mm/deep/er/util.c", [(CORE, 1), REST]),
        ("mm/one.c", [("ONE FILE", 2), (CORE, 1), REST]),
        ("mm/secret/x.c", [REST]),
        ("mmx/util.c", [REST]),
        ("include/linux/mm_types.h", [(CORE, 3), REST]),
        ("include/linux/mm/deep.h", [REST]),
        ("drivers/fold/a/b.c", [("FOLDER WITHOUT SLASH", 2), REST]),
        ("drivers/folder.c", [REST]),
        ("drivers/a/wild1.c", [("WILD", 3), REST]),
        ("drivers/a/b/wild1.c", [REST]),
        ("drivers/a/wild12.c", [REST]),
        ("drivers/a/wild.c", [REST]),
        ("arch/x/y/wild/z.c", [("WILD", 3), REST]),
        ("net/wombat.c", [("WILD", 0), REST]),
        ("Makefile", [REST]),
    ],
)
def test_patterns(read: Maintainers, path: str, wanted: list[tuple[str, int]]) -> None:
    assert titles(read, path) == wanted


def test_people_and_lists(read: Maintainers) -> None:
    found = recipients_of(read, ["mm/one.c"], "", Mailmap())
    assert [str(one) for one in found.to] == [
        "Andy O'Neil <andy@mm.org>",
        "Fia File <fia@file.org>",
    ]
    assert [str(one) for one in found.cc] == [
        "Rita Reviewer <rita@mm.org>",
        "linux-mm@kvack.org",
        "moderated@mm.org",
        "linux-kernel@vger.kernel.org",
    ]


def test_keywords(read: Maintainers) -> None:
    def found(patch: str) -> bool:
        everybody = recipients_of(read, [], patch, Mailmap()).everybody
        return any(one.address.email == "willi@x.org" for one in everybody)

    diff = "diff --git a/x b/x\n--- a/x\n+++ b/x\n@@ -1,2 +1,2 @@ wombat_x\n"
    assert found("Subject: use wombat_get\n")
    assert not found("Subject: use wombat\n")
    assert found("We like KIWI.\n")
    assert found(diff + "+\twombat_get();\n")
    assert found(diff + "-\tKiwi();\n")
    assert not found(diff + " \twombat_get();\n")
    assert not found(diff)


def test_the_mailmap_moves_people(read: Maintainers) -> None:
    mailmap = Mailmap(b"# x\nFia New <new@file.org> <fia@file.org>\n<rita@new.org> <rita@mm.org>\n")
    found = recipients_of(read, ["mm/one.c"], "", mailmap)
    assert found.to[1] == Address("Fia New", "new@file.org")
    assert found.cc[0] == Address("Rita Reviewer", "rita@new.org")


def test_union_makes_a_maintainer_of_who_is_one_anywhere(read: Maintainers) -> None:
    one = recipients_of(read, ["mm/util.c"], "", Mailmap())
    two = recipients_of(read, ["drivers/fold/x.c"], "", Mailmap())
    joined = union([one, two])
    assert [str(a) for a in joined.to] == [
        '"O\'Neil, Andy" <andy@mm.org>',
        "Fola Folder <fola@x.org>",
    ]
    assert [str(a) for a in joined.cc].count("linux-kernel@vger.kernel.org") == 1


def test_subsystems(read: Maintainers) -> None:
    assert subsystem(read, "mm/util.c") == "MEMORY MANAGEMENT"
    assert subsystem(read, "mm/one.c") == "ONE FILE"
    assert subsystem(read, "Makefile") == ""
    assert subsystem(read, "net/wombat.c") == ""


@pytest.mark.parametrize("text", ["", "hello\n\nworld\n", "\0\0\0", "M:\tA <a@b>\n"])
def test_what_is_no_maintainers_file(text: str, tmp_path: Path) -> None:
    (tmp_path / "MAINTAINERS").write_text(text)
    with pytest.raises(MaintainersUnreadable):
        read_maintainers(tmp_path)


def test_a_missing_file(tmp_path: Path) -> None:
    with pytest.raises(MaintainersUnreadable, match="No such file"):
        read_maintainers(tmp_path)


def test_odd_lines_do_no_harm(tmp_path: Path) -> None:
    text = "A\nM:\t\nM:\tno address\nL:\nF:\t((\nN:\t((\nK:\t((\nF:\tmm/\nM:\tA <a@b>\n"
    read = parse_maintainers(text, tmp_path)
    found = recipients_of(read, ["mm/x.c"], "((", Mailmap())
    assert [str(one.address) for one in found.everybody] == ["A <a@b>"]


def test_bytes_that_are_not_utf8(tmp_path: Path) -> None:
    (tmp_path / "MAINTAINERS").write_bytes(b"A\nM:\tJ\xf6rg <j@x>\nF:\tmm/\n")
    found = recipients_of(read_maintainers(tmp_path), ["mm/x.c"], "", Mailmap())
    assert found.to[0].email == "j@x"


def kernel_patch(paths: list[str], chance: random.Random, words: str) -> bytes | None:
    changes = []
    for path in paths:
        before = (KERNEL / path).read_bytes()
        lines = before.splitlines(keepends=True)
        if b"\0" in before or not lines:
            return None
        at = chance.randrange(len(lines))
        lines[at] = lines[at].rstrip(b"\n") + b" x\n"
        changes.append(FileChange(path, before, b"".join(lines)))
    sender = Sender(Address("A", "a@example.org"), 0)
    return patch_mail(make_message("x: y", words), changes, sender)


def by_role(found: Recipients) -> set[tuple[str, RecipientRole]]:
    return {(str(one.address), one.role) for one in found.everybody}


@pytest.mark.skipif(not KERNEL.is_dir() or not shutil.which("perl"), reason="no kernel or no perl")
def test_same_answer_as_the_script() -> None:
    """Forty patches of one to three files of the kernel, half of them of those that we convert."""
    chance = random.Random(11)
    listed = subprocess.run(
        ["git", "ls-files", "*.c", "*.h"], cwd=KERNEL, capture_output=True, text=True, check=True
    ).stdout.split()
    ours = [
        path
        for path in listed
        if path.startswith(("mm/", "fs/", "drivers/char/", "include/linux/"))
    ]
    read = read_maintainers(KERNEL)
    asked = 0
    for number in range(40):
        paths = chance.sample(ours if number % 2 else listed, chance.choice([1, 1, 2, 3]))
        patch = kernel_patch(
            paths, chance, chance.choice(["Why.", "For clang and rust.", "bpf pidfd"])
        )
        if patch is None:
            continue
        script = ask_script(KERNEL, patch)
        assert script is not None
        found = recipients_of(read, paths, patch.decode("utf-8", "replace"))
        assert {one for one, _ in by_role(found)} == {one for one, _ in by_role(script)}, paths
        # Where two sections match equally well, the script lets chance say which role counts.
        assert len(by_role(found) ^ by_role(script)) <= 2, paths
        asked += 1
    assert asked > 30
