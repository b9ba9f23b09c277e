# SPDX-License-Identifier: GPL-2.0-only
"""The search for the files of an account: those with a use, and those that use macros with one.

In: a tree and words. Out: the files that hold one of the words, or the name of a macro whose body has a
use. Macros that many files share stand in headers: those where most of them are (`SHARED`) are searched
first, and then all files for the words and the macros at once, and for C files that include others, which
conversions with macros ask for. Without macros there is one search.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from vmaconv.cocci.text.census import SUFFIXES, Census, Oddity
from vmaconv.cocci.text.files import Search
from vmaconv.cocci.text.tree_file import read_sources

SHARED = ("arch", "include", "mm")
"""The folders whose headers are searched for macros first: a third of a tree's, and a sixth of the time.
For a macro of another header, whoever wants its users has to search once more."""


class UseSearch:
    """A search that is under way; it runs beside whatever is done until `result` is asked for."""

    def __init__(self, root: Path, words: Sequence[str], for_macros: bool) -> None:
        """Look for the files of `root` that hold one of `words`.

        `for_macros` begins with the headers: `go_on` has to be called. Raises `SourceError` where
        `root` cannot be read.
        """
        self._root = root
        self._words = list(words)
        self._headers = (
            Search(root, words, SHARED, suffixes=(".h",), walked=SUFFIXES) if for_macros else None
        )
        self._search = None if for_macros else Search(root, words)
        self._macros: frozenset[bytes] = frozenset()
        self._going_on: threading.Thread | None = None
        self._error: Exception | None = None

    def go_on(self, macros_in: Callable[[Mapping[str, bytes | None]], Iterable[bytes]]) -> None:
        """Search all files, for the macros too that `macros_in` finds in the headers' texts.

        Does not wait for the headers, and does nothing where macros are not asked for.
        """
        headers = self._headers
        if headers is None or self._going_on is not None:
            return
        # Loaded by now, which it is not when the search of the headers begins.
        from vmaconv.flags.sites.kbuild import INCLUDE_ENDS

        def search_all() -> None:
            try:
                texts = read_sources(self._root, headers.listed())
                self._macros = frozenset(macros_in(texts))
                self._words += sorted(name.decode() for name in self._macros)
                words = [*self._words, *INCLUDE_ENDS]
                self._search = Search(self._root, words, beside=headers, lines=True)
            except Exception as error:  # Whoever waits is told.
                self._error = error

        self._going_on = threading.Thread(target=search_all, daemon=True)
        self._going_on.start()

    def result(self) -> list[str]:
        """Wait for the search and return the paths, sorted."""
        whole = self._whole
        return whole.result() if self._headers is None else whole.holding(self._words)

    def lines(self) -> Mapping[str, bytes]:
        """Return the lines that hold a word or a macro, whole ones, by path, as far as they are known."""
        return {} if self._headers is None else self._whole.lines()

    def including(self) -> Mapping[str, bytes] | None:
        """Return what `Kbuild.know` takes of the C files that include others, where it was searched for."""
        from vmaconv.flags.sites.kbuild import INCLUDE_ENDS

        whole = self._whole
        if self._headers is None:
            return None
        lines, holders = whole.lines(), whole.holding(INCLUDE_ENDS)
        read = read_sources(self._root, [path for path in holders if path not in lines])
        return {path: lines.get(path) or read[path] or b"" for path in holders}

    @property
    def macros(self) -> frozenset[bytes]:
        """The macros of shared headers, whose users are among the files."""
        self._wait()
        return self._macros

    def census(self) -> Census:
        """Wait for the walk over the tree's folders and return what it found."""
        return self._whole.census()

    def oddities(self) -> Iterator[Oddity]:
        """Yield what lies in the tree and is not read."""
        return self._whole.oddities()

    @property
    def _whole(self) -> Search:
        self._wait()
        assert self._search is not None, "go_on() comes first"
        return self._search

    def _wait(self) -> None:
        if self._going_on is not None:
            self._going_on.join()
        if self._error is not None:
            raise self._error
