# SPDX-License-Identifier: GPL-2.0-only
"""From tree-sitter's tree to ours.

In: a tree-sitter node, the text that edits apply to, and the shim's marks. Out: `Node`s of the
shape that `node` describes. Masked names get their original text back here.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Protocol

import tree_sitter
import tree_sitter_c

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.tree.node import Node, leaf, make, orphan

LANGUAGE = tree_sitter.Language(tree_sitter_c.language())

_KINDS = tuple(LANGUAGE.node_kind_for_id(i) or "" for i in range(LANGUAGE.node_kind_count))
_LEAF_NAMES = {
    "type_identifier": "identifier",
    "field_identifier": "identifier",
    "statement_identifier": "identifier",
    "true": "identifier",
    "false": "identifier",
    "null": "identifier",
}
_FLATTENED_LEAVES = frozenset(
    {
        "string_literal",
        "char_literal",
        "null",
        "system_lib_string",
        "primitive_type",
        "number_literal",
    }
)
_DROPPED = frozenset({"comment"})
_TYPE_SPECIFIERS = frozenset({"struct_specifier", "union_specifier", "enum_specifier"})


class MaskedStretch(Protocol):
    """What the builder needs of a shim mark: where the masked text stood, and its role."""

    @property
    def start(self) -> int: ...
    @property
    def end(self) -> int: ...
    @property
    def role(self) -> str: ...


def parse(text: bytes) -> tree_sitter.Tree:
    """Parse C `text` (already masked) with tree-sitter-c."""
    return tree_sitter.Parser(LANGUAGE).parse(text)


class NodeBuilder:
    """Turns tree-sitter nodes into `Node`s over `text`, the original bytes.

    What was parsed begins at byte `base` of `text`; `marks` are keyed by offset from there.
    """

    __slots__ = ("_base", "_marks", "_text")

    def __init__(self, text: bytes, marks: Mapping[int, MaskedStretch], base: int = 0) -> None:
        self._text = text
        self._marks = marks
        self._base = base

    def build(self, root: tree_sitter.Node) -> Node:
        """Build the node for `root` and all below it; comments are left out."""
        number = root.kind_id
        kind, _, _, shape = _TABLE[number] if number < len(_TABLE) else _ERROR
        built = self._build(root, kind, shape)
        if built is None:
            base = self._base
            return make("translation_unit", root.start_byte + base, root.end_byte + base, [])
        return built

    def _build(self, node: tree_sitter.Node, kind: str, shape: _Shape | None) -> Node | None:
        """Build what is no token. Most nodes are tokens: they are made here, without a call each."""
        base, text, marks = self._base, self._text, self._marks
        start, end = node.start_byte + base, node.end_byte + base
        below = node.children
        if not below:
            return self._leaf(kind, start, end) if end > start or kind != "ERROR" else None
        children: list[Node] = []
        count = len(_TABLE)
        for one in below:
            number = one.kind_id
            own, name, sort, its = _TABLE[number] if number < count else _ERROR
            if sort == _TOKEN:
                at = one.start_byte
                begun = at + base
                if begun < 0 or at in marks:
                    children.append(self._leaf(own, begun, one.end_byte + base))
                    continue
                made = Node()
                made.kind = name
                made.start = begun
                made.end = stop = one.end_byte + base
                made.children = ()
                made.text = text[begun:stop]
                made.parent = None
                children.append(made)
            elif sort == _NUMBER:
                children.append(self._leaf(own, one.start_byte + base, one.end_byte + base))
            elif sort == _INNER:
                child = self._build(one, own, its)
                if child is not None:
                    whole = child.kind != "comma_expression" or kind == "comma_expression"
                    children.append(child if whole else _left_nested(child))
        if shape is not None:
            return shape(self, kind, start, end, children)
        return make(kind, start, end, children)

    def _leaf(self, kind: str, start: int, end: int) -> Node:
        mark = self._marks.get(start - self._base)
        if mark is not None and mark.role == "storage":
            end = mark.end + self._base
            word = self._text[start:end]
            return make(
                "storage_class_specifier", start, end, [leaf(word.decode(), start, end, word)]
            )
        if mark is not None and mark.role not in ("attribute", "definer"):
            end = mark.end + self._base
            if mark.role == "type_argument" and kind == "type_identifier":
                specifier = typeof_specifier(self._text, start, end)
                if specifier is not None:
                    return specifier
            kind = "type_argument" if mark.role == "type_argument" else "identifier"
            return leaf(kind, start, end, self._text[start:end])
        # What stands before the text, as the shim has it for a directive's body, has none.
        text = self._text[max(start, 0) : max(start, end, 0)]
        if kind == "number_literal" and text[:1] in (b"-", b"+"):
            # tree-sitter takes the sign of `return -1;` for part of the number.
            sign = leaf(text[:1].decode(), start, start + 1, text[:1])
            digits = text[1:].lstrip()
            number = leaf(kind, end - len(digits), end, digits)
            return make("unary_expression", start, end, [sign, number])
        return orphan(_LEAF_NAMES.get(kind, kind), start, end, (), text)

    # Shapes: each takes the children in tree-sitter's order and gives ours.

    def _unwrap_condition(self, kind: str, start: int, end: int, children: list[Node]) -> Node:
        flat: list[Node] = []
        for child in children:
            if child.kind in ("parenthesized_expression", "else_clause"):
                # Only the condition: a body is a statement, never a bare parenthesized expression.
                flat.extend(child.children)
            else:
                flat.append(child)
        return make(kind, start, end, flat)

    def _head(self, kind: str, start: int, end: int, children: list[Node]) -> Node:
        mark = self._marks.get(start - self._base)
        if mark is None or mark.role != "iterator" or len(children) != 3:
            return self._unwrap_condition(kind, start, end, children)
        name, condition, body = children
        arguments: list[Node] = []
        for child in condition.children:
            _flatten_comma(child, arguments)
        args = make("argument_list", condition.start, condition.end, arguments)
        return make("iterator_statement", start, end, [name, args, body])

    def _for(self, kind: str, start: int, end: int, children: list[Node]) -> Node:
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

    def _compound(self, kind: str, start: int, end: int, children: list[Node]) -> Node:
        flat: list[Node] = []
        for child in children:
            _flatten_labels(child, flat)
            _join_specifier(flat)
        return make(kind, start, end, flat)

    def _function(self, kind: str, start: int, end: int, children: list[Node]) -> Node:
        """Give a function without a type its name back: `ma in(void) {` was `main(void) {`."""
        for index, child in enumerate(children[:-1]):
            mark = self._marks.get(child.start - self._base)
            if mark is None or mark.role != "definer":
                continue
            name = next((n for n in children[index + 1].leaves() if n.kind == "identifier"), None)
            if name is None or name.end != mark.end + self._base:
                continue
            name.start = child.start
            name.text = self._text[name.start : name.end]
            children[index + 1].start = name.start
            del children[index]
            break
        return make(kind, start, end, children)

    def _expression_statement(self, kind: str, start: int, end: int, children: list[Node]) -> Node:
        if len(children) == 1 and children[0].kind == ";":
            kind = "empty_statement"
        mark = self._marks.get(start - self._base)
        if mark is not None and mark.role == "statement" and len(children) == 2:
            name = children[0]
            if name.kind == "identifier" and name.end == mark.end + self._base and _is_word(name):
                end = name.end
                return make(kind, start, end, [name, leaf(";", end, end, b";")])
            call = self._macro_call(children[0], children[1], mark.end + self._base)
            if call is not None:
                semicolon = leaf(";", call.end, call.end, b";")
                return make(kind, start, call.end, [call, semicolon])
        return make(kind, start, end, children)

    def _macro_call(self, value: Node, semicolon: Node, end: int) -> Node | None:
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
            at = parts[0].start if parts else self._text.find(b"(", name.start)
            opening, closing = leaf("(", at, at + 1, b"("), leaf(")", end - 1, end, b")")
            if semicolon.start != closing.start:
                return None
            arguments = make("argument_list", at, end, [opening, *parts[1:], closing])
        word = _WORD.match(self._text, name.start)
        if name.kind != "identifier" or name.end != end or word is None:
            return None
        if b";" in self._text[word.end() : end]:
            # Statements as an argument: nothing that is called has that.
            return None
        name = leaf("identifier", name.start, word.end(), word[0])
        return make("call_expression", name.start, end, [name, arguments])

    def _field(self, kind: str, start: int, end: int, children: list[Node]) -> Node:
        """Make `DECL(x);` among fields a call, where the grammar sees a type and no name.

        A macro that is all of a field has no semicolon.
        """
        mark = self._marks.get(start - self._base)
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

    def _pointer(self, _kind: str, start: int, end: int, children: list[Node]) -> Node:
        operator, operand = children[0], children[-1]
        if operator.text == b"&" and operand.kind == "unary_expression":
            inner, name = operand.children
            if inner.text == b"&" and inner.start == operator.end:
                # `&&label`, GCC's address of a label, is `& &label` to tree-sitter.
                both = leaf("&&", operator.start, inner.end, b"&&")
                return make("unary_expression", start, end, [both, name])
        return make("unary_expression", start, end, children)

    def _update(self, kind: str, start: int, end: int, children: list[Node]) -> Node:
        if len(children) == 2 and children[0].kind in ("unary_expression", "cast_expression"):
            # tree-sitter reads `!x--` as `(!x)--`; the postfix operator binds tighter.
            outer, operator = children
            *before, inner = outer.children
            made = self._update(kind, inner.start, end, [inner, operator])
            return make(outer.kind, start, end, [*before, made])
        return make(kind, start, end, children)

    def _comma(self, kind: str, start: int, end: int, children: list[Node]) -> Node:
        """Put the operands of `a, b, c`, which tree-sitter reads as `a, (b, c)`, in a row."""
        last = children[-1]
        if last.kind != "comma_expression":
            return make(kind, start, end, children)
        last.children = (*children[:-1], *last.children)
        last.start = start
        return last

    def _binary(self, kind: str, start: int, end: int, children: list[Node]) -> Node:
        if len(children) == 3 and children[1].text in _PREFIXES and _is_type_in_parens(children[0]):
            operator, operand = children[1:]
            value = make("unary_expression", operator.start, end, [operator, operand])
            return self._cast(start, end, children[0], value)
        return make(kind, start, end, children)

    def _call(self, kind: str, start: int, end: int, children: list[Node]) -> Node:
        if len(children) == 2 and _is_type_in_parens(children[0]):
            arguments = children[1]
            if len(arguments.children) == 3:
                arguments.kind = "parenthesized_expression"
                return self._cast(start, end, children[0], arguments)
        return make(kind, start, end, children)

    def _cast(self, start: int, end: int, parens: Node, value: Node) -> Node:
        opening, name, closing = parens.children
        descriptor = make("type_descriptor", name.start, name.end, [name])
        return make("cast_expression", start, end, [opening, descriptor, closing, value])

    def _offsetof(self, _kind: str, start: int, end: int, children: list[Node]) -> Node:
        name = children[0]
        name.kind = "identifier"
        args = make("argument_list", children[1].start, end, children[1:])
        return make("call_expression", start, end, [name, args])


_TYPEOF = late_regex(rb"((?:__)?typeof(?:__)?|typeof_unqual|__typeof_unqual__)\s*\(")
_FUNCTION = b"void f(void){"


def typeof_specifier(text: bytes, start: int, end: int) -> Node | None:
    """Return `typeof(e)` at bytes [`start`, `end`) with what is in it, an expression or a type; None
    where that is neither, or the text something else.
    """
    word = _TYPEOF.match(text, start, end)
    if word is None:
        return None
    opening = word.end() - 1
    tree = parse(_FUNCTION + text[opening:end] + b";}")
    inner: Node | None = None
    if not tree.root_node.has_error:
        root = NodeBuilder(text, {}, opening - len(_FUNCTION)).build(tree.root_node)
        whole = next((n for n in root.walk() if n.kind == "parenthesized_expression"), None)
        if whole is not None and len(whole.children) == 3:
            inner = whole.children[1]
    if inner is None:
        inner = named_type(text, opening + 1, end - 1)
    if inner is None:
        return None
    children = [
        leaf("identifier", start, word.end(1), word[1]),
        leaf("(", opening, opening + 1, b"("),
        inner,
        leaf(")", end - 1, end, b")"),
    ]
    return make("macro_type_specifier", start, end, children)


def named_type(text: bytes, start: int, end: int) -> Node | None:
    """Return the `type_descriptor` that bytes [`start`, `end`) are, or None."""
    tree = parse(b"(" + text[start:end] + b")0;")
    if tree.root_node.has_error:
        return None
    root = NodeBuilder(text, {}, start - 1).build(tree.root_node)
    return next((n for n in root.walk() if n.kind == "type_descriptor"), None)


# Names that are types wherever they stand: include/linux/types.h, and the suffix that POSIX
# reserves.
_TYPE_NAME = late_regex(
    rb"(?:__)?(?:[usbl]e?|bool|u?int)(?:8|16|32|64)(?:_t)?\Z|\w+_t\Z|[us]long\Z"
)
_WORD = late_regex(rb"\w+")
_PREFIXES = frozenset({b"*", b"&", b"-", b"+"})


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


def _left_nested(row: Node) -> Node:
    """Return the operands of a row of commas as C nests them: `(a, b), c` (C11 6.5.17)."""
    node = row.children[0]
    if len(row.children) % 2 == 0 or any(child.text != b"," for child in row.children[1::2]):
        return row
    for comma, operand in zip(row.children[1::2], row.children[2::2], strict=True):
        node = make("comma_expression", node.start, operand.end, [node, comma, operand])
    return node


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


_Shape = Callable[[NodeBuilder, str, int, int, list[Node]], Node]

_SHAPES: dict[str, _Shape] = {
    "if_statement": NodeBuilder._head,
    "do_statement": NodeBuilder._unwrap_condition,
    "switch_statement": NodeBuilder._unwrap_condition,
    "while_statement": NodeBuilder._head,
    "for_statement": NodeBuilder._for,
    "compound_statement": NodeBuilder._compound,
    "translation_unit": NodeBuilder._compound,
    "declaration_list": NodeBuilder._compound,
    "binary_expression": NodeBuilder._binary,
    "call_expression": NodeBuilder._call,
    "comma_expression": NodeBuilder._comma,
    "update_expression": NodeBuilder._update,
    "expression_statement": NodeBuilder._expression_statement,
    "field_declaration": NodeBuilder._field,
    "declaration": NodeBuilder._function,
    "function_definition": NodeBuilder._function,
    "pointer_expression": NodeBuilder._pointer,
    "offsetof_expression": NodeBuilder._offsetof,
}

_NAMES = frozenset({"identifier", *_LEAF_NAMES})


_TOKEN, _NUMBER, _INNER, _NOTHING = range(4)
"""Sorts of tree-sitter's nodes: what is made of one of a kind."""

_Row = tuple[str, str, int, _Shape | None]
"""What is to be known of a kind: its name, that of its leaves, its sort, its shape."""


def _row(number: int, kind: str) -> _Row:
    is_named = LANGUAGE.node_kind_is_named(number)
    sort = _INNER
    if kind == "number_literal":
        sort = _NUMBER
    elif not is_named or kind in _FLATTENED_LEAVES or kind in _NAMES:
        sort = _TOKEN
    elif kind in _DROPPED:
        sort = _NOTHING
    return kind, _LEAF_NAMES.get(kind, kind), sort, _SHAPES.get(kind)


_TABLE = tuple(_row(number, kind) for number, kind in enumerate(_KINDS))
_ERROR: _Row = ("ERROR", "ERROR", _INNER, None)
