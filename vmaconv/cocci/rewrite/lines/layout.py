# SPDX-License-Identifier: GPL-2.0-only
"""Lines that a change made too long, broken where a maintainer would break them.

In: a text and the byte ranges of it that edits wrote. Out: edits that break lines. The rules are
those of Documentation/process/coding-style.rst: tabs of 8, 80 columns, descendants to the right and
aligned with the opening parenthesis. Lines that no edit wrote are left alone.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from vmaconv.cocci.rewrite.edit import Edit
from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.text.trivia import begins_in_comment

COLUMNS = 80
LIMIT = 100
"""What checkpatch.pl warns of (max_line_length)."""
TAB = 8

_DEEPEST = 32
"""How many brackets may be open where lines follow them: more are those of torn text."""

_TOKEN = late_regex(
    rb"""
      (?P<string>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
    | (?P<comment>/\*.*?(?:\*/|\Z)|//.*)
    | (?P<logical>&&|\|\|)
    | (?P<compared>[=!]=(?=[ ]!?[A-Za-z_][\w.>-]*\())
    | (?P<skip>->|\+\+|--|<<=|>>=|[-+*/%&|^<>=!]=)
    | (?P<open>[(\[{])
    | (?P<close>[)\]}])
    | (?P<comma>,)
    | (?P<operator>(?<=[ ])(?:<<|>>|[-+*/%|^&<>?:])(?=[ ])|(?<=[\w)])\|(?=[A-Za-z_(]))
    """,
    re.VERBOSE | re.DOTALL,
)

_CHOICE = (b"?", b":")

_DEFINE = late_regex(rb"[ \t]*#[ \t]*define[ \t]+\w+[ \t]+(?=\S)")
"""A macro without parameters: its lines go on behind a backslash."""


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


class _Level(Struct, frozen=True):
    """What a break is inside of: the column that lines begin in there, and the level around it.

    `depth` counts the levels up to this one; the outermost has no bracket.
    """

    column: int
    depth: int = 1
    outer: _Level | None = None


class _Break(Struct, frozen=True):
    """A place to break at, after a token, with the level that the rest would begin in.

    `rank` is how odd it is, `tie` how odd among those of its rank and depth. `width` is the column
    that the head ends in.
    """

    at: int
    level: _Level
    rank: int
    tie: int
    width: int

    @property
    def oddity(self) -> tuple[int, int, int]:
        """What breaks are compared by; the least is the best."""
        return self.rank, self.level.depth, self.tie


def wrap(text: bytes, written: Iterable[tuple[int, int]]) -> list[Edit]:
    """Return edits that break the lines that are too long and hold a byte of `written`."""
    edits: list[Edit] = []
    done = 0
    spans = sorted(written)
    for start, end in spans:
        position = text.rfind(b"\n", 0, start) + 1
        # What ends with a line's end writes nothing of the next line.
        while (position < end or position <= start) and position < len(text):
            stop = text.find(b"\n", position)
            stop = len(text) if stop < 0 else stop
            if position >= done:
                edits.extend(_wrap_line(text, position, stop))
                done = stop + 1
                if edits and edits[-1].start == position:
                    edits.extend(_lines_below(text, edits[-1], spans))
                    done = edits[-1].end + 1
            position = stop + 1
    return edits


def _lines_below(text: bytes, broken: Edit, written: Sequence[tuple[int, int]]) -> Iterator[Edit]:
    """Yield edits of the lines that go on in a bracket of a line that was broken.

        if (a && (b ||
                  c))

    Those that stood behind a bracket stay behind it where it moves, and those that were written go there.
    """
    old: list[int] = []
    new: list[int] = []
    _open_columns(text[broken.start : broken.end], old)
    for piece in broken.text.split(b"\n"):
        _open_columns(piece, new)
    start = broken.end + 1
    while old != new and len(old) == len(new) <= _DEEPEST and start < len(text):
        stop = text.find(b"\n", start)
        stop = len(text) if stop < 0 else stop
        line = text[start:stop]
        bare = line.lstrip()
        if bare[:1] in (b"", b"#", b"/", b"*", b'"') or line.rstrip().endswith(b"\\"):
            return
        column = width(line[: len(line) - len(bare)])
        behind = next((at for at in range(len(old) - 1, -1, -1) if old[at] == column), None)
        if behind is None and not _holds(written, start, stop):
            return
        moved = indentation(new[-1 if behind is None else behind]) + bare
        pieces = break_line(moved, True)
        if moved != line:
            eol = b"\r\n" if line.endswith(b"\r") else b"\n"
            yield Edit(start, stop, eol.join(pieces), "layout")
        _open_columns(line, old)
        for piece in pieces:
            _open_columns(piece, new)
        start = stop + 1


def _open_columns(line: bytes, columns: list[int]) -> None:
    """Go on from the columns behind the brackets that are open before a line to those after it."""
    column, seen = 0, 0
    for match in _TOKEN.finditer(line):
        if match["open"] in (b"(", b"["):
            column, seen = width(line[seen : match.end()], column), match.end()
            columns.append(column)
        elif match["close"] in (b")", b"]"):
            del columns[-1:]


def _holds(spans: Sequence[tuple[int, int]], start: int, stop: int) -> bool:
    """Whether one of the sorted spans has a byte of [`start`, `stop`)."""
    at = bisect_left(spans, (stop, 0)) - 1
    return at >= 0 and spans[at][1] > start


def overlong(text: bytes, ranges: Iterable[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return those byte ranges that begin in a line which is too long."""
    found: list[tuple[int, int]] = []
    for start, end in ranges:
        line = text.rfind(b"\n", 0, start) + 1
        stop = text.find(b"\n", start)
        if width(text[line : stop if stop >= 0 else len(text)]) > COLUMNS:
            found.append((start, end))
    return found


def _wrap_line(text: bytes, start: int, stop: int) -> list[Edit]:
    line = text[start:stop]
    tail = b"\r" if line.endswith(b"\r") else b""
    line = line.removesuffix(b"\r")
    starred = _STARRED.match(line)
    if starred is not None and begins_in_comment(text, start, start - _COMMENT_WINDOW):
        broken = _break_words(line, starred)
        return [Edit(start, stop, (tail + b"\n").join(broken) + tail, "layout")] if broken else []
    continued = line.endswith(b"\\")
    code = line[:-1].rstrip() if continued else line
    defines = _DEFINE.match(code) is not None
    if width(_without_comment(code)) <= COLUMNS - 2 * defines:
        return []
    if not continued and not defines and _has_directive(code):
        return []
    # Each line of a macro ends in a blank and a backslash.
    most = COLUMNS - 2 * (continued or defines)
    pieces = break_line(code, _opens_before(text, start), most)
    if len(pieces) == 1 or (defines and code != _without_comment(code)):
        return []
    if continued:
        new = (b" \\" + tail + b"\n").join(pieces) + b" \\" + tail
    else:
        new = ((b" \\" if defines else b"") + tail + b"\n").join(pieces) + tail
    return [Edit(start, stop, new, "layout")]


_COMMENT_WINDOW = 8192
"""So far before a line the start of a comment is looked for."""

_STARRED = late_regex(rb"[ \t]*\*([ \t]+)(@)?(?=[^\s/])")
"""The start of a line in the middle of a comment, that of a parameter in a kernel-doc among them."""


def _break_words(line: bytes, starred: re.Match[bytes]) -> list[bytes]:
    """Break a comment's line at blanks; return nothing where it is short or has none."""
    if width(line) <= COLUMNS:
        return []
    lead = line[: starred.start(1)] + (b"\t" if starred[2] else starred[1])
    lines = [line[: starred.end()]]
    column = width(lines[0])
    for number, word in enumerate(line[starred.end() :].split(b" ")):
        if number and column + 1 + len(word) > COLUMNS:
            lines.append(lead + word)
            column = width(lines[-1])
        else:
            lines[-1] += b" " * (number > 0) + word
            column = width(word, column + (number > 0))
    return [one.rstrip() for one in lines] if len(lines) > 1 else []


def _without_comment(code: bytes) -> bytes:
    """Return `code` less a comment that ends it."""
    last = None
    for match in _TOKEN.finditer(code):
        last = match
    if last is not None and last["comment"] and last.end() == len(code):
        return code[: last.start()].rstrip()
    return code


def _has_directive(code: bytes) -> bool:
    """Whether a line has a `#`, after which it goes to the line's end: nothing may be broken off."""
    if b"#" not in code:
        return False
    return b"#" in _TOKEN.sub(lambda m: b"" if m["string"] or m["comment"] else m[0], code)


def _opens_before(text: bytes, start: int) -> bool:
    """Whether the line at `start` goes on a statement that an earlier line began."""
    before = text[max(start - 400, 0) : start].rstrip()
    return bool(before) and before[-1:] in b",(&|=+?" and not before.endswith(b"*/")


def break_line(line: bytes, continues: bool = False, most: int = COLUMNS) -> list[bytes]:
    """Break one line of code into lines of at most 80 (`most`) columns, as far as it can be done.

    `continues` says that the line itself continues a statement.

    >>> break_line(b"\\tf(" + b"a" * 40 + b", " + b"b" * 40 + b");")[1]
    b'\\t  bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb);'
    """
    code_end, end = len(_without_comment(line)), len(line.rstrip())
    pieces: list[bytes] = []
    at, lead = 0, b""
    indent = width(line[: len(line) - len(line.lstrip())])
    level = _Level(indent if continues else _operand_column(line, indent))
    # Each round looks at the tokens of one line, not at all that is left.
    while not _fits(line, at, code_end, lead, most):
        chosen = _choose(line, at, lead, level, end, most)
        if chosen is None:
            break
        pieces.append(lead + line[at : chosen.at].rstrip())
        at, level = chosen.at, chosen.level
        lead = b" " * level.column if line.startswith(b" ") else indentation(level.column)
        while line[at : at + 1].isspace():
            at += 1
    pieces.append(lead + line[at:])
    return pieces


def _fits(line: bytes, start: int, end: int, lead: bytes, most: int) -> bool:
    """Whether the code from `start` on, after `lead`, is at most `most` columns wide."""
    # A byte is a column at least.
    return end - start <= most and width(line[start:end], width(lead)) <= most


def _choose(
    line: bytes, start: int, lead: bytes, level: _Level, end: int, most: int
) -> _Break | None:
    """Return the best break: the outermost, then the last that leaves a head of `most` columns.

    Where there is none, a line of more than 100 columns is broken as soon as it can be. A break after
    which nothing follows, up to `end`, is none.
    """
    best: _Break | None = None
    first: _Break | None = None
    for one in _breaks(line, start, lead, level):
        # A break that gains nothing would go on for ever.
        if one.level.column >= one.width or one.at >= end:
            continue
        if one.width <= most:
            if best is None or one.oddity <= best.oddity:
                best = one
        elif best is not None:
            return best
        elif line.endswith(b'",', start, one.at):
            # A string is not broken (coding-style.rst, 2); what follows need not pass the margin.
            return one
        elif first is None and one.rank == 0 and one.width <= LIMIT:
            first = one
    if best is None and first is not None and width(line[start:end], width(lead)) > LIMIT:
        return first
    return best


_LEAD = late_regex(
    rb"\s*+(?:return\s+|(?:(?:[^()=!<>]|->)*[^()=!<>]|(?<=\s))=\s+(?!=))"  # each blank once
)


def _operand_column(line: bytes, indent: int) -> int:
    """Return where operands outside brackets are aligned: after `return` or `=`, or a tab in."""
    lead = _LEAD.match(line)
    return width(lead.group()) if lead is not None else indent + TAB


def _breaks(line: bytes, start: int, lead: bytes, level: _Level) -> Iterator[_Break]:
    """Yield the places to break at in what follows `start`, set after `lead`, from left to right.

    `level` is what `start` is inside of.
    """
    first = start
    while line[first : first + 1].isspace():
        first += 1
    column = width(line[start:first], width(lead))
    seen = first
    for match in _TOKEN.finditer(line, first):
        column, seen = width(line[seen : match.end()], column), match.end()
        rank = _rank(match)
        if match["open"]:
            level = _Level(column, level.depth + 1, level)
        elif match["close"]:
            level = level.outer or level
        elif match["operator"] and match.start() == first and start and lead[-1:] != b" ":
            continue  # it has no blank before it where it would stand
        elif rank is not None:
            yield _Break(match.end(), level, rank, _tie(match), column)


def _tie(match: re.Match[bytes]) -> int:
    """Return how tightly what a token parts is bound, the loosest first: `a, b ? c : d && e == f()`."""
    if match["comma"]:
        return 0
    if match["operator"] in _CHOICE:
        return 1
    return 3 if match["compared"] else 2


def _rank(match: re.Match[bytes]) -> int | None:
    """Return how odd a break after a token is, or None where none may be."""
    if match["comma"] or match["logical"] or match["compared"] or match["operator"] in _CHOICE:
        return 0
    if match["operator"]:
        return 1
    return 2 if match["skip"] in (b"|=", b"&=", b"+=") else None
