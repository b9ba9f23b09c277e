# SPDX-License-Identifier: GPL-2.0-only
"""The configurations that can be told apart.

In: questions about CONFIG symbols, as they come up while something is looked at. Out: answers; a
`Configurations` has the same work done once for each combination of answers that Kconfig allows.
Symbols that nobody asks for are not enumerated.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType

from vmaconv.prove.configuration.option_relations import (
    NO_NEEDS,
    NO_RAISED,
    Needs,
    Raised,
)

MOST = 128
"""Combinations that are looked at; more are said to be too many."""

_IMPLIES: tuple[tuple[str, str], ...] = (
    ("X86_USER_SHADOW_STACK", "X86_64"),
    ("X86_64", "X86"),
    ("X86_32", "X86"),
    ("X86_64", "64BIT"),
    ("X86_32", "!64BIT"),
    ("ARM64_GCS", "ARM64"),
    ("ARM64_MTE", "ARM64"),
    ("ARM64", "64BIT"),
    ("PPC64", "PPC"),
    ("PPC32", "PPC"),
    ("PPC64", "64BIT"),
    ("PPC32", "!64BIT"),
    ("SPARC64", "SPARC"),
    ("SPARC64", "64BIT"),
    ("S390", "64BIT"),
    ("ARM", "!64BIT"),
    ("RISCV_USER_CFI", "RISCV"),
    ("RISCV_USER_CFI", "64BIT"),
    ("STACK_GROWSUP", "PARISC"),
    ("PARISC", "STACK_GROWSUP"),
    ("HAVE_ARCH_USERFAULTFD_MINOR", "64BIT"),
    ("HAVE_ARCH_USERFAULTFD_MINOR", "MMU"),
    ("MEM_SOFT_DIRTY", "MMU"),
    ("PER_VMA_LOCK", "MMU"),
    ("USERFAULTFD", "MMU"),
    ("MSEAL_SYSTEM_MAPPINGS", "64BIT"),
    ("ARCH_HAS_PKEYS", "MMU"),
    ("ARCH_HAS_PKEYS", "64BIT"),
    ("X86", "MMU"),
    ("ARM64", "MMU"),
    ("PPC", "MMU"),
    ("PARISC", "MMU"),
    ("SPARC", "MMU"),
    ("S390", "MMU"),
    ("COMPAT", "64BIT"),
    ("HUGETLB_PAGE", "MMU"),
    ("HUGETLBFS", "MMU"),
    ("HUGETLBFS", "HUGETLB_PAGE"),
    ("HUGETLB_PAGE", "HUGETLBFS"),
    ("PTE_MARKER_UFFD_WP", "HAVE_ARCH_USERFAULTFD_WP"),
    ("KSM", "MMU"),
    ("LRU_GEN", "MMU"),
    ("TRANSPARENT_HUGEPAGE", "MMU"),
    ("SHMEM", "MMU"),
)
"""`depends on` and `select` of the kernel's Kconfig files (arch/*/Kconfig, mm/Kconfig)."""

_ONE_OF = ("X86", "ARM64", "ARM", "PPC", "PARISC", "SPARC", "S390", "RISCV", "MIPS")
"""A kernel is built for one architecture."""


class TooMany(Exception):
    """There are more combinations than are looked at."""


class Contradiction(Exception):
    """Answers that Kconfig does not allow beside each other."""


def _not(literal: str) -> str:
    return literal[1:] if literal.startswith("!") else "!" + literal


def _follows() -> Mapping[str, tuple[str, ...]]:
    """Return what follows from each literal at once."""
    found: dict[str, list[str]] = {}
    for a, b in _IMPLIES:
        found.setdefault(a, []).append(b)
        found.setdefault(_not(b), []).append(_not(a))
    for one in _ONE_OF:
        found.setdefault(one, []).extend("!" + other for other in _ONE_OF if other != one)
    return MappingProxyType({literal: tuple(more) for literal, more in found.items()})


_FOLLOWS = _follows()


def _consequences(literals: set[str]) -> set[str] | None:
    """Return what follows from some literals, them included; None where they contradict."""
    found = set(literals)
    if any(_not(literal) in found for literal in found):
        return None
    work = list(literals)
    while work:
        literal = work.pop()
        for one in _FOLLOWS.get(literal, ()):
            if _not(one) in found:
                return None
            if one not in found:
                found.add(one)
                work.append(one)
    return found


