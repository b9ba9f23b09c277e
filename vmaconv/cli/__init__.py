# SPDX-License-Identifier: GPL-2.0-only
"""The command line: click commands, progress, and what a person or a pipe reads. Nothing else.

`main` is the entry point.
"""

from __future__ import annotations

import vmaconv.cli.lean_start  # noqa: F401
from vmaconv.cli.main import main

__all__ = ["main"]
