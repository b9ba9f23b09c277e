# SPDX-License-Identifier: GPL-2.0-only
"""Which functions and macros a tree's headers declare, by name.

In: a tree, and names. Out: those of them that a header of `HEADERS` declares or defines. This is how
virtual rules such as `vma_test_any` are switched on: by what a tree has, never by its version.

One name may have two meanings: `vma_get_page_prot_of_vma_flags_t` stands for a `vma_get_page_prot()`
whose first parameter is a `vma_flags_t`, in each place that declares it. What the helpers that the
rules call by their plain names take first stands in `TAKES`: a function of such a name that takes
something else is another one, and `TreeHelpers.strangers` says so.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from vmaconv.cocci.text.tree_file import read_file
from vmaconv.cocci.text.trivia import blank_out

HEADERS = (
    "include/linux/mm.h",
    "include/linux/mm_types.h",
    "include/linux/mmap_lock.h",
    "include/linux/userfaultfd_k.h",
    "mm/vma.h",
)
"""Where helpers for VMA flags are declared; those that a tree lacks are passed over."""

TAKES: Mapping[str, str] = {
    **dict.fromkeys(
        (
            "vma_test",
            "vma_test_any",
            "vma_test_all",
            "vma_test_any_mask",
            "vma_test_all_mask",
            "vma_test_single_mask",
            "vma_set_flags",
            "vma_set_flags_mask",
            "vma_clear_flags",
            "vma_clear_flags_mask",
            "vma_start_write",
            "vma_is_cow_mapping",
        ),
        "vm_area_struct",
    ),
    **dict.fromkeys(
        (
            "vma_flags_same_pair",
            "is_nommu_shared_vma_flags",
            "vma_flags_test",
            "vma_flags_test_any",
            "vma_flags_test_all",
            "vma_flags_test_any_mask",
            "vma_flags_test_all_mask",
            "vma_flags_set",
            "vma_flags_set_mask",
            "vma_flags_clear",
            "vma_flags_clear_mask",
        ),
        "vma_flags_t",
    ),
    "vma_pgprot_modify": "pgprot_t",
}
"""What helpers take first, in Linux 7.2 and 7.3 (include/linux/mm.h, mmap_lock.h, mm/vma.h)."""


@dataclass(frozen=True, slots=True)
class TreeHelpers:
    """Which names a tree `declared`, and what those that are other functions take first."""

    declared: frozenset[str]
    strangers: Mapping[str, str]


def declared_names(root: Path, names: Iterable[str]) -> frozenset[str]:
    """Return the names that a header declares as functions or as bitmaps in a struct, or defines as macros.

    Of `NAME_of_TYPE`, those whose declarations all have a first parameter of that type: itself, or a
    pointer to it, a struct without the word.

    >>> declared_names(Path("linux-7.2"), ["vma_test", "vma_can_grow"])  # doctest: +SKIP
    frozenset({'vma_test'})
    """
    return tree_helpers(root, names).declared


def tree_helpers(root: Path, names: Iterable[str]) -> TreeHelpers:
    """Return what headers declare of some names; helpers that take something else stand apart.

    With `bool vma_test(unsigned long flags, ...)` in a header, `strangers` is `{"vma_test":
    "unsigned"}`, and `vma_test` is not declared.
    """
    asked = tuple(names)
    found = _first_types(root, asked)
    strange = {name: _strange(name, types) for name, types in found.items()}
    on: set[str] = set()
    for name in asked:
        word, _, of = name.rpartition("_of_")
        if (name in found and not strange[name]) or (word and found.get(word) == {of}):
            on.add(name)
    strangers = {name: strange[name][0] for name in asked if strange.get(name)}
    return TreeHelpers(frozenset(on), strangers)


def _strange(name: str, types: Collection[str]) -> list[str]:
    """Return what functions of a name take first that the helper of that name does not.

    A macro hands on what it is given: its parameter has no type.
    """
    return sorted({*types} - {"", TAKES[name]}) if name in TAKES else []


def _first_types(root: Path, names: Collection[str]) -> dict[str, set[str]]:
    """Return the types of the first parameters of what headers declare by some names."""
    wanted = {name.encode() for name in names}
    wanted |= {word.encode() for name in names if (word := name.rpartition("_of_")[0])}
    found: dict[str, set[str]] = {}
    if not wanted:
        return found
    any_name = b"|".join(sorted(map(re.escape, wanted)))
    # What a declaration's name follows is a type, or the * of one: a call follows neither.
    pattern = re.compile(
        rb"^[ \t]*#[ \t]*define[ \t]+(" + any_name + rb")\b"
        rb"|^(?![ \t]*(?:return|else|goto|case)\b)[ \t]*[A-Za-z_][\w \t*\n]*?"
        rb"[\s*](" + any_name + rb")\s*\(\s*(?:(?:const|struct)\s+)*(\w*)"
        rb"|^[ \t]+vma_flags_t[ \t]+(" + any_name + rb")[ \t]*;",
        re.MULTILINE,
    )
    for path in HEADERS:
        try:
            text = blank_out(read_file(root, path), strings=True)
        except OSError:
            continue
        if any(name in text for name in wanted):
            for match in pattern.finditer(text):
                name = (match[1] or match[2] or match[4]).decode()
                found.setdefault(name, set()).add((match[3] or b"").decode())
    return found
