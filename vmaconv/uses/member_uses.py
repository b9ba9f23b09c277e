# SPDX-License-Identifier: GPL-2.0-only
"""Each use of a struct's member in a file: the account that nothing is missing from.

In: a unit, its types and a member such as `struct vm_area_desc`'s `vm_flags`. Out: `MemberUse`s, found by
looking at every place where the member's name stands as a member, and `Unseen` places: where the
name stands in text that did not parse, or in a macro's body whose types cannot be told.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from msgspec import Struct

from vmaconv.cocci.match.code.directives import line_at
from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.text.trivia import line_start, not_code
from vmaconv.cocci.text.word_places import places_of
from vmaconv.cocci.tree.node import Node
from vmaconv.cocci.tree.node_builder import NodeBuilder, parse
from vmaconv.cocci.tree.unit import Chunk, Unit
from vmaconv.cocci.types.ctype import CType
from vmaconv.cocci.types.declared import base_type, descriptor_type, function_name
from vmaconv.cocci.types.expression_types import ExpressionTypes
from vmaconv.uses.text_count import members_in

_ACCESS = late_regex(rb"(?:->|\.)\s*")


class Member(Struct, frozen=True):
    """A struct's member: `Member(b"struct vm_area_desc", b"vm_flags")`."""

    struct: bytes
    name: bytes

    @property
    def tag(self) -> bytes:
        """The struct's tag without its keyword."""
        return self.struct.rpartition(b" ")[2]


class MemberUse(Struct, frozen=True):
    """A use of the member: `offset` is where its name stands; `node` the `field_expression` or
    designator.
    """

    offset: int
    line: int
    function: str
    node: Node


class Unseen(Struct, frozen=True):
    """A place that could not be judged; `why` is `macro body`, `initialiser` (of a macro),
    `trace event`, `unparsed`, `unchosen arm` or `unknown type`.

    `function` is the function's name, or the macro's; `node` the member's node where there is one.
    """

    offset: int
    line: int
    function: str
    why: str
    text: str
    node: Node | None


class FileUses(Struct):
    """All places in one file; `others` counts the members of that name that belong to other
    structs.
    """

    uses: list[MemberUse]
    unseen: list[Unseen]
    others: int


def find(
    unit: Unit, types: ExpressionTypes, member: Member, reach: frozenset[bytes] = frozenset()
) -> FileUses:
    """Find every use of `member` in `unit`.

    `reach` are words without any of which a stretch of the file cannot hold a use: there the name
    is another struct's, and nothing needs to be parsed to know it.
    """
    found = FileUses([], [], 0)
    for offset in members_in(unit.text, member.name, _ACCESS):
        chunk = unit.chunk_at(offset)
        out_of_reach = reach and not any(chunk.contains(word) for word in reach)
        # A macro may be given anything, wherever it stands.
        if out_of_reach and not _in_directive(unit.text, offset):
            if not in_comment(unit.text[chunk.start : chunk.end], offset - chunk.start):
                found.others += 1
            continue
        leaf = leaf_at(chunk, offset)
        if leaf is not None and not _in_error(leaf):
            _judge(leaf, types, member, found, unit)
            continue
        where = _outside(chunk, offset)
        if where == "comment":
            continue
        node = leaf.parent if leaf is not None else None
        function = _function_near(chunk, offset)
        if where == "macro body":
            function, inside, owner = _in_macro(chunk, offset, types)
            if owner is not None and owner != member.struct:
                found.others += 1
                continue
            node = inside.parent if inside is not None else None
            if owner is not None and node is not None and node.kind == "field_expression":
                found.uses.append(MemberUse(offset, unit.line(offset), function, node))
                continue
            if node is not None and node.kind == "field_designator" and owner is None:
                where = "initialiser"
        elif in_trace_event(unit.text, offset):
            where = "trace event"
        text = _line(unit, offset)
        found.unseen.append(Unseen(offset, unit.line(offset), function, where, text, node))
    return found


def _in_directive(text: bytes, offset: int) -> bool:
    """Whether the line at `offset`, with the lines that it continues, is a preprocessor line."""
    return text[line_start(text, offset) : offset].lstrip().startswith(b"#")


