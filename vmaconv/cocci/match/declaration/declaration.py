# SPDX-License-Identifier: GPL-2.0-only
"""Matching declarations, fields, parameters, typedefs and types.

In: a pattern that declares something or names a type. Out: its matcher. What C lets a programmer
leave out or write elsewhere is compared as what it means (`declaration_parts`): a declaration of several
names matches name by name, storage class, qualifiers and attributes that the pattern does not
mention do not count, and a declaration without initialiser takes one with.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from vmaconv.cocci.match.attempt.chain import Link, chain, in_order, take_all, take_rest
from vmaconv.cocci.match.attempt.state import Matcher, MatchState, Then
from vmaconv.cocci.match.code.declaration_parts import (
    Declarator,
    Form,
    Piece,
    pieces,
    read,
)
from vmaconv.cocci.match.code.declarer_call import as_call
from vmaconv.cocci.match.declaration.attributes import (
    around,
    attributes,
    compile_attribute,
    leading,
)
from vmaconv.cocci.match.declaration.type_spelling import TypePattern
from vmaconv.cocci.match.declaration.typename import as_declaration
from vmaconv.cocci.smpl.rule import PNode, TokenMark
from vmaconv.cocci.tree.node import Node

Compile = Callable[[PNode], Matcher]

_STORAGE_CLASSES = frozenset({b"auto", b"extern", b"register", b"static", b"typedef"})


def compile_declaration(pattern: PNode, compile_pattern: Compile) -> Matcher:
    """Return the matcher of a `declaration`, `field_declaration`, `parameter_declaration`,
    `type_definition` or `type_descriptor`."""
    return DeclarationPattern(pattern, compile_pattern).match


class DeclarationPattern:
    """A declaration of a pattern, made ready."""

    def __init__(self, pattern: PNode, compile_pattern: Compile) -> None:
        form = read(pattern)
        only = form.only
        leaves = _leaves([pattern])
        self._pattern = pattern
        self._loose = pattern.kind == "prototype_parameter" and _is_name(only.name)
        self._kind = (
            "parameter_declaration" if pattern.kind == "prototype_parameter" else (pattern.kind)
        )
        self._first = leaves[0]
        self._removed = all(x.mark is TokenMark.MINUS for x in leaves)
        ends = leaves if pattern.kind == "function_definition" else (*leaves[:1], *leaves[-1:])
        plussed = {x.plussed for x in ends}
        pure = self._removed and plussed == {""}
        self._storage = [_leaf(node) for node in form.storage]
        self._type = TypePattern(form, only, compile_pattern, pure)
        self._nameless = not form.declarators
        self._bare = not only.brackets
        self._name = compile_pattern(only.name) if isinstance(only.name, PNode) else None
        self._width = _compiled(only.width, compile_pattern)
        self._tail = _compiled(only.tail, compile_pattern)
        self._attributes = _compiled((*form.attributes, *only.attributes), compile_pattern)
        self._end = form.end if isinstance(form.end, PNode) else None
        self._pure = pure
        self._initialised = _takes_initialiser(form, only)
        self._splits = _splits(form, pure, plussed)

    def match(self, node: Node, state: MatchState, then: Then) -> bool:
        """Match a declaration, or each of its names as if it stood alone."""
        if node.kind != self._kind:
            found = self._instead(node, state)
            return found is not None and self._one(found, state, then)
        if self._bare and as_call(node) is not None:
            # `static DEFINE_SPINLOCK(x);` declares no x of a type DEFINE_SPINLOCK.
            return False
        for piece in pieces(node):
            if isinstance(piece, Piece) and not self._splits:
                return False
            if self._one(piece, state, then):
                return True
        return False

    def _instead(self, node: Node, state: MatchState) -> Node | None:
        """Return what stands for a node of another kind: a macro's argument that is a type, a
        typedef.
        """
        kind = self._kind
        if kind in ("parameter_declaration", "type_descriptor"):
            return as_declaration(node, kind, state.unit)
        if kind == "declaration" and self._nameless and node.kind == "type_definition":
            # `typedef struct s { ... } t;` has the struct in it that `struct s { ... };` is.
            return node if len(pieces(node)) == 1 and not self._pure else None
        return None

    def _one(self, node: Node, state: MatchState, then: Then) -> bool:
        form = read(node)
        declarator = form.only
        typedef = self._nameless and node.kind == "type_definition"
        unnamed = self._loose and declarator.name is None
        if (self._name is None) != (declarator.name is None) and not typedef and not unnamed:
            return False
        if (self._end is None) != (form.end is None):
            return False
        storage = self._storage_of(form, state)
        if storage is None:
            return False
        replaced = isinstance(node, Piece) and self._removed and not self._pure
        if replaced and len(storage) < len(form.storage):
            # What the pattern does not mention goes on with the names that stay.
            return False
        links: list[Link] = [lambda go: take_all(storage, state, go)]
        links.append(lambda go: self._type.match(form, declarator, state, go))
        name = self._name
        if name is not None and declarator.name is not None:
            named = declarator.name
            links.append(lambda go: name(named, state, go))
        if not self._nameless:
            if not self._tails_agree(declarator, state):
                return False
            links.append(lambda go: in_order(self._width, declarator.width, state, go))
            if self._tail:
                links.append(lambda go: in_order(self._tail, declarator.tail, state, go))
        links.append(lambda go: self._match_attributes(form, declarator, storage, state, go))
        if self._end is not None and form.end is not None:
            ends = [(self._end, form.end)]
            links.append(lambda go: take_all(ends, state, go))
        if self._first.plus_before and not self._first.plus_after:
            links.append(lambda go: state.stand_at(self._first, form.node, go))
        if isinstance(node, Piece):
            links.append(lambda go: state.note(self._pattern, node, go))
        return chain(links, then)

    def _storage_of(self, form: Form, state: MatchState) -> list[tuple[PNode, Node]] | None:
        """Pair the storage classes; None where they differ."""
        have = {leaf.text: leaf for leaf in map(_first_leaf, form.storage)}
        pairs = []
        for token in self._storage:
            other = have.pop(token.text, None)
            if other is None:
                return None
            pairs.append((token, other))
        if self._nameless:
            have.pop(b"typedef", None)
        if b"typedef" in have:
            return None
        classes = any(text in _STORAGE_CLASSES for text in have)
        if classes and any(t.text in _STORAGE_CLASSES for t in self._storage):
            return None
        if have and "optional_storage" in state.disabled:
            return None
        return pairs

    def _tails_agree(self, declarator: Declarator, state: MatchState) -> bool:
        if len(self._width) != len(declarator.width):
            return False
        if len(self._tail) == len(declarator.tail):
            return True
        return not self._tail and self._initialised and "decl_init" not in state.disabled

    def _match_attributes(
        self,
        form: Form,
        declarator: Declarator,
        storage: Sequence[tuple[PNode, Node]],
        state: MatchState,
        then: Then,
    ) -> bool:
        """Match attributes, and let a removed declaration take along what it does not mention."""
        found = attributes_of(form, declarator, state)
        if not self._attributes:
            if found and "optional_attributes" in state.disabled:
                return False
            if not self._pure:
                return then()
            taken = {id(node) for _, node in storage}
            rest = [n for n in map(_first_leaf, form.storage) if id(n) not in taken]
            found = [a for a in found if not any(t.start <= a.start < t.end for t in state.trail)]
            return take_rest(self._first, [*rest, *found], state, then)
        if self._type.is_open and any(_is_inside(one, form, declarator) for one in found):
            return False
        return in_order(self._attributes, found, state, then)


def attributes_of(form: Form, declarator: Declarator, state: MatchState) -> list[Node]:
    """Return the attributes of a declaration, without those inside of its type or parameters."""
    node, unit = form.node, state.unit
    if not unit.chunk_at(node.start).attributes:
        return []
    if node.kind in ("parameter_declaration", "prototype_parameter", "type_descriptor"):
        # No semicolon ends these: an attribute may follow the last token that the tree has.
        found = around(unit, node.start, node.end)
    elif isinstance(node, Piece) and node.index > 0 and declarator.node is not None:
        start = declarator.node.start
        found = attributes(unit, start, _end_of_declarator(node, declarator.node))
    else:
        end = node.end
        if isinstance(node, Piece) and declarator.node is not None:
            end = _end_of_declarator(node, declarator.node)
        found = [*leading(unit, node.start), *attributes(unit, node.start, end)]
    inner = [form.type] if form.type is not None and form.type.text is None else []
    inner += [n for level in declarator.levels for n in level.tokens if n.text is None]
    inner += [n for n in declarator.tail if n.text is None]
    inner += [n for n in node.children if n.kind == "compound_statement"]
    return [a for a in found if not any(n.start <= a.start < n.end for n in inner)]


def _is_inside(attribute: Node, form: Form, declarator: Declarator) -> bool:
    """Whether an attribute is one of what a pointer without name points to: `(int __user *)`."""
    if form.type is None or declarator.name is not None:
        return False
    stars = [t.start for level in declarator.levels if level.kind == "*" for t in level.tokens]
    return form.type.end <= attribute.start < max(stars, default=0)


def _end_of_declarator(piece: Piece, declarator: Node) -> int:
    """Return where the comma or semicolon behind a declarator stands."""
    after = (c.start for c in piece.whole.children if c.start >= declarator.end)
    return min(after, default=piece.end)


def _takes_initialiser(form: Form, only: Declarator) -> bool:
    """Whether `T x;` takes `T x = ...;`, too: not where the name is removed or somebody asks for
    its place.
    """
    name = only.name
    if form.node.kind != "declaration" or not isinstance(name, PNode) or only.tail or only.width:
        return False
    words = [_leaf(node).text for node in form.storage]
    if words and words not in ([b"static"], [b"extern"]):
        return False
    context = all(x.mark is not TokenMark.MINUS for x in _leaves([form.node])) and name.is_leaf
    return context and not name.attached and not name.plussed


def _splits(form: Form, pure: bool, plussed: set[str]) -> bool:
    """Whether the pattern takes one name of several: not where it changes what all of them share."""
    if pure:
        return True
    if all(x.mark is TokenMark.MINUS for x in _leaves([form.node])):
        # As spatch has it: `- int x = f();` with a `+` takes no `int x = f(), y;` apart.
        return plussed <= {"many", ""} or not form.only.tail
    shared = [*form.storage, *form.qualifiers, *([form.type] if form.type is not None else [])]
    leaves = _leaves(shared)
    if form.end is not None and isinstance(form.end, PNode):
        leaves = [*leaves, form.end]
    return all(x.mark is not TokenMark.MINUS and x.plussed != "once" for x in leaves)


def _is_name(name: Node | None) -> bool:
    return isinstance(name, PNode) and name.text is not None


def _compiled(nodes: Sequence[Node], compile_pattern: Compile) -> list[Matcher]:
    found: list[Matcher] = []
    for node in nodes:
        assert isinstance(node, PNode)
        if node.kind == "attribute_specifier":
            found.append(compile_attribute(node, compile_pattern))
        else:
            found.append(compile_pattern(node))
    return found


def _leaves(nodes: Sequence[Node]) -> list[PNode]:
    return [x for node in nodes for x in node.leaves() if isinstance(x, PNode)]


def _first_leaf(node: Node) -> Node:
    return next(node.leaves())


def _leaf(node: Node) -> PNode:
    found = _first_leaf(node)
    assert isinstance(found, PNode)
    return found
