# SPDX-License-Identifier: GPL-2.0-only
"""The files that rule files run over, each read and parsed once.

In: paths, and the names of macros that a rule file declares. Out: `UnitItems`. Of the files at hand all
is kept until the next ones come, of the headers that they include the ones used last, since the next
files will include some of them, too.
"""

from __future__ import annotations

import gc
from pathlib import Path

from vmaconv.cocci.engine.stretches import UnitItems
from vmaconv.cocci.shim.macros import MacroNames
from vmaconv.cocci.text.tree_file import read_regular
from vmaconv.cocci.tree.unit import Unit

Key = tuple[str, MacroNames]

_COLLECT_AFTER = 8
"""So many groups of files are gone through until garbage is looked for."""

MOST_HEADERS = 1 << 20
"""Bytes of headers that are kept from one group of files to the next; trees take a hundred times that."""


class Units:
    """The files at hand, whatever the number of rule files that run over them."""

    def __init__(self) -> None:
        self._texts: dict[str, bytes] = {}
        self._items: dict[Key, UnitItems] = {}
        self._asked: dict[Key, UnitItems] = {}
        """The same, by all names that were given: which of them a text holds is found out once."""
        self._headers: dict[Key, UnitItems] = {}
        """Those used last stand last."""
        self._groups = 0

    def forget(self) -> None:
        """Go on to other files: what was found in those so far may no longer be looked at."""
        for items in self._items.values():
            items.unit.release()
        self._texts.clear()
        self._items.clear()
        self._asked.clear()
        kept = sum(len(items.unit.text) for items in self._headers.values())
        for key, items in list(self._headers.items()):
            if kept <= MOST_HEADERS:
                break
            kept -= len(items.unit.text)
            items.unit.release()
            del self._headers[key]
        self._groups += 1
        if self._groups % _COLLECT_AFTER == 0:
            # What is older is mostly the rules' own.
            gc.collect(1)

    def text(self, path: str) -> bytes:
        """Return what a file holds; raises OSError."""
        if path not in self._texts:
            self._texts[path] = read_regular(Path(path))
        return self._texts[path]

    def of(self, path: str, names: MacroNames) -> UnitItems:
        """Return a file, read with the names of macros that a rule file declares."""
        known = self._asked.get((path, names))
        if known is not None:
            return known
        text = self.text(path)
        key = (path, names.within(text))
        if key not in self._items:
            self._items[key] = UnitItems(Unit(path, text, key[1]))
        self._asked[path, names] = self._items[key]
        return self._items[key]

    def header(self, path: str, text: bytes, names: MacroNames) -> UnitItems:
        """Return a header that files at hand include."""
        key = (path, names.within(text))
        items = self._headers.pop(key, None)
        if items is None:
            items = UnitItems(Unit(path, text, key[1]))
        self._headers[key] = items
        return items