def _judge(leaf: Node, types: ExpressionTypes, member: Member, found: FileUses, unit: Unit) -> None:
    parent = leaf.parent
    if parent is None or parent.kind not in ("field_expression", "field_designator"):
        return
    owner = owner_of(leaf, types)
    if owner is None:
        line, text = unit.line(leaf.start), _line(unit, leaf.start)
        why = "trace event" if in_trace_event(unit.text, leaf.start) else "unknown type"
        place = Unseen(leaf.start, line, function_of(leaf), why, text, parent)
        found.unseen.append(place)
    elif owner == member.struct:
        found.uses.append(MemberUse(leaf.start, unit.line(leaf.start), function_of(leaf), parent))
    else:
        found.others += 1


def _line(unit: Unit, offset: int) -> str:
    start, end = unit.line_range(unit.line(offset))
    return unit.text[start:end].decode(errors="replace").strip()


def leaf_at(chunk: Chunk, offset: int) -> Node | None:
    """Return the token that begins at `offset`, in whichever variant has it, or None."""
    for root in chunk.variants:
        node: Node | None = root
        while node is not None and node.text is None:
            node = next((c for c in node.children if c.start <= offset < c.end), None)
        if node is not None and node.start == offset:
            return node
    return None


def _in_error(leaf: Node) -> bool:
    return any(node.kind == "ERROR" for node in leaf.ancestors())


def owner_of(leaf: Node, types: ExpressionTypes) -> bytes | None:
    """Return the struct (`struct foo`) whose member the name `leaf` is, or None where it is not
    known.
    """
    parent = leaf.parent
    if parent is None:
        return None
    if parent.kind == "field_designator":
        ctype = initialised_type(parent, types)
    else:
        ctype = types.of(parent.children[0])
        if ctype is not None and parent.children[1].text == b"->":
            ctype = types.resolve(ctype).pointed_to()
    if ctype is None:
        return None
    return types.resolve(ctype).base


def initialised_type(designator: Node, types: ExpressionTypes) -> CType | None:
    """Return the type of the struct whose member a `field_designator` names."""
    pair = designator.parent
    if pair is None or pair.kind != "initializer_pair" or pair.parent is None:
        return None
    ctype = list_type(pair.parent, types)
    for earlier in pair.children:
        if earlier is designator or ctype is None:
            break
        ctype = _designated(earlier, ctype, types)
    return ctype


def _designated(designator: Node, ctype: CType, types: ExpressionTypes) -> CType | None:
    if designator.kind == "subscript_designator":
        return types.resolve(ctype).pointed_to()
    if designator.kind == "field_designator":
        declared = types.member(ctype, designator.children[-1].text or b"")
        return declared.type if declared is not None else None
    return ctype


def list_type(braces: Node, types: ExpressionTypes) -> CType | None:
    """Return the type that an `initializer_list` fills."""
    holder = braces.parent
    if holder is None:
        return None
    if holder.kind == "init_declarator":
        name: Node | None = holder.children[0]
        declaration = holder.parent
        base = base_type(declaration) if declaration is not None else None
        arrays = 0
        while name is not None and name.kind == "array_declarator":
            arrays += 1
            name = name.children[0]
        return CType(base.base, "[" * arrays, base.body) if base is not None else None
    if holder.kind == "compound_literal_expression":
        descriptor = next((c for c in holder.children if c.kind == "type_descriptor"), None)
        return descriptor_type(descriptor) if descriptor is not None else None
    if holder.kind == "initializer_pair" and holder.parent is not None:
        ctype = list_type(holder.parent, types)
        for designator in holder.children:
            if designator.text == b"=" or ctype is None:
                break
            ctype = _designated(designator, ctype, types)
        return ctype
    if holder.kind == "initializer_list":
        ctype = list_type(holder, types)
        return types.resolve(ctype).pointed_to() if ctype is not None else None
    return None


def function_of(node: Node) -> str:
    """Return the name of the function that `node` is in, or an empty text."""
    function = node.enclosing("function_definition")
    name = function_name(function) if function is not None else None
    return (name.text or b"").decode(errors="replace") if name is not None else ""


def _function_near(chunk: Chunk, offset: int) -> str:
    for item in chunk.root.children:
        if item.kind == "function_definition" and item.start <= offset < item.end:
            name = function_name(item)
            return (name.text or b"").decode(errors="replace") if name is not None else ""
    return ""


