# SPDX-License-Identifier: GPL-2.0-only
"""Expressions and initialisers of the minus slice.

In: the tokens at a `Cursor`. Out: the nodes that tree-sitter-c makes for expressions, with
metavariables, dots, nests and disjunctions as operands, arguments, operators and field names.
"""

from __future__ import annotations

from vmaconv.cocci.smpl.kinds import NOT_EXPRESSIONS, QUALIFIERS
from vmaconv.cocci.smpl.minus.expression_lists import Lists
from vmaconv.cocci.smpl.rule import PNode, When
from vmaconv.cocci.smpl.rule_lexer import Token

_LEVELS = ("||", "&&", "|", "^", "&", "== !=", "< > <= >=", "<< >>", "+ -", "* / %")
PRECEDENCE = {op: level for level, ops in enumerate(_LEVELS, 1) for op in ops.split()}
_METAVARIABLE_LEVEL = PRECEDENCE["+"]
"""spatch gives an operator metavariable the precedence of `+`."""
ASSIGNMENTS = frozenset({"=", "+=", "-=", "*=", "/=", "%=", "&=", "|=", "^=", "<<=", ">>="})
_PREFIXES = frozenset({"!", "~", "-", "+", "*", "&", "++", "--", "&&", "__extension__"})
_ALIGNOFS = frozenset({"_Alignof", "__alignof__", "alignof", "__alignof"})
_ACCESSES = frozenset({".", "->"})
_UPDATES = frozenset({"++", "--"})
_BINARIES = frozenset(PRECEDENCE)
_OPERAND_STARTS = frozenset({"!", "~", "{"})
"""After `(name)`, these say that the name is a type."""
_TOO_FEW = "an expression"


