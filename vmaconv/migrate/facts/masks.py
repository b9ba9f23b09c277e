# SPDX-License-Identifier: GPL-2.0-only
"""Masks of flags, read from an expression.

In: an expression node and the tree's flag table. Out: `MaskExpression`: the bits that it names, ready to be
printed as a helper's arguments; or `Unreadable`, which says why it cannot become bits.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from typing import TypeAlias

from msgspec import Struct

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.text.trivia import comment_texts, without_comments
from vmaconv.cocci.tree.node import Node, bare
from vmaconv.flags.flag_metavariables import (
    FlagMask,
    FlagOption,
    Flags,
    FlagSet,
    refusals,
    words_of,
)
from vmaconv.flags.sites.kbuild import Kbuild
from vmaconv.flags.sites.site import BuildSite
from vmaconv.flags.table.flag_table import Bits, FlagTable, MaskTwin
from vmaconv.uses.reasons import is_none, text_of
from vmaconv.uses.self_calls import called_in


class MaskExpression(Struct, frozen=True):
    """Flags that an expression or-s together.

    `bits` are the bits' names in the order of the text; `printed` is how a helper takes them
    (`VMA_READ_BIT, VMA_WRITE_BIT`, comments kept), `named` the tree's own name for exactly these
    (`VMA_REMAP_FLAGS`), or an expression that makes them (`append_vma_flags(...)`). No bits and no name
    is the empty mask; a name without bits is a mask that hangs on the configuration, and with
    `is_option` one flag or none (`VMA_DROPPABLE`).
    """

    bits: tuple[str, ...]
    printed: bytes
    named: bytes | None = None
    is_option: bool = False

    @property
    def is_fixed(self) -> bool:
        """Whether the bits are the same in every configuration."""
        return self.named is None or bool(self.bits)

    @property
    def is_single(self) -> bool:
        """Whether it is one bit."""
        return self.named is None and len(self.bits) == 1

    def covers(self, other: MaskExpression) -> bool:
        """Whether all bits of `other` are in this one."""
        return self.is_fixed and other.is_fixed and set(other.bits) <= set(self.bits)

    def without(self, other: MaskExpression) -> MaskExpression:
        """Return the bits that `other` does not have."""
        bits = tuple(bit for bit in self.bits if bit not in other.bits)
        return MaskExpression(bits, ", ".join(bits).encode())


class Unreadable(Struct, frozen=True):
    """An expression that is no constant mask of convertible flags; `text` says why, for a
    person."""

    text: str
    is_constant: bool = False


EMPTY = MaskExpression((), b"")

Reading: TypeAlias = MaskExpression | Unreadable


MAKERS = ("append_vma_flags", "mk_vma_flags_from_masks")
"""What puts a bitmap together (include/linux/mm.h:1122 to 1276 of 7.2)."""

USERLAND = late_regex(r"mm/vma\w*\.[ch]")
"""Files that are built for tests in user space, too (tools/testing/vma/main.c)."""

COPY = "tools/testing/vma/include/dup.h"
"""What stands in for the kernel's headers there."""


