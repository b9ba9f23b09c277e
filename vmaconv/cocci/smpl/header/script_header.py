# SPDX-License-Identifier: GPL-2.0-only
"""The declarations of script rules: what a script gets and what it makes.

In: the tokens between the header and `@@` of a `script:`, `initialize:` or `finalize:` block.
Out: inputs (`p << r.p;`) and outputs (`name;`).
"""

from __future__ import annotations

from collections.abc import Mapping

from vmaconv.cocci.smpl.header.constraints import Constraints
from vmaconv.cocci.smpl.kinds import RuleNames
from vmaconv.cocci.smpl.rule import Metavariable, ScriptInput
from vmaconv.cocci.smpl.rule_lexer import Text, Token


class ScriptParser(Constraints):
    """Reads a script's declarations; `rules` are the metavariables of the rules before it."""

    def __init__(
        self,
        text: Text,
        tokens: list[Token],
        end: Token,
        rules: Mapping[str, Mapping[str, Metavariable]],
    ) -> None:
        super().__init__(text, [*tokens, end], rules, RuleNames())
        self.inputs: list[ScriptInput] = []
        self.outputs: list[Metavariable] = []
        self.seen: dict[str, Token] = {}

    def parse(self) -> None:
        """Fill `inputs` and `outputs`. Raises `SmplError`."""
        while self.token.kind != "end":
            if not self.accept(";"):
                self._declaration()

    def _name(self) -> Token:
        token = self.token
        if token.kind != "name":
            self.fail("a name", "write as in p << r.p;")
        self.index += 1
        return token

    def _declaration(self) -> None:
        local = self._name_or_pair()
        if local.text in self.seen:
            raise self.text.error(
                "duplicate-metavariable",
                local.line,
                local.column,
                f"{local.text} is declared already, on line {self.seen[local.text].line}",
                "use another name",
            )
        self.seen[local.text] = local
        if not self.accept("<<"):
            while True:
                self.outputs.append(Metavariable(local.text, "script", self.place(local)))
                if not self.accept(","):
                    break
                local = self._name()
                self.seen[local.text] = local
            self.expect(";", "or `<<` after a name")
            return
        rule = self._name()
        self.expect(".", "between a rule and its metavariable")
        name = self._name()
        self.lookup(rule.text, name.text, rule)
        default = self._default() if self.accept("=") else None
        self.inputs.append(
            ScriptInput(local.text, rule.text, name.text, self.place(local), default)
        )
        self.expect(";", "after the declaration")

    def _name_or_pair(self) -> Token:
        """Read `x`, or OCaml's `(x, tree)`, of which the string's name is kept."""
        if not self.accept("("):
            return self._name()
        first = self._name()
        self.expect(",", "in a pair")
        second = self._name()
        self.expect(")", "after a pair")
        return second if first.text == "_" else first

    def _default(self) -> str:
        if self.accept("["):
            self.expect("]", "in an empty list")
            return "[]"
        token = self.token
        if token.kind != "string":
            self.fail("a string, or `[]` for a position", 'write as in x << r.x = "none";')
        self.index += 1
        return token.text[1:-1]
