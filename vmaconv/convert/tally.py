# SPDX-License-Identifier: GPL-2.0-only
"""The account in figures: what each part of the tree has, and what holds its uses back.

In: accounts of uses. Out: rows of counts, in a fixed order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

from msgspec import Struct

from vmaconv.convert.use_account import Account


class Row(Struct, frozen=True):
    """Counts of what became of uses; `name` is a part of the tree, or what holds them back."""

    name: str
    converted: int
    left: int
    unjudged: int

    @property
    def total(self) -> int:
        return self.converted + self.left + self.unjudged


def by_part(accounts: Iterable[Account]) -> list[Row]:
    """Return a row for each part of the tree, by name.

    >>> part_of("drivers/gpu/drm/drm_gem.c"), part_of("mm/mmap.c")
    ('drivers/gpu', 'mm')
    """
    counts: dict[str, Counter[str]] = {}
    for account in accounts:
        counts.setdefault(part_of(account.file), Counter())[account.outcome] += 1
    return [_row(name, counts[name]) for name in sorted(counts)]


def by_reason(accounts: Iterable[Account]) -> list[Row]:
    """Return a row for each thing that holds uses back, the most frequent first.

    A row is named by the reason's code and what it names: `argument vm_stat_account()`. Values that
    are used as words are counted together, each being an expression of its own.
    """
    counts: dict[str, Counter[str]] = {}
    for account in accounts:
        if account.reason is not None:
            code, subject = account.reason.code, account.reason.subject
            name = code if code in _ONE_BY_ONE else f"{code} {subject}".strip()
            counts.setdefault(name, Counter())[account.outcome] += 1
    rows = [_row(name, count) for name, count in counts.items()]
    return sorted(rows, key=lambda row: (-row.total, row.name))


_ONE_BY_ONE = frozenset({"word-used-as-int", "copied-to", "compared-with", "assigned-from"})


def part_of(path: str) -> str:
    """Return the part of the tree that a file belongs to: its top folder, or two where one is many."""
    folders = path.split("/")[:-1]
    many = folders[:1] and folders[0] in ("arch", "drivers", "fs", "net", "sound")
    return "/".join(folders[: 2 if many else 1]) or "."


def _row(name: str, counts: Counter[str]) -> Row:
    return Row(name, counts["converted"], counts["left"], counts["unjudged"])
