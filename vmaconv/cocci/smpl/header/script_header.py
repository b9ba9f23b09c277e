# SPDX-License-Identifier: GPL-2.0-only
"""The declarations of script rules: what a script gets and what it makes.

In: the tokens between the header and `@@` of a `script:`, `initialize:` or `finalize:` block.
Out: inputs (`p << r.p;`) and outputs (`name;`).
"""

from __future__ import annotations

from collections.abc import Mapping

from vmaconv.cocci.smpl.header.constraints import (
    BAD_DECLARATION,
    DECLARATIONS_END,
    Constraints,
)
from vmaconv.cocci.smpl.kinds import RuleNames
from vmaconv.cocci.smpl.rule import Metavariable, ScriptInput
from vmaconv.cocci.smpl.rule_lexer import Text, Token
from vmaconv.cocci.smpl.token_cursor import TokenCursor


class ScriptParser:
    """Reads a script's declarations; `rules` are the metavariables of the rules before it."""

    def __init__(
        self,
        text: Text,
        tokens: list[Token],
        end: Token,
        rules: Mapping[str, Mapping[str, Metavariable]],
    ) -> None:
        self.cursor = TokenCursor(text, [*tokens, end], BAD_DECLARATION, DECLARATIONS_END)
        self.constraints = Constraints(self.cursor, rules, RuleNames())
        self.inputs: list[ScriptInput] = []
        self.outputs: list[Metavariable] = []
        self.seen: dict[str, Token] = {}

    def parse(self) -> None:
        """Fill `inputs` and `outputs`. Raises `SmplError`."""
        while self.cursor.token.kind != "end":
            if not self.cursor.accept(";"):
                self._declaration()

    def _name(self) -> Token:
        return self.cursor.name("a name", "write as in p << r.p;")

    def _declaration(self) -> None:
        local = self._name_or_pair()
        if local.text in self.seen:
            raise self.cursor.text.error(
                "duplicate-metavariable",
                local.line,
                local.column,
                f"{local.text} is declared already, on line {self.seen[local.text].line}",
                "use another name",
            )
        self.seen[local.text] = local
        if not self.cursor.accept("<<"):
            while True:
                self.outputs.append(Metavariable(local.text, "script", self.cursor.place(local)))
                if not self.cursor.accept(","):
                    break
                local = self._name()
                self.seen[local.text] = local
            self.cursor.expect(";", "or `<<` after a name")
            return
        rule = self._name()
        self.cursor.expect(".", "between a rule and its metavariable")
        name = self._name()
        self.constraints.lookup(rule.text, name.text, rule)
        default = self._default() if self.cursor.accept("=") else None
        self.inputs.append(
            ScriptInput(local.text, rule.text, name.text, self.cursor.place(local), default)
        )
        self.cursor.expect(";", "after the declaration")

    def _name_or_pair(self) -> Token:
        """Read `x`, or OCaml's `(x, tree)`, of which the string's name is kept."""
        if not self.cursor.accept("("):
            return self._name()
        first = self._name()
        self.cursor.expect(",", "in a pair")
        second = self._name()
        self.cursor.expect(")", "after a pair")
        return second if first.text == "_" else first

    def _default(self) -> str:
        if self.cursor.accept("["):
            self.cursor.expect("]", "in an empty list")
            return "[]"
        token = self.cursor.token
        if token.kind != "string":
            self.cursor.fail("a string, or `[]` for a position", 'write as in x << r.x = "none";')
        self.cursor.index += 1
        return token.text[1:-1]
