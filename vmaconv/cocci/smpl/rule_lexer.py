# SPDX-License-Identifier: GPL-2.0-only
"""From the text of a rule to tokens.

In: lines of a rule file. Out: `Token`s of the minus slice (context and `-`/`*` lines) in one list
and the plus lines in another. Markers count in column 0 only; a bare `(`, `|`, `&` or `)` there
belongs to a disjunction. What the tokens mean together is left to the parsers. Lines are 1-based,
columns 0-based, both in characters; offsets are bytes of the file.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from vmaconv.cocci.smpl.rule import Metavariable, RulePlace, SmplError, TokenMark
from vmaconv.cocci.text.late_regex import late_regex

_TOKEN = late_regex(
    r"""
    (?P<space>[ \t\f\v\r]+)
  | (?P<comment>//.*|/\*(?:[^*]|\*(?!/))*\*/)
  | (?P<opened>/\*.*)
  | (?P<string>(?:L|u8|u|U)?"(?:\\.|[^"\\])*")
  | (?P<char>(?:L|u|U)?'(?:\\.|[^'\\])+')
  | (?P<name>[A-Za-z_$][\w$]*)
  | (?P<number>0[xX][0-9a-fA-F]+\w*|(?:\d+\.(?!\.)\d*|\.\d+|\d+)(?:[eE][+-]?\d+)?\w*)
  | (?P<dots>\.{6}|<\+\.\.\.|\.\.\.\+>|<\.\.\.|\.\.\.>|\.\.\.)
  | (?P<marker>\\[(|&)])
  | (?P<punct>>>=|<<=|[<>]\?=?|->|\+\+|--|&&|\|\||[-+*/%&|^=!<>]=|<<|>>|\#\#|=~|!~|@@
      |[-+*/%&|^=!<>~?:;,.()\[\]{}@\#])
  | (?P<other>.)
    """,
    re.VERBOSE,
)
_ARGUMENTS = {
    "include": late_regex(r'<[^>]*>|"[^"]*"|[^\s@]+|@'),
    # As in `pieces()` of a C file.
    "pragma": late_regex(r'"[^"]*"|\.\.\.|\w+|\S'),
}
_MARK = late_regex(r"(\??)(\+\+(?!\+)|[-+*]|)(\??)")
_CODE_AT_COLUMN_0 = ("--", "->", "-=", "+=", "*=")
"""Longer tokens win over a mark in column 0, as in spatch."""
_MARKERS = {"(": "open", "|": "or", "&": "and", ")": "close"}
_STRING_END = late_regex(r'(?:\\.|[^"\\])*"')
_WITH_TOKENS = frozenset({"define", "undef", "pragma"})
"""Directives whose lines are code in plus lines; of others the line is kept as it stands."""
_DIRECTIVE = late_regex(r"\s*#\s*(\w+)")
_BARE_DEFINE = late_regex(r"[-*]?\s*#\s*define\s+\w+(\([^()]*\))?\s*(//.*)?")
"""The line of a `#define` that has no body."""
_BODY_BELOW = late_regex(r"\s*(?!#|\.\.\.|\\[(|&)]|//|/\*)\S")
"""How a line begins that may be a macro's body."""


class Token:
    """A token. `kind` is `name`, `number`, `string`, `char`, `punct`, `dots`, `directive`, `eol`,
    `end`, or one of `open`, `or`, `and`, `close` for the parts of a disjunction or conjunction.

    `attached` are the metavariables attached with `@`; `partner` is the index of the bracket that
    closes (or opens) this one. `optional` is the `?` mark.
    """

    __slots__ = (
        "attached",
        "column",
        "kind",
        "line",
        "mark",
        "optional",
        "partner",
        "start",
        "text",
    )

    def __init__(self, kind: str, text: str, line: int, column: int, start: int) -> None:
        self.kind = kind
        self.text = text
        self.line = line
        self.column = column
        self.start = start
        self.mark = TokenMark.CONTEXT
        self.optional = False
        self.partner = -1
        self.attached: tuple[Metavariable, ...] = ()

    def __repr__(self) -> str:
        return f"{self.kind}:{self.text}@{self.line}:{self.column}"


class Text:
    """The text of a rule file, by line."""

    __slots__ = ("ascii", "lines", "numbers", "offsets", "path")

    def __init__(self, text: str, path: str, numbers: Sequence[int] = ()) -> None:
        """`numbers` are those by which places name the lines; without, they are counted from 1."""
        self.path = path
        self.numbers = numbers
        self.lines = text.split("\n")
        self.ascii = text.isascii()
        self.offsets: list[int] = []
        at = 0
        for line in self.lines:
            self.offsets.append(at)
            at += (len(line) if self.ascii else len(_bytes(line))) + 1

    def offset(self, line: int, column: int) -> int:
        """Return the byte offset of a place (`line` from 1)."""
        start = self.offsets[line - 1]
        return start + (column if self.ascii else len(_bytes(self.lines[line - 1][:column])))

    def place(self, line: int, column: int) -> RulePlace:
        """Return the `RulePlace` of a line and column."""
        number = self.numbers[line - 1] if 0 < line <= len(self.numbers) else line
        return RulePlace(self.path, number, column)

    def error(self, code: str, line: int, column: int, message: str, remedy: str = "") -> SmplError:
        """Make an error at a place; the caller raises it."""
        source = self.lines[line - 1] if 0 < line <= len(self.lines) else ""
        return SmplError(code, self.place(line, column), message, remedy, source)


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogateescape")


class PlusText:
    """A plus line as it stands: the text after the mark, and its tokens with columns after the
    mark."""

    __slots__ = ("before", "line", "many", "mark_width", "text", "tokens")

    def __init__(self, text: str, line: int, mark_width: int, many: bool, before: int) -> None:
        self.text = text
        self.line = line
        self.mark_width = mark_width
        self.many = many
        self.before = before
        """How many tokens of the minus slice stand before it."""
        self.tokens: list[Token] = []


class Slices:
    """The two slices of a rule's body."""

    __slots__ = ("continued", "minus", "plus", "star", "transforms")

    def __init__(self) -> None:
        self.continued: set[int] = set()
        """Lines that end in a backslash."""
        self.minus: list[Token] = []
        self.plus: list[PlusText] = []
        self.star = False
        self.transforms = False


def scan(
    text: Text, line: int, column: int, comment: bool, strings: bool = False
) -> Iterator[Token]:
    """Yield the tokens of one line from `column` on.

    `comment` says that a block comment is open. Comments come as tokens of kind `comment`; an
    open one has the kind `opened`. With `strings`, so does a string that goes on in the next line,
    as `open string`.
    """
    source = text.lines[line - 1]
    at = column
    if comment:
        end = source.find("*/", at)
        if end < 0:
            yield Token("opened", source[at:], line, at, text.offset(line, at))
            return
        yield Token("comment", source[at : end + 2], line, at, text.offset(line, at))
        at = end + 2
    base = text.offsets[line - 1]
    plain = text.ascii
    for match in _TOKEN.finditer(source, at):
        kind = match.lastgroup
        assert kind is not None
        if kind == "space":
            continue
        at = match.start()
        token = Token(kind, match.group(), line, at, base + at if plain else text.offset(line, at))
        if kind == "other":
            if strings and token.text == '"':
                yield Token("open string", source[at:], line, at, token.start)
                return
            _refuse(text, token)
        yield token


def _refuse(text: Text, token: Token) -> None:
    if token.text == '"' or token.text == "'":
        raise text.error(
            "unterminated-literal",
            token.line,
            token.column,
            f"the literal that begins with {token.text} does not end on this line",
            f"close it with {token.text}",
        )
    if token.text != "\\":
        raise text.error(
            "unknown-character",
            token.line,
            token.column,
            f"{token.text!r} is no part of SmPL or C",
            "remove it",
        )


def lex_lines(text: Text, first: int, column: int, last: int) -> list[Token]:
    """Return the tokens of a text without marks (declarations, headers), comments left out.

    A string may go on over several lines here, whose ends are part of it: regular expressions do.
    """
    tokens: list[Token] = []
    comment = False
    line, at = first, column
    while line <= last:
        started = line
        for token in scan(text, line, at, comment, strings=True):
            comment = token.kind == "opened"
            if token.kind == "open string":
                line, at = _end_string(text, token, last)
            if token.kind not in ("comment", "opened"):
                tokens.append(token)
        if line == started:
            line, at = line + 1, 0
    return tokens


def _end_string(text: Text, token: Token, last: int) -> tuple[int, int]:
    """Let the string that is open take what belongs to it; return where its rest begins."""
    for line in range(token.line + 1, last + 1):
        end = _STRING_END.match(text.lines[line - 1])
        if end is not None:
            token.text = "\n".join((token.text, *text.lines[token.line : line - 1], end.group()))
            token.kind = "string"
            return line, end.end()
    token.text = '"'
    _refuse(text, token)
    raise AssertionError(token)


def lex_body(text: Text, first: int, column: int, last: int) -> Slices:
    """Split the lines `first` to `last` (inclusive) of a rule's body into its slices.

    `column` is where the body starts on its first line (after `@@`). Raises `SmplError` for
    characters that are no C.
    """
    return _BodyLexer(text).lex(first, column, last)


class _BodyLexer:
    """Goes through the body line by line; an open comment belongs to the slice that opened it."""

    def __init__(self, text: Text) -> None:
        self.text = text
        self.slices = Slices()
        self.comment = ""
        """The slice (`-` or `+`) with an open block comment, or empty."""
        self.directive = False
        """Inside a `#define` that goes on after a backslash."""
        self.below = False
        """Inside the body of one that has it in lines of its own."""
        self.last = 0
        """The body's last line."""

    def lex(self, first: int, column: int, last: int) -> Slices:
        self.last = last
        for line in range(first, last + 1):
            source = self.text.lines[line - 1]
            if line == first and column:
                self._minus(line, column, TokenMark.CONTEXT, False)
            elif self.comment == "-":
                self._minus(line, 0, TokenMark.CONTEXT, False)
            elif source.startswith(("--- ", "+++ ")) and not self.slices.minus:
                continue  # the file names of a diff
            else:
                self._marked(line, source)
        if self.comment:
            raise self.text.error(
                "unterminated-comment", last, 0, "a comment does not end", "close it with */"
            )
        self._end_directive(last)
        return self.slices

    def _marked(self, line: int, source: str) -> None:
        if source.startswith(_CODE_AT_COLUMN_0):
            self._minus(line, 0, TokenMark.CONTEXT, False)
            return
        match = _MARK.match(source)
        assert match is not None
        mark = match.group(2)
        optional = bool(match.group(1) or match.group(3))
        if mark.startswith("+"):
            self.slices.transforms = True
            self._plus(line, match.end(), mark == "++")
            return
        if mark == "-":
            self.slices.transforms = True
        elif mark == "*":
            self.slices.star = True
        marks = {"-": TokenMark.MINUS, "*": TokenMark.STAR}
        self._minus(line, match.end(), marks.get(mark, TokenMark.CONTEXT), optional)

    def _plus(self, line: int, column: int, many: bool) -> None:
        source = self.text.lines[line - 1]
        plus = PlusText(source[column:], line, column, many, len(self.slices.minus))
        match = _DIRECTIVE.match(source, column)
        if match is not None and not self.comment and match.group(1) not in _WITH_TOKENS:
            # `#error don't` is no C; a metavariable in an `#if` is no one's.
            self.slices.plus.append(plus)
            return
        for token in scan(self.text, line, column, self.comment == "+"):
            self.comment = "+" if token.kind == "opened" else ""
            if token.kind == "opened":
                token.kind = "comment"
            plus.tokens.append(token)
        last = plus.tokens[-1] if plus.tokens else None
        if self.directive and last is not None and last.text == "\\":
            # The line that it is added to goes on in the rule, not in the code.
            plus.tokens.pop()
            plus.text = source[column : last.column].rstrip()
        self.slices.plus.append(plus)

    def _minus(self, line: int, column: int, mark: TokenMark, optional: bool) -> None:
        source = self.text.lines[line - 1]
        minus = self.slices.minus
        if not self.directive and not self.comment and _DIRECTIVE.match(source, column):
            self._directive(line, column, mark)
            return
        continued = False
        for token in scan(self.text, line, column, self.comment == "-"):
            self.comment = "-" if token.kind == "opened" else ""
            if token.kind in ("comment", "opened"):
                continue
            if token.kind == "other":
                continued = self._backslash(token)
                continue
            if token.column == 0 and token.text in _MARKERS:
                token.kind = _MARKERS[token.text]
            elif token.kind == "marker":
                token.kind = _MARKERS[token.text[1]]
            else:
                token.mark = mark
                token.optional = optional
            minus.append(token)
        if self.directive and not continued and not self._goes_on_below(line):
            self._end_directive(line)

    def _goes_on_below(self, line: int) -> bool:
        """Whether the body of a `#define` stands in lines of its own, `-` ones perhaps, without a
        backslash before them."""
        self.below = self.below or _BARE_DEFINE.fullmatch(self.text.lines[line - 1]) is not None
        if not self.below:
            return False
        for source in self.text.lines[line : self.last]:
            if not source.strip() or source.startswith("+"):
                continue
            code = source[1:] if source[0] in "-*" else source
            return _BODY_BELOW.match(code) is not None and source[0] not in _MARKERS
        return False

    def _backslash(self, token: Token) -> bool:
        at_end = not self.text.lines[token.line - 1][token.column + 1 :].strip()
        if at_end:
            self.slices.continued.add(token.line)
        elif not self.directive:
            raise self.text.error(
                "unknown-character",
                token.line,
                token.column,
                "a backslash stands alone",
                "write \\(, \\| and \\) for the parts of a disjunction",
            )
        return True

    def _directive(self, line: int, column: int, mark: TokenMark) -> None:
        source = self.text.lines[line - 1]
        match = _DIRECTIVE.match(source, column)
        assert match is not None
        word = match.group(1)
        at = match.start() + len(match.group()) - len(match.group().lstrip())
        token = Token("directive", "#" + word, line, at, self.text.offset(line, at))
        token.mark = mark
        self.slices.minus.append(token)
        self.directive = True
        if word in _ARGUMENTS:
            rest = source[match.end() :].split("//")[0]
            self._argument(line, match.end(), rest, mark, _ARGUMENTS[word])
            self._end_directive(line)
        else:
            self._minus(line, match.end(), mark, False)

    def _argument(
        self, line: int, column: int, rest: str, mark: TokenMark, pattern: re.Pattern[str]
    ) -> None:
        """The words of an `#include` or `#pragma` line are not C tokens."""
        for match in pattern.finditer(rest):
            at = column + match.start()
            word = match.group()
            if word == "...":
                kind = "dots"
            elif word[0].isdigit():
                kind = "number"
            elif word.isidentifier():
                kind = "name"
            else:
                kind = "punct" if len(word) == 1 else "word"
            token = Token(kind, word, line, at, self.text.offset(line, at))
            token.mark = mark
            self.slices.minus.append(token)

    def _end_directive(self, line: int) -> None:
        if self.directive:
            self.directive = self.below = False
            width = len(self.text.lines[line - 1])
            self.slices.minus.append(Token("eol", "", line, width, self.text.offset(line, width)))
