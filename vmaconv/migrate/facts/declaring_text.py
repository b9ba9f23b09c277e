# SPDX-License-Identifier: GPL-2.0-only
"""Whether a text may declare a function, by the bytes around its name alone.

In: a file's text and a name. Out: False where the file need not be parsed to know that it does not. The
name is looked for first: a pattern that begins with what stands before it is tried at every byte.
"""

from __future__ import annotations

from collections.abc import Iterator

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.text.word_places import is_word_byte, places_of

_NO_TYPE = frozenset({b"return", b"else", b"do", b"case", b"goto", b"define", b"sizeof"})
"""Words before a name and its parenthesis that make it no declaration."""
_OPENS = late_regex(rb"\s*\(")
_STATIC = late_regex(rb"(?m)^static\b")
_BETWEEN = b" \t\n\r\v\f*"


def may_declare(text: bytes, name: bytes) -> bool:
    r"""Return whether a type, or the * of one, stands before a name and its parenthesis somewhere.

    >>> may_declare(b"int *f(void);", b"f"), may_declare(b"\treturn f(a);", b"f")
    (True, False)
    """
    for at in _opening(text, name):
        end = at
        while end > 0 and text[end - 1] in _BETWEEN:
            end -= 1
        start = end
        while start > 0 and is_word_byte(text[start - 1 : start]):
            start -= 1
        word = text[start:end] if end < at else b""
        if word and not word[:1].isdigit() and word not in _NO_TYPE:
            return True
    return False


def may_define_static(text: bytes, name: bytes) -> bool:
    """Return whether `static` begins a line before a name and its parenthesis, in one declaration.

    >>> may_define_static(b"static int\\nf(void) {}", b"f"), may_define_static(b"static int a; f(1);", b"f")
    (True, False)
    """
    for at in _opening(text, name):
        if not is_word_byte(text[at - 1 : at]):
            start = max(text.rfind(mark, 0, at) for mark in (b";", b"{", b"}", b"=")) + 1
            if _STATIC.search(text, start, at) is not None:
                return True
    return False


def _opening(text: bytes, name: bytes) -> Iterator[int]:
    """Yield where a name stands before a parenthesis, also as the end of a longer one."""
    size = len(name)
    return (at for at in places_of(name, text) if _OPENS.match(text, at + size) is not None)
