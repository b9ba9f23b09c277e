# SPDX-License-Identifier: GPL-2.0-only
"""Tell code from comments, strings and preprocessor lines.

In:   a source file's bytes, whatever they are.
Out:  `Lexed`, two texts of the same length as the input.  `clean` is for looking at: comments,
      strings, character constants and directives can no longer be mistaken for code.  `base` is
      for the parser: the input with its directives blanked, nothing else changed.
Left to others: what a conditional means (`conditionals`), what the code means (`tokens` and on).
"""

from collections.abc import Callable

from msgspec import Struct

from vmaconv.cocci.text.late_regex import late_regex

# In `clean` a comment's bytes become vertical tabs: white space to every later pattern, and yet
# not a place where a byte of `base` may be overwritten.
COMMENT = 0x0B
# A string's bytes become double quotes, a character constant's become digits.
STRING = 0x22

_NEWLINES = (0x0A, 0x0D)
_TO_SPACE = bytes(c if c in _NEWLINES else 0x20 for c in range(256))
_TO_COMMENT = bytes(c if c in _NEWLINES else COMMENT for c in range(256))

_ESCAPE = rb"\\(?:\r\n|(?s:.))"
# Runs of what is nothing special stand outside of the groups: a run costs next to nothing, a way through a
# group as much as a hundred bytes of one.
BLOCK_COMMENT = rb"/\*[^*]*+(?:\*(?!/)[^*]*+)*+(?:\*/|\Z)"
LINE_COMMENT = rb"//[^\n\\]*+(?:(?:" + _ESCAPE + rb"|\\\Z)[^\n\\]*+)*+"
STRING_LITERAL = rb'"[^"\\\n]*+(?:' + _ESCAPE + rb'[^"\\\n]*+)*+"?'
# Bounded, so that the apostrophe of a word in an `#if 0` does not run off.
CHARACTER = rb"'(?:[^'\\\n]|" + _ESCAPE + rb"){1,10}'"
# Either begins with a byte of its own, and no group: then the search is fast.
ANY_COMMENT = rb"/(?:" + BLOCK_COMMENT[1:] + rb"|" + LINE_COMMENT[1:] + rb")"
QUOTED = STRING_LITERAL + rb"|" + CHARACTER

# An empty group behind each way says which it was.
_STOP = late_regex(
    ANY_COMMENT + rb"(?P<comment>)|" + STRING_LITERAL + rb"(?P<string>)"
    rb"|" + CHARACTER + rb"(?P<character>)"
    rb"|\#(?P<hash>)"
)
# A directive reaches to the end of its line; a continuation and a comment carry it further.
_DIRECTIVE = late_regex(
    rb"\#(?:[^\n\\/\"']++|" + _ESCAPE + rb"|" + ANY_COMMENT + rb"|" + QUOTED + rb"|['/\\])*+"
)
_KEYWORD = late_regex(rb"\#[ \t\x0b\x0c]*([A-Za-z_]*)")
_KINDS = frozenset(
    b"if ifdef ifndef elif else endif define undef include pragma error line".split()
)
_ALIASES = {b"include_next": "include", b"warning": "error", b"import": "include"}
CONDITIONAL_KINDS = frozenset({"if", "ifdef", "ifndef", "elif", "else", "endif"})


class Directive(Struct, frozen=True):
    """One preprocessor line with its continuations.

    `start` is the offset of its `#`, `end` that of the newline that ends its last line.
    `kind` is the keyword; `warning` counts as `error`, `include_next` as `include`, and what the
    preprocessor would not know is `other`.
    """

    kind: str
    start: int
    end: int


class Lexed(Struct, frozen=True):
    """A file's text with what is no code made harmless; all offsets as in the input."""

    clean: bytes
    base: bytes
    directives: tuple[Directive, ...]


def lex(text: bytes) -> Lexed:
    r"""Find comments, strings and directives.

    `x = '"'; /* #if */\n#if A` has one directive, at the line's start.  Never raises: what is cut
    off (a comment, a string) reaches to the end of the text, or of the line.
    """
    clean: list[bytes] = []
    base: list[bytes] = []
    directives: list[Directive] = []
    search = _STOP.search
    position = 0
    at_line_start = True
    while (stop := search(text, position)) is not None:
        start, end = stop.span()
        between = text[position:start]
        at_line_start = _still_at_line_start(between, at_line_start)
        found = stop.lastgroup
        if found == "hash":
            if at_line_start:
                directive = _directive(text, start)
                end = directive.end
                directives.append(directive)
                blank = text[start:end].translate(_TO_SPACE)
                clean += (between, blank)
                base += (text[position:start], blank)
            else:
                clean += (between, b"#")
                base.append(text[position:end])
        else:
            clean += (between, _FILLERS[found or ""](text[start:end]))
            base.append(text[position:end])
            at_line_start = at_line_start and found == "comment"
        position = end
    clean.append(text[position:])
    base.append(text[position:])
    return Lexed(b"".join(clean), b"".join(base), tuple(directives))


def blank(text: bytes) -> bytes:
    """Turn all but the line ends into spaces."""
    return text.translate(_TO_SPACE)


def _string(text: bytes) -> bytes:
    return b'"' * len(text)


def _character(text: bytes) -> bytes:
    return b"0" * len(text)


def _comment(text: bytes) -> bytes:
    return text.translate(_TO_COMMENT)


_FILLERS: dict[str, Callable[[bytes], bytes]] = {
    "comment": _comment,
    "string": _string,
    "character": _character,
}


def _still_at_line_start(between: bytes, was: bool) -> bool:
    """Say if only white space stands between the line's start and the end of `between`."""
    if not between:
        return was
    newline = between.rfind(b"\n")
    if newline < 0:
        return was and between.isspace()
    tail = between[newline + 1 :]
    return not tail or tail.isspace()


def _directive(text: bytes, start: int) -> Directive:
    match = _DIRECTIVE.match(text, start)
    end = match.end() if match else start + 1
    if end > start + 1 and text[end - 1] == 0x0D:
        end -= 1
    keyword = _KEYWORD.match(text, start)
    word = keyword.group(1) if keyword else b""
    kind = word.decode("ascii") if word in _KINDS else _ALIASES.get(word, "other")
    return Directive(kind, start, end)
