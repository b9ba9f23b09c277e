# SPDX-License-Identifier: GPL-2.0-only
"""Expressions and initialisers of the minus slice.

In: the tokens at a `Cursor`. Out: the nodes that tree-sitter-c makes for expressions, with
metavariables, dots, nests and disjunctions as operands, arguments, operators and field names.
"""

from __future__ import annotations

from vmaconv.cocci.smpl.kinds import NOT_EXPRESSIONS, QUALIFIERS
from vmaconv.cocci.smpl.minus.grammar_part import GrammarPart
from vmaconv.cocci.smpl.rule import PNode
from vmaconv.cocci.smpl.rule_lexer import Token

_LEVELS = ("||", "&&", "|", "^", "&", "== !=", "< > <= >=", "<< >> <? >?", "+ -", "* / %")
PRECEDENCE = {op: level for level, ops in enumerate(_LEVELS, 1) for op in ops.split()}
_METAVARIABLE_LEVEL = PRECEDENCE["+"]
"""spatch gives an operator metavariable the precedence of `+`."""
_ASSIGNMENTS = "= += -= *= /= %= &= |= ^= <<= >>= <?= >?="
ASSIGNMENTS = frozenset(_ASSIGNMENTS.split())
"""`<?` and `>?` are old operators of GCC: the lesser and the greater of two."""
_PREFIXES = frozenset({"!", "~", "-", "+", "*", "&", "++", "--", "&&", "__extension__"})
_ALIGNOFS = frozenset({"_Alignof", "__alignof__", "alignof", "__alignof"})
_ACCESSES = frozenset({".", "->"})
_UPDATES = frozenset({"++", "--"})
_BINARIES = frozenset(PRECEDENCE)
_OPERAND_STARTS = frozenset({"!", "~", "{"})
"""After `(name)`, these say that the name is a type."""
_TOO_FEW = "an expression"


