# SPDX-License-Identifier: GPL-2.0-only
"""Declarators and parameters of the minus slice.

In: the tokens at a `Cursor`. Out: the nodes that tree-sitter-c makes for declarators, abstract
declarators and parameters, with metavariables, dots and disjunctions in their places.
"""

from __future__ import annotations

from vmaconv.cocci.smpl.kinds import NOT_EXPRESSIONS, QUALIFIERS
from vmaconv.cocci.smpl.minus.type_names import Types
from vmaconv.cocci.smpl.rule import PNode
from vmaconv.cocci.smpl.rule_lexer import Token


class Declarators(Types):
    """Reads declarators; lists of arguments and initialisers are read by the class built on it."""

    # Declarators.

    def abstract_declarator(self) -> PNode | None:
        """Read `*`, `(*)(int)`, `[3]` or nothing."""
        if self.at("*"):
            parts = [self.leaf(), *self._qualifiers()]
            inner = self.abstract_declarator()
            if inner is not None:
                parts.append(inner)
            return self.node("abstract_pointer_declarator", parts)
        node: PNode | None = None
        if self.at("(") and self.peek().text in ("*", "["):
            opening = self.leaf()
            inner = self.abstract_declarator()
            assert inner is not None
            node = self.node("abstract_parenthesized_declarator", [opening, inner, self.take(")")])
        while True:
            if self.at("["):
                node = self._array("abstract_array_declarator", node)
            elif self.at("("):
                parts = [node] if node is not None else []
                node = self.node("abstract_function_declarator", [*parts, self.parameters()])
            else:
                return node

    def _qualifiers(self) -> list[PNode]:
        out: list[PNode] = []
        while self.token.kind == "name":
            if self.token.text in QUALIFIERS:
                out.append(self.node("type_qualifier", [self.leaf()]))
            elif self.names.is_attribute(self.token.text) or (
                self.token.text.startswith("__") and self.attribute_macro(True)
            ):
                out.append(self.attribute())
            else:
                break
        return out

    def declarator(self) -> PNode:
        """Read `x`, `*x`, `x[3]`, `(*f)(int)`, `f(int x)`."""
        if self.at("*"):
            star = self.leaf()
            qualifiers = self._qualifiers()
            return self.node("pointer_declarator", [star, *qualifiers, self.declarator()])
        if self.at("("):
            opening = self.leaf()
            inner = self.declarator()
            node = self.node("parenthesized_declarator", [opening, inner, self.take(")")])
        elif self.token.kind == "open":
            node = self.group(self.declarator)
        else:
            node = self.declared_name()
        while True:
            if self.at("["):
                node = self._array("array_declarator", node)
            elif self.at("("):
                node = self.node("function_declarator", [node, self.parameters()])
            else:
                return node

    def declared_name(self) -> PNode:
        """Read the name that a declaration declares."""
        if not self.at_name():
            self.fail("the name that is declared", "write a name here")
        if self.metakind() in NOT_EXPRESSIONS - {"type"}:
            self.fail("the name that is declared", "declare the metavariable as an identifier")
        return self.leaf()

    def _array(self, kind: str, node: PNode | None) -> PNode:
        parts = [node] if node is not None else []
        parts.append(self.take("["))
        parts.extend(self._qualifiers())
        if not self.at("]"):
            parts.append(self.assignment())
        parts.append(self.take("]", "at the end of the array's size"))
        return self.node(kind, parts)

    # Parameters.

    def parameters(self) -> PNode:
        """Read a `parameter_list` with its parentheses."""
        parts = [self.take("(")]
        while not self.at(")"):
            parts.append(self.parameter())
            if self.at(","):
                parts.append(self.leaf())
            elif not self.at(")"):
                self.fail("`,` or `)` after a parameter", "separate parameters with commas")
        parts.append(self.leaf())
        return self.node("parameter_list", parts)

    def parameter(self) -> PNode:
        """Read one parameter, or what stands for some."""
        token = self.token
        if token.kind == "dots":
            if token.text == "......":
                return self.variadic()
            return self.dots()
        follow = self._follow()
        ends = follow.kind in ("or", "and", "close") or follow.text in (",", ")")
        if token.kind == "open" and ends:
            return self.group(self.parameter)
        kind = self.metakind()
        if kind in ("parameter", "parameter list") or (kind == "metavariable" and ends):
            return self.leaf()
        if kind and kind not in ("type", "attribute", "metavariable"):
            if not ends or kind in NOT_EXPRESSIONS:
                self.fail("a parameter", "declare the metavariable as a parameter or a type")
            return self.node("parameter_declaration", [self.leaf()])
        parts = self.specifiers()
        if not parts:
            self.fail("a parameter", "write as in f(int x, ...)")
        declarator = self._parameter_declarator()
        if declarator is not None:
            parts.append(declarator)
        parts.extend(self.attributes())
        return self.node("parameter_declaration", parts)

    def variadic(self) -> PNode:
        """Read `......`, which stands for C's `...`."""
        dots = self.leaf("...")
        dots.text = b"..."
        return self.node("variadic_parameter", [dots])

    def _follow(self) -> Token:
        """The token after the next one, or after the disjunction that stands next."""
        if self.token.kind == "open":
            return self.tokens[self.after_group(self.index)]
        return self.peek()

    def _parameter_declarator(self) -> PNode | None:
        at = self.index
        tokens = self.tokens
        while tokens[at].text in ("*", "(") or tokens[at].text in QUALIFIERS:
            at += 1
        token = tokens[at]
        if token.kind in ("name", "open") and token.kind != "end":
            if tokens[at - 1].text == "(" and self.type_begins(at):
                return self.abstract_declarator()
            return self.declarator()
        return self.abstract_declarator()
