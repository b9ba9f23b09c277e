# SPDX-License-Identifier: GPL-2.0-only
"""What a declaration declares: names, each with its type and place.

In: nodes of declarations, definitions, parameters, fields and type names. Out: `Declared` names and
`CType`s, or None where the specifiers name no type.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct
from msgspec.structs import replace

from vmaconv.cocci.tree.node import Node
from vmaconv.cocci.types.ctype import UNQUALIFIED, CType

_QUALIFIERS = frozenset({"type_qualifier", "storage_class_specifier", "attribute_specifier"})
MEMBERED = frozenset({"struct_specifier", "union_specifier"})
_DECLARATORS = frozenset(
    {
        "init_declarator",
        "pointer_declarator",
        "array_declarator",
        "function_declarator",
        "parenthesized_declarator",
        "attributed_declarator",
        "abstract_pointer_declarator",
        "abstract_array_declarator",
        "abstract_function_declarator",
        "abstract_parenthesized_declarator",
    }
)


class Declared(Struct, frozen=True):
    """A declared name: its type, the declarator's name leaf and the declaration around it."""

    name: bytes
    type: CType
    leaf: Node
    node: Node


def base_type(node: Node) -> CType | None:
    """Return the type that a declaration's specifiers name, before any declarator."""
    found = _base_type(node)
    qualifiers = frozenset(
        c.children[0].text or b"" if c.children else c.text or b""
        for c in node.children
        if c.kind == "type_qualifier"
    )
    if found is None or not qualifiers or found.shape:
        return found
    return replace(found, qualifiers=(qualifiers,))


def _base_type(node: Node) -> CType | None:
    words: list[bytes] = []
    for child in node.children:
        if child.kind in _QUALIFIERS:
            continue
        if child.kind in MEMBERED or child.kind == "enum_specifier":
            return tagged_type(child)
        if child.kind in ("primitive_type", "identifier", "sized_type_specifier"):
            return CType(b" ".join(child.tokens()))
        if child.kind == "type_descriptor":
            return descriptor_type(child)
        if child.kind in _DECLARATORS or child.kind in (";", ","):
            break
    return CType(b" ".join(words)) if words else None


def tagged_type(node: Node) -> CType:
    """Return the type that a struct, union or enum specifier names or defines."""
    keyword = node.children[0].text or b""
    for child in node.children[1:]:
        if child.kind == "identifier":
            return CType(keyword + b" " + (child.text or b""))
    return CType(keyword, body=node)


def descriptor_type(node: Node) -> CType | None:
    """Return the type that a `type_descriptor` (in a cast or `sizeof`) names."""
    base = base_type(node)
    if base is None:
        return None
    for child in node.children:
        if child.kind in _DECLARATORS:
            return _apply(child, base)[1]
    return base


def _apply(declarator: Node, base: CType) -> tuple[Node | None, CType]:
    """Wrap `base` in a declarator's pointers, arrays and functions; return its name leaf and the
    type.
    """
    node: Node | None = declarator
    while node is not None:
        kind = node.kind
        if kind in ("identifier", "primitive_type"):
            return node, base
        if kind.endswith("pointer_declarator"):
            base = base.wrapped("*", _qualifiers_of(node))
        elif kind.endswith("array_declarator"):
            base = base.wrapped("[", spelling=_size_of(node))
        elif kind.endswith("function_declarator"):
            base = base.wrapped("(", spelling=_parameters_of(node))
        node = next(
            (c for c in node.children if c.kind in _DECLARATORS or c.kind == "identifier"), None
        )
    return None, base


def _size_of(declarator: Node) -> tuple[bytes, ...]:
    """Return the tokens of an array's brackets and of what is between them."""
    children = declarator.children
    at = next((i for i, c in enumerate(children) if c.text == b"["), len(children))
    return tuple(t for c in children[at:] for t in c.tokens())


def _parameters_of(declarator: Node) -> tuple[bytes, ...]:
    """Return the tokens of a function's parameter list."""
    found = next((c for c in declarator.children if c.kind == "parameter_list"), None)
    return tuple(found.tokens()) if found is not None else ()


def _qualifiers_of(declarator: Node) -> frozenset[bytes]:
    found = [c for c in declarator.children if c.kind == "type_qualifier"]
    return frozenset(t for c in found for t in c.tokens()) if found else UNQUALIFIED


def declared(node: Node) -> Iterator[Declared]:
    """Yield the names that a declaration, definition, parameter or field declares."""
    base = base_type(node)
    if base is None:
        return
    seen_type = False
    for child in node.children:
        if child.kind in _DECLARATORS or (child.kind == "identifier" and seen_type):
            leaf, ctype = _apply(child, base)
            if leaf is not None and leaf.text is not None:
                yield Declared(leaf.text, ctype, leaf, node)
        elif child.kind not in _QUALIFIERS and child.text not in (b",", b";"):
            seen_type = True


def parameters(function: Node) -> list[Node]:
    """Return the `parameter_declaration`s of a function definition, declaration or declarator."""
    declarator = function
    while declarator.kind != "function_declarator":
        inner = next((c for c in declarator.children if c.kind in _DECLARATORS), None)
        if inner is None:
            return []
        declarator = inner
    # The outermost function_declarator whose own declarator is the name (not a pointer to
    # function).
    for child in declarator.children:
        if child.kind == "parameter_list":
            return [c for c in child.children if c.kind == "parameter_declaration"]
    return []


def function_name(function: Node) -> Node | None:
    """Return the name leaf of a function definition, or None."""
    for child in function.children:
        if child.kind in _DECLARATORS:
            return _apply(child, CType(b""))[0]
    return None


def fields(specifier: Node) -> Iterator[Declared]:
    """Yield the members of a struct or union definition, those of unnamed members included."""
    for child in specifier.children:
        if child.kind != "field_declaration_list":
            continue
        for member in child.children:
            if member.kind != "field_declaration":
                continue
            names = list(declared(member))
            yield from names
            if not names:
                for part in member.children:
                    if part.kind in MEMBERED:
                        yield from fields(part)


def is_static(declaration: Node) -> bool:
    """Whether a declaration or definition says `static`."""
    return any(
        c.kind == "storage_class_specifier" and b"static" in c.tokens()
        for c in declaration.children
    )
