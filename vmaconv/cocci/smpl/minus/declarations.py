# SPDX-License-Identifier: GPL-2.0-only
"""Declarations, function definitions, and the bodies of structs and enums in the minus slice.

In: the tokens at a `Cursor`. Out: the nodes that tree-sitter-c makes for `declaration`,
`type_definition`, `function_definition`, `field_declaration` and `enumerator`.
"""

from __future__ import annotations

from vmaconv.cocci.smpl.kinds import QUALIFIERS, STORAGE
from vmaconv.cocci.smpl.minus.grammar_part import GrammarPart
from vmaconv.cocci.smpl.rule import PNode
from vmaconv.cocci.smpl.rule_lexer import Token

_AFTER_NAME = frozenset({";", "=", ",", "[", "(", ":"})
_NAMES_OF_VARIABLES = frozenset(
    {"", "identifier", "fresh identifier", "idexpression", "metavariable"}
)

_VALUES = frozenset({"constant", "expression", "expression list", "idexpression", "typed"})


class Declarations(GrammarPart):
    """Reads declarations; statements are read by the class built on it."""

    braces_open = 0
    """How many compound statements are open."""

    # Asking.

    def declaration_stands(self) -> bool:
        """Whether a declaration (or function definition) begins at the next token."""
        token = self.cursor.token
        if token.kind == "open":
            return self._group_declares()
        if token.kind != "name":
            return False
        if token.text in STORAGE or token.text == "typedef":
            return True
        if self.cursor.names.is_attribute(token.text):
            return True
        if self.cursor.names.is_type(token.text):
            return True
        if not self.cursor.at_name():
            return False
        kind = self.cursor.metakind()
        if kind not in ("", "metavariable"):
            return False
        return self._names_variable(self.cursor.index + 1)

    def _names_variable(self, index: int) -> bool:
        """Whether what follows an unknown name at `index` makes it a type: `x;`, `*x =`,
        `(*f)(`."""
        tokens = self.cursor.tokens
        token = tokens[index]
        if token.kind == "name":
            kind = self.cursor.names.kind(token.text)
            if token.text in ("when", "WHEN") or kind not in _NAMES_OF_VARIABLES:
                return kind == "attribute"
            return token.text not in ("if", "else", "while", "for", "do", "return", "sizeof")
        at = index
        while tokens[at].text == "*" or tokens[at].text in QUALIFIERS:
            at += 1
        if at > index and tokens[at].kind == "name":
            if self.cursor.names.kind(tokens[at].text) not in _NAMES_OF_VARIABLES:
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
        if self.cursor.tokens[index].text != "(":
            return True
        return self.cursor.tokens[self.cursor.tokens[index].partner + 1].text in ("{", ";")

    def _group_declares(self) -> bool:
        """Whether the disjunction that stands next is of types and a declarator follows."""
        follow = self.cursor.tokens[self.cursor.after_group(self.cursor.index)]
        if follow.kind == "name" and self.cursor.names.kind(follow.text) in _NAMES_OF_VARIABLES:
            arms = self.cursor.arms(self.cursor.index)
            return all(start == end or self._type_like(start, end) for start, end in arms)
        if follow.text == "*" and follow.kind == "punct":
            return self.grammar.types.type_begins(self.cursor.index)
        return False

    def _type_like(self, start: int, end: int) -> bool:
        token = self.cursor.tokens[start]
        if self.grammar.types.type_begins(start) or token.text in STORAGE:
            return all(self.cursor.tokens[at].text not in (";", "=") for at in range(start, end))
        return (
            token.kind == "name" and self.cursor.names.kind(token.text) == "" and end - start == 1
        )

    def function_stands(self) -> bool:
        """Whether a function definition without a type begins here: `f(...) {` outside of
        braces."""
        if self.braces_open:
            return False
        token = self.cursor.token
        at = self.cursor.index + 1
        if token.kind == "open":
            at = self.cursor.after_group(self.cursor.index)
        elif not self.cursor.at_name() or self.is_iterator(token):
            return False
        opening = self.cursor.tokens[at]
        if opening.text != "(" or opening.kind != "punct":
            return False
        at = opening.partner + 1
        while self.cursor.tokens[at].kind == "name" and self.cursor.names.is_attribute(
            self.cursor.tokens[at].text
        ):
            at += 1
        return self.cursor.tokens[at].text == "{" and self.cursor.tokens[at].kind == "punct"

    def is_iterator(self, token: Token) -> bool:
        """Whether `token` is the name of an iterator, or an iterator metavariable."""
        return self.cursor.names.kind(token.text) == "iterator" or (
            token.text in self.cursor.names.iterators and token.text not in self.cursor.names.table
        )

    # Declarations.

    def declaration(self) -> PNode:
        """Read a declaration, type definition or function definition."""
        if self.cursor.at("typedef"):
            return self._typedef()
        if self.function_stands():
            return self._function([])
        specifiers = self.grammar.types.specifiers()
        if not specifiers:
            self.cursor.fail("a declaration", "write a type and a name")
        if self.function_stands():
            return self._function(specifiers)
        parts = list(specifiers)
        if all(part.kind == "storage_class_specifier" for part in parts):
            if self._definer():
                parts.append(self.cursor.leaf())
            elif self._declarer_call():
                return self.declarer_call(parts)
        if not self.cursor.at(";"):
            self._declarators(parts)
            if self.cursor.at("{") and self._is_function(parts[-1]):
                return self.cursor.node(
                    "function_definition", [*parts, self.grammar.statements.compound()]
                )
        parts.append(self.cursor.take(";", "at the end of the declaration"))
        return self.cursor.node("declaration", parts)

    def _definer(self) -> bool:
        """Whether `NAME(x)` stands here, as in `static DEFINE_MUTEX(x);`, for tree-sitter a
        type."""
        if (
            not self.cursor.at_name()
            or self.cursor.peek().text != "("
            or self.cursor.peek().kind != "punct"
        ):
            return False
        close = self.cursor.peek().partner
        name = self.cursor.peek(2)
        return (
            close == self.cursor.index + 3
            and name.kind == "name"
            and not self.grammar.types.type_begins(close - 1)
        )

    def _declarer_call(self) -> bool:
        """Whether `NAME(a, b);` stands here, after `static`; its arguments are no parameters."""
        if (
            not self.cursor.at_name()
            or self.cursor.peek().text != "("
            or self.cursor.peek().kind != "punct"
        ):
            return False
        close = self.cursor.peek().partner
        after = self.cursor.tokens[close + 1]
        return after.text == ";" or self.cursor.names.is_attribute(after.text)

    def declarer_stands(self) -> bool:
        """Whether a declared declarer stands here with an attribute after its arguments."""
        token = self.cursor.token
        declared = token.text in self.cursor.names.declarers and not self.cursor.metakind()
        if not declared and self.cursor.metakind() != "declarer":
            return False
        if self.cursor.peek().text != "(" or self.cursor.peek().kind != "punct":
            return False
        after = self.cursor.tokens[self.cursor.peek().partner + 1]
        return after.kind == "name" and self.cursor.names.is_attribute(after.text)

    def declarer_call(self, storage: list[PNode]) -> PNode:
        """Read `DECLARER(...) attributes;`."""
        parts = [*storage, self.grammar.expressions.expression(), *self.grammar.types.attributes()]
        parts.append(self.cursor.take(";", "after the declarer"))
        return self.cursor.node("expression_statement", parts)

    def declaration_in_for(self) -> PNode:
        """Read the declaration of a `for`'s head, without its `;`."""
        parts = self.grammar.types.specifiers()
        self._declarators(parts)
        return self.cursor.node("declaration", parts)

    def _declarators(self, parts: list[PNode]) -> None:
        while True:
            parts.extend(self._init_declarator())
            if self.cursor.at(":"):
                parts.append(
                    self.cursor.node(
                        "bitfield_clause",
                        [self.cursor.leaf(), self.grammar.expressions.conditional()],
                    )
                )
            if not self.cursor.at(","):
                return
            parts.append(self.cursor.leaf())

    def _trailing(self) -> list[PNode]:
        out = []
        if self.cursor.token.text in ("asm", "__asm__"):
            out.append(self.grammar.directives.asm())
        out.extend(self.grammar.types.attributes())
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
        parts = [self.grammar.declarators.declarator(), *self._trailing()]
        if not self.cursor.at("="):
            return parts
        parts += [self.cursor.leaf(), self.grammar.lists.initializer()]
        return [self.cursor.node("init_declarator", parts), *self._trailing()]

    def _function(self, specifiers: list[PNode]) -> PNode:
        head = self.cursor.token
        declarator = self.grammar.declarators.declarator()
        self._check_parameters(declarator, head.text)
        parts = [*specifiers, declarator, *self.grammar.types.attributes()]
        return self.cursor.node("function_definition", [*parts, self.grammar.statements.compound()])

    def _check_parameters(self, declarator: PNode, name: str) -> None:
        """Refuse values as parameters: with one, `for_all(e) { ... }` is a loop, if anything."""
        for node in declarator.walk():
            leaf = node.children[0] if len(node.children) == 1 else None
            if node.kind != "parameter_declaration" or not isinstance(leaf, PNode):
                continue
            meta = leaf.metavariable
            if leaf.place is not None and meta is not None and meta.kind in _VALUES:
                raise self.cursor.text.error(
                    "wrong-kind",
                    leaf.place.line,
                    leaf.place.column,
                    f"{meta.name} stands for a value ({meta.kind}), which is no parameter",
                    f"if {name}() begins a loop, declare it: iterator name {name};",
                )

    def _typedef(self) -> PNode:
        parts = [self.cursor.leaf(), *self.grammar.types.specifiers()]
        if len(parts) == 1:
            self.cursor.fail("a type after typedef", "write as in typedef int name;")
        while not self.cursor.at(";"):
            parts.append(self.grammar.declarators.declarator())
            parts.extend(self.grammar.types.attributes())
            if not self.cursor.at(","):
                break
            parts.append(self.cursor.leaf())
        parts.append(self.cursor.take(";", "at the end of the typedef"))
        return self.cursor.node("type_definition", parts)

    # Bodies of structs and enums.

    def braced(self, body: str) -> PNode:
        parts = [self.cursor.take("{")]
        while not self.cursor.at("}"):
            if self.cursor.token.kind in ("end", "eol"):
                self.cursor.fail("`}`", "close the body")
            if body == "enumerator_list":
                parts.append(self.enumerator())
                if self.cursor.at(","):
                    parts.append(self.cursor.leaf())
                elif not self.cursor.at("}"):
                    self.cursor.fail("`,` or `}` after an enumerator", "separate them with commas")
            else:
                parts.append(self.field())
        parts.append(self.cursor.leaf())
        return self.cursor.node(body, parts)

    def enumerator(self) -> PNode:
        """Read one enumerator, or what stands for some."""
        token = self.cursor.token
        if token.kind == "dots":
            return self.grammar.groups.dots()
        if token.kind == "open":
            follow = self.cursor.tokens[self.cursor.after_group(self.cursor.index)]
            if follow.text != "=":
                return self.cursor.group(self.enumerator)
            name = self.cursor.group(self.grammar.declarators.declared_name)
        elif self.cursor.metakind() in ("enumerator", "enumerator list"):
            return self.cursor.leaf()
        else:
            name = self.grammar.declarators.declared_name()
        parts = [name, *self.grammar.types.attributes()]
        if self.cursor.at("="):
            parts += [self.cursor.leaf(), self.grammar.expressions.assignment()]
        return self.cursor.node("enumerator", parts)

    def field(self) -> PNode:
        """Read one field declaration, or what stands for some."""
        token = self.cursor.token
        if token.kind == "dots":
            return self.grammar.groups.field_dots()
        if token.kind == "open":
            follow = self.cursor.tokens[self.cursor.after_group(self.cursor.index)]
            if follow.kind != "name" or not self._group_declares():
                return self.cursor.group(self._fields)
        if token.kind == "directive":
            return self.grammar.directives.directive()
        kind = self.cursor.metakind()
        if kind in ("field", "field list", "declaration"):
            return self.cursor.leaf()
        if kind == "metavariable" and self.cursor.peek().text in ("}", ";", "..."):
            return self.cursor.leaf()
        if self._macro_field():
            parts = [self.grammar.expressions.expression(), *self.grammar.types.attributes()]
            parts.append(self.cursor.take(";", "after the macro"))
            return self.cursor.node("field_declaration", parts)
        return self._field()

    def _macro_field(self) -> bool:
        if not self.cursor.at_name() or self.cursor.peek().text != "(":
            return False
        return self.cursor.peek(2).text not in ("*", "^")

    def _fields(self) -> PNode:
        parts = [self.field()]
        while self.cursor.token.kind not in ("or", "and", "close"):
            parts.append(self.field())
        return parts[0] if len(parts) == 1 else self.cursor.node("sequence", parts)

    def _field(self) -> PNode:
        parts = self.grammar.types.specifiers()
        if not parts:
            self.cursor.fail("the declaration of a field", "write as in int x;")
        while not self.cursor.at(";"):
            if not self.cursor.at(":"):
                parts.append(self.grammar.declarators.declarator())
            if self.cursor.at(":"):
                parts.append(
                    self.cursor.node(
                        "bitfield_clause",
                        [self.cursor.leaf(), self.grammar.expressions.conditional()],
                    )
                )
            parts.extend(self.grammar.types.attributes())
            if not self.cursor.at(","):
                break
            parts.append(self.cursor.leaf())
        parts.append(self.cursor.take(";", "at the end of the field"))
        return self.cursor.node("field_declaration", parts)
