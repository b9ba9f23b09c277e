"""Which files a command line means, and which local headers a file includes.

In: file names, folders, options. Out: groups of paths, sorted as spatch takes them; units of
headers.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from pathlib import Path

from vmaconv.source.types import FileSymbols
from vmaconv.source.unit import Unit

_INCLUDE = re.compile(rb'^[ \t]*#[ \t]*include[ \t]*(?:"([^"\n]+)"|<([^>\n]+)>)', re.MULTILINE)


def in_folders(folders: Sequence[Path], ignore: Sequence[str], headers: bool) -> list[Path]:
    """Return the C files below folders, sorted; `headers` takes header files, too."""
    endings = (".c", ".h") if headers else (".c",)
    found: list[Path] = []
    for folder in folders:
        for top, subfolders, names in os.walk(folder):
            subfolders[:] = sorted(n for n in subfolders if n != ".git")
            found += [Path(top, n) for n in sorted(names) if n.endswith(endings)]
    kept = [p for p in found if not any(str(p).startswith(prefix) for prefix in ignore)]
    return [p for p in kept if p.is_file()]


def share(files: Sequence[Path], index: int | None, maximum: int | None) -> list[Path]:
    """Return the part of `files` that process `index` of `maximum` takes."""
    if index is None or maximum is None or maximum < 1:
        return list(files)
    return [path for i, path in enumerate(files) if i % maximum == index]


class Includes:
    """Finds and keeps the headers that files include."""

    def __init__(self, folders: Sequence[Path], local: bool, system: bool, deep: bool) -> None:
        """`local` takes `#include "x.h"`, `system` also `<x.h>`, `deep` what headers include in
        turn.
        """
        self._folders = folders
        self._local = local
        self._system = system
        self._deep = deep
        self._kept: dict[Path, FileSymbols] = {}

    def of(self, path: Path, text: bytes) -> list[FileSymbols]:
        """Return the headers that the file at `path` may see, nearest first."""
        if not self._local:
            return []
        found: dict[Path, FileSymbols] = {}
        pending = [(path, text)]
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
                if candidate.is_file():
                    yield candidate
                    break

    def _read(self, path: Path) -> FileSymbols:
        kept = self._kept.get(path)
        if kept is None:
            kept = self._kept[path] = FileSymbols(Unit(str(path), path.read_bytes()))
        return kept
