# SPDX-License-Identifier: GPL-2.0-only
"""Workers that die, streams that are closed, full disks, signals: one clear line, an exit code."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import time
from pathlib import Path

import pytest
from command_line import PROGRAM, copy_kernel, read_files, run

from vmaconv.cli import exits
from vmaconv.convert import tree_conversion
from vmaconv.convert.tree_conversion import FileOutcome
from vmaconv.series.output import write_series
from vmaconv.series.series_error import OutputNotEmpty


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    copy_kernel(tmp_path / "linux")
    for folder in ("arch", "drivers", "ipc", "kernel", "tools"):
        shutil.rmtree(tmp_path / "linux" / folder, ignore_errors=True)
    return tmp_path / "linux"


def started(words: str, tree: Path) -> subprocess.CompletedProcess[bytes]:
    """Run a shell command in which `vmaconv` is ours and $T the tree."""
    program = f'{PROGRAM[0]} -c "{PROGRAM[2]}"'
    return subprocess.run(
        ["sh", "-c", words.replace("vmaconv", program)],
        env={**os.environ, "T": str(tree)},
        capture_output=True,
        check=False,
        timeout=120,
    )


@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGSEGV, signal.SIGTERM])
def test_a_worker_that_dies_costs_its_file(
    number: int, tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real = tree_conversion.Converter.convert

    def dying(self: tree_conversion.Converter, path: str) -> FileOutcome:
        if path == "mm/util.c":
            os.kill(os.getpid(), number)
        return real(self, path)

    before = read_files(tree)
    monkeypatch.setattr(tree_conversion.Converter, "convert", dying)
    done = run("apply", tree, "-j2")
    assert done.code == exits.FILES
    assert f"error: mm/util.c: its process ended ({signal.Signals(number).name})" in done.err
    after = read_files(tree)
    assert after["mm/util.c"] == before["mm/util.c"]
    assert after["mm/memory.c"] != before["mm/memory.c"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("vmaconv diff $T mm >&-", exits.OUTPUT, b"vmaconv: standard output is closed\n"),
        ("vmaconv scan $T mm >&-", exits.OUTPUT, b"vmaconv: standard output is closed\n"),
        ("vmaconv diff $T mm 2>&-", exits.OK, b""),
        ("vmaconv diff $T mm <&-", exits.OK, b" converted in "),
        ("vmaconv diff $T mm >&- 2>&- <&-", exits.OUTPUT, b""),
        ("vmaconv apply $T mm >&-", exits.OK, b" converted in "),
        ("vmaconv diff $T mm >/dev/full", exits.OUTPUT, b"No space left on device\n"),
        ("vmaconv scan $T mm >/dev/full", exits.OUTPUT, b"No space left on device\n"),
        ("vmaconv diff --format json $T mm >/dev/full", exits.OUTPUT, b"No space left on device\n"),
        ("vmaconv rules >&-", exits.OUTPUT, b"vmaconv: standard output is closed\n"),
        ("vmaconv --version >&-", exits.OUTPUT, b"vmaconv: standard output is closed\n"),
    ],
)
def test_closed_and_full_streams(words: str, code: int, said: bytes, tree: Path) -> None:
    done = started(words, tree)
    assert (done.returncode, b"Traceback" in done.stderr) == (code, False), done.stderr
    assert said in done.stderr and b"Exception ignored" not in done.stderr
    assert not (tree / ".git").exists()


def test_the_reader_of_a_pipe_goes_away(tree: Path) -> None:
    done = started("vmaconv diff $T | head -1", tree)
    assert done.returncode == 0 and done.stderr.count(b"Traceback") == 0
    assert b"BrokenPipe" not in done.stderr


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_being_told_to_end(number: int, tree: Path) -> None:
    if signal.getsignal(number) == signal.SIG_IGN:
        pytest.skip("the signal is ignored here, as nohup has it, and stays so")
    before = read_files(tree)
    process = subprocess.Popen(
        [*PROGRAM, "apply", str(tree), "-j2"], stdout=subprocess.PIPE, stderr=subprocess.PIPE
    )
    status = Path(f"/proc/{process.pid}/status")
    caught = 1 << (number - 1)
    while not int(status.read_text().split("SigCgt:")[1].split()[0], 16) & caught:
        time.sleep(0.01)
    process.send_signal(number)
    _, said = process.communicate(timeout=120)
    if process.returncode == 0:
        pytest.skip("it was done before it could be told")
    assert (process.returncode, said.strip()) == (exits.INTERRUPTED, b"vmaconv: interrupted")
    after = read_files(tree)
    converted = copy_kernel(tree.parent / "converted")
    run("apply", converted)
    whole = read_files(converted)
    assert all(text in (before[path], whole[path]) for path, text in after.items())


def test_what_a_kill_left_is_named_and_then_cleared(tree: Path) -> None:
    stray = tree / "mm/.util.c.0123456789abcdef.vmaconv~"
    shutil.copy(tree / "mm/util.c", stray)
    done = run("diff", tree)
    assert f"warning: mm/{stray.name}: left by a run that was killed; remove it" in done.err
    assert stray.name.encode() not in done.out
    assert run("apply", tree, "mm").code == exits.OK
    assert not stray.exists()


def test_what_a_kill_left_of_a_series_goes(tmp_path: Path) -> None:
    out = tmp_path / "out"
    write_series(out, {"1.patch": b"old"})
    stray = tmp_path / ".out.0123456789abcdef.vmaconv~"
    (stray / "new").mkdir(parents=True)
    out.rename(stray / "old")
    other = tmp_path / ".other.0123456789abcdef.vmaconv~"
    other.mkdir()
    with pytest.raises(OutputNotEmpty):
        # Killed between the two renames: the old series is back, and asked for as ever.
        write_series(out, {"1.patch": b"new"})
    assert (out / "1.patch").read_bytes() == b"old" and not stray.exists()
    write_series(out, {"1.patch": b"new"}, force=True)
    assert sorted(p.name for p in tmp_path.iterdir()) == [other.name, "out"]


def test_a_small_disk_that_is_full(tree: Path, tmp_path: Path) -> None:
    disk = tmp_path / "disk"
    disk.mkdir()
    made = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=900k", "none", disk], capture_output=True, check=False
    )
    if made.returncode:
        pytest.skip("no file system can be mounted here")
    try:
        shutil.copytree(tree, disk / "t")
        with (disk / "rest").open("wb", 0) as file, pytest.raises(OSError, match="No space"):
            while True:
                file.write(b"\0" * 4096)
        before = read_files(disk / "t")
        done = run("apply", disk / "t")
        assert done.code == exits.FILES
        assert "not written: No space left on device" in done.err
        after = read_files(disk / "t")
        assert after.keys() == before.keys()
        out = run("series", disk / "t", "-o", disk / "series")
        assert out.code == exits.OUTPUT and "No space left on device" in out.err
        assert not (disk / "series").exists()
    finally:
        subprocess.run(["umount", disk], check=True)


def test_what_is_said_goes_one_way() -> None:
    """Only what makes text visible prints it."""
    folder = Path(tree_conversion.__file__).parents[1]
    found = [
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*.py")
        if re.search(r"click\.s?echo\(|^\s*print\(", path.read_text("utf-8"), re.M)
    ]
    assert found == ["cli/echo.py"]
