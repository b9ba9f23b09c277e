# SPDX-License-Identifier: GPL-2.0-only
"""What one side's code refers to, in one configuration: types, members, macros, functions.

In: the headers of one text of a tree, one of its files, a configuration. Out: answers.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping

from msgspec import Struct, field

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.types.ctype import CType
from vmaconv.cocci.types.declared import declared, descriptor_type, parameters
from vmaconv.cocci.types.expression_types import ExpressionTypes
from vmaconv.prove.configuration.condition_value import Ask
from vmaconv.prove.headers.header_index import (
    BITMAP_HEADER,
    TALKS_OF_FLAGS,
    FoundFunction,
    HeaderIndex,
    SourceFile,
    Undeclared,
)
from vmaconv.prove.headers.macro_expansion import Macro
from vmaconv.prove.headers.overlays import FlagMember, Overlays
from vmaconv.prove.meaning.writing_macros import written_by
from vmaconv.prove.terms.term import Term

FLAG_NAME = late_regex(r"VMA?_[A-Z]\w*\Z|__VMA?_[A-Z]\w*\Z")
_SIZES = {
    b"bool": 1, b"_Bool": 1,
    b"char": 8, b"unsigned char": 8, b"signed char": 8, b"u8": 8, b"s8": 8, b"__u8": 8, b"__s8": 8,
    b"uint8_t": 8, b"int8_t": 8,
    b"short": 16, b"unsigned short": 16, b"u16": 16, b"s16": 16, b"__u16": 16, b"__s16": 16,
    b"short int": 16, b"unsigned short int": 16, b"uint16_t": 16, b"int16_t": 16,
    b"int": 32, b"unsigned int": 32, b"unsigned": 32, b"u32": 32, b"s32": 32, b"__u32": 32,
    b"__s32": 32, b"uint32_t": 32, b"int32_t": 32, b"signed int": 32, b"signed": 32,
}  # fmt: skip
"""How many bits the types have that are narrower than a long; a plain `char` counts as unsigned
(the kernel is built with -funsigned-char)."""

_WHOLE = frozenset(
    {b"vm_flags_t", b"vma_flags_t", b"unsigned long", b"long", b"u64", b"s64", b"size_t", b"void"}
    | {b"loff_t", b"pgoff_t", b"unsigned long long", b"long long", b"ssize_t", b"uintptr_t"}
)
"""Types that need no looking up: they keep a whole word."""


def bits_by_name(base: bytes) -> int | None:
    """Return how many bits a type has by its name; None for a typedef that is not known.

    >>> bits_by_name(b"u32"), bits_by_name(b"vm_flags_t"), bits_by_name(b"quill_t")
    (32, 64, None)
    """
    return 64 if base in _WHOLE else _SIZES.get(base)


_SIGNED = late_regex(rb"(?:__)?s\d+\Z|int\d+_t\Z|signed|short\b|int\Z")


class Width(Struct, frozen=True):
    """What a type keeps of a word: its lowest bits, the last of which may be a sign; 1 bit is a bool."""

    bits: int
    is_signed: bool


class SideFacts(Struct):
    """One side in one configuration.

    `members` are this side's structs with flags; `overlays` joins both sides. A function of
    `changed` is never looked into: its callers are compared by what they hand to it. `only_here`
    gives the functions that only this side has. A statement that names one of `hot` is always looked
    into, however equal its text is: the name means something else than before.
    """

    index: HeaderIndex
    file: SourceFile | None
    ask: Ask
    members: Mapping[str, Mapping[str, FlagMember]]
    overlays: Overlays
    types: ExpressionTypes
    changed: frozenset[str] = frozenset()
    hot: frozenset[str] = frozenset()
    where: Mapping[str, str] = field(default_factory=dict)
    """Where macros changed: the path of each."""
    unseen: frozenset[Term] = frozenset()
    """VMAs that nobody else can see yet, so that locking them is nothing."""
    only_here: Callable[[str, Ask], FoundFunction | None] = lambda _name, _ask: None
    _macros: dict[str, Macro | None] = field(default_factory=dict)
    _written: dict[str, frozenset[int]] = field(default_factory=dict)
    _enumerators: dict[str, tuple[bytes, int] | None] = field(default_factory=dict)
    _functions: dict[str, FoundFunction | None] = field(default_factory=dict)
    _taken: dict[str, tuple[CType, ...]] = field(default_factory=dict)

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

    def written_by(self, name: str) -> frozenset[int]:
        """Return the positions of the arguments that a macro of the file, or a known one, writes."""
        if name not in self._written:
            macros = self.file.macros(name) if self.file is not None else ()
            self._written[name] = written_by(name, macros)
        return self._written[name]

    def place_of_change(self, name: str) -> str:
        """Return where a macro changed, for a person: ` (mm/vma.h)`; nothing in the file at hand."""
        path = self.where.get(name, "")
        return f" ({path})" if path and (self.file is None or path != self.file.path) else ""

    def is_macro(self, name: str) -> bool:
        """Return whether a name is that of a macro in some configuration."""
        return bool(self.index.definitions(name, self.file))

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
        if (
            name in self.hot
            or found.path == BITMAP_HEADER
            or any(name.encode() in body for name in self.changed)
        ):
            return found
        return found if FLAG_NAME.match(name) or re.fullmatch(rb"\w+", body) else None

    def _lacks(self, name: str) -> bool:
        """Return whether some configuration has a macro, but none that is compiled now."""
        defined = self.index.definitions(name, self.file)
        return bool(defined) and not any(f.compiled.is_compiled(o, self.ask) for f, o in defined)

    def enumerator(self, name: str) -> tuple[bytes, int] | None:
        """Return what a constant of an enum stands for, as `HeaderIndex.enumerator` does."""
        if name not in self._enumerators:
            self._enumerators[name] = self.index.enumerator(name, self.ask, self.file)
        return self._enumerators[name]

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
                if found is not None and not (
                    _is_looked_into(found) or self.index.talks_of_flags(name)
                ):
                    found = None
            self._functions[name] = found
        return self._functions[name]

    def taken_by(self, name: str) -> tuple[CType, ...]:
        """Return the types of a function's parameters; none where no declaration is seen."""
        if name not in self._taken:
            node = self.types.function(name.encode())
            given = parameters(node) if node is not None else []
            found = [next(iter(declared(p)), None) for p in given]
            types = [
                one.type if one is not None else descriptor_type(p)
                for one, p in zip(found, given, strict=True)
            ]
            whole = [ctype for ctype in types if ctype is not None]
            self._taken[name] = tuple(whole) if len(whole) == len(types) else ()
        return self._taken[name]

    def returned_by(self, name: str) -> CType | None:
        """Return the type of what a function returns; None where no declaration is seen."""
        found = self.types.file_name(name.encode())
        return found.type.returned() if found is not None else None

    def width_of(self, ctype: CType | None) -> Width | None:
        """Return what a value of a type keeps; None where all of a word."""
        if ctype is None or ctype.shape:
            return None
        base = ctype.base
        if base in _WHOLE or base.startswith((b"struct ", b"union ")):
            return None
        if base not in _SIZES:
            base = self.types.resolve(ctype).base
        bits = _SIZES.get(base)
        return None if bits is None else Width(bits, _SIGNED.match(base) is not None)


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
