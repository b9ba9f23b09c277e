# SPDX-License-Identifier: GPL-2.0-only
"""Lines of a macro's body, each of which ends in a backslash.

In: a text, edits in it or byte ranges that edits wrote, and where its `#define` lines are. Out: edits
whose new lines are lines of the macro, too, and edits that set the backslashes of written lines below
those of their neighbours.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from vmaconv.cocci.rewrite.edit import Edit
from vmaconv.cocci.rewrite.lines.layout import TAB, width
from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.text.trivia import comments
from vmaconv.cocci.tree.unit import Unit

_BARE = late_regex(rb"(?<!\\)(?=\r?\n)")
_DIRECTIVE = late_regex(
    rb"^[ \t]*#[ \t]*(?:define|undef|include|if|el|endif|pragma|error|line)", re.M
)
"""A line that goes behind a macro, or takes its place."""
_ENDED = late_regex(rb"([^\n]*?)([ \t]*)\\\r?(?:\n|\Z)")


def macro_lines(unit: Unit) -> list[tuple[int, int]]:
    """Return the byte ranges of a unit's `#define` lines, with the lines that each goes on in."""
    return [(d.start, d.end) for d in unit.directives if d.kind == "define"]


def continued(edits: Iterable[Edit], bodies: Sequence[tuple[int, int]]) -> list[Edit]:
    """Return edits that, within the byte ranges of macros, end their lines in a backslash.

    A `//` comment would go on in the next line: it becomes one that ends.

    >>> continued([Edit(20, 30, b"f(v); // so\\ng(v);", "r")], [(0, 40)])[0].text
    b'f(v); /* so */ \\\\\\ng(v);'
    """
    found: list[Edit] = []
    for edit in edits:
        inside = any(s < edit.start and edit.end <= e for s, e in bodies)
        if inside and not _DIRECTIVE.search(edit.text):
            text = _closed(edit.text) if b"//" in edit.text else edit.text
            if b"\n" in text:
                text = _BARE.sub(rb" \\", text)
            if text != edit.text:
                edit = replace(edit, text=text)
        found.append(edit)
    return found


def _closed(code: bytes) -> bytes:
    """Return code whose `//` comments are `/* */` ones."""
    for start, end in reversed(comments(code)):
        comment = code[start:end]
        if comment.startswith(b"//") and b"*/" not in comment:
            closed = b"/*" + comment[2:].rstrip() + b" */"
            code = code[:start] + closed + code[end:]
    return code


def aligned(
    text: bytes, written: Iterable[tuple[int, int]], bodies: Sequence[tuple[int, int]]
) -> list[Edit]:
    """Return edits that move the backslash of each written line of a macro to its neighbours' column.

    Where most of these share one that a tab leads to; one tab stands behind code that passes it.
    """
    ranges = list(written)
    edits: list[Edit] = []
    for start, end in bodies:
        own = [(s, e) for s, e in ranges if start <= s < end]
        if not own:
            continue
        lines = list(_ENDED.finditer(text, text.rfind(b"\n", 0, start) + 1, end))
        others = Counter(
            width(line[1] + line[2])
            for line in lines
            if not _is_written(line, own) and b"\t" in line[2]
        )
        for column, _ in others.most_common(1):
            if column % TAB == 0:
                edits += (e for line in lines if (e := _moved(line, column, own)) is not None)
    return edits


def _is_written(line: re.Match[bytes], written: Iterable[tuple[int, int]]) -> bool:
    return any(start < line.end() and line.start() < end for start, end in written)


def _moved(line: re.Match[bytes], column: int, written: Iterable[tuple[int, int]]) -> Edit | None:
    code = width(line[1])
    if not _is_written(line, written) or width(line[1] + line[2]) == column:
        return None
    tabs = b"\t" * max(-(-(column - code) // TAB), 1)
    return None if tabs == line[2] else Edit(line.start(2), line.end(2), tabs, "layout")
