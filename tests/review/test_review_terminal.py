# SPDX-License-Identifier: GPL-2.0-only
"""The plain terminal: the diff and the account as a person sees them."""

from __future__ import annotations

import os
import pty
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from review_trees import KERNEL, hostile_tree, run_over

from vmaconv.convert.tally import Row
from vmaconv.convert.use_account import Account
from vmaconv.review.prompt.terminal import account_lines, diff_lines, row_lines
from vmaconv.series.change import FileChange
from vmaconv.series.git.file_diff import file_diff
from vmaconv.uses.reasons import UseReason

SGR = re.compile(r"\x1b\[[0-9;]*m")
DIFF = file_diff(
    FileChange(
        "mm/x.c",
        b"int f(void)\n{\n\tif (d->vm_flags & VM_IO)\n\t\treturn 1;\n}",
        b"int f(void)\n{\n\tif (vma_desc_test(d, VMA_IO_BIT))\n\t\treturn 1;\n}",
    )
)


def test_without_colour_the_lines_are_plain() -> None:
    assert list(diff_lines(DIFF, False)) == [
        "mm/x.c  +1 -1",
        "@@ -1,5 +1,5 @@",
        " int f(void)",
        " {",
        "-        if (d->vm_flags & VM_IO)",
        "+        if (vma_desc_test(d, VMA_IO_BIT))",
        "                 return 1;",
        " }",
        "\\ No newline at end of file",
        "",
    ]


def test_colour_adds_nothing_but_colour() -> None:
    coloured = list(diff_lines(DIFF, True))
    assert [SGR.sub("", line) for line in coloured] == list(diff_lines(DIFF, False))
    gone = next(line for line in coloured if SGR.sub("", line).startswith("-"))
    assert "\x1b[31;7m->vm_flags & \x1b[m\x1b[31;7mVM_IO\x1b[m" in gone
    assert "\x1b[31m (d\x1b[m" in gone


def use(line: int, function: str, kind: str, why: str = "") -> Account:
    reason = UseReason(kind, "argument", "", why) if why else None
    return Account("a/b.c", line, function, kind, "left" if why else "converted", reason, "")


def test_the_account_at_eighty_columns() -> None:
    long = "passed to daxdev_mapping_supported(), whose parameter is a word, and to nobody else"
    uses = [use(7, "ext4_file_mmap_prepare", "argument", long), use(1234, "", "set")]
    assert list(account_lines(uses, 80, False)) == [
        "a/b.c",
        "      7  ext4_file_mmap_prepare()  argument  left",
        "         passed to daxdev_mapping_supported(), whose parameter is a word, and",
        "         to nobody else",
        "   1234  -                         set       converted",
    ]


def test_counts_stand_under_their_headings() -> None:
    rows = [Row("drivers/gpu", 112, 3, 0), Row("mm", 0, 1234, 10)]
    assert list(row_lines(rows, "part", False)) == [
        "converted  left  not judged  part",
        "      112     3           0  drivers/gpu",
        "        0  1234          10  mm",
    ]
    heading = SGR.sub("", seen(KERNEL, "scan", "--by", "reason")).strip().splitlines()[0]
    assert heading == "converted  left  not judged  reason"


@pytest.mark.parametrize("width", [80, 60, 120])
def test_the_account_of_the_fixtures_fits_and_breaks_no_path(width: int) -> None:
    uses = [a for o in run_over(KERNEL).outcomes for a in o.account]
    lines = list(account_lines(uses, width, False))
    paths = {a.file for a in uses}
    assert paths <= set(lines)
    # A word longer than the line, such as a long expression, is not broken either.
    long = [line for line in lines if len(line) > width]
    assert all(" " not in line.strip() or width < 80 for line in long), long


