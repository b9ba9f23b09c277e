# SPDX-License-Identifier: GPL-2.0-only
"""The position of a parser in a rule file.

In: tokens, the last of kind `end`. Out: the token at hand, and errors that say what is expected and
what stands there. The parsers of headers, declarations and constraints are built over it; `minus.cursor`
adds what patterns need.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NoReturn

from vmaconv.cocci.smpl.rule import RulePlace, SmplError
from vmaconv.cocci.smpl.rule_lexer import Text, Token


class TokenCursor:
    """A position in tokens; `code` names the errors, `end` what is behind the last token."""

    def __init__(self, text: Text, tokens: Sequence[Token], code: str, end: str) -> None:
        self.text = text
        self.tokens = tokens
        self.index = 0
        self._code = code
        self._end = end

    @property
    def token(self) -> Token:
        """The token to be read next."""
        return self.tokens[self.index]

    def peek(self, ahead: int = 1) -> Token:
        """Return the token `ahead` places on, or the `end` token."""
        return self.tokens[min(self.index + ahead, len(self.tokens) - 1)]

    def at(self, text: str) -> bool:
        """Whether the next token is this punctuation or keyword."""
        token = self.tokens[self.index]
        return token.text == text and (token.kind == "punct" or token.kind == "name")

    def accept(self, text: str) -> bool:
        """Read the punctuation or keyword `text` if it stands here."""
        found = self.at(text)
        self.index += found
        return found

    def expect(self, text: str, purpose: str) -> None:
        """Read `text` or fail."""
        if not self.accept(text):
            self.fail(f"`{text}` {purpose}", f"write {text} here")

    def name(self, expected: str, remedy: str) -> Token:
        """Read a name or fail."""
        token = self.token
        if token.kind != "name":
            self.fail(expected, remedy)
        self.index += 1
        return token

    def place(self, token: Token) -> RulePlace:
        """Return where `token` stands."""
        return self.text.place(token.line, token.column)

    def fail(self, expected: str, remedy: str = "", code: str = "") -> NoReturn:
        """Raise the error that `expected` is not what stands here."""
        raise self.failure(expected, remedy, code)

    def failure(self, expected: str, remedy: str = "", code: str = "") -> SmplError:
        """Make the error that `expected` is not what stands here."""
        token = self.token
        message = f"{expected} is expected, but {self.shown(token)} stands here"
        return self.error(code or self._code, token, message, remedy)

    def shown(self, token: Token) -> str:
        """Return a token in words."""
        return self._end if token.kind == "end" else f"`{token.text}`"

    def error(self, code: str, token: Token, message: str, remedy: str) -> SmplError:
        """Make an error at `token`; the caller raises it."""
        return self.text.error(code, token.line, token.column, message, remedy)
