# SPDX-License-Identifier: GPL-2.0-only
"""Types and declarators of the minus slice.

In: the tokens at a `Cursor`. Out: the nodes that tree-sitter-c makes for specifiers,
`type_descriptor`, declarators and parameters, with metavariables, dots and disjunctions in their
places. A name that must be an attribute (`int __init f`) becomes an `attribute_specifier`; in a C
tree such names are blanked.
"""

from __future__ import annotations

from vmaconv.cocci.smpl.kinds import (
    KEYWORDS,
    PRIMITIVES,
    QUALIFIERS,
    SIZED,
    STORAGE,
    TAGGED,
    TYPE_WORDS,
    TYPEOFS,
)
from vmaconv.cocci.smpl.minus.cursor import Cursor
from vmaconv.cocci.smpl.rule import PNode
from vmaconv.cocci.smpl.rule_lexer import Token

_AFTER_DECLARATOR = frozenset({";", "=", ",", ")", "{", ":"})
_SIZED_PARTS = SIZED | {"int", "char", "double"}


class Types(Cursor):
    """Reads types; expressions and fields are read by the classes built on it."""

    # What the classes above provide.

    def assignment(self) -> PNode:
        """Read an expression without a comma at its top."""
        raise NotImplementedError

    def arguments(self) -> PNode:
        """Read an `argument_list`."""
        raise NotImplementedError

    def braced(self, body: str) -> PNode:
        """Read `{ ... }` of a `field_declaration_list` or `enumerator_list`."""
        raise NotImplementedError

    def dots(self) -> PNode:
        """Read `...` in a list, with its `when`."""
        raise NotImplementedError

    def abstract_declarator(self) -> PNode | None:
        """Read `*`, `(*)(int)`, `[3]` or nothing."""
        raise NotImplementedError

    # Asking.

    def type_begins(self, index: int) -> bool:
        """Whether a type certainly begins at the token `index`."""
        token = self.tokens[index]
        if token.kind == "name":
            if self.names.is_attribute(token.text):
                return self.type_begins(index + 1) or self.is_plain(self.tokens[index + 1])
            return self.names.is_type(token.text)
        if token.kind == "open":
            return all(start < end and self.type_begins(start) for start, end in self.arms(index))
        return False

    def is_plain(self, token: Token) -> bool:
        """Whether `token` is a name that is neither keyword nor metavariable."""
        return (
            token.kind == "name"
            and token.text not in TYPE_WORDS
            and token.text not in STORAGE
            and token.text not in self.names.table
            and token.text not in KEYWORDS
        )

    # Specifiers.

    def specifiers(self, storage: bool = True) -> list[PNode]:
        """Read storage classes, qualifiers, attributes and the type itself."""
        out: list[PNode] = []
        typed = False
        while True:
            token = self.token
            if token.kind == "open":
                if typed or not self._specifier_group(out, storage):
                    return out
                typed = typed or not _is_modifier(out[-1])
                continue
            if token.kind != "name":
                return out
            if token.text in STORAGE and storage:
                out.append(self.node("storage_class_specifier", [self.leaf()]))
            elif token.text in QUALIFIERS:
                out.append(self.node("type_qualifier", [self.leaf()]))
            elif self.names.is_attribute(token.text):
                out.append(self.attribute())
            elif not typed and self._type_stands_here():
                out.append(self.type_specifier())
                typed = True
            elif self.attribute_macro(typed):
                out.append(self.attribute())
            else:
                return out

    def _type_stands_here(self) -> bool:
        token = self.token
        if self.names.is_type(token.text):
            return True
        kind = self.metakind()
        if kind:
            return kind == "metavariable" and self.peek().kind in ("name", "punct")
        after = self.peek()
        if after.text == "(" and after.kind == "punct":
            # `static f(x)` has no type, `foo_t (*f)(x)` has.
            return self.peek(2).text == "*"
        return self.at_name() and not (
            after.kind == "name" and after.text in TYPE_WORDS - QUALIFIERS
        )

    def attribute_macro(self, typed: bool) -> bool:
        """Whether the next name must be an attribute's; `typed` says that a type stands before
        it."""
        if not self.at_name() or self.metakind():
            return False
        after = self.peek()
        if typed and after.kind == "name":
            if self.names.is_attribute(after.text):
                return False
            # `int __init f(void)`, but `int x __aligned(8);`.
            return self.token.text.startswith("__") or not after.text.startswith("__")
        if typed and after.text == "*" and after.kind == "punct":
            return True
        return not typed and after.kind == "name" and after.text in TYPE_WORDS | STORAGE

    def _specifier_group(self, out: list[PNode], storage: bool) -> bool:
        """Read a disjunction of specifiers or types if one stands here."""
        words = QUALIFIERS | STORAGE if storage else QUALIFIERS
        arms = self.arms(self.index)
        single = all(
            start == end or (end - start == 1 and self.tokens[start].text in words)
            for start, end in arms
        )
        if single and any(start < end for start, end in arms):
            out.append(self.group(self._modifier))
            return True
        if not self._group_of_types(arms):
            return False
        group = self.attempt(lambda: self.group(self._type_arm))
        if group is None:
            return False
        out.append(group)
        return True

    def _group_of_types(self, arms: list[tuple[int, int]]) -> bool:
        follow = self.tokens[arms[-1][1] + 1]
        if all(start == end or self.type_begins(start) for start, end in arms):
            return True
        return follow.kind in ("name", "open") or follow.text == "*"

    def _modifier(self) -> PNode:
        kind = "type_qualifier" if self.token.text in QUALIFIERS else "storage_class_specifier"
        return self.node(kind, [self.leaf()])

    def _type_arm(self) -> PNode:
        descriptor = self.type_descriptor()
        single = descriptor.children[0] if len(descriptor.children) == 1 else None
        return single if isinstance(single, PNode) else descriptor

    def type_specifier(self) -> PNode:
        """Read one type: a word, a sized type, a struct, a typedef's name, a type metavariable."""
        token = self.token
        if token.text in self.names.table:
            node = self.leaf()
            if self.at("{") and node.metavariable is not None and node.metavariable.kind == "type":
                return self.node("struct_specifier", [node, self.braced("field_declaration_list")])
            return node
        if token.text in _SIZED_PARTS and self._is_sized():
            return self._sized()
        if token.text in TAGGED:
            return self._tagged()
        if token.text in TYPEOFS:
            return self._typeof()
        if token.text in PRIMITIVES:
            return self.leaf("primitive_type")
        if not self.at_name() and token.text not in TYPE_WORDS:
            self.fail("a type", "write a type, or declare the name with typedef")
        return self.leaf()

    def _is_sized(self) -> bool:
        return self.token.text in SIZED or (
            self.peek().kind == "name" and self.peek().text in SIZED
        )

    def _sized(self) -> PNode:
        parts: list[PNode] = []
        base = False
        while self.token.kind == "name":
            text = self.token.text
            if text in SIZED:
                parts.append(self.leaf())
            elif not base and text in PRIMITIVES:
                parts.append(self.leaf("primitive_type"))
                base = True
            elif not base and (self.metakind() == "type" or text in self.names.typedefs):
                parts.append(self.leaf())
                base = True
            else:
                break
        return self.node("sized_type_specifier", parts)

    def _typeof(self) -> PNode:
        parts = [self.leaf("identifier"), self.take("(")]
        alone = self.is_plain(self.token) and self.peek().text == ")"
        if self.is_type_here():
            parts.append(self.type_descriptor())
        elif alone:
            # tree-sitter takes a lone name for a type's.
            parts.append(self.node("type_descriptor", [self.leaf()]))
        else:
            parts.append(self.assignment())
        parts.append(self.take(")"))
        return self.node("macro_type_specifier", parts)

    def is_type_here(self) -> bool:
        """Whether a type stands next: a certain one, or an unknown name followed by stars only."""
        if self.type_begins(self.index):
            return True
        if not self.at_name() or self.metakind():
            return False
        at = self.index + 1
        stars = 0
        while self._is_type_part(self.tokens[at]):
            stars += self.tokens[at].text == "*"
            at += 1
        token = self.tokens[at]
        if not stars:
            return token.text == "(" and self.tokens[at + 1].text == "*" and self._abstract(at)
        return token.kind in ("or", "and", "close") or token.text in (")", ",")

    def _is_type_part(self, token: Token) -> bool:
        if token.kind == "punct":
            return token.text == "*"
        return token.kind == "name" and (
            token.text in QUALIFIERS or self.names.is_attribute(token.text)
        )

    def _abstract(self, index: int) -> bool:
        """Whether `(*` at `index` begins an abstract declarator, as in `(*)(int)`."""
        at = index + 1
        while self.tokens[at].text == "*" or self.tokens[at].text in QUALIFIERS:
            at += 1
        return self.tokens[at].text in (")", "[") and self.tokens[at].kind == "punct"

    def _tagged(self) -> PNode:
        word = self.token.text
        parts = [self.leaf()]
        while self.token.kind == "name" and self.names.is_attribute(self.token.text):
            parts.append(self.attribute())
        while self.is_plain(self.token) and self.is_plain(self.peek()) and self._tag_follows():
            parts.append(self.attribute())
        if self.token.kind == "open":
            parts.append(self.group(self._tag))
        elif self.at_name():
            parts.append(self._tag())
        elif not self.at("{"):
            self.fail(
                f"the name or the body of the {word}", f"write as in {word} s or {word} {{ }}"
            )
        if self.at("{"):
            body = "enumerator_list" if word == "enum" else "field_declaration_list"
            parts.append(self.braced(body))
            while self.token.kind == "name" and self.names.is_attribute(self.token.text):
                parts.append(self.attribute())
        return self.node(f"{word}_specifier", parts)

    def _tag_follows(self) -> bool:
        """Whether `struct a b {`: the first name is then an attribute."""
        return self.peek(2).text == "{"

    def _tag(self) -> PNode:
        if not self.at_name():
            self.fail("a name", "write the name of the struct, union or enum")
        return self.leaf()

    def attribute(self) -> PNode:
        """Read `__attribute__((...))`, an attribute's name or an attribute metavariable."""
        word = self.leaf()
        parts = [word]
        if word.text == b"__attribute__":
            parts.append(self.take("(", "after __attribute__"))
            parts.append(self.arguments())
            parts.append(self.take(")"))
        elif self.at("("):
            parts.append(self.arguments())
        return self.node("attribute_specifier", parts)

    def attributes(self) -> list[PNode]:
        """Read attributes after a declarator; an unknown name there can be nothing else."""
        out: list[PNode] = []
        while self.token.kind == "name":
            token = self.token
            unknown = self.at_name() and not self.metakind() and self._ends_declarator()
            if not unknown and not self.names.is_attribute(token.text):
                break
            out.append(self.attribute())
        return out

    def _ends_declarator(self) -> bool:
        at = self.index + 1
        if self.tokens[at].text == "(" and self.tokens[at].kind == "punct":
            at = self.tokens[at].partner + 1
        token = self.tokens[at]
        return (token.kind == "punct" and token.text in _AFTER_DECLARATOR) or token.kind == "name"

    def type_descriptor(self) -> PNode:
        """Read a type without a name, as in a cast."""
        parts = self.specifiers(storage=False)
        if not any(not _is_modifier(part) for part in parts):
            self.fail("a type", "write a type, or declare the name with typedef")
        declarator = self.abstract_declarator()
        if declarator is not None:
            parts.append(declarator)
        return self.node("type_descriptor", parts)


def _is_modifier(node: PNode) -> bool:
    if node.kind in ("disjunction", "conjunction"):
        return all(isinstance(arm, PNode) and _is_modifier(arm) for arm in node.children)
    return node.kind in ("storage_class_specifier", "type_qualifier", "attribute_specifier") or (
        node.kind == "sequence" and not node.children
    )
