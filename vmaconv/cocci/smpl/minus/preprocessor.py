# SPDX-License-Identifier: GPL-2.0-only
"""Preprocessor lines and `asm` in the minus slice.

In: the tokens at a `Cursor`. Out: `preproc_include`, `preproc_def`, `preproc_undef` and
`preproc_pragma` (a C tree has no such nodes: the matcher finds the lines in the text), and
`gnu_asm_expression`.
"""

from __future__ import annotations

from dataclasses import replace

from vmaconv.cocci.smpl.minus.grammar_part import GrammarPart
from vmaconv.cocci.smpl.rule import PNode


class Directives(GrammarPart):
    """Reads preprocessor lines and `asm`; statements are read by the class built on it."""

    def directive(self) -> PNode:
        token = self.cursor.token
        word = token.text
        if word == "#include":
            return self._include()
        if word == "#define":
            return self._define()
        if word == "#undef":
            return self._ended(
                "preproc_undef", [self.cursor.leaf(), self.grammar.declarators.declared_name()]
            )
        if word == "#pragma":
            parts = [self.cursor.leaf()]
            while self.cursor.token.kind not in ("eol", "end"):
                parts.append(
                    self.grammar.groups.dots()
                    if self.cursor.token.kind == "dots"
                    else self.cursor.leaf()
                )
            return self._ended("preproc_pragma", parts)
        raise self.cursor.text.error(
            "directive-in-minus-slice",
            token.line,
            token.column,
            f"{word} can only be added; it cannot be matched",
            "write it in a + line, or leave it out",
        )

    def _ended(self, kind: str, parts: list[PNode]) -> PNode:
        if self.cursor.token.kind != "eol":
            self.cursor.fail("the end of the line", "remove what follows")
        self.cursor.index += 1
        return self.cursor.node(kind, parts)

    def _include(self) -> PNode:
        parts = [self.cursor.leaf()]
        token = self.cursor.token
        if token.kind == "dots":
            parts.append(self.grammar.groups.dots())
        elif token.text.startswith("<"):
            parts.append(self.cursor.leaf("system_lib_string"))
        elif token.text.startswith('"'):
            parts.append(self.cursor.leaf("string_literal"))
        elif token.kind == "name":
            parts.append(self.cursor.leaf())
        else:
            self.cursor.fail('<file.h>, "file.h" or `...`', 'write as in #include "file.h"')
        return self._ended("preproc_include", parts)

    def _define(self) -> PNode:
        parts = [self.cursor.leaf(), self.grammar.declarators.declared_name()]
        token = self.cursor.token
        before = self.cursor.tokens[self.cursor.index - 1]
        adjacent = token.line == before.line and token.column == before.column + len(before.text)
        if token.text == "(" and adjacent and not before.attached:
            parts.append(self._macro_parameters())
        if self.cursor.token.kind == "eol":
            return self._ended("preproc_def", parts)
        body = self.cursor.attempt(self._whole_expression) or self.cursor.attempt(self._whole_type)
        if body is None:
            items = self.grammar.statements.items()
            is_block = len(items) == 1 and items[0].kind == "compound_statement"
            body = items[0] if is_block else self.cursor.node("macro_body", items)
        return self._ended("preproc_def", [*parts, body])

    def _whole_expression(self) -> PNode:
        node = self.grammar.expressions.expression()
        if self.cursor.token.kind != "eol":
            self.cursor.fail("the end of the line", "end the macro's body")
        return node

    def _whole_type(self) -> PNode:
        node = self.grammar.types.type_descriptor()
        if self.cursor.token.kind != "eol":
            self.cursor.fail("the end of the line", "end the macro's body")
        return node

    def _macro_parameters(self) -> PNode:
        parts = [self.cursor.take("(")]
        while not self.cursor.at(")"):
            if self.cursor.token.kind == "dots":
                parts.append(
                    self._variadic()
                    if self.cursor.token.text == "......"
                    else self.grammar.groups.dots()
                )
            elif self.cursor.metakind() == "identifier list":
                parts.append(self.cursor.leaf())
            else:
                parts.append(self.grammar.declarators.declared_name())
                if self.cursor.token.text == "......":
                    parts.append(self._variadic())
            if not self.cursor.at(","):
                break
            parts.append(self.cursor.leaf())
        parts.append(self.cursor.take(")", "after the parameters of the macro"))
        return self.cursor.node("preproc_params", parts)

    def _variadic(self) -> PNode:
        """Read `......` as the `...` that ends a macro's parameters."""
        return replace(self.cursor.leaf("..."), text=b"...")

    def asm(self) -> PNode:
        parts = [self.cursor.leaf(self.cursor.token.text)]
        while self.cursor.token.text in ("volatile", "__volatile__", "goto", "inline"):
            parts.append(self.cursor.node("gnu_asm_qualifier", [self.cursor.leaf()]))
        parts.append(self.cursor.take("(", "after asm"))
        parts.append(
            self.grammar.groups.dots()
            if self.cursor.token.kind == "dots"
            else self.grammar.expressions.conditional()
        )
        lists = ("output", "input", "clobber", "goto")
        for name in lists:
            if not self.cursor.at(":"):
                break
            inner = [self.cursor.leaf()]
            while not self.cursor.at(":") and not self.cursor.at(")"):
                inner.append(self._operand(name))
                if not self.cursor.at(","):
                    break
                inner.append(self.cursor.leaf())
            suffix = "operand_list" if name in ("output", "input") else "list"
            parts.append(self.cursor.node(f"gnu_asm_{name}_{suffix}", inner))
        parts.append(self.cursor.take(")", "at the end of asm"))
        return self.cursor.node("gnu_asm_expression", parts)

    def _operand(self, name: str) -> PNode:
        if name in ("clobber", "goto") or self.cursor.token.kind == "dots":
            return (
                self.grammar.groups.dots()
                if self.cursor.token.kind == "dots"
                else self.grammar.expressions.primary()
            )
        parts: list[PNode] = []
        if self.cursor.at("["):
            parts += [self.cursor.leaf(), self.cursor.leaf(), self.cursor.take("]")]
        if self.cursor.token.kind != "string" and not self.cursor.metakind():
            self.cursor.fail("an operand of asm", 'write as in "=r" (x)')
        parts.append(self.cursor.leaf())
        if self.cursor.at("("):
            parts += [
                self.cursor.leaf(),
                self.grammar.expressions.expression(),
                self.cursor.take(")", "after the operand"),
            ]
        return self.cursor.node(f"gnu_asm_{name}_operand", parts)
