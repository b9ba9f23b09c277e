# SPDX-License-Identifier: GPL-2.0-only
"""The header of a rule: what stands between its first two `@`.

In: the tokens of a header. Out: a `Header`. Which rules exist is known to the caller, who gets an
error for a name in `depends on` that is neither a rule nor virtual.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from typing import NoReturn

from vmaconv.cocci.smpl.depends import (
    Dependency,
    DependsAll,
    DependsAny,
    DependsNot,
    DependsOn,
    DependsOnFile,
)
from vmaconv.cocci.smpl.rule_lexer import Text, Token

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


@dataclass(slots=True)
class Header:
    """What a header says. `phase` and `language` are set for scripts only."""

    name: str = ""
    phase: str = ""
    language: str = ""
    extends: str | None = None
    depends: Dependency | None = None
    quantifier: str = ""
    using: tuple[str, ...] = ()
    disable: tuple[str, ...] = ()
    kind: str = ""
    name_token: Token | None = field(default=None, repr=False)


class HeaderParser:
    """Reads one header; `rules` are the names that may be depended on."""

    def __init__(self, text: Text, tokens: list[Token], end: Token, rules: Collection[str]) -> None:
        self.text = text
        self.tokens = [*tokens, end]
        self.rules = rules
        self.index = 0

    def parse(self) -> Header:
        """Read the header. Raises `SmplError`."""
        header = Header()
        if self.token.text in PHASES and self.tokens[self.index + 1].text == ":":
            self._script(header)
        elif self.token.kind == "name" and self.token.text not in _WORDS:
            header.name_token = self.token
            header.name = self.name("the name of the rule")
        while self.token.kind != "end":
            self._clause(header)
        return header

    @property
    def token(self) -> Token:
        return self.tokens[self.index]

    def fail(self, expected: str, remedy: str) -> NoReturn:
        """Raise the error that `expected` does not stand here."""
        token = self.token
        shown = "the end of the header" if token.kind == "end" else f"`{token.text}`"
        message = f"{expected} is expected, but {shown} stands here"
        raise self.text.error("bad-header", token.line, token.column, message, remedy)

    def name(self, expected: str) -> str:
        """Read a name."""
        if self.token.kind != "name":
            self.fail(expected, "write a name of letters, digits and _")
        self.index += 1
        return self.tokens[self.index - 1].text

    def accept(self, text: str) -> bool:
        """Read `text` if it stands here."""
        if self.token.text != text or self.token.kind == "string":
            return False
        self.index += 1
        return True

    def _script(self, header: Header) -> None:
        header.phase = self.name("script, initialize or finalize")
        self.accept(":")
        header.language = self.name("the language of the script")
        if header.language not in ("python", "ocaml"):
            self.index -= 1
            self.fail("python or ocaml", "scripts are written in python")
        if self.token.kind == "name" and self.token.text not in _WORDS:
            header.name_token = self.token
            header.name = self.name("the name of the script")

    def _clause(self, header: Header) -> None:
        if self.accept("depends"):
            if not self.accept("on"):
                self.fail("`on`", "write as in depends on r")
            if self.token.text in ("exists", "forall"):
                self.index += 1
            header.depends = self._any()
        elif self.accept("extends"):
            header.extends = self._rule()
        elif self.accept("exists"):
            header.quantifier = "exists"
        elif self.accept("forall"):
            header.quantifier = "forall"
        elif self.accept("using"):
            header.using = self._list(self._file)
        elif self.accept("disable"):
            header.disable = self._list(lambda: self.name("the name of an isomorphism"))
        elif self.token.text in RULE_KINDS and not header.phase:
            header.kind = self.name("a kind of rule").replace("initialiser", "initializer")
        else:
            self.fail(
                "depends on, exists, forall, disable, using, extends or @",
                "write as in @name depends on other@",
            )

    def _list(self, read: object) -> tuple[str, ...]:
        assert callable(read)
        out = [read()]
        while self.accept(","):
            out.append(read())
        return tuple(out)

    def _file(self) -> str:
        if self.token.kind != "string":
            self.fail("the name of a file in quotes", 'write as in using "file.iso"')
        self.index += 1
        return self.tokens[self.index - 1].text.strip('"')

    # Dependencies: || binds weaker than &&.

    def _any(self) -> Dependency:
        parts = [self._all()]
        while self.accept("||"):
            parts.append(self._all())
        return parts[0] if len(parts) == 1 else DependsAny(tuple(parts))

    def _all(self) -> Dependency:
        parts = [self._one()]
        while self.accept("&&"):
            parts.append(self._one())
        return parts[0] if len(parts) == 1 else DependsAll(tuple(parts))

    def _one(self) -> Dependency:
        negations = 0
        while self.accept("!"):
            negations += 1
        part = self._atom()
        for _ in range(negations):
            part = DependsNot(part)
        return part

    def _atom(self) -> Dependency:
        if self.accept("("):
            part = self._any()
            if not self.accept(")"):
                self.fail("`)`", "close the parenthesis")
            return part
        if self.token.text == "file" and self.tokens[self.index + 1].text == "in":
            self.index += 2
            return DependsOnFile(self._file())
        mode = ""
        if self.token.text in ("ever", "never") and self.tokens[self.index + 1].kind == "name":
            mode = self.token.text
            self.index += 1
        return DependsOn(self._rule(), mode)

    def _rule(self) -> str:
        token = self.token
        name = self.name("the name of a rule")
        if name not in self.rules:
            raise self.text.error(
                "unknown-rule",
                token.line,
                token.column,
                f"there is no rule or virtual rule {name} before this one",
                f"name an earlier rule, or declare it: virtual {name}",
            )
        return name
