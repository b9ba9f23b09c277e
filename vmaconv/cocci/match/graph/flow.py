# SPDX-License-Identifier: GPL-2.0-only
"""Making the control-flow graph of a function.

In: a function definition and the conditionals in it. Out: its `FlowGraph`. The arms of a conditional
are alternatives, as the branches of an `if` are. What Coccinelle's graph has is here, too, since
patterns see it: a return passes the closing braces of all the blocks that it leaves; one below an
`if` without else leads to an exit of its own; `while (1)` has a way out, and `do ... while (0)` no
way back.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Sequence
from typing import ClassVar

from msgspec import Struct

from vmaconv.cocci.match.graph.cfg import FlowGraph
from vmaconv.cocci.match.graph.flow_style import FlowStyle
from vmaconv.cocci.match.graph.point import Label, Point, PointKind
from vmaconv.cocci.tree.node import Node


class FlowArm(Struct, frozen=True):
    """An arm of a conditional: a byte range of the file; a `dead` one is never compiled."""

    start: int
    end: int
    dead: bool = False


class Alternatives(Struct, frozen=True):
    """A conditional whose arms hold whole statements."""

    arms: tuple[FlowArm, ...]

    @property
    def start(self) -> int:
        """Where the first arm begins."""
        return self.arms[0].start

    @property
    def end(self) -> int:
        """Where the last arm ends."""
        return self.arms[-1].end


Closer = Callable[[int, PointKind], int]
"""Adds what a jump passes on its way out of a block (after a point), and returns its number."""


class JumpTarget(Struct, frozen=True):
    """Where `continue` and `break` lead, and how many closers are outside."""

    again: int | None
    end: int
    depth: int
    label: Label


class StatementSurroundings(Struct, frozen=True):
    """What stands around a statement."""

    label: Label = ()
    closers: tuple[Closer, ...] = ()
    """Of the blocks that are open, innermost first."""
    loops: tuple[JumpTarget, ...] = ()
    """Loops and switches, innermost first."""
    opening: int | None = None
    """The brace of the innermost switch's body."""
    below_if: bool = False
    """Whether an `if` without else is open."""

    # Each statement asks for one of these: written out, they cost less than `replace`.

    def labelled(self, label: Label) -> StatementSurroundings:
        """Return what stands around the parts of a statement with this label."""
        return StatementSurroundings(label, self.closers, self.loops, self.opening, self.below_if)

    def closed_by(self, close: Closer) -> StatementSurroundings:
        """Return what stands around statements that jumps leave by way of `close`, too."""
        closers = (close, *self.closers)
        return StatementSurroundings(self.label, closers, self.loops, self.opening, self.below_if)

    def in_loop(self, loop: JumpTarget) -> StatementSurroundings:
        """Return what stands around the body of a loop."""
        loops = (loop, *self.loops)
        return StatementSurroundings(self.label, self.closers, loops, self.opening, self.below_if)

    def in_branch(self) -> StatementSurroundings:
        """Return what stands around the branch of an `if` without else."""
        return StatementSurroundings(self.label, self.closers, self.loops, self.opening, True)


