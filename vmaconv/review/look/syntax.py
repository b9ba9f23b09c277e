# SPDX-License-Identifier: GPL-2.0-only
"""C text cut into coloured spans, line by line.

In: a line of C as text, and whether it begins inside a comment.  Out: spans with their sort, and
whether the next line begins inside one.  This is for the eye only: nothing is decided by it.
"""

from __future__ import annotations

import re
from enum import Enum


class Sort(Enum):
    """What a span is; the value is its class in a page."""

    PLAIN = ""
    COMMENT = "c"
    STRING = "s"
    NUMBER = "n"
    KEYWORD = "k"
    TYPE = "t"
    CONSTANT = "m"
    CALL = "f"
    DIRECTIVE = "p"
    ODD = "u"


Span = tuple[int, int, Sort]

_KEYWORDS = re.compile(
    "break|case|continue|default|do|else|for|goto|if|return|sizeof|switch|typeof|while"
    "|_Generic|_Static_assert|static_assert"
)
_TYPES = re.compile(
    "auto|bool|char|const|double|enum|extern|float|inline|int|long|register|restrict|short|signed"
    "|static|struct|typedef|union|unsigned|void|volatile|__always_inline|noinline"
    r"|\w+_t|[us](?:8|16|32|64)|__(?:be|le)(?:16|32|64)"
)
_TOKEN = re.compile(
    r"(?P<comment>/\*.*?(?:\*/|$)|//.*)"
    r'|(?P<string>"(?:\\.|[^"\\])*"?|\'(?:\\.|[^\'\\])+\'?)'
    r"|(?P<number>\b\d[\w.]*)"
    r"|(?P<word>[A-Za-z_]\w*)(?P<call>\s*\()?"
    r"|(?P<directive>^\s*\#\s*\w*)"
)
_CONSTANT = re.compile(r"_*[A-Z][A-Z0-9_]+")


def spans(line: str, inside: bool = False) -> tuple[list[Span], bool]:
    """Cut a line into the spans that have a colour; what lies between them is plain.

    >>> spans("return 0;")
    ([(0, 6, <Sort.KEYWORD: 'k'>), (7, 8, <Sort.NUMBER: 'n'>)], False)
    """
    found: list[Span] = []
    at = 0
    if inside:
        end = line.find("*/")
        if end < 0:
            return [(0, len(line), Sort.COMMENT)], True
        found.append((0, end + 2, Sort.COMMENT))
        at = end + 2
    for match in _TOKEN.finditer(line, at):
        sort = _sort(match)
        if sort is not Sort.PLAIN:
            end = match.end("word") if match["word"] else match.end()
            found.append((match.start(), end, sort))
        if match["comment"] and match[0].startswith("/*"):
            inside = len(match[0]) < 4 or not match[0].endswith("*/")
            if inside:
                return found, True
    return found, False


def _sort(match: re.Match[str]) -> Sort:
    word = match["word"]
    if word is None:
        return {
            "comment": Sort.COMMENT,
            "string": Sort.STRING,
            "number": Sort.NUMBER,
            "directive": Sort.DIRECTIVE,
        }[match.lastgroup or ""]
    if _KEYWORDS.fullmatch(word):
        return Sort.KEYWORD
    if _TYPES.fullmatch(word):
        return Sort.TYPE
    if _CONSTANT.fullmatch(word):
        return Sort.CONSTANT
    return Sort.CALL if match["call"] else Sort.PLAIN


def begins_in_comment(text: bytes, offset: int) -> bool:
    """Tell whether the byte at `offset` stands inside a block comment.

    Taken from the nearest marks before it; that one of them stands in a string is looked at on its
    own line only.  A wrong answer costs a colour.
    """
    opened = text.rfind(b"/*", 0, offset)
    if opened < 0 or text.rfind(b"*/", opened + 2, offset) >= 0:
        return False
    line = text[text.rfind(b"\n", 0, opened) + 1 : opened]
    return line.count(b'"') % 2 == 0 and b"//" not in line
