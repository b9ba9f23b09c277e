# SPDX-License-Identifier: GPL-2.0-only
"""What a migration checks before it hands out its groups.

In: the files before and after. Out: nothing, or a `MigrationError`: an edit may bring no syntax
error that was not there.
"""

from __future__ import annotations

from collections.abc import Mapping

from vmaconv.cocci.tree.unit import Unit
from vmaconv.migrate.migration_error import MigrationError


def check_syntax(final: Mapping[str, tuple[bytes, bytes]]) -> None:
    """Parse what changed in each file; raise `MigrationError` where that has new errors."""
    for path, (before, after) in final.items():
        if path.endswith((".c", ".h")):
            _check(path, before, after)


def _check(path: str, before: bytes, after: bytes) -> None:
    old, new = Unit(path, before), Unit(path, after)
    known = {before[c.start : c.end]: c for c in old.chunks}
    changed = [c for c in new.chunks if after[c.start : c.end] not in known]
    kept = {after[c.start : c.end] for c in new.chunks}
    replaced = [c for text, c in known.items() if text not in kept]
    allowed = sum(len(c.errors) for c in replaced)
    errors = [error for chunk in changed for error in chunk.errors]
    if len(errors) > allowed:
        line = new.line(errors[0].start)
        what = f"the change would not parse: {new.text[slice(*new.line_range(line))].strip()!r}"
        remedy = "keep what changes there on the old type with a plan file, and report this"
        raise MigrationError("syntax", f"{path}:{line}", what, remedy)
