# SPDX-License-Identifier: GPL-2.0-only
"""Real kernel trees for the wider tests: `VMACONV_KERNEL` names one of v6.19.

Trees of other releases stand beside it under their names: `v6.12`, `v7.2`. Without the variable the
paths lead nowhere, and tests that need one are skipped.
"""

from __future__ import annotations

import os
from pathlib import Path

KERNEL = Path(os.environ.get("VMACONV_KERNEL") or "no-kernel-tree-was-named")
"""A work tree of Linux v6.19."""

MISSING = "no kernel tree: VMACONV_KERNEL names one of v6.19"


def beside(version: str) -> Path:
    """Return the tree of another release: `v7.2`."""
    return KERNEL if version == "v6.19" else KERNEL.parent / version
