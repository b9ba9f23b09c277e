# SPDX-License-Identifier: GPL-2.0-only
"""C text cut into coloured spans, line by line.

In: a line of C as text, and whether it begins inside a comment.  Out: spans with their sort, and
whether the next line begins inside one.  This is for the eye only: nothing is decided by it.
"""

from __future__ import annotations

from enum import Enum
from functools import cache

from pygments.lexers.c_cpp import CLexer
from pygments.token import Token

from vmaconv.cocci.text.late_regex import late_regex


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

_CONSTANT = late_regex(r"_*[A-Z][A-Z0-9_]+")
_TYPE = late_regex(r"\w+_t|[us](?:8|16|32|64)|__(?:be|le)(?:16|32|64)")
_DIRECTIVE = late_regex(r"\s*#\s*\w*")
#: Pygments' kinds, each before the one that it is a part of; other names are `_named`.
_SORTS = (
    (Token.Comment.Preproc, Sort.DIRECTIVE),
    (Token.Comment.PreprocFile, Sort.STRING),
    (Token.Comment, Sort.COMMENT),
    (Token.Literal.String, Sort.STRING),
    (Token.Literal.Number, Sort.NUMBER),
    (Token.Keyword.Type, Sort.TYPE),
    (Token.Keyword, Sort.KEYWORD),
    (Token.Name.Builtin, Sort.CONSTANT),
)


def spans(line: str, inside: bool = False) -> tuple[list[Span], bool]:
    """Cut a line into the spans that have a colour, as Pygments reads C; what lies between is plain.

    >>> spans("return 0;")
    ([(0, 6, <Sort.KEYWORD: 'k'>), (7, 8, <Sort.NUMBER: 'n'>)], False)
    """
    start = "/*" if inside else ""
    found: list[Span] = []
    inside = False
    for at, kind, text in _lexer().get_tokens_unprocessed(f"{start}{line}\n"):
        # A comment that nothing ends takes the line's end along.
        inside = kind in Token.Comment.Multiline and text.endswith("\n")
        sort = next((sort for of, sort in _SORTS if kind in of), None)
        end = min(at + len(text) - len(start), len(line))
        at = max(at - len(start), 0)
        if sort is None:
            sort = _named(line[at:end], line[end:]) if kind in Token.Name else Sort.PLAIN
        if sort is Sort.PLAIN or at >= end:
            continue
        if found and found[-1][1:] == (at, sort):
            at = found.pop()[0]
        found.append((at, end, sort))
    return _beyond_directive(line, found, inside)


def _named(word: str, after: str) -> Sort:
    """Tell what a name is for the kernel, whose types and constants Pygments does not know."""
    if _TYPE.fullmatch(word):
        return Sort.TYPE
    if _CONSTANT.fullmatch(word):
        return Sort.CONSTANT
    return Sort.CALL if after.lstrip().startswith("(") else Sort.PLAIN


def _beyond_directive(line: str, found: list[Span], inside: bool) -> tuple[list[Span], bool]:
    """Colour what stands behind a directive's word, which Pygments takes for a part of it."""
    directive = _DIRECTIVE.match(line)
    if directive is None or not found or found[0][2] is not Sort.DIRECTIVE:
        return found, inside
    start, behind = found[0][0], directive.end()
    rest, inside = spans(line[behind:])
    more = [(behind + one, behind + other, kind) for one, other, kind in rest]
    return [(start, behind, Sort.DIRECTIVE), *more], inside


@cache
def _lexer() -> CLexer:
    return CLexer()
