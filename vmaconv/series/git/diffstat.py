# SPDX-License-Identifier: GPL-2.0-only
"""The table of changed files under a patch's `---`, as git draws it.

In: `FileDiff`s.  Out: bytes.  Widths and rounding follow git's diff.c (show_stats), with the 72
columns that `git format-patch` gives the table.
"""

from __future__ import annotations

import os
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from vmaconv.counting import counted
from vmaconv.series.git.file_diff import FileDiff, quote_path

WIDTH = 72


@dataclass(frozen=True, slots=True)
class FileStat:
    """How many lines a file lost and got."""

    path: str
    gone: int
    came: int


def file_stats(diffs: Iterable[FileDiff]) -> tuple[FileStat, ...]:
    """Give the counts of each file, several diffs of one file added up, in git's order."""
    sums: dict[str, tuple[int, int]] = {}
    for diff in diffs:
        gone, came = sums.get(diff.path, (0, 0))
        sums[diff.path] = (gone + diff.gone, came + diff.came)
    ordered = sorted(sums, key=os.fsencode)
    return tuple(FileStat(path, *sums[path]) for path in ordered)


def diffstat(stats: Sequence[FileStat], width: int = WIDTH) -> bytes:
    """Draw the table with its last line.

    >>> print(diffstat([FileStat("mm/util.c", 1, 2)]).decode(), end="")
     mm/util.c | 3 ++-
     1 file changed, 2 insertions(+), 1 deletion(-)
    """
    names = [quote_path(stat.path).decode("utf-8", "replace") for stat in stats]
    largest = max((stat.gone + stat.came for stat in stats), default=0)
    digits = len(str(largest))
    name_width, graph_width = _widths(
        max((_columns(name) for name in names), default=0), largest, digits, width
    )
    rows = [
        _row(name, stat, name_width, digits, *_scaled(stat, graph_width, largest))
        for name, stat in zip(names, stats, strict=True)
    ]
    return "".join([*rows, _summary(stats)]).encode()


def _widths(longest: int, largest: int, digits: int, width: int) -> tuple[int, int]:
    """Share the columns between names and bars."""
    width = max(width, 16 + 6 + digits)
    name_width, graph_width = longest, largest
    if name_width + digits + 6 + graph_width > width:
        if graph_width > width * 3 // 8 - digits - 6:
            graph_width = max(6, width * 3 // 8 - digits - 6)
        if name_width > width - digits - 6 - graph_width:
            name_width = width - digits - 6 - graph_width
        else:
            graph_width = width - digits - 6 - name_width
    return name_width, graph_width


def _scaled(stat: FileStat, graph_width: int, largest: int) -> tuple[int, int]:
    """Give the lengths of the bars of plus and minus signs."""
    if graph_width > largest:
        return stat.came, stat.gone
    total = _scale(stat.came + stat.gone, graph_width, largest)
    if total < 2 and stat.came and stat.gone:
        total = 2
    if stat.came < stat.gone:
        came = _scale(stat.came, graph_width, largest)
        return came, total - came
    gone = _scale(stat.gone, graph_width, largest)
    return total - gone, gone


def _scale(count: int, width: int, largest: int) -> int:
    return 1 + count * (width - 1) // largest if count else 0


def _row(name: str, stat: FileStat, name_width: int, digits: int, came: int, gone: int) -> str:
    lead = ""
    if _columns(name) > name_width:
        lead = "..."
        while _columns(name) > name_width - 3:
            name = name[1:]
        slash = name.find("/")
        name = name[slash:] if slash >= 0 else name
    padding = " " * (name_width - len(lead) - _columns(name))
    total = stat.gone + stat.came
    bars = " " + "+" * came + "-" * gone if total else ""
    return f" {lead}{name}{padding} | {total:{digits}d}{bars}\n"


def _summary(stats: Sequence[FileStat]) -> str:
    came, gone = sum(stat.came for stat in stats), sum(stat.gone for stat in stats)
    words = f" {counted(len(stats), 'file')} changed"
    if came or not gone:
        words += f", {counted(came, 'insertion')}(+)"
    if gone or not came:
        words += f", {counted(gone, 'deletion')}(-)"
    return words + "\n"


def _columns(text: str) -> int:
    """Count the columns that a terminal gives a text."""
    return sum(_wide(char) for char in text)


def _wide(char: str) -> int:
    if unicodedata.combining(char):
        return 0
    return 2 if unicodedata.east_asian_width(char) in "WF" else 1
