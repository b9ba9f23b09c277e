# SPDX-License-Identifier: GPL-2.0-only
"""How an operation is written with the target's helpers.

In: the tree's helper generation and what an operation does. Out: C text and how tightly it binds
(`Rendered`), or None where the generation has no word for it. The table is that of `generation`.
"""

from __future__ import annotations

from collections.abc import Collection

from msgspec import Struct

from vmaconv.cocci.match.code.context import POSTFIX, PRECEDENCE, PRIMARY, UNARY
from vmaconv.flags.helpers.generation import Generation
from vmaconv.migrate.facts.masks import MaskExpression
from vmaconv.migrate.facts.operations import Mode

_OR = PRECEDENCE[b"||"]
_AND = PRECEDENCE[b"&&"]


class Reference(Struct, frozen=True):
    """A value of the new type: as a value (`desc->vma_flags`) and by its address.

    `holder` is a pointer to the struct where helpers take that (`desc`), `prefix` how those are
    called: `desc` for a descriptor.
    """

    value: bytes
    pointer: bytes
    holder: bytes = b""
    prefix: str = "flags"


def by_name(name: bytes) -> Reference:
    """Refer to a variable or by-value parameter."""
    return Reference(name, b"&" + name)


def by_pointer(name: bytes) -> Reference:
    """Refer to what a pointer parameter points to."""
    return Reference(b"*" + name, name)


class Rendered(Struct, frozen=True):
    """C text and the precedence of its outermost operator."""

    text: bytes
    binds: int


MORE = (
    "vma_flags_test_single_mask",
    "vma_test_single_mask",
    "vma_flags_empty",
    "vma_flags_same_pair",
    "vma_flags_same",
    "vma_flags_same_mask",
    "vma_flags_and",
    "vma_flags_and_mask",
    "vma_flags_clear_all",
)
"""Helpers that a tree of any generation may have or not (include/linux/mm.h, mm_types.h of 7.x)."""


