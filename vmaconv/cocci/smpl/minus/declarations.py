# SPDX-License-Identifier: GPL-2.0-only
"""Declarations, function definitions, and the bodies of structs and enums in the minus slice.

In: the tokens at a `Cursor`. Out: the nodes that tree-sitter-c makes for `declaration`,
`type_definition`, `function_definition`, `field_declaration` and `enumerator`.
"""

from __future__ import annotations

from vmaconv.cocci.smpl.kinds import QUALIFIERS, STORAGE
from vmaconv.cocci.smpl.minus.expressions import Expressions
from vmaconv.cocci.smpl.rule import PNode
from vmaconv.cocci.smpl.rule_lexer import Token

_AFTER_NAME = frozenset({";", "=", ",", "[", "(", ":"})
_NAMES_OF_VARIABLES = frozenset(
    {"", "identifier", "fresh identifier", "idexpression", "metavariable"}
)


class Declarations(Expressions):
    """Reads declarations; statements are read by the class built on it."""

    braces_open = 0
    """How many compound statements are open."""

    # Asking.

    def declaration_stands(self) -> bool:
        """Whether a declaration (or function definition) begins at the next token."""
        token = self.token
        if token.kind == "open":
            return self._group_declares()
        if token.kind != "name":
            return False
        if token.text in STORAGE or token.text == "typedef":
            return True
        if self.names.is_attribute(token.text):
            return True
        if self.names.is_type(token.text):
            return True
        if not self.at_name():
            return False
        kind = self.metakind()
        if kind not in ("", "metavariable"):
            return False
        return self._names_variable(self.index + 1)

    def _names_variable(self, index: int) -> bool:
        """Whether what follows an unknown name at `index` makes it a type: `x;`, `*x =`,
        `(*f)(`."""
        tokens = self.tokens
        token = tokens[index]
        if token.kind == "name":
            kind = self.names.kind(token.text)
            if token.text in ("when", "WHEN") or kind not in _NAMES_OF_VARIABLES:
                return kind == "attribute"
            return token.text not in ("if", "else", "while", "for", "do", "return", "sizeof")
        at = index
        while tokens[at].text == "*" or tokens[at].text in QUALIFIERS:
            at += 1
        if at > index and tokens[at].kind == "name":
            if self.names.kind(tokens[at].text) not in _NAMES_OF_VARIABLES:
                return False
            after = tokens[at + 1]
            if after.kind == "name":
                return True
            return (
                after.kind == "punct" and after.text in _AFTER_NAME and self._call_declares(at + 1)
            )
        if token.text == "(" and token.kind == "punct" and tokens[index + 1].text == "*":
            # `foo_t (*f)(int);`, and not the call `f(*x)`.
            return tokens[token.partner + 1].text == "(" and tokens[index + 2].kind == "name"
        return False

    def _call_declares(self, index: int) -> bool:
        """Whether `(` at `index`, after `foo_t *f`, opens parameters: a body or `;` follows."""
        if self.tokens[index].text != "(":
            return True
        return self.tokens[self.tokens[index].partner + 1].text in ("{", ";")

    def _group_declares(self) -> bool:
        """Whether the disjunction that stands next is of types and a declarator follows."""
        follow = self.tokens[self.after_group(self.index)]
        if follow.kind == "name" and self.names.kind(follow.text) in _NAMES_OF_VARIABLES:
            arms = self.arms(self.index)
            return all(start == end or self._type_like(start, end) for start, end in arms)
        if follow.text == "*" and follow.kind == "punct":
            return self.type_begins(self.index)
        return False

    def _type_like(self, start: int, end: int) -> bool:
        token = self.tokens[start]
        if self.type_begins(start) or token.text in STORAGE:
            return all(self.tokens[at].text not in (";", "=") for at in range(start, end))
        return token.kind == "name" and self.names.kind(token.text) == "" and end - start == 1

    def function_stands(self) -> bool:
        """Whether a function definition without a type begins here: `f(...) {` outside of
        braces."""
        if self.braces_open:
            return False
        token = self.token
        at = self.index + 1
        if token.kind == "open":
            at = self.after_group(self.index)
        elif not self.at_name() or self.is_iterator(token):
            return False
        opening = self.tokens[at]
        if opening.text != "(" or opening.kind != "punct":
            return False
        at = opening.partner + 1
        while self.tokens[at].kind == "name" and self.names.is_attribute(self.tokens[at].text):
            at += 1
        return self.tokens[at].text == "{" and self.tokens[at].kind == "punct"

    def is_iterator(self, token: Token) -> bool:
        """Whether `token` is the name of an iterator, or an iterator metavariable."""
        return self.names.kind(token.text) == "iterator" or (
            token.text in self.names.iterators and token.text not in self.names.table
        )

    # Declarations.

    def declaration(self) -> PNode:
        """Read a declaration, type definition or function definition."""
        if self.at("typedef"):
            return self._typedef()
        if self.function_stands():
            return self._function([])
        specifiers = self.specifiers()
        if not specifiers:
            self.fail("a declaration", "write a type and a name")
        if self.function_stands():
            return self._function(specifiers)
        parts = list(specifiers)
        if all(part.kind == "storage_class_specifier" for part in parts):
            if self._definer():
                parts.append(self.leaf())
            elif self._declarer_call():
                return self.declarer_call(parts)
        if not self.at(";"):
            self._declarators(parts)
            if self.at("{") and self._is_function(parts[-1]):
                return self.node("function_definition", [*parts, self.compound()])
        parts.append(self.take(";", "at the end of the declaration"))
        return self.node("declaration", parts)

    def _definer(self) -> bool:
        """Whether `NAME(x)` stands here, as in `static DEFINE_MUTEX(x);`, for tree-sitter a
        type."""
        if not self.at_name() or self.peek().text != "(" or self.peek().kind != "punct":
            return False
        close = self.peek().partner
        name = self.peek(2)
        return close == self.index + 3 and name.kind == "name" and not self.type_begins(close - 1)

    def _declarer_call(self) -> bool:
        """Whether `NAME(a, b);` stands here, after `static`; its arguments are no parameters."""
        if not self.at_name() or self.peek().text != "(" or self.peek().kind != "punct":
            return False
        close = self.peek().partner
        after = self.tokens[close + 1]
        return after.text == ";" or self.names.is_attribute(after.text)

    def declarer_stands(self) -> bool:
        """Whether a declared declarer stands here with an attribute after its arguments."""
        token = self.token
        declared = token.text in self.names.declarers and not self.metakind()
        if not declared and self.metakind() != "declarer":
            return False
        if self.peek().text != "(" or self.peek().kind != "punct":
            return False
        after = self.tokens[self.peek().partner + 1]
        return after.kind == "name" and self.names.is_attribute(after.text)

    def declarer_call(self, storage: list[PNode]) -> PNode:
        """Read `DECLARER(...) attributes;`."""
        parts = [*storage, self.expression(), *self.attributes()]
        parts.append(self.take(";", "after the declarer"))
        return self.node("expression_statement", parts)

    def declaration_in_for(self) -> PNode:
        """Read the declaration of a `for`'s head, without its `;`."""
        parts = self.specifiers()
        self._declarators(parts)
        return self.node("declaration", parts)

    def _declarators(self, parts: list[PNode]) -> None:
        while True:
            parts.extend(self._init_declarator())
            if self.at(":"):
                parts.append(self.node("bitfield_clause", [self.leaf(), self.conditional()]))
            if not self.at(","):
                return
            parts.append(self.leaf())

    def _trailing(self) -> list[PNode]:
        out = []
        if self.token.text in ("asm", "__asm__"):
            out.append(self.asm())
        out.extend(self.attributes())
        return out

    def _is_function(self, node: PNode) -> bool:
        inner = node
        while inner.kind in ("pointer_declarator", "attribute_specifier"):
            if inner.kind == "attribute_specifier":
                return True
            last = inner.children[-1]
            assert isinstance(last, PNode)
            inner = last
        return inner.kind == "function_declarator"

    def _init_declarator(self) -> list[PNode]:
        parts = [self.declarator(), *self._trailing()]
        if not self.at("="):
            return parts
        parts += [self.leaf(), self.initializer()]
        return [self.node("init_declarator", parts), *self._trailing()]

    def _function(self, specifiers: list[PNode]) -> PNode:
        parts = [*specifiers, self.declarator(), *self.attributes()]
        return self.node("function_definition", [*parts, self.compound()])

    def _typedef(self) -> PNode:
        parts = [self.leaf(), *self.specifiers()]
        if len(parts) == 1:
            self.fail("a type after typedef", "write as in typedef int name;")
        while not self.at(";"):
            parts.append(self.declarator())
            parts.extend(self.attributes())
            if not self.at(","):
                break
            parts.append(self.leaf())
        parts.append(self.take(";", "at the end of the typedef"))
        return self.node("type_definition", parts)

    # Bodies of structs and enums.

    def braced(self, body: str) -> PNode:
        parts = [self.take("{")]
        while not self.at("}"):
            if self.token.kind in ("end", "eol"):
                self.fail("`}`", "close the body")
            if body == "enumerator_list":
                parts.append(self.enumerator())
                if self.at(","):
                    parts.append(self.leaf())
                elif not self.at("}"):
                    self.fail("`,` or `}` after an enumerator", "separate them with commas")
            else:
                parts.append(self.field())
        parts.append(self.leaf())
        return self.node(body, parts)

    def enumerator(self) -> PNode:
        """Read one enumerator, or what stands for some."""
        token = self.token
        if token.kind == "dots":
            return self.dots()
        if token.kind == "open":
            follow = self.tokens[self.after_group(self.index)]
            if follow.text != "=":
                return self.group(self.enumerator)
            name = self.group(self.declared_name)
        elif self.metakind() in ("enumerator", "enumerator list"):
            return self.leaf()
        else:
            name = self.declared_name()
        parts = [name, *self.attributes()]
        if self.at("="):
            parts += [self.leaf(), self.assignment()]
        return self.node("enumerator", parts)

    def field(self) -> PNode:
        """Read one field declaration, or what stands for some."""
        token = self.token
        if token.kind == "dots":
            return self.field_dots()
        if token.kind == "open":
            follow = self.tokens[self.after_group(self.index)]
            if follow.kind != "name" or not self._group_declares():
                return self.group(self._fields)
        if token.kind == "directive":
            return self.directive()
        kind = self.metakind()
        if kind in ("field", "field list", "declaration"):
            return self.leaf()
        if kind == "metavariable" and self.peek().text in ("}", ";", "..."):
            return self.leaf()
        if self._macro_field():
            parts = [self.expression(), *self.attributes()]
            parts.append(self.take(";", "after the macro"))
            return self.node("field_declaration", parts)
        return self._field()

    def _macro_field(self) -> bool:
        if not self.at_name() or self.peek().text != "(":
            return False
        return self.peek(2).text not in ("*", "^")

    def _fields(self) -> PNode:
        parts = [self.field()]
        while self.token.kind not in ("or", "and", "close"):
            parts.append(self.field())
        return parts[0] if len(parts) == 1 else self.node("sequence", parts)

    def _field(self) -> PNode:
        parts = self.specifiers()
        if not parts:
            self.fail("the declaration of a field", "write as in int x;")
        while not self.at(";"):
            if not self.at(":"):
                parts.append(self.declarator())
            if self.at(":"):
                parts.append(self.node("bitfield_clause", [self.leaf(), self.conditional()]))
            parts.extend(self.attributes())
            if not self.at(","):
                break
            parts.append(self.leaf())
        parts.append(self.take(";", "at the end of the field"))
        return self.node("field_declaration", parts)

    def field_dots(self) -> PNode:
        """Read dots or a nest among fields."""
        raise NotImplementedError

    def directive(self) -> PNode:
        """Read a preprocessor line."""
        raise NotImplementedError