def _outside(chunk: Chunk, offset: int) -> str:
    """Say what holds a name that is no token of the tree."""
    at = offset - chunk.start
    for directive in chunk.prepared.directives:
        if directive.start <= at < directive.end:
            text = chunk.prepared.original
            if in_comment(text[directive.start : directive.end], at - directive.start):
                return "comment"
            return "macro body" if directive.kind == "define" else "comment"
    if in_comment(chunk.unit.text[chunk.start : chunk.end], at):
        return "comment"
    if all(masked[at : at + 1].isspace() for masked in chunk.prepared.masked):
        return "unchosen arm"
    return "unparsed"


_EVENT = late_regex(rb"(?:TRACE_EVENT|DECLARE_EVENT_CLASS|DEFINE_EVENT)\w*\s*\(")


def in_trace_event(text: bytes, offset: int) -> bool:
    """Whether byte `offset` of `text` lies in a trace event (include/linux/tracepoint.h)."""
    closed = text.rfind(b"\n);", 0, offset) + 1
    names = places_of(b"_EVENT", text, closed, offset)
    return any(_EVENT.match(text, text.rfind(b"\n", 0, at) + 1, offset) for at in names)


def in_comment(text: bytes, offset: int) -> bool:
    """Whether byte `offset` of `text` lies in a comment or a string."""
    before = not_code(text, 0, min(offset + 2, len(text)))
    return any(start <= offset < end for start, end in before[-2:])


_DEFINE = late_regex(rb"[ \t]*#[ \t]*define[ \t]+(\w+)(?:\(([^()]*)\))?")


def _in_macro(
    chunk: Chunk, offset: int, types: ExpressionTypes
) -> tuple[str, Node | None, bytes | None]:
    """Return the name of the macro whose body holds `offset`, the token there, if the body parses,
    and the struct whose member the token is, if that is known.
    """
    at = offset - chunk.start
    for directive in chunk.prepared.directives:
        if directive.kind == "define" and directive.start <= at < directive.end:
            text = chunk.unit.text
            end = directive.end + chunk.start
            head = _DEFINE.match(text, directive.start + chunk.start, end)
            if head is None:
                break
            name = head[1].decode(errors="replace")
            parameters = frozenset(re.findall(rb"\w+", head[2] or b""))
            token = line = token_in_line(chunk.unit, offset)
            if token is None or not _is_member(token):
                line = None
                token = _token_in_body(text, head.end(), end, offset)
            if token is None:
                return name, None, None
            # What a macro is given is not what the headers declare by that name.
            if _is_of(token, parameters) and not (line and types.knows_macros):
                return name, token, None
            return name, token, owner_of(token, types)
    return "", None, None


def token_in_line(unit: Unit, offset: int) -> Node | None:
    """Return the token that begins at `offset` in a preprocessor line that can be read, or None."""
    line = line_at(unit, offset)
    if line is None:
        return None
    return next((n for n in line.walk() if n.start == offset and n.text is not None), None)


def _member_at(root: Node, offset: int) -> Node | None:
    for node in root.walk():
        if node.start == offset and node.text is not None and _is_member(node):
            return node
    return None


def _is_member(leaf: Node) -> bool:
    parent = leaf.parent
    return parent is not None and parent.kind in ("field_expression", "field_designator")


def _is_of(member: Node, names: frozenset[bytes]) -> bool:
    """Whether `member` is the name in `p->m`, `(p)->m` or `p->a.m` with a `p` among some names."""
    node = member.parent
    while node is not None and node.kind in ("field_expression", "parenthesized_expression"):
        node = node.children[1 if node.kind == "parenthesized_expression" else 0]
    return node is not None and node.text in names


def _token_in_body(text: bytes, start: int, end: int, offset: int) -> Node | None:
    for root in _body_trees(text, start, end):
        found = _member_at(root, offset)
        if found is not None:
            return found
    return None


def _body_trees(text: bytes, start: int, end: int) -> Iterator[Node]:
    """Yield the trees of a macro's body, read as statements, as file-level code and as an
    initialiser.

    Offsets are the file's; the code around the body, which makes it parse, stands outside its
    range.
    """
    body = text[start:end].replace(b"\\\n", b" \n").replace(b"\\\r\n", b" \r\n")
    for before, after in ((b"void f(void){", b";}"), (b"", b";"), (b"int f=", b";")):
        padded = before + body + after
        base = start - len(before)
        if base < 0:
            continue
        yield NodeBuilder(b"\0" * base + padded, {}, base).build(parse(padded).root_node)
