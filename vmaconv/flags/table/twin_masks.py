# SPDX-License-Identifier: GPL-2.0-only
"""Bitmap masks that are the same set of flags as a word.

In: a word, what `mm.h` defines, and what other headers do. Out: the name of its twin, `VMA_UFFD_WP` for
`VM_UFFD_WP`, or None.
"""

from __future__ import annotations

import re
from functools import lru_cache

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.flags.headers.conditions import ALWAYS, Condition
from vmaconv.flags.table.flag_definitions import Definitions, asks_for
from vmaconv.flags.table.outside_definitions import OutsideDefinitions

_LEGACY = late_regex(r"\(?vma_flags_to_legacy\( ?(_*VMA_\w+) ?\)\)?")


def is_bitmap(name: str) -> bool:
    """Return whether a name is a bitmap mask's: `VMA_REMAP_FLAGS`, `__VMA_UFFD_FLAGS`."""
    return name.lstrip("_").startswith("VMA_")


def twin_mask(
    definitions: Definitions, outside: OutsideDefinitions, name: str, given: Condition = ALWAYS
) -> str | None:
    """Return the bitmap mask that is the same set of flags as a word that `mm.h` defines, or None.

    The definition may say so (`vma_flags_to_legacy(VMA_SPECIAL_FLAGS)`). Otherwise a mask is the twin
    if its name has the same stem and its bits are the same in every configuration in which `given`
    holds: the name alone may lie, and equal bits alone may be a coincidence of today.
    """
    lines = definitions.lines
    texts = {definition.text for definition in lines[name]}
    if said := _LEGACY.fullmatch(" ".join(texts)):
        return said.group(1)
    alike = [other for other in lines if is_bitmap(other) and _stem(other) == _stem(name)]
    alike.sort(key=lambda other: (other.replace("VMA_", "VM_", 1) != name, other))
    guarded = any(asks_for(name, definition.condition) for definition in lines[name])
    alone = guarded and bool(alike) and not outside.of(name)
    return next((o for o in alike if definitions.are_same(name, o, given, alone)), None)


@lru_cache(maxsize=4096)
def _stem(name: str) -> str:
    return re.sub(r"^(_*)VMA?_|_(?:FLAGS|MASK)$", r"\1", name)
