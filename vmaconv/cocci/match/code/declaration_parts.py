# SPDX-License-Identifier: GPL-2.0-only
"""The parts of a declaration, on either side of a match.

In: a node that declares or names a type: a declaration, field, parameter, `type_descriptor`,
typedef or the head of a function, of a rule or of a C file. Out: its `Form`: storage class,
qualifiers, type, declarators. C writes `int *a[3]` around the name; a `Declarator` has its levels
in order from the name to the type.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from vmaconv.cocci.tree.node import Node

DECLARATIONS = frozenset(
    {
        "declaration",
        "field_declaration",
        "function_definition",
        "parameter_declaration",
        "prototype_parameter",
        "type_definition",
        "type_descriptor",
    }
)
"""Kinds that have a form."""

_STORAGE = frozenset({"storage_class_specifier", "typedef"})
_ATTRIBUTES = frozenset({"attribute_specifier", "attribute_declaration", "ms_declspec_modifier"})
_POINTERS = frozenset({"pointer_declarator", "abstract_pointer_declarator"})
_ARRAYS = frozenset({"array_declarator", "abstract_array_declarator"})
_FUNCTIONS = frozenset({"function_declarator", "abstract_function_declarator"})
_BRACKETS = frozenset({"parenthesized_declarator", "abstract_parenthesized_declarator"})
_WRAPPERS = frozenset({"init_declarator", "attributed_declarator"})
DECLARATORS = _POINTERS | _ARRAYS | _FUNCTIONS | _BRACKETS | _WRAPPERS
"""Kinds of node that build on a declared name."""


class DeclaratorLevel(Struct, frozen=True):
    """A pointer, array or function around a name.

    `kind` is `*`, `[` or `(`; `tokens` are what it is spelt with: the star; the brackets and what
    is between them; the parameter list. `qualifiers` are those behind a star or within brackets.
    """

    kind: str
    tokens: tuple[Node, ...]
    qualifiers: tuple[Node, ...] = ()


class Declarator(Struct, frozen=True):
    """One declared name; `levels` go from the name to the type, `brackets` are parentheses around
    parts.

    `node` is all of it, `tail` a bit-field's colon and width, or the `=` and value of an
    initialised one.
    """

    node: Node | None
    name: Node | None
    levels: tuple[DeclaratorLevel, ...] = ()
    brackets: tuple[Node, ...] = ()
    width: tuple[Node, ...] = ()
    tail: tuple[Node, ...] = ()
    attributes: tuple[Node, ...] = ()


class Form(Struct, frozen=True):
    """A declaration's parts; `type` is None where no type is written, `end` is the semicolon."""

    node: Node
    storage: tuple[Node, ...]
    qualifiers: tuple[Node, ...]
    type: Node | None
    attributes: tuple[Node, ...]
    declarators: tuple[Declarator, ...]
    end: Node | None

    @property
    def only(self) -> Declarator:
        """The first declarator, or one without a name where there is none."""
        return self.declarators[0] if self.declarators else NAMELESS


NAMELESS = Declarator(None, None)
"""What stands for the declarator of `struct s { ... };` or of the parameter `int`."""


class Piece(Node):
    """A declaration of several names seen as one of number `index` alone.

    Its children are those of `whole` without the other declarators; they stay the children of
    `whole`.
    """

    __slots__ = ("count", "declarator", "index", "whole")

    def __init__(self, whole: Node, children: list[Node], index: int, count: int) -> None:
        self.kind = whole.kind
        self.start = whole.start
        self.end = whole.end
        self.children = tuple(children)
        self.text = None
        self.whole = whole
        self.parent = whole.parent
        self.index = index
        self.count = count


def pieces(node: Node) -> Sequence[Node]:
    """Return `node`, or what it declares one by one where it declares several names.

    `int a, *b;` gives `int a;` and `int *b;`.
    """
    groups = _groups(node)
    if len(groups) < 2:
        return (node,)
    members = {id(child) for group in groups for child in group}
    found: list[Node] = []
    for index, group in enumerate(groups):
        own = {id(child) for child in group}
        children = [
            c for c in node.children if c.text != b"," and (id(c) in own or id(c) not in members)
        ]
        found.append(Piece(node, children, index, len(groups)))
    return found


def _groups(node: Node) -> list[list[Node]]:
    """Return the declarators of a declaration, each with the bit-field width or attributes behind
    it.
    """
    groups: list[list[Node]] = []
    seen_type = False
    open_group = False
    for child in node.children:
        if child.text == b",":
            open_group = False
        elif child.text == b";" or child.kind == "compound_statement":
            break
        elif open_group:
            groups[-1].append(child)
        elif not seen_type:
            if not _is_specifier(child):
                seen_type = True
                if child.kind in DECLARATORS:
                    groups.append([child])
                    open_group = True
        elif not _is_specifier(child):
            groups.append([child])
            open_group = True
    return groups


