# SPDX-License-Identifier: GPL-2.0-only
"""Headers that come before a helper is declared.

In: a tree whose `include/linux/mm.h` declares helpers. Out: whether code in a header may call one of them:
what `mm.h` includes above the declaration, and what that includes, is compiled before it, whatever it
includes itself. Each `#include` counts, whatever condition it stands under; `<asm/...>` is looked up in the
architecture of the header that is asked about, and in some others for one that all architectures share.
A macro's body is compiled where the macro is used, and is not asked about here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.text.tree_file import TreeReader
from vmaconv.cocci.text.word_places import lines_matching
from vmaconv.flags.headers.architecture import architecture_of

HEADER = "include/linux/mm.h"
"""Where the helpers are declared (include/linux/mm.h:1347 of 7.2)."""

_INCLUDE = late_regex(rb"^[ \t]*#[ \t]*include[ \t]*([<\"])([^>\"\n]+)[>\"]", re.MULTILINE)
_SHARED = ("x86", "arm64")
"""Architectures whose headers stand for all."""


class EarlyHeaders:
    """Which headers of a tree are compiled before `mm.h` declares a helper."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._text: bytes | None = None
        self._includes: dict[str, list[tuple[bytes, str]]] = {}
        self._is_file: dict[str, bool] = {}
        self._early: dict[tuple[int, str], frozenset[str]] = {}
        self._declared: dict[bytes, int | None] = {}

    def comes_before(self, path: str, text: bytes, offset: int, helper: bytes) -> bool:
        """Whether code at byte `offset` of the file at `path`, whose text is given, is compiled before
        the declaration of a helper; False where `mm.h` does not declare it.
        """
        if not path.endswith(".h"):
            return False
        if path == HEADER:
            own = declared_at(text, helper)
            return own is not None and offset < own
        at = self._declared_at(helper)
        return at is not None and path in self._before(at, path)

    def is_early(self, path: str, helpers: Iterable[str]) -> bool:
        """Whether a header is compiled before `mm.h` declares the last of some helpers."""
        places = (self._declared_at(helper.encode()) for helper in helpers)
        last = max((at for at in places if at is not None), default=None)
        return last is not None and path in self._before(last, path)

    def _declared_at(self, helper: bytes) -> int | None:
        """Return where `mm.h` declares a helper, or None."""
        if helper not in self._declared:
            self._declared[helper] = declared_at(self._header(), helper)
        return self._declared[helper]

    def _header(self) -> bytes:
        if self._text is None:
            with TreeReader(self._root) as reader:
                self._text = _read(reader, HEADER)
        return self._text

    def _before(self, at: int, path: str) -> frozenset[str]:
        """Return what is included above byte `at` of `mm.h`, as seen for a header's architecture."""
        own = architecture_of(path)
        first = _includes_of(self._header(), at)
        key = len(first), own
        if key not in self._early:
            self._early[key] = frozenset(self._closure(first, (own,) if own else _SHARED))
        return self._early[key]

    def _closure(self, first: list[tuple[bytes, str]], machines: tuple[str, ...]) -> set[str]:
        seen = {HEADER}
        waiting = [path for one in first for path in self._found(HEADER, *one, machines)]
        with TreeReader(self._root) as reader:
            while waiting:
                path = waiting.pop()
                if path in seen:
                    continue
                seen.add(path)
                includes = self._included(path, reader)
                waiting += (p for one in includes for p in self._found(path, *one, machines))
        return seen - {HEADER}

    def _included(self, path: str, reader: TreeReader) -> list[tuple[bytes, str]]:
        known = self._includes.get(path)
        if known is None:
            known = self._includes[path] = _includes_of(_read(reader, path))
        return known

    def _found(
        self, user: str, quote: bytes, name: str, machines: tuple[str, ...]
    ) -> Iterable[str]:
        """Yield what an `#include` of `name` in the file `user` may be."""
        if quote == b'"' and self._has(beside := f"{user.rpartition('/')[0]}/{name}"):
            yield beside
            return
        if not name.startswith("asm/"):
            places = (f"include/{name}", f"include/uapi/{name}")
            yield from filter(self._has, places)
            return
        for machine in machines:
            folder, shared = f"arch/{machine}/include", f"include/asm-generic/{name[4:]}"
            own = (f"{folder}/{name}", f"{folder}/uapi/{name}", shared)
            yield from [p for p in own if self._has(p)][:1]

    def _has(self, path: str) -> bool:
        if path not in self._is_file:
            self._is_file[path] = (self._root / path).is_file()
        return self._is_file[path]


def _includes_of(text: bytes, end: int | None = None) -> list[tuple[bytes, str]]:
    """Return the quote and the name of each `#include` of a text, up to an offset.

    >>> _includes_of(b'#include <a.h>\\n # include "include.h" // include\\n')
    [(b'<', 'a.h'), (b'"', 'include.h')]
    """
    lines = lines_matching(_INCLUDE, b"include", text, end)
    return [(line[1], line[2].decode(errors="replace")) for line in lines]


def _read(reader: TreeReader, path: str) -> bytes:
    try:
        return reader.read(path)
    except OSError:
        return b""


def declared_at(text: bytes, helper: bytes) -> int | None:
    """Return where a header declares a function or macro, at the start of a line; None if it does not.

    >>> declared_at(b"int f(void);\\n#define g(x) f()\\n", b"g")
    13
    """
    name = re.escape(helper)
    found = re.search(
        rb"^(?:[ \t]*#[ \t]*define[ \t]+|(?![ \t#*/])[^\n;{}()=]*\b)" + name + rb"\(",
        text,
        re.MULTILINE,
    )
    return found.start() if found is not None else None
