# SPDX-License-Identifier: GPL-2.0-only
"""The searches that a migration begins with.

In: a tree and a recipe. Out: the seeds as they are written, and searches under way for all that the
recipe names. Next to nothing else of the program is loaded for it: git searches while the rest is.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from msgspec import Struct

from vmaconv.cocci.text.census import SUFFIXES
from vmaconv.cocci.text.files import Search
from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.migrate.facts.entity import Member
from vmaconv.migrate.migration_error import MigrationError
from vmaconv.migrate.recipe import Recipe

FOREIGN = (".S", ".rs")
"""Suffixes of what may call a C function and is no C: what `Sources.foreign` reads."""

_MEMBER = late_regex(r"((?:struct|union)\s+\w+)\s*\.\s*(\w+)\Z")
_FUNCTION = late_regex(r"(?:([\w./+-]+\.[ch]):)?(\w+)(?:\((\d+)\))?\Z")


class Seed(Struct, frozen=True):
    """A seed as it was written; `is_demanded` says that the tree must have it."""

    text: str
    is_demanded: bool

    @property
    def member(self) -> Member | None:
        """The member that it names, if it names one."""
        found = _MEMBER.match(self.text.strip())
        if found is None:
            return None
        return Member(" ".join(found[1].split()).encode(), found[2].encode())

    @property
    def function(self) -> tuple[str, bytes, int | None] | None:
        """The file (or an empty text), name and 0-based parameter of a function that it names."""
        found = _FUNCTION.match(self.text.strip())
        if found is None:
            return None
        return found[1] or "", found[2].encode(), int(found[3]) - 1 if found[3] else None

    def check(self) -> None:
        """Raise `MigrationError` where the text is no seed at all."""
        if self.member is None and (self.function is None or self.function[2] == -1):
            what = f"{self.text!r} is no seed"
            remedy = "write 'struct TAG.MEMBER', 'FUNCTION(N)' (from 1) or 'FILE.c:FUNCTION(N)'"
            raise MigrationError("bad-seed", self.text, what, remedy)


class FirstSearch:
    """The search under way: for the files that hold what a recipe names, and uses of its members."""

    def __init__(self, root: Path, recipe: Recipe) -> None:
        """Raises `MigrationError` for a text that is no seed, `SourceError` for a folder that is none."""
        self.seeds = [Seed(text, False) for text in recipe.seeds]
        self.seeds += [Seed(text, True) for text in recipe.demanded]
        for seed in self.seeds:
            seed.check()
        self.names = names_of(recipe, self.seeds)
        self._members = [seed.member for seed in self.seeds if seed.member is not None]
        self._words = {*self.names, *(member.name for member in self._members)}
        self.search = Search(
            root, sorted(map(bytes.decode, self._words)), lines=True, walked=(*SUFFIXES, *FOREIGN)
        )

    @property
    def members(self) -> Sequence[Member]:
        """The members that seeds name."""
        return self._members

    def has_lines_of(self, name: bytes) -> bool:
        """Whether the search brings all lines with a name, since it looks for a part of it."""
        return any(word in name for word in self._words)

    def users(self, member: Member) -> list[str] | None:
        """Wait for the search, and return the files that may use a member directly.

        None where no seed names the member.
        """
        if member not in self._members:
            return None
        return self.search.holding([member.tag.decode(), member.name.decode()])


def names_of(recipe: Recipe, seeds: Sequence[Seed]) -> list[bytes]:
    """Return the names that the tree is searched for to begin with."""
    names = {f[1] for s in seeds if (f := s.function) is not None}
    names |= {s.member.tag for s in seeds if s.member is not None}
    names |= {c.name.encode() for c in recipe.conversions.values()}
    names |= {text.rpartition(".")[2].encode() for text in recipe.beside}
    names |= {n.encode() for n in recipe.statements} if recipe.beside else set()
    names |= {recipe.old.encode()} if recipe.is_open else set()
    for table in (recipe.twins, recipe.renames, recipe.called, recipe.holders):
        names |= {n.encode() for n in (*table, *table.values())}
    names |= {n.encode() for n in recipe.masks}
    names |= {n.encode() for twins in recipe.more_twins.values() for n in twins}
    return sorted(names | {n.encode() for n in recipe.narrow})
