# SPDX-License-Identifier: GPL-2.0-only
"""Preprocessor lines and `asm` in the minus slice.

In: the tokens at a `Cursor`. Out: `preproc_include`, `preproc_def`, `preproc_undef` and
`preproc_pragma` (a C tree has no such nodes: the matcher finds the lines in the text), and
`gnu_asm_expression`.
"""

from __future__ import annotations

from vmaconv.cocci.smpl.minus.declarations import Declarations
from vmaconv.cocci.smpl.rule import PNode


class Directives(Declarations):
    """Reads preprocessor lines and `asm`; statements are read by the class built on it."""

    def items(self) -> list[PNode]:
        """Read a list of statements."""
        raise NotImplementedError

    def directive(self) -> PNode:
        token = self.token
        word = token.text
        if word == "#include":
            return self._include()
        if word == "#define":
            return self._define()
        if word == "#undef":
            return self._ended("preproc_undef", [self.leaf(), self.declared_name()])
        if word == "#pragma":
            parts = [self.leaf()]
            while self.token.kind not in ("eol", "end"):
                parts.append(self.dots() if self.token.kind == "dots" else self.leaf())
            return self._ended("preproc_pragma", parts)
        raise self.text.error(
            "directive-in-minus-slice",
            token.line,
            token.column,
            f"{word} can only be added; it cannot be matched",
            "write it in a + line, or leave it out",
        )

    def _ended(self, kind: str, parts: list[PNode]) -> PNode:
        if self.token.kind != "eol":
            self.fail("the end of the line", "remove what follows")
        self.index += 1
        return self.node(kind, parts)

    def _include(self) -> PNode:
        parts = [self.leaf()]
        token = self.token
        if token.kind == "dots":
            parts.append(self.dots())
        elif token.text.startswith("<"):
            parts.append(self.leaf("system_lib_string"))
        elif token.text.startswith('"'):
            parts.append(self.leaf("string_literal"))
        elif token.kind == "name":
            parts.append(self.leaf())
        else:
            self.fail('<file.h>, "file.h" or `...`', 'write as in #include "file.h"')
        return self._ended("preproc_include", parts)

    def _define(self) -> PNode:
        parts = [self.leaf(), self.declared_name()]
        token = self.token
        before = self.tokens[self.index - 1]
        adjacent = token.line == before.line and token.column == before.column + len(before.text)
        if token.text == "(" and adjacent and not before.attached:
            parts.append(self._macro_parameters())
        if self.token.kind == "eol":
            return self._ended("preproc_def", parts)
        body = self.attempt(self._whole_expression) or self.attempt(self._whole_type)
        if body is None:
            items = self.items()
            body = items[0] if len(items) == 1 else self.node("sequence", items)
        return self._ended("preproc_def", [*parts, body])

    def _whole_expression(self) -> PNode:
        node = self.expression()
        if self.token.kind != "eol":
            self.fail("the end of the line", "end the macro's body")
        return node

    def _whole_type(self) -> PNode:
        node = self.type_descriptor()
        if self.token.kind != "eol":
            self.fail("the end of the line", "end the macro's body")
        return node

    def _macro_parameters(self) -> PNode:
        parts = [self.take("(")]
        while not self.at(")"):
            if self.token.kind == "dots":
                parts.append(self.variadic() if self.token.text == "......" else self.dots())
            elif self.metakind() == "identifier list":
                parts.append(self.leaf())
            else:
                parts.append(self.declared_name())
                if self.token.text == "......":
                    parts.append(self.variadic())
            if not self.at(","):
                break
            parts.append(self.leaf())
        parts.append(self.take(")", "after the parameters of the macro"))
        return self.node("preproc_params", parts)

    def asm(self) -> PNode:
        parts = [self.leaf(self.token.text)]
        while self.token.text in ("volatile", "__volatile__", "goto", "inline"):
            parts.append(self.node("gnu_asm_qualifier", [self.leaf()]))
        parts.append(self.take("(", "after asm"))
        parts.append(self.dots() if self.token.kind == "dots" else self.conditional())
        lists = ("output", "input", "clobber", "goto")
        for name in lists:
            if not self.at(":"):
                break
            inner = [self.leaf()]
            while not self.at(":") and not self.at(")"):
                inner.append(self._operand(name))
                if not self.at(","):
                    break
                inner.append(self.leaf())
            suffix = "operand_list" if name in ("output", "input") else "list"
            parts.append(self.node(f"gnu_asm_{name}_{suffix}", inner))
        parts.append(self.take(")", "at the end of asm"))
        return self.node("gnu_asm_expression", parts)

    def _operand(self, name: str) -> PNode:
        if name in ("clobber", "goto") or self.token.kind == "dots":
            return self.dots() if self.token.kind == "dots" else self.primary()
        parts: list[PNode] = []
        if self.at("["):
            parts += [self.leaf(), self.leaf(), self.take("]")]
        if self.token.kind != "string" and not self.metakind():
            self.fail("an operand of asm", 'write as in "=r" (x)')
        parts.append(self.leaf())
        if self.at("("):
            parts += [self.leaf(), self.expression(), self.take(")", "after the operand")]
        return self.node(f"gnu_asm_{name}_operand", parts)
