# SPDX-License-Identifier: GPL-2.0-only
"""Which generation of flag helpers a tree has, and how each operation is spelt in it.

In: a tree's `include/linux/mm.h` and `include/linux/mm_types.h`. Out: a `Generation` (the spelling
of every operation, where the tree declares it, what it lacks) and the `DescriptorFields` of
`struct vm_area_desc`. A version number is never looked at. What the helpers take, bits and masks,
is left to `flags`; what is rewritten with them, to the rules, which are switched by `virtuals()`.

The rules' virtual names, all of them:

- `v7_0`: the names that landed in Linux v7.0 (`vma_desc_test_flags()` for one flag or several);
  also for the series as first posted, and for a tree that has no helpers.
- `v7_1`: the names of v7.1 and later (`vma_desc_test()` for one flag, `vma_desc_test_any()` for
  several).
- `by_value`: the tests of a `vma_flags_t` take it by value, as in the series as first posted;
  only ever together with `v7_0`. Where it is off they take a pointer.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from pathlib import Path
from typing import Literal, TypeAlias, get_args

from msgspec import Struct
from msgspec.structs import replace

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.text.trivia import blank_out
from vmaconv.flags.headers.header_lines import HeaderPlace, read_header

GenerationName: TypeAlias = Literal["series-v1", "v7.0", "v7.1", "none"]

# What `--api` takes.
API_NAMES: tuple[GenerationName, ...] = ("series-v1", "v7.0", "v7.1")

Operation: TypeAlias = Literal[
    "build",
    "append",
    "empty",
    "flags_test",
    "flags_test_any",
    "flags_test_any_mask",
    "flags_test_all",
    "flags_test_all_mask",
    "flags_set",
    "flags_set_mask",
    "flags_clear",
    "flags_clear_mask",
    "desc_test",
    "desc_test_any",
    "desc_test_any_mask",
    "desc_test_all",
    "desc_test_all_mask",
    "desc_set",
    "desc_set_mask",
    "desc_clear",
    "desc_clear_mask",
    "vma_test",
    "vma_test_any",
    "vma_test_any_mask",
    "vma_test_all",
    "vma_test_all_mask",
    "vma_set",
    "vma_set_mask",
    "vma_clear",
    "vma_clear_mask",
    "atomic_test",
    "atomic_set",
    "to_legacy",
]
OPERATIONS: tuple[Operation, ...] = get_args(Operation)

HEADERS = ("include/linux/mm.h", "include/linux/mm_types.h")

# The helpers as posted to linux-mm in January 2026. vma_desc_test_flags_mask() was in that series
# too, but is not named here: whether it tests for any flag or for all of them is not settled by
# what was posted with it, and vma_flags_test_mask() and vma_flags_test_all_mask() say the same.
_SERIES_V1: Mapping[Operation, str] = {
    "build": "mk_vma_flags",
    "empty": "EMPTY_VMA_FLAGS",
    "flags_test": "vma_flags_test",
    "flags_test_any": "vma_flags_test",
    "flags_test_any_mask": "vma_flags_test_mask",
    "flags_test_all_mask": "vma_flags_test_all_mask",
    "flags_set": "vma_flags_set",
    "flags_set_mask": "vma_flags_set_mask",
    "flags_clear": "vma_flags_clear",
    "flags_clear_mask": "vma_flags_clear_mask",
    "desc_test": "vma_desc_test_flags",
    "desc_test_any": "vma_desc_test_flags",
    "desc_set": "vma_desc_set_flags",
    "desc_set_mask": "vma_desc_set_flags_mask",
    "desc_clear": "vma_desc_clear_flags",
    "desc_clear_mask": "vma_desc_clear_flags_mask",
    "vma_set": "vma_set_flags",
    "vma_set_mask": "vma_set_flags_mask",
    "atomic_test": "vma_test_atomic_flag",
    "atomic_set": "vma_set_atomic_flag",
}
_V7_0: Mapping[Operation, str] = {
    **_SERIES_V1,
    "flags_test_all": "vma_flags_test_all",
    "desc_test_any_mask": "vma_desc_test_flags_mask",
    "vma_test_all": "vma_test_all_flags",
    "vma_test_all_mask": "vma_test_all_flags_mask",
}
_V7_1: Mapping[Operation, str] = {
    **_V7_0,
    "append": "append_vma_flags",
    "flags_test_any": "vma_flags_test_any",
    "flags_test_any_mask": "vma_flags_test_any_mask",
    "desc_test": "vma_desc_test",
    "desc_test_any": "vma_desc_test_any",
    "desc_test_any_mask": "vma_desc_test_any_mask",
    "desc_test_all": "vma_desc_test_all",
    "desc_test_all_mask": "vma_desc_test_all_mask",
    "vma_test": "vma_test",
    "vma_test_any": "vma_test_any",
    "vma_test_any_mask": "vma_test_any_mask",
    "vma_test_all": "vma_test_all",
    "vma_test_all_mask": "vma_test_all_mask",
    "vma_clear": "vma_clear_flags",
    "vma_clear_mask": "vma_clear_flags_mask",
    "to_legacy": "vma_flags_to_legacy",
}
_SPELLINGS: Mapping[GenerationName, Mapping[Operation, str]] = {
    "series-v1": _SERIES_V1,
    "v7.0": _V7_0,
    "v7.1": _V7_1,
    "none": _V7_0,
}

# The atomic pair came before all other helpers, under these names; the series renamed it.
_ATOMIC_BEFORE: Mapping[Operation, str] = {
    "atomic_test": "vma_flag_test_atomic",
    "atomic_set": "vma_flag_set_atomic",
}

_VIRTUALS: Mapping[GenerationName, frozenset[str]] = {
    "series-v1": frozenset({"v7_0", "by_value"}),
    "v7.0": frozenset({"v7_0"}),
    "v7.1": frozenset({"v7_1"}),
    "none": frozenset({"v7_0"}),
}


def test_names() -> frozenset[bytes]:
    """Return the names that tests have in any generation: each returns bool."""
    return frozenset(
        name.encode()
        for spelling in (*_SPELLINGS.values(), _ATOMIC_BEFORE)
        for operation, name in spelling.items()
        if "test" in operation
    )


class FlagHelper(Struct, frozen=True):
    """How one operation is spelt, and where the tree declares it (None if it does not)."""

    operation: Operation
    name: str
    place: HeaderPlace | None


class Generation(Struct, frozen=True):
    """The helpers of a tree, or those that `--api` asks for.

    `decided_by` is the line of the tree that decided the name; None for `none` and for `--api`.
    An operation that has no `FlagHelper` does not exist in this generation: test a descriptor for all
    of several flags through `flags_test_all` on its `vma_flags` there.
    """

    name: GenerationName
    helpers: tuple[FlagHelper, ...]
    decided_by: HeaderPlace | None
    overridden: bool = False

    def helper(self, operation: Operation) -> FlagHelper | None:
        """Look up an operation, such as `desc_test_any`."""
        return next((helper for helper in self.helpers if helper.operation == operation), None)

    def spelling(self, operation: Operation) -> str | None:
        """Give an operation's name in C (`vma_desc_test_any`); None where there is none."""
        helper = self.helper(operation)
        return helper.name if helper else None

    def missing(self) -> tuple[Operation, ...]:
        """List the operations that this generation has no helper for."""
        return tuple(operation for operation in OPERATIONS if self.helper(operation) is None)

    def absent(self) -> tuple[FlagHelper, ...]:
        """List the helpers that the generation has but the tree does not declare."""
        if self.overridden:
            return ()
        return tuple(helper for helper in self.helpers if helper.place is None)

    def without(self, names: Collection[str]) -> Generation:
        """Return the generation without the helpers of some names."""
        kept = tuple(helper for helper in self.helpers if helper.name not in names)
        return replace(self, helpers=kept)

    def virtuals(self) -> frozenset[str]:
        """Give the virtual rule names that are on; the module's docstring says what they mean."""
        return _VIRTUALS[self.name]

    def by_value(self) -> bool:
        """Say whether the tests of a `vma_flags_t` take it by value and not by pointer."""
        return "by_value" in self.virtuals()

    def warning(self) -> str | None:
        """Say in a sentence what a user must know before using the names; None if nothing."""
        if self.name == "none":
            return (
                "the tree declares no VMA flag helpers: the names of Linux v7.0 are used, and what "
                f"is converted compiles only once {HEADERS[0]} declares them; "
                '"vmaconv migrate" adds them, and converts what is left to a person here'
            )
        if lacking := ", ".join(dict.fromkeys(helper.name for helper in self.absent())):
            return f"the tree's helpers are those of {self.name}, but it does not declare {lacking}"
        return None


