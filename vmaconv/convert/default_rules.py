# SPDX-License-Identifier: GPL-2.0-only
"""Which rules a tree is converted by when none are named.

In: a tree. Out: a `RulesChoice`: the rule files that ship for what its headers have, why, and the words
by which files are searched for. A version number is never looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.text.tree_file import read_file
from vmaconv.cocci.text.trivia import blank_out
from vmaconv.flags.headers.header_lines import HeaderPlace, read_header
from vmaconv.flags.helpers.generation import HEADERS, descriptor_fields
from vmaconv.library import find_rules


class RulesChoice(Struct, frozen=True):
    """Rule files by name; `why` says in a sentence what decided; `nothing`, why there is no work."""

    rules: tuple[str, ...]
    why: str = ""
    nothing: str = ""

    def words(self) -> list[str]:
        """Return the words one of which every file has that may hold a use.

        They are those of the rules' `Account:` and `Files:` lines, read as text: the search for
        files starts before the parser of rules is loaded.
        """
        lines = (line for head in self._heads() for line in _ACCOUNT.findall(head))
        return sorted({word for line in lines for word in re.findall(r"\w+", line)} - _KEYWORDS)

    def are_for_macros(self) -> bool:
        """Whether uses in the bodies of macros are converted, too."""
        return any(_MACROS.search(head) is not None for head in self._heads())

    def _heads(self) -> Iterator[str]:
        return (find_rules(name).read_text("utf-8", "replace") for name in self.rules)


_ACCOUNT = late_regex(r"^// (?:Account|Files): (.*)$", re.MULTILINE)
_MACROS = late_regex(r"^// Macros: ", re.MULTILINE)
_KEYWORDS = {"struct", "union"}

_TYPES = "include/linux/mm_types.h"
_STRUCT = late_regex(rb"\bstruct\s+vm_area_struct\s*\{.*?^\}", re.DOTALL | re.MULTILINE)
_UNION = late_regex(
    rb"\bunion\s*\{[^{}]*\bvm_flags_t\s+(vm_flags)\s*;[^{}]*\bvma_flags_t\s+flags\s*;"
)


def default_rules(root: Path) -> RulesChoice:
    """Return what to convert in the tree at `root`.

    The descriptor's word comes first: as long as a tree has `desc->vm_flags`, that is what is
    converted. Where it is gone, and a VMA's word shares its storage with a bitmap, it is the VMA's.
    Raises `KernelTreeError` where a header is missing.
    """
    read_header(root, HEADERS[0])
    fields = descriptor_fields(root)
    if fields.vm_flags is not None:
        why = f"struct vm_area_desc has vm_flags ({fields.vm_flags})"
        return RulesChoice(("vma-desc",), why)
    place = bitmap_of_vma(root)
    if place is not None:
        why = f"struct vm_area_struct has both vm_flags and flags ({place})"
        return RulesChoice(("vma-bits",), why)
    if fields.place is None:
        nothing = "the tree has no struct vm_area_desc"
    else:
        nothing = f"struct vm_area_desc has no vm_flags ({fields.place})"
    return RulesChoice(("vma-desc",), nothing=nothing)


def bitmap_of_vma(root: Path) -> HeaderPlace | None:
    """Return where `struct vm_area_struct` declares the word that has a bitmap beside it."""
    try:
        text = blank_out(read_file(root, _TYPES))
    except OSError:
        return None
    struct = _STRUCT.search(text)
    union = _UNION.search(text, struct.start(), struct.end()) if struct is not None else None
    if union is None:
        return None
    return HeaderPlace(_TYPES, text.count(b"\n", 0, union.start(1)) + 1)
