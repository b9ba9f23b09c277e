# SPDX-License-Identifier: GPL-2.0-only
"""What options mean to each other, by a tree's Kconfig files.

In: the texts of all Kconfig files. Out: for an option, the literals (`64BIT`, `!MMU`) that hold wherever
it is set, and what raises it: sets of literals, each of which has it set. `A` that depends on `B && !C`
needs both; but `select` sets an option whatever that depends on, so of what it depends on only that
counts which everybody who selects it has as well. An option that several places define is not read.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import MappingProxyType
from typing import Generic, TypeVar

from msgspec import Struct

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.prove.configuration.kconfig_text import (
    ARCHITECTURES,
    WIDE,
    KconfigCondition,
    KconfigEntry,
    entries,
)

_T = TypeVar("_T")

Needs = Mapping[str, tuple[str, ...]]
"""For an option, what has to hold for it to be set, as far as that is known."""

Raised = Mapping[str, tuple[frozenset[str], ...]]
"""For an option, the sets of literals of which each has it set."""

NO_NEEDS: Needs = MappingProxyType({})
"""Nothing is known of any option."""

NO_RAISED: Raised = MappingProxyType({})
"""Nothing is known to raise any option."""

PATTERNS = ("*Kconfig*",)
"""The files in which options stand: any of them may select what flags hang on."""

_ALWAYS = late_regex(
    rb"^config[ \t]+64BIT[ \t]*\n[ \t]+def_bool[ \t]+y[ \t]*\n(?!\s+depends)", re.MULTILINE
)
_EVERYWHERE = frozenset({"mm/Kconfig", "init/Kconfig", "fs/Kconfig", "arch/Kconfig"})
"""Files that every architecture reads: an option that is not defined cannot be raised."""


class OptionRelations(Struct, frozen=True):
    """What the options of a tree need, and what raises them."""

    needs: Needs
    raised: Raised


def read_relations(files: Iterable[tuple[str, bytes]]) -> OptionRelations:
    r"""Return what the options of some files, by (path, text), need, and what raises them.

    >>> text = b"config A\n\tbool \"A\"\n\tselect B if C\nconfig B\n\tbool\n"
    >>> found = read_relations([("mm/Kconfig", text)])
    >>> [sorted(literals) for literals in found.raised["B"]]
    [['A', 'C']]
    >>> found.needs["B"]
    ('A', 'C')
    """
    options = _Options(files)
    return OptionRelations(
        _Read(options.names, options.needs), _Read(options.names, options.raised)
    )


class _Read(Mapping[str, tuple[_T, ...]], Generic[_T]):
    """What is found of options, each read when it is first asked for; those with nothing are not in it."""

    def __init__(self, names: Iterable[str], read: Callable[[str], tuple[_T, ...]]) -> None:
        self._names = frozenset(names)
        self._read = read
        self._found: dict[str, tuple[_T, ...]] = {}

    def __getitem__(self, name: str) -> tuple[_T, ...]:
        if name not in self._found:
            self._found[name] = self._read(name) if name in self._names else ()
        if not self._found[name]:
            raise KeyError(name)
        return self._found[name]

    def __iter__(self) -> Iterator[str]:
        return (name for name in sorted(self._names) if self.get(name))

    def __len__(self) -> int:
        return sum(1 for _ in self)


class _Options:
    """The entries of all options, and who selects whom."""

    def __init__(self, files: Iterable[tuple[str, bytes]]) -> None:
        texts = list(files)
        self._entries: dict[str, list[KconfigEntry]] = {}
        self._selectors: dict[str, list[tuple[str, KconfigEntry, str]]] = {}
        """Who selects an option: name, entry, condition."""
        for path, text in texts:
            for name, entry in entries(path, text.decode(errors="replace")):
                self._entries.setdefault(name, []).append(entry)
                for target, condition in entry.selected():
                    self._selectors.setdefault(target, []).append((name, entry, condition))
        self._wide = frozenset(
            found
            for p, t in texts
            if (found := KconfigEntry(p, "").architecture) and _ALWAYS.search(t)
        )
        self.names = self._entries.keys()
        self._known: dict[str, tuple[str, ...]] = {}
        self._asked: set[str] = set()

    def needs(self, name: str) -> tuple[str, ...]:
        """Return what holds wherever an option is set, in the order of the text."""
        if name in self._known:
            return self._known[name]
        if name in self._asked or name in ARCHITECTURES.values():
            return ()
        self._asked.add(name)
        found = self._known[name] = self._needs(name)
        self._asked.discard(name)
        return found

    def _needs(self, name: str) -> tuple[str, ...]:
        places = self._entries.get(name, [])
        if len(places) != 1:
            # What several places define may be set for what any of them says.
            return ()
        (entry,) = places
        above = (entry.architecture,) if entry.architecture else ()
        own = [literal for text in entry.depends() for literal in self._literals(text)]
        selectors = self._selectors.get(name, ())
        if not selectors:
            return tuple(dict.fromkeys((*above, *own)))
        shared = frozenset.intersection(*(self._closure(s, text) for s, _, text in selectors))
        if entry.is_only_selected:
            first = [selectors[0][0], *self._literals(selectors[0][2])]
            own = [*(x for x in first if x in shared), *sorted(shared)]
        kept = (x for x in own if x in shared and x not in (name, "!" + name))
        return tuple(dict.fromkeys((*above, *kept)))

    def _literals(self, text: str) -> list[str]:
        implied = KconfigCondition(text, self._wide).implied
        return sorted(implied, key=lambda literal: (text.find(literal), literal))

    def _closure(self, name: str, condition: str) -> frozenset[str]:
        """Return all that holds where an option selects another under a condition."""
        found: set[str] = set()
        work = [name, *(KconfigCondition(condition, self._wide).implied if condition else ())]
        work += [WIDE] if name in self._wide else []
        while work:
            literal = work.pop()
            if literal not in found:
                found.add(literal)
                work.extend(self.needs(literal))
        return frozenset(found)

    def raised(self, name: str) -> tuple[frozenset[str], ...]:
        """Return the sets of literals of which each has an option set.

        Only who is not selected himself is sure to have all that he depends on, without which he
        selects nothing; and an option is there only where a file that defines it is read.
        """
        found: list[frozenset[str]] = []
        for selector, entry, condition in self._selectors.get(name, ()):
            is_sure = len(self._entries[selector]) == 1 and selector not in self._selectors
            if is_sure and any(_reads(entry, e) for e in self._entries.get(name, ())):
                ways = (
                    KconfigCondition(condition, self._wide).alternatives
                    if condition
                    else (frozenset(),)
                )
                found += [way | {selector} for way in ways]
        return tuple(dict.fromkeys(found))


def _reads(selector: KconfigEntry, entry: KconfigEntry) -> bool:
    return entry.path in _EVERYWHERE or entry.path == selector.path
