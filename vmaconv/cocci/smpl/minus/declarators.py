# SPDX-License-Identifier: GPL-2.0-only
"""Declarators and parameters of the minus slice.

In: the tokens at a `Cursor`. Out: the nodes that tree-sitter-c makes for declarators, abstract
declarators and parameters, with metavariables, dots and disjunctions in their places.
"""

from __future__ import annotations

from dataclasses import replace

from vmaconv.cocci.smpl.kinds import NOT_EXPRESSIONS, QUALIFIERS
from vmaconv.cocci.smpl.minus.grammar_part import GrammarPart
from vmaconv.cocci.smpl.rule import PNode
from vmaconv.cocci.smpl.rule_lexer import Token


class Declarators(GrammarPart):
    """Reads declarators; lists of arguments and initialisers are read by the class built on it."""

    # Declarators.

    def abstract_declarator(self) -> PNode | None:
        """Read `*`, `(*)(int)`, `[3]` or nothing."""
        if self.cursor.at("*"):
            parts = [self.cursor.leaf(), *self._qualifiers()]
            inner = self.abstract_declarator()
            if inner is not None:
                parts.append(inner)
            return self.cursor.node("abstract_pointer_declarator", parts)
        node: PNode | None = None
        if self.cursor.at("(") and self.cursor.peek().text in ("*", "["):
            opening = self.cursor.leaf()
            inner = self.abstract_declarator()
            assert inner is not None
            node = self.cursor.node(
                "abstract_parenthesized_declarator", [opening, inner, self.cursor.take(")")]
            )
        while True:
            if self.cursor.at("["):
                node = self._array("abstract_array_declarator", node)
            elif self.cursor.at("("):
                parts = [node] if node is not None else []
                node = self.cursor.node("abstract_function_declarator", [*parts, self.parameters()])
            else:
                return node

    def _qualifiers(self) -> list[PNode]:
        out: list[PNode] = []
        while self.cursor.token.kind == "name":
            if self.cursor.token.text in QUALIFIERS:
                out.append(self.cursor.node("type_qualifier", [self.cursor.leaf()]))
            elif self.cursor.names.is_attribute(self.cursor.token.text) or (
                self.cursor.token.text.startswith("__") and self.grammar.types.attribute_macro(True)
            ):
                out.append(self.grammar.types.attribute())
            else:
                break
        return out

    def declarator(self) -> PNode:
        """Read `x`, `*x`, `x[3]`, `(*f)(int)`, `f(int x)`."""
        if self.cursor.at("*"):
            star = self.cursor.leaf()
            qualifiers = self._qualifiers()
            return self.cursor.node("pointer_declarator", [star, *qualifiers, self.declarator()])
        if self.cursor.at("("):
            opening = self.cursor.leaf()
            inner = self.declarator()
            node = self.cursor.node(
                "parenthesized_declarator", [opening, inner, self.cursor.take(")")]
            )
        elif self.cursor.token.kind == "open":
            node = self.cursor.group(self.declarator)
        else:
            node = self.declared_name()
        while True:
            if self.cursor.at("["):
                node = self._array("array_declarator", node)
            elif self.cursor.at("("):
                node = self.cursor.node("function_declarator", [node, self.parameters()])
            else:
                return node

    def declared_name(self) -> PNode:
        """Read the name that a declaration declares."""
        if not self.cursor.at_name():
            self.cursor.fail("the name that is declared", "write a name here")
        if self.cursor.metakind() in NOT_EXPRESSIONS - {"type"}:
            self.cursor.fail(
                "the name that is declared", "declare the metavariable as an identifier"
            )
        return self.cursor.leaf()

    def _array(self, kind: str, node: PNode | None) -> PNode:
        parts = [node] if node is not None else []
        parts.append(self.cursor.take("["))
        parts.extend(self._qualifiers())
        if not self.cursor.at("]"):
            parts.append(self.grammar.expressions.assignment())
        parts.append(self.cursor.take("]", "at the end of the array's size"))
        return self.cursor.node(kind, parts)

    # Parameters.

    def parameters(self) -> PNode:
        """Read a `parameter_list` with its parentheses."""
        parts = [self.cursor.take("(")]
        while not self.cursor.at(")"):
            parts.append(self.parameter())
            if self.cursor.at(","):
                parts.append(self.cursor.leaf())
            elif not self.cursor.at(")"):
                self.cursor.fail("`,` or `)` after a parameter", "separate parameters with commas")
        parts.append(self.cursor.leaf())
        return self.cursor.node("parameter_list", parts)

    def parameter(self) -> PNode:
        """Read one parameter, or what stands for some."""
        token = self.cursor.token
        if token.kind == "dots":
            if token.text == "......":
                return self.variadic()
            return self.grammar.groups.dots()
        follow = self._follow()
        ends = follow.kind in ("or", "and", "close") or follow.text in (",", ")")
        if token.kind == "open" and ends:
            return self.cursor.group(self.parameter)
        kind = self.cursor.metakind()
        if kind in ("parameter", "parameter list") or (kind == "metavariable" and ends):
            return self.cursor.leaf()
        if kind and kind not in ("type", "attribute", "metavariable"):
            if not ends or kind in NOT_EXPRESSIONS:
                self.cursor.fail("a parameter", "declare the metavariable as a parameter or a type")
            return self.cursor.node("parameter_declaration", [self.cursor.leaf()])
        parts = self.grammar.types.specifiers()
        if not parts:
            self.cursor.fail("a parameter", "write as in f(int x, ...)")
        declarator = self._parameter_declarator()
        if declarator is not None:
            parts.append(declarator)
        parts.extend(self.grammar.types.attributes())
        return self.cursor.node("parameter_declaration", parts)

    def variadic(self) -> PNode:
        """Read `......`, which stands for C's `...`."""
        dots = replace(self.cursor.leaf("..."), text=b"...")
        return self.cursor.node("variadic_parameter", [dots])

    def _follow(self) -> Token:
        """The token after the next one, or after the disjunction that stands next."""
        if self.cursor.token.kind == "open":
            return self.cursor.tokens[self.cursor.after_group(self.cursor.index)]
        return self.cursor.peek()

    def _parameter_declarator(self) -> PNode | None:
        at = self.cursor.index
        tokens = self.cursor.tokens
        while tokens[at].text in ("*", "(") or tokens[at].text in QUALIFIERS:
            at += 1
        token = tokens[at]
        if token.kind in ("name", "open") and token.kind != "end":
            if tokens[at - 1].text == "(" and self.grammar.types.type_begins(at):
                return self.abstract_declarator()
            return self.declarator()
        return self.abstract_declarator()