def detect(root: Path) -> Generation:
    """Find out which helpers the tree at `root` has.

    v7.1 is known by a test named "any", the series as first posted by tests that take the flags by
    value, v7.0 by any helper at all. The atomic pair alone, as in v6.19, is no helper generation.
    Raises `KernelTreeError` where a header is missing.
    """
    found: dict[str, _Declared] = {}
    for path in HEADERS:
        for name, declared in _declared_in(read_header(root, path), path).items():
            found.setdefault(name, declared)
    name, place = _decide(found)
    return Generation(name, _helpers(name, found), place)


def parse_override(text: str) -> Generation:
    """Make the generation that `--api` names: `series-v1`, `v7.0` or `v7.1`.

    It says nothing of a tree: no helper has a place. Raises `ValueError` for any other text.
    """
    for name in API_NAMES:
        if text == name:
            return Generation(name, _helpers(name, {}), None, overridden=True)
    raise ValueError(f"no helper generation is called {text!r}; there are {', '.join(API_NAMES)}")


class _Declared(Struct, frozen=True):
    """A helper found in a header; `by_value` for a function whose first parameter is a struct."""

    place: HeaderPlace
    by_value: bool


_NAMES = sorted(
    {name for spelling in _SPELLINGS.values() for name in spelling.values()}
    | set(_ATOMIC_BEFORE.values())
)
_ANY_NAME = "|".join(_NAMES).encode()