class Expressions(Lists):
    """Reads expressions; statements are read by the class built on it."""

    def compound(self) -> PNode:
        """Read `{ ... }` of statements."""
        raise NotImplementedError

    def asm(self) -> PNode:
        """Read a `gnu_asm_expression`."""
        raise NotImplementedError

    # From the loosest to the tightest: comma, assignment, conditional, binary, prefixes, postfixes.

    def expression(self) -> PNode:
        """Read an expression with commas."""
        parts = [self.assignment()]
        while self.at(","):
            parts.append(self.leaf())
            parts.append(self.assignment())
        node = parts.pop()
        while parts:
            comma = parts.pop()
            node = self.node("comma_expression", [parts.pop(), comma, node])
        return node

    def assignment(self) -> PNode:
        parts = [self.conditional()]
        while self._operator_stands(ASSIGNMENTS, "assignment operator"):
            parts.append(self._operator(ASSIGNMENTS))
            parts.append(self.braces() if self.at("{") else self.conditional())
        node = parts.pop()
        while parts:
            operator = parts.pop()
            node = self.node("assignment_expression", [parts.pop(), operator, node])
        return node

    def conditional(self) -> PNode:
        """Read `a ? b : c`, or what binds tighter."""
        condition = self.binary(1)
        if not self.at("?"):
            return condition
        parts = [condition, self.leaf()]
        if not self.at(":"):
            parts.append(self.expression())
        parts.append(self.take(":", "of ?:"))
        parts.append(self.conditional())
        return self.node("conditional_expression", parts)

    def binary(self, least: int) -> PNode:
        """Read binary operators of precedence `least` or higher."""
        left = self.prefixed()
        while True:
            level = self._level()
            if level < least:
                return left
            operator = self._operator(_BINARIES)
            left = self.node("binary_expression", [left, operator, self.binary(level + 1)])

    def _level(self) -> int:
        token = self.token
        if token.kind == "punct":
            return PRECEDENCE.get(token.text, 0)
        if token.kind == "name":
            return _METAVARIABLE_LEVEL if self.metakind() == "binary operator" else 0
        if token.kind == "open" and self._group_of(_BINARIES, "binary operator"):
            return PRECEDENCE.get(self.peek().text, _METAVARIABLE_LEVEL)
        return 0

    def _group_of(self, texts: frozenset[str], kind: str = "") -> bool:
        """Whether the disjunction that stands next is one of single tokens out of `texts`."""
        return all(
            end - start == 1
            and (
                (self.tokens[start].kind == "punct" and self.tokens[start].text in texts)
                or (kind != "" and self.names.kind(self.tokens[start].text) == kind)
            )
            for start, end in self.arms(self.index)
        )

    def prefix_group_stands(self) -> bool:
        """Whether a disjunction of prefix operators stands next."""
        return self._group_of(_PREFIXES, "unary operator")

    def _operator_stands(self, texts: frozenset[str], kind: str) -> bool:
        token = self.token
        if token.kind == "punct":
            return token.text in texts
        if token.kind == "name":
            return self.metakind() == kind
        return token.kind == "open" and self._group_of(texts, kind)

    def _operator(self, texts: frozenset[str]) -> PNode:
        if self.token.kind == "open" and texts:
            return self.group(self.leaf)
        return self.leaf()

    def prefixed(self) -> PNode:
        """Read prefix operators, casts and `sizeof` before an operand."""
        pending: list[tuple[str, list[PNode]]] = []
        while True:
            token = self.token
            if token.kind == "punct" and token.text in _PREFIXES:
                kind = "update_expression" if token.text in _UPDATES else "unary_expression"
                pending.append((kind, [self.leaf()]))
            elif token.kind == "name" and token.text == "__extension__":
                pending.append(("extension_expression", [self.leaf()]))
            elif token.kind == "name" and self.metakind() == "unary operator":
                pending.append(("unary_expression", [self.leaf()]))
            elif token.text == "(" and token.kind == "punct" and self._cast_stands():
                parts = [self.leaf(), self.type_descriptor(), self.take(")", "after the type")]
                if self.at("{"):
                    literal = self.node("compound_literal_expression", [*parts, self.braces()])
                    node = self.postfixes(literal)
                    break
                pending.append(("cast_expression", parts))
            elif token.text == "sizeof" or token.text in _ALIGNOFS:
                sized = self._sizeof()
                if sized is not None:
                    node = sized
                    break
                pending.append(("sizeof_expression", [self.leaf()]))
            elif token.kind == "open" and self.prefix_group_stands():
                pending.append(("unary_expression", [self.group(self.leaf)]))
            else:
                node = self.postfixes(self.primary())
                break
        for kind, parts in reversed(pending):
            node = self.node(kind, [*parts, node])
        return node

    def _sizeof(self) -> PNode | None:
        """Read `sizeof (type)`, or nothing if an expression follows the word."""
        token = self.token
        if self.peek().text == "(":
            index = self.index
            self.index += 2
            alone = self.peek().text == ")" and self.is_plain(self.token)
            is_type = alone if token.text != "sizeof" else self.is_type_here() and not alone
            is_type = is_type or (not alone and self.is_type_here())
            self.index = index
            if is_type:
                parts = [self.leaf(), self.leaf(), self.type_descriptor()]
                parts.append(self.take(")", "after the type"))
                kind = "sizeof_expression" if token.text == "sizeof" else "alignof_expression"
                return self.node(kind, parts)
        if token.text != "sizeof":
            return self.postfixes(self.leaf("identifier"))
        return None

    def _cast_stands(self) -> bool:
        """Whether the `(` that stands next opens a cast or a compound literal."""
        index = self.index
        close = self.token.partner
        self.index = index + 1
        try:
            if self.type_begins(index + 1) or self.is_type_here():
                return close != index + 2 or self.tokens[close + 1].text != ")"
            if self.metakind() or not self.at_name():
                return False
        finally:
            self.index = index
        at = index + 2
        while self.tokens[at].text in QUALIFIERS:
            at += 1
        return at == close and self._operand_begins(self.tokens[close + 1])

    def _operand_begins(self, token: Token) -> bool:
        if token.kind in ("number", "string", "char"):
            return True
        if token.kind == "name":
            kind = self.names.kind(token.text)
            return kind not in ("binary operator", "assignment operator")
        return token.kind == "punct" and token.text in _OPERAND_STARTS

    def postfixes(self, node: PNode) -> PNode:
        """Read calls, indexes, fields and `++` after an operand."""
        while True:
            token = self.token
            if token.kind == "punct":
                if token.text == "(":
                    node = self.node("call_expression", [node, self.arguments()])
                    continue
                if token.text == "[":
                    parts = [node, self.leaf(), self.expression()]
                    parts.append(self.take("]", "after the index"))
                    node = self.node("subscript_expression", parts)
                    continue
                if token.text in _ACCESSES:
                    node = self.node("field_expression", [node, self.leaf(), self.field_name()])
                    continue
                if token.text in _UPDATES:
                    node = self.node("update_expression", [node, self.leaf()])
                    continue
            elif token.kind == "open" and self._group_of(_ACCESSES):
                operator = self.group(self.leaf)
                node = self.node("field_expression", [node, operator, self.field_name()])
                continue
            elif token.kind == "open" and self._group_of(_UPDATES):
                node = self.node("update_expression", [node, self.group(self.leaf)])
                continue
            return node

    def field_name(self) -> PNode:
        """Read the name of a field, or what stands for one."""
        if self.token.kind == "open":
            return self.group(self.field_name)
        if not self.at_name():
            self.fail("the name of a field", "write a name after . or ->")
        if self.metakind() in NOT_EXPRESSIONS:
            self.fail("the name of a field", "declare the metavariable as an identifier")
        return self.leaf()

    # Operands.

    def primary(self) -> PNode:
        """Read an operand."""
        token = self.token
        kind = token.kind
        if kind == "name":
            return self._named()
        if kind == "string":
            return self._strings(None)
        if kind in ("number", "char"):
            return self.leaf()
        if kind == "open":
            return self.group(self.expression)
        if kind == "dots":
            return self._dotted()
        if token.text == "(" and kind == "punct":
            parts = [self.leaf()]
            parts.append(self.compound() if self.at("{") else self.expression())
            parts.append(self.take(")", "to close the parenthesis"))
            return self.node("parenthesized_expression", parts)
        raise self.failure(_TOO_FEW, "write an expression here")

    def _named(self) -> PNode:
        if self.token.text in ("asm", "__asm__", "__asm"):
            return self.asm()
        if not self.is_plain(self.token) and not self.metakind():
            if self.type_begins(self.index):
                self.fail(_TOO_FEW, "a type may only stand in a cast, in sizeof or as an argument")
            self.fail(_TOO_FEW, "write an expression here")
        if self.metakind() in NOT_EXPRESSIONS:
            self.fail(_TOO_FEW, "declare the metavariable as an expression", "wrong-kind")
        node = self.leaf()
        if self.token.kind == "string":
            return self._strings(node)
        return node

    def _strings(self, first: PNode | None) -> PNode:
        parts = [first if first is not None else self.leaf()]
        while self.token.kind == "string" or self._string_macro():
            parts.append(self.leaf())
        return parts[0] if len(parts) == 1 else self.node("concatenated_string", parts)

    def _string_macro(self) -> bool:
        """Whether a name stands next that is part of a string, as in `"a" PRIu64 "b"`."""
        if not self.at_name() or self.metakind() in NOT_EXPRESSIONS | {
            "assignment operator",
            "binary operator",
        }:
            return False
        return self.token.line == self.tokens[self.index - 1].line or self.peek().kind == "string"

    def _dotted(self) -> PNode:
        if self.token.text == "...":
            return self.leaf("dots")
        if self.token.text in ("<...", "<+..."):
            return self.expression_nest()
        raise self.failure(_TOO_FEW, "write the body of the nest between <... and ...>")

    def expression_nest(self) -> PNode:
        """Read `<... e ...>` in the place of an expression."""
        opener = self.token
        end = self.tokens[opener.partner]
        self.index += 1
        whens = self.whens()
        parts = [self.expression()]
        while self.token.text == "..." and self.token.kind == "dots":
            parts.append(self.dots())
            parts.append(self.expression())
        if self.token is not end:
            self.fail(f"`{end.text}`", "the body of this nest is an expression")
        body = parts[0] if len(parts) == 1 else self.node("sequence", parts)
        self.index += 1
        return self.nest(opener, end, body, whens)

    def whens(self) -> tuple[When, ...]:
        """Read the `when` lines after dots."""
        raise NotImplementedError

    def nest(self, opener: Token, end: Token, body: PNode, whens: tuple[When, ...]) -> PNode:
        """Make a nest out of its parts."""
        raise NotImplementedError
