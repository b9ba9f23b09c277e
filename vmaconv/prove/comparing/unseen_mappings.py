# SPDX-License-Identifier: GPL-2.0-only
"""Which VMAs nobody else can see yet: those of `.mmap` hooks, which run before the VMA is inserted.

In: a function's name and file. Out: whether all that leads to the function is a `.mmap` hook: it is one
itself, or is only called by such, with their own VMA (mm/vma.c calls the hook before it links the VMA
into the tree). Read from the text; where in doubt, no.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.prove.headers.function_spots import Spot
from vmaconv.prove.headers.header_index import HeaderIndex, SourceFile

_HOOK = late_regex(rb"\.\s*mmap\s*=\s*\Z")
_TABLE = late_regex(rb"\bstruct\s+(\w+)\s+\w+[^;={}]*=\s*\{")
_TABLES = (b"file_operations", b"proto_ops")
"""Whose `.mmap` is called for a VMA that is not linked yet (mm/vma.c; net/socket.c for sockets)."""
_TABLE_MOST = 8_000
"""How far above a member its table is looked for."""
_STATIC = late_regex(rb"\bstatic\b")
_SOURCES = ("*.c", "*.h", ":(exclude)tools", ":(exclude)Documentation")
_DEPTH = 3
"""How many functions may stand between a hook and the one that is asked for."""
_FILES_MOST = 16
"""Files that may mention a function which others than its own can call."""


class HookFunctions:
    """Says which functions only run for `.mmap` hooks; each is looked for once."""

    def __init__(self, index: HeaderIndex) -> None:
        self._index = index
        self._known: dict[tuple[str, str], bool] = {}

    def is_one(self, name: str, file: SourceFile, depth: int = 0) -> bool:
        """Return whether a function's VMA is always that of a `.mmap` hook."""
        key = (file.path, name)
        if key not in self._known:
            # A function that leads to itself is none.
            self._known[key] = False
            self._known[key] = self._look(name, file, depth)
        return self._known[key]

    def _look(self, name: str, file: SourceFile, depth: int) -> bool:
        spots = file.spots.get(name, ())
        if not spots or depth > _DEPTH:
            return False
        files = [file]
        if not all(_STATIC.search(file.text, spot.start, spot.body) for spot in spots):
            if "mmap" not in name:
                # To look for it in the whole tree takes long, and a hook is called so.
                return False
            paths = self._index.tree.files_with([name], _SOURCES)
            if len(paths) > _FILES_MOST:
                return False
            others = (self._index.file(path) for path in paths if path != file.path)
            files += [one for one in others if one is not None]
        found = [use for one in files for use in self._uses(name, one, depth)]
        return bool(found) and all(found)

    def _uses(self, name: str, file: SourceFile, depth: int) -> Iterator[bool]:
        """Yield of each use in a file whether it is by a hook; declarations are none."""
        for match in re.finditer(rb"\b%s\b" % re.escape(name.encode()), file.clean):
            caller = _around(file, match.start())
            if caller is None:
                if _HOOK.search(file.clean[max(match.start() - 40, 0) : match.start()]):
                    yield _table_of(file.clean, match.start()) in _TABLES
                elif not _is_declaration(file.clean, match.end()):
                    yield False
            elif match.start() >= caller.body:
                yield _hands_on_its_own(file, caller, match.end()) and self.is_one(
                    caller.name, file, depth + 1
                )


def _table_of(clean: bytes, at: int) -> bytes:
    """Return the tag of the struct that the initialiser around a place is for, or nothing."""
    found = [m[1] for m in _TABLE.finditer(clean, max(at - _TABLE_MOST, 0), at)]
    return found[-1] if found else b""


def _around(file: SourceFile, at: int) -> Spot | None:
    """Return the function, its head included, that a place stands in."""
    for spots in file.spots.values():
        for spot in spots:
            if spot.start <= at < spot.end:
                return spot
    return None


def _is_declaration(clean: bytes, end: int) -> bool:
    """Return whether a name at file level is that of a prototype."""
    arguments = re.compile(rb"\s*\([^{}]*?\)[^{};]*;").match(clean, end)
    return arguments is not None and b"*" in arguments[0]


def _hands_on_its_own(file: SourceFile, caller: Spot, end: int) -> bool:
    """Return whether a call hands on a VMA that the caller was given."""
    head = file.clean[caller.start : caller.body]
    given = re.findall(rb"\bstruct\s+vm_area_struct\s*\*\s*(\w+)", head)
    call = re.compile(rb"\s*\(([^();]*)\)").match(file.clean, end)
    if call is None or len(given) != 1:
        return False
    handed = [one.strip() for one in call[1].split(b",")]
    changed = rb"(?<![\w>.])%s\s*=(?!=)" % re.escape(given[0])
    return given[0] in handed and not re.search(changed, file.clean[caller.body : caller.end])
