# SPDX-License-Identifier: GPL-2.0-only
"""Cutting a C file into its top-level stretches.

In: the bytes of a file. Out: byte ranges that cover it, each ending after a function body (or
another brace block) at file level. A stretch is parsed only when somebody looks at it, and a syntax
error in one does not reach its neighbours.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from vmaconv.cocci.text.byte_before import byte_before
from vmaconv.cocci.text.c_lexer import BLOCK_COMMENT, LINE_COMMENT
from vmaconv.cocci.text.late_regex import late_regex

_COMMENT = BLOCK_COMMENT.decode()
_TOKEN = late_regex(
    rf"""
      "[^"\\\n]*+(?:\\.[^"\\\n]*+)*+"?
    | '[^'\\\n]*+(?:\\.[^'\\\n]*+)*+'?
    | {_COMMENT}
    | {LINE_COMMENT.decode()}
    | \n[ \t]*\#[ \t]*(?P<directive>\w*)[^\\\n/]*+(?:(?:\\.|/(?!\*)|{_COMMENT})[^\\\n/]*+)*+
    | \{{
    | \}}
    """.encode(),
    re.VERBOSE | re.DOTALL | re.MULTILINE,
)
_OPENS, _CLOSES = b"{}"
_CONDITIONAL = {b"if": 1, b"ifdef": 1, b"ifndef": 1, b"else": 0, b"elif": 0, b"endif": -1}
_TYPE_HEAD = late_regex(rb"\b(?:struct|union|enum)\s+(?:\w+\s+)*\Z")
_TYPE_HEAD_LENGTH = 200
_DECLARATOR = late_regex(rb"\s*[*;,=\[]")
"""What goes on a declaration whose type has ended."""

_REST_OF_LINE = late_regex(rb"[ \t]*(?:/\*[^\n]*?\*/[ \t]*)?\r?\n")


def cut(text: bytes) -> list[tuple[int, int]]:
    """Cut `text` into ranges that cover it; each but the last ends after a closing brace's line.

    Braces are counted outside comments, strings and directives, and each arm of a conditional
    starts at the depth of its `#if`. Nothing is cut inside a conditional whose arms do not balance.

    >>> cut(b"int a;\\nint f(void)\\n{\\n}\\nint g(void)\\n{\\n}\\n")
    [(0, 23), (23, 39)]
    """
    ends: list[int] = []
    depth = opened = 0
    # For each open conditional: depth at its #if, how many cuts were known there, whether it
    # balances.
    conditionals: list[tuple[int, int, bool]] = []
    # Each way of `_TOKEN` begins with a byte of its own, which makes the search fast: a directive with
    # the end of the line before it, that of the first line with one that is not in the text.
    lines = b"\n" + text
    for match in _TOKEN.finditer(lines):
        first = lines[match.start()]
        if first == _OPENS:
            opened = match.start() - 1 if depth == 0 else opened
            depth += 1
        elif first == _CLOSES:
            depth = max(depth - 1, 0)
            if depth == 0:
                rest = _REST_OF_LINE.match(lines, match.end())
                if rest is not None and not _goes_on(text, opened, rest.end() - 1):
                    ends.append(rest.end() - 1)
        elif (step := _CONDITIONAL.get(match["directive"] or b"")) is not None:
            if step == 1:
                conditionals.append((depth, len(ends), True))
            elif conditionals:
                start_depth, known, balanced = conditionals.pop()
                balanced = balanced and depth == start_depth
                if step == 0:
                    conditionals.append((start_depth, known, balanced))
                    depth = start_depth
                elif not balanced:
                    del ends[known:]
    return _ranges(ends, len(text))


Change = tuple[int, int, int]
"""Bytes [start, end) of a text became so many bytes."""


def recut(
    ranges: Sequence[tuple[int, int]], before: bytes, after: bytes, changes: Sequence[Change]
) -> list[tuple[int, int]] | None:
    r"""Return what `cut(after)` would, from the `ranges` of `before`, or None if it has to be asked.

    `changes` are in order. Those that lie within braces, and neither hold nor hide nor uncover a brace
    or a directive, move the cuts and do nothing else.

    >>> before = b"int f(void)\n{\n\tg(1);\n}\nint a;\n"
    >>> recut(cut(before), before, before.replace(b"1", b"123"), [(17, 18, 3)])
    [(0, 25), (25, 32)]
    """
    found: list[tuple[int, int]] = []
    moved = index = 0
    for start, end in ranges:
        begun, first = start + moved, index
        while index < len(changes) and changes[index][0] < end:
            a, b, length = changes[index]
            new = after[a + moved : a + moved + length]
            if b > end or byte_before(before, a) == b"/" or _TELLING.search(before[a:b] + new):
                return None
            moved += length - (b - a)
            index += 1
        own = changes[first:index]
        if own and not _same_frame(before[start:end], after[begun : end + moved], start, own):
            return None
        found.append((begun, end + moved))
    return found if index == len(changes) else None


_TELLING = late_regex(rb"[{}#\"'/\\]")
"""What makes, or hides, a brace or a directive."""


def _same_frame(old: bytes, new: bytes, base: int, changes: Sequence[Change]) -> bool:
    """Whether the changes (`old` begins at byte `base`) are in braces, and no brace or directive is new."""
    frame = list(_frame(old))
    if [mark for mark, _, _ in frame] != [mark for mark, _, _ in _frame(new)]:
        return False
    depth = index = 0
    for mark, start, end in frame:
        while index < len(changes) and changes[index][0] - base < end:
            if depth < 1 or changes[index][1] - base > start:
                return False
            index += 1
        depth += {b"{": 1, b"}": -1}.get(mark, 0)
        if depth < 0:
            return False
    return depth == 0 and index == len(changes)


def _frame(text: bytes) -> Iterator[tuple[bytes, int, int]]:
    """Yield the braces and directives of a text, and where they begin and end."""
    for match in _TOKEN.finditer(b"\n" + text):
        mark = match[0][:1]
        if mark in (b"{", b"}"):
            yield mark, match.start() - 1, match.end() - 1
        elif mark == b"\n":
            yield b"#" + match["directive"], match.start() - 1, match.end() - 1


def _goes_on(text: bytes, opened: int, end: int) -> bool:
    r"""Whether what a brace at `opened` began goes on behind the line that ends at `end`.

    `struct foo { ... }`, and `*first;` in the line below.
    """
    if _DECLARATOR.match(text, end) is not None:
        return True
    head = text[max(opened - _TYPE_HEAD_LENGTH, 0) : opened] + b" "
    if b"struct" not in head and b"union" not in head and b"enum" not in head:
        return False
    return _TYPE_HEAD.search(head) is not None


def _ranges(ends: list[int], length: int) -> list[tuple[int, int]]:
    ranges: list[tuple[int, int]] = []
    start = 0
    for end in ends:
        ranges.append((start, end))
        start = end
    if start < length or not ranges:
        ranges.append((start, length))
    return ranges
