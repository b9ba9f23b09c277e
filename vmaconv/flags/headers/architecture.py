# SPDX-License-Identifier: GPL-2.0-only
"""Which architectures a kernel tree has, and which of them a file belongs to."""

from __future__ import annotations

import os
from pathlib import Path


def architectures(root: Path) -> list[str]:
    """Return the names of the folders right below `arch/` of the tree at `root`, sorted.

    >>> architectures(Path("linux"))[:3]  # doctest: +SKIP
    ['alpha', 'arc', 'arm']
    """
    try:
        with os.scandir(root / "arch") as entries:
            return sorted(e.name for e in entries if e.is_dir(follow_symlinks=False))
    except OSError:
        return []


def architecture_of(path: str) -> str:
    """Return the folder below `arch/` that a path (relative to the tree) lies in, or "".

    >>> architecture_of("arch/arm64/mm/fault.c"), architecture_of("arch/Kconfig")
    ('arm64', '')
    """
    parts = path.split("/")
    return parts[1] if parts[0] == "arch" and len(parts) > 2 else ""
