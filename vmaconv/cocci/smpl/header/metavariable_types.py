# SPDX-License-Identifier: GPL-2.0-only
"""The types of typed metavariables.

In: the tokens of a declaration, `struct foo *p;` or `{int, long} *x;`. Out: patterns of the types that
it allows. Words that are neither a type nor a kind of metavariable are errors.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from typing import NoReturn

from msgspec.structs import replace

from vmaconv.cocci.smpl.header.constraints import BAD_DECLARATION, Constraints
from vmaconv.cocci.smpl.minus.grammar import Grammar
from vmaconv.cocci.smpl.rule import Metavariable, PNode
from vmaconv.cocci.smpl.rule_lexer import Token
from vmaconv.cocci.smpl.token_cursor import TokenCursor


class MetavariableTypes:
    """Reads types; `grammar` is that of patterns, over the same tokens."""

    def __init__(
        self,
        cursor: TokenCursor,
        grammar: Grammar,
        constraints: Constraints,
        kinds: Sequence[tuple[str, ...]],
    ) -> None:
        self.cursor = cursor
        self.grammar = grammar
        self.constraints = constraints
        self.kinds = kinds

    def types(self) -> tuple[PNode, ...]:
        """Read the type of `struct foo *p;`, or a set of them: `{struct a, struct b} *p;`."""
        if not self.cursor.accept("{"):
            return (self._one_type(),)
        types = [self._one_type()]
        while self.cursor.accept(","):
            types.append(self._one_type())
        self.cursor.expect("}", "after the types")
        stars: list[int] = []
        while self.cursor.token.text == "*":
            stars.append(self.cursor.index)
            self.cursor.index += 1
        for star in reversed(stars):
            for index, node in enumerate(types):
                types[index] = self._pointer(node, star)
        return tuple(types)

    def _pointer(self, node: PNode, star: int) -> PNode:
        """Add the `*` at the token `star` to a type."""
        grammar = self.grammar
        grammar.cursor.index = star
        children = list(node.children)
        inner = children.pop() if children and children[-1].kind.startswith("abstract_") else None
        parts = [grammar.cursor.leaf()]
        if isinstance(inner, PNode):
            parts.append(inner)
        pointer = grammar.cursor.node("abstract_pointer_declarator", parts)
        return grammar.cursor.node("type_descriptor", [*children, pointer])

    def _one_type(self) -> PNode:
        grammar = self.grammar
        grammar.cursor.index = self.cursor.index
        token = self.cursor.token
        inherited = self._inherited_type(token)
        if (
            inherited is None
            and token.kind == "name"
            and not grammar.types.type_begins(self.cursor.index)
        ):
            if not self._must_be_type(token):
                self._refuse_word(token)
            grammar.cursor.names.typedefs.add(token.text)
        parts = grammar.types.specifiers(storage=False)
        if inherited is not None:
            parts = [
                dataclasses.replace(part, kind="metavar", metavariable=inherited)
                if part.text == token.text.encode()
                else part
                for part in parts
            ]
        if not parts:
            self.cursor.index = grammar.cursor.index
            self.cursor.fail("the kind or the type of a metavariable", "write as in expression e;")
        declarator = grammar.declarators.abstract_declarator()
        if declarator is not None:
            parts.append(declarator)
        self.cursor.index = grammar.cursor.index
        return grammar.cursor.node("type_descriptor", parts)

    def _must_be_type(self, token: Token) -> bool:
        """Whether an unknown word can be nothing but a type: `foo_t x;`, `foo *x;`.

        A slip in a kind, such as `expresion *x;`, is no type.
        """
        follows = self.cursor.peek()
        if follows.text == "*" or (token.text.endswith("_t") and follows.kind == "name"):
            from difflib import get_close_matches  # only here: it is slow to import

            known = {word for kind in self.kinds for word in kind}
            return not get_close_matches(token.text, sorted(known), 1, 0.8)
        return False

    def _refuse_word(self, token: Token) -> NoReturn:
        if self.cursor.peek().line > token.line:
            raise self.cursor.text.error(
                BAD_DECLARATION,
                token.line,
                token.column + len(token.text),
                f"`,` or `;` after {token.text} is expected, but the line ends here",
                "end the declaration with ;",
            )
        from difflib import get_close_matches  # only here: it is slow to import

        known = {word for kind in self.kinds for word in kind}
        close = get_close_matches(token.text, sorted(known), 1)
        hint = f"write {close[0]}, or " if close else ""
        raise self.cursor.text.error(
            "unknown-kind",
            token.line,
            token.column,
            f"`{token.text}` is neither a kind of metavariable nor a known type",
            f"{hint}declare the type before: typedef {token.text};",
        )

    def _inherited_type(self, token: Token) -> Metavariable | None:
        if "." not in token.text or token.kind != "name":
            return None
        rule, name = token.text.split(".", 1)
        found = self.constraints.lookup(rule, name, token)
        return replace(found, rule=rule) if found.kind == "type" else None
