# SPDX-License-Identifier: GPL-2.0-only
"""Statements of the minus slice, and what SmPL puts among them.

In: the tokens at a `Cursor`. Out: the nodes of `node` for statements; dots with their `when`
lines, nests and disjunctions of statements. A bare expression (no `;`) among statements stands
for a node that contains it.
"""

from __future__ import annotations

import re

from vmaconv.cocci.smpl.kinds import STATEMENTS
from vmaconv.cocci.smpl.minus.groups import Groups
from vmaconv.cocci.smpl.rule import PNode
from vmaconv.cocci.smpl.rule_lexer import Token

_JUMPS = {"break": "break_statement", "continue": "continue_statement"}
_STATEMENT_WORDS = frozenset(
    {"if", "while", "for", "do", "switch", "return", "break", "continue", "goto"}
)
_ENDS = frozenset({"end", "eol", "or", "and", "close", "dots"})
_PATHS = frozenset({"dots", "nest"})
_ITERATOR_LIKE = re.compile(r"for_?each", re.IGNORECASE)
"""Names of iterators that need no `iterator name`."""


class Statements(Groups):
    """Reads statements and lists of them."""

    # Lists.

    def items(self) -> list[PNode]:
        """Read statements (or top-level items) until something that ends a list."""
        out: list[PNode] = []
        while True:
            token = self.token
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
        self.refuse(
            "adjacent-dots",
            token,
            "two dots follow each other with no code between them that is matched",
            "remove one of them, or put context or minus code between them",
        )

    def sequence(self) -> PNode:
        """Read a list of statements as a `sequence`."""
        return self.node("sequence", self.items())

    def arm(self) -> PNode:
        """Read an arm of a disjunction of statements: the one item, or a `sequence`."""
        items = self.items()
        return items[0] if len(items) == 1 else self.node("sequence", items)

    def item(self) -> PNode:
        """Read one thing that may stand in a list of statements."""
        optional = self.token.optional
        node = self._item()
        return self.node("optional", [node]) if optional else node

    def _item(self) -> PNode:
        token = self.token
        if token.kind == "dots":
            return self.dots_item()
        if token.kind == "open":
            return self.group_item()
        if token.kind == "directive":
            return self.directive()
        if self.metakind() == "statement list":
            return self.leaf()
        return self.statement(bare=True)

    def single(self) -> PNode:
        """Read the statement that is the body of an `if`, a loop, ..."""
        token = self.token
        if token.kind == "open":
            return self.group_item()
        if token.kind == "dots" and token.text == "...":
            self.fail("a statement", "put the dots in braces: { ... }")
        if token.kind == "directive":
            return self.directive()
        optional = token.optional
        node = self.dots_item() if token.kind == "dots" else self.statement(bare=False)
        if node.kind == "nest":
            self.refuse(
                "syntax",
                token,
                "a nest can't be the body of a branch or loop",
                f"put it in braces: {{ {token.text} ... }}",
            )
        return self.node("optional", [node]) if optional else node

    # Statements.

    def statement(self, bare: bool) -> PNode:
        """Read a statement or declaration; with `bare`, also an expression without `;`."""
        token = self.token
        if token.kind == "punct":
            if token.text == "{":
                return self.compound()
            if token.text == ";":
                return self.node("empty_statement", [self.leaf()])
        if token.kind == "name":
            reader = _READERS.get(token.text)
            if reader is not None and not self.metakind():
                return reader(self)
            if self.metakind() in STATEMENTS:
                return self._metavariable()
            if self._label_stands():
                return self.node("label", [self.leaf(), self.leaf()])
            if self._iterator_stands():
                return self._iterator()
            if self.declarer_stands():
                return self.declarer_call([])
            if self.function_stands() or self.declaration_stands():
                return self._declaration_or_type(bare)
        return self.bare_expression(bare)

    def _metavariable(self) -> PNode:
        node = self.leaf()
        variable = node.metavariable
        if variable is not None and variable.kind == "declaration" and self.at(";"):
            self.fail("no `;`", "a declaration metavariable stands for the declaration with its ;")
        return node

    def _declaration_or_type(self, bare: bool) -> PNode:
        if not bare:
            return self.declaration()
        start = self.index
        node = self.attempt(self.declaration)
        if node is not None:
            return node
        error = self.furthest
        if self.names.typedefs and self.token.text in self.names.typedefs:
            node = self.attempt(lambda: self.bare_expression(True))
            if node is not None:
                return node
        self.index = start
        if error is None:
            self.fail("a declaration", "write as in int x;")
        raise error

    def bare_expression(self, bare: bool) -> PNode:
        """Read an expression and its `;`, which with `bare` may be missing at a list's end."""
        expression = self.expression()
        if self.at(";"):
            return self.node("expression_statement", [expression, self.leaf()])
        token = self.token
        if bare and (token.kind in _ENDS or (token.kind == "punct" and token.text == "}")):
            return expression
        raise self.failure(
            "`;` after the expression", "write ; to end the statement, or ... before more code"
        )

    def _label_stands(self) -> bool:
        if not self.at_name() or self.peek().text != ":" or self.peek().kind != "punct":
            return False
        return self.metakind() in ("", "identifier", "fresh identifier", "metavariable")

    def _iterator_stands(self) -> bool:
        token = self.token
        opening = self.peek()
        if opening.text != "(" or opening.kind != "punct" or not self.at_name():
            return False
        if self.is_iterator(token):
            return True
        if self.metakind() not in ("", "identifier"):
            return False
        follow = self.tokens[opening.partner + 1]
        if follow.text == "{" and follow.kind == "punct":
            return self.braces_open > 0
        if follow.kind != "name":
            return False
        if _ITERATOR_LIKE.search(token.text):
            return True
        kind = self.names.kind(follow.text)
        return kind == "statement" or (not kind and follow.text in _STATEMENT_WORDS)

    def _iterator(self) -> PNode:
        return self.node("iterator_statement", [self.leaf(), self.arguments(), self.single()])

    def compound(self) -> PNode:
        parts = [self.take("{")]
        self.braces_open += 1
        try:
            parts.extend(self.items())
        finally:
            self.braces_open -= 1
        parts.append(self.take("}", "to close the braces"))
        return self.node("compound_statement", parts)

    def _condition(self) -> list[PNode]:
        opening = self.take("(")
        condition = self.expression()
        return [opening, condition, self.take(")", "after the condition")]

    def if_statement(self) -> PNode:
        """Read `if (...) S [else S]`."""
        parts = [self.leaf(), *self._condition(), self.single()]
        if self.at("else"):
            parts += [self.leaf(), self.single()]
        return self.node("if_statement", parts)

    def while_statement(self) -> PNode:
        """Read `while (...) S`."""
        return self.node("while_statement", [self.leaf(), *self._condition(), self.single()])

    def do_statement(self) -> PNode:
        """Read `do S while (...);`; a macro's body may lack the `;`."""
        parts = [self.leaf(), self.single(), self.take("while", "after the body of do")]
        parts += self._condition()
        if self.token.kind != "eol":
            parts.append(self.take(";", "after do ... while"))
        return self.node("do_statement", parts)

    def switch_statement(self) -> PNode:
        """Read `switch (...) { ... }`."""
        return self.node("switch_statement", [self.leaf(), *self._condition(), self.single()])

    def for_statement(self) -> PNode:
        """Read `for (a; b; c) S`, or `for (...) S`."""
        parts = [self.leaf(), self.take("(")]
        if self.token.text == "..." and self.peek().text == ")":
            parts.append(self.dots())
        else:
            parts.append(self._for_init())
            parts.append(self._for_part(";"))
            parts.append(self.take(";", "after the condition of for"))
            parts.append(self._for_part(")"))
        parts.append(self.take(")", "to close the head of for"))
        return self.node("for_statement", [*_flat(parts), self.single()])

    def _for_init(self) -> PNode:
        if self.declaration_stands():
            init = self.attempt(self.declaration_in_for)
            if init is not None and self.at(";"):
                return self.node("for init", [init, self.leaf()])
        if self.metakind() == "declaration":
            return self.node("for init", [self.leaf(), self.node("empty", [])])
        init = self._for_part(";")
        return self.node("for init", [init, self.take(";", "in the head of for")])

    def _for_part(self, end: str) -> PNode:
        if self.at(end):
            return self.node("empty", [])
        if self.token.text == "..." and self.peek().text == end:
            return self.dots()
        return self.expression()

    def return_statement(self) -> PNode:
        """Read `return [e];`."""
        parts = [self.leaf()]
        if not self.at(";"):
            parts.append(self.expression())
        parts.append(self.take(";", "after return"))
        return self.node("return_statement", parts)

    def jump_statement(self) -> PNode:
        """Read `break;` or `continue;`."""
        word = self.leaf()
        kind = _JUMPS[(word.text or b"").decode()]
        return self.node(kind, [word, self.take(";", "after the jump")])

    def goto_statement(self) -> PNode:
        """Read `goto l;` or `goto *e;`."""
        parts = [self.leaf()]
        if self.token.text == "..." or self.at("*"):
            parts.append(self.assignment())
        else:
            parts.append(self.field_name())
        parts.append(self.take(";", "after goto"))
        return self.node("goto_statement", parts)

    def case_label(self) -> PNode:
        """Read `case e:`, `case a ... b:` or `default:`."""
        word = self.token.text
        parts = [self.leaf()]
        if word == "case":
            parts.append(self.conditional())
            if self.token.text == "...":
                parts += [self.leaf("..."), self.conditional()]
        parts.append(self.take(":", f"after {word}"))
        return self.node("case_label", parts)

    def stray_else(self) -> PNode:
        """Refuse an `else` without its `if`."""
        raise self.failure("a statement", "an else needs its if: write if (...) S else ...")

    def asm_statement(self) -> PNode:
        """Read `asm (...);`."""
        parts = [self.asm(), self.take(";", "after asm")]
        return self.node("expression_statement", parts)


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
