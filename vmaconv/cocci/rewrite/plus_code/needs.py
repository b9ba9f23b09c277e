# SPDX-License-Identifier: GPL-2.0-only
"""How tightly operators bind around the metavariables of plus code.

In: the plus lines that go to one place. Out: for each metavariable the precedence that an
expression in its place needs to do without parentheses, and the precedence of all of the code. The
plus code is parsed, with the metavariables' names in their places, but for operators, which bind like
those that they stand for: C's own grammar says what `(T)e` or `a - e` asks for.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from vmaconv.cocci.match.attempt.value import BoundValue
from vmaconv.cocci.match.code.context import POSTFIX, PRIMARY, precedence, required_precedence
from vmaconv.cocci.smpl.mentions import Name, name_of
from vmaconv.cocci.smpl.rule import Metavariable, PlusLine, PlusToken
from vmaconv.cocci.tree.node import EXPRESSIONS, Node
from vmaconv.cocci.tree.node_builder import NodeBuilder, parse

_AROUND = ((b"int v=", b";"), (b"void f(void){", b"}"), (b"void f(void){", b";}"), (b"", b""))
"""What makes an expression, statements (the last without its semicolon), file-level code parse."""

WHOLE = -1
"""Around a metavariable that is all of the code: what it needs hangs on the place it goes to."""

_OPENING = frozenset({"", "(", "[", "{", ",", ";", "=", "return"})
_CLOSING = frozenset({"", ")", "]", "}", ",", ";"})


class PlusNeeds:
    """What plus code asks of what its metavariables stand for."""

    __slots__ = ("_parsed", "_places", "_whole", "lines")

    def __init__(self, lines: Sequence[PlusLine], operators: Mapping[Name, str]) -> None:
        """`operators` are those that metavariables stand for: see `operators_in()`."""
        self.lines = tuple(lines)
        self._parsed = [_with_operators(line, operators) for line in lines]
        self._places: dict[tuple[int, int], int] = {}
        self._whole: Node | None = None
        text = b"\n".join(line.text.encode() for line in self._parsed)
        for before, after in _AROUND:
            tree = parse(before + text + after).root_node
            if not tree.has_error:
                root = NodeBuilder(before + text + after, {}, 0).build(tree)
                if before == _AROUND[0][0]:
                    self._whole = _initialiser(root, len(before))
                self._read(root, len(before))
                break
        else:
            self._guess()

    def _read(self, root: Node, base: int) -> None:
        leaves = {leaf.start: leaf for leaf in root.leaves()}
        for number, line in enumerate(self._parsed):
            for index, token in enumerate(line.tokens):
                offset = base + len(line.text[: token.column].encode())
                if token.metavariable is not None and offset in leaves:
                    leaf = leaves[offset]
                    wanted = WHOLE if leaf is self._whole else required_precedence(leaf)
                    self._places[number, index] = wanted
            base += len(line.text.encode()) + 1

    def _guess(self) -> None:
        """Without a parse: anything but brackets and commas around it may bind tightly."""
        for number, line in enumerate(self.lines):
            texts = ["", *(token.text for token in line.tokens), ""]
            for index, token in enumerate(line.tokens):
                if token.metavariable is not None:
                    alone = texts[index] in _OPENING and texts[index + 2] in _CLOSING
                    self._places[number, index] = 2 if alone else POSTFIX

    def around(self, number: int, index: int) -> int:
        """Return what token `index` of line `number` has to bind like; both count from 0."""
        return self._places.get((number, index), 0)

    def loosest(self, bindings: Mapping[Name, BoundValue]) -> int:
        """Return how tightly the outermost operator of the code binds; loosest first.

        Code that is one metavariable binds like what that stands for.
        """
        tokens = [token for line in self.lines for token in line.tokens]
        if len(tokens) == 1 and tokens[0].metavariable is not None:
            value = value_of(tokens[0].metavariable, bindings)
            if value is not None and value.node is not None:
                return precedence(value.node)
        return precedence(self._whole) if self._whole is not None else PRIMARY


def value_of(meta: Metavariable, bindings: Mapping[Name, BoundValue]) -> BoundValue | None:
    """Return what `meta` is bound to, or None."""
    return bindings.get((meta.rule or "", meta.name))


def operators_in(lines: Sequence[PlusLine], bindings: Mapping[Name, BoundValue]) -> dict[Name, str]:
    """Return the operators that metavariables of plus lines stand for."""
    found: dict[Name, str] = {}
    for line in lines:
        for token in line.tokens:
            meta = token.metavariable
            if meta is not None and meta.kind.endswith(" operator"):
                value = value_of(meta, bindings)
                if value is not None:
                    found[name_of(meta)] = value.text.decode()
    return found


def _with_operators(line: PlusLine, operators: Mapping[Name, str]) -> PlusLine:
    """Return a line with operators for the metavariables that stand for them."""
    text, moved = line.text, 0
    tokens: list[PlusToken] = []
    for token in line.tokens:
        meta = token.metavariable
        column = token.column + moved
        tokens.append(replace(token, column=column))
        operator = operators.get(name_of(meta)) if meta is not None else None
        if operator is not None:
            text = text[:column] + operator + text[column + len(token.text) :]
            moved += len(operator) - len(token.text)
    return replace(line, text=text, tokens=tuple(tokens)) if operators else line


def _initialiser(root: Node, start: int) -> Node | None:
    for node in root.walk():
        if node.start >= start and node.kind in EXPRESSIONS:
            return node
    return None
