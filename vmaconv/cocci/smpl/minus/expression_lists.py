# SPDX-License-Identifier: GPL-2.0-only
"""Lists of arguments and initialisers in the minus slice.

In: the tokens at a `Cursor`. Out: `argument_list`, `initializer_list` and what stands in them;
dots, list metavariables and disjunctions stand for some elements.
"""

from __future__ import annotations

from vmaconv.cocci.smpl.minus.grammar_part import GrammarPart
from vmaconv.cocci.smpl.rule import PNode
from vmaconv.cocci.smpl.rule_lexer import Token


class Lists(GrammarPart):
    """Reads lists; their elements are read by `expressions`."""

    # Arguments.

    def arguments(self) -> PNode:
        parts = [self.cursor.take("(")]
        previous = ""
        while not self.cursor.at(")"):
            if self.cursor.at(","):
                if previous != "argument":
                    # A macro's argument may be empty.
                    parts.append(self.cursor.leaf())
                    continue
                parts.append(self.cursor.leaf())
                previous = ","
                continue
            if previous == "argument":
                self.cursor.fail("`,` or `)` after an argument", "separate arguments with commas")
            parts.append(self.argument())
            previous = "argument"
        parts.append(self.cursor.leaf())
        return self.cursor.node("argument_list", parts)

    def argument(self) -> PNode:
        """Read one argument, or what stands for some."""
        token = self.cursor.token
        if token.kind == "dots" and token.text == "..." and self._dots_alone():
            return self.grammar.groups.dots()
        if token.kind == "dots" and token.text == "......":
            return self.grammar.declarators.variadic()
        if token.text == "{" and token.kind == "punct":
            return self.braces()
        if token.kind == "open":
            follow = self.cursor.tokens[self.cursor.after_group(self.cursor.index)]
            if follow.text in (",", ")") or follow.kind in ("or", "and", "close"):
                return self.cursor.group(self._argument_arm)
        if self.grammar.types.is_type_here() and not self._name_alone():
            return self._type_argument()
        return self.grammar.expressions.assignment()

    def _argument_arm(self) -> PNode:
        parts = [self.argument()]
        while self.cursor.at(","):
            parts.append(self.cursor.leaf())
            if self.cursor.token.kind in ("or", "and", "close"):
                break
            parts.append(self.argument())
        return parts[0] if len(parts) == 1 else self.cursor.node("sequence", parts)

    def _name_alone(self) -> bool:
        return self.grammar.types.is_plain(self.cursor.token) and self._ends_argument(
            self.cursor.peek()
        )

    def _ends_argument(self, token: Token) -> bool:
        return token.text in (",", ")") or token.kind in ("or", "and", "close")

    def _type_argument(self) -> PNode:
        node = self.grammar.types.type_descriptor()
        if not self._ends_argument(self.cursor.token) and self.cursor.at_name():
            # A declaration as a macro's argument.
            node = self.cursor.node(
                "parameter_declaration", [*node.children, self.grammar.declarators.declarator()]
            )
        only = node.children[0]
        if len(node.children) == 1 and isinstance(only, PNode) and only.is_leaf:
            return only
        return node

    def _dots_alone(self) -> bool:
        token = self.cursor.peek()
        return token.kind != "punct" or token.text in (",", ")", "}", "]", ";")

    # Initialisers.

    def braces(self) -> PNode:
        """Read an `initializer_list`."""
        parts = [self.cursor.take("{")]
        while not self.cursor.at("}"):
            parts.append(self.initializer())
            if self.cursor.at(","):
                parts.append(self.cursor.leaf())
            elif not self.cursor.at("}") and not self._list_metavariable(parts[-1]):
                self.cursor.fail(
                    "`,` or `}` after an initialiser", "separate initialisers with commas"
                )
        parts.append(self.cursor.leaf())
        return self.cursor.node("initializer_list", parts)

    def _list_metavariable(self, node: PNode) -> bool:
        variable = node.metavariable
        return variable is not None and variable.kind == "initializer list"

    def initializer(self) -> PNode:
        """Read one initialiser with its designators, or what stands for some."""
        token = self.cursor.token
        if token.kind == "dots" and token.text == "..." and self._dots_alone():
            return self.grammar.groups.dots()
        if token.kind == "open":
            follow = self.cursor.tokens[self.cursor.after_group(self.cursor.index)]
            if follow.text in (",", "}") or follow.kind in ("or", "and", "close"):
                return self.cursor.group(self._initializer_arm)
        if self.cursor.at("{"):
            return self.braces()
        if self.cursor.at(".") or self.cursor.at("["):
            return self._designated()
        if self.cursor.at_name() and self.cursor.peek().text == ":":
            parts = [self.cursor.leaf(), self.cursor.leaf(), self._value()]
            return self.cursor.node("initializer_pair", parts)
        return self.grammar.expressions.assignment()

    def _initializer_arm(self) -> PNode:
        parts = [self.initializer()]
        while self.cursor.at(","):
            parts.append(self.cursor.leaf())
            if self.cursor.token.kind in ("or", "and", "close"):
                break
            parts.append(self.initializer())
        return parts[0] if len(parts) == 1 else self.cursor.node("sequence", parts)

    def _designated(self) -> PNode:
        parts: list[PNode] = []
        while self.cursor.at(".") or self.cursor.at("["):
            if self.cursor.at("."):
                parts.append(
                    self.cursor.node(
                        "field_designator",
                        [self.cursor.leaf(), self.grammar.expressions.field_name()],
                    )
                )
                continue
            inner = [self.cursor.leaf(), self.grammar.expressions.assignment()]
            kind = "subscript_designator"
            if self.cursor.token.text == "..." and self.cursor.token.kind == "dots":
                inner += [self.cursor.leaf("..."), self.grammar.expressions.assignment()]
                kind = "subscript_range_designator"
            inner.append(self.cursor.take("]", "after the index"))
            parts.append(self.cursor.node(kind, inner))
        parts.append(self.cursor.take("=", "after the designator"))
        parts.append(self._value())
        return self.cursor.node("initializer_pair", parts)

    def _value(self) -> PNode:
        return self.braces() if self.cursor.at("{") else self.grammar.expressions.assignment()