class Configuration:
    """One combination: answers are given as they are asked for, and then stay."""

    def __init__(
        self, preset: tuple[tuple[str, bool], ...], needs: Needs, raised: Raised = NO_RAISED
    ) -> None:
        """Raises `Contradiction` where Kconfig does not allow what is preset."""
        self._needs = needs
        self._raised = raised
        self._asked = {symbol for symbol, _ in preset}
        self.answers: dict[str, bool] = {}
        self.free: list[str] = []
        literals = {x for s, v in preset for x in _literals(s, v, needs)}
        found = self._closed(literals, self._asked)
        if found is None:
            raise Contradiction
        self._literals = found

    def _take(self, symbol: str, value: bool) -> None:
        self._asked.add(symbol)
        found = self._with(symbol, value)
        # Where neither value can be, what was answered before cannot be either; that goes unseen.
        self._literals = found if found is not None else self._literals | {_literal(symbol, value)}

    def _with(self, symbol: str, value: bool) -> set[str] | None:
        """Return all that holds once a symbol has a value; None where that cannot be."""
        added = _literals(symbol, value, self._needs)
        return self._closed(self._literals | added, {*self._asked, symbol})

    def _closed(self, literals: set[str], asked: set[str]) -> set[str] | None:
        """Return all that holds where some literals do; None where they contradict."""
        found = _consequences(literals)
        while found is not None:
            new = next(self._raised_by(found, asked), None)
            if new is None:
                return found
            is_set = not new.startswith("!")
            found = _consequences(found | _literals(new.removeprefix("!"), is_set, self._needs))
        return None

    def _raised_by(self, literals: set[str], asked: set[str]) -> Iterator[str]:
        """Yield what selects come to: of the symbols that were asked for, not of all there are."""
        for target in asked if self._raised is not NO_RAISED else ():
            for premises in self._raised.get(target, ()):
                missing = premises - literals
                if not missing and target not in literals:
                    yield target
                elif len(missing) == 1 and "!" + target in literals:
                    new = _not(next(iter(missing)))
                    if new not in literals:
                        yield new

    def known(self, symbol: str) -> bool | None:
        """Return what was decided of a symbol, or None."""
        if symbol in self._literals:
            return True
        return False if "!" + symbol in self._literals else None

    def allows(self, symbol: str, value: bool) -> bool:
        """Return whether a symbol could have a value beside what was answered."""
        return self._with(symbol, value) is not None

    def is_set(self, symbol: str) -> bool:
        """Answer whether a symbol, its CONFIG_ left out, is set."""
        if symbol in self.answers:
            return self.answers[symbol]
        known = self.known(symbol)
        if known is not None:
            value = known
        else:
            # What most kernels are comes first.
            value = symbol in ("64BIT", "MMU")
            if not self.allows(symbol, value):
                value = not value
            else:
                self.free.append(symbol)
        self._take(symbol, value)
        self.answers[symbol] = value
        return value

    def words(self) -> tuple[str, ...]:
        """Return the answers that were asked for, as `CONFIG_X=y` and `CONFIG_X=n`."""
        return tuple(
            f"{'' if ' ' in s or s.startswith('_') else 'CONFIG_'}{s}={'y' if v else 'n'}"
            for s, v in sorted(self.answers.items())
        )


def _literal(symbol: str, value: bool) -> str:
    return symbol if value else "!" + symbol


def _literals(symbol: str, value: bool, needs: Needs) -> set[str]:
    """Return what an answer says: of a symbol that is set, all that it needs, too."""
    if not value:
        return {"!" + symbol}
    found: set[str] = set()
    work = [symbol]
    while work:
        literal = work.pop()
        if literal not in found:
            found.add(literal)
            work.extend(needs.get(literal, ()))
    return found


def configurations(needs: Needs = NO_NEEDS, raised: Raised = NO_RAISED) -> Iterator[Configuration]:
    """Yield a configuration for each combination of answers that is asked for.

    `needs` is what the tree's Kconfig files say that options need, `raised` what they select.

    Ask one before the next is taken. Raises `TooMany` after `MOST`.
    """
    work: list[tuple[tuple[str, bool], ...]] = [()]
    count = 0
    while work:
        preset = work.pop()
        count += 1
        if count > MOST:
            raise TooMany
        configuration = Configuration(preset, needs, raised)
        yield configuration
        chosen = list(preset)
        for symbol in configuration.free:
            value = configuration.answers[symbol]
            other = (*chosen, (symbol, not value))
            if _consistent(other, needs, raised):
                work.append(other)
            chosen.append((symbol, value))


def _consistent(preset: tuple[tuple[str, bool], ...], needs: Needs, raised: Raised) -> bool:
    try:
        Configuration(preset, needs, raised)
    except Contradiction:
        return False
    return True