class FlowBuilder:
    """Adds functions, blocks and lists of statements to a graph; `Branches` adds the statements."""

    def __init__(self, text: bytes, conditionals: Sequence[Alternatives], style: FlowStyle) -> None:
        self.graph = FlowGraph(text)
        self._style = style
        self._conditionals = conditionals
        self._labels: dict[bytes, int] = {}
        self._gotos: list[tuple[int, bytes]] = []
        self._statements = 0
        self._braces = 0
        self._exit = -1
        self._error_exit = -1

    def build(self, function: Node) -> FlowGraph:
        graph = self.graph
        *head, body = function.children
        top = graph.add(Point(PointKind.TOP, ()))
        graph.connect(top, top)
        header = graph.add(Point(PointKind.FUNCTION, (0,), function, tuple(head)))
        graph.connect(top, header)
        self._exit = graph.add(Point(PointKind.EXIT, ()))
        self._error_exit = graph.add(Point(PointKind.ERROR_EXIT, ()))
        end: int | None = header
        if body.kind == "compound_statement":
            end = self._block(header, body, StatementSurroundings((0,)), (0,), whole=True)
        for goto, name in self._gotos:
            graph.connect(goto, self._labels.get(name, self._exit))
        graph.connect(end, self._exit)
        graph.connect(self._exit, self._exit)
        graph.connect(self._error_exit, self._error_exit)
        self._lead_to_dead_code()
        return graph

    def _lead_to_dead_code(self) -> None:
        graph = self.graph
        reached = {end for ends in (*graph.direct, *graph.control) for end in ends}
        reached.add(self._error_exit)
        for number in range(len(graph.points)):
            if number not in reached:
                dead = self._add(PointKind.DEAD, ())
                graph.connect(dead, dead)
                graph.connect(dead, number)
            if not graph.direct[number] and not graph.control[number]:
                # A goto whose label is not here: nothing is known of where it leads.
                graph.connect(number, self._exit)

    def _add(self, kind: PointKind, label: Label, node: Node | None = None, count: int = 0) -> int:
        parts = tuple(node.children[:count]) if node is not None and count else ()
        return self.graph.add(Point(kind, label, node, parts))

    # Lists of statements.

    def _block(
        self,
        start: int | None,
        block: Node,
        around: StatementSurroundings,
        label: Label,
        whole: bool = False,
    ) -> int | None:
        """Add a block; `whole` is the body of a function."""
        opening, closing = self._brace_pair(block, label)
        self.graph.connect(start, opening)
        ends: list[tuple[int, PointKind]] = []
        inside = around.labelled(label).closed_by(self._copier(closing, ends))
        last = self._list(opening, statements_of(block), inside)
        end: int | None = None
        if last is not None:
            end = self.graph.add(closing)
            self.graph.connect(last, end)
            ends = [(end, PointKind.AFTER)]
        if not whole:
            self._link(opening, label, ends)
        return end

    def _brace_pair(self, block: Node, label: Label) -> tuple[int, Point]:
        """Add the opening brace; return it and the closing one, which is not added yet."""
        self._braces += 1
        first, last = block.children[0], block.children[-1]
        opening = Point(PointKind.OPEN, label, block, (first,), self._braces)
        return self.graph.add(opening), Point(PointKind.CLOSE, label, block, (last,), self._braces)

    def _copier(self, end: Point, ends: list[tuple[int, PointKind]]) -> Closer:
        """Return what puts a copy of `end` on the way of a jump, and notes it in `ends`."""

        def close(after: int, kind: PointKind) -> int:
            number = self.graph.add(_passed(end))
            self.graph.connect(after, number)
            ends.append((number, kind))
            return number

        return close

    def _link(self, head: int, label: Label, ends: Sequence[tuple[int, PointKind]]) -> None:
        """Lead from the head of a compound statement to its ends by way of `after` points."""
        for end, kind in ends:
            after = self._add(kind, label)
            self.graph.control[head].append(after)
            self.graph.control[after].append(end)

    def _list(
        self, start: int | None, statements: Sequence[Node], around: StatementSurroundings
    ) -> int | None:
        index = 0
        while index < len(statements):
            statement = statements[index]
            split = self._split(statement)
            if split is not None:
                upto = index
                while upto < len(statements) and statements[upto].start < split.end:
                    upto += 1
                start = self._arms(start, statements[index:upto], split, around)
                index = upto
                continue
            inner = around
            while statement.kind in ("label", "case_label"):
                # In C what follows a label belongs to it.
                start, inner = self._labelled(start, statement, inner)
                index += 1
                if index == len(statements) or self._split(statements[index]):
                    break
                statement = statements[index]
            else:
                start = self._statement(start, statement, inner)
                index += 1
        return start

    def _split(self, statement: Node) -> Alternatives | None:
        """Return the outermost conditional in the block of a statement that holds it."""
        if not self._conditionals:
            return None
        block = statement.parent
        for one in self._conditionals:
            if one.start > statement.start:
                return None
            inside = statement.start < one.end and one not in self._open_conditionals
            if inside and (block is None or one.start > block.start):
                return one
        return None

    _open_conditionals: tuple[Alternatives, ...] = ()

    def _arms(
        self,
        start: int | None,
        statements: Sequence[Node],
        split: Alternatives,
        around: StatementSurroundings,
    ) -> int | None:
        """Add the arms of a conditional, side by side; those of `#if 0` are left out."""
        graph = self.graph
        live = [arm for arm in split.arms if not arm.dead]
        opened, self._open_conditionals = (
            self._open_conditionals,
            (*self._open_conditionals, split),
        )
        try:
            if len(live) < len(split.arms):
                inside = [s for s in statements if any(a.start <= s.start < a.end for a in live)]
                return self._list(start, inside, around)
            head = self._add(PointKind.CONDITIONAL, around.label)
            graph.connect(start, head)
            end = self._add(PointKind.CONDITIONAL_END, around.label)
            if len(live) == 1:
                past = self._add(PointKind.FALL, around.label)
                graph.connect(head, past)
                graph.connect(past, end)
            inner = around.closed_by(self._copier(graph.points[end], []))
            for index, arm in enumerate(live):
                begin = head
                if index:
                    begin = self._add(PointKind.CONDITIONAL_ELSE, around.label)
                    graph.connect(head, begin)
                inside = [s for s in statements if arm.start <= s.start < arm.end]
                graph.connect(self._list(begin, inside, inner), end)
            return end
        finally:
            self._open_conditionals = opened

    # Statements.

    compound: ClassVar[Collection[str]] = frozenset()
    """Kinds of statement that are more than one point."""

    def _branch(
        self, start: int | None, node: Node, around: StatementSurroundings, label: Label
    ) -> int | None:
        """Add a statement of one of these kinds; return where it ends, if control can get there."""
        raise NotImplementedError

    def _number(self, around: StatementSurroundings) -> Label:
        self._statements += 1
        return (*around.label, self._statements)

    def _statement(
        self, start: int | None, node: Node, around: StatementSurroundings
    ) -> int | None:
        label = self._number(around)
        if node.kind in self.compound:
            return self._branch(start, node, around.labelled(label), label)
        point = self.graph.add(Point(PointKind.STATEMENT, label, node, (node,)))
        self.graph.connect(start, point)
        return point

    def _body(self, start: int | None, node: Node, around: StatementSurroundings) -> int | None:
        """Add the statement that is the body of another."""
        return self._statement(start, node, around)

    def _label(self, node: Node, label: Label, parts: tuple[Node, ...]) -> int:
        number = self.graph.add(Point(PointKind.LABEL, label, node, parts))
        self._labels.setdefault(node.children[0].text or b"", number)
        return number

    def _labelled(
        self, start: int | None, node: Node, around: StatementSurroundings
    ) -> tuple[int | None, StatementSurroundings]:
        """Add a label or case; also return what stands around the statement that belongs to it."""
        label = self._number(around)
        inner = around.labelled(label)
        if node.kind == "label":
            number = self._label(node, label, (node,))
            self.graph.connect(start, number)
            return number, inner
        kind = PointKind.DEFAULT if node.children[0].kind == "default" else PointKind.CASE
        number = self.graph.add(Point(kind, label, node, (node,)))
        if around.opening is not None:
            self.graph.connect(around.opening, number)
        if start != around.opening:
            self.graph.connect(start, number)
        return number, inner


def _passed(end: Point) -> Point:
    """Return an end again, on the way of a jump."""
    copied = end.kind is not PointKind.END
    return Point(end.kind, end.label, end.node, end.parts, end.brace, end.target, copied)


def statements_of(block: Node) -> tuple[Node, ...]:
    """Return what stands between a block's braces."""
    return block.children[1:-1]


def is_default(statement: Node) -> bool:
    """Whether a statement is the label `default:`."""
    return statement.kind == "case_label" and statement.children[0].kind == "default"
