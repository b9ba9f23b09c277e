# SPDX-License-Identifier: GPL-2.0-only
"""Which functions and macros a tree's headers declare, by name.

In: a tree, and names. Out: those of them that a header of `HEADERS` declares or defines. This is how
virtual rules such as `vma_test_any` are switched on: by what a tree has, never by its version.

One name may have two meanings: `vma_get_page_prot_of_vma_flags_t` stands for a `vma_get_page_prot()`
whose first parameter is a `vma_flags_t`, in each place that declares it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
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


def declared_names(root: Path, names: Iterable[str]) -> frozenset[str]:
    """Return the names that a header declares as functions or defines as macros.

    Of `NAME_of_TYPE`, those whose declarations all have a first parameter of that type: itself, or a
    pointer to it, a struct without the word.

    >>> declared_names(Path("linux-7.2"), ["vma_test", "vma_can_grow"])  # doctest: +SKIP
    frozenset({'vma_test'})
    """
    typed = {name: name.rpartition("_of_") for name in names}
    wanted = {word.encode() for name, (word, _, _) in typed.items() if word} | {
        name.encode() for name in typed
    }
    if not wanted:
        return frozenset()
    any_name = b"|".join(sorted(map(re.escape, wanted)))
    # What a declaration's name follows is a type, or the * of one: a call follows neither.
    pattern = re.compile(
        rb"^[ \t]*#[ \t]*define[ \t]+(" + any_name + rb")\b"
        rb"|^(?![ \t]*(?:return|else|goto|case)\b)[ \t]*[A-Za-z_][\w \t*\n]*?"
        rb"[\s*](" + any_name + rb")\s*\(\s*(?:(?:const|struct)\s+)*(\w*)",
        re.MULTILINE,
    )
    found: dict[str, set[str]] = {}
    for path in HEADERS:
        try:
            text = blank_out(read_file(root, path), strings=True)
        except OSError:
            continue
        if any(name in text for name in wanted):
            for match in pattern.finditer(text):
                name = (match[1] or match[2]).decode()
                found.setdefault(name, set()).add((match[3] or b"").decode())
    return frozenset(
        name for name, (word, _, of) in typed.items() if name in found or found.get(word) == {of}
    )