def _is_specifier(node: Node) -> bool:
    return node.kind in _STORAGE or node.kind in _ATTRIBUTES or node.kind == "type_qualifier"


def read(node: Node) -> Form:
    """Return the parts of a declaration, field, parameter, type, typedef or function head."""
    storage: list[Node] = []
    qualifiers: list[Node] = []
    attributes: list[Node] = []
    declarators: list[Declarator] = []
    ctype: Node | None = None
    end: Node | None = None
    whole = node.kind == "function_definition"
    for child in node.children[:-1] if whole else node.children:
        kind = child.kind
        if kind in _STORAGE:
            storage.append(child)
        elif kind == "type_qualifier" and not declarators:
            qualifiers.append(child)
        elif kind in _ATTRIBUTES:
            attributes.append(child)
        elif child.text == b";":
            end = child
        elif child.text == b",":
            continue
        elif kind == "declaration":
            # The declarations of an old-style function's parameters.
            continue
        elif kind == "bitfield_clause":
            declarators.append(_with_width(declarators.pop() if declarators else NAMELESS, child))
        elif kind in DECLARATORS or ctype is not None:
            declarators.append(declarator(child))
        else:
            ctype = child
    return Form(
        node,
        tuple(storage),
        tuple(qualifiers),
        ctype,
        tuple(attributes),
        tuple(declarators),
        end,
    )


def _with_width(last: Declarator, clause: Node) -> Declarator:
    return Declarator(
        last.node or clause,
        last.name,
        last.levels,
        last.brackets,
        tuple(clause.children),
        last.tail,
        last.attributes,
    )


def declarator(node: Node) -> Declarator:
    """Return the parts of one declarator."""
    levels: list[DeclaratorLevel] = []
    brackets: list[Node] = []
    tail: tuple[Node, ...] = ()
    attributes: list[Node] = []
    inner: Node | None = node
    while inner is not None and inner.kind in DECLARATORS:
        kind = inner.kind
        children = inner.children
        attributes += [c for c in children if c.kind in _ATTRIBUTES]
        rest = [c for c in children if c.kind not in _ATTRIBUTES]
        below = _below(rest)
        own = [c for c in rest if c is not below]
        if kind == "init_declarator":
            tail = tuple(own)
        elif kind in _POINTERS:
            stars = [c for c in own if c.text == b"*"]
            levels.append(DeclaratorLevel("*", tuple(stars), _qualifiers(own)))
        elif kind in _ARRAYS:
            plain = [c for c in own if c.kind != "type_qualifier"]
            levels.append(DeclaratorLevel("[", tuple(plain), _qualifiers(own)))
        elif kind in _FUNCTIONS:
            levels.append(DeclaratorLevel("(", tuple(own)))
        elif kind in _BRACKETS:
            brackets += own
        inner = below
    return Declarator(
        node, inner, tuple(reversed(levels)), tuple(brackets), (), tail, tuple(attributes)
    )


def _below(children: Sequence[Node]) -> Node | None:
    """Return the declarator or name that a declarator is built around."""
    for child in children:
        if child.kind in DECLARATORS:
            return child
    first = children[0] if children else None
    if first is not None and first.text in (b"*", b"("):
        rest = [c for c in children[1:] if c.kind != "type_qualifier" and c.text != b")"]
        return rest[0] if rest else None
    if first is None or first.text == b"[" or first.kind == "parameter_list":
        return None
    return first


def _qualifiers(nodes: Sequence[Node]) -> tuple[Node, ...]:
    return tuple(c for c in nodes if c.kind == "type_qualifier")


def type_tokens(words: Sequence[Node], levels: Sequence[DeclaratorLevel]) -> list[bytes]:
    """Return the tokens of a type and the levels around it, as C writes them without a name.

    `words` are the qualifiers and the type: `int *a[3]` has `int * [ 3 ]`, `int (*f)(void)` has
    `int ( * ) ( void )`.
    """
    out: list[bytes] = []
    for node in sorted(words, key=_start):
        out += node.tokens()
    return out + _abstract(levels)


def _abstract(levels: Sequence[DeclaratorLevel]) -> list[bytes]:
    text: list[bytes] = []
    before = ""
    for level in levels:
        if level.kind == "*":
            own = [t for node in (*level.tokens, *level.qualifiers) for t in node.tokens()]
            text = own + text
        else:
            if before == "*":
                text = [b"(", *text, b")"]
            text += [t for node in level.tokens for t in node.tokens()]
        before = level.kind
    return text


def _start(node: Node) -> int:
    return node.start


def nodes_of(levels: Sequence[DeclaratorLevel]) -> Iterator[Node]:
    """Yield the tokens and parameter lists that levels are spelt with."""
    for level in levels:
        yield from level.tokens
        yield from level.qualifiers
