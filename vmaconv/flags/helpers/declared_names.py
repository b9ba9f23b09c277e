# SPDX-License-Identifier: GPL-2.0-only
"""Which functions and macros a tree's headers declare, by name.

In: a tree, and names. Out: those of them that a header of `HEADERS` declares or defines. This is how
virtual rules such as `vma_test_any` are switched on: by what a tree has, never by its version.

One name may have two meanings: `vma_get_page_prot_of_vma_flags_t` stands for a `vma_get_page_prot()`
whose first parameter is a `vma_flags_t`, in each place that declares it. What the helpers that the
rules call by their plain names take first stands in `TAKES`, and what comes behind that in `THEN`: a
function of such a name that takes something else is another one, and `TreeHelpers.strangers` and
`others` say so. So does `partial` of one that some configurations lack.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from msgspec import Struct

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.text.tree_file import read_file
from vmaconv.cocci.text.trivia import blank_out
from vmaconv.flags.headers.conditions import (
    ALWAYS,
    Condition,
    TooManyTests,
    atoms,
    configurations,
    describe,
    either,
    holds,
    negate,
)
from vmaconv.flags.headers.header_lines import condition_at, conditions_in

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
            "vma_flags_test_single_mask",
            "vma_flags_same",
            "vma_flags_same_mask",
            "vma_flags_and",
            "vma_flags_and_mask",
            "vma_flags_empty",
            "vma_flags_clear_all",
            "vma_flags_to_page_prot",
        ),
        "vma_flags_t",
    ),
    "vma_pgprot_modify": "pgprot_t",
}
"""What helpers take first, in Linux 7.2 and 7.3 (include/linux/mm.h, mmap_lock.h, mm/vma.h)."""

THEN: Mapping[str, str] = {
    **dict.fromkeys(("vma_test", "vma_flags_test"), "vma_flag_t"),
    **dict.fromkeys((name for name in TAKES if name.endswith("_mask")), "vma_flags_t"),
    **dict.fromkeys(("append_vma_flags", "vma_test_any", "vma_test_all"), "..."),
    **dict.fromkeys(("vma_set_flags", "vma_clear_flags"), "..."),
    **dict.fromkeys(("vma_flags_test_any", "vma_flags_test_all"), "..."),
    **dict.fromkeys(("vma_flags_set", "vma_flags_clear", "vma_flags_and", "vma_flags_same"), "..."),
    "vma_pgprot_modify": "vma_flags_t",
}
"""What helpers take second: a type, or any number of bits (the same headers)."""

BESIDE: Mapping[str, str] = {
    "is_nommu_shared_vma_flags": "is_nommu_shared_mapping",
    "vma_pgprot_modify": "vm_pgprot_modify",
}
"""Helpers that replace a function, and so have to be where that is only (the same headers)."""


class TreeHelpers(Struct, frozen=True):
    """Which names a tree `declared`, and which of them are not the helpers of that name.

    Of those, `strangers` has what they take first, `others` their parameters where what comes behind
    that is other than it should be; `partial` has the condition under which a helper is there.
    """

    declared: frozenset[str]
    strangers: Mapping[str, str]
    others: Mapping[str, str]
    partial: Mapping[str, str]


def declared_names(root: Path, names: Iterable[str]) -> frozenset[str]:
    """Return the names that a header declares as functions or as bitmaps in a struct, or defines as macros.

    Of `NAME_of_TYPE`, those whose declarations all have a first parameter of that type; of a struct,
    a pointer to it, without the word.

    >>> declared_names(Path("linux-7.2"), ["vma_test", "vma_can_grow"])  # doctest: +SKIP
    frozenset({'vma_test'})
    """
    return tree_helpers(root, names).declared


def tree_helpers(root: Path, names: Iterable[str]) -> TreeHelpers:
    """Return what headers declare of some names; those that are not the helpers stand apart.

    With `bool vma_test(unsigned long flags, ...)` in a header, `strangers` is `{"vma_test":
    "unsigned"}`, and `vma_test` is not declared.
    """
    asked = tuple(names)
    found = _declarations(root, (*asked, *BESIDE.values()))
    strangers: dict[str, str] = {}
    others: dict[str, str] = {}
    partial: dict[str, str] = {}
    on: set[str] = set()
    for name in asked:
        word, _, of = name.rpartition("_of_")
        if word and {one.of for one in found.get(word, ())} == {of}:
            on.add(name)
        ones = found.get(name)
        if not ones:
            continue
        condition = either([one.condition for one in ones])
        replaced = found.get(BESIDE[name], ()) if name in BESIDE else None
        needed = ALWAYS if replaced is None else either([one.condition for one in replaced])
        strange = sorted({one.first for one in ones} - {"", TAKES.get(name, "")})
        other = next((one for one in ones if not one.goes_on_with(THEN.get(name))), None)
        if strange and name in TAKES:
            strangers[name] = strange[0]
        elif other is not None:
            others[name] = other.parameters
        elif not _is_everywhere(either([condition, negate(needed)])):
            partial[name] = describe(condition)
        else:
            on.add(name)
    return TreeHelpers(frozenset(on), strangers, others, partial)


def helper_warnings(helpers: TreeHelpers, follows: str) -> list[str]:
    """Return a sentence for each helper that the tree has otherwise, with what follows from that."""
    found = [
        (name, f"takes {what} first in this tree's headers, not {TAKES[name]}")
        for name, what in helpers.strangers.items()
    ]
    found += [
        (name, f"takes ({what}) in this tree's headers") for name, what in helpers.others.items()
    ]
    found += [
        (name, f"is declared under {condition} only") for name, condition in helpers.partial.items()
    ]
    return [f"{name}() {what}: {follows}" for name, what in found]


class _Declaration(Struct, frozen=True):
    """A macro or function: its first parameter's type, all of them as text, and where it is there."""

    first: str
    parameters: str
    is_macro: bool
    condition: Condition

    @property
    def of(self) -> str:
        """What it takes first: a type that is no struct is another one behind a pointer."""
        taken = self.parameters.partition(",")[0]
        is_struct = "struct" in taken.split()
        return self.first if is_struct or "*" not in taken else f"{self.first} *"

    def goes_on_with(self, wanted: str | None) -> bool:
        """Return whether what comes behind the first parameter is what `THEN` says.

        A macro hands on what it is given: its parameters have no types, but a number.
        """
        behind = [one.strip() for one in self.parameters.split(",")][1:]
        if wanted is None or not self.parameters:
            return True
        if self.is_macro:
            return len(behind) == 1 and (wanted != "..." or behind[0].endswith("..."))
        return len(behind) == 1 and wanted in behind[0].replace("*", " * ").split()