class Expressions(GrammarPart):
    """Reads expressions; statements are read by the class built on it."""

    # From the loosest to the tightest: comma, assignment, conditional, binary, prefixes, postfixes.

    def expression(self) -> PNode:
        """Read an expression with commas."""
        node = self.assignment()
        while self.cursor.at(","):
            comma = self.cursor.leaf()
            node = self.cursor.node("comma_expression", [node, comma, self.assignment()])
        return node

    def assignment(self) -> PNode:
        parts = [self.conditional()]
        while self._operator_stands(ASSIGNMENTS, "assignment operator"):
            parts.append(self._operator(ASSIGNMENTS))
            parts.append(self.grammar.lists.braces() if self.cursor.at("{") else self.conditional())
        node = parts.pop()
        while parts:
            operator = parts.pop()
            node = self.cursor.node("assignment_expression", [parts.pop(), operator, node])
        return node

    def conditional(self) -> PNode:
        """Read `a ? b : c`, or what binds tighter."""
        condition = self.binary(1)
        if not self.cursor.at("?"):
            return condition
        parts = [condition, self.cursor.leaf()]
        if not self.cursor.at(":"):
            parts.append(self.expression())
        parts.append(self.cursor.take(":", "of ?:"))
        parts.append(self.conditional())
        return self.cursor.node("conditional_expression", parts)

    def binary(self, least: int) -> PNode:
        """Read binary operators of precedence `least` or higher."""
        left = self.prefixed()
        while True:
            level = self._level()
            if level < least:
                return left
            operator = self._operator(_BINARIES)
            left = self.cursor.node("binary_expression", [left, operator, self.binary(level + 1)])

    def _level(self) -> int:
        token = self.cursor.token
        if token.kind == "punct":
            return PRECEDENCE.get(token.text, 0)
        if token.kind == "name":
            return _METAVARIABLE_LEVEL if self.cursor.metakind() == "binary operator" else 0
        if token.kind == "open" and self._group_of(_BINARIES, "binary operator"):
            return PRECEDENCE.get(self.cursor.peek().text, _METAVARIABLE_LEVEL)
        return 0

    def _group_of(self, texts: frozenset[str], kind: str = "") -> bool:
        """Whether the disjunction that stands next is one of single tokens out of `texts`."""
        return all(
            end - start == 1
            and (
                (
                    self.cursor.tokens[start].kind == "punct"
                    and self.cursor.tokens[start].text in texts
                )
                or (kind != "" and self.cursor.names.kind(self.cursor.tokens[start].text) == kind)
            )
            for start, end in self.cursor.arms(self.cursor.index)
        )

    def prefix_group_stands(self) -> bool:
        """Whether a disjunction of prefix operators stands next."""
        return self._group_of(_PREFIXES, "unary operator")

    def _operator_stands(self, texts: frozenset[str], kind: str) -> bool:
        token = self.cursor.token
        if token.kind == "punct":
            return token.text in texts
        if token.kind == "name":
            return self.cursor.metakind() == kind
        return token.kind == "open" and self._group_of(texts, kind)

    def _operator(self, texts: frozenset[str]) -> PNode:
        if self.cursor.token.kind == "open" and texts:
            return self.cursor.group(self.cursor.leaf)
        return self.cursor.leaf()

    def prefixed(self) -> PNode:
        """Read prefix operators, casts and `sizeof` before an operand."""
        pending: list[tuple[str, list[PNode]]] = []
        while True:
            token = self.cursor.token
            if token.kind == "punct" and token.text in _PREFIXES:
                kind = "update_expression" if token.text in _UPDATES else "unary_expression"
                pending.append((kind, [self.cursor.leaf()]))
            elif token.kind == "name" and token.text == "__extension__":
                pending.append(("extension_expression", [self.cursor.leaf()]))
            elif token.kind == "name" and self.cursor.metakind() == "unary operator":
                pending.append(("unary_expression", [self.cursor.leaf()]))
            elif token.text == "(" and token.kind == "punct" and self._cast_stands():
                parts = [
                    self.cursor.leaf(),
                    self.grammar.types.type_descriptor(),
                    self.cursor.take(")", "after the type"),
                ]
                if self.cursor.at("{"):
                    literal = self.cursor.node(
                        "compound_literal_expression", [*parts, self.grammar.lists.braces()]
                    )
                    node = self.postfixes(literal)
                    break
                pending.append(("cast_expression", parts))
            elif token.text == "sizeof" or token.text in _ALIGNOFS:
                sized = self._sizeof()
                if sized is not None:
                    node = sized
                    break
                pending.append(("sizeof_expression", [self.cursor.leaf()]))
            elif token.kind == "open" and self.prefix_group_stands():
                pending.append(("unary_expression", [self.cursor.group(self.cursor.leaf)]))
            else:
                node = self.postfixes(self.primary())
                break
        for kind, parts in reversed(pending):
            node = self.cursor.node(kind, [*parts, node])
        return node

    def _sizeof(self) -> PNode | None:
        """Read `sizeof (type)`, or nothing if an expression follows the word."""
        token = self.cursor.token
        if self.cursor.peek().text == "(":
            index = self.cursor.index
            self.cursor.index += 2
            alone = self.cursor.peek().text == ")" and self.grammar.types.is_plain(
                self.cursor.token
            )
            is_type = (
                alone if token.text != "sizeof" else self.grammar.types.is_type_here() and not alone
            )
            is_type = is_type or (not alone and self.grammar.types.is_type_here())
            self.cursor.index = index
            if is_type:
                parts = [
                    self.cursor.leaf(),
                    self.cursor.leaf(),
                    self.grammar.types.type_descriptor(),
                ]
                parts.append(self.cursor.take(")", "after the type"))
                kind = "sizeof_expression" if token.text == "sizeof" else "alignof_expression"
                return self.cursor.node(kind, parts)
            if alone and self._is_type_alone():
                word, parts = self.cursor.leaf(), [self.cursor.leaf() for _ in range(3)]
                inner = self.cursor.node("parenthesized_expression", parts)
                return self.cursor.node("sizeof_expression", [word, inner])
        if token.text != "sizeof":
            return self.postfixes(self.cursor.leaf("identifier"))
        return None

    def _is_type_alone(self) -> bool:
        """Whether a declared type is all that `sizeof(T)` has, and no literal `(T){ ... }` begins."""
        name, behind = self.cursor.peek(2), self.cursor.peek(4)
        return self.cursor.names.is_type(name.text) and behind.text != "{"

    def _cast_stands(self) -> bool:
        """Whether the `(` that stands next opens a cast or a compound literal."""
        index = self.cursor.index
        close = self.cursor.token.partner
        self.cursor.index = index + 1
        try:
            if self.grammar.types.type_begins(index + 1) or self.grammar.types.is_type_here():
                return close != index + 2 or self.cursor.tokens[close + 1].text != ")"
            if self.cursor.metakind() or not self.cursor.at_name():
                return False
        finally:
            self.cursor.index = index
        at = index + 2
        while self.cursor.tokens[at].text in QUALIFIERS:
            at += 1
        return at == close and self._operand_begins(self.cursor.tokens[close + 1])

    def _operand_begins(self, token: Token) -> bool:
        if token.kind in ("number", "string", "char"):
            return True
        if token.kind == "name":
            kind = self.cursor.names.kind(token.text)
            return kind not in ("binary operator", "assignment operator")
        return token.kind == "punct" and token.text in _OPERAND_STARTS

    def postfixes(self, node: PNode) -> PNode:
        """Read calls, indexes, fields and `++` after an operand."""
        while True:
            token = self.cursor.token
            if token.kind == "punct":
                if token.text == "(":
                    node = self.cursor.node(
                        "call_expression", [node, self.grammar.lists.arguments()]
                    )
                    continue
                if token.text == "[":
                    parts = [node, self.cursor.leaf(), self.expression()]
                    parts.append(self.cursor.take("]", "after the index"))
                    node = self.cursor.node("subscript_expression", parts)
                    continue
                if token.text in _ACCESSES:
                    node = self.cursor.node(
                        "field_expression", [node, self.cursor.leaf(), self.field_name()]
                    )
                    continue
                if token.text in _UPDATES:
                    node = self.cursor.node("update_expression", [node, self.cursor.leaf()])
                    continue
            elif token.kind == "open" and self._group_of(_ACCESSES):
                operator = self.cursor.group(self.cursor.leaf)
                node = self.cursor.node("field_expression", [node, operator, self.field_name()])
                continue
            elif token.kind == "open" and self._group_of(_UPDATES):
                node = self.cursor.node(
                    "update_expression", [node, self.cursor.group(self.cursor.leaf)]
                )
                continue
            return node

    def field_name(self) -> PNode:
        """Read the name of a field, or what stands for one."""
        if self.cursor.token.kind == "open":
            return self.cursor.group(self.field_name)
        if not self.cursor.at_name():
            self.cursor.fail("the name of a field", "write a name after . or ->")
        if self.cursor.metakind() in NOT_EXPRESSIONS:
            self.cursor.fail("the name of a field", "declare the metavariable as an identifier")
        return self.cursor.leaf()

    # Operands.

    def primary(self) -> PNode:
        """Read an operand."""
        token = self.cursor.token
        kind = token.kind
        if kind == "name":
            return self._named()
        if kind == "string":
            return self._strings(None)
        if kind in ("number", "char"):
            return self.cursor.leaf()
        if kind == "open":
            return self.cursor.group(self.expression)
        if kind == "dots":
            return self._dotted()
        if token.text == "(" and kind == "punct":
            parts = [self.cursor.leaf()]
            parts.append(
                self.grammar.statements.compound() if self.cursor.at("{") else self.expression()
            )
            parts.append(self.cursor.take(")", "to close the parenthesis"))
            return self.cursor.node("parenthesized_expression", parts)
        raise self.cursor.failure(_TOO_FEW, "write an expression here")

    def _named(self) -> PNode:
        if self.cursor.token.text in ("asm", "__asm__", "__asm"):
            return self.grammar.directives.asm()
        if not self.grammar.types.is_plain(self.cursor.token) and not self.cursor.metakind():
            if self.grammar.types.type_begins(self.cursor.index):
                self.cursor.fail(
                    _TOO_FEW, "a type may only stand in a cast, in sizeof or as an argument"
                )
            self.cursor.fail(_TOO_FEW, "write an expression here")
        if self.cursor.metakind() in NOT_EXPRESSIONS:
            self.cursor.fail(_TOO_FEW, "declare the metavariable as an expression", "wrong-kind")
        node = self.cursor.leaf()
        if self.cursor.token.kind == "string":
            return self._strings(node)
        return node

    def _strings(self, first: PNode | None) -> PNode:
        parts = [first if first is not None else self.cursor.leaf()]
        while self.cursor.token.kind == "string" or self._string_macro():
            parts.append(self.cursor.leaf())
        return parts[0] if len(parts) == 1 else self.cursor.node("concatenated_string", parts)

    def _string_macro(self) -> bool:
        """Whether a name stands next that is part of a string, as in `"a" PRIu64 "b"`."""
        if not self.cursor.at_name() or self.cursor.metakind() in NOT_EXPRESSIONS | {
            "assignment operator",
            "binary operator",
        }:
            return False
        return (
            self.cursor.token.line == self.cursor.tokens[self.cursor.index - 1].line
            or self.cursor.peek().kind == "string"
        )

    def _dotted(self) -> PNode:
        if self.cursor.token.text == "...":
            return self.cursor.leaf("dots")
        if self.cursor.token.text in ("<...", "<+..."):
            return self.expression_nest()
        raise self.cursor.failure(_TOO_FEW, "write the body of the nest between <... and ...>")

    def expression_nest(self) -> PNode:
        """Read `<... e ...>` in the place of an expression."""
        opener = self.cursor.token
        end = self.cursor.tokens[opener.partner]
        self.cursor.index += 1
        whens = self.grammar.groups.whens()
        parts = [self.expression()]
        while self.cursor.token.text == "..." and self.cursor.token.kind == "dots":
            parts.append(self.grammar.groups.dots())
            parts.append(self.expression())
        if self.cursor.token is not end:
            self.cursor.fail(f"`{end.text}`", "the body of this nest is an expression")
        body = parts[0] if len(parts) == 1 else self.cursor.node("sequence", parts)
        self.cursor.index += 1
        return self.grammar.groups.nest(opener, end, body, whens)
