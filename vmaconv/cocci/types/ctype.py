# SPDX-License-Identifier: GPL-2.0-only
"""C types.

In: words of a declaration. Out: `CType`s, which compare equal whatever their qualifiers.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from vmaconv.cocci.tree.node import Node

KEYWORDS = frozenset(
    {b"char", b"double", b"enum", b"float", b"int", b"long", b"short", b"signed", b"struct"}
    | {b"union", b"unsigned", b"void"}
)
UNQUALIFIED: frozenset[bytes] = frozenset()
_BARE = {"*": (b"*",), "[": (b"[", b"]"), "(": (b"(", b")")}


class CType(Struct, frozen=True, eq=False):
    """A C type: a base and what is built on it.

    `base` is `struct foo`, `int`, `unsigned long` or a typedef's name; `shape` reads from the
    outside in: `*` pointer, `[` array, `(` function. `struct file_desc *x` is ('struct
    file_desc', '*'), `int (*f)(void)` is ('int', '*('). `body` is the specifier node that
    defines an unnamed struct, union or enum. `qualifiers` has those of each level of `shape` and,
    last, of the base, or nothing; types are equal whatever their qualifiers. `spellings` has the
    tokens of each array's size and each function's parameters, from the base outwards (those of
    levels that are gone may follow), so that the type can be written down; equality does not look.
    """

    base: bytes
    shape: str = ""
    body: Node | None = None
    qualifiers: tuple[frozenset[bytes], ...] = ()
    spellings: tuple[tuple[bytes, ...], ...] = ()

    def __eq__(self, other: object) -> bool:
        return (
            isinstance(other, CType)
            and self.base == other.base
            and self.shape == other.shape
            and self.body == other.body
        )

    def __hash__(self) -> int:
        return hash((self.base, self.shape, self.body))

    def __str__(self) -> str:
        return (self.base.decode(errors="replace") + " " + self.shape).rstrip()

    def pointed_to(self) -> CType | None:
        """Return the type behind a pointer or array, or None."""
        return self._inner() if self.shape[:1] in ("*", "[") else None

    def _inner(self) -> CType:
        return replace(self, shape=self.shape[1:], qualifiers=self.qualifiers[1:])

    def returned(self) -> CType | None:
        """Return what a call of a function, or through a function pointer, gives, or None."""
        function = self._inner() if self.shape[:2] == "*(" else self
        return function._inner() if function.shape[:1] == "(" else None

    def pointer(self) -> CType:
        """Return a pointer to this type."""
        return self.wrapped("*")

    def qualified(self, more: frozenset[bytes]) -> CType:
        """Return the type with further qualifiers: of the elements, where it is an array."""
        if not more:
            return self
        level = len(self.shape) - len(self.shape.lstrip("["))
        own = list(self.qualifiers or (UNQUALIFIED,) * (len(self.shape) + 1))
        own[level] |= more
        return replace(self, qualifiers=tuple(own))

    def spelt(self, index: int) -> tuple[bytes, ...]:
        """Return the tokens of the level of `shape` at an index: `[ 10 ]`, `( int , char * )`."""
        at = len(self.shape) - 1 - index
        if at < len(self.spellings) and self.spellings[at]:
            return self.spellings[at]
        return _BARE[self.shape[index]]

    def wrapped(
        self,
        level: str,
        qualifiers: frozenset[bytes] = UNQUALIFIED,
        spelling: tuple[bytes, ...] = (),
    ) -> CType:
        """Return a pointer (`*`), array (`[`) or function (`(`) of this type, and how it is spelt."""
        qualified = (qualifiers, *self.qualifiers) if self.qualifiers or qualifiers else ()
        if qualifiers and not self.qualifiers:
            qualified = (qualifiers, *([UNQUALIFIED] * (len(self.shape) + 1)))
        known = spelling or self.spellings
        spellings = (*self.inner_spellings(), spelling) if known else ()
        return replace(self, shape=level + self.shape, qualifiers=qualified, spellings=spellings)

    def inner_spellings(self) -> tuple[tuple[bytes, ...], ...]:
        """Return the tokens of each level of `shape`, from the base outwards, `()` where unknown."""
        count = len(self.shape)
        return (*self.spellings, *((),) * count)[:count]

    def outermost(self) -> frozenset[bytes]:
        """Return the qualifiers of the type itself: of the pointer, where it is one."""
        return self.qualifiers[0] if self.qualifiers else UNQUALIFIED


def parse_type(text: bytes) -> CType | None:
    """Read a simple type text: `struct file_desc *`, `unsigned long`, `foo_t **`.

    >>> parse_type(b"struct foo *")
    CType(base=b'struct foo', shape='*', body=None, qualifiers=(), spellings=())
    """
    words = re.findall(rb"\w+|\*", text)
    names = [w for w in words if w != b"*" and w not in (b"const", b"volatile")]
    if not names:
        return None
    return CType(b" ".join(names), "*" * words.count(b"*"))


def is_type(words: Sequence[bytes]) -> bool:
    """Tell whether the words of a macro's body are a type: one of C's own is among them."""
    return bool(words) and any(word in KEYWORDS for word in words)
