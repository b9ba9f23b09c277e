# SPDX-License-Identifier: GPL-2.0-only
"""Dots, nests and disjunctions among the statements of the minus slice, and `when`.

In: the tokens at a `Cursor`. Out: `dots` and `nest` with their `whens`, `disjunction` and
`conjunction`.
"""

from __future__ import annotations

from vmaconv.cocci.smpl.minus.expressions import ASSIGNMENTS
from vmaconv.cocci.smpl.minus.preprocessor import Directives
from vmaconv.cocci.smpl.rule import PNode, When
from vmaconv.cocci.smpl.rule_lexer import Token

_OPERATORS_ONLY = ASSIGNMENTS | frozenset(
    {
        "==",
        "!=",
        "<",
        ">",
        "<=",
        ">=",
        "&&",
        "||",
        "|",
        "^",
        "/",
        "%",
        "<<",
        ">>",
        "?",
        ".",
        "->",
        "[",
    }
)
"""What goes on with an expression, even on the next line; others could begin a statement."""
_AMBIGUOUS = frozenset({"+", "-", "*", "&", "(", "++", "--"})
_WHEN_WORDS = frozenset({"any", "strict", "exists", "forall"})


class Groups(Directives):
    """Reads what SmPL puts among statements; these are read by the class built on it."""

    def sequence(self) -> PNode:
        """Read a list of statements as a `sequence`."""
        raise NotImplementedError

    def arm(self) -> PNode:
        """Read an arm of a disjunction of statements."""
        raise NotImplementedError

    def bare_expression(self, bare: bool) -> PNode:
        """Read an expression statement."""
        raise NotImplementedError

    # Dots, nests and disjunctions.

    def dots_item(self) -> PNode:
        """Read dots or a nest among statements, or an expression that begins with them."""
        token = self.token
        if token.text == "...":
            follow = self.peek()
            if follow.kind == "punct" and follow.text in _OPERATORS_ONLY - {"["}:
                return self.bare_expression(True)
            return self.dots()
        if token.text not in ("<...", "<+..."):
            self.fail("a statement", "remove the end of the nest, or open the nest before")
        if self._goes_on(self.tokens[token.partner], self.tokens[token.partner + 1]):
            return self.bare_expression(True)
        self.index += 1
        whens = self.whens()
        body = self.sequence()
        end = self.token
        if end is not self.tokens[token.partner]:
            self.fail(f"`{self.tokens[token.partner].text}`", "close the nest")
        if not body.children:
            self.fail("the body of the nest", "write code between <... and ...>")
        self.index += 1
        return self.nest(token, end, body, (*whens, *self.whens()))

    def _goes_on(self, last: Token, follow: Token) -> bool:
        """Whether `follow` makes the group that ends in `last` a part of an expression."""
        if follow.kind == "name":
            kind = self.names.kind(follow.text)
            return kind in ("binary operator", "assignment operator")
        if follow.kind == "open" and follow.line == last.line:
            return True
        if follow.kind != "punct":
            return False
        # The arguments of a call may stand below the functions' names.
        if follow.text in _OPERATORS_ONLY or follow.text in (";", "("):
            return True
        return follow.text in _AMBIGUOUS and follow.line == last.line

    def group_item(self) -> PNode:
        """Read a disjunction among statements: of statements, or the beginning of something
        longer."""
        start = self.index
        at = self.after_group(start)
        follow = self.tokens[at]
        if self.declaration_stands() or self.function_stands():
            node = self.attempt(self.declaration)
            if node is not None:
                return node
        goes_on = self._goes_on(self.tokens[at - 1], follow) or self.prefix_group_stands()
        if goes_on:
            node = self.attempt(lambda: self.bare_expression(True))
            if node is not None:
                return node
        return self.group_of_statements()

    def group_of_statements(self) -> PNode:
        """Read a disjunction whose arms are statements, or bare expressions."""
        return self.group(self.arm)

    def dots(self) -> PNode:
        node = self.leaf()
        node.kind = "dots"
        node.whens = self.whens()
        return node

    def field_dots(self) -> PNode:
        token = self.token
        if token.text == "...":
            return self.dots()
        if token.text not in ("<...", "<+..."):
            self.fail("a field", "open the nest before it is closed")
        self.index += 1
        whens = self.whens()
        parts = []
        while self.token.text not in ("...>", "...+>"):
            parts.append(self.field())
        end = self.token
        self.index += 1
        return self.nest(token, end, self.node("sequence", parts), whens)

    def nest(self, opener: Token, end: Token, body: PNode, whens: tuple[When, ...]) -> PNode:
        node = PNode("nest", opener.start, end.start + len(end.text), [body])
        node.place = self.text.place(opener.line, opener.column)
        node.mark = opener.mark
        node.strict = opener.text == "<+..."
        node.attached = end.attached
        node.whens = whens
        return node

    # When.

    def whens(self) -> tuple[When, ...]:
        out: list[When] = []
        while self.token.kind == "when":
            out.extend(self._when())
        return tuple(out)

    def _when(self) -> list[When]:
        token = self.token
        place = self.text.place(token.line, token.column)
        self.index += 1
        if self.token.text in _WHEN_WORDS and self._ends_word():
            return self._when_words()
        operator = self.token
        if operator.text not in ("!=", "=", "=="):
            self.fail(
                "`!=`, `=`, any, strict, exists or forall after when", "write as in when != x"
            )
        self.index += 1
        kind = "!=" if operator.text == "!=" else "="
        if kind == "!=" and self.token.text in ("true", "false") and self.peek().kind != "eol":
            kind = self.token.text
            self.index += 1
            pattern = self.expression()
        else:
            pattern = self._when_code()
        self._end_when()
        return [When(kind, pattern, place)]

    def _ends_word(self) -> bool:
        return self.peek().kind == "eol" or self.peek().text == ","

    def _when_words(self) -> list[When]:
        out: list[When] = []
        while True:
            token = self.token
            if token.text not in _WHEN_WORDS:
                self.fail("any, strict, exists or forall", "write as in when any, strict")
            out.append(When(token.text, None, self.text.place(token.line, token.column)))
            self.index += 1
            if not self.at(","):
                self._end_when()
                return out
            self.index += 1

    def _when_code(self) -> PNode:
        if self.token.kind == "eol":
            self.fail("the code that when forbids", "write as in when != x")
        return self.arm()

    def _end_when(self) -> None:
        if self.token.kind != "eol":
            self.fail("the end of the line after when", "write each when on a line of its own")
        self.index += 1