def seen(tree: Path, *words: str, size: int = 80, feed: bytes = b"", **environment: str) -> str:
    """Give what a command writes to a terminal, standard error too where `feed` is typed."""
    parent, child = pty.openpty()
    done = b""
    env = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "TERM", "COLUMNS")}
    with subprocess.Popen(
        [
            sys.executable,
            "-c",
            "from vmaconv.cli import main; main()",
            *words[:1],
            str(tree),
            *words[1:],
        ],
        stdin=child,
        stdout=child,
        stderr=child if feed else subprocess.DEVNULL,
        env=env | {"TERM": "xterm-256color", "COLUMNS": str(size)} | environment,
    ) as process:
        os.close(child)
        os.write(parent, feed)
        while True:
            try:
                part = os.read(parent, 65536)
            except OSError:
                break
            if not part:
                break
            done += part
    os.close(parent)
    assert process.returncode == 0
    return done.decode("utf-8", "surrogateescape").replace("\r\n", "\n")


def test_a_terminal_gets_colours_unless_it_or_the_person_wants_none() -> None:
    paths = "drivers/char/fooport.c"
    assert SGR.search(seen(KERNEL, "diff", paths))
    for wish in ({"NO_COLOR": "1"}, {"TERM": "dumb"}):
        plain = seen(KERNEL, "diff", paths, **wish)
        assert not SGR.search(plain) and "+        vma_desc_set_flags_mask(desc" in plain
        assert not SGR.search(seen(KERNEL, "scan", paths, **wish))
    assert SGR.search(seen(KERNEL, "scan", paths))


def test_a_hostile_file_does_not_drive_the_terminal(tmp_path: Path) -> None:
    tree = hostile_tree(tmp_path / "tree")
    for command in ("diff", "scan"):
        text = SGR.sub("", seen(tree, command))
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
        assert "<U+202E>" in text


def test_the_summary_of_a_choice_counts_what_was_chosen() -> None:
    output = seen(KERNEL, "diff", "--interactive", feed=b"y\nn\ny\nq\n")
    assert re.search("2 hunks accepted, in [12] of 32 files", output)
    assert "uses converted" not in output


def test_the_review_runs_in_a_real_terminal(tmp_path: Path) -> None:
    """Start it, accept a hunk, quit; the terminal is as it was, and the review is remembered."""
    pid, terminal = pty.fork()
    if pid == 0:
        os.environ |= {
            "TERM": "xterm-256color",
            "XDG_STATE_HOME": str(tmp_path),
            "COLUMNS": "80",
            "LINES": "24",
        }
        code = "from vmaconv.cli import main; main()"
        os.execv(sys.executable, [sys.executable, "-c", code, "review", str(KERNEL)])
    output = b""
    try:
        output = _until(terminal, b"0 of 48 hunks decided")
        os.write(terminal, b"a")
        output += _until(terminal, b"1 of 48 hunks decided")
        os.write(terminal, b"q")
        output += _until(terminal, b"1 of 48 hunks decided, 1 accepted, 0 files written")
        assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 0
    except BaseException:
        os.kill(pid, signal.SIGKILL)
        raise
    finally:
        os.close(terminal)
    assert output.count(b"\x1b[?1049h") == output.count(b"\x1b[?1049l") == 1
    (state,) = tmp_path.rglob("*.json")
    assert '"accepted"' in state.read_text()


def _until(terminal: int, words: bytes) -> bytes:
    """Read until some words have come; colours and moves between them do not count."""
    found = b""
    end = time.monotonic() + 60
    while words not in re.sub(rb"\x1b\[[0-9;?]*[A-Za-z]", b"", found):
        assert time.monotonic() < end, found[-2000:]
        try:
            found += os.read(terminal, 65536)
        except OSError:
            raise AssertionError(found[-2000:]) from None
    return found


@pytest.mark.parametrize("words", [["review"]])
def test_without_a_terminal_the_review_says_what_else_there_is(words: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", "from vmaconv.cli import main; main()", *words, str(KERNEL)],
        capture_output=True,
        check=False,
    )
    assert done.returncode == 2
    assert b"the review needs a terminal" in done.stderr
    assert b"diff --interactive" in done.stderr
