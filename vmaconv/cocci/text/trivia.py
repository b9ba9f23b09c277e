# SPDX-License-Identifier: GPL-2.0-only
"""Comments, strings and blanks in a piece of C: the one place that knows how they are written.

In:   bytes of C, from a place outside comments and strings.
Out:  where comments and strings stand; what comes behind blanks; the text without them.
Left to others: whole files and their directives (`c_lexer`), whose spellings are used here.

A comment or string that is cut off reaches to the end of the text or, for a string, of its line.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from vmaconv.cocci.text.c_lexer import ANY_COMMENT, QUOTED
from vmaconv.cocci.text.late_regex import late_regex

Span = tuple[int, int]
"""Byte offsets: where it starts, and where what follows it starts."""

# An empty group behind a comment tells it from the rest.
_NO_CODE = late_regex(ANY_COMMENT + rb"(?P<comment>)|" + QUOTED)
_BLANKS = late_regex(rb"(?:\s+|\\\r?\n|" + ANY_COMMENT + rb")*+")
_PIECE = late_regex(QUOTED + rb"|\w+|\\\r?\n|" + ANY_COMMENT + rb"|\s+|(?s:.)")
_BEHIND = late_regex(rb"[ \t]*(?:/\*[^\n]*?\*/|//[^\n]*)(?=[ \t\r]*(?:\n|\Z))")
_TO_SPACE = bytes(byte if byte in b"\r\n" else 0x20 for byte in range(256))


def comments(text: bytes, start: int = 0, end: int | None = None) -> list[Span]:
    """Return where the comments are; what only looks like one inside a string is none.

    >>> comments(b'f("http://x"); /* y */')
    [(15, 22)]
    """
    found = _NO_CODE.finditer(text, start, len(text) if end is None else end)
    return [match.span() for match in found if match.lastgroup == "comment"]


def comment_texts(text: bytes) -> list[bytes]:
    """Return the comments themselves, in order.

    >>> comment_texts(b'a /* 1 */ + "/* 2 */" // 3')
    [b'/* 1 */', b'// 3']
    """
    return [text[start:end] for start, end in comments(text)]


def not_code(text: bytes, start: int = 0, end: int | None = None) -> list[Span]:
    """Return where comments, strings and character constants are, in order."""
    found = _NO_CODE.finditer(text, start, len(text) if end is None else end)
    return [match.span() for match in found]


def without_comments(text: bytes, instead: bytes = b"") -> bytes:
    """Return the text with `instead` for each comment; strings stay.

    >>> without_comments(b'f("//"); // x')
    b'f("//"); '
    """
    return _NO_CODE.sub(lambda m: instead if m.lastgroup == "comment" else m.group(), text)


def code_only(text: bytes) -> bytes:
    """Return the text less its comments and with an apostrophe for each string or character.

    >>> code_only(b"a('{'); // }")
    b"a('); "
    """
    return _NO_CODE.sub(lambda m: b"" if m.lastgroup == "comment" else b"'", text)


def blank_out(text: bytes, strings: bool = False) -> bytes:
    r"""Put spaces for comments (for `strings`, for strings, too): offsets and lines stay true.

    >>> blank_out(b'a /* b\n */ "//"')
    b'a     \n    "//"'
    """

    if not strings and b"/*" not in text and b"//" not in text:
        return text

    def filler(match: re.Match[bytes]) -> bytes:
        keeps = match.lastgroup is None and not strings
        return match.group() if keeps else match.group().translate(_TO_SPACE)

    return _NO_CODE.sub(filler, text)


def behind_blanks(text: bytes, at: int = 0, end: int | None = None) -> int:
    r"""Return where code goes on behind blanks, comments and continuations that start at `at`.

    >>> behind_blanks(b"  /* a */ \\\n x")
    13
    """
    match = _BLANKS.match(text, at, len(text) if end is None else end)
    return match.end() if match else at


def line_start(text: bytes, at: int) -> int:
    r"""Return where the line that holds byte `at` begins, or the first of those that it continues.

    >>> line_start(b"a\n#define f(x) \\\n g(x)\n", 17)
    2
    """
    start = text.rfind(b"\n", 0, at) + 1
    while text[max(start - 3, 0) : start].endswith((b"\\\n", b"\\\r\n")):
        start = text.rfind(b"\n", 0, start - 1) + 1
    return start


def is_blank(text: bytes) -> bool:
    """Return whether nothing but blanks, comments and continuations is there.

    >>> is_blank(b" /* a */ // b"), is_blank(b'"/* a */"')
    (True, False)
    """
    return behind_blanks(text) == len(text)


def pieces(text: bytes, start: int = 0, end: int | None = None) -> Iterator[re.Match[bytes]]:
    """Yield words, strings and single marks in order; blanks and comments are left out."""
    for match in _PIECE.finditer(text, start, len(text) if end is None else end):
        if not is_blank(match.group()):
            yield match


def comment_behind(text: bytes, at: int) -> int:
    """Return where a comment ends that ends the line at `at`; `at` itself where there is none.

    >>> comment_behind(b"f(); /* x */", 4)
    12
    """
    match = _BEHIND.match(text, at)
    return match.end() if match else at


def begins_in_comment(text: bytes, offset: int, since: int = 0) -> bool:
    """Return whether the byte at `offset` stands inside a block comment that begins after `since`.

    Taken from the nearest marks before it; that one of them stands in a string is looked at on its
    own line only.

    >>> begins_in_comment(b"/* a", 3), begins_in_comment(b"/* a */ b", 8)
    (True, False)
    """
    opened = text.rfind(b"/*", max(since, 0), offset)
    if opened < 0 or text.rfind(b"*/", opened + 2, offset) >= 0:
        return False
    line = text[text.rfind(b"\n", 0, opened) + 1 : opened]
    return line.count(b'"') % 2 == 0 and b"//" not in line
