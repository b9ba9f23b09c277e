# SPDX-License-Identifier: GPL-2.0-only
"""What a tree's headers offer a `.mmap_prepare` hook.

In: the sources. Out: `HookApi`: the hook itself, the descriptor's and the action's members, the
helpers that take a descriptor, and the names of the rules' virtual rules. A version number is never
looked at.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from msgspec import Struct

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.flags.headers.header_lines import HeaderPlace
from vmaconv.flags.helpers.generation import Generation
from vmaconv.migrate.facts.sources import Sources

HEADERS = (
    "include/linux/mm.h",
    "include/linux/mm_types.h",
    "include/linux/fs.h",
    "include/linux/shmem_fs.h",
    "include/linux/mman.h",
    "include/linux/dax.h",
)
"""Where the hooks, their descriptor and its helpers are declared."""


_CONST_MM = late_regex(rb"struct vm_area_desc \{[^}]*?\bconst struct mm_struct \*")


class HookApi(Struct, frozen=True):
    """The hook API of one tree.

    `missing` says why no hook can be converted at all, or is empty; `place` is where that shows.
    """

    missing: str
    place: HeaderPlace
    descriptor: frozenset[bytes]
    action: frozenset[bytes]
    texts: tuple[bytes, ...]
    has_bits: bool
    has_const_mm: bool
    virtuals: frozenset[str]

    def has(self, name: str) -> bool:
        """Whether the headers declare or define a function or macro of that name."""
        return any(_called(name).search(text) is not None for text in self.texts)

    def is_const(self, more: Iterable[bytes], name: bytes, index: int, type_: bytes) -> bool:
        """Whether a function of these headers, or `more`, takes a const `type_` there (from 0)."""
        found = False
        for text in (*self.texts, *more):
            for match in re.finditer(rb"\b" + re.escape(name) + rb"\(([^()]*)\)", text):
                parameters = [b" ".join(p.split()) for p in match[1].split(b",")]
                if index < len(parameters) and type_ in parameters[index]:
                    if not parameters[index].startswith(b"const "):
                        return False
                    found = True
        return found

    def takes(self, name: str, type_: str) -> bool:
        """Whether a function that the headers declare takes a type as its first argument."""
        pattern = rb"\b" + name.encode() + rb"\(\s*(?:const\s+)?" + type_.encode() + rb"\b"
        return any(re.search(pattern, text) is not None for text in self.texts)


@cache
def _called(name: str) -> re.Pattern[bytes]:
    return re.compile(rb"\b" + re.escape(name.encode()) + rb"\(")


def read_api(sources: Sources, generation: Generation, member: str) -> HookApi:
    """Read the headers; `member` is the new hook's name in `struct file_operations`."""
    present = [h for h in HEADERS if (sources.root / h).is_file()]
    texts = tuple(sources.unit(h).text for h in present)
    fops = _members(sources, present, b"struct file_operations")
    descriptor = _members(sources, present, b"struct vm_area_desc")
    action = _members(sources, present, b"struct mmap_action")
    missing = ""
    place = HeaderPlace("include/linux/fs.h", 1)
    if member.encode() not in fops[0]:
        missing = f"struct file_operations has no {member} in this tree"
        place = fops[1] or place
    elif not descriptor[0]:
        missing = "the tree has no struct vm_area_desc"
        place = HeaderPlace("include/linux/mm_types.h", 1)
    has_bits = generation.name != "none" and b"vma_flags" in descriptor[0]
    virtuals = {"bits" if has_bits else "word", *generation.virtuals()}
    virtuals |= {n for n in ("error_override", "error_hook") if n.encode() in action[0]}
    if any(re.search(rb"\bvma_flags_to_page_prot\(", text) for text in texts):
        virtuals.add("flags_to_page_prot")
    # One name, another first argument in each of two trees (include/linux/dax.h).
    for virtual, type_ in (("dax_desc", rb"struct vm_area_desc"), ("dax_word", rb"vm_flags_t")):
        pattern = rb"\bdaxdev_mapping_supported\(\s*(?:const\s+)?" + type_ + rb"\b"
        if any(re.search(pattern, text) for text in texts):
            virtuals.add(virtual)
    return HookApi(
        missing,
        place,
        descriptor[0],
        action[0],
        texts,
        has_bits,
        any(_CONST_MM.search(text) is not None for text in texts),
        frozenset(virtuals),
    )


def _members(
    sources: Sources, headers: list[str], struct: bytes
) -> tuple[frozenset[bytes], HeaderPlace | None]:
    """Return the members of a struct that one of the headers defines, those of unions, too."""
    tag = struct.rpartition(b" ")[2]
    for header in headers:
        for symbols in sources.symbols(header).having(tag):
            node = symbols.tags.get(struct)
            if node is not None:
                names = {
                    leaf.text
                    for leaf in node.leaves()
                    if leaf.kind == "identifier" and leaf.text is not None
                }
                return frozenset(names), HeaderPlace(header, sources.unit(header).line(node.start))
    return frozenset(), None
