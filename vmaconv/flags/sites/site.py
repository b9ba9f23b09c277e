# SPDX-License-Identifier: GPL-2.0-only
"""The meaning of a flag at the place where it is used.

In: the flag table, and the condition under which a file is built. Out: a `BuildSite`, which resolves a
flag's word where it stands: `VM_SEALED` is `VM_NONE` on 32-bit kernels, but not below `#ifdef
CONFIG_64BIT`. Which file is built when is left to the caller, and what a file defines for itself to
`own_masks`.
"""

from __future__ import annotations

from collections.abc import Callable

from vmaconv.cocci.tree.node import Node
from vmaconv.flags.headers.conditions import ALWAYS, Condition, every
from vmaconv.flags.headers.header_lines import condition_at, conditions_in
from vmaconv.flags.sites.own_masks import OwnMasks
from vmaconv.flags.table.flag_table import Bits, FlagTable, MaskTwin, Refused, Resolution

Built = Callable[[frozenset[str]], Condition]
"""Give the condition under which a file is built, as far as it says something of these symbols."""
Closure = Callable[[Condition], Condition]
"""Add to a condition what it implies."""


class BuildSite:
    """A file whose flags are asked about: when it is `built`, and what a condition has `implied`.

    `own` knows the masks that the file defines for itself; without it there are none.
    """

    def __init__(
        self,
        table: FlagTable,
        built: Built = lambda _: ALWAYS,
        implied: Closure = lambda condition: condition,
        own: OwnMasks | None = None,
    ) -> None:
        self.table = table
        self.own = own
        self._built = built
        self._implied = implied
        self._file: dict[str, Condition] = {}
        self._text = b""
        self._spans: list[tuple[int, Condition]] = []

    def resolve(self, word: Node, text: bytes) -> Resolution:
        """Say what a flag's word becomes at its place in `text`, the whole file."""
        name = (word.text or b"").decode(errors="replace")
        found = self._resolve(name, text, word.start)
        if self.own is None:
            return found
        if not isinstance(found, Refused) or found.code != "not-a-flag":
            place = self.own.redefined(name, text)
            if place is None:
                return found
            return Refused("several-definitions", f"{name} is something else in {place}", place)
        bits = self._own_bits(self.own, name, text, word.start)
        if not bits:
            return found
        return MaskTwin(name, bits) if self.own.turns(name) else Bits(bits)

    def _own_bits(
        self, own: OwnMasks, name: str, text: bytes, offset: int
    ) -> tuple[str, ...] | None:
        """Return the bits of a mask that the file defines, where each of its words has fixed bits."""
        mask = own.words(name, text, offset)
        if mask is None or self._around(text, mask[0]) not in (ALWAYS, self._around(text, offset)):
            return None
        bits: list[str] = []
        for word in mask[1]:
            found = self._resolve(word, text, offset)
            if not isinstance(found, Bits):
                return None
            bits += found.bits
        return tuple(dict.fromkeys(bits))

    def _resolve(self, name: str, text: bytes, offset: int) -> Resolution:
        plain = self.table.resolve(name)
        if not isinstance(plain, Refused) or plain.code == "not-a-flag":
            return plain
        if name not in self._file:
            self._file[name] = self._built(self.table.tests_of(name))
        around = self._around(text, offset)
        given = self._file[name] if around == ALWAYS else every([self._file[name], around])
        return self.table.resolve_given(name, given if given == ALWAYS else self._implied(given))

    def _around(self, text: bytes, offset: int) -> Condition:
        if text is not self._text:
            self._text, self._spans = text, conditions_in(text)
        return condition_at(self._spans, offset)