# A prototype is told from a call by its first parameter, which starts with a type.
_DECLARED = late_regex(
    rb"#[ \t]*define[ \t]+(?P<macro>" + _ANY_NAME + rb")\b"
    rb"|\b(?P<function>" + _ANY_NAME + rb")\s*\("
    rb"\s*(?P<first>(?:const\s+)?(?:struct\s+\w+|vma_flags_t|vm_flags_t)\b[^,;(){}]*)[,)]"
)


def _declared_in(source: bytes, path: str) -> dict[str, _Declared]:
    text = blank_out(source, strings=True)
    found: dict[str, _Declared] = {}
    for match in _DECLARED.finditer(text):
        name = (match["macro"] or match["function"]).decode()
        by_value = match["first"] is not None and b"*" not in match["first"]
        if name not in found:
            place = HeaderPlace(path, text.count(b"\n", 0, match.start()) + 1)
            found[name] = _Declared(place, by_value)
    return found


def _decide(found: Mapping[str, _Declared]) -> tuple[GenerationName, HeaderPlace | None]:
    for name in ("vma_desc_test_any", "vma_flags_test_any"):
        if name in found:
            return "v7.1", found[name].place
    for name in ("vma_flags_test_mask", "vma_flags_test_all_mask", "vma_flags_test"):
        if name in found and found[name].by_value:
            return "series-v1", found[name].place
    for operation, name in _V7_0.items():
        if name in found and operation not in _ATOMIC_BEFORE:
            return "v7.0", found[name].place
    return "none", None


def _helpers(name: GenerationName, found: Mapping[str, _Declared]) -> tuple[FlagHelper, ...]:
    helpers = []
    for operation in OPERATIONS:
        spelling = _SPELLINGS[name].get(operation)
        before = _ATOMIC_BEFORE.get(operation)
        if before in found and spelling not in found:
            spelling = before
        if spelling:
            place = found[spelling].place if spelling in found else None
            helpers.append(FlagHelper(operation, spelling, place))
    return tuple(helpers)


# --- struct vm_area_desc ------------------------------------------------------------------------


class DescriptorFields(Struct, frozen=True):
    """What `struct vm_area_desc` holds: the places of the struct and of its two flag fields.

    `place` is None where the tree has no such struct (as Linux 6.12). `union` says that the fields
    share their storage, as in v6.19.
    """

    place: HeaderPlace | None
    vm_flags: HeaderPlace | None
    vma_flags: HeaderPlace | None
    union: bool


_STRUCT = late_regex(rb"\bstruct\s+vm_area_desc\s*\{")
_MEMBER = late_regex(
    rb"\b(?P<kind>struct|union)\b[^;{}()]*\{|(?P<close>\})(?:\s*__\w+)*\s*(?P<name>[*\w]*)"
    rb"|(?P<parens>\([^()]*\))|\b(?P<field>vm_flags|vma_flags)\s*(?=[;,\[:=])"
)


def descriptor_fields(root: Path) -> DescriptorFields:
    """Read the flag fields of `struct vm_area_desc` from `include/linux/mm_types.h`.

        struct vm_area_desc {
                union {
                        vm_flags_t vm_flags;
                        vma_flags_t vma_flags;
                };
        };

    gives both places, and `union`. Raises `KernelTreeError` where the header is missing.
    """
    path = HEADERS[1]
    text = blank_out(read_header(root, path))
    start = _STRUCT.search(text)
    if start is None:
        return DescriptorFields(None, None, None, False)
    members = _members_of(text, start.end())
    places = {
        name: HeaderPlace(path, text.count(b"\n", 0, offset) + 1)
        for name, (offset, _) in members.items()
    }
    unions = [union for _, union in members.values()]
    return DescriptorFields(
        HeaderPlace(path, text.count(b"\n", 0, start.start()) + 1),
        places.get(b"vm_flags"),
        places.get(b"vma_flags"),
        len(unions) == 2 and unions[0] is not None and unions[0] == unions[1],
    )


def _members_of(text: bytes, start: int) -> dict[bytes, tuple[int, int | None]]:
    """Find the flag fields of the struct whose body starts here, each with its offset and union.

    Members of an anonymous struct or union are the outer struct's; those of a named one are not.
    """
    found: dict[bytes, tuple[int, int | None]] = {}
    blocks: list[tuple[bytes, int]] = []
    for match in _MEMBER.finditer(text, start):
        if match["kind"]:
            blocks.append((match["kind"], match.start()))
        elif match["field"]:
            inner = blocks[-1] if blocks else None
            union = inner[1] if inner and inner[0] == b"union" else None
            found.setdefault(match["field"], (match.start(), union))
        elif match["close"] and not blocks:
            break
        elif match["close"]:
            _, opened = blocks.pop()
            if match["name"]:
                found = {name: place for name, place in found.items() if place[0] < opened}
    return found
