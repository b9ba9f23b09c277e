# SPDX-License-Identifier: GPL-2.0-only
"""Masks of flags that a C file defines for itself.

In: the path and text of a C file. Out: the words of such a mask where it is used: with `#define
WANTED (VM_READ | VM_EXEC)` above it, `WANTED` is `VM_READ` and `VM_EXEC`. What these words become is
left to `site`.

A mask turns, so that `WANTED` is a bitmap from then on, or its bits are written out where it is
used. It can only turn where each mention of it does, and none is out of sight: in a file that is
included behind it and names it, or cannot be read, or in one that includes this one. Whether the
mentions in the file turn is known when the rules have run, so they run again if one did not
(`half_turned`, `keep`).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.text.trivia import blank_out
from vmaconv.flags.headers.header_lines import HeaderPlace

_MASK = late_regex(rb"\s*(?:\w+|\(\s*\w+\s*(?:\|\s*\w+\s*)*\))\s*")
_DEFINED = late_regex(rb"#[ \t]*define[ \t]+(\w+)")
_INCLUDE = late_regex(rb"^[ \t]*#[ \t]*include\b", re.MULTILINE)
_INCLUDED = late_regex(rb'[ \t]*#[ \t]*include[ \t]*(?:"([^"\n]+)"|<([^>\n]+)>)')
_OWN = ".c"
"""What a header defines is also used elsewhere."""


class OwnMasks:
    """The masks that one file defines for itself; whether they turn is found out by trying."""

    def __init__(
        self,
        path: str,
        text: bytes,
        is_included: Callable[[str], bool] = lambda _: False,
        read: Callable[[str], bytes | None] = lambda _: None,
    ) -> None:
        """`is_included` says whether another C file includes the one at `path`, `read` gives a file
        of the tree, or None where there is none that can be read.
        """
        self._path = path
        self._read = read
        self._is_included = is_included
        self._is_own = path.endswith(_OWN)
        self._original = text
        self._searched = b""
        self._defined: frozenset[bytes] = frozenset()
        self._text = b""
        self._code = b""
        self._kept: set[str] = set()
        self._turned: set[str] = set()

    def words(self, name: str, text: bytes, offset: int) -> tuple[int, tuple[str, ...]] | None:
        """Return where the mask `name`, used at byte `offset`, is defined, and its words.

        None where it is no mask of this file: there is not exactly one definition, it stands behind
        the use or before an `#include`, which may define it anew, or it is not or-ed names.
        """
        if not self._is_own or not self._may_define(name.encode(), text):
            return None
        if text is not self._text:
            self._text, self._code = text, blank_out(text, strings=True)
        word = re.escape(name.encode())
        every = list(
            re.finditer(rb"(?m)^[ \t]*#[ \t]*(?:define|undef)[ \t]+" + word + rb"\b", self._code)
        )
        if len(every) != 1 or (at := every[0].end()) > offset:
            return None
        body = re.compile(rb"(?:[^\\\n]|\\\r?\n)*").match(self._code, at)
        if body is None or _INCLUDE.search(self._code, at, offset):
            return None
        code = body[0].replace(b"\\\r\n", b" ").replace(b"\\\n", b" ")
        if not code[:1].isspace() or not _MASK.fullmatch(code.rstrip(b"\r")):
            return None
        return at, tuple(found.decode() for found in re.findall(rb"\w+", code))

    def redefined(self, name: str, text: bytes) -> HeaderPlace | None:
        """Return where a C file gives a name of the headers a meaning of its own, or None."""
        if not self._is_own or not self._may_define(name.encode(), text):
            return None
        code = blank_out(text, strings=True)
        word = re.escape(name.encode())
        found = re.search(rb"(?m)^[ \t]*#[ \t]*define[ \t]+" + word + rb"\b", code)
        if found is None:
            return None
        return HeaderPlace(self._path, code.count(b"\n", 0, found.start()) + 1)

    def _may_define(self, name: bytes, text: bytes) -> bool:
        """Whether a line of `text` looks as if it defined a macro; most words have none."""
        if text is not self._searched:
            self._searched, self._defined = text, frozenset(_DEFINED.findall(text))
        return name in self._defined

    def turns(self, name: str) -> bool:
        """Whether a mask becomes a bitmap, as far as is known; to ask is to try."""
        if name in self._kept or self._is_included(self._path):
            return False
        self._turned.add(name)
        return True

    def turned(self) -> frozenset[bytes]:
        """Return the masks that have been taken for ones that turn."""
        return frozenset(name.encode() for name in self._turned)

    def is_turned(self, name: str) -> bool:
        """Whether a mask has been taken for one that turns."""
        return name in self._turned

    def half_turned(self, forward: Callable[[int], int | None], after: bytes) -> set[str]:
        """Return the masks of which only some mentions, or the definition alone, have changed.

        `forward` says where a byte of the original is in the text `after`, None where it was replaced.
        """
        if not self._turned:
            return set()
        code = blank_out(self._original, strings=True)
        new = blank_out(after, strings=True)
        return {
            name for name in self._turned if not self._is_whole(name.encode(), code, new, forward)
        }

    def keep(self, names: Iterable[str]) -> None:
        """Let masks stay what they are, and begin anew."""
        self._kept.update(names)
        self._turned.clear()

    def _is_whole(
        self, name: bytes, before: bytes, after: bytes, forward: Callable[[int], int | None]
    ) -> bool:
        """Whether all mentions of a mask have changed, its definition, too, or none has."""
        word = re.compile(rb"\b" + re.escape(name) + rb"\b")
        define = re.search(rb"(?m)^[ \t]*#[ \t]*define[ \t]+" + re.escape(name) + rb"\s*", before)
        if define is None:
            return False
        places = [found.start() for found in word.finditer(before)]
        uses = [at for at in places if at > define.end()]
        changed = {forward(at) is None for at in (*uses, define.end())}
        if changed == {False}:
            return True
        if changed != {True} or places[0] < define.start() or len(word.findall(after)) < 2:
            return False
        behind = _INCLUDE.finditer(before, define.end())
        return not any(self._may_mention(found.start(), word) for found in behind)

    def _may_mention(self, offset: int, word: re.Pattern[bytes]) -> bool:
        """Whether what the `#include` at an offset of the original names may have a word."""
        found = _INCLUDED.match(self._original, offset)
        if found is None:
            return True
        beside = self._path.rpartition("/")[0]
        folder, name = (beside, found[1]) if found[1] is not None else ("include", found[2])
        text = self._read(f"{folder}/{name.decode(errors='replace')}".removeprefix("/"))
        return text is None or word.search(text) is not None
