"""Conversions that a recipe brings along, put beside the type.

In: a migration that uses one that the tree lacks. Out: the steps that define it, behind the
typedef of the new type, there and in the copy of the header that `tools/testing/vma` compiles
with.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

from vmaconv.migrate.trial import Step
from vmaconv.rewrite.edit import Edit
from vmaconv.source.unit import Unit

if TYPE_CHECKING:
    from vmaconv.migrate.migration import Migration

_PLACES = ("include/linux/mm_types.h", "tools/testing/vma/vma_internal.h")


def conversion_steps(migration: Migration) -> Iterator[Step]:
    """Yield the definitions of the conversions that the edits use and the tree lacks."""
    for name in migration.used_conversions():
        conversion = next(
            c for c in migration.settings.conversions.values() if c.name == name and c.text
        )
        for path in _PLACES:
            at = _after_typedef(migration, path)
            if at is not None:
                text = conversion.text.encode()
                yield Step(path, Edit(at, at, text, "conversion text"), "conversion")


def _after_typedef(migration: Migration, path: str) -> int | None:
    """Return the start of the line after the typedef of the new type."""
    full = migration.root / path
    if not full.is_file():
        return None
    unit = migration.settings.sources.unit(path)
    if not unit.text:
        unit = Unit(path, full.read_bytes())
    new = migration.recipe.new.encode()
    for chunk in unit.chunks_with(new):
        for item in chunk.items():
            if item.kind != "type_definition":
                continue
            line_end = unit.text.find(b"\n", item.end)
            if re.search(rb"\b" + re.escape(new) + rb"\s*;\s*\Z", unit.slice(item)):
                return line_end + 1
    return None
