# SPDX-License-Identifier: GPL-2.0-only
"""The position of a parser in the minus slice.

In: arranged tokens and the names of the rule. Out: leaves, groups and errors for the parsers that
are built on it (`types`, `expressions`, `statements`).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from sys import intern
from typing import NoReturn, TypeVar

from vmaconv.cocci.smpl.kinds import FORMAT_VARIABLE, KEYWORDS, RuleNames
from vmaconv.cocci.smpl.rule import Metavariable, PNode, SmplError
from vmaconv.cocci.smpl.rule_lexer import Text, Token
from vmaconv.cocci.smpl.token_cursor import TokenCursor
from vmaconv.cocci.tree.node import Node

_T = TypeVar("_T")
_LITERALS = {"number": "number_literal", "string": "string_literal", "char": "char_literal"}


class Cursor(TokenCursor):
    """A position in the tokens of a minus slice."""

    def __init__(self, text: Text, tokens: Sequence[Token], names: RuleNames) -> None:
        super().__init__(text, tokens, "syntax", "the end of the rule")
        self.names = names
        self.furthest: SmplError | None = None
        """The error that got furthest among the readings given up so far."""
        self._read: dict[tuple[str, int], tuple[PNode, int] | SmplError] = {}
        """Groups read before, since nested ones would else be read again for each way to read the
        outer."""

    def at_name(self) -> bool:
        """Whether the next token is a name that is no keyword."""
        token = self.tokens[self.index]
        return token.kind == "name" and token.text not in KEYWORDS

    def metakind(self) -> str:
        """The kind of the metavariable that stands next, or an empty string."""
        token = self.tokens[self.index]
        return self.names.kind(token.text) if token.kind == "name" else ""

    def leaf(self, kind: str | None = None) -> PNode:
        """Read the next token as a leaf; `kind` overrides what its text says."""
        token = self.tokens[self.index]
        self.index += 1
        variable = self.names.table.get(token.text) if token.kind == "name" else None
        if variable is not None:
            kind = "metavar"
        elif kind is None:
            if token.kind in _LITERALS:
                kind = _LITERALS[token.kind]
            elif token.kind == "name" and token.text not in KEYWORDS:
                kind = "identifier"
            else:
                kind = intern(token.text)
        text = token.text.encode("utf-8", "surrogateescape")
        is_format = kind == "string_literal" and "%" in token.text
        return PNode(
            kind,
            token.start,
            token.start + len(text),
            (),
            text,
            mark=token.mark,
            place=self.text.place(token.line, token.column),
            metavariable=variable,
            attached=token.attached,
            formats=self._formats(token) if is_format else None,
        )

    def _formats(self, token: Token) -> tuple[Metavariable, ...] | None:
        """Return the metavariables in a string, or None if it is matched as it stands."""
        found: list[Metavariable] = []
        for match in FORMAT_VARIABLE.finditer(token.text):
            name = match.group(1)
            if self.names.kind(name) not in ("format", "format list"):
                place = token.column + match.start(1)
                raise self.text.error(
                    "unknown-metavariable",
                    token.line,
                    place,
                    f"{name} stands in a string as a format, but is declared as none",
                    f"declare it: format {name}; or format list {name};",
                )
            found.append(self.names.table[name])
        return tuple(found) if found or "..." in token.text else None

    def take(self, text: str, purpose: str = "") -> PNode:
        """Read the punctuation or keyword `text`, or fail."""
        if not self.at(text):
            self.fail(f"`{text}`" + (f" {purpose}" if purpose else ""), f"write {text} here")
        return self.leaf()

    def node(self, kind: str, children: Sequence[Node]) -> PNode:
        """Make an inner node; an empty one stands, without width, before the next token."""
        if children:
            first = children[0]
            place = first.place if isinstance(first, PNode) else None
            return PNode(kind, first.start, children[-1].end, children, place=place)
        token = self.tokens[self.index]
        place = self.text.place(token.line, token.column)
        return PNode(kind, token.start, token.start, place=place)

    def shown(self, token: Token) -> str:
        """Return a token in words, with the kind of a metavariable."""
        shown = "the end of the line" if token.kind == "eol" else super().shown(token)
        kind = self.names.kind(token.text) if token.kind == "name" else ""
        if kind:
            shown += f", {'an' if kind[0] in 'aeiou' else 'a'} {kind} metavariable,"
        return shown

    def refuse(self, code: str, token: Token, message: str, remedy: str) -> NoReturn:
        """Raise an error at `token`."""
        raise self.error(code, token, message, remedy)

    def attempt(self, parse: Callable[[], _T]) -> _T | None:
        """Try a reading; on failure go back to where it began and return None."""
        start = self.index
        try:
            return parse()
        except SmplError as error:
            self.keep(error)
            self.index = start
            return None

    def keep(self, error: SmplError) -> None:
        """Remember the error that got furthest."""
        kept = self.furthest
        if kept is None or _where(error) > _where(kept):
            self.furthest = error

    def after_group(self, index: int) -> int:
        """Return the index after the disjunction or brackets that open at `index`."""
        tokens = self.tokens
        at = tokens[index].partner
        while tokens[at].kind in ("or", "and"):
            at = tokens[at].partner
        return at + 1

    def arms(self, index: int) -> list[tuple[int, int]]:
        """Return the token ranges of the arms of the disjunction that opens at `index`."""
        out = []
        tokens = self.tokens
        while True:
            end = tokens[index].partner
            out.append((index + 1, end))
            if tokens[end].kind == "close":
                return out
            index = end

    def group(self, parse: Callable[[], PNode]) -> PNode:
        """Read a disjunction or conjunction whose non-empty arms `parse` reads."""
        key = (parse.__name__, self.index)
        known = self._read.get(key)
        if isinstance(known, SmplError):
            raise known
        if known is not None:
            node, self.index = known
            return node
        try:
            node = self._group(parse)
        except SmplError as error:
            self._read[key] = error
            raise
        self._read[key] = (node, self.index)
        return node

    def _group(self, parse: Callable[[], PNode]) -> PNode:
        opener = self.token
        arms = self.arms(self.index)
        conjunction = self.tokens[arms[0][1]].kind == "and"
        children: list[PNode] = []
        for start, end in arms:
            self.index = start
            if start == end:
                children.append(self.node("sequence", []))
                continue
            children.append(parse())
            if self.index != end:
                self.fail("the end of the arm", "separate the arms with | in column 0 or \\|")
        closer = self.token
        self.index = arms[-1][1] + 1
        end_offset = closer.start + len(closer.text)
        kind = "conjunction" if conjunction else "disjunction"
        place = self.text.place(opener.line, opener.column)
        return PNode(kind, opener.start, end_offset, children, mark=opener.mark, place=place)


def _where(error: SmplError) -> tuple[int, int]:
    return (error.place.line, error.place.column)
