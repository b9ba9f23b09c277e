# SPDX-License-Identifier: GPL-2.0-only
"""What one side's code refers to, in one configuration: types, members, macros, functions.

In: the headers of one text of a tree, one of its files, a configuration. Out: answers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field

from vmaconv.cocci.types.ctype import CType
from vmaconv.cocci.types.expression_types import Types
from vmaconv.prove.configuration.condition_value import Ask
from vmaconv.prove.headers.header_index import (
    BITMAP_HEADER,
    FoundFunction,
    HeaderIndex,
    SourceFile,
    Undeclared,
)
from vmaconv.prove.headers.macro_expansion import Macro
from vmaconv.prove.headers.overlays import Member, Overlays

FLAG_NAME = re.compile(r"VMA?_[A-Z]\w*\Z|__VMA?_[A-Z]\w*\Z")
TALKS_OF_FLAGS = re.compile(
    rb"\b(?:__)?VMA?_[A-Z]|\w*vma?_flags|vma_flag_t|\bdef_flags|VMA?_ *##|INIT_VM_FLAG|->flags\b"
)
"""What a macro's or function's body that has to do with flags holds."""

_BITS_32 = frozenset({b"int", b"unsigned int", b"unsigned", b"u32", b"__u32", b"s32", b"__s32"})


@dataclass(slots=True)
class SideFacts:
    """One side in one configuration.

    `members` are this side's structs with flags; `overlays` joins both sides. A function of
    `changed` is never looked into: its callers are compared by what they hand to it. `only_here`
    gives the functions that only this side has. A statement that names one of `hot` is always looked
    into, however equal its text is: the name means something else than before.
    """

    index: HeaderIndex
    file: SourceFile | None
    ask: Ask
    members: Mapping[str, Mapping[str, Member]]
    overlays: Overlays
    types: Types
    changed: frozenset[str] = frozenset()
    hot: frozenset[str] = frozenset()
    only_here: Callable[[str, Ask], FoundFunction | None] = lambda _name, _ask: None
    _macros: dict[str, Macro | None] = field(default_factory=dict)
    _functions: dict[str, FoundFunction | None] = field(default_factory=dict)

    def is_wide(self) -> bool:
        """Return whether a long has 64 bits."""
        return self.ask("CONFIG_64BIT")

    def macro(self, name: str) -> Macro | None:
        """Return a macro that has to do with flags, or is a number; None for others.

        Raises `Undeclared` for a flag's that only other configurations have.
        """
        if name not in self._macros:
            self._macros[name] = self._find_macro(name)
        return self._macros[name]

    def _find_macro(self, name: str) -> Macro | None:
        found = self.index.macro(name, self.ask, self.file)
        if found is None:
            if FLAG_NAME.match(name) and self._lacks(name):
                raise Undeclared(name)
            return None
        body = found.body
        if TALKS_OF_FLAGS.search(body) or re.fullmatch(
            rb"\(?\s*(0[xX])?[0-9a-fA-F]+[uUlL]*\s*\)?", body
        ):
            return found
        if found.path == BITMAP_HEADER or any(name.encode() in body for name in self.changed):
            return found
        return found if FLAG_NAME.match(name) or re.fullmatch(rb"\w+", body) else None

    def _lacks(self, name: str) -> bool:
        """Whether some configuration has a macro, but none that is compiled now."""
        defined = self.index.definitions(name, self.file)
        return bool(defined) and not any(f.compiled.is_compiled(o, self.ask) for f, o in defined)

    def function(self, name: str) -> FoundFunction | None:
        """Return a function that is looked into: an inline one that has to do with flags.

        Raises `Undeclared` where only other configurations have it.
        """
        if name in self.changed:
            return None
        if name not in self._functions:
            found = self.only_here(name, self.ask)
            if found is None:
                found = self.index.function(name, self.ask)
                if found is not None and not _is_looked_into(found):
                    found = None
            self._functions[name] = found
        return self._functions[name]

    def coerced_bits(self, ctype: CType | None) -> int | None:
        """Return how many bits a value of a type keeps: 1 for a truth; None where all."""
        if ctype is None or ctype.shape:
            return None
        base = ctype.base
        if base in (b"bool", b"_Bool"):
            return 1
        return 32 if base in _BITS_32 else None


def _is_looked_into(function: FoundFunction) -> bool:
    if function.path == BITMAP_HEADER:
        return True
    node = function.node
    return TALKS_OF_FLAGS.search(function.text, node.start, node.end) is not None


def held_as(ctype: CType | None) -> str:
    """Return how C holds a value of a type; see `Value`."""
    if ctype is None or ctype.shape:
        return "other"
    if ctype.base == b"vma_flags_t":
        return "set"
    if ctype.base.startswith((b"struct", b"union", b"void")):
        return "other"
    return "word"
