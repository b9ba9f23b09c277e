# SPDX-License-Identifier: GPL-2.0-only
"""Which VMAs nobody else can see yet: those of `.mmap` hooks, which run before the VMA is inserted.

In: a function's name and file. Out: whether all that leads to the function is a `.mmap` hook: it is one
itself, or is only called by such, with their own VMA (mm/vma.c calls the hook before it links the VMA
into the tree). Read from the text; where in doubt, no.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from vmaconv.prove.headers.function_spots import Spot
from vmaconv.prove.headers.header_index import HeaderIndex, SourceFile

_HOOK = re.compile(rb"\.\s*mmap\s*=\s*\Z")
_STATIC = re.compile(rb"\bstatic\b")
_SOURCES = ("*.c", "*.h", ":(exclude)tools", ":(exclude)Documentation")
_DEPTH = 3
"""How many functions may stand between a hook and the one that is asked for."""
_FILES_MOST = 16
"""Files that may mention a function which others than its own can call."""


def is_only_for_hooks(name: str, file: SourceFile, index: HeaderIndex, depth: int = 0) -> bool:
    """Return whether a function's VMA is always that of a `.mmap` hook."""
    spots = file.spots.get(name, ())
    if not spots or depth > _DEPTH:
        return False
    files = [file]
    if not all(_STATIC.search(file.text, spot.start, spot.body) for spot in spots):
        paths = index.tree.files_with([name], _SOURCES)
        if len(paths) > _FILES_MOST:
            return False
        files += [f for p in paths if p != file.path and (f := index.file(p)) is not None]
    found = [use for one in files for use in _uses(name, one, index, depth)]
    return bool(found) and all(found)


def _uses(name: str, file: SourceFile, index: HeaderIndex, depth: int) -> Iterator[bool]:
    """Yield of each use of a function in a file whether it is by a hook; declarations are none."""
    for match in re.finditer(rb"\b%s\b" % re.escape(name.encode()), file.clean):
        caller = _around(file, match.start())
        if caller is None:
            if _HOOK.search(file.clean, 0, match.start()):
                yield True
            elif not _is_declaration(file.clean, match.end()):
                yield False
        elif match.start() >= caller.body:
            yield _hands_on_its_own(file, caller, match.end()) and is_only_for_hooks(
                caller.name, file, index, depth + 1
            )


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
