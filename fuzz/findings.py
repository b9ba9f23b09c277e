# SPDX-License-Identifier: GPL-2.0-only
"""Where mutants that break an oracle are kept.

In: a mutant, and what it is called. Out: a folder below fuzz/found/ with a file for each of its texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

FOUND = Path(__file__).parent / "found"


def write_found(name: str, texts: Sequence[bytes]) -> Path:
    """Write a mutant down and return its folder."""
    folder = FOUND / name
    folder.mkdir(parents=True, exist_ok=True)
    for index, text in enumerate(texts):
        (folder / str(index)).write_bytes(text)
    return folder
