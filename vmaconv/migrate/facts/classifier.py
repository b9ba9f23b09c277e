# SPDX-License-Identifier: GPL-2.0-only
"""Tells what code does with a value of flags where the value stands.

In: an expression that is such a value (a variable, a member, a call), its unit's types, and a reader of
masks. Out: one of the `operations`. Whether that can be written for the new type is for `planner` to say.
"""

from __future__ import annotations

from msgspec.structs import replace

from vmaconv.cocci.match.code.context import is_tested
from vmaconv.cocci.tree.node import Node, bare
from vmaconv.cocci.types.expression_types import ExpressionTypes
from vmaconv.flags.truth_macros import TRUTH
from vmaconv.migrate.facts.local_names import argument_nodes
from vmaconv.migrate.facts.masks import MaskExpression, MaskReader, Reading, Unreadable
from vmaconv.migrate.facts.operations import (
    AddressTaken,
    Again,
    ArgumentSink,
    Assigned,
    Compare,
    Designated,
    Elsewhere,
    Grow,
    Initialiser,
    Keep,
    Meets,
    NoneTest,
    Operation,
    OtherUse,
    Returned,
    Rewrite,
    SetOrClear,
    Sink,
    Store,
    Test,
    ValueFlow,
    is_simple,
    outside,
    unrolled,
)
from vmaconv.uses.bool_guard import negations
from vmaconv.uses.reasons import is_none, text_of

_COMPARISONS = (b"==", b"!=")
_ORDERED = (b"<", b">", b"<=", b">=")


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
        if parent.kind == "binary_expression" and parent.children[1].text in (b"&&", b"||"):
            return Elsewhere(f"no helper tests {_short(root)}")
        return Elsewhere(f"used as a word in {_short(parent)}")


def _short(node: Node) -> str:
    text = text_of(node)
    return text if len(text) <= 60 else text[:57] + "..."


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
