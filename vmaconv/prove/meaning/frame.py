# SPDX-License-Identifier: GPL-2.0-only
"""A function that is being run: what its locals are called and what types they have.

In: nothing. Out: `Frame`, whose locals are places of memory.
"""

from __future__ import annotations

from collections.abc import Mapping

from msgspec import Struct, field

from vmaconv.cocci.types.ctype import CType
from vmaconv.prove.terms.term import (
    Term,
    made,
)

DEPTH = 16
"""How deep helpers are looked into."""


class Frame(Struct):
    """A function that is being run: its name for locals, their types, its return type."""

    prefix: str
    types: dict[str, CType] = field(default_factory=dict)
    renamed: Mapping[str, str] = field(default_factory=dict)
    returns: CType | None = None
    tested: frozenset[str] = frozenset()
    """The locals of which nothing matters but whether they are zero: they count as bools."""
    rooms: dict[str, CType] = field(default_factory=dict)
    """What the tested locals are declared as: a narrow one loses high bits before it is tested."""

    def declare(self, name: str, ctype: CType) -> CType:
        """Note a local's type, and return it as it counts."""
        if name in self.tested:
            self.rooms[name] = ctype
            ctype = CType(b"bool")
        self.types[name] = ctype
        return ctype

    def learn(self, name: str, ctype: CType) -> None:
        """Note a local's type where none is known."""
        if name not in self.types:
            self.declare(name, ctype)

    def local(self, name: str) -> Term:
        """Return the place of a local."""
        return made("var", (self.prefix + self.renamed.get(name, name),))
