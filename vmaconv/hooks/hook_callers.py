# SPDX-License-Identifier: GPL-2.0-only
"""Who calls an `mmap` member, and through which member the old hook is called directly.

In: the sources and the files that call one. Out: for each struct the callers, and the members (such
as `struct drm_driver`'s `fops`) through which the tree calls `.mmap` of a `struct file_operations`
without looking for the new hook.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field

from vmaconv.flags.headers.header_lines import Place
from vmaconv.hooks.hook import FILE_OPERATIONS, Site
from vmaconv.migrate.facts.sources import Sources
from vmaconv.uses.member_uses import initialised_type, leaf_at, owner_of

_CALL = re.compile(rb"mmap(?=\()")
_BEFORE = re.compile(rb"(?:->|\.)\s*((?:proc_)?)\Z")

CORE = ("include/linux/fs.h", "mm/")
"""Callers that look for either hook (fs.h, vfs_mmap(); mm/vma.c)."""


@dataclass(slots=True)
class Callers:
    """`by_struct`: who calls a struct's hook; `direct`: members through which the old hook is
    called by itself.
    """

    by_struct: dict[str, list[Place]] = field(default_factory=dict)
    direct: dict[tuple[str, bytes], Place] = field(default_factory=dict)


def callers_in(sources: Sources, paths: Iterable[str]) -> Callers:
    """Return the callers in all `paths`."""
    found = Callers()
    for path in paths:
        unit = sources.unit(path)
        for match in _CALL.finditer(unit.text):
            before = _BEFORE.search(unit.text, max(match.start() - 80, 0), match.start())
            if before is None:
                continue
            start = before.start(1)
            leaf = leaf_at(unit.chunk_at(start), start)
            if leaf is None or leaf.parent is None or leaf.parent.kind != "field_expression":
                continue
            struct = (owner_of(leaf, sources.types(path)) or b"").decode(errors="replace")
            place = Place(path, unit.line(start))
            found.by_struct.setdefault(struct, []).append(place)
            if struct == FILE_OPERATIONS and not path.startswith(CORE):
                base = leaf.parent.children[0]
                if base.kind == "field_expression":
                    member = base.children[-1]
                    owner = owner_of(member, sources.types(path)) or b""
                    key = (owner.decode(errors="replace"), member.text or b"")
                    found.direct.setdefault(key, place)
    return found


def called_directly(sources: Sources, callers: Callers, site: Site) -> Place | None:
    """Return where the old hook of a site's struct is called directly, or None."""
    variable = site.variable.encode()
    if not variable or not callers.direct:
        return None
    unit = sources.unit(site.path)
    pattern = re.compile(rb"\.\s*(\w+)\s*=\s*&?\s*" + re.escape(variable) + rb"\b")
    for match in pattern.finditer(unit.text):
        leaf = leaf_at(unit.chunk_at(match.start(1)), match.start(1))
        if leaf is None or leaf.parent is None or leaf.parent.kind != "field_designator":
            continue
        owner = initialised_type(leaf.parent, sources.types(site.path))
        if owner is not None:
            struct = sources.types(site.path).resolve(owner).base.decode(errors="replace")
            place = callers.direct.get((struct, match[1]))
            if place is not None:
                return place
    return None
