# SPDX-License-Identifier: GPL-2.0-only
"""Dots, nests and disjunctions among the statements of the minus slice, and `when`.

In: the tokens at a `Cursor`. Out: `dots` and `nest` with their `whens`, `disjunction` and
`conjunction`.
"""

from __future__ import annotations

from dataclasses import replace

from vmaconv.cocci.smpl.kinds import NOT_EXPRESSIONS
from vmaconv.cocci.smpl.minus.expressions import ASSIGNMENTS
from vmaconv.cocci.smpl.minus.grammar_part import GrammarPart
from vmaconv.cocci.smpl.rule import PNode, When
from vmaconv.cocci.smpl.rule_lexer import Token
from vmaconv.cocci.tree.node import EXPRESSIONS

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


class Groups(GrammarPart):
    """Reads what SmPL puts among statements; these are read by the class built on it."""

    # Dots, nests and disjunctions.

    def dots_item(self) -> PNode:
        """Read dots or a nest among statements, or an expression that begins with them."""
        token = self.cursor.token
        if token.text == "...":
            follow = self.cursor.peek()
            if follow.kind == "punct" and follow.text in _OPERATORS_ONLY - {"["}:
                return self.grammar.statements.bare_expression(True)
            return self.dots()
        if token.text not in ("<...", "<+..."):
            self.cursor.fail("a statement", "remove the end of the nest, or open the nest before")
        if self._goes_on(self.cursor.tokens[token.partner], self.cursor.tokens[token.partner + 1]):
            return self.grammar.statements.bare_expression(True)
        self.cursor.index += 1
        whens = self.whens()
        body = self.grammar.statements.sequence()
        end = self.cursor.token
        if end is not self.cursor.tokens[token.partner]:
            self.cursor.fail(f"`{self.cursor.tokens[token.partner].text}`", "close the nest")
        if not body.children:
            self.cursor.fail("the body of the nest", "write code between <... and ...>")
        self.cursor.index += 1
        return self.nest(token, end, body, (*whens, *self.whens()))

    def _goes_on(self, last: Token, follow: Token) -> bool:
        """Whether `follow` makes the group that ends in `last` a part of an expression."""
        if follow.kind == "name":
            kind = self.cursor.names.kind(follow.text)
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
        start = self.cursor.index
        at = self.cursor.after_group(start)
        follow = self.cursor.tokens[at]
        if (
            self.grammar.declarations.declaration_stands()
            or self.grammar.declarations.function_stands()
        ):
            node = self.cursor.attempt(self.grammar.declarations.declaration)
            if node is not None:
                return node
        goes_on = (
            self._goes_on(self.cursor.tokens[at - 1], follow)
            or self.grammar.expressions.prefix_group_stands()
        )
        if goes_on:
            node = self.cursor.attempt(lambda: self.grammar.statements.bare_expression(True))
            if node is not None:
                return node
        return self.group_of_statements()

    def group_of_statements(self) -> PNode:
        """Read a disjunction whose arms are statements, or bare expressions."""
        return _beside_expressions(self.cursor.group(self.grammar.statements.arm))

    def dots(self) -> PNode:
        dots = self.cursor.leaf("dots")
        return replace(dots, whens=self.whens())

    def field_dots(self) -> PNode:
        token = self.cursor.token
        if token.text == "...":
            return self.dots()
        if token.text not in ("<...", "<+..."):
            self.cursor.fail("a field", "open the nest before it is closed")
        self.cursor.index += 1
        whens = self.whens()
        parts = []
        while self.cursor.token.text not in ("...>", "...+>"):
            parts.append(self.grammar.declarations.field())
        end = self.cursor.token
        self.cursor.index += 1
        return self.nest(token, end, self.cursor.node("sequence", parts), whens)

    def nest(self, opener: Token, end: Token, body: PNode, whens: tuple[When, ...]) -> PNode:
        return PNode(
            "nest",
            opener.start,
            end.start + len(end.text),
            [body],
            mark=opener.mark,
            place=self.cursor.text.place(opener.line, opener.column),
            attached=end.attached,
            whens=whens,
            strict=opener.text == "<+...",
        )

    # When.

    def whens(self) -> tuple[When, ...]:
        out: list[When] = []
        while self.cursor.token.kind == "when":
            out.extend(self._when())
        return tuple(out)

    def _when(self) -> list[When]:
        token = self.cursor.token
        place = self.cursor.text.place(token.line, token.column)
        self.cursor.index += 1
        if self.cursor.token.text in _WHEN_WORDS and self._ends_word():
            return self._when_words()
        operator = self.cursor.token
        if operator.text not in ("!=", "=", "=="):
            self.cursor.fail(
                "`!=`, `=`, any, strict, exists or forall after when", "write as in when != x"
            )
        self.cursor.index += 1
        kind = "!=" if operator.text == "!=" else "="
        if (
            kind == "!="
            and self.cursor.token.text in ("true", "false")
            and self.cursor.peek().kind != "eol"
        ):
            kind = self.cursor.token.text
            self.cursor.index += 1
            pattern = self.grammar.expressions.expression()
        else:
            pattern = self._when_code()
        self._end_when()
        return [When(kind, pattern, place)]

    def _ends_word(self) -> bool:
        return self.cursor.peek().kind == "eol" or self.cursor.peek().text == ","

    def _when_words(self) -> list[When]:
        out: list[When] = []
        while True:
            token = self.cursor.token
            if token.text not in _WHEN_WORDS:
                self.cursor.fail("any, strict, exists or forall", "write as in when any, strict")
            out.append(When(token.text, None, self.cursor.text.place(token.line, token.column)))
            self.cursor.index += 1
            if not self.cursor.at(","):
                self._end_when()
                return out
            self.cursor.index += 1

    def _when_code(self) -> PNode:
        if self.cursor.token.kind == "eol":
            self.cursor.fail("the code that when forbids", "write as in when != x")
        first = self.cursor.token
        return self._forbidden(self.grammar.statements.arm(), first)

    def _forbidden(self, code: PNode, first: Token) -> PNode:
        """Return what a `when` forbids: `x` of `<+... x ...+>`, as it is forbidden wherever it occurs."""
        parts = [child for child in code.children if isinstance(child, PNode)]
        if code.kind == "disjunction":
            return replace(code, children=tuple(self._forbidden(arm, first) for arm in parts))
        if code.kind != "nest":
            return code
        if not code.strict or len(parts) != 1:
            self.cursor.refuse(
                "nest-in-when",
                first,
                "when forbids code, and this nest says of none that it occurs",
                "write when != x: it forbids x wherever it occurs",
            )
        return parts[0]

    def _end_when(self) -> None:
        if self.cursor.token.kind != "eol":
            self.cursor.fail(
                "the end of the line after when", "write each when on a line of its own"
            )
        self.cursor.index += 1


