# SPDX-License-Identifier: GPL-2.0-only
"""Matching a metavariable: which nodes each kind takes, and its constraints.

In: a `metavar` pattern leaf. Out: its matcher.
"""

from __future__ import annotations

from collections.abc import Callable

from vmaconv.cocci.match.attempt.state import Matcher, MatchState, Then
from vmaconv.cocci.match.attempt.typed import has_shape, match_types
from vmaconv.cocci.match.attempt.value import BoundValue
from vmaconv.cocci.match.code.declarer_call import is_declarer_call
from vmaconv.cocci.match.code.role import is_expression
from vmaconv.cocci.smpl.mentions import name_of
from vmaconv.cocci.smpl.rule import Metavariable, PNode
from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.tree.node import STATEMENTS, Node

LIST_KINDS = frozenset(
    {
        "expression list",
        "parameter list",
        "statement list",
        "field list",
        "initializer list",
        "enumerator list",
        "identifier list",
    }
)

_LITERALS = frozenset({"number_literal", "string_literal", "char_literal", "concatenated_string"})
_TYPE_KINDS = frozenset(
    {
        "primitive_type",
        "identifier",
        "sized_type_specifier",
        "struct_specifier",
        "union_specifier",
        "enum_specifier",
        "type_descriptor",
        "type_argument",
    }
)
_CONSTANT_FORMS = frozenset({"cast_expression", "sizeof_expression", "unary_expression"})
# spatch takes a name for a constant when it is spelt like a macro.
_CONSTANT_NAME = late_regex(rb"[A-Z_][A-Z_0-9]*\Z")

Accepts = Callable[[Node, Metavariable, MatchState], bool]


def compile_metavariable(pattern: PNode) -> Matcher:
    """Return the matcher of a `metavar` leaf."""
    meta = pattern.metavariable
    assert meta is not None
    accepts = _ACCEPTS.get(meta.kind)
    scoped = meta.kind in ("expression", "idexpression", "typed")
    if accepts is None:
        return _extension(pattern, meta)

    key = name_of(meta)

    def match(node: Node, state: MatchState, then: Then) -> bool:
        if not accepts(node, meta, state):
            return False
        known = state.bindings.get(key)
        if known is not None and scoped and node.text is not None and node.text != known.key:
            # Most nodes that are not the one wanted are a name, or a number, and another.
            return False
        if known is not None and scoped and state.outnumbers(node, known.key):
            return False
        value = state.expression(node) if scoped else state.value(node)
        if not constrained(meta, value, state):
            return False
        if meta.ctype:
            return _of_type(meta, value, pattern, node, state, then)
        return state.bind_taken(meta, value, pattern, node, then)

    return match


def _of_type(
    meta: Metavariable,
    value: BoundValue,
    pattern: PNode,
    node: Node,
    state: MatchState,
    then: Then,
) -> bool:
    """Match the type of a node first, bind what it is of, and go on."""
    types = state.types.of(node)
    return match_types(
        meta, types, state, lambda: state.bind_taken(meta, value, pattern, node, then)
    )


def _extension(pattern: PNode, meta: Metavariable) -> Matcher:
    def match(node: Node, state: MatchState, then: Then) -> bool:
        kind = state.options.kinds.get(meta.kind)
        if kind is None:
            return False
        value = kind.match(node, state.unit.text)
        return value is not None and state.bind_taken(meta, value, pattern, node, then)

    return match


def _expression(node: Node, meta: Metavariable, state: MatchState) -> bool:
    if not is_expression(node):
        return False
    if not meta.pointer and not meta.qualifiers:
        return True
    return has_shape(meta, state.types.of(node), state)


def _idexpression(node: Node, meta: Metavariable, state: MatchState) -> bool:
    if node.kind != "identifier" or not is_expression(node):
        return False
    if meta.pointer and not has_shape(meta, state.types.of(node), state):
        return False
    scopes = {"local", "global"} & set(meta.qualifiers)
    if not scopes:
        return True
    found = state.types.declaration_of(node)
    local = _is_macro_parameter(node) or (
        found is not None
        and found.leaf.enclosing("function_definition") is not None
        and not any(c.tokens() == [b"static"] for c in found.node.children)
    )
    return ("local" in scopes) == local


def _is_macro_parameter(node: Node) -> bool:
    macro = node.enclosing("preproc_def")
    lists = macro.children if macro is not None else []
    return any(c.text == node.text for p in lists if p.kind == "preproc_params" for c in p.children)


def _identifier(node: Node, _meta: Metavariable, _state: MatchState) -> bool:
    return node.kind == "identifier"


def _function(node: Node, _meta: Metavariable, _state: MatchState) -> bool:
    """A function where it is defined or declared; a call is of an `identifier`."""
    parent = node.parent
    return node.kind == "identifier" and parent is not None and parent.kind.startswith("function_")


def _constant(node: Node, _meta: Metavariable, _state: MatchState) -> bool:
    if node.kind in _LITERALS:
        return True
    if node.kind in _CONSTANT_FORMS:
        # spatch takes -1, (int)1 and sizeof(x) for constants, too.
        signed = node.kind == "unary_expression"
        if signed and node.children[0].text != b"-":
            return False
        return node.kind == "sizeof_expression" or _constant(node.children[-1], _meta, _state)
    if node.kind != "identifier" or _CONSTANT_NAME.match(node.text or b"") is None:
        return False
    parent = node.parent
    if parent is not None and parent.kind == "call_expression" and parent.children[0] is node:
        return False
    return is_expression(node)


def _statement(node: Node, _meta: Metavariable, state: MatchState) -> bool:
    if node.kind not in STATEMENTS or node.kind in ("label", "case_label"):
        return False
    if is_declarer_call(node, state.unit.names.declarers):
        return False
    # A function's body is no statement of it.
    return node.parent is None or node.parent.kind != "function_definition"


def _type(node: Node, _meta: Metavariable, _state: MatchState) -> bool:
    return node.kind in _TYPE_KINDS


def _declaration(node: Node, _meta: Metavariable, state: MatchState) -> bool:
    if is_declarer_call(node, state.unit.names.declarers):
        return True
    return node.kind in ("declaration", "type_definition")


def _typed(node: Node, _meta: Metavariable, _state: MatchState) -> bool:
    return is_expression(node)


def _attribute(node: Node, _meta: Metavariable, _state: MatchState) -> bool:
    return node.kind == "attribute_specifier"


def _any(_node: Node, _meta: Metavariable, _state: MatchState) -> bool:
    return True


def _operator(node: Node, _meta: Metavariable, _state: MatchState) -> bool:
    return node.text is not None


_ACCEPTS: dict[str, Accepts] = {
    "assignment operator": _operator,
    "attribute": _attribute,
    "binary operator": _operator,
    "constant": _constant,
    "declaration": _declaration,
    "declarer": _identifier,
    "expression": _expression,
    "field": _any,
    "function": _function,
    "identifier": _identifier,
    "idexpression": _idexpression,
    "initializer": _any,
    "iterator": _identifier,
    "metavariable": _any,
    "parameter": _any,
    "statement": _statement,
    "symbol": _identifier,
    "type": _type,
    "typed": _typed,
    "unary operator": _operator,
}


def constrained(meta: Metavariable, value: BoundValue, state: MatchState) -> bool:
    """Whether `value` meets the constraints of `meta`."""
    return state.allows(meta, value)
