# SPDX-License-Identifier: GPL-2.0-only
"""The tokens of OCaml, as far as small script blocks have them.

In: the text of a block. Out: `Word`s; comments are left out. `NotCovered` for what is none of them.
"""

from __future__ import annotations

import re
from dataclasses import dataclass


class NotCovered(Exception):
    """OCaml that is not translated: `offset` is where it stands in the block, the message what."""

    def __init__(self, offset: int, what: str) -> None:
        super().__init__(what)
        self.offset = offset


@dataclass(frozen=True, slots=True)
class Word:
    """A token: `kind` is `name`, `number`, `string`, `char`, `sign` or `end`."""

    kind: str
    text: str
    offset: int


_TOKEN = re.compile(
    r"""
      (?P<blank>\s+)
    | (?P<comment>\(\*)
    | (?P<string>"(?:[^"\\]|\\.)*")
    | (?P<char>'(?:[^'\\\n]|\\[nt\\'"])')
    | (?P<number>\d+(?![\w.]))
    | (?P<name>[A-Za-z_][\w']*(?:\.[A-Za-z_][\w']*)*)
    | (?P<sign>\.\[|:=|::|<>|<=|>=|&&|\|\||->|\(\)|\[\]|[()\[\];,=<>^+*.|!@{}?~#-])
    """,
    re.VERBOSE,
)


def words_of(code: str) -> list[Word]:
    """Return the tokens of a block, with an `end` behind them.

    >>> [word.text for word in words_of('if x = "a" then f ()')]
    ['if', 'x', '=', '"a"', 'then', 'f', '()', '']
    """
    found: list[Word] = []
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
            found.append(Word(kind, match.group(), at))
        at = match.end()
    return [*found, Word("end", "", at)]


def _comment_end(code: str, start: int) -> int:
    depth = 0
    for match in re.compile(r"\(\*|\*\)").finditer(code, start):
        depth += 1 if match.group() == "(*" else -1
        if depth == 0:
            return match.end()
    raise NotCovered(start, "a comment that does not end")