class MaskReader:
    """Reads masks by a tree's flag table."""

    def __init__(
        self,
        table: FlagTable,
        kbuild: Kbuild | None = None,
        makers: Collection[str] = MAKERS,
        userland: bytes | None = None,
    ) -> None:
        """`kbuild` says when a file is built: a flag counts in the configurations that build it.
        `makers` are those of `MAKERS` that may be called, `userland` the text of the header that
        stands in for the kernel's where `USERLAND` files are built for tests, if the tree has that.
        """
        self.table = table
        self._makers = frozenset(name.encode() for name in makers)
        self._userland = userland
        self._kbuild = kbuild
        self._sites: dict[str, BuildSite] = {}

    def _site(self, path: str) -> BuildSite:
        kbuild = self._kbuild
        if path not in self._sites:
            self._sites[path] = (
                BuildSite(self.table)
                if kbuild is None or not path
                else BuildSite(self.table, lambda asked: kbuild.built(path, asked), kbuild.implied)
            )
        return self._sites[path]

    def read(self, node: Node, text: bytes, path: str = "") -> Reading:
        """Read `VM_READ | VM_WRITE`, `0`, `VM_REMAP_FLAGS`; `text` is that of the file `path`."""
        if is_none(node):
            return EMPTY
        site = self._site(path)
        named = FlagMask(site).match(node, text)
        if named is not None and (unknown := self._unknown_there(named.text, path)) is not None:
            return unknown
        if named is not None:
            words = words_of(node) or []
            found = self.table.resolve((words[0].text or b"").decode(errors="replace"))
            bits = found.bits if isinstance(found, MaskTwin) and found.bits is not None else ()
            is_option = not bits and FlagOption(site).match(node, text) is not None
            return MaskExpression(bits, ", ".join(bits).encode(), named.text, is_option)
        value, made = Flags(site, single=False).match(node, text), FlagSet(site).match(node, text)
        lacking = self._lacking(made.text, path) if made is not None else None
        if made is not None and lacking is None:
            # A mask's name says more than its bits do.
            bits = tuple(_names(value.text)) if value is not None else ()
            return MaskExpression(bits, ", ".join(bits).encode(), made.text)
        if value is not None:
            return MaskExpression(tuple(_names(value.text)), value.text)
        if lacking is not None:
            return lacking
        return self._refused(site, node, text)

    def _unknown_there(self, named: bytes, path: str) -> Unreadable | None:
        """Say which mask a file cannot name in user space: neither it is there, nor its word."""
        there = self._userland
        if there is not None and USERLAND.fullmatch(path) is not None:
            for mask in masks_in(named):
                if not defines(there, mask) and not defines(
                    there, mask.replace(b"VMA_", b"VM_", 1)
                ):
                    return Unreadable(f"{COPY} has no {mask.decode()}", True)
        return None

    def _lacking(self, made: bytes, path: str) -> Unreadable | None:
        """Say which maker of a bitmap a file cannot call, or which mask it cannot name."""
        for maker in called_in(made):
            if maker not in self._makers:
                return Unreadable(f"the tree has no {maker.decode()}() that makes it", True)
            if self._is_built_without(path, maker):
                return Unreadable(f"{COPY} has no {maker.decode()}() that makes it", True)
        return self._unknown_there(made, path)

    def _is_built_without(self, path: str, maker: bytes) -> bool:
        """Whether a file is built in user space, too, where a helper is lacking."""
        if self._userland is None or USERLAND.fullmatch(path) is None:
            return False
        return maker + b"(" not in self._userland

    def _refused(self, site: BuildSite, node: Node, source: bytes) -> Unreadable:
        node = bare(node)
        words = words_of(node)
        if words is None:
            return Unreadable(f"{text_of(node)} is not made of flags' names")
        for word, refused in refusals(site, node, source):
            name = (word.text or b"").decode(errors="replace")
            if refused.code == "not-a-flag":
                return Unreadable(f"{name} is not a flag's name")
            return Unreadable(refused.reason, True)
        return Unreadable("a comment inside belongs to no flag that anybody can name", True)

    def spelt(self, word: bytes) -> bytes | None:
        """Return what a flag's word is called in prose: `VM_READ` gives `VMA_READ_BIT`."""
        match self.table.resolve(word.decode(errors="replace")):
            case Bits((bit,)):
                return bit.encode()
            case MaskTwin(mask, _):
                return mask.encode()
        return None


def masks_in(code: bytes) -> list[bytes]:
    """Return the names of bitmap masks in a text: `VMA_SHADOW_STACK`, no bits.

    >>> masks_in(b"append_vma_flags(VMA_SPECIAL_FLAGS, VMA_IO_BIT)")
    [b'VMA_SPECIAL_FLAGS']
    """
    return [name for name in _MASK.findall(code) if not name.endswith(b"_BIT")]


def defines(header: bytes, macro: bytes) -> bool:
    """Return whether a header's text defines a macro."""
    return (
        re.search(rb"^[ \t]*#[ \t]*define[ \t]+" + macro + rb"\b", header, re.MULTILINE) is not None
    )


_MASK = late_regex(rb"\b_*VMA_\w+")


def _names(printed: bytes) -> list[str]:
    return [part.strip().decode() for part in without_comments(printed).split(b",")]


def loses_comment(text: bytes, node: Node, new: bytes) -> bool:
    """Whether a comment inside `node` would be lost by writing `new` for it."""
    return any(c not in new for c in comment_texts(text[node.start : node.end]))
