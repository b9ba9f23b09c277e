# SPDX-License-Identifier: GPL-2.0-only
"""Checks of a migration's groups, before they are handed out.

In: the files before and after. Out: nothing, or a `MigrationError`: an edit may bring no syntax
error that was not there.
"""

from __future__ import annotations

from collections.abc import Mapping

from vmaconv.cocci.tree.syntax_check import new_error
from vmaconv.migrate.migration_error import MigrationError


def check_syntax(final: Mapping[str, tuple[bytes, bytes]]) -> None:
    """Parse what changed in each file; raise `MigrationError` where that has new errors."""
    for path, (before, after) in final.items():
        if path.endswith((".c", ".h")):
            _check(path, before, after)


def _check(path: str, before: bytes, after: bytes) -> None:
    broken = new_error(path, before, after)
    if broken is not None:
        what = f"the change would not parse: {broken.text!r}"
        remedy = "keep what changes there on the old type with a plan file, and report this"
        raise MigrationError("syntax", f"{path}:{broken.line}", what, remedy)
