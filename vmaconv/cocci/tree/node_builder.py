# SPDX-License-Identifier: GPL-2.0-only
"""From tree-sitter's tree to ours.

In: a tree-sitter node, the text that edits apply to, and the shim's marks. Out: `Node`s of the
shape that `node` describes. Masked names get their original text back here. What becomes of a node's
children is in `node_shapes`.
"""

from __future__ import annotations

from collections.abc import Mapping

import tree_sitter
import tree_sitter_c

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.tree.node import Node, leaf, make, orphan
from vmaconv.cocci.tree.node_shapes import SHAPES, MaskedStretch, MaskedText, Shape

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


def parse(text: bytes) -> tree_sitter.Tree:
    """Parse C `text` (already masked) with tree-sitter-c."""
    return tree_sitter.Parser(LANGUAGE).parse(text)


class NodeBuilder:
    """Turns tree-sitter nodes into `Node`s over `text`, the original bytes.

    What was parsed begins at byte `base` of `text`; `marks` are keyed by offset from there.
    """

    __slots__ = ("_code",)

    def __init__(self, text: bytes, marks: Mapping[int, MaskedStretch], base: int = 0) -> None:
        self._code = MaskedText(text, marks, base)

    def build(self, root: tree_sitter.Node) -> Node:
        """Build the node for `root` and all below it; comments are left out."""
        number = root.kind_id
        kind, _, _, shape = _TABLE[number] if number < len(_TABLE) else _ERROR
        built = self._build(root, kind, shape)
        if built is None:
            base = self._code.base
            return make("translation_unit", root.start_byte + base, root.end_byte + base, [])
        return built

    def _build(self, node: tree_sitter.Node, kind: str, shape: Shape | None) -> Node | None:
        """Build what is no token. Most nodes are tokens: they are made here, without a call each."""
        code = self._code
        base, text, marks = code.base, code.text, code.marks
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
            return shape(code, kind, start, end, children)
        return make(kind, start, end, children)

    def _leaf(self, kind: str, start: int, end: int) -> Node:
        code = self._code
        mark = code.marks.get(start - code.base)
        if mark is not None and mark.role == "storage":
            end = mark.end + code.base
            word = code.text[start:end]
            return make(
                "storage_class_specifier", start, end, [leaf(word.decode(), start, end, word)]
            )
        if mark is not None and mark.role not in ("attribute", "definer"):
            end = mark.end + code.base
            if mark.role == "type_argument" and kind == "type_identifier":
                specifier = typeof_specifier(code.text, start, end)
                if specifier is not None:
                    return specifier
            kind = "type_argument" if mark.role == "type_argument" else "identifier"
            return leaf(kind, start, end, code.text[start:end])
        # What stands before the text, as the shim has it for a directive's body, has none.
        text = code.text[max(start, 0) : max(start, end, 0)]
        if kind == "number_literal" and text[:1] in (b"-", b"+"):
            # tree-sitter takes the sign of `return -1;` for part of the number.
            sign = leaf(text[:1].decode(), start, start + 1, text[:1])
            digits = text[1:].lstrip()
            number = leaf(kind, end - len(digits), end, digits)
            return make("unary_expression", start, end, [sign, number])
        return orphan(_LEAF_NAMES.get(kind, kind), start, end, (), text)


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


def _left_nested(row: Node) -> Node:
    """Return the operands of a row of commas as C nests them: `(a, b), c` (C11 6.5.17)."""
    node = row.children[0]
    if len(row.children) % 2 == 0 or any(child.text != b"," for child in row.children[1::2]):
        return row
    for comma, operand in zip(row.children[1::2], row.children[2::2], strict=True):
        node = make("comma_expression", node.start, operand.end, [node, comma, operand])
    return node


_NAMES = frozenset({"identifier", *_LEAF_NAMES})


_TOKEN, _NUMBER, _INNER, _NOTHING = range(4)
"""Sorts of tree-sitter's nodes: what is made of one of a kind."""

_Row = tuple[str, str, int, Shape | None]
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
    return kind, _LEAF_NAMES.get(kind, kind), sort, SHAPES.get(kind)


_TABLE = tuple(_row(number, kind) for number, kind in enumerate(_KINDS))
_ERROR: _Row = ("ERROR", "ERROR", _INNER, None)
