# SPDX-License-Identifier: GPL-2.0-only
"""Lists of arguments and initialisers in the minus slice.

In: the tokens at a `Cursor`. Out: `argument_list`, `initializer_list` and what stands in them;
dots, list metavariables and disjunctions stand for some elements.
"""

from __future__ import annotations

from vmaconv.cocci.smpl.minus.declarators import Declarators
from vmaconv.cocci.smpl.rule import PNode
from vmaconv.cocci.smpl.rule_lexer import Token


class Lists(Declarators):
    """Reads lists; their elements are read by `expressions`."""

    def field_name(self) -> PNode:
        """Read the name of a field."""
        raise NotImplementedError

    # Arguments.

    def arguments(self) -> PNode:
        parts = [self.take("(")]
        previous = ""
        while not self.at(")"):
            if self.at(","):
                if previous != "argument":
                    # A macro's argument may be empty.
                    parts.append(self.leaf())
                    continue
                parts.append(self.leaf())
                previous = ","
                continue
            if previous == "argument":
                self.fail("`,` or `)` after an argument", "separate arguments with commas")
            parts.append(self.argument())
            previous = "argument"
        parts.append(self.leaf())
        return self.node("argument_list", parts)

    def argument(self) -> PNode:
        """Read one argument, or what stands for some."""
        token = self.token
        if token.kind == "dots" and token.text == "..." and self._dots_alone():
            return self.dots()
        if token.kind == "dots" and token.text == "......":
            return self.variadic()
        if token.text == "{" and token.kind == "punct":
            return self.braces()
        if token.kind == "open":
            follow = self.tokens[self.after_group(self.index)]
            if follow.text in (",", ")") or follow.kind in ("or", "and", "close"):
                return self.group(self._argument_arm)
        if self.is_type_here() and not self._name_alone():
            return self._type_argument()
        return self.assignment()

    def _argument_arm(self) -> PNode:
        parts = [self.argument()]
        while self.at(","):
            parts.append(self.leaf())
            if self.token.kind in ("or", "and", "close"):
                break
            parts.append(self.argument())
        return parts[0] if len(parts) == 1 else self.node("sequence", parts)

    def _name_alone(self) -> bool:
        return self.is_plain(self.token) and self._ends_argument(self.peek())

    def _ends_argument(self, token: Token) -> bool:
        return token.text in (",", ")") or token.kind in ("or", "and", "close")

    def _type_argument(self) -> PNode:
        node = self.type_descriptor()
        if not self._ends_argument(self.token) and self.at_name():
            # A declaration as a macro's argument.
            node = self.node("parameter_declaration", [*node.children, self.declarator()])
        only = node.children[0]
        if len(node.children) == 1 and isinstance(only, PNode) and only.is_leaf:
            return only
        return node

    def _dots_alone(self) -> bool:
        token = self.peek()
        return token.kind != "punct" or token.text in (",", ")", "}", "]", ";")

    # Initialisers.

    def braces(self) -> PNode:
        """Read an `initializer_list`."""
        parts = [self.take("{")]
        while not self.at("}"):
            parts.append(self.initializer())
            if self.at(","):
                parts.append(self.leaf())
            elif not self.at("}") and not self._list_metavariable(parts[-1]):
                self.fail("`,` or `}` after an initialiser", "separate initialisers with commas")
        parts.append(self.leaf())
        return self.node("initializer_list", parts)

    def _list_metavariable(self, node: PNode) -> bool:
        variable = node.metavariable
        return variable is not None and variable.kind == "initializer list"

    def initializer(self) -> PNode:
        """Read one initialiser with its designators, or what stands for some."""
        token = self.token
        if token.kind == "dots" and token.text == "..." and self._dots_alone():
            return self.dots()
        if token.kind == "open":
            follow = self.tokens[self.after_group(self.index)]
            if follow.text in (",", "}") or follow.kind in ("or", "and", "close"):
                return self.group(self._initializer_arm)
        if self.at("{"):
            return self.braces()
        if self.at(".") or self.at("["):
            return self._designated()
        if self.at_name() and self.peek().text == ":":
            parts = [self.leaf(), self.leaf(), self._value()]
            return self.node("initializer_pair", parts)
        return self.assignment()

    def _initializer_arm(self) -> PNode:
        parts = [self.initializer()]
        while self.at(","):
            parts.append(self.leaf())
            if self.token.kind in ("or", "and", "close"):
                break
            parts.append(self.initializer())
        return parts[0] if len(parts) == 1 else self.node("sequence", parts)

    def _designated(self) -> PNode:
        parts: list[PNode] = []
        while self.at(".") or self.at("["):
            if self.at("."):
                parts.append(self.node("field_designator", [self.leaf(), self.field_name()]))
                continue
            inner = [self.leaf(), self.assignment()]
            kind = "subscript_designator"
            if self.token.text == "..." and self.token.kind == "dots":
                inner += [self.leaf("..."), self.assignment()]
                kind = "subscript_range_designator"
            inner.append(self.take("]", "after the index"))
            parts.append(self.node(kind, inner))
        parts.append(self.take("=", "after the designator"))
        parts.append(self._value())
        return self.node("initializer_pair", parts)

    def _value(self) -> PNode:
        return self.braces() if self.at("{") else self.assignment()
