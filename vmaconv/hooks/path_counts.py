# SPDX-License-Identifier: GPL-2.0-only
"""How often something has happened on the paths through a function's statements.

In: a function, and by how much each of its calls changes a count (a lock taken, a lock dropped, a flag
set). Out: the counts with which each exit and each call may be reached. A call that may fail counts
only where its result says that it did not; where that cannot be followed, both ways are taken.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Literal, TypeAlias

from msgspec import Struct, field

from vmaconv.cocci.tree.node import STATEMENTS, Node, bare
from vmaconv.hooks.hook_paths import LOOPS

When: TypeAlias = Literal["always", "zero", "nonzero", "maybe"]
"""For which results a call changes the count: for any, for 0 (`mutex_lock_interruptible()`), for
another (`mutex_trylock()`), for some that its text does not tell."""

Counts: TypeAlias = frozenset[int]

_MOST = 4
"""A count beyond which no more is told apart."""


class Change(Struct, frozen=True):
    """By how much a call changes the count, and for which of its results."""

    by: int
    when: When = "always"


class ReturnPath(Struct, frozen=True):
    """A way out: the `return`, or None for the end of the body, and the counts there."""

    statement: Node | None
    counts: Counts


class PathCounts(Struct):
    """The counts at the exits of a function, and before each call (by its first byte)."""

    exits: list[ReturnPath] = field(default_factory=list)
    before: dict[int, Counts] = field(default_factory=dict)


def path_counts(function: Node, change: Callable[[Node], Change | None]) -> PathCounts:
    """Return the counts of a function for the changes that its calls make."""
    walk = _Walk(change)
    body = function.children[-1]
    while True:
        walk.found = PathCounts()
        walk.grew = False
        end = walk.statement(body, frozenset({0}))
        if not walk.grew:
            break
    if end:
        walk.found.exits.append(ReturnPath(None, end))
    return walk.found


def result_of(one: ReturnPath) -> tuple[Literal["zero", "nonzero", ""], Node | None]:
    """Return what is known of an exit's result, and the call that it is, if it is one."""
    tokens = one.statement.tokens() if one.statement is not None else []
    if one.statement is None or len(tokens) < 3:
        return "", None
    value = bare(one.statement.children[1])
    if value.kind == "call_expression":
        return "", value
    if tokens[1] in (b"0", b"false", b"NULL") and len(tokens) == 3:
        return "zero", None
    if tokens[1] in (b"-", b"true", b"1"):
        return "nonzero", None
    inside = one.statement.enclosing("if_statement")
    is_failed = inside is not None and bare(inside.children[2]).text == value.text
    return ("nonzero" if is_failed and value.text else ""), None


def runs_again(function: Node, call: Node) -> bool:
    """Whether a call may run more than once: in a loop, or one of gotos."""
    paths = path_counts(function, lambda one: Change(1) if one is call else None)
    return max(paths.before.get(call.start, (0,)), default=0) > 0