def _is_everywhere(condition: Condition) -> bool:
    """Return whether a condition holds in every configuration."""
    try:
        each = configurations(set(atoms(condition)))
        return all(holds(condition, truth) for truth in each)
    except TooManyTests:
        return True


_TYPE = late_regex(r"(?:(?:const|struct)\s+)*(\w*)")


def _declarations(root: Path, names: Sequence[str]) -> dict[str, list[_Declaration]]:
    """Return what headers declare by some names, and by the words of `NAME_of_TYPE`."""
    wanted = {name.encode() for name in names}
    wanted |= {word.encode() for name in names if (word := name.rpartition("_of_")[0])}
    found: dict[str, list[_Declaration]] = {}
    if not wanted:
        return found
    any_name = b"|".join(sorted(map(re.escape, wanted)))
    # What a declaration's name follows is a type, or the * of one: a call follows neither.
    pattern = re.compile(
        rb"^[ \t]*#[ \t]*define[ \t]+(?P<macro>" + any_name + rb")\b(?:\((?P<names>[^()]*)\))?"
        rb"|^(?![ \t]*(?:return|else|goto|case)\b)[ \t]*[A-Za-z_][\w \t*\n]*?"
        rb"[\s*](?P<function>" + any_name + rb")\s*\((?P<types>[^()]*)"
        rb"|^[ \t]+vma_flags_t[ \t]+(?P<member>" + any_name + rb")[ \t]*;",
        re.MULTILINE,
    )
    for path in HEADERS:
        try:
            text = blank_out(read_file(root, path), strings=True)
        except OSError:
            continue
        if not any(name in text for name in wanted):
            continue
        spans = conditions_in(text)
        for match in pattern.finditer(text):
            name = (match["macro"] or match["function"] or match["member"]).decode()
            listed = " ".join((match["names"] or match["types"] or b"").decode().split())
            type_name = _TYPE.match(listed) if match["types"] is not None else None
            made = _Declaration(
                type_name[1] if type_name else "",
                listed,
                match["macro"] is not None,
                condition_at(spans, match.start()),
            )
            found.setdefault(name, []).append(made)
    return found
