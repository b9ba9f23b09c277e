# SPDX-License-Identifier: GPL-2.0-only
"""Runs of rule files whose scripts print."""

from __future__ import annotations

import io
import textwrap
from pathlib import Path

from vmaconv.cocci.spatch.command import main


def printed(tmp_path: Path, rule: str, code: str) -> list[str]:
    """Run a rule file over one C file and return what its scripts print, sorted."""
    (tmp_path / "r.cocci").write_text(textwrap.dedent(rule))
    (tmp_path / "a.c").write_text(textwrap.dedent(code))
    out = io.BytesIO()
    words = ["--very-quiet", "--sp-file", str(tmp_path / "r.cocci"), str(tmp_path / "a.c")]
    assert main(words, out, io.StringIO()) == 0
    return sorted(out.getvalue().decode().split("\n")[:-1])