class Spelling:
    """Writes operations for one tree."""

    def __init__(self, generation: Generation, more: Collection[str] = ()) -> None:
        """`more` are those of `MORE` that the tree declares."""
        self._generation = generation
        self._more = frozenset(more)

    @property
    def by_value(self) -> bool:
        """Whether tests take the flags by value."""
        return self._generation.by_value()

    def _name(self, operation: str) -> bytes | None:
        found = self._generation.spelling(operation)  # type: ignore[arg-type]
        return found.encode() if found is not None else None

    # Values.

    def value(self, mask: MaskExpression) -> Rendered:
        """Write a constant: `EMPTY_VMA_FLAGS`, `VMA_REMAP_FLAGS`, `mk_vma_flags(VMA_READ_BIT)`."""
        if mask.named is not None:
            return Rendered(mask.named, PRIMARY)
        if not mask.bits:
            return Rendered(self._name("empty") or b"EMPTY_VMA_FLAGS", PRIMARY)
        return Rendered((self._name("build") or b"") + b"(" + mask.printed + b")", POSTFIX)

    # Tests.

    def test(
        self,
        of: Reference,
        mode: Mode,
        mask: MaskExpression,
        part: MaskExpression | None,
        negated: bool,
    ) -> Rendered | None:
        """Write a test; None where the mask or the generation gives no way to."""
        if mode == "exactly":
            return self._exactly(of, mask, part, negated) if part is not None else None
        found = self._any(of, mask) if mode == "any" or mask.is_single else self._all(of, mask)
        return _negate(found) if negated and found is not None else found

    def _exactly(
        self, of: Reference, mask: MaskExpression, part: MaskExpression, negated: bool
    ) -> Rendered | None:
        """`(e & (A | B)) == B` is `test(B) && !test(A)`."""
        rest = mask.without(part)
        have = self._any(of, part) if part.is_single else self._all(of, part)
        lack = self._any(of, rest)
        if have is None or lack is None:
            return None
        if negated:
            return Rendered(_negate(have).text + b" || " + lack.text, _OR)
        return Rendered(have.text + b" && " + _negate(lack).text, _AND)

    def _any(self, of: Reference, mask: MaskExpression) -> Rendered | None:
        own = f"{of.prefix}_test_single_mask"
        if mask.is_option and mask.named is not None and of.holder and own in self._more:
            argument = b", " + mask.named + b")"
            return Rendered(own.encode() + b"(" + of.holder + argument, POSTFIX)
        if mask.is_option and mask.named is not None and "vma_flags_test_single_mask" in self._more:
            argument = b", " + mask.named + b")"
            return Rendered(b"vma_flags_test_single_mask(" + of.pointer + argument, POSTFIX)
        if mask.named is not None:
            return self._call(of, "test_any_mask", mask.named)
        if not mask.bits:
            return None
        return self._call(of, "test" if mask.is_single else "test_any", mask.printed)

    def _all(self, of: Reference, mask: MaskExpression) -> Rendered | None:
        if mask.named is not None:
            return self._call(of, "test_all_mask", mask.named)
        if not mask.bits:
            return None
        found = self._call(of, "test_all", mask.printed)
        return found or self._call(of, "test_all_mask", self.value(mask).text)

    def _call(self, of: Reference, operation: str, argument: bytes) -> Rendered | None:
        name = self._name(f"{of.prefix}_{operation}") if of.prefix != "flags" else None
        # v7.0's helper for a descriptor and a mask: the rules for direct uses do without it, too.
        if name is not None and not (operation.endswith("_mask") and not self._is_late):
            return Rendered(name + b"(" + of.holder + b", " + argument + b")", POSTFIX)
        name = self._name(f"flags_{operation}")
        if name is None:
            return None
        flags = of.value if self.by_value else of.pointer
        return Rendered(name + b"(" + flags + b", " + argument + b")", POSTFIX)

    @property
    def _is_late(self) -> bool:
        return "v7_1" in self._generation.virtuals()

    def meets(self, of: Reference, mode: Mode, mask: bytes, negated: bool) -> Rendered | None:
        """Write `e & mask` as a question, where the mask is a value of the new type."""
        found = self._call(of, "test_all_mask" if mode == "all" else "test_any_mask", mask)
        return _negate(found) if negated and found is not None else found

    def empty(self, of: Reference, negated: bool) -> Rendered | None:
        """Write whether there are any flags at all (`negated`: none)."""
        if "vma_flags_empty" not in self._more:
            return None
        found = Rendered(b"vma_flags_empty(" + of.pointer + b")", POSTFIX)
        return found if negated else _negate(found)

    @property
    def compares(self) -> bool:
        """Whether there is a helper for `e == other`."""
        return "vma_flags_same_pair" in self._more

    def same(self, of: Reference, other: Reference, negated: bool) -> Rendered | None:
        """Write `e == other`, or `!=`, for two values that have addresses."""
        if not self.compares:
            return None
        arguments = of.pointer + b", " + other.pointer
        found = Rendered(b"vma_flags_same_pair(" + arguments + b")", POSTFIX)
        return _negate(found) if negated else found

    def same_mask(self, of: Reference, mask: MaskExpression, negated: bool) -> Rendered | None:
        """Write `e == VM_X`, or `!=`."""
        found = self._of_mask("vma_flags_same", of, mask)
        return _negate(found) if negated and found is not None else found

    def masked(self, of: Reference, mask: MaskExpression) -> Rendered | None:
        """Write `e & mask` as a value."""
        return self._of_mask("vma_flags_and", of, mask)

    def _of_mask(self, name: str, of: Reference, mask: MaskExpression) -> Rendered | None:
        """Call `NAME()`, which takes bits, or `NAME_mask()`."""
        if name in self._more and mask.named is None and mask.bits:
            argument = mask.printed
        elif f"{name}_mask" in self._more:
            name, argument = f"{name}_mask", self.value(mask).text
        else:
            return None
        return Rendered(name.encode() + b"(" + of.pointer + b", " + argument + b")", POSTFIX)

    # Changes.

    def change(self, of: Reference, is_set: bool, mask: MaskExpression) -> Rendered | None:
        """Write `e |= mask` or `e &= ~mask`."""
        verb = "set" if is_set else "clear"
        suffix = "_mask" if mask.named is not None else ""
        if mask.named is None and not mask.bits:
            return None
        argument = mask.named if mask.named is not None else mask.printed
        name = self._name(f"{of.prefix}_{verb}{suffix}")
        target = of.holder if of.prefix != "flags" else of.pointer
        if name is None:
            return None
        return Rendered(name + b"(" + target + b", " + argument + b")", POSTFIX)

    def change_by(self, of: Reference, is_set: bool) -> bytes | None:
        """Write the start of a change by a value of the new type: `vma_flags_set_mask(&e, `."""
        name = self._name("flags_set_mask" if is_set else "flags_clear_mask")
        return name + b"(" + of.pointer + b", " if name is not None else None

    def append(self) -> bytes | None:
        """Return the name of the helper that adds bits to a value."""
        return self._name("append")


def _negate(test: Rendered) -> Rendered:
    text = test.text if test.binds >= UNARY else b"(" + test.text + b")"
    return Rendered(b"!" + text, UNARY)
