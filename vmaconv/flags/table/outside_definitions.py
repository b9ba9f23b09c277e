# SPDX-License-Identifier: GPL-2.0-only
"""Words that `mm.h` uses or guards, and other headers define.

In: a tree, and what `mm.h` defines. Out: the lines elsewhere that define a word, found by one search
for all such words, when the first is asked for. What they mean for the word is left to `flag_table`.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from vmaconv.flags.headers.header_lines import Define, search_headers
from vmaconv.flags.table.definition_terms import NamedWord
from vmaconv.flags.table.flag_definitions import FLAG_NAME, HEADER, Definition, asks_for


class OutsideDefinitions:
    """What other headers than `mm.h` define of the words that it leaves to them."""

    def __init__(self, root: Path, lines: Mapping[str, tuple[Definition, ...]]) -> None:
        self._root = root
        self._lines = lines
        self._found: dict[str, tuple[Define, ...]] | None = None

    def read(self) -> None:
        """Search the tree's headers, if that is not done yet."""
        if self._found is None:
            self._found = search_headers(self._root, tuple(self._left()))

    def of(self, name: str) -> tuple[Define, ...]:
        """Return the lines that define a word outside `mm.h`, if `mm.h` uses or guards it."""
        if self._found is None:
            if name not in self._left():
                return ()
            self.read()
        found = (self._found or {}).get(name, ())
        return tuple(line for line in found if line.place.path != HEADER)

    def _left(self) -> dict[str, None]:
        """Return the flags' words that `mm.h` uses and does not define, or guards."""
        return {
            word: None
            for known, definitions in self._lines.items()
            for definition in definitions
            for word in (known, *(t.name for t in definition.terms if isinstance(t, NamedWord)))
            if FLAG_NAME.fullmatch(word)
            and (word not in self._lines or asks_for(word, definition.condition))
        }
