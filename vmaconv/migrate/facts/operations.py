# SPDX-License-Identifier: GPL-2.0-only
"""What code does with a value of flags.

In: an expression that is such a value (a variable, a member, a call). Out: one `Operation`: it is
tested, set, cleared, stored to, compared, or its value goes somewhere (a `Sink`). Whether that
can be written for the new type is for `planner` to say.
"""

from __future__ import annotations

from typing import Literal, TypeAlias

from msgspec import Struct
from msgspec.structs import replace

from vmaconv.cocci.match.code.context import is_tested
from vmaconv.cocci.tree.node import Node, bare
from vmaconv.cocci.types.expression_types import ExpressionTypes
from vmaconv.flags.truth_macros import TRUTH
from vmaconv.migrate.facts.local_names import argument_nodes
from vmaconv.migrate.facts.masks import MaskExpression, MaskReader, Reading, Unreadable
from vmaconv.uses.bool_guard import negations
from vmaconv.uses.reasons import is_none, text_of

_COMPARISONS = (b"==", b"!=")
_ORDERED = (b"<", b">", b"<=", b">=")

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


class Part(Struct, frozen=True):
    """What is or-ed to a word (`is_set`), or taken away: `node` is then what stands behind the `~`."""

    is_set: bool
    node: Node


def unrolled(node: Node) -> tuple[Node, list[Part]]:
    """Take `base | a & ~b` apart: the base, and what is done to it in order."""
    node = bare(node)
    if node.kind == "binary_expression":
        left, operator, right = node.children[0], node.children[1].text, bare(node.children[-1])
        if operator == b"|":
            base, parts = unrolled(left)
            return base, [*parts, Part(True, right)]
        is_inverted = right.kind == "unary_expression" and right.children[0].text == b"~"
        if operator == b"&" and is_inverted:
            base, parts = unrolled(left)
            return base, [*parts, Part(False, right.children[-1])]
    return node, []


def outside(node: Node) -> tuple[Node, Node | None]:
    """Return the outermost parentheses around `node`, and what they stand in."""
    parent = node.parent
    while parent is not None and parent.kind == "parenthesized_expression":
        node, parent = parent, parent.parent
    return node, parent


