"""Making the control-flow graph of a function.

In: a function definition and the conditionals in it. Out: its `Graph`. The arms of a conditional are
alternatives, as the branches of an `if` are. What Coccinelle's graph has is here, too, since patterns
see it: a return passes the closing braces of all the blocks that it leaves; one below an `if` without
else leads to an exit of its own; `while (1)` has a way out, and `do ... while (0)` no way back.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from vmaconv.match.cfg import Graph, Kind, Label, Point
from vmaconv.source.tree import Node


@dataclass(frozen=True, slots=True)
class Arm:
    """An arm of a conditional: a byte range of the file; a `dead` one is never compiled."""

    start: int
    end: int
    dead: bool = False


@dataclass(frozen=True, slots=True)
class Alternatives:
    """A conditional whose arms hold whole statements."""

    arms: tuple[Arm, ...]

    @property
    def start(self) -> int:
        """Where the first arm begins."""
        return self.arms[0].start

    @property
    def end(self) -> int:
        """Where the last arm ends."""
        return self.arms[-1].end


_Closer = Callable[[int, Kind], int]
"""Adds what a jump passes on its way out of a block (after a point), and returns its number."""


@dataclass(frozen=True, slots=True)
class _Loop:
    """A loop or switch: where `continue` and `break` lead, and how many closers are outside of it."""

    again: int | None
    end: int
    depth: int
    label: Label


@dataclass(frozen=True, slots=True)
class _Around:
    """What stands around a statement."""

    label: Label = ()
    closers: tuple[_Closer, ...] = ()
    """Of the blocks that are open, innermost first."""
    loops: tuple[_Loop, ...] = ()
    """Loops and switches, innermost first."""
    opening: int | None = None
    """The brace of the innermost switch's body."""
    below_if: bool = False
    """Whether an `if` without else is open."""


def build(function: Node, text: bytes, conditionals: Sequence[Alternatives] = ()) -> Graph:
    """Return the graph of a `function_definition` in `text`; `conditionals` are in order.

    `int f(void) { if (x) g(); return 0; }` has the points `int f(void)`, `{`, `if (x)`, `[then]`, `g();`,
    `[fall through]`, `[after]`, `[end]`, `return 0;` and `}`, and those before and after the function.
    """
    return _Builder(text, conditionals).build(function)


