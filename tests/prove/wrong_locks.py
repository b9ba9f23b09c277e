# SPDX-License-Identifier: GPL-2.0-only
"""Wrong conversions around the lock of a VMA.

In: a file before and after a conversion. Out: `Mutant`s: in each function that changed, at each place
where a VMA is locked for writing, or said to be, or where its flags are set, one thing is wrong: the
lock is lost, late, of another VMA, or taken only sometimes, or the flags are set only sometimes.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from wrong_edits import Mutant, changed_ranges

from vmaconv.prove.headers.header_index import SourceFile

_LOCK = re.compile(
    rb"(?<=\n)(\t+)((?:vma_start_write|vma_assert_write_locked|vma_start_read|vma_end_read"
    rb"|mmap_(?:read|write)_(?:un)?lock|mmap_assert_write_locked)\w*\(([^;{}]*)\);\n)"
)
_SETTER = re.compile(
    rb"(?<=\n)(\t+)((?:vma|vm|vma_flags)_(?:flags_)?(?:set|clear|mod|reset|init)\w*\([^;{}]*\);\n)"
)
_WORD = re.compile(rb"(?<=\n)(\t+)((?:\w+->)+(?:__)?(?:vm_flags|flags) [|&]?= [^;{}]*;\n)")
_NEXT = re.compile(rb"(\t+)([^\n;{}#]*(?:\n\t+[^\n;{}#]*)*;\n)")
_OBJECT = re.compile(rb"\bstruct vm_area_struct \*(?:\w+, \*)*(\w+)")


def mutants(path: str, before: bytes, after: bytes) -> Iterator[Mutant]:
    """Yield the wrong texts."""
    changed = changed_ranges(before, after)
    for name, spots in SourceFile(path, after).spots.items():
        for spot in spots:
            if not any(a < spot.end and spot.start < b for a, b in changed):
                continue
            code = after[spot.start : spot.end]
            if re.search(rb"\.mmap\s*=\s*%s\b" % re.escape(name.encode()), after):
                # Nobody else sees the VMA of a hook yet: locking it is nothing.
                continue
            for kind, start, end, text in _wrong(code):
                made = after[: spot.start + start] + text + after[spot.start + end :]
                if made != after:
                    yield Mutant(kind, name, made)


Made = tuple[str, int, int, bytes]
"""A kind, the bytes [start, end) that are wrong, and what stands there."""


def _reaches_others(statement: bytes) -> bool:
    """Whether a statement does what others can see, as the assignment of a local is not."""
    return b"(" in statement and not statement.startswith(b"return")


def _wrong(code: bytes) -> Iterator[Made]:
    objects = [m[1] for m in _OBJECT.finditer(code)]
    for m in _LOCK.finditer(code):
        indent, line, given = m.groups()
        start, end = m.span()
        yield "a lock lost", start, end, b""
        yield "a lock sometimes", start, end, b"%sif (jiffies & 1)\n\t%s" % (indent, m[0])
        yield (
            "a lock not first",
            start,
            end,
            b"%sif (jiffies & 1)\n%s\treturn;\n%s"
            % (
                indent,
                indent,
                m[0],
            ),
        )
        after = _NEXT.match(code, end)
        if after is not None and after[1] == indent and _reaches_others(after[2]):
            yield "a lock too late", start, after.end(), after[0] + m[0]
        for other in objects:
            if given != other and re.fullmatch(rb"\w+", given) and given in objects:
                text = b"%s%s" % (indent, line.replace(b"(%s)" % given, b"(%s)" % other))
                yield "another VMA locked", start, end, text
        if b"start_write" in line:
            asserted = b"%svma_assert_write_locked(%s);\n" % (indent, given)
            yield "an assertion for a lock", start, end, asserted
    for pattern in (_SETTER, _WORD):
        for m in pattern.finditer(code):
            yield "a setter lost", m.start(), m.end(), b""
            text = b"%sif (jiffies & 1)\n\t%s" % (m[1], m[0].replace(b"\n\t", b"\n\t\t"))
            yield "a setter sometimes", m.start(), m.end(), text
            follows = _NEXT.match(code, m.end())
            if follows is not None and follows[1] == m[1] and follows[2].startswith(b"return"):
                yield "a setter too late", m.start(), follows.end(), follows[0] + m[0]