class _Walk:
    """One way through the statements; labels grow until nothing is added to them."""

    def __init__(self, change: Callable[[Node], Change | None]) -> None:
        self._change = change
        self.found = PathCounts()
        self.grew = False
        self._labels: dict[bytes, Counts] = {}
        self._breaks: list[set[int]] = []
        self._continues: list[set[int]] = []

    # Statements: each takes the counts before it, and returns those with which it is left.

    def statement(self, node: Node, counts: Counts) -> Counts:
        match node.kind:
            case "compound_statement":
                return self._sequence(node.children, counts)
            case "if_statement":
                return self._choice(node, counts)
            case "switch_statement":
                return self._switch(node, counts)
            case "iterator_statement" if b"guard" in (node.children[0].text or b""):
                return self.statement(
                    node.children[-1], self._calls(node, counts, node.children[-1])
                )
            case _ if node.kind in LOOPS:
                return self._loop(node, counts)
            case "return_statement":
                if counts:
                    self.found.exits.append(ReturnPath(node, self._calls(node, counts)))
                return frozenset()
            case "goto_statement":
                name = next((c.text for c in node.children if c.kind == "identifier"), None) or b""
                self._reach(name, counts)
                return frozenset()
            case "break_statement" if self._breaks:
                self._breaks[-1] |= counts
                return frozenset()
            case "continue_statement" if self._continues:
                self._continues[-1] |= counts
                return frozenset()
            case _:
                return self._calls(node, counts)

    def _reach(self, label: bytes, counts: Counts) -> None:
        known = self._labels.get(label, frozenset())
        if not counts <= known:
            self.grew = True
            self._labels[label] = known | counts

    def _sequence(
        self, nodes: Sequence[Node], counts: Counts, cases: Counts = frozenset()
    ) -> Counts:
        previous: Node | None = None
        for node in nodes:
            if node.kind == "label":
                counts |= self._labels.get(node.children[0].text or b"", frozenset())
            elif node.kind == "case_label":
                counts |= cases
            elif node.kind == "if_statement" and previous is not None:
                counts = self._choice(node, counts, previous)
            elif node.kind in STATEMENTS or node.kind == "declaration":
                counts = self.statement(node, counts)
            previous = node if node.kind in ("expression_statement", "declaration") else None
        return counts

    def _choice(self, node: Node, counts: Counts, previous: Node | None = None) -> Counts:
        condition = node.children[2]
        arms = [c for c in node.children[3:] if c.kind in STATEMENTS]
        yes, no = self._branches(condition, counts, previous)
        left = self.statement(arms[0], yes) if arms else yes
        return left | (self.statement(arms[1], no) if len(arms) > 1 else no)

    def _branches(
        self, condition: Node, counts: Counts, previous: Node | None = None
    ) -> tuple[Counts, Counts]:
        """Return the counts where a condition holds, and where it does not."""
        node = bare(condition)
        operator = node.children[1].text if node.kind == "binary_expression" else b""
        if operator in (b"&&", b"||"):
            yes, no = self._branches(node.children[0], counts)
            first = yes if operator == b"&&" else no
            held, failed = self._branches(node.children[-1], first)
            return (held, no | failed) if operator == b"&&" else (yes | held, failed)
        subject, is_zero = _test(node)
        call = subject if subject.kind == "call_expression" else _set_by(previous, subject)
        if subject.kind == "assignment_expression":
            value = bare(subject.children[-1])
            call = value if value.kind == "call_expression" else None
        change = self._change(call) if call is not None else None
        if call is None or change is None or change.when in ("always", "maybe"):
            after = self._calls(condition, counts)
            return after, after
        if call is subject or subject.kind == "assignment_expression":
            counts = self._inside(call, counts)
        else:
            # The statement before has set it, and both ways have been counted.
            counts = self.found.before.get(call.start, counts)
        done = _moved(counts, change.by)
        happens = (change.when == "zero") == is_zero
        return (done, counts) if happens else (counts, done)

    def _switch(self, node: Node, counts: Counts) -> Counts:
        counts = self._calls(node, counts, node.children[-1])
        self._breaks.append(set())
        body = node.children[-1]
        end = self._sequence(body.children, frozenset(), counts)
        has_default = any(
            c.kind == "case_label" and c.children[0].text == b"default" for c in body.children
        )
        broken = self._breaks.pop()
        return end | broken | (frozenset() if has_default else counts)

    def _loop(self, node: Node, counts: Counts) -> Counts:
        entered = counts
        while True:
            self._breaks.append(set())
            self._continues.append(set())
            body = node.children[-1] if node.kind != "do_statement" else node.children[1]
            if node.kind == "while_statement":
                first, left = self._branches(node.children[2], entered)
            else:
                first = left = self._calls(node, entered, body)
            again = self.statement(body, entered if node.kind == "do_statement" else first)
            again |= self._continues.pop()
            broken = frozenset(self._breaks.pop())
            if again <= entered:
                return left | broken | (again if node.kind == "do_statement" else frozenset())
            entered |= again

    # Expressions.

    def _calls(self, node: Node, counts: Counts, without: Node | None = None) -> Counts:
        """Count the calls of a statement, those of `without` apart."""
        for call in node.walk():
            if call.kind != "call_expression":
                continue
            if without is not None and without.start <= call.start < without.end:
                continue
            counts = self._one(call, counts)
        return counts

    def _inside(self, call: Node, counts: Counts) -> Counts:
        self.found.before[call.start] = self.found.before.get(call.start, frozenset()) | counts
        for argument in call.children[1:]:
            counts = self._calls(argument, counts)
        return counts

    def _one(self, call: Node, counts: Counts) -> Counts:
        self.found.before[call.start] = self.found.before.get(call.start, frozenset()) | counts
        change = self._change(call)
        if change is None or not change.by:
            return counts
        done = _moved(counts, change.by)
        return done if change.when == "always" else counts | done


def _moved(counts: Counts, by: int) -> Counts:
    return frozenset(max(-_MOST, min(_MOST, count + by)) for count in counts)


def _test(condition: Node) -> tuple[Node, bool]:
    """Return what a condition looks at, and whether it holds where that is zero."""
    node, is_zero = bare(condition), False
    while True:
        if node.kind == "unary_expression" and node.children[0].text == b"!":
            node, is_zero = bare(node.children[-1]), not is_zero
        elif node.kind == "binary_expression" and node.children[1].text in (b"<", b"!=", b"=="):
            if node.children[-1].text != b"0":
                return node, is_zero
            is_zero = is_zero != (node.children[1].text == b"==")
            node = bare(node.children[0])
        elif node.kind == "call_expression" and node.children[0].text in (b"likely", b"unlikely"):
            inner = [c for c in node.children[-1].children if c.text not in (b"(", b")")]
            if len(inner) != 1:
                return node, is_zero
            node = bare(inner[0])
        else:
            return node, is_zero


def _set_by(previous: Node | None, name: Node) -> Node | None:
    """Return the call whose result the statement before has put into `name`."""
    if previous is None or name.kind != "identifier":
        return None
    for node in previous.walk():
        if node.kind in ("assignment_expression", "init_declarator"):
            value = bare(node.children[-1])
            if node.children[0].text == name.text and value.kind == "call_expression":
                return value
    return None
