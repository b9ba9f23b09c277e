# SPDX-License-Identifier: GPL-2.0-only
"""Every place where a file names a function, and what it does with the name.

In: a unit and a name. Out: `FunctionMention`s: definitions, prototypes, calls, uses as a value, exports,
macros, and the places that could not be read. Comments, members and local variables of that name
are passed over.
"""

from __future__ import annotations

import re
from typing import Literal, TypeAlias

from msgspec import Struct

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.tree.node import Node
from vmaconv.cocci.tree.unit import Chunk, Unit
from vmaconv.cocci.types.declared import declared, is_static
from vmaconv.migrate.facts.local_names import (
    in_error,
    is_name,
    leaves_at,
    local_declaration,
)
from vmaconv.migrate.facts.pass_on_macros import hands_itself_on
from vmaconv.uses.member_uses import in_comment

Kind: TypeAlias = Literal[
    "definition",
    "declaration",
    "call",
    "value",
    "export",
    "macro-body",
    "macro",
    "unparsed",
]

_DECLARES = ("declaration", "function_definition")
_OTHERS = ("parameter_declaration", "field_declaration", "type_definition")
_HARMLESS = late_regex(
    rb"[ \t]*(?:EXPORT_\w*SYMBOL\w*|ALLOW_ERROR_INJECTION|NOKPROBE_SYMBOL|BTF_ID\w*|STACK_FRAME_\w+)"
    rb"[ \t]*\("
)


class FunctionMention(Struct, frozen=True):
    """One place that names a function: `leaf` is the name where the text around it parsed."""

    path: str
    line: int
    offset: int
    kind: Kind
    leaf: Node | None
    static: bool = False

    @property
    def function(self) -> Node | None:
        """The function definition that the name stands in (or names)."""
        return self.leaf.enclosing("function_definition") if self.leaf is not None else None

    @property
    def item(self) -> Node | None:
        """The declaration or definition that declares the name."""
        return self.leaf.enclosing(*_DECLARES) if self.leaf is not None else None

    @property
    def call(self) -> Node | None:
        """The call expression whose function this is."""
        return self.leaf.parent if self.leaf is not None and self.kind == "call" else None


def mentions_of(unit: Unit, name: bytes) -> list[FunctionMention]:
    """List the places of `unit` that name the function `name`, in order.

    One in text that several variants share is listed once for each.
    """
    found: list[FunctionMention] = []
    for match in _word(name).finditer(unit.text):
        offset = match.start()
        chunk = unit.chunk_at(offset)
        line = unit.line(offset)
        leaves = leaves_at(chunk, offset)
        for leaf in leaves:
            mention = _judge(unit, leaf, offset, line)
            if mention is not None:
                found.append(mention)
        if not leaves and (kind := _outside(chunk, offset)) is not None:
            found.append(FunctionMention(unit.path, line, offset, kind, None))
    return found


def unread_in(unit: Unit, name: bytes, start: int, end: int) -> list[FunctionMention]:
    """List the places between two offsets where `name` stands in text that is no token of any
    tree."""
    found: list[FunctionMention] = []
    for match in _word(name).finditer(unit.text, start, end):
        offset = match.start()
        chunk = unit.chunk_at(offset)
        if not leaves_at(chunk, offset) and (kind := _outside(chunk, offset)) is not None:
            found.append(FunctionMention(unit.path, unit.line(offset), offset, kind, None))
    return found


def _word(name: bytes) -> re.Pattern[bytes]:
    # The name first, and what must not stand before it second: so it is found fast.
    word = re.escape(name)
    return re.compile(word + rb"(?<!\w%s)(?!\w)" % word)


def _judge(unit: Unit, leaf: Node, offset: int, line: int) -> FunctionMention | None:
    if in_error(leaf):
        return FunctionMention(unit.path, line, offset, "unparsed", None)
    if not is_name(leaf):
        return None
    holder = _declaring(leaf)
    if holder is not None:
        return _declared(unit, leaf, holder, offset, line)
    parent = leaf.parent
    if leaf.enclosing("function_definition") is None:
        if parent is not None and parent.kind == "argument_list":
            kind: Kind = (
                "export" if _HARMLESS.match(unit.text, _line_start(unit, line)) else "value"
            )
            return FunctionMention(unit.path, line, offset, kind, leaf)
    elif local_declaration(leaf) is not None:
        return None
    is_call = parent is not None and parent.kind == "call_expression" and leaf is parent.children[0]
    return FunctionMention(unit.path, line, offset, "call" if is_call else "value", leaf)


def _declared(
    unit: Unit, leaf: Node, holder: Node, offset: int, line: int
) -> FunctionMention | None:
    if holder.kind not in _DECLARES:
        return None
    static = is_static(holder)
    if holder.kind == "function_definition":
        return FunctionMention(unit.path, line, offset, "definition", leaf, static)
    one = next((d for d in declared(holder) if d.leaf is leaf), None)
    if one is None or one.type.shape[:1] != "(":
        return None
    return FunctionMention(unit.path, line, offset, "declaration", leaf, static)


def _declaring(leaf: Node) -> Node | None:
    """Return the declaration or definition whose declared name `leaf` is, or None."""
    node: Node = leaf
    while node.parent is not None and node.parent.kind.endswith("_declarator"):
        if node is not node.parent.children[0] and node.parent.kind in (
            "init_declarator",
            "array_declarator",
            "function_declarator",
        ):
            return None
        node = node.parent
    holder = node.parent
    if holder is None or holder.kind not in _DECLARES + _OTHERS:
        return None
    if holder.kind in ("function_definition", *_OTHERS):
        is_type = node is leaf and leaf is _first_specifier(holder)
        return None if is_type else holder
    return holder if any(d.leaf is leaf for d in declared(holder)) else None


def _first_specifier(holder: Node) -> Node | None:
    return next(
        (c for c in holder.children if c.kind in ("identifier", "primitive_type")),
        None,
    )


def _line_start(unit: Unit, line: int) -> int:
    return unit.line_range(line)[0]


def _outside(chunk: Chunk, offset: int) -> Kind | None:
    """Say what holds a name that is no token of any tree; None for comments and the like."""
    unit = chunk.unit
    at = offset - chunk.start
    for directive in chunk.prepared.directives:
        if directive.start <= at < directive.end:
            text = chunk.prepared.original[directive.start : directive.end]
            if directive.kind != "define" or in_comment(text, at - directive.start):
                return None
            head = re.match(rb"\s*#\s*define\s+(\w+)", text)
            if re.fullmatch(rb"\s*#\s*define\s+(\w+)\s+\1\s*", text):
                # `#define f f` tells generic code that this architecture has its own f().
                return None
            if hands_itself_on(text):
                return None
            is_head = head is not None and head.start(1) + directive.start == at
            return "macro" if is_head else "macro-body"
    if in_comment(unit.text[chunk.start : chunk.end], at):
        return None
    start = unit.line_range(unit.line(offset))[0]
    return "export" if _HARMLESS.match(unit.text, start) else "unparsed"
