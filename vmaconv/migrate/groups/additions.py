# SPDX-License-Identifier: GPL-2.0-only
"""What a migration adds to headers: conversions that a recipe brings along, and includes.

In: a migration. Out: the steps that define a conversion behind the typedef of the new type, there
and in the copy of the header that `tools/testing/vma` compiles with; and those that let a header
see the type that its prototypes name from now on.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from vmaconv.cocci.rewrite.edit import Edit
from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.text.tree_file import read_file
from vmaconv.cocci.tree.unit import Unit
from vmaconv.migrate.decide.trial import EditStep, Owner, Phase
from vmaconv.migrate.facts.sources import Sources

if TYPE_CHECKING:
    from vmaconv.migrate.migration import Migration

_PLACES = ("include/linux/mm_types.h", "tools/testing/vma/vma_internal.h")


def conversion_steps(migration: Migration) -> Iterator[EditStep]:
    """Yield the definitions of the conversions that the edits use and the tree lacks."""
    for name in migration.used_conversions():
        conversion = next(
            c for c in migration.settings.conversions.values() if c.name == name and c.text
        )
        for path in _PLACES:
            at = _after_typedef(migration, path)
            if at is not None:
                text = conversion.text.encode()
                yield EditStep(path, Edit(at, at, text, "conversion text"), Phase.CONVERSION)


def _after_typedef(migration: Migration, path: str) -> int | None:
    """Return the start of the line after the typedef of the new type."""
    full = migration.root / path
    if not full.is_file():
        return None
    unit = migration.settings.sources.unit(path)
    if not unit.text:
        unit = Unit(path, read_file(migration.root, path))
    new = migration.recipe.new.encode()
    for chunk in unit.chunks_with(new):
        for item in chunk.items():
            if item.kind != "type_definition":
                continue
            line_end = unit.text.find(b"\n", item.end)
            if re.search(rb"\b" + re.escape(new) + rb"\s*;\s*\Z", unit.slice(item)):
                return line_end + 1
    return None


_INCLUDE = late_regex(rb"^[ \t]*#[ \t]*include\b[^\n]*\n", re.MULTILINE)
_GUARD = late_regex(rb"#[ \t]*ifndef[ \t]+(\w+)[^\n]*\n[ \t]*#[ \t]*define[ \t]+\1\b[^\n]*\n")


def include_steps(
    migration: Migration, steps: Iterable[EditStep], owner: Owner
) -> Iterator[EditStep]:
    """Yield the includes that headers need whose prototypes get the new type.

    One that names the old type by its name sees the new one, too: one header defines both.
    """
    new, old = migration.recipe.new.encode(), migration.recipe.old.encode()
    sources = migration.settings.sources
    paths = {s.path for s in steps if s.edit.rule == "type" and new in s.edit.text}
    for path in sorted(p for p in paths if p.endswith(".h")):
        text = sources.unit(path).text
        known = re.compile(rb"\b(?:" + new + rb"|" + old + rb")\b")
        if known.search(text) or _reaches(sources, path, _PLACES[0]):
            continue
        name = _PLACES[0].removeprefix("include/").encode()
        at = _after_includes(text)
        yield EditStep(path, Edit(at, at, b"#include <" + name + b">\n", "include"), owner)


def _reaches(sources: Sources, path: str, wanted: str) -> bool:
    """Whether a header includes another, by whatever way; `asm/` is not looked into."""
    seen: set[str] = set()
    waiting = [path]
    while waiting:
        one = waiting.pop()
        if one == wanted:
            return True
        if one not in seen:
            seen.add(one)
            waiting += sources.includes(one)
    return False


def _after_includes(text: bytes) -> int:
    """Return where a header's includes end: behind the last of the first block, or its guard."""
    end = 0
    for match in _INCLUDE.finditer(text):
        if end and text[end : match.start()].strip():
            break
        end = match.end()
    if not end and (guard := _GUARD.search(text)) is not None:
        end = guard.end()
    return end
