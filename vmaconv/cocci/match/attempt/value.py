# SPDX-License-Identifier: GPL-2.0-only
"""Values of metavariables, and environments.

In: nodes of a C file. Out: values that outlive the file's next rewrite: they hold texts, not nodes'
meaning, so that a later rule can inherit them. Two values are equal when their tokens are.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

from msgspec import Struct

from vmaconv.cocci.smpl.mentions import Name
from vmaconv.cocci.text.conditional_span import grown
from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.text.trivia import behind_blanks, comment_texts, comments
from vmaconv.cocci.text.word_places import WordPlaces
from vmaconv.cocci.tree.node import Node


class CodePosition(Struct, frozen=True):
    """Where a token or node stands: lines from 1, columns from 0, ends exclusive, a tab counts 1.

    `element` is where the function around it begins and ends (line, column, line, column), -1
    without one.
    """

    file: str
    line: int
    column: int
    line_end: int
    column_end: int
    current_element: str
    offset: int
    end: int
    element: tuple[int, int, int, int] = (-1, -1, -1, -1)


class CommentsAround(Struct, frozen=True):
    """The comments before, in and behind some code, up to the next tokens, a line each."""

    before: bytes
    middle: bytes
    after: bytes


class BoundValue(Struct, frozen=True):
    """What a metavariable stands for.

    `key` is its tokens with a space between them (what equality looks at, and what a script gets);
    `text` the original bytes, comments and line breaks included; `node` the matched node, if the
    value is one node of the file being matched; `nodes` the elements of a list. `data` is what an
    extension kind keeps for rendering; `suffix` is the part of a type that goes behind the declared
    name (`[3]` of `int [3]`; `text` is what goes before it). `identity` decides equality where
    tokens do not: two types may be one type, and two variables may have one name. `comments` are
    what a metavariable of that kind stands for.
    """

    key: bytes
    text: bytes
    node: Node | None = None
    nodes: tuple[Node, ...] | None = None
    positions: tuple[CodePosition, ...] = ()
    data: bytes | None = None
    suffix: bytes = b""
    identity: bytes = b""
    comments: CommentsAround | None = None

    def same(self, other: BoundValue) -> bool:
        """Whether both stand for the same tokens (for positions: share a place)."""
        if self.positions or other.positions:
            return bool(set(self.positions) & set(other.positions))
        if self.identity and other.identity:
            return self.identity == other.identity
        # A struct's definition has no identity; a typedef of it has its name for one.
        return self.key in (other.key, other.identity) or self.identity == other.key


Bindings = Mapping[Name, BoundValue]
"""An environment."""


class Values:
    """The values of nodes of one function, each made once; `shadowed` are names that blocks inside
    of it declare, and that may be others outside.
    """

    __slots__ = (
        "_spans",
        "_tokens",
        "_words",
        "element",
        "element_of",
        "expressions",
        "plain",
        "shadowed",
    )

    def __init__(self, shadowed: frozenset[bytes] = frozenset()) -> None:
        self.shadowed = shadowed
        # By the id of a node, which the value keeps alive.
        self.plain: dict[int, BoundValue] = {}
        self.expressions: dict[int, BoundValue] = {}
        self._tokens: list[bytes] = []
        self._spans: dict[int, tuple[int, int]] = {}
        self._words: WordPlaces | None = None
        self.element: tuple[int, int, int, int] | None = None
        """Where `element_of`, the item that was looked at last, begins and ends: lines and columns."""
        self.element_of: Node | None = None

    def words_of(self, item: Node, text: bytes) -> WordPlaces:
        """Return where the words of the function, `item`, stand in `text`, the whole file."""
        if self._words is None:
            self._words = WordPlaces(text, item.start, item.end)
        return self._words

    def tokens_of(self, node: Node, item: Node) -> Sequence[bytes]:
        """Return the tokens of a node of `item`; the item is gone through once for all of them.

        A node in a node in a node shares its tokens with them.
        """
        if not self._spans:
            self._note(item)
        span = self._spans.get(id(node))
        return self._tokens[span[0] : span[1]] if span is not None else node.tokens()

    def count_of(self, node: Node, item: Node) -> int:
        """Return how many tokens a node of `item` has."""
        if not self._spans:
            self._note(item)
        span = self._spans.get(id(node))
        return span[1] - span[0] if span is not None else len(node.tokens())

    def _note(self, item: Node) -> None:
        nodes = item.nodes()
        begins: list[int] = []
        for node in nodes:
            begins.append(len(self._tokens))
            if node.text is not None:
                self._tokens.append(node.text)
        for node, begin in zip(reversed(nodes), reversed(begins), strict=True):
            last = node.children[-1] if node.children else None
            leaf_end = begin + (node.text is not None)
            end = self._spans[id(last)][1] if last is not None else leaf_end
            self._spans[id(node)] = (begin, end)


def node_value(node: Node, text: bytes) -> BoundValue:
    """Return the value of one node of `text`, the whole file."""
    return BoundValue(b" ".join(node.tokens()), text[node.start : node.end], node)


def list_value(nodes: Iterable[Node], text: bytes) -> BoundValue:
    """Return the value of a list of nodes, the separators between them included in its text.

    An `#if` whose `#endif` stands between them is included, too.
    """
    items = tuple(nodes)
    if not items:
        return BoundValue(b"", b"", None, ())
    tokens: list[bytes] = []
    for node in items:
        tokens.extend(node.tokens())
    start, end = grown(text, items[0].start, items[-1].end)
    return BoundValue(b" ".join(tokens), text[start:end], None, items)


def words(code: bytes) -> list[bytes]:
    """Return the tokens of a piece of C.

    >>> words(b"if (c<0) f(1);")
    [b'if', b'(', b'c', b'<', b'0', b')', b'f', b'(', b'1', b')', b';']
    """
    return _TOKEN.findall(code)


_TOKEN = late_regex(
    rb"""
      "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*' | \d[\w.]* | \w+
    | -> | \+\+ | -- | <<= | >>= | \.\.\. | << | >> | && | \|\| | [-+*/%&|^<>=!]= | \S
    """,
    re.VERBOSE,
)


def comments_value(node: Node, text: bytes, start: int) -> BoundValue:
    """Return the comments around a node of `text`, the whole file; none begins before byte `start`."""
    before: list[bytes] = []
    at = node.start
    for begin, end in reversed(comments(text, start, node.start)):
        if text[end:at].strip():
            break
        before.insert(0, text[begin:end])
        at = begin
    middle = comment_texts(text[node.start : node.end])
    after = comment_texts(text[node.end : behind_blanks(text, node.end)])
    texts = [b"\n".join(found) for found in (before, middle, after)]
    return BoundValue(b"\0".join(texts), b"", comments=CommentsAround(*texts))


def text_value(text: bytes) -> BoundValue:
    """Return a value that is only a text, such as a virtual identifier's."""
    return BoundValue(text, text)
