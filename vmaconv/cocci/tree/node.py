# SPDX-License-Identifier: GPL-2.0-only
"""The syntax tree that patterns and C files share.

In: nothing; these are plain values. Out: `Node`, with tree-sitter-c's node names and the departures
listed below, so that a pattern and the code that it matches have one shape. Building one from C
text is `node_builder`; building one from a rule is `pattern`.

Departures from tree-sitter-c 0.24's shapes (`node_shapes` makes them, `pattern`
follows them):

* Comments and preprocessor lines are not in the tree.
* Every name is an `identifier` leaf (also type, field and label names, and `NULL`, `true`,
  `false`). `string_literal` and `char_literal` are leaves. Punctuation and keywords are leaves
  whose kind is their text. Two leaves match when their texts are equal.
* The parentheses of `if`, `while`, `do`, `switch` are children of the statement, not a
  `parenthesized_expression`; `else` and its statement are children of the `if_statement`:
  `if ( cond ) stmt [else stmt]`.
* `for_statement` always has nine children: `for ( init ; cond ; step ) body`; an absent part is an
  `empty` node of no width. A declaration in `init` has lost its `;`.
* A `case_label` (`case value :`, `case low ... high :`, `default :`) and a `label` (`name :`) are
  statements of their own; the statements after them are their siblings in the enclosing
  `compound_statement`.
* `;` alone is an `empty_statement`.
* `*x` and `&x` are `unary_expression` (operator, argument) like `!x`, `~x`, `-x`.
* An iterator macro with its body is an `iterator_statement`: name, `argument_list`, body.
* `offsetof(type, member)` is a `call_expression`.
* A type that stands as a macro's argument is a `type_argument` leaf.
* A function definition's old-style or macro oddities stay as tree-sitter gives them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from sys import intern


class Node:
    """One node: `kind`, the byte range [`start`, `end`) in its text, and `children`.

    A leaf has no children and its `text` (bytes); an inner node's `text` is None.
    `parent` is None at the root of what was built.

    There is no `__init__`: whole files are made of nodes, and the call of one costs as much as all
    else that is done for a leaf. `orphan`, `make` and `leaf` fill one in.
    """

    __slots__ = ("children", "end", "kind", "parent", "start", "text")

    kind: str
    start: int
    end: int
    children: tuple[Node, ...]
    text: bytes | None
    parent: Node | None

    def __repr__(self) -> str:
        if self.text is not None:
            return f"{self.kind}:{self.text.decode(errors='replace')}"
        return f"({self.kind} {' '.join(map(repr, self.children))})"

    @property
    def is_leaf(self) -> bool:
        """Whether the node is a token."""
        return self.text is not None

    def leaves(self) -> Iterator[Node]:
        """Yield the tokens below this node, left to right."""
        if self.text is not None:
            yield self
            return
        stack = [iter(self.children)]
        while stack:
            for child in stack[-1]:
                if child.text is not None:
                    yield child
                else:
                    stack.append(iter(child.children))
                    break
            else:
                stack.pop()

    def walk(self) -> Iterator[Node]:
        """Yield this node and all below it, parents first, left to right."""
        stack = [self]
        while stack:
            node = stack.pop()
            yield node
            if node.children:
                stack.extend(reversed(node.children))

    def nodes(self) -> list[Node]:
        """Return what `walk` yields, as a list: where all of it is kept, that takes half the time."""
        found: list[Node] = []
        stack = [self]
        while stack:
            node = stack.pop()
            found.append(node)
            if node.children:
                stack.extend(node.children[::-1])
        return found

    def tokens(self) -> list[bytes]:
        """Return the texts of the tokens below this node.

        >>> leaf("identifier", 0, 1, b"x").tokens()
        [b'x']
        """
        if self.text is not None:
            return [self.text]
        # Not by way of `leaves`: values are made of these, and a generator costs as much again.
        found: list[bytes] = []
        stack = list(self.children)
        stack.reverse()
        while stack:
            node = stack.pop()
            if node.text is not None:
                found.append(node.text)
            else:
                stack.extend(node.children[::-1])
        return found

    def ancestors(self) -> Iterator[Node]:
        """Yield the parent, its parent, and so on."""
        node = self.parent
        while node is not None:
            yield node
            node = node.parent

    def enclosing(self, *kinds: str) -> Node | None:
        """Return the nearest ancestor whose kind is one of `kinds`, or None."""
        node = self.parent
        while node is not None and node.kind not in kinds:
            node = node.parent
        return node


def orphan(
    kind: str, start: int, end: int, children: tuple[Node, ...] = (), text: bytes | None = None
) -> Node:
    """Make a node; its children keep the parents that they have."""
    node = Node()
    node.kind = kind
    node.start = start
    node.end = end
    node.children = children
    node.text = text
    node.parent = None
    return node


def make(kind: str, start: int, end: int, children: Sequence[Node]) -> Node:
    """Make an inner node and set its children's parent."""
    below = tuple(children)
    node = orphan(kind, start, end, below)
    for child in below:
        child.parent = node
    return node


def leaf(kind: str, start: int, end: int, text: bytes) -> Node:
    """Make a token."""
    return orphan(intern(kind), start, end, (), text)


STATEMENTS = frozenset(
    {
        "break_statement",
        "case_label",
        "compound_statement",
        "continue_statement",
        "do_statement",
        "empty_statement",
        "expression_statement",
        "for_statement",
        "goto_statement",
        "if_statement",
        "iterator_statement",
        "label",
        "labeled_statement",
        "return_statement",
        "switch_statement",
        "while_statement",
    }
)
"""Kinds that are statements (a `declaration` may stand among them)."""

EXPRESSIONS = frozenset(
    {
        "alignof_expression",
        "assignment_expression",
        "binary_expression",
        "call_expression",
        "cast_expression",
        "char_literal",
        "comma_expression",
        "compound_literal_expression",
        "compound_statement_expression",
        "concatenated_string",
        "conditional_expression",
        "field_expression",
        "generic_expression",
        "gnu_asm_expression",
        "identifier",
        "number_literal",
        "parenthesized_expression",
        "sizeof_expression",
        "string_literal",
        "subscript_expression",
        "unary_expression",
        "update_expression",
    }
)
"""Kinds that are expressions; an `identifier` may also be a name in another role."""


def bare(node: Node) -> Node:
    """Return what stands inside the parentheses around an expression, if any.

    >>> name = leaf("identifier", 1, 2, b"x")
    >>> around = [leaf("(", 0, 1, b"("), name, leaf(")", 2, 3, b")")]
    >>> bare(make("parenthesized_expression", 0, 3, around)) is name
    True
    """
    while node.kind == "parenthesized_expression" and len(node.children) == 3:
        node = node.children[1]
    return node
