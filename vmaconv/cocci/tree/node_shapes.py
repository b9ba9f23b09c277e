# SPDX-License-Identifier: GPL-2.0-only
"""The shapes of nodes: from the children that tree-sitter gives to those that `node` describes.

In: the kind and extent of a tree-sitter node, and the `Node`s of its children. Out: a `Node`. `SHAPES`
names a function for each kind that has another shape with us; the rest stay as they are.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.tree.node import Node, leaf, make, orphan

_TYPE_SPECIFIERS = frozenset({"struct_specifier", "union_specifier", "enum_specifier"})

# Names that are types wherever they stand: include/linux/types.h, and the suffix that POSIX
# reserves.
_TYPE_NAME = late_regex(
    rb"(?:__)?(?:[usbl]e?|bool|u?int)(?:8|16|32|64)(?:_t)?\Z|\w+_t\Z|[us]long\Z"
)
_WORD = late_regex(rb"\w+")
_PREFIXES = frozenset({b"*", b"&", b"-", b"+"})


class MaskedStretch(Protocol):
    """What the builder needs of a shim mark: where the masked text stood, and its role."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def role(self) -> str: ...


class MaskedText:
    """A text, and what the shim masked in it before it was parsed.

    What was parsed begins at byte `base` of `text`; `marks` are keyed by offset from there.
    """

    __slots__ = ("base", "marks", "text")

    def __init__(self, text: bytes, marks: Mapping[int, MaskedStretch], base: int) -> None:
        self.text = text
        self.marks = marks
        self.base = base


def _unwrap_condition(
    _code: MaskedText, kind: str, start: int, end: int, children: list[Node]
) -> Node:
    flat: list[Node] = []
    for child in children:
        if child.kind in ("parenthesized_expression", "else_clause"):
            # Only the condition: a body is a statement, never a bare parenthesized expression.
            flat.extend(child.children)
        else:
            flat.append(child)
    return make(kind, start, end, flat)


def _head(code: MaskedText, kind: str, start: int, end: int, children: list[Node]) -> Node:
    mark = code.marks.get(start - code.base)
    if mark is None or mark.role != "iterator" or len(children) != 3:
        return _unwrap_condition(code, kind, start, end, children)
    name, condition, body = children
    arguments: list[Node] = []
    for child in condition.children:
        _flatten_comma(child, arguments)
    args = make("argument_list", condition.start, condition.end, arguments)
    return make("iterator_statement", start, end, [name, args, body])


def _for(_code: MaskedText, kind: str, start: int, end: int, children: list[Node]) -> Node:
    tokens = list(children)
    if len(tokens) > 2 and tokens[2].kind == "declaration":
        declaration = tokens[2]
        if declaration.children and declaration.children[-1].kind == ";":
            *parts, semicolon = declaration.children
            declaration.children = tuple(parts)
            declaration.end = declaration.children[-1].end if declaration.children else start
            tokens.insert(3, semicolon)
    out: list[Node] = []
    expected = ["(", ";", ";", ")"]
    for token in tokens:
        if expected and token.kind == expected[0]:
            if expected[0] != "(" and out[-1].text in (b"(", b";"):
                out.append(orphan("empty", token.start, token.start))
            expected.pop(0)
        out.append(token)
    return make(kind, start, end, out)


def _compound(_code: MaskedText, kind: str, start: int, end: int, children: list[Node]) -> Node:
    flat: list[Node] = []
    for child in children:
        _flatten_labels(child, flat)
        _join_specifier(flat)
    return make(kind, start, end, flat)


def _function(code: MaskedText, kind: str, start: int, end: int, children: list[Node]) -> Node:
    """Give a function without a type its name back: `ma in(void) {` was `main(void) {`."""
    for index, child in enumerate(children[:-1]):
        mark = code.marks.get(child.start - code.base)
        if mark is None or mark.role != "definer":
            continue
        name = next((n for n in children[index + 1].leaves() if n.kind == "identifier"), None)
        if name is None or name.end != mark.end + code.base:
            continue
        name.start = child.start
        name.text = code.text[name.start : name.end]
        children[index + 1].start = name.start
        del children[index]
        break
    return make(kind, start, end, children)


