# SPDX-License-Identifier: GPL-2.0-only
"""Where the types of a file's expressions are looked up.

In: a text of a tree, one of its files. Out: `ExpressionTypes` over the file and the headers that
it includes itself, besides those that declare what holds flags.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from vmaconv.cocci.types.expression_types import ExpressionTypes
from vmaconv.cocci.types.symbols import FileSymbols
from vmaconv.prove.headers.header_index import HeaderIndex, SourceFile

_INCLUDE = re.compile(rb'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"]', re.MULTILINE)
_ALWAYS = (
    "include/linux/mm_types.h",
    "include/linux/mm.h",
    "include/linux/sched.h",
    "mm/internal.h",
    "mm/vma.h",
)


class TypePlaces:
    """Shares what was read of headers between the files of one text of a tree."""

    def __init__(self, index: HeaderIndex) -> None:
        self._index = index
        self._symbols: dict[str, FileSymbols | None] = {}

    def types(self, file: SourceFile) -> ExpressionTypes:
        """Return where the types of a file's expressions are looked up."""
        paths = dict.fromkeys((*_ALWAYS, *self._included(file)))
        if file.path.startswith("tools/testing/vma"):
            paths = dict.fromkeys(self._index.paths)
        found = [self._of(path) for path in paths]
        return ExpressionTypes(file.unit, [symbols for symbols in found if symbols is not None])

    def _included(self, file: SourceFile) -> list[str]:
        folder = PurePosixPath(file.path).parent
        paths: list[str] = []
        for match in _INCLUDE.finditer(file.text):
            name = match[2].decode(errors="replace")
            if match[1] == b'"':
                paths.append(str(folder / name) if ".." not in name else "")
            paths.append(f"include/{name}")
        return [path for path in paths if path]

    def _of(self, path: str) -> FileSymbols | None:
        if path not in self._symbols:
            file = self._index.file(path)
            self._symbols[path] = FileSymbols(file.unit) if file is not None else None
        return self._symbols[path]