def _beside_expressions(group: PNode) -> PNode:
    """Return a group in which a nest is an expression, too, if the first arm is a bare expression.

    In `( E@p & <+... f(...) ...+> )` the call occurs in E, not among the statements. A nest that
    comes first is about statements, as in spatch 1.1.1.
    """
    arms = [child for child in group.children if isinstance(child, PNode)]
    if not arms or not _is_expression(arms[0]):
        return group
    return replace(group, children=tuple(map(_as_expression, arms)))


def _as_expression(arm: PNode) -> PNode:
    """Return a nest whose body is one bare expression as a nest in an expression."""
    if arm.kind != "nest" or len(arm.children) != 1:
        return arm
    body = arm.children[0]
    if not isinstance(body, PNode) or body.kind != "sequence" or len(body.children) != 1:
        return arm
    inner = body.children[0]
    if isinstance(inner, PNode) and _is_expression(inner):
        return replace(arm, children=(inner,))
    return arm


def _is_expression(code: PNode) -> bool:
    """Whether `code` is an expression without `;`, or a group of those."""
    if code.kind in ("disjunction", "conjunction"):
        return all(isinstance(arm, PNode) and _is_expression(arm) for arm in code.children)
    if code.metavariable is not None:
        return code.metavariable.kind not in NOT_EXPRESSIONS
    return code.kind in EXPRESSIONS