class _Builder:
    def __init__(self, text: bytes, conditionals: Sequence[Alternatives]) -> None:
        self.graph = Graph(text)
        self._conditionals = conditionals
        self._labels: dict[bytes, int] = {}
        self._statements = 0
        self._braces = 0
        self._exit = -1
        self._error_exit = -1

    def build(self, function: Node) -> Graph:
        graph = self.graph
        *head, body = function.children
        top = graph.add(Point(Kind.TOP, ()))
        graph.connect(top, top)
        header = graph.add(Point(Kind.FUNCTION, (0,), function, tuple(head)))
        graph.connect(top, header)
        self._exit = graph.add(Point(Kind.EXIT, ()))
        self._error_exit = graph.add(Point(Kind.ERROR_EXIT, ()))
        for name in _label_names(body):
            self._labels.setdefault(name, graph.add(Point(Kind.LABEL, ())))
        end: int | None = header
        if body.kind == "compound_statement":
            end = self._block(header, body, _Around((0,)), (0,), whole=True)
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
                dead = self._add(Kind.DEAD, ())
                graph.connect(dead, dead)
                graph.connect(dead, number)
            if not graph.direct[number] and not graph.control[number]:
                # A goto whose label is not here: nothing is known of where it leads.
                graph.connect(number, self._exit)

    def _add(self, kind: Kind, label: Label, node: Node | None = None, count: int = 0) -> int:
        parts = tuple(node.children[:count]) if node is not None and count else ()
        return self.graph.add(Point(kind, label, node, parts))

    # Lists of statements.

    def _block(
        self, start: int | None, block: Node, around: _Around, label: Label, whole: bool = False
    ) -> int | None:
        """Add a block; `whole` is the body of a function."""
        opening, closing = self._brace_pair(block, label)
        self.graph.connect(start, opening)
        ends: list[tuple[int, Kind]] = []
        inside = replace(
            around, label=label, closers=(self._copier(closing, ends), *around.closers)
        )
        last = self._list(opening, _statements(block), inside)
        end: int | None = None
        if last is not None:
            end = self.graph.add(closing)
            self.graph.connect(last, end)
            ends = [(end, Kind.AFTER)]
        if not whole:
            self._link(opening, label, ends)
        return end

    def _brace_pair(self, block: Node, label: Label) -> tuple[int, Point]:
        """Add the opening brace; return it and the closing one, which is not added yet."""
        self._braces += 1
        first, last = block.children[0], block.children[-1]
        opening = Point(Kind.OPEN, label, block, (first,), self._braces)
        return self.graph.add(opening), Point(Kind.CLOSE, label, block, (last,), self._braces)

    def _copier(self, end: Point, ends: list[tuple[int, Kind]]) -> _Closer:
        """Return what puts a copy of `end` on the way of a jump, and notes it in `ends`."""

        def close(after: int, kind: Kind) -> int:
            number = self.graph.add(replace(end, copied=end.kind is not Kind.END))
            self.graph.connect(after, number)
            ends.append((number, kind))
            return number

        return close

    def _link(self, head: int, label: Label, ends: Sequence[tuple[int, Kind]]) -> None:
        """Lead from the head of a compound statement to its ends by way of `after` points."""
        for end, kind in ends:
            after = self._add(kind, label)
            self.graph.control[head].append(after)
            self.graph.control[after].append(end)

    def _list(self, start: int | None, statements: Sequence[Node], around: _Around) -> int | None:
        index = 0
        while index < len(statements):
            statement = statements[index]
            split = self._split(statement, around)
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
                if index == len(statements) or self._split(statements[index], around):
                    break
                statement = statements[index]
            else:
                start = self._statement(start, statement, inner)
                index += 1
        return start

    def _split(self, statement: Node, around: _Around) -> Alternatives | None:
        """Return the outermost conditional around a statement that does not enclose its block too."""
        if not self._conditionals:
            return None
        block = statement.parent
        for one in self._conditionals:
            if one.start > statement.start:
                return None
            if statement.start < one.end and (block is None or one.start > block.start):
                if one not in self._open_conditionals:
                    return one
        return None

    _open_conditionals: tuple[Alternatives, ...] = ()

    def _arms(
        self, start: int | None, statements: Sequence[Node], split: Alternatives, around: _Around
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
            head = self._add(Kind.CONDITIONAL, around.label)
            graph.connect(start, head)
            end = self._add(Kind.CONDITIONAL_END, around.label)
            if len(live) == 1:
                past = self._add(Kind.FALL, around.label)
                graph.connect(head, past)
                graph.connect(past, end)
            close = self._copier(graph.points[end], [])
            inner = replace(around, closers=(close, *around.closers))
            for index, arm in enumerate(live):
                begin = head
                if index:
                    begin = self._add(Kind.CONDITIONAL_ELSE, around.label)
                    graph.connect(head, begin)
                inside = [s for s in statements if arm.start <= s.start < arm.end]
                graph.connect(self._list(begin, inside, inner), end)
            return end
        finally:
            self._open_conditionals = opened

    # Statements.

    def _number(self, around: _Around) -> Label:
        self._statements += 1
        return (*around.label, self._statements)

    def _statement(self, start: int | None, node: Node, around: _Around) -> int | None:
        make = _MAKERS.get(node.kind)
        label = self._number(around)
        if make is not None:
            return make(self, start, node, replace(around, label=label), label)
        point = self.graph.add(Point(Kind.STATEMENT, label, node, (node,)))
        self.graph.connect(start, point)
        return point

    def _compound(self, start: int | None, node: Node, around: _Around, label: Label) -> int | None:
        return self._block(start, node, around, label)

    def _body(self, start: int | None, node: Node, around: _Around) -> int | None:
        """Add the statement that is the body of another."""
        return self._statement(start, node, around)

    def _labelled(
        self, start: int | None, node: Node, around: _Around
    ) -> tuple[int | None, _Around]:
        """Add a label or case; also return what stands around the statement that belongs to it."""
        label = self._number(around)
        inner = replace(around, label=label)
        if node.kind == "label":
            number = self._labels[node.children[0].text or b""]
            self.graph.points[number] = Point(Kind.LABEL, label, node, (node,))
            self.graph.connect(start, number)
            return number, inner
        kind = Kind.DEFAULT if node.children[0].kind == "default" else Kind.CASE
        number = self.graph.add(Point(kind, label, node, (node,)))
        if around.opening is not None:
            self.graph.connect(around.opening, number)
        if start != around.opening:
            self.graph.connect(start, number)
        return number, inner

    def _label_with_statement(
        self, start: int | None, node: Node, around: _Around, label: Label
    ) -> int | None:
        """Add `name: statement` where it is the whole body of something."""
        del label
        name, *rest = node.children
        number = self._labels[name.text or b""]
        self.graph.points[number] = Point(Kind.LABEL, around.label, node, tuple(node.children[:2]))
        self.graph.connect(start, number)
        return self._body(number, rest[-1], around) if len(rest) > 1 else number

    def _if(self, start: int | None, node: Node, around: _Around, label: Label) -> int | None:
        if len(node.children) > 5:
            return self._if_else(start, node, around, label)
        graph = self.graph
        head = self._add(Kind.IF, label, node, 4)
        graph.connect(start, head)
        true, fall = self._add(Kind.TRUE, label, node), self._add(Kind.FALL, label)
        end = self._add(Kind.END, label)
        graph.connect(head, true)
        graph.connect(head, fall)
        graph.connect(fall, end)
        self._link(head, label, [(end, Kind.AFTER)])
        last = self._body(true, node.children[4], replace(around, below_if=True))
        graph.points[true].escapes = last is None
        graph.connect(last, end)
        return end

    def _if_else(self, start: int | None, node: Node, around: _Around, label: Label) -> int | None:
        graph = self.graph
        head = self._add(Kind.IF, label, node, 4)
        graph.connect(start, head)
        true, false = self._add(Kind.TRUE, label, node), self._add(Kind.FALSE, label)
        other = graph.add(Point(Kind.ELSE, label, node, (node.children[5],)))
        graph.connect(head, true)
        graph.connect(head, false)
        graph.connect(false, other)
        ends: list[tuple[int, Kind]] = []
        close = self._copier(Point(Kind.END, label), ends)
        inner = replace(around, closers=(close, *around.closers))
        first = self._body(true, node.children[4], inner)
        second = self._body(other, node.children[6], inner)
        graph.points[true].escapes = first is None
        end: int | None = None
        if first is not None or second is not None:
            end = self._add(Kind.END, label)
            graph.connect(first, end)
            graph.connect(second, end)
            ends = [(end, Kind.AFTER)]
        self._link(head, label, ends)
        return end

    def _loop(
        self, start: int | None, node: Node, around: _Around, label: Label, kind: Kind, count: int
    ) -> int | None:
        graph = self.graph
        head = self._add(kind, label, node, count)
        graph.connect(start, head)
        inside, past = self._add(Kind.IN_LOOP, label), self._add(Kind.LOOP_END, label)
        end = self._add(Kind.END, label)
        for first, second in ((head, inside), (past, end), (head, past)):
            graph.connect(first, second)
        loop = _Loop(head, end, len(around.closers), label)
        inner = replace(around, loops=(loop, *around.loops))
        graph.connect(self._body(inside, node.children[-1], inner), head)
        return end

    def _while(self, start: int | None, node: Node, around: _Around, label: Label) -> int | None:
        return self._loop(start, node, around, label, Kind.WHILE, 4)

    def _for(self, start: int | None, node: Node, around: _Around, label: Label) -> int | None:
        return self._loop(start, node, around, label, Kind.FOR, len(node.children) - 1)

    def _iterator(self, start: int | None, node: Node, around: _Around, label: Label) -> int | None:
        return self._loop(start, node, around, label, Kind.ITERATOR, 2)

    def _do(self, start: int | None, node: Node, around: _Around, label: Label) -> int | None:
        graph = self.graph
        head = self._add(Kind.DO, label, node, 1)
        graph.connect(start, head)
        tail = graph.add(Point(Kind.DO_TAIL, label, node, tuple(node.children[2:])))
        past, end = self._add(Kind.FALL, label), self._add(Kind.END, label)
        self._link(head, label, [(end, Kind.AFTER)])
        if len(node.children) < 5 or node.children[4].text != b"0":
            again = self._add(Kind.IN_LOOP, label)
            graph.connect(tail, again)
            graph.connect(again, head)
        graph.connect(past, end)
        graph.connect(tail, past)
        loop = _Loop(tail, end, len(around.closers), label)
        inner = replace(around, loops=(loop, *around.loops))
        graph.connect(self._body(head, node.children[1], inner), tail)
        return end

    def _switch(self, start: int | None, node: Node, around: _Around, label: Label) -> int | None:
        graph = self.graph
        block = node.children[-1]
        head = self._add(Kind.SWITCH, label, node, 4)
        graph.connect(start, head)
        if block.kind != "compound_statement":
            return head
        end = self._add(Kind.END, label)
        opening, closing = self._brace_pair(block, label)
        graph.connect(head, opening)
        statements = _statements(block)
        if not any(_is_default(statement) for statement in statements):
            past = self._add(Kind.FALL, label)
            graph.connect(past, end)
            graph.connect(head, past)

        switch = _Loop(None, end, len(around.closers), label)
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
        self._link(head, label, [(end, Kind.AFTER)])
        return end

    # Jumps.

    def _leave(self, start: int, closers: Sequence[_Closer], kind: Kind) -> int:
        """Pass the ends of blocks on the way out of them; return where that leads."""
        for close in closers:
            start = close(start, kind)
        return start

    def _jump(self, kind: Kind, start: int | None, node: Node, label: Label) -> int:
        number = self.graph.add(Point(kind, label, node, (node,)))
        self.graph.connect(start, number)
        return number

    def _goto(self, start: int | None, node: Node, around: _Around, label: Label) -> int | None:
        number = self._jump(Kind.GOTO, start, node, label)
        # As in Coccinelle, a label is taken to stand in the outermost block.
        number = self._leave(number, around.closers[:-1], Kind.GOTO_AFTER)
        found = self._labels.get(node.children[1].text or b"")
        self.graph.connect(number, found if found is not None else self._exit)
        return None

    def _return(self, start: int | None, node: Node, around: _Around, label: Label) -> int | None:
        number = self._jump(Kind.RETURN, start, node, label)
        number = self._leave(number, around.closers, Kind.AFTER)
        self.graph.connect(number, self._error_exit if around.below_if else self._exit)
        return None

    def _break(self, start: int | None, node: Node, around: _Around, label: Label) -> int | None:
        loop = around.loops[0] if around.loops else None
        return self._out_of(loop, Kind.BREAK, start, node, around, label)

    def _continue(self, start: int | None, node: Node, around: _Around, label: Label) -> int | None:
        loop = next((one for one in around.loops if one.again is not None), None)
        return self._out_of(loop, Kind.CONTINUE, start, node, around, label)

    def _out_of(
        self,
        loop: _Loop | None,
        kind: Kind,
        start: int | None,
        node: Node,
        around: _Around,
        label: Label,
    ) -> int | None:
        number = self._jump(kind, start, node, label)
        if loop is None:
            # In the body of a macro's loop that nobody recognised; it goes on somewhere.
            return number
        self.graph.points[number].target = loop.label
        closers = around.closers[: len(around.closers) - loop.depth]
        number = self._leave(number, closers, Kind.AFTER)
        end = loop.again if kind is Kind.CONTINUE and loop.again is not None else loop.end
        self.graph.connect(number, end)
        return None


def _statements(block: Node) -> list[Node]:
    return block.children[1:-1]


def _is_default(statement: Node) -> bool:
    return statement.kind == "case_label" and statement.children[0].kind == "default"


def _label_names(body: Node) -> Iterator[bytes]:
    for node in body.walk():
        if node.kind in ("label", "labeled_statement"):
            yield node.children[0].text or b""


_Maker = Callable[[_Builder, int | None, Node, _Around, Label], int | None]

_MAKERS: dict[str, _Maker] = {
    "break_statement": _Builder._break,
    "compound_statement": _Builder._compound,
    "continue_statement": _Builder._continue,
    "do_statement": _Builder._do,
    "for_statement": _Builder._for,
    "goto_statement": _Builder._goto,
    "if_statement": _Builder._if,
    "iterator_statement": _Builder._iterator,
    "labeled_statement": _Builder._label_with_statement,
    "return_statement": _Builder._return,
    "switch_statement": _Builder._switch,
    "while_statement": _Builder._while,
}
