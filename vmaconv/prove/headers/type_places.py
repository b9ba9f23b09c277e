# SPDX-License-Identifier: GPL-2.0-only
"""Where the types of a file's expressions are looked up.

In: a text of a tree, one of its files. Out: `ExpressionTypes` over the file and the headers that
it includes itself, besides those that declare what holds flags.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.types.expression_types import ExpressionTypes
from vmaconv.prove.headers.header_index import HeaderIndex, SourceFile

_INCLUDE = late_regex(rb'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"\n]+)[>"]', re.MULTILINE)
_ALWAYS = (
    "include/linux/mm_types.h",
    "include/linux/mm.h",
    "include/linux/sched.h",
    "mm/internal.h",
    "mm/vma.h",
)


class TypePlaces:
    """Gives the files of one text of a tree where their types are looked up."""

    def __init__(self, index: HeaderIndex) -> None:
        self._index = index

    def types(self, file: SourceFile) -> ExpressionTypes:
        """Return where the types of a file's expressions are looked up."""
        paths = dict.fromkeys((*_ALWAYS, *self._included(file)))
        if file.path.startswith("tools/testing/vma"):
            paths = dict.fromkeys(self._index.paths)
        found = [self._index.file(path) for path in paths]
        return ExpressionTypes(file.unit, [one.symbols for one in found if one is not None])

    def _included(self, file: SourceFile) -> list[str]:
        folder = PurePosixPath(file.path).parent
        paths: list[str] = []
        for match in _INCLUDE.finditer(file.text):
            name = match[2].decode(errors="replace")
            if match[1] == b'"':
                paths.append(str(folder / name) if ".." not in name else "")
            paths.append(f"include/{name}")
        return [path for path in paths if path]
