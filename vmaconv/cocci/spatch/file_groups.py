# SPDX-License-Identifier: GPL-2.0-only
"""Which files a command line means, and which local headers a file includes.

In: file names, folders, options. Out: groups of paths, sorted as spatch takes them; units of
headers.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from vmaconv.cocci.text.confinement import Confinement
from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.text.tree_file import read_regular
from vmaconv.cocci.tree.unit import Unit
from vmaconv.cocci.types.symbols import FileSymbols

_INCLUDE = late_regex(rb'^[ \t]*#[ \t]*include[ \t]*(?:"([^"\n]+)"|<([^>\n]+)>)', re.MULTILINE)

MOST_KEPT = 8 << 20
"""Bytes of headers that are kept from one file to the next; most are never parsed, or hardly."""


def in_folder(folder: str, ignore: Sequence[str], headers: bool) -> list[str]:
    """Return the C files below a folder, sorted; `headers` takes header files, too.

    spatch takes them in the order of the file system; ours is the same on every machine.
    """
    if Path(folder).is_file():
        return [folder]
    endings = (".c", ".h") if headers else (".c",)
    found: list[str] = []
    for top, subfolders, names in os.walk(folder):
        subfolders[:] = sorted(n for n in subfolders if n != ".git")
        found += [os.path.join(top, n) for n in sorted(names) if n.endswith(endings)]  # noqa: PTH118
    # Not as paths: `--dir .` finds `./a.c`, and that is what scripts and diffs show.
    kept = [p for p in found if not any(p.startswith(prefix) for prefix in ignore)]
    return [p for p in kept if Path(p).is_file()]


def _text(path: Path) -> str:
    return read_regular(path).decode("utf-8", "surrogateescape")


def file_groups(path: Path) -> list[tuple[str, ...]]:
    """Return the groups that a file lists: a name a line, a blank line between groups.

    What follows `//` is a comment. Raises `LineRange` for a name with ranges of lines.
    """
    groups: list[list[str]] = [[]]
    for number, line in enumerate(_text(path).splitlines(), 1):
        name = _COMMENT.sub("", line).strip()
        ranges = _RANGES.search(name)
        if ranges:
            raise LineRange(number, ranges[0])
        if name:
            groups[-1].append(name)
        elif not line.strip():
            groups.append([])
    return [tuple(group) for group in groups if group]


class LineRange(Exception):
    """Ranges of lines in a file of groups, which spatch reads and we do not."""

    def __init__(self, line: int, text: str) -> None:
        super().__init__(f"{line}: ranges of lines (`{text}`) are not done here")


_COMMENT = late_regex(r"(?:^|(?<=\s))//.*")
_RANGES = late_regex(r":\s*-?\d[\d\s,-]*$")


def share(
    groups: Sequence[tuple[str, ...]], index: int | None, maximum: int | None, modulo: bool
) -> list[tuple[str, ...]]:
    """Return the part of `groups` that process `index` (from 0) of `maximum` takes.

    spatch 1.1.1 cuts seven files in three as 3, 3, 1; with --mod-distrib it deals them out.
    """
    if index is None or maximum is None or maximum < 1:
        return list(groups)
    if modulo:
        return list(groups[index::maximum])
    size = -(-len(groups) // maximum)
    return list(groups[index * size : (index + 1) * size])


class Includes:
    """Finds and keeps the headers that files include."""

    def __init__(
        self,
        folders: Sequence[Path] = (),
        how: str = "types",
        always: Sequence[Path] = (),
        confinement: Confinement | None = None,
    ) -> None:
        """`how` is `no`, `types` or `local` (`#include "x.h"`), `all` (also `<x.h>`) or `recursive`
        (what headers include in turn). `always` are headers that each file is taken to include.
        With a confinement, what a file names outside its folders is taken to be missing.
        """
        self._asked = (tuple(folders), how, tuple(always))
        self._confinement = confinement
        self._folders = folders
        self._local = how != "no"
        self._system = how in ("all", "recursive")
        self._deep = how == "recursive"
        self._always = always
        self._kept: dict[Path, FileSymbols] = {}
        self._size = 0

    def like(self, other: Includes) -> bool:
        """Return whether another one finds the same headers, for files of the same run."""
        return self._asked == other._asked

    def of(self, path: Path, text: bytes) -> list[FileSymbols]:
        """Return the headers that the file at `path` may see, nearest first."""
        self._let_go()
        found = {header: self._read(header) for header in self._always if header.is_file()}
        pending = [(path, text)] if self._local else []
        while pending:
            here, content = pending.pop(0)
            for header in self._named(here, content):
                if header in found:
                    continue
                found[header] = self._read(header)
                if self._deep:
                    pending.append((header, found[header].unit.text))
        return list(found.values())

    def _named(self, path: Path, text: bytes) -> Iterator[Path]:
        for match in _INCLUDE.finditer(text):
            if match[2] is not None and not self._system:
                continue
            name = os.fsdecode(match[1] or match[2])
            for folder in [path.parent, *self._folders]:
                candidate = folder / name
                if candidate.is_file() and self._may_read(candidate):
                    yield candidate
                    break

    def _may_read(self, path: Path) -> bool:
        return self._confinement is None or self._confinement.holds(path)

    def _read(self, path: Path) -> FileSymbols:
        kept = self._kept.pop(path, None)
        if kept is None:
            kept = FileSymbols(Unit(str(path), read_regular(path)))
            self._size += len(kept.unit.text)
        # Those used last stand last.
        self._kept[path] = kept
        return kept

    def _let_go(self) -> None:
        """Let go of headers that no file has included for long, if there are many."""
        while self._size > MOST_KEPT:
            path = next(iter(self._kept))
            self._size -= len(self._kept.pop(path).unit.text)
