# SPDX-License-Identifier: GPL-2.0-only
"""Statements of the minus slice, and what SmPL puts among them.

In: the tokens at a `Cursor`. Out: the nodes of `node` for statements; dots with their `when`
lines, nests and disjunctions of statements. A bare expression (no `;`) among statements stands
for a node that contains it.
"""

from __future__ import annotations

import re

from vmaconv.cocci.smpl.kinds import STATEMENTS
from vmaconv.cocci.smpl.minus.grammar_part import GrammarPart
from vmaconv.cocci.smpl.rule import PNode
from vmaconv.cocci.smpl.rule_lexer import Token
from vmaconv.cocci.text.late_regex import late_regex

_JUMPS = {"break": "break_statement", "continue": "continue_statement"}
_STATEMENT_WORDS = frozenset(
    {"if", "while", "for", "do", "switch", "return", "break", "continue", "goto"}
)
_ENDS = frozenset({"end", "eol", "or", "and", "close", "dots"})
_PATHS = frozenset({"dots", "nest"})
_ITERATOR_LIKE = late_regex(r"for_?each", re.IGNORECASE)
"""Names of iterators that need no `iterator name`."""


class Statements(GrammarPart):
    """Reads statements and lists of them."""

    # Lists.

    def items(self) -> list[PNode]:
        """Read statements (or top-level items) until something that ends a list."""
        out: list[PNode] = []
        while True:
            token = self.cursor.token
            if token.kind in ("end", "eol", "or", "and", "close"):
                return out
            if token.kind == "punct" and token.text == "}":
                return out
            if token.kind == "dots" and token.text in ("...>", "...+>"):
                return out
            before = out[-1] if out else None
            node = self.item()
            if before is not None and before.kind in _PATHS and node.kind in _PATHS:
                self._dots_twice(token)
            out.append(node)

    def _dots_twice(self, token: Token) -> None:
        self.cursor.refuse(
            "adjacent-dots",
            token,
            "two dots follow each other with no code between them that is matched",
            "remove one of them, or put context or minus code between them",
        )

    def sequence(self) -> PNode:
        """Read a list of statements as a `sequence`."""
        return self.cursor.node("sequence", self.items())

    def arm(self) -> PNode:
        """Read an arm of a disjunction of statements: the one item, or a `sequence`."""
        items = self.items()
        return items[0] if len(items) == 1 else self.cursor.node("sequence", items)

    def item(self) -> PNode:
        """Read one thing that may stand in a list of statements."""
        optional = self.cursor.token.optional
        node = self._item()
        return self.cursor.node("optional", [node]) if optional else node

    def _item(self) -> PNode:
        token = self.cursor.token
        if token.kind == "dots":
            return self.grammar.groups.dots_item()
        if token.kind == "open":
            return self.grammar.groups.group_item()
        if token.kind == "directive":
            return self.grammar.directives.directive()
        if self.cursor.metakind() == "statement list":
            return self.cursor.leaf()
        return self.statement(bare=True)

    def single(self) -> PNode:
        """Read the statement that is the body of an `if`, a loop, ..."""
        token = self.cursor.token
        if token.kind == "open":
            return self.grammar.groups.group_item()
        if token.kind == "dots" and token.text == "...":
            self.cursor.fail("a statement", "put the dots in braces: { ... }")
        if token.kind == "directive":
            return self.grammar.directives.directive()
        optional = token.optional
        node = (
            self.grammar.groups.dots_item() if token.kind == "dots" else self.statement(bare=False)
        )
        if node.kind == "nest":
            self.cursor.refuse(
                "syntax",
                token,
                "a nest can't be the body of a branch or loop",
                f"put it in braces: {{ {token.text} ... }}",
            )
        return self.cursor.node("optional", [node]) if optional else node

    # Statements.

    def statement(self, bare: bool) -> PNode:
        """Read a statement or declaration; with `bare`, also an expression without `;`."""
        token = self.cursor.token
        if token.kind == "punct":
            if token.text == "{":
                return self.compound()
            if token.text == ";":
                return self.cursor.node("empty_statement", [self.cursor.leaf()])
        if token.kind == "name":
            reader = _READERS.get(token.text)
            if reader is not None and not self.cursor.metakind():
                return reader(self)
            if self.cursor.metakind() in STATEMENTS:
                return self._metavariable()
            if self._label_stands():
                return self.cursor.node("label", [self.cursor.leaf(), self.cursor.leaf()])
            if self._iterator_stands():
                return self._iterator()
            if self.grammar.declarations.declarer_stands():
                return self.grammar.declarations.declarer_call([])
            if (
                self.grammar.declarations.function_stands()
                or self.grammar.declarations.declaration_stands()
            ):
                return self._declaration_or_type(bare)
        return self.bare_expression(bare)

    def _metavariable(self) -> PNode:
        node = self.cursor.leaf()
        variable = node.metavariable
        if variable is not None and variable.kind == "declaration" and self.cursor.at(";"):
            self.cursor.fail(
                "no `;`", "a declaration metavariable stands for the declaration with its ;"
            )
        return node

    def _declaration_or_type(self, bare: bool) -> PNode:
        if not bare:
            return self.grammar.declarations.declaration()
        start = self.cursor.index
        node = self.cursor.attempt(self.grammar.declarations.declaration)
        if node is not None:
            return node
        error = self.cursor.furthest
        if self.cursor.names.typedefs and self.cursor.token.text in self.cursor.names.typedefs:
            node = self.cursor.attempt(lambda: self.bare_expression(True))
            if node is not None:
                return node
        self.cursor.index = start
        if error is None:
            self.cursor.fail("a declaration", "write as in int x;")
        raise error

    def bare_expression(self, bare: bool) -> PNode:
        """Read an expression and its `;`, which with `bare` may be missing at a list's end."""
        expression = self.grammar.expressions.expression()
        if self.cursor.at(";"):
            return self.cursor.node("expression_statement", [expression, self.cursor.leaf()])
        token = self.cursor.token
        if bare and (token.kind in _ENDS or (token.kind == "punct" and token.text == "}")):
            return expression
        raise self.cursor.failure(
            "`;` after the expression", "write ; to end the statement, or ... before more code"
        )

    def _label_stands(self) -> bool:
        if (
            not self.cursor.at_name()
            or self.cursor.peek().text != ":"
            or self.cursor.peek().kind != "punct"
        ):
            return False
        return self.cursor.metakind() in ("", "identifier", "fresh identifier", "metavariable")

    def _iterator_stands(self) -> bool:
        token = self.cursor.token
        opening = self.cursor.peek()
        if opening.text != "(" or opening.kind != "punct" or not self.cursor.at_name():
            return False
        if self.grammar.declarations.is_iterator(token):
            return True
        if self.cursor.metakind() not in ("", "identifier"):
            return False
        follow = self.cursor.tokens[opening.partner + 1]
        if follow.text == "{" and follow.kind == "punct":
            return self.grammar.declarations.braces_open > 0
        if follow.kind != "name":
            return False
        if _ITERATOR_LIKE.search(token.text):
            return True
        kind = self.cursor.names.kind(follow.text)
        return kind == "statement" or (not kind and follow.text in _STATEMENT_WORDS)

    def _iterator(self) -> PNode:
        return self.cursor.node(
            "iterator_statement",
            [self.cursor.leaf(), self.grammar.lists.arguments(), self.single()],
        )

    def compound(self) -> PNode:
        parts = [self.cursor.take("{")]
        self.grammar.declarations.braces_open += 1
        try:
            parts.extend(self.items())
        finally:
            self.grammar.declarations.braces_open -= 1
        parts.append(self.cursor.take("}", "to close the braces"))
        return self.cursor.node("compound_statement", parts)

    def _condition(self) -> list[PNode]:
        opening = self.cursor.take("(")
        condition = self.grammar.expressions.expression()
        return [opening, condition, self.cursor.take(")", "after the condition")]

    def if_statement(self) -> PNode:
        """Read `if (...) S [else S]`."""
        parts = [self.cursor.leaf(), *self._condition(), self.single()]
        if self.cursor.at("else"):
            parts += [self.cursor.leaf(), self.single()]
        return self.cursor.node("if_statement", parts)

    def while_statement(self) -> PNode:
        """Read `while (...) S`."""
        return self.cursor.node(
            "while_statement", [self.cursor.leaf(), *self._condition(), self.single()]
        )

    def do_statement(self) -> PNode:
        """Read `do S while (...);`; a macro's body may lack the `;`."""
        parts = [
            self.cursor.leaf(),
            self.single(),
            self.cursor.take("while", "after the body of do"),
        ]
        parts += self._condition()
        if self.cursor.token.kind != "eol":
            parts.append(self.cursor.take(";", "after do ... while"))
        return self.cursor.node("do_statement", parts)

    def switch_statement(self) -> PNode:
        """Read `switch (...) { ... }`."""
        return self.cursor.node(
            "switch_statement", [self.cursor.leaf(), *self._condition(), self.single()]
        )

    def for_statement(self) -> PNode:
        """Read `for (a; b; c) S`, or `for (...) S`."""
        parts = [self.cursor.leaf(), self.cursor.take("(")]
        if self.cursor.token.text == "..." and self.cursor.peek().text == ")":
            parts.append(self.grammar.groups.dots())
        else:
            parts.append(self._for_init())
            parts.append(self._for_part(";"))
            parts.append(self.cursor.take(";", "after the condition of for"))
            parts.append(self._for_part(")"))
        parts.append(self.cursor.take(")", "to close the head of for"))
        return self.cursor.node("for_statement", [*_flat(parts), self.single()])

    def _for_init(self) -> PNode:
        if self.grammar.declarations.declaration_stands():
            init = self.cursor.attempt(self.grammar.declarations.declaration_in_for)
            if init is not None and self.cursor.at(";"):
                return self.cursor.node("for init", [init, self.cursor.leaf()])
        if self.cursor.metakind() == "declaration":
            return self.cursor.node("for init", [self.cursor.leaf(), self.cursor.node("empty", [])])
        init = self._for_part(";")
        return self.cursor.node("for init", [init, self.cursor.take(";", "in the head of for")])

    def _for_part(self, end: str) -> PNode:
        if self.cursor.at(end):
            return self.cursor.node("empty", [])
        if self.cursor.token.text == "..." and self.cursor.peek().text == end:
            return self.grammar.groups.dots()
        return self.grammar.expressions.expression()

    def return_statement(self) -> PNode:
        """Read `return [e];`."""
        parts = [self.cursor.leaf()]
        if not self.cursor.at(";"):
            parts.append(self.grammar.expressions.expression())
        parts.append(self.cursor.take(";", "after return"))
        return self.cursor.node("return_statement", parts)

    def jump_statement(self) -> PNode:
        """Read `break;` or `continue;`."""
        word = self.cursor.leaf()
        kind = _JUMPS[(word.text or b"").decode()]
        return self.cursor.node(kind, [word, self.cursor.take(";", "after the jump")])

    def goto_statement(self) -> PNode:
        """Read `goto l;` or `goto *e;`."""
        parts = [self.cursor.leaf()]
        if self.cursor.token.text == "..." or self.cursor.at("*"):
            parts.append(self.grammar.expressions.assignment())
        else:
            parts.append(self.grammar.expressions.field_name())
        parts.append(self.cursor.take(";", "after goto"))
        return self.cursor.node("goto_statement", parts)

    def case_label(self) -> PNode:
        """Read `case e:`, `case a ... b:` or `default:`."""
        word = self.cursor.token.text
        parts = [self.cursor.leaf()]
        if word == "case":
            parts.append(self.grammar.expressions.conditional())
            if self.cursor.token.text == "...":
                parts += [self.cursor.leaf("..."), self.grammar.expressions.conditional()]
        parts.append(self.cursor.take(":", f"after {word}"))
        return self.cursor.node("case_label", parts)

    def stray_else(self) -> PNode:
        """Refuse an `else` without its `if`."""
        raise self.cursor.failure("a statement", "an else needs its if: write if (...) S else ...")

    def asm_statement(self) -> PNode:
        """Read `asm (...);`."""
        parts = [self.grammar.directives.asm(), self.cursor.take(";", "after asm")]
        return self.cursor.node("expression_statement", parts)


def _flat(parts: list[PNode]) -> list[PNode]:
    out: list[PNode] = []
    for part in parts:
        if part.kind == "for init":
            out.extend(child for child in part.children if isinstance(child, PNode))
        else:
            out.append(part)
    return out


_READERS = {
    "asm": Statements.asm_statement,
    "__asm__": Statements.asm_statement,
    "break": Statements.jump_statement,
    "case": Statements.case_label,
    "continue": Statements.jump_statement,
    "default": Statements.case_label,
    "do": Statements.do_statement,
    "else": Statements.stray_else,
    "for": Statements.for_statement,
    "goto": Statements.goto_statement,
    "if": Statements.if_statement,
    "return": Statements.return_statement,
    "switch": Statements.switch_statement,
    "while": Statements.while_statement,
}
