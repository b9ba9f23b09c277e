# SPDX-License-Identifier: GPL-2.0-only
"""The operations of code on a value of flags, each as a value.

In: nothing; `classifier` makes them. Out: `Operation`: the value is tested, set, cleared, stored to,
compared, or goes somewhere (a `Sink`); and the parts that or-ed words come apart into.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct

from vmaconv.cocci.tree.node import Node, bare
from vmaconv.migrate.facts.masks import MaskExpression

Mode: TypeAlias = Literal["any", "all", "exactly"]


class Test(Struct, frozen=True):
    """`(e & mask) != 0` (any), `== mask` (all), `== part` (exactly).

    `whole` is what a call replaces, `word` the mask's expression.
    """

    whole: Node
    mode: Mode
    mask: MaskExpression
    part: MaskExpression | None
    negated: bool
    word: Node

    def same_question(self, other: Test) -> bool:
        """Whether both ask the same, perhaps one the opposite of the other."""
        mine, theirs = (self.mode, set(self.mask.bits)), (other.mode, set(other.mask.bits))
        own = set(self.part.bits) if self.part is not None else None
        part = set(other.part.bits) if other.part is not None else None
        return mine == theirs and own == part and self.mask.named == other.mask.named


class SetOrClear(Struct, frozen=True):
    """`e |= mask` (set) or `e &= ~mask` (clear), as a statement."""

    whole: Node
    is_set: bool
    mask: MaskExpression


class Grow(Struct, frozen=True):
    """`e |= value` (set) or `e &= ~value` (clear), where the value is no constant mask."""

    whole: Node
    is_set: bool
    value: Node


class Rewrite(Struct, frozen=True):
    """`e = e & ~a | b`, as a statement: several changes, in order."""

    whole: Node
    changes: tuple[SetOrClear, ...]


class Keep(Struct, frozen=True):
    """`e &= mask`, as a statement: the other flags go. `target` is `e` where it stands."""

    whole: Node
    target: Node
    mask: MaskExpression


class Meets(Struct, frozen=True):
    """`(e & other) != 0` (any) or `== other` (all), where the mask is another value.

    With `is_mask`, `e` is the mask: `(e & other) == e`.
    """

    whole: Node
    other: Node
    mode: Mode
    negated: bool
    is_mask: bool = False


class Store(Struct, frozen=True):
    """`e = value;`, as a statement."""

    whole: Node
    value: Node


class ArgumentSink(Struct, frozen=True):
    """Argument `index` (from 0) of a call."""

    call: Node
    index: int

    @property
    def callee(self) -> Node:
        return self.call.children[0]


class Assigned(Struct, frozen=True):
    """The right side of `target = ...`, or of `target |= ...` and `target &= ~...` where it `grows`."""

    target: Node
    grows: bool = False


class Initialiser(Struct, frozen=True):
    """The value that declares `leaf` (`vm_flags_t leaf = ...`)."""

    leaf: Node


class Designated(Struct, frozen=True):
    """The value of `.member = ...`; `designator` is the last one before the `=`."""

    designator: Node


class Returned(Struct, frozen=True):
    """The value that a function returns."""

    statement: Node


class Elsewhere(Struct, frozen=True):
    """A place that is none of these; `text` names it."""

    text: str


Sink: TypeAlias = ArgumentSink | Assigned | Initialiser | Designated | Returned | Elsewhere


class ValueFlow(Struct, frozen=True):
    """The value, perhaps as a part of `root`, goes to `sink`."""

    root: Node
    sink: Sink


class Compare(Struct, frozen=True):
    """`e == other` or `e != other`; `whole` is the comparison."""

    whole: Node
    other: Node
    negated: bool


class NoneTest(Struct, frozen=True):
    """The whole word is tested for being none (`if (e)`, `e == 0`)."""

    whole: Node
    negated: bool


class AddressTaken(Struct, frozen=True):
    """`&e`: somebody may write through it."""

    whole: Node


class Again(Struct, frozen=True):
    """The second naming of `e` in `e = e | mask`, which the first one's `SetOrClear` covers."""

    whole: Node


class OtherUse(Struct, frozen=True):
    """Anything else; `text` says what. `is_written` where the place changes the value itself."""

    text: str
    is_written: bool = False


Operation: TypeAlias = (
    Test
    | SetOrClear
    | Grow
    | Rewrite
    | Keep
    | Meets
    | Store
    | ValueFlow
    | Compare
    | NoneTest
    | AddressTaken
    | Again
    | OtherUse
)


class WordPart(Struct, frozen=True):
    """What is or-ed to a word (`is_set`), or taken away: `node` is then what stands behind the `~`."""

    is_set: bool
    node: Node


def unrolled(node: Node) -> tuple[Node, list[WordPart]]:
    """Take `base | a & ~b` apart: the base, and what is done to it in order."""
    node = bare(node)
    if node.kind == "binary_expression":
        left, operator, right = node.children[0], node.children[1].text, bare(node.children[-1])
        if operator == b"|":
            base, parts = unrolled(left)
            return base, [*parts, WordPart(True, right)]
        is_inverted = right.kind == "unary_expression" and right.children[0].text == b"~"
        if operator == b"&" and is_inverted:
            base, parts = unrolled(left)
            return base, [*parts, WordPart(False, right.children[-1])]
    return node, []


def outside(node: Node) -> tuple[Node, Node | None]:
    """Return the outermost parentheses around `node`, and what they stand in."""
    parent = node.parent
    while parent is not None and parent.kind == "parenthesized_expression":
        node, parent = parent, parent.parent
    return node, parent


def is_simple(node: Node) -> bool:
    """Whether naming an expression twice is the same as naming it once."""
    return all(
        part.text is not None or part.kind in ("field_expression", "parenthesized_expression")
        for part in node.walk()
    )
