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
from vmaconv.cocci.smpl.minus.grammar_part import GrammarPart
from vmaconv.cocci.smpl.rule import PNode
from vmaconv.cocci.smpl.rule_lexer import Token

_AFTER_DECLARATOR = frozenset({";", "=", ",", ")", "{", ":"})
_SIZED_PARTS = SIZED | {"int", "char", "double"}


class TypeReader(GrammarPart):
    """Reads types; expressions and fields are read by the classes built on it."""

    # What the classes above provide.

    # Asking.

    def type_begins(self, index: int) -> bool:
        """Whether a type certainly begins at the token `index`."""
        token = self.cursor.tokens[index]
        if token.kind == "name":
            if self.cursor.names.is_attribute(token.text):
                return self.type_begins(index + 1) or self.is_plain(self.cursor.tokens[index + 1])
            return self.cursor.names.is_type(token.text)
        if token.kind == "open":
            return all(
                start < end and self.type_begins(start) for start, end in self.cursor.arms(index)
            )
        return False

    def is_plain(self, token: Token) -> bool:
        """Whether `token` is a name that is neither keyword nor metavariable."""
        return (
            token.kind == "name"
            and token.text not in TYPE_WORDS
            and token.text not in STORAGE
            and token.text not in self.cursor.names.table
            and token.text not in KEYWORDS
        )

    # Specifiers.

    def specifiers(self, storage: bool = True) -> list[PNode]:
        """Read storage classes, qualifiers, attributes and the type itself."""
        out: list[PNode] = []
        typed = False
        while True:
            token = self.cursor.token
            if token.kind == "open":
                if typed or not self._specifier_group(out, storage):
                    return out
                typed = typed or not _is_modifier(out[-1])
                continue
            if token.kind != "name":
                return out
            if token.text in STORAGE and storage:
                out.append(self.cursor.node("storage_class_specifier", [self.cursor.leaf()]))
            elif token.text in QUALIFIERS:
                out.append(self.cursor.node("type_qualifier", [self.cursor.leaf()]))
            elif self.cursor.names.is_attribute(token.text):
                out.append(self.attribute())
            elif not typed and self._type_stands_here():
                out.append(self.type_specifier())
                typed = True
            elif self.attribute_macro(typed):
                out.append(self.attribute())
            else:
                return out

    def _type_stands_here(self) -> bool:
        token = self.cursor.token
        if self.cursor.names.is_type(token.text):
            return True
        kind = self.cursor.metakind()
        if kind:
            return kind == "metavariable" and self.cursor.peek().kind in ("name", "punct")
        after = self.cursor.peek()
        if after.text == "(" and after.kind == "punct":
            # `static f(x)` has no type, `foo_t (*f)(x)` has.
            return self.cursor.peek(2).text == "*"
        return self.cursor.at_name() and not (
            after.kind == "name" and after.text in TYPE_WORDS - QUALIFIERS
        )

    def attribute_macro(self, typed: bool) -> bool:
        """Whether the next name must be an attribute's; `typed` says that a type stands before
        it."""
        if not self.cursor.at_name() or self.cursor.metakind():
            return False
        after = self.cursor.peek()
        if typed and after.kind == "name":
            if self.cursor.names.is_attribute(after.text):
                return False
            # `int __init f(void)`, but `int x __aligned(8);`.
            return self.cursor.token.text.startswith("__") or not after.text.startswith("__")
        if typed and after.text == "*" and after.kind == "punct":
            return True
        return not typed and after.kind == "name" and after.text in TYPE_WORDS | STORAGE

    def _specifier_group(self, out: list[PNode], storage: bool) -> bool:
        """Read a disjunction of specifiers or types if one stands here."""
        words = QUALIFIERS | STORAGE if storage else QUALIFIERS
        arms = self.cursor.arms(self.cursor.index)
        single = all(
            start == end or (end - start == 1 and self.cursor.tokens[start].text in words)
            for start, end in arms
        )
        if single and any(start < end for start, end in arms):
            out.append(self.cursor.group(self._modifier))
            return True
        if not self._group_of_types(arms):
            return False
        group = self.cursor.attempt(lambda: self.cursor.group(self._type_arm))
        if group is None:
            return False
        out.append(group)
        return True

    def _group_of_types(self, arms: list[tuple[int, int]]) -> bool:
        follow = self.cursor.tokens[arms[-1][1] + 1]
        if all(start == end or self.type_begins(start) for start, end in arms):
            return True
        return follow.kind in ("name", "open") or follow.text == "*"

    def _modifier(self) -> PNode:
        kind = (
            "type_qualifier" if self.cursor.token.text in QUALIFIERS else "storage_class_specifier"
        )
        return self.cursor.node(kind, [self.cursor.leaf()])

    def _type_arm(self) -> PNode:
        descriptor = self.type_descriptor()
        single = descriptor.children[0] if len(descriptor.children) == 1 else None
        return single if isinstance(single, PNode) else descriptor

    def type_specifier(self) -> PNode:
        """Read one type: a word, a sized type, a struct, a typedef's name, a type metavariable."""
        token = self.cursor.token
        if token.text in self.cursor.names.table:
            node = self.cursor.leaf()
            if (
                self.cursor.at("{")
                and node.metavariable is not None
                and node.metavariable.kind == "type"
            ):
                return self.cursor.node(
                    "struct_specifier",
                    [node, self.grammar.declarations.braced("field_declaration_list")],
                )
            return node
        if token.text in _SIZED_PARTS and self._is_sized():
            return self._sized()
        if token.text in TAGGED:
            return self._tagged()
        if token.text in TYPEOFS:
            return self._typeof()
        if token.text in PRIMITIVES:
            return self.cursor.leaf("primitive_type")
        if not self.cursor.at_name() and token.text not in TYPE_WORDS:
            self.cursor.fail("a type", "write a type, or declare the name with typedef")
        return self.cursor.leaf()

    def _is_sized(self) -> bool:
        return self.cursor.token.text in SIZED or (
            self.cursor.peek().kind == "name" and self.cursor.peek().text in SIZED
        )

    def _sized(self) -> PNode:
        parts: list[PNode] = []
        base = False
        while self.cursor.token.kind == "name":
            text = self.cursor.token.text
            if text in SIZED:
                parts.append(self.cursor.leaf())
            elif not base and text in PRIMITIVES:
                parts.append(self.cursor.leaf("primitive_type"))
                base = True
            elif not base and (
                self.cursor.metakind() == "type" or text in self.cursor.names.typedefs
            ):
                parts.append(self.cursor.leaf())
                base = True
            else:
                break
        return self.cursor.node("sized_type_specifier", parts)

    def _typeof(self) -> PNode:
        parts = [self.cursor.leaf("identifier"), self.cursor.take("(")]
        alone = self.is_plain(self.cursor.token) and self.cursor.peek().text == ")"
        if self.is_type_here():
            parts.append(self.type_descriptor())
        elif alone:
            # tree-sitter takes a lone name for a type's.
            parts.append(self.cursor.node("type_descriptor", [self.cursor.leaf()]))
        else:
            parts.append(self.grammar.expressions.assignment())
        parts.append(self.cursor.take(")"))
        return self.cursor.node("macro_type_specifier", parts)

    def is_type_here(self) -> bool:
        """Whether a type stands next: a certain one, or an unknown name followed by stars only."""
        if self.type_begins(self.cursor.index):
            return True
        if not self.cursor.at_name() or self.cursor.metakind():
            return False
        at = self.cursor.index + 1
        stars = 0
        while self._is_type_part(self.cursor.tokens[at]):
            stars += self.cursor.tokens[at].text == "*"
            at += 1
        token = self.cursor.tokens[at]
        if not stars:
            return (
                token.text == "(" and self.cursor.tokens[at + 1].text == "*" and self._abstract(at)
            )
        return token.kind in ("or", "and", "close") or token.text in (")", ",")

    def _is_type_part(self, token: Token) -> bool:
        if token.kind == "punct":
            return token.text == "*"
        return token.kind == "name" and (
            token.text in QUALIFIERS or self.cursor.names.is_attribute(token.text)
        )

    def _abstract(self, index: int) -> bool:
        """Whether `(*` at `index` begins an abstract declarator, as in `(*)(int)`."""
        at = index + 1
        while self.cursor.tokens[at].text == "*" or self.cursor.tokens[at].text in QUALIFIERS:
            at += 1
        return self.cursor.tokens[at].text in (")", "[") and self.cursor.tokens[at].kind == "punct"

    def _tagged(self) -> PNode:
        word = self.cursor.token.text
        parts = [self.cursor.leaf()]
        while self.cursor.token.kind == "name" and self.cursor.names.is_attribute(
            self.cursor.token.text
        ):
            parts.append(self.attribute())
        while (
            self.is_plain(self.cursor.token)
            and self.is_plain(self.cursor.peek())
            and self._tag_follows()
        ):
            parts.append(self.attribute())
        if self.cursor.token.kind == "open":
            parts.append(self.cursor.group(self._tag))
        elif self.cursor.at_name():
            parts.append(self._tag())
        elif not self.cursor.at("{"):
            self.cursor.fail(
                f"the name or the body of the {word}", f"write as in {word} s or {word} {{ }}"
            )
        if self.cursor.at("{"):
            body = "enumerator_list" if word == "enum" else "field_declaration_list"
            parts.append(self.grammar.declarations.braced(body))
            while self.cursor.token.kind == "name" and self.cursor.names.is_attribute(
                self.cursor.token.text
            ):
                parts.append(self.attribute())
        return self.cursor.node(f"{word}_specifier", parts)

    def _tag_follows(self) -> bool:
        """Whether `struct a b {`: the first name is then an attribute."""
        return self.cursor.peek(2).text == "{"

    def _tag(self) -> PNode:
        if not self.cursor.at_name():
            self.cursor.fail("a name", "write the name of the struct, union or enum")
        return self.cursor.leaf()

    def attribute(self) -> PNode:
        """Read `__attribute__((...))`, an attribute's name or an attribute metavariable."""
        word = self.cursor.leaf()
        parts = [word]
        if word.text == b"__attribute__":
            parts.append(self.cursor.take("(", "after __attribute__"))
            parts.append(self.grammar.lists.arguments())
            parts.append(self.cursor.take(")"))
        elif self.cursor.at("("):
            parts.append(self.grammar.lists.arguments())
        return self.cursor.node("attribute_specifier", parts)

    def attributes(self) -> list[PNode]:
        """Read attributes after a declarator; an unknown name there can be nothing else."""
        out: list[PNode] = []
        while self.cursor.token.kind == "name":
            token = self.cursor.token
            unknown = (
                self.cursor.at_name() and not self.cursor.metakind() and self._ends_declarator()
            )
            if not unknown and not self.cursor.names.is_attribute(token.text):
                break
            out.append(self.attribute())
        return out

    def _ends_declarator(self) -> bool:
        at = self.cursor.index + 1
        if self.cursor.tokens[at].text == "(" and self.cursor.tokens[at].kind == "punct":
            at = self.cursor.tokens[at].partner + 1
        token = self.cursor.tokens[at]
        return (token.kind == "punct" and token.text in _AFTER_DECLARATOR) or token.kind == "name"

    def type_descriptor(self) -> PNode:
        """Read a type without a name, as in a cast."""
        parts = self.specifiers(storage=False)
        if not any(not _is_modifier(part) for part in parts):
            self.cursor.fail("a type", "write a type, or declare the name with typedef")
        declarator = self.grammar.declarators.abstract_declarator()
        if declarator is not None:
            parts.append(declarator)
        return self.cursor.node("type_descriptor", parts)


def _is_modifier(node: PNode) -> bool:
    if node.kind in ("disjunction", "conjunction"):
        return all(isinstance(arm, PNode) and _is_modifier(arm) for arm in node.children)
    return node.kind in ("storage_class_specifier", "type_qualifier", "attribute_specifier") or (
        node.kind == "sequence" and not node.children
    )