def _expression_statement(
    code: MaskedText, kind: str, start: int, end: int, children: list[Node]
) -> Node:
    if len(children) == 1 and children[0].kind == ";":
        kind = "empty_statement"
    mark = code.marks.get(start - code.base)
    if mark is not None and mark.role == "statement" and len(children) == 2:
        name = children[0]
        if name.kind == "identifier" and name.end == mark.end + code.base and _is_word(name):
            end = name.end
            return make(kind, start, end, [name, leaf(";", end, end, b";")])
        call = _macro_call(code, children[0], children[1], mark.end + code.base)
        if call is not None:
            semicolon = leaf(";", call.end, call.end, b";")
            return make(kind, start, call.end, [call, semicolon])
    return make(kind, start, end, children)


def _macro_call(code: MaskedText, value: Node, semicolon: Node, end: int) -> Node | None:
    """Return the call that is a statement without `;`, of whose name the shim made a token.

    Where there was no room for the `;`, the shim wrote `NAME,a, b;` for `NAME(a, b)`, and at
    file level `NAME=a| b;`.
    """
    if value.kind == "call_expression":
        name, arguments = value.children
    elif value.kind == "assignment_expression" and value.children[0].kind == "identifier":
        name, sign, right = value.children
        opening, closing = leaf("(", sign.start, sign.end, b"("), leaf(")", end - 1, end, b")")
        if semicolon.start != closing.start:
            return None
        inside = [opening, *_masked_row(right), closing]
        arguments = make("argument_list", opening.start, end, inside)
    else:
        parts: list[Node] = []
        while value.kind == "comma_expression":
            value, *rest = value.children
            parts[:0] = rest
        name = value
        at = parts[0].start if parts else code.text.find(b"(", name.start)
        opening, closing = leaf("(", at, at + 1, b"("), leaf(")", end - 1, end, b")")
        if semicolon.start != closing.start:
            return None
        arguments = make("argument_list", at, end, [opening, *parts[1:], closing])
    word = _WORD.match(code.text, name.start)
    if name.kind != "identifier" or name.end != end or word is None:
        return None
    if b";" in code.text[word.end() : end]:
        # Statements as an argument: nothing that is called has that.
        return None
    name = leaf("identifier", name.start, word.end(), word[0])
    return make("call_expression", name.start, end, [name, arguments])


def _field(code: MaskedText, kind: str, start: int, end: int, children: list[Node]) -> Node:
    """Make `DECL(x);` among fields a call, where the grammar sees a type and no name.

    A macro that is all of a field has no semicolon.
    """
    mark = code.marks.get(start - code.base)
    is_macro = mark is not None and mark.role == "statement" and len(children) == 2
    if is_macro and children[0].kind == "identifier" and _is_word(children[0]):
        return make(kind, start, children[0].end, children[:1])
    if len(children) == 2 and children[0].kind == "macro_type_specifier":
        parts = children[0].children
        inner = parts[2].children if len(parts) == 4 else []
        if len(inner) == 1 and inner[0].kind == "identifier":
            name, opening, _, closing = parts
            arguments = make(
                "argument_list", opening.start, closing.end, [opening, inner[0], closing]
            )
            call = make("call_expression", name.start, closing.end, [name, arguments])
            return make(kind, start, end, [call, children[1]])
    return make(kind, start, end, children)


def _pointer(_code: MaskedText, _kind: str, start: int, end: int, children: list[Node]) -> Node:
    operator, operand = children[0], children[-1]
    if operator.text == b"&" and operand.kind == "unary_expression":
        inner, name = operand.children
        if inner.text == b"&" and inner.start == operator.end:
            # `&&label`, GCC's address of a label, is `& &label` to tree-sitter.
            both = leaf("&&", operator.start, inner.end, b"&&")
            return make("unary_expression", start, end, [both, name])
    return make("unary_expression", start, end, children)


def _update(code: MaskedText, kind: str, start: int, end: int, children: list[Node]) -> Node:
    if len(children) == 2 and children[0].kind in ("unary_expression", "cast_expression"):
        # tree-sitter reads `!x--` as `(!x)--`; the postfix operator binds tighter.
        outer, operator = children
        *before, inner = outer.children
        made = _update(code, kind, inner.start, end, [inner, operator])
        return make(outer.kind, start, end, [*before, made])
    return make(kind, start, end, children)


def _comma(_code: MaskedText, kind: str, start: int, end: int, children: list[Node]) -> Node:
    """Put the operands of `a, b, c`, which tree-sitter reads as `a, (b, c)`, in a row."""
    last = children[-1]
    if last.kind != "comma_expression":
        return make(kind, start, end, children)
    last.children = (*children[:-1], *last.children)
    last.start = start
    return last


