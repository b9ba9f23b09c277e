# SPDX-License-Identifier: GPL-2.0-only
"""Lines that a change made too long, broken where a maintainer would break them.

In: a text and the byte ranges of it that edits wrote. Out: edits that break lines. The rules are
those of Documentation/process/coding-style.rst: tabs of 8, 80 columns, descendants to the right and
aligned with the opening parenthesis. Lines that no edit wrote are left alone.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from vmaconv.cocci.rewrite.edit import Edit

COLUMNS = 80
TAB = 8

_TOKEN = re.compile(
    rb"""
      (?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    | (?P<comment>/\*.*?(?:\*/|\Z)|//.*)
    | (?P<logical>&&|\|\|)
    | (?P<skip>->|\+\+|--|<<=|>>=|[-+*/%&|^<>=!]=)
    | (?P<open>[(\[{])
    | (?P<close>[)\]}])
    | (?P<comma>,)
    | (?P<operator>(?<=[ ])(?:<<|>>|[-+*/%|^&<>?:])(?=[ ]))
    """,
    re.VERBOSE | re.DOTALL,
)


def width(text: bytes, start: int = 0) -> int:
    """Return the column after `text` when it begins in column `start`; a tab goes to the next 8th.

    >>> width(b"\\tab")
    10
    """
    column = start
    for byte in text:
        column = column + TAB - column % TAB if byte == 9 else column + 1
    return column


def indentation(column: int) -> bytes:
    """Return tabs, then spaces, up to `column`."""
    return b"\t" * (column // TAB) + b" " * (column % TAB)


@dataclass(frozen=True, slots=True)
class _Break:
    """A place to break at, after a token; `depth` counts open brackets, `rank` how odd it is."""

    at: int
    depth: int
    rank: int
    column: int


def wrap(text: bytes, written: Iterable[tuple[int, int]]) -> list[Edit]:
    """Return edits that break the lines that are too long and hold a byte of `written`."""
    edits: list[Edit] = []
    done = 0
    for start, end in sorted(written):
        position = text.rfind(b"\n", 0, start) + 1
        while position <= end and position < len(text):
            stop = text.find(b"\n", position)
            stop = len(text) if stop < 0 else stop
            if position >= done:
                edits.extend(_wrap_line(text, position, stop))
                done = stop + 1
            position = stop + 1
    return edits


def _wrap_line(text: bytes, start: int, stop: int) -> list[Edit]:
    line = text[start:stop]
    tail = b"\r" if line.endswith(b"\r") else b""
    line = line.removesuffix(b"\r")
    continued = line.endswith(b"\\")
    code = line[:-1].rstrip() if continued else line
    if width(_without_comment(code)) <= COLUMNS:
        return []
    pieces = break_line(code, _opens_before(text, start))
    if len(pieces) == 1:
        return []
    if continued:
        new = (b" \\" + tail + b"\n").join(pieces) + b" \\" + tail
    else:
        new = (tail + b"\n").join(pieces) + tail
    return [Edit(start, stop, new, "layout")]


def _without_comment(code: bytes) -> bytes:
    """Return `code` less a comment that ends it."""
    last = None
    for match in _TOKEN.finditer(code):
        last = match
    if last is not None and last["comment"] and last.end() == len(code):
        return code[: last.start()].rstrip()
    return code


def _opens_before(text: bytes, start: int) -> bool:
    """Whether the line at `start` goes on a statement that an earlier line began."""
    before = text[:start].rstrip() if start < 400 else text[start - 400 : start].rstrip()
    return bool(before) and before[-1:] in b",(&|=+?" and not before.endswith(b"*/")


def break_line(line: bytes, continues: bool = False) -> list[bytes]:
    """Break one line of code into lines of at most 80 columns, as far as it can be done.

    `continues` says that the line itself continues a statement.

    >>> break_line(b"\\tf(" + b"a" * 40 + b", " + b"b" * 40 + b");")[1]
    b'\\t  bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb);'
    """
    pieces: list[bytes] = []
    rest = line
    for _ in range(64):
        if width(_without_comment(rest)) <= COLUMNS:
            break
        chosen = _choose(rest, continues or bool(pieces))
        if chosen is None:
            break
        pieces.append(rest[: chosen.at].rstrip())
        lead = b" " * chosen.column if line.startswith(b" ") else indentation(chosen.column)
        rest = lead + rest[chosen.at :].lstrip()
    pieces.append(rest)
    return pieces


def _choose(line: bytes, continues: bool) -> _Break | None:
    """Return the best break: the outermost, then the last that leaves a head of 80 columns."""
    # A break that gains nothing would go on for ever.
    useful = [b for b in _breaks(line, continues) if b.column < width(line[: b.at])]
    fitting = [b for b in useful if width(line[: b.at].rstrip()) <= COLUMNS]
    if not fitting:
        # A string is not broken (coding-style.rst, 2); what follows need not pass the margin, too.
        return next((b for b in useful if line[: b.at].endswith(b'",')), None)
    best = min((b.rank, b.depth) for b in fitting)
    return max((b for b in fitting if (b.rank, b.depth) == best), key=lambda b: b.at)


_LEAD = re.compile(rb"\s*(?:return\s+|(?:[^()=!<>]|->)*[^()=!<>]=\s+(?!=))")


def _operand_column(line: bytes, indent: int) -> int:
    """Return where operands outside brackets are aligned: after `return` or `=`, or a tab in."""
    lead = _LEAD.match(line)
    return width(lead.group()) if lead is not None else indent + TAB


def _breaks(line: bytes, continues: bool) -> list[_Break]:
    stripped = line.lstrip()
    indent = width(line[: len(line) - len(stripped)])
    columns = [indent if continues else _operand_column(line, indent)]
    found: list[_Break] = []
    for match in _TOKEN.finditer(line):
        if match["open"]:
            columns.append(width(line[: match.end()]))
        elif match["close"]:
            if len(columns) > 1:
                columns.pop()
        elif match["comma"] or match["logical"]:
            found.append(_Break(match.end(), len(columns), 0, columns[-1]))
        elif match["operator"]:
            found.append(_Break(match.end(), len(columns), 1, columns[-1]))
        elif match["skip"] and match["skip"] in (b"|=", b"&=", b"+="):
            found.append(_Break(match.end(), len(columns), 2, columns[-1]))
    return found
