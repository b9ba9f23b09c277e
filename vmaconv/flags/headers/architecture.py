# SPDX-License-Identifier: GPL-2.0-only
"""Which architecture a file of a kernel tree belongs to."""

from __future__ import annotations


def architecture_of(path: str) -> str:
    """Return the folder below `arch/` that a path (relative to the tree) lies in, or "".

    >>> architecture_of("arch/arm64/mm/fault.c"), architecture_of("arch/Kconfig")
    ('arm64', '')
    """
    parts = path.split("/")
    return parts[1] if parts[0] == "arch" and len(parts) > 2 else ""