class Classifier:
    """Classifies the places of one unit."""

    def __init__(self, reader: MaskReader, types: ExpressionTypes) -> None:
        self._reader = reader
        self._types = types
        self._text = types.unit.text

    def _read(self, node: Node) -> Reading:
        return self._reader.read(node, self._text, self._types.unit.path)

    def classify(self, value: Node) -> Operation:
        """Say what is done with `value` where it stands."""
        node, parent = outside(value)
        if parent is None:
            return OtherUse("stands alone")
        if parent.kind == "binary_expression" and (again := self._again(value)) is not None:
            return again
        kind = parent.kind
        if kind == "assignment_expression" and node is parent.children[0]:
            return self._assigned(parent)
        if kind == "update_expression":
            return OtherUse("counted up or down", True)
        if kind == "unary_expression" and parent.children[0].text == b"&":
            return AddressTaken(parent)
        if kind == "unary_expression" and parent.children[0].text == b"!":
            return NoneTest(parent, True)
        if kind == "binary_expression":
            return self._binary(node, parent)
        if is_tested(node, self._types, TRUTH):
            return NoneTest(node, False)
        return self._flow(node)

    def _assigned(self, assignment: Node) -> Operation:
        operator, value = assignment.children[1].text, assignment.children[-1]
        holder = assignment.parent
        if holder is None or holder.kind != "expression_statement":
            return OtherUse("the assignment's value is used", True)
        if operator == b"=":
            return self._rewritten(assignment, value) or Store(assignment, value)
        if operator == b"|=":
            mask = self._read(value)
            if isinstance(mask, MaskExpression):
                return SetOrClear(assignment, True, mask)
            return Grow(assignment, True, value)
        if operator == b"&=":
            return self._cleared(assignment, value)
        return OtherUse(f"no helper does what {(operator or b'?').decode()} does", True)

    def _rewritten(self, assignment: Node, value: Node) -> SetOrClear | Rewrite | None:
        """Read `e = e | mask` and `e = e & ~mask` as the changes that they are."""
        base, parts = unrolled(value)
        target = assignment.children[0]
        if len(parts) > 1 and is_simple(target) and base.tokens() == target.tokens():
            masks = [self._read(part.node) for part in parts]
            changes = tuple(
                SetOrClear(assignment, part.is_set, mask)
                for part, mask in zip(parts, masks, strict=True)
                if isinstance(mask, MaskExpression)
            )
            return Rewrite(assignment, changes) if len(changes) == len(parts) else None
        return self._rewritten_once(assignment, value)

    def _rewritten_once(self, assignment: Node, value: Node) -> SetOrClear | None:
        value = bare(value)
        if value.kind != "binary_expression" or not is_simple(assignment.children[0]):
            return None
        target = assignment.children[0].tokens()
        left, operator, right = value.children[0], value.children[1].text, value.children[-1]
        if bare(left).tokens() != target:
            left, right = right, left
        if bare(left).tokens() != target:
            return None
        is_set = operator == b"|"
        if operator == b"&":
            right = bare(right)
            if right.kind != "unary_expression" or right.children[0].text != b"~":
                return None
            right = right.children[-1]
        mask = self._read(right) if operator in (b"|", b"&") else None
        return SetOrClear(assignment, is_set, mask) if isinstance(mask, MaskExpression) else None

    def _again(self, node: Node) -> Again | None:
        """Find out whether the value is the second naming in `e = e | mask`."""
        assignment = node.enclosing("assignment_expression")
        if assignment is None or assignment.children[1].text != b"=":
            return None
        holder = assignment.parent
        if holder is None or holder.kind != "expression_statement":
            return None
        if node.tokens() != assignment.children[0].tokens():
            return None
        found = self._rewritten(assignment, assignment.children[-1])
        return Again(assignment) if found is not None else None

    def _cleared(self, assignment: Node, value: Node) -> Operation:
        inner = bare(value)
        if inner.kind == "unary_expression" and inner.children[0].text == b"~":
            mask = self._read(inner.children[-1])
            if isinstance(mask, MaskExpression):
                return SetOrClear(assignment, False, mask)
            return Grow(assignment, False, inner.children[-1])
        mask = self._read(inner)
        if isinstance(mask, MaskExpression):
            return Keep(assignment, assignment.children[0], mask)
        return OtherUse(f"no helper keeps {text_of(value)} alone", True)

    def _binary(self, node: Node, parent: Node) -> Operation:
        operator = parent.children[1].text
        other = parent.children[-1] if node is parent.children[0] else parent.children[0]
        if operator == b"&":
            mask = self._read(other)
            if isinstance(mask, MaskExpression):
                return self._masked(parent, mask, other)
            met = self._met(node, parent, bare(other))
            why = f"combined with {text_of(bare(other))}: {mask.text}"
            return met if met is not None else self._flow(node, why)
        if operator in _COMPARISONS:
            negated = operator == b"!="
            if is_none(other):
                return NoneTest(parent, not negated)
            return Compare(parent, other, negated)
        if operator in (b"&&", b"||"):
            return NoneTest(node, False)
        return self._flow(node)

    def _met(self, value: Node, both: Node, other: Node) -> Meets | None:
        """Read `e & other` as a question, where its truth is all that counts."""
        if other.kind not in ("identifier", "field_expression"):
            return None
        node, holder = outside(both)
        if (
            holder is None
            or holder.kind != "binary_expression"
            or holder.children[1].text not in _COMPARISONS
        ):
            is_asked = is_tested(both, self._types, TRUTH)
            return Meets(both, other, "any", False) if is_asked else None
        unequal = holder.children[1].text == b"!="
        second = bare(holder.children[-1] if node is holder.children[0] else holder.children[0])
        if is_none(second):
            return Meets(holder, other, "any", not unequal)
        if second.tokens() == other.tokens():
            return Meets(holder, other, "all", unequal)
        if second.tokens() == bare(value).tokens():
            return Meets(holder, other, "all", unequal, True)
        return None

    def _masked(self, test: Node, mask: MaskExpression, word: Node) -> Operation:
        node, holder = outside(test)
        if holder is not None and holder.kind == "binary_expression":
            operator = holder.children[1].text
            other = holder.children[-1] if node is holder.children[0] else holder.children[0]
            if operator in _COMPARISONS:
                found = self._compared(holder, mask, word, other)
                if found is not None:
                    return found
                return OtherUse(f"the masked word is compared with {text_of(bare(other))}")
            if operator in _ORDERED:
                return OtherUse(f"used as a number in {text_of(holder)}")
        if is_tested(test, self._types, TRUTH):
            return self._plain(Test(test, "any", mask, None, False, word))
        return self._flow(test, f"the masked word counts in {text_of(test)}, not only its truth")

    def _compared(
        self, whole: Node, mask: MaskExpression, word: Node, other: Node
    ) -> Operation | None:
        unequal = whole.children[1].text == b"!="
        if is_none(other):
            return self._plain(Test(whole, "any", mask, None, not unequal, word))
        part = self._read(other)
        if isinstance(part, Unreadable):
            return None
        if part.named is not None and part.named == mask.named:
            return self._plain(Test(whole, "all", mask, None, unequal, word))
        if not part.bits or not mask.bits or not mask.covers(part):
            return None
        if part.covers(mask):
            return self._plain(Test(whole, "all", mask, None, unequal, word))
        return Test(whole, "exactly", mask, part, unequal, word)

    def _plain(self, test: Test) -> Test:
        """Take doubled negations into a test: what it becomes is a bool without them."""
        whole, outer = negations(test.whole, self._text)
        if not outer or outer + test.negated < 2:
            return test
        return replace(test, whole=whole, negated=bool((outer + test.negated) % 2))

    def _flow(self, node: Node, why: str = "") -> Operation:
        """Climb from a value to where it goes."""
        root, parent = outside(node)
        while parent is not None and _passes_on(root, parent):
            root, parent = outside(parent)
        if parent is None:
            return OtherUse(why or "stands alone")
        sink = self._sink(root, parent)
        if isinstance(sink, Elsewhere):
            return OtherUse(why or sink.text)
        return ValueFlow(root, sink)

    def _sink(self, root: Node, parent: Node) -> Sink:
        match parent.kind:
            case "argument_list" if parent.parent is not None:
                if parent.parent.kind == "call_expression":
                    arguments = argument_nodes(parent.parent)
                    index = next((i for i, a in enumerate(arguments) if a is root), -1)
                    return ArgumentSink(parent.parent, index)
            case "assignment_expression" if root is parent.children[-1]:
                target, operator = parent.children[0], parent.children[1].text
                if operator in (b"=", b"|="):
                    return Assigned(target, operator == b"|=")
                if operator == b"&=" and target.kind == "identifier" and _is_complement(root):
                    # The target's own use writes it, as one that clears what this one has.
                    return Assigned(target, True)
            case "init_declarator" if root is parent.children[-1]:
                if parent.children[0].kind == "identifier":
                    return Initialiser(parent.children[0])
            case "initializer_pair" if root is parent.children[-1]:
                return Designated(parent.children[-3])
            case "return_statement":
                return Returned(parent)
        text = text_of(parent)
        return Elsewhere(f"used as a word in {text if len(text) <= 60 else text[:57] + '...'}")


def is_simple(node: Node) -> bool:
    """Whether naming an expression twice is the same as naming it once."""
    return all(
        part.text is not None or part.kind in ("field_expression", "parenthesized_expression")
        for part in node.walk()
    )


def _is_complement(node: Node) -> bool:
    """Whether an expression is `~x` of a name."""
    node = bare(node)
    return (
        node.kind == "unary_expression"
        and node.children[0].text == b"~"
        and bare(node.children[-1]).kind == "identifier"
    )


def _passes_on(node: Node, parent: Node) -> bool:
    """Whether an operand's value goes on, whole or in part, as the value of `parent`."""
    match parent.kind:
        case "conditional_expression":
            return node is not parent.children[0]
        case "binary_expression":
            return parent.children[1].text in (b"|", b"&")
        case "unary_expression":
            return parent.children[0].text == b"~"
    return False