def _binary(_code: MaskedText, kind: str, start: int, end: int, children: list[Node]) -> Node:
    if len(children) == 3 and children[1].text in _PREFIXES and _is_type_in_parens(children[0]):
        operator, operand = children[1:]
        value = make("unary_expression", operator.start, end, [operator, operand])
        return _cast(start, end, children[0], value)
    return make(kind, start, end, children)


def _call(_code: MaskedText, kind: str, start: int, end: int, children: list[Node]) -> Node:
    if len(children) == 2 and _is_type_in_parens(children[0]):
        arguments = children[1]
        if len(arguments.children) == 3:
            arguments.kind = "parenthesized_expression"
            return _cast(start, end, children[0], arguments)
    return make(kind, start, end, children)


def _cast(start: int, end: int, parens: Node, value: Node) -> Node:
    opening, name, closing = parens.children
    descriptor = make("type_descriptor", name.start, name.end, [name])
    return make("cast_expression", start, end, [opening, descriptor, closing, value])


def _offsetof(_code: MaskedText, _kind: str, start: int, end: int, children: list[Node]) -> Node:
    name = children[0]
    name.kind = "identifier"
    args = make("argument_list", children[1].start, end, children[1:])
    return make("call_expression", start, end, [name, args])


def _is_type_in_parens(node: Node) -> bool:
    """Whether `node` is `(u32)`, which tree-sitter takes for an expression in parentheses."""
    if node.kind != "parenthesized_expression" or len(node.children) != 3:
        return False
    name = node.children[1]
    return name.kind == "identifier" and _TYPE_NAME.match(name.text or b"") is not None


def _join_specifier(flat: list[Node]) -> None:
    """Make a declaration of `struct s { ... }` and the `;` after it, which tree-sitter leaves
    apart.
    """
    if len(flat) < 2 or flat[-2].kind not in _TYPE_SPECIFIERS:
        return
    specifier, semicolon = flat[-2:]
    if semicolon.text == b";" or semicolon.kind == "empty_statement":
        if semicolon.kind == "empty_statement":
            semicolon = semicolon.children[0]
        flat[-2:] = [make("declaration", specifier.start, semicolon.end, [specifier, semicolon])]


def _flatten_comma(node: Node, out: list[Node]) -> None:
    if node.kind == "comma_expression":
        for child in node.children:
            _flatten_comma(child, out)
    else:
        out.append(node)


def _masked_row(node: Node) -> list[Node]:
    """Return the arguments of a macro whose commas the shim made bars: `a| b| c`."""
    operators: list[Node] = []
    while node.kind == "binary_expression" and node.children[1].text == b",":
        node, comma, right = node.children
        operators[:0] = [leaf(",", comma.start, comma.end, b","), right]
    return [node, *operators]


def _is_word(name: Node) -> bool:
    """Whether what the shim made one name is one, not a macro with its arguments."""
    return _WORD.fullmatch(name.text or b"") is not None


def _flatten_labels(node: Node, out: list[Node]) -> None:
    """Append `node` to `out`, a label or case and what follows it as siblings."""
    if node.kind == "labeled_statement":
        name, colon, *rest = node.children
        out.append(make("label", name.start, colon.end, [name, colon]))
        for child in rest:
            _flatten_labels(child, out)
    elif node.kind == "case_statement":
        colon_at = next((i for i, c in enumerate(node.children) if c.kind == ":"), None)
        if colon_at is None:
            out.append(node)
            return
        label = node.children[: colon_at + 1]
        out.append(make("case_label", label[0].start, label[-1].end, label))
        for child in node.children[colon_at + 1 :]:
            _flatten_labels(child, out)
    else:
        out.append(node)


Shape = Callable[[MaskedText, str, int, int, list[Node]], Node]

SHAPES: Mapping[str, Shape] = {
    "if_statement": _head,
    "do_statement": _unwrap_condition,
    "switch_statement": _unwrap_condition,
    "while_statement": _head,
    "for_statement": _for,
    "compound_statement": _compound,
    "translation_unit": _compound,
    "declaration_list": _compound,
    "binary_expression": _binary,
    "call_expression": _call,
    "comma_expression": _comma,
    "update_expression": _update,
    "expression_statement": _expression_statement,
    "field_declaration": _field,
    "declaration": _function,
    "function_definition": _function,
    "pointer_expression": _pointer,
    "offsetof_expression": _offsetof,
}
