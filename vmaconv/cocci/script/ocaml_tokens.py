# SPDX-License-Identifier: GPL-2.0-only
"""The tokens of OCaml, as far as small script blocks have them.

In: the text of a block. Out: `OcamlToken`s; comments are left out, SmPL's `//`, too. `NotCovered`
for what is none of them.
"""

from __future__ import annotations

import json
import re

from msgspec import Struct

from vmaconv.cocci.text.late_regex import late_regex


class NotCovered(Exception):
    """OCaml that is not translated: `offset` is where it stands in the block, the message what."""

    def __init__(self, offset: int, what: str) -> None:
        super().__init__(what)
        self.offset = offset


class OcamlToken(Struct, frozen=True):
    """A token: `kind` is `name`, `number`, `string`, `char`, `sign` or `end`."""

    kind: str
    text: str
    offset: int


_TOKEN = late_regex(
    r"""
      (?P<blank>\s+|//[^\n]*)
    | (?P<comment>\(\*)
    | (?P<string>"(?:[^"\\]|\\.)*")
    | (?P<char>'(?:[^'\\\n]|\\[nt\\'"])')
    | (?P<number>\d+(?![\w.]))
    | (?P<name>[A-Za-z_][\w']*(?:\.[A-Za-z_][\w']*)*)
    | (?P<sign>;;|\.\[|:=|::|<>|<=|>=|&&|\|\||->|\(\)|\[\]|[()\[\];,=<>^+*.|!@{}?~#-])
    """,
    re.VERBOSE,
)


def words_of(code: str) -> list[OcamlToken]:
    """Return the tokens of a block, with an `end` behind them.

    >>> [word.text for word in words_of('if x = "//" then f () // SmPL')]
    ['if', 'x', '=', '"//"', 'then', 'f', '()', '']
    """
    found: list[OcamlToken] = []
    at = 0
    while at < len(code):
        match = _TOKEN.match(code, at)
        if match is None:
            raise NotCovered(at, f"`{code[at]}`")
        kind = match.lastgroup or ""
        if kind == "comment":
            at = _comment_end(code, at)
            continue
        if kind != "blank":
            found.append(OcamlToken(kind, match.group(), at))
        at = match.end()
    return [*found, OcamlToken("end", "", at)]


def _comment_end(code: str, start: int) -> int:
    depth = 0
    for match in re.compile(r"\(\*|\*\)").finditer(code, start):
        depth += 1 if match.group() == "(*" else -1
        if depth == 0:
            return match.end()
    raise NotCovered(start, "a comment that does not end")


KEYWORDS = frozenset(
    re.findall(
        r"\w+",
        """
        and as assert begin class do done downto else end exception external for fun function functor
        if in include inherit initializer lazy let match method module mutable new object of open or
        private rec sig struct then to try type val virtual when while with
        """,
    )
)


class OcamlCursor:
    """A place among the tokens of a block, which a reader moves on."""

    def __init__(self, words: list[OcamlToken]) -> None:
        self.words = words
        self.at = 0

    @property
    def word(self) -> OcamlToken:
        """The token at the place."""
        return self.words[self.at]

    @property
    def following(self) -> OcamlToken:
        """The one behind it."""
        return self.words[min(self.at + 1, len(self.words) - 1)]

    def accept(self, text: str) -> bool:
        """Take a token that is no literal if it is this one."""
        if self.word.text == text and self.word.kind not in ("string", "char"):
            self.at += 1
            return True
        return False

    def want(self, text: str) -> None:
        """Take a token, or raise `NotCovered`."""
        if not self.accept(text):
            raise self.fail()

    def expect(self, kind: str) -> OcamlToken:
        """Take a token of a kind, or raise `NotCovered`."""
        word = self.word
        if word.kind != kind:
            raise self.fail()
        self.at += 1
        return word

    def fail(self, word: OcamlToken | None = None) -> NotCovered:
        """Return the error that a token is not covered; without one, that at the place."""
        word = word or self.word
        return NotCovered(word.offset, f"`{word.text}`" if word.text else "the end of the block")

    @staticmethod
    def is_plain(word: OcamlToken) -> bool:
        """Whether a name is one that a block can bind."""
        text = word.text
        lower = text[:1].islower() or (text[:1] == "_" and text != "_")
        return word.kind == "name" and lower and "." not in text and text not in KEYWORDS


_ESCAPES = late_regex(r"\\(?:[nt\\\"' ]|$)")


def string_of(word: OcamlToken) -> str:
    """Return a string or character literal as Python has it, for the escapes that both have."""
    inner = word.text[1:-1]
    if "\\" in _ESCAPES.sub("", inner) or "\n" in inner:
        raise NotCovered(word.offset, f"the string {word.text}")
    made = inner.replace('\\"', '"').replace("\\'", "'").replace("\\n", "\n")
    made = made.replace("\\t", "\t").replace("\\ ", " ").replace("\\\\", "\\")
    return json.dumps(made)
