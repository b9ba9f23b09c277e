# SPDX-License-Identifier: GPL-2.0-only
"""The scripts beside the program say with `--help` what they do and take, and do nothing else."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
SCRIPTS = [
    path
    for folder in ("bench", "docs", "fast", "fuzz")
    for path in sorted((ROOT / folder).glob("*.py"))
    if "\ndef main(" in path.read_text("utf-8")
]


@pytest.mark.parametrize("script", SCRIPTS, ids=lambda p: str(p.relative_to(ROOT)))
def test_help_says_what_a_script_does_and_takes(script: Path, tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, str(script), "--help"],
        cwd=tmp_path,
        env={**os.environ, "COLUMNS": "80"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""
    assert done.stdout.startswith(f"usage: {script.name} ")
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert not list(tmp_path.iterdir())
