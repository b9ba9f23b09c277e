# SPDX-License-Identifier: GPL-2.0-only
"""Matching struct, union and enum specifiers, with or without what they hold.

In: a specifier of a pattern. Out: its matcher. `T { ... }` takes any of them that has a tag, or
that a typedef names, and binds `T` to the type.
"""

from __future__ import annotations

from collections.abc import Callable

from vmaconv.cocci.match.attempt.chain import Link, chain, in_order
from vmaconv.cocci.match.attempt.state import Matcher, MatchState, Then
from vmaconv.cocci.match.attempt.value import BoundValue
from vmaconv.cocci.match.declaration.attributes import around, compile_attribute
from vmaconv.cocci.match.node.metavariable import constrained
from vmaconv.cocci.smpl.rule import Metavariable, PNode
from vmaconv.cocci.tree.node import Node

Compile = Callable[[PNode], Matcher]

SPECIFIERS = frozenset({"enum_specifier", "struct_specifier", "union_specifier"})
_BODIES = frozenset({"field_declaration_list", "enumerator_list"})
_IGNORED = frozenset({"attribute_specifier", "ms_declspec_modifier", "attribute_declaration"})


def compile_specifier(pattern: PNode, compile_pattern: Compile) -> Matcher:
    """Return the matcher of a struct, union or enum specifier."""
    children = [c for c in pattern.children if isinstance(c, PNode) and c.kind not in _IGNORED]
    keyword = children[0]
    body = next((c for c in children if c.kind in _BODIES), None)
    name = next((c for c in children[1:] if c is not body), None)
    match_keyword = compile_pattern(keyword)
    match_name = compile_pattern(name) if name is not None else None
    match_body = compile_pattern(body) if body is not None else None
    attributes = [c for c in pattern.children if c.kind == "attribute_specifier"]
    wanted = [compile_attribute(c, compile_pattern) for c in attributes if isinstance(c, PNode)]
    variable = keyword.metavariable
    kind = pattern.kind

    def match(node: Node, state: MatchState, then: Then) -> bool:
        if node.kind != kind and (variable is None or node.kind not in SPECIFIERS):
            return False
        parts = [c for c in node.children if c.kind not in _IGNORED]
        inside = next((c for c in parts if c.kind in _BODIES), None)
        tag = next((c for c in parts[1:] if c is not inside), None)
        if (inside is None) != (match_body is None):
            return False
        links: list[Link] = []
        if variable is not None:
            links.append(lambda go: _bind(keyword, variable, node, tag, state, go))
        elif (tag is None) != (match_name is None):
            return False
        else:
            links.append(lambda go: match_keyword(parts[0], state, go))
            if match_name is not None and tag is not None:
                links.append(lambda go: match_name(tag, state, go))
        if match_body is not None and inside is not None:
            links.append(lambda go: match_body(inside, state, go))
        if wanted:
            found = _attributes(node, inside, state)
            links.append(lambda go: in_order(wanted, found, state, go))
        return chain(links, then)

    return match


def _attributes(node: Node, inside: Node | None, state: MatchState) -> list[Node]:
    """Return the attributes of a specifier, those behind it included, without its fields'."""
    found = around(state.unit, node.start, node.end)
    return [a for a in found if inside is None or not inside.start <= a.start < inside.end]


def _bind(
    token: PNode,
    variable: Metavariable,
    node: Node,
    tag: Node | None,
    state: MatchState,
    then: Then,
) -> bool:
    """Bind `T` of `T { ... }` to `struct s`, or to the typedef's name where there is no tag."""
    keyword = node.children[0]
    text = state.unit.text
    if tag is not None:
        key = (keyword.text or b"") + b" " + (tag.text or b"")
        value, end = BoundValue(key, text[keyword.start : tag.end]), tag.end
    else:
        named = _typedef_name(node)
        if named is None:
            return False
        value, end = BoundValue(named.text or b"", named.text or b""), keyword.end
    return constrained(variable, value, state) and state.bind(
        variable, value, lambda: state.take_runs(token, [(keyword.start, end)], then)
    )


def _typedef_name(node: Node) -> Node | None:
    """Return the name that a typedef gives a specifier, if it gives it just one."""
    parent = node.parent
    if parent is None or parent.kind != "type_definition":
        return None
    after = [c for c in parent.children if c.start >= node.end and c.text not in (b",", b";")]
    return after[0] if len(after) == 1 and after[0].text is not None else None
