# SPDX-License-Identifier: GPL-2.0-only
"""Where a word may be declared, by what stands beside it.

In: a word and a part of a text. Out: the places at which it stands as a whole word, less those at which it
is used for sure. A search for each word of a file would cost more to compile than to run: the words are
found as bytes, and what stands beside them is told by patterns that all of them share.
"""

from __future__ import annotations

import re

from vmaconv.cocci.text.byte_before import byte_before
from vmaconv.cocci.text.c_lexer import ANY_COMMENT
from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.text.word_places import next_whole

_NESTED = 6
"""Brackets within brackets that an attribute may have."""


def _up_to_brace() -> bytes:
    """Return a pattern of what may stand between a tag and its struct's members.

    Attributes, macros, comments and directives may, and no part of a use.
    """
    brackets = rb"\([^()]*+\)"
    for _ in range(_NESTED):
        brackets = rb"\((?:[^()]++|" + brackets + rb")*+\)"
    return (
        rb"(?:\s++|\w++|" + brackets + rb"|[()]"
        rb"|" + ANY_COMMENT + rb"|\\\r?\n|#[^\n]*+)*+\{"
    )


_UP_TO_BRACE = late_regex(_up_to_brace())
_BEFORE_USE = b"&.>!|"
_USED = late_regex(rb"[ \t]*[-.+<>&|!?]")
_BEFORE_NO_ENUMERATOR = b"(*&.>!|"
_NO_ENUMERATOR = late_regex(rb"[ \t]*[-);.\[(*+|&<>!?:]")
_WORD = late_regex(rb"\w+")


def next_word(word: bytes, text: bytes, start: int, end: int) -> int:
    """Return where the next whole `word` begins in a part of a text, or -1; any bytes may be a word."""
    if _WORD.fullmatch(word) is not None:
        return next_whole(word, text, start, end)
    match = re.compile(rb"\b" + re.escape(word) + rb"\b").search(text, start, end)
    return match.start() if match is not None else -1


def next_definition(tag: bytes, text: bytes, start: int) -> int:
    """Return where the next struct, union or enum with a tag may be defined: where a brace follows.

    >>> next_definition(b"s", b"struct s a; struct s __packed { int s; };", 0)
    19
    """
    at = next_word(tag, text, start, len(text))
    while at >= 0 and _UP_TO_BRACE.match(text, at + len(tag)) is None:
        at = next_word(tag, text, at + 1, len(text))
    return at


def variable_places(word: bytes, text: bytes, start: int, end: int) -> list[int]:
    """Return where `word` may be declared as a variable or function.

    >>> variable_places(b"a", b"x.a = &a; int a, b; a->c;", 0, 25)
    [14]
    """
    return _places(word, text, start, end, _BEFORE_USE, _USED)


def enumerator_places(word: bytes, text: bytes, start: int, end: int) -> list[int]:
    """Return where `word` may be an enumerator.

    >>> enumerator_places(b"A", b"{ A = 1, B = A + 1 }", 0, 20)
    [2]
    """
    return _places(word, text, start, end, _BEFORE_NO_ENUMERATOR, _NO_ENUMERATOR)


def _places(
    word: bytes, text: bytes, start: int, end: int, before: bytes, behind: re.Pattern[bytes]
) -> list[int]:
    """Return where `word` stands with no byte of `before` in front of it, and not `behind` after it."""
    found: list[int] = []
    at = next_word(word, text, start, end)
    while at >= 0:
        used = at > 0 and byte_before(text, at) in before
        if not used and behind.match(text, at + len(word), end) is None:
            found.append(at)
        at = next_word(word, text, at + max(len(word), 1), end)
    return found
