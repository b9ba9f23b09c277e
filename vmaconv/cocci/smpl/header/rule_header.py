# SPDX-License-Identifier: GPL-2.0-only
"""The header of a rule: what stands between its first two `@`.

In: the tokens of a header. Out: a `Header`. Which rules exist is known to the caller, who gets an
error for a name in `depends on` that is neither a rule nor virtual.
"""

from __future__ import annotations

from collections.abc import Collection

from msgspec import Struct

from vmaconv.cocci.smpl.depends import (
    Dependency,
    DependsAll,
    DependsAny,
    DependsNot,
    DependsOn,
    DependsOnFile,
)
from vmaconv.cocci.smpl.rule_lexer import Text, Token
from vmaconv.cocci.smpl.token_cursor import TokenCursor

RULE_KINDS = frozenset(
    {
        "declaration",
        "expression",
        "field",
        "identifier",
        "initialiser",
        "initializer",
        "statement",
        "type",
    }
)
PHASES = frozenset({"finalize", "initialize", "script"})
_WORDS = RULE_KINDS | {"depends", "disable", "exists", "extends", "forall", "using"}


class Header(Struct):
    """What a header says. `phase` and `language` are set for scripts only."""

    name: str = ""
    phase: str = ""
    language: str = ""
    extends: str | None = None
    depends: Dependency | None = None
    depends_in_all: bool = False
    quantifier: str = ""
    using: tuple[str, ...] = ()
    disable: tuple[str, ...] = ()
    kind: str = ""
    name_token: Token | None = None


class HeaderParser:
    """Reads one header; `rules` are the names that may be depended on."""

    def __init__(self, text: Text, tokens: list[Token], end: Token, rules: Collection[str]) -> None:
        self.cursor = TokenCursor(text, [*tokens, end], "bad-header", "the end of the header")
        self.rules = rules

    def parse(self) -> Header:
        """Read the header. Raises `SmplError`."""
        header = Header()
        if self.cursor.token.text in PHASES and self.cursor.peek().text == ":":
            self._script(header)
        elif self.cursor.token.kind == "name" and self.cursor.token.text not in _WORDS:
            header.name_token = self.cursor.token
            header.name = self.name("the name of the rule")
        while self.cursor.token.kind != "end":
            self._clause(header)
        return header

    def name(self, expected: str) -> str:
        """Read a name."""
        return self.cursor.name(expected, "write a name of letters, digits and _").text

    def _script(self, header: Header) -> None:
        header.phase = self.name("script, initialize or finalize")
        self.cursor.accept(":")
        header.language = self.name("the language of the script")
        if header.language not in ("python", "ocaml"):
            self.cursor.index -= 1
            self.cursor.fail("python or ocaml", "scripts are written in python")
        if self.cursor.token.kind == "name" and self.cursor.token.text not in _WORDS:
            header.name_token = self.cursor.token
            header.name = self.name("the name of the script")

    def _clause(self, header: Header) -> None:
        if self.cursor.accept("depends"):
            if not self.cursor.accept("on"):
                self.cursor.fail("`on`", "write as in depends on r")
            if not self.cursor.accept("exists"):
                header.depends_in_all = self.cursor.accept("forall")
            header.depends = self._any()
        elif self.cursor.accept("extends"):
            header.extends = self._rule()
        elif self.cursor.accept("exists"):
            header.quantifier = "exists"
        elif self.cursor.accept("forall"):
            header.quantifier = "forall"
        elif self.cursor.accept("using"):
            header.using = self._list(self._file)
        elif self.cursor.accept("disable"):
            header.disable = self._list(lambda: self.name("the name of an isomorphism"))
        elif self.cursor.token.text in RULE_KINDS and not header.phase:
            header.kind = self.name("a kind of rule").replace("initialiser", "initializer")
        else:
            self.cursor.fail(
                "depends on, exists, forall, disable, using, extends or @",
                "write as in @name depends on other@",
            )

    def _list(self, read: object) -> tuple[str, ...]:
        assert callable(read)
        out = [read()]
        while self.cursor.accept(","):
            out.append(read())
        return tuple(out)

    def _file(self) -> str:
        if self.cursor.token.kind != "string":
            self.cursor.fail("the name of a file in quotes", 'write as in using "file.iso"')
        self.cursor.index += 1
        return self.cursor.tokens[self.cursor.index - 1].text.strip('"')

    # Dependencies: || binds weaker than &&.

    def _any(self) -> Dependency:
        parts = [self._all()]
        while self.cursor.accept("||"):
            parts.append(self._all())
        return parts[0] if len(parts) == 1 else DependsAny(tuple(parts))

    def _all(self) -> Dependency:
        parts = [self._one()]
        while self.cursor.accept("&&"):
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else DependsAll(tuple(parts))

    def _one(self) -> Dependency:
        negations = 0
        while self.cursor.accept("!"):
            negations += 1
        part = self._atom()
        for _ in range(negations):
            part = DependsNot(part)
        return part

    def _atom(self) -> Dependency:
        if self.cursor.accept("("):
            part = self._any()
            if not self.cursor.accept(")"):
                self.cursor.fail("`)`", "close the parenthesis")
            return part
        if self.cursor.token.text == "file" and self.cursor.peek().text == "in":
            self.cursor.index += 2
            return DependsOnFile(self._file())
        mode = ""
        if self.cursor.token.text in ("ever", "never") and self.cursor.peek().kind == "name":
            mode = self.cursor.token.text
            self.cursor.index += 1
        return DependsOn(self._rule(), mode)

    def _rule(self) -> str:
        token = self.cursor.token
        name = self.name("the name of a rule")
        if name not in self.rules:
            raise self.cursor.text.error(
                "unknown-rule",
                token.line,
                token.column,
                f"there is no rule or virtual rule {name} before this one",
                f"name an earlier rule, or declare it: virtual {name}",
            )
        return name
