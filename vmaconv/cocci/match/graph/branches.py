# SPDX-License-Identifier: GPL-2.0-only
"""Branches, loops and jumps of a control-flow graph, and making a whole one.

In: a function definition and the conditionals in it. Out: its `FlowGraph`.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec.structs import replace

from vmaconv.cocci.match.graph.cfg import FlowGraph
from vmaconv.cocci.match.graph.flow import (
    Alternatives,
    Closer,
    FlowBuilder,
    JumpTarget,
    StatementSurroundings,
    is_default,
    statements_of,
)
from vmaconv.cocci.match.graph.flow_style import FlowStyle
from vmaconv.cocci.match.graph.point import Label, Point, PointKind
from vmaconv.cocci.tree.node import Node


def build(
    function: Node, text: bytes, conditionals: Sequence[Alternatives], style: FlowStyle
) -> FlowGraph:
    """Return the graph of a `function_definition` in `text`; `conditionals` are in order.

    `int f(void) { if (x) g(); return 0; }` has the points `int f(void)`, `{`, `if (x)`, `[then]`,
    `g();`, `[fall through]`, `[after]`, `[end]`, `return 0;` and `}`, and those before and after
    the function.
    """
    return Branches(text, conditionals, style).build(function)


class Branches(FlowBuilder):
    """Adds statements that branch, loop or jump."""

    def _branch(
        self, start: int | None, node: Node, around: StatementSurroundings, label: Label
    ) -> int | None:
        return _MAKERS[node.kind](self, start, node, around, label)

    def _compound(
        self, start: int | None, node: Node, around: StatementSurroundings, label: Label
    ) -> int | None:
        return self._block(start, node, around, label)

    def _label_with_statement(
        self, start: int | None, node: Node, around: StatementSurroundings, label: Label
    ) -> int | None:
        """Add `name: statement` where it is the whole body of something."""
        number = self._label(node, label, tuple(node.children[:2]))
        self.graph.connect(start, number)
        if len(node.children) < 3:
            return number
        return self._body(number, node.children[-1], around)

    def _if(
        self, start: int | None, node: Node, around: StatementSurroundings, label: Label
    ) -> int | None:
        if len(node.children) > 5:
            return self._if_else(start, node, around, label)
        graph = self.graph
        head = self._add(PointKind.IF, label, node, 4)
        graph.connect(start, head)
        true, fall = self._add(PointKind.TRUE, label, node), self._add(PointKind.FALL, label)
        end = self._add(PointKind.END, label)
        graph.connect(head, true)
        graph.connect(head, fall)
        graph.connect(fall, end)
        self._link(head, label, [(end, PointKind.AFTER)])
        last = self._body(true, node.children[4], around.in_branch())
        graph.points[true].escapes = last is None
        graph.connect(last, end)
        return end

    def _if_else(
        self, start: int | None, node: Node, around: StatementSurroundings, label: Label
    ) -> int | None:
        graph = self.graph
        head = self._add(PointKind.IF, label, node, 4)
        graph.connect(start, head)
        true, false = self._add(PointKind.TRUE, label, node), self._add(PointKind.FALSE, label)
        other = graph.add(Point(PointKind.ELSE, label, node, (node.children[5],)))
        graph.connect(head, true)
        graph.connect(head, false)
        graph.connect(false, other)
        ends: list[tuple[int, PointKind]] = []
        close = self._copier(Point(PointKind.END, label), ends)
        inner = around.closed_by(close)
        first = self._body(true, node.children[4], inner)
        second = self._body(other, node.children[6], inner)
        graph.points[true].escapes = first is None
        end: int | None = None
        if first is not None or second is not None:
            end = self._add(PointKind.END, label)
            graph.connect(first, end)
            graph.connect(second, end)
            ends = [(end, PointKind.AFTER)]
        self._link(head, label, ends)
        return end

    def _loop(
        self,
        start: int | None,
        node: Node,
        around: StatementSurroundings,
        label: Label,
        kind: PointKind,
        count: int,
    ) -> int | None:
        graph = self.graph
        head = self._add(kind, label, node, count)
        graph.connect(start, head)
        inside, past = self._add(PointKind.IN_LOOP, label), self._add(PointKind.LOOP_END, label)
        end = self._add(PointKind.END, label)
        for first, second in ((head, inside), (past, end), (head, past)):
            graph.connect(first, second)
        loop = JumpTarget(head, end, len(around.closers), label)
        inner = around.in_loop(loop)
        last = self._body(inside, node.children[-1], inner)
        graph.connect(last, head if self._style.loops else past)
        return end

    def _while(
        self, start: int | None, node: Node, around: StatementSurroundings, label: Label
    ) -> int | None:
        return self._loop(start, node, around, label, PointKind.WHILE, 4)

    def _for(
        self, start: int | None, node: Node, around: StatementSurroundings, label: Label
    ) -> int | None:
        return self._loop(start, node, around, label, PointKind.FOR, len(node.children) - 1)

    def _iterator(
        self, start: int | None, node: Node, around: StatementSurroundings, label: Label
    ) -> int | None:
        return self._loop(start, node, around, label, PointKind.ITERATOR, 2)

    def _do(
        self, start: int | None, node: Node, around: StatementSurroundings, label: Label
    ) -> int | None:
        graph = self.graph
        head = self._add(PointKind.DO, label, node, 1)
        graph.connect(start, head)
        tail = graph.add(Point(PointKind.DO_TAIL, label, node, tuple(node.children[2:])))
        past, end = self._add(PointKind.FALL, label), self._add(PointKind.END, label)
        self._link(head, label, [(end, PointKind.AFTER)])
        if self._style.loops and (len(node.children) < 5 or node.children[4].text != b"0"):
            again = self._add(PointKind.IN_LOOP, label)
            graph.connect(tail, again)
            graph.connect(again, head)
        graph.connect(past, end)
        graph.connect(tail, past)
        loop = JumpTarget(tail, end, len(around.closers), label)
        inner = around.in_loop(loop)
        graph.connect(self._body(head, node.children[1], inner), tail)
        return end

    def _switch(
        self, start: int | None, node: Node, around: StatementSurroundings, label: Label
    ) -> int | None:
        graph = self.graph
        block = node.children[-1]
        head = self._add(PointKind.SWITCH, label, node, 4)
        graph.connect(start, head)
        if block.kind != "compound_statement":
            return head
        end = self._add(PointKind.END, label)
        opening, closing = self._brace_pair(block, label)
        graph.connect(head, opening)
        statements = statements_of(block)
        if not any(is_default(statement) for statement in statements):
            past = self._add(PointKind.FALL, label)
            graph.connect(past, end)
            graph.connect(head, past)

        switch = JumpTarget(None, end, len(around.closers), label)
        inner = replace(
            around,
            closers=(self._copier(closing, []), *around.closers),
            loops=(switch, *around.loops),
            opening=opening,
        )
        last = self._list(opening, statements, inner)
        if last is not None:
            brace = graph.add(closing)
            graph.connect(last, brace)
            graph.connect(brace, end)
        if not any(end in ends for ends in graph.direct):
            return None
        self._link(head, label, [(end, PointKind.AFTER)])
        return end

    # Jumps.

    def _leave(self, start: int, closers: Sequence[Closer], kind: PointKind) -> int:
        """Pass the ends of blocks on the way out of them; return where that leads."""
        for close in closers:
            start = close(start, kind)
        return start

    def _jump(self, kind: PointKind, start: int | None, node: Node, label: Label) -> int:
        number = self.graph.add(Point(kind, label, node, (node,)))
        self.graph.connect(start, number)
        return number

    def _goto(
        self, start: int | None, node: Node, around: StatementSurroundings, label: Label
    ) -> int | None:
        number = self._jump(PointKind.GOTO, start, node, label)
        if not self._style.gotos:
            return number
        # As in Coccinelle, a label is taken to stand in the outermost block.
        number = self._leave(number, around.closers[:-1], PointKind.GOTO_AFTER)
        self._gotos.append((number, node.children[1].text or b""))
        return None

    def _return(
        self, start: int | None, node: Node, around: StatementSurroundings, label: Label
    ) -> int | None:
        number = self._jump(PointKind.RETURN, start, node, label)
        number = self._leave(number, around.closers, PointKind.AFTER)
        self.graph.connect(number, self._error_exit if around.below_if else self._exit)
        return None

    def _break(
        self, start: int | None, node: Node, around: StatementSurroundings, label: Label
    ) -> int | None:
        loop = around.loops[0] if around.loops else None
        return self._out_of(loop, PointKind.BREAK, start, node, around, label)

    def _continue(
        self, start: int | None, node: Node, around: StatementSurroundings, label: Label
    ) -> int | None:
        loop = next((one for one in around.loops if one.again is not None), None)
        return self._out_of(loop, PointKind.CONTINUE, start, node, around, label)

    def _out_of(
        self,
        loop: JumpTarget | None,
        kind: PointKind,
        start: int | None,
        node: Node,
        around: StatementSurroundings,
        label: Label,
    ) -> int | None:
        number = self._jump(kind, start, node, label)
        if loop is None:
            # In the body of a macro's loop that nobody recognised; it goes on somewhere.
            return number
        self.graph.points[number].target = loop.label
        closers = around.closers[: len(around.closers) - loop.depth]
        number = self._leave(number, closers, PointKind.AFTER)
        again = self._style.loops and kind is PointKind.CONTINUE
        end = loop.again if again and loop.again is not None else loop.end
        self.graph.connect(number, end)
        return None


_Maker = Callable[[Branches, int | None, Node, StatementSurroundings, Label], int | None]

_MAKERS: dict[str, _Maker] = {
    "break_statement": Branches._break,
    "compound_statement": Branches._compound,
    "continue_statement": Branches._continue,
    "do_statement": Branches._do,
    "for_statement": Branches._for,
    "goto_statement": Branches._goto,
    "if_statement": Branches._if,
    "iterator_statement": Branches._iterator,
    "labeled_statement": Branches._label_with_statement,
    "return_statement": Branches._return,
    "switch_statement": Branches._switch,
    "while_statement": Branches._while,
}
Branches.compound = frozenset(_MAKERS)
