# SPDX-License-Identifier: GPL-2.0-only
"""Plus code set in lines as spatch sets it.

In: plus lines as the rule has them. Out: `SetLine`s: a statement a line, the body of an `if` on a
line of its own, a block's statements one step deeper, blanks as `spacing` has them. Comments and
preprocessor lines stay as they are. Metavariables are still in place: what goes there is `render`'s.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from vmaconv.cocci.rewrite.spatch_style.as_written import as_written
from vmaconv.cocci.rewrite.spatch_style.set_line import SetLine
from vmaconv.cocci.rewrite.spatch_style.spacing import (
    HEADS,
    SpacedToken,
    SpacingRole,
    blanks,
    guess,
    openings,
)
from vmaconv.cocci.smpl.rule import PlusLine, PlusToken

_STATEMENTS = frozenset({"statement", "statement list", "declaration", "field", "field list"})
_TAGS = frozenset({"struct", "union"})
_FORMATS = frozenset({"format", "format list"})


def set_lines(lines: Sequence[PlusLine], keep: bool = False) -> list[SetLine]:
    """Return plus lines as they are printed; `keep` asks for those of whole code as written.

    >>> from vmaconv.cocci.smpl.rule import RulePlace
    >>> tokens = (PlusToken("name", "f", 0), PlusToken("punct", "(", 1), PlusToken("punct", ")", 2),
    ...           PlusToken("punct", ";", 3))
    >>> [line.line.text for line in set_lines([PlusLine("f();", tokens, RulePlace("", 1, 0))])]
    ['f();']
    """
    written = as_written(lines, keep)
    if written is not None:
        return written
    setter = _Setter()
    continued = False
    head: PlusLine | None = None
    for number, line in enumerate(lines):
        continues, continued = continued, _is_continued(line, continued)
        if continues and head is not None:
            setter.continuation(line, head)
            continue
        head = line
        if _is_verbatim(line):
            setter.verbatim(line)
            continue
        words = [t for t in line.tokens if t.kind != "space"]
        if words and words[0].kind == "directive":
            setter.directive(line, words)
            continue
        for index, token in enumerate(words):
            setter.add(token, line, index == 0 and number > 0)
    setter.close(False)
    return setter.done


def _is_open(line: PlusLine) -> bool:
    """Whether a comment that the line begins, or goes on with, does not end in it."""
    return any(
        t.kind == "comment" and not t.text.startswith("//") and not t.text.endswith("*/")
        for t in line.tokens
    )


def _is_continued(line: PlusLine, continued: bool) -> bool:
    """Whether a preprocessor line goes on in the next line."""
    words = [t for t in line.tokens if t.kind != "space"]
    begins = bool(words) and words[0].kind == "directive"
    return (begins or continued) and line.text.rstrip().endswith("\\")


def _indent(line: PlusLine) -> int:
    return len(line.text.expandtabs()) - len(line.text.expandtabs().lstrip())


def _is_verbatim(line: PlusLine) -> bool:
    """Whether a line is printed as it stands: empty, a directive, part of a long comment."""
    if not line.text.strip():
        return True
    return any(
        t.kind == "comment"
        and (index == 0 or not (t.text.startswith("//") or t.text.endswith("*/")))
        or (t.kind == "directive" and len(line.tokens) == 1)
        for index, t in enumerate(line.tokens)
    )


class _Setter(Struct):
    """Puts tokens into lines, one after another."""

    done: list[SetLine] = field(default_factory=list)
    _tokens: list[PlusToken] = field(default_factory=list)
    _place: PlusLine | None = None
    _depth: int = 0
    _parens: int = 0
    _bodies: list[int] = field(default_factory=list)
    """Blocks open (the size of `_braces`) at each head whose body without braces is not done."""
    _braces: list[str] = field(default_factory=list)
    _closed: str = "block"
    """What the last `}` closed."""
    _dos: int = 0
    _ifs: int = 0
    _apart: bool = False
    """Whether a `}` closed a block that was open before: what follows is no whole statement."""

    def verbatim(self, line: PlusLine) -> None:
        """Add a line as it stands."""
        self.close(False)
        before = self.done[-1].line if self.done else None
        raw = before is not None and _is_open(before)
        if raw:
            line = replace(line, text=line.text.rstrip())
        self.done.append(SetLine(self._depth + len(self._bodies), line, True, raw))

    def continuation(self, line: PlusLine, first: PlusLine) -> None:
        """Add a line that goes on the preprocessor line that begins with `first`, as it stands."""
        self.close(False)
        column = max(_indent(line) - _indent(first), 0)
        self.done.append(SetLine(self._depth, line, True, extra=column))

    def directive(self, line: PlusLine, tokens: Sequence[PlusToken]) -> None:
        """Add a preprocessor line: one line, whatever its tokens would be elsewhere."""
        self.close(False)
        self._tokens, self._place = list(tokens), line
        self.close(True)

    def add(self, token: PlusToken, line: PlusLine, first: bool) -> None:
        """Add a token; `first` says that it begins a line of the rule that is not the first."""
        if not self._tokens:
            self._place = line
        if token.kind == "comment":
            self._comment(token, line)
            return
        closes = self._apart and [t.text for t in self._tokens] == ["}"]
        if token.text == "else" and not closes and (self._tokens or self.done):
            self.close(True)
            # It goes on an `if` around what stands before it.
            self._depth -= self._ifs == 0
            self._place = line
        self._ifs += (token.text == "if") - (token.text == "else" and self._ifs > 0)
        if not (token.text == "else" and closes) and self._starts_line(token, first):
            self.close(True)
            self._place = line
        if token.text == "}" and self._braces and self._braces[-1] != "inline":
            self.close(True)
            self._place = line
        self._note(token)
        self._tokens.append(token)
        if self._ends_line(token):
            self.close(True)

    def _comment(self, token: PlusToken, line: PlusLine) -> None:
        if not self._tokens and self.done and self.done[-1].line.place == line.place:
            last = self.done.pop()
            text = last.line.text + " " * token.text.startswith("//")
            tokens = (*last.line.tokens, replace(token, column=len(text)))
            whole = replace(last.line, text=text + token.text, tokens=tokens)
            self.done.append(replace(last, line=whole))
            return
        self._tokens.append(token)
        if token.text.startswith("//"):
            self.close(True)

    def _starts_line(self, token: PlusToken, first: bool) -> bool:
        if not self._tokens or self._parens:
            return False
        last = self._tokens[-1]
        if token.text == "{":
            return self._is_header() or (self._apart and last.text == "else")
        if self._wants_body():
            if token.text == ";" or token.text == "(":
                return False
            if token.metavariable is None or token.metavariable.kind != "statement":
                self._open_body()
                return True
            return False
        if last.text == "}" and self._closed == "block":
            return token.text not in (";", ",", ")", "while", "}")
        if last.metavariable is not None and last.metavariable.kind in _STATEMENTS:
            return True
        if not first or last.text != ")" or token.kind not in ("name", "meta"):
            return False
        if token.column > self._tokens[0].column:
            # Deeper than a macro's call: the body of a loop that only its macro knows.
            self._open_body()
        return True

    def _open_body(self) -> None:
        self.close(True)
        self._bodies.append(len(self._braces))

    def _wants_body(self) -> bool:
        """Whether what is on the line is the whole head of an `if`, a loop or an `else`."""
        words = [_word(t) for t in self._tokens]
        if words[-1].text in ("else", "do"):
            return True
        if words[-1].text != ")":
            return False
        start = openings(words).get(len(words) - 1)
        if start is None or start == 0:
            return False
        head = self._tokens[start - 1]
        kind = head.metavariable.kind if head.metavariable is not None else ""
        if head.text == "while" and self._closes_do(start - 1):
            return False
        return head.text in HEADS or kind.startswith("iterator") or "for_each" in head.text

    def _closes_do(self, index: int) -> bool:
        return index > 0 and self._tokens[index - 1].text == "}" and self._dos > 0

    def _is_header(self) -> bool:
        """Whether the line is the header of a function, whose `{` stands on the next."""
        words = [_word(t) for t in self._tokens]
        if self._braces or words[-1].text != ")" or self._wants_body():
            return False
        start = openings(words).get(len(words) - 1)
        return (
            start is not None
            and start > 1
            and (words[start - 2].is_word or words[start - 2].text == "*")
        )

    def _note(self, token: PlusToken) -> None:
        self._parens += token.text in ("(", "[")
        self._parens -= token.text in (")", "]")
        self._dos += token.text == "do"
        if token.text == "{":
            self._braces.append(self._brace())
        elif token.text == "}":
            self._apart |= not self._braces
            kind = self._braces.pop() if self._braces else "block"
            self._depth -= kind != "inline"
            self._closed = kind

    def _brace(self) -> str:
        """Say what a `{` that comes now opens: a block, the fields of a type, an initialiser."""
        texts = [t.text for t in self._tokens]
        if not texts or self._is_header():
            return "block"
        if "enum" in texts[-2:] or self._parens:
            return "inline"
        if texts[-1] in ("=", ",", "return"):
            return "list"
        if any(t in _TAGS for t in texts[-2:]):
            return "type"
        return "block"

    def _ends_line(self, token: PlusToken) -> bool:
        if self._parens > 0:
            return False
        if token.text == "{":
            if self._braces[-1] == "inline":
                return False
            self._depth += 1
            return True
        if token.text == ",":
            # `.a = 1,` is a line among the initialisers.
            return self._braces[-1:] == ["list"] or (
                not self._braces and (not self._tokens or self._tokens[0].text == ".")
            )
        if token.text == ":":
            return guess([_word(t) for t in [*self._tokens]])[-1] is SpacingRole.COLON and (
                len(self._tokens) == 2 and self._tokens[0].text != "default"
            )
        return token.text == ";"

    def close(self, ends: bool) -> None:
        """End the line that is open."""
        if not self._tokens:
            return
        assert self._place is not None
        words = [_word(t) for t in self._tokens]
        text, column = "", 0
        tokens: list[PlusToken] = []
        before = self._tokens[0]
        head = _macro_head(self._tokens)
        for index, (token, blank) in enumerate(zip(self._tokens, blanks(words), strict=True)):
            offset = token.column - before.column
            meta = token.metavariable
            if meta is not None and meta.kind in _FORMATS and 0 < offset < len(before.text):
                # A metavariable in a format string, whose text is there already.
                tokens.append(replace(token, column=column + offset))
                continue
            # `#define X (1)` is not `#define X(1)`; names between parentheses have no blanks.
            # A comment stands where it stood.
            stop = before.column + len(before.text)
            kept = self._place.text[stop : token.column] if head else ""
            if token.kind == "comment" and kept and not kept.strip():
                text += kept
            else:
                text += " " * (index == head if 2 <= index <= head else blank)
            before = token
            column = len(text)
            tokens.append(replace(token, column=column))
            text += token.text
        depth = self._depth - (words[-1].text == "{" and self._braces[-1:] not in ([], ["inline"]))
        line = replace(self._place, text=text, tokens=tuple(tokens))
        last = words[-1]
        inline = last.text == "}" and self._closed == "inline"
        done = last.meta in _STATEMENTS or (last.text in (";", "}") and not inline)
        self.done.append(SetLine(depth + len(self._bodies), line, ends or done))
        if done:
            while self._bodies and self._bodies[-1] == len(self._braces):
                self._bodies.pop()
        self._tokens, self._place = [], None


def _macro_head(tokens: Sequence[PlusToken]) -> int:
    """Return the index of the first token behind `#define NAME(...)` or `#define NAME`, else 0."""
    if len(tokens) < 3 or tokens[0].text != "#define":
        return 0
    adjacent = tokens[2].column == tokens[1].column + len(tokens[1].text)
    if tokens[2].text != "(" or not adjacent:
        return 2
    return next((i + 1 for i, t in enumerate(tokens) if t.text == ")"), len(tokens))


def _word(token: PlusToken) -> SpacedToken:
    meta = token.metavariable
    return SpacedToken(token.text, meta.kind if meta is not None else "")
