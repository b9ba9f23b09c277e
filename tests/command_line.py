# SPDX-License-Identifier: GPL-2.0-only
"""Running the command line in a test, in this process.

In: the words after `vmaconv`. Out: exit code and what was printed. An exception that the command
line does not turn into a message comes out of `run()` and fails the test: users would see a
traceback.
"""

from __future__ import annotations

import contextlib
import io
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from unittest.mock import patch

from vmaconv.cli.main import main
from vmaconv.cocci.engine.program import Program, compile_file
from vmaconv.convert import conversion

FIXTURES = Path(__file__).resolve().parents[1] / "fixtures"
KERNEL = FIXTURES / "kernel"
EXPECTED = FIXTURES / "expected" / "kernel"

PROGRAM = (sys.executable, "-c", "from vmaconv.cli.main import main; main()")
"""What starts vmaconv as a process of its own."""


_compiled: dict[object, Program] = {}


def _compile_once(*words: Any, **named: Any) -> Program:
    """Compile a rule file as the session does, but only once: half of a short run goes there."""
    file, _, virtual, *rest = words
    key = (file.path, Path(file.path).stat().st_mtime_ns, virtual, str(rest), str(named))
    if key not in _compiled:
        _compiled[key] = compile_file(*words, **named)
    return _compiled[key]


@dataclass(frozen=True, slots=True)
class Done:
    """How a run ended."""

    code: int
    out: bytes
    err: str


def run(*words: str | Path) -> Done:
    """Run `vmaconv` with `words`."""
    out, err = io.BytesIO(), io.BytesIO()
    stdout = io.TextIOWrapper(out, "utf-8", write_through=True)
    stderr = io.TextIOWrapper(err, "utf-8", "backslashreplace", write_through=True)
    code: object = 0
    with (
        contextlib.redirect_stdout(stdout),
        contextlib.redirect_stderr(stderr),
        patch.object(conversion, "compile_file", _compile_once),
    ):
        try:
            main([str(word) for word in words])
        except SystemExit as stop:
            code = stop.code
        stdout.flush()
        stderr.flush()
        done = Done(int(str(code or 0)), out.getvalue(), err.getvalue().decode())
    assert "Traceback" not in done.err
    return done


def copy_kernel(target: Path) -> Path:
    """Copy the fixtures' tree to `target`, which must not exist."""
    shutil.copytree(KERNEL, target)
    return target


def expected_files() -> dict[str, bytes]:
    """Return every file of the tree as it must be after the conversion, by path."""
    files = read_files(KERNEL)
    return files | read_files(EXPECTED)


def read_files(root: Path) -> dict[str, bytes]:
    """Return the bytes of every file below `root`, by path; git's own left out."""
    return {
        path.relative_to(root).as_posix(): path.read_bytes()
        for path in sorted(root.rglob("*"))
        if path.is_file() and ".git" not in path.relative_to(root).parts
    }


def git(tree: Path, *words: str, feed: bytes = b"") -> bytes:
    """Run git in `tree` and return its output; a failure fails the test."""
    done = subprocess.run(["git", *words], cwd=tree, input=feed, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode(errors="replace")
    return done.stdout


def make_repository(tree: Path) -> Path:
    """Commit all of `tree` to a repository of its own."""
    git(tree, "init", "-q", "-b", "main")
    git(tree, "config", "user.name", "Ada Lövelace")
    git(tree, "config", "user.email", "ada@example.org")
    git(tree, "config", "core.autocrlf", "false")
    git(tree, "add", "-A")
    git(tree, "commit", "-q", "-m", "start")
    return tree
