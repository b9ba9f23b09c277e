# SPDX-License-Identifier: GPL-2.0-only
"""The pieces of a pattern that are not one statement or head of the code.

In: an expression of a pattern, dots that are to be removed, a statement list. Out: `Part`s that
match somewhere in what a point owns, or that take more than it owns.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from vmaconv.cocci.match.atom.closed import are_closed
from vmaconv.cocci.match.atom.parts import Bindings, Ground, Head, Part, PartMatch, known, names_in
from vmaconv.cocci.match.attempt.state import Matcher, MatchState, Then
from vmaconv.cocci.match.code.role import is_expression
from vmaconv.cocci.match.graph.cfg import FlowGraph
from vmaconv.cocci.match.graph.formula import Names
from vmaconv.cocci.match.graph.point import Point, PointKind
from vmaconv.cocci.match.node.list_values import bind_list
from vmaconv.cocci.match.pattern.matcher import compile_pattern
from vmaconv.cocci.match.prefilter.roots import root_kinds
from vmaconv.cocci.smpl.mentions import in_pattern, name_of
from vmaconv.cocci.smpl.rule import PNode, TokenMark
from vmaconv.cocci.tree.node import Node

_NO_EXPRESSION = frozenset(
    {
        PointKind.AFTER,
        PointKind.BREAK,
        PointKind.CLOSE,
        PointKind.CONDITIONAL,
        PointKind.CONDITIONAL_ELSE,
        PointKind.CONDITIONAL_END,
        PointKind.CONTINUE,
        PointKind.DEAD,
        PointKind.DEFAULT,
        PointKind.DO,
        PointKind.ELSE,
        PointKind.END,
        PointKind.ERROR_EXIT,
        PointKind.EXIT,
        PointKind.FALL,
        PointKind.FALSE,
        PointKind.GOTO,
        PointKind.GOTO_AFTER,
        PointKind.IN_LOOP,
        PointKind.LABEL,
        PointKind.LOOP_END,
        PointKind.OPEN,
        PointKind.TOP,
        PointKind.TRUE,
    }
)


class Anywhere(Part):
    """An expression: whatever a point owns that contains it."""

    def __init__(self, pattern: PNode, shared: Names | None = None) -> None:
        """`shared` are the metavariables that the rest of the rule has, too (None: maybe all)."""
        kinds = [kind for kind in PointKind if kind not in _NO_EXPRESSION]
        super().__init__([pattern], kinds)
        self._shared = self.names if shared is None else shared
        self._arms = [(root_kinds(arm), compile_pattern(arm)) for arm in _arms(pattern)]
        variable = pattern.metavariable
        # A lone metavariable is looked up rather than listed: it matches every expression.
        self._alone = name_of(variable) if variable is not None and not variable.rule else None
        self.independent = (
            self.independent and self._alone is None and not self._arms_differ(pattern)
        )

    def _arms_differ(self, pattern: PNode) -> bool:
        """Whether an arm has metavariables of the rest of the rule that another lacks."""
        named = [names_in(arm) & self._shared for arm in _arms(pattern)]
        return any(names != named[0] for names in named[1:])

    def find(self, number: int, ground: Ground, known: Bindings) -> list[PartMatch]:
        """Return the matches; those that bind the same are one, which took all of their tokens."""
        point = ground.graph.points[number]
        merged: dict[object, list[PartMatch]] = {}
        earlier: list[tuple[Node, PartMatch]] = []
        for roots, matcher in self._arms:
            here: list[tuple[Node, PartMatch]] = []
            for node in self._nodes(number, ground.graph, roots, known):
                for found in self._found(matcher, node, point, ground, known):
                    if not any(self._hides(first, node, found, known) for first in earlier):
                        here.append((node, found))
            earlier += here
            for _, found in here:
                merged.setdefault(_same_bindings(found.bindings), []).append(found)
        return [_united(group) for group in merged.values()]

    def _nodes(
        self, number: int, graph: FlowGraph, roots: frozenset[str] | None, known: Bindings
    ) -> Iterator[Node]:
        value = known.get(self._alone) if self._alone is not None else None
        wanted = None
        if value is not None and value.node is not None:
            roots, wanted = frozenset({value.node.kind}), value.node.text
        for node in _expressions(number, graph, roots):
            if wanted in (None, node.text):
                yield node

    def _found(
        self, matcher: Matcher, node: Node, point: Point, ground: Ground, known: Bindings
    ) -> list[PartMatch]:
        return self.collect(lambda state, keep: matcher(node, state, keep), point, ground, known)

    def _hides(
        self, first: tuple[Node, PartMatch], node: Node, found: PartMatch, given: Bindings
    ) -> bool:
        """Whether an earlier arm has matched around `node`, or in it, in the same surroundings."""
        other, before = first
        inside = other.start <= node.start and node.end <= other.end
        if not inside and not (node.start <= other.start and other.end <= node.end):
            return False
        shared = before.bindings.keys() & self._shared
        if any(name not in given and name not in found.bindings for name in shared):
            # `\(g(e)\|g(f)\)` over `g(x)`: what the rest of the rule makes of e is to be seen.
            return False
        pairs = ((before.bindings[name], found.bindings.get(name)) for name in shared)
        return all(value is None or known(one) == known(value) for one, value in pairs)


def _expressions(number: int, graph: FlowGraph, roots: frozenset[str] | None) -> Sequence[Node]:
    """Return the nodes that a point owns, of some kinds (None: all), less names of fields."""
    kept = graph.owned.get(number)
    if kept is None:
        kept = graph.owned[number] = {"": []}
        for part in graph.points[number].parts:
            for node in part.nodes():
                if node.kind not in ("identifier", "string_literal") or is_expression(node):
                    kept[""].append(node)
                    kept.setdefault(node.kind, []).append(node)
    if roots is None:
        return kept[""]
    if len(roots) == 1:
        return kept.get(next(iter(roots)), ())
    return [node for node in kept[""] if node.kind in roots] if kept.keys() & roots else ()


def _arms(pattern: PNode) -> list[PNode]:
    """Return the arms of a disjunction, and of those in it."""
    if pattern.kind != "disjunction":
        return [pattern]
    return [arm for child in pattern.children if isinstance(child, PNode) for arm in _arms(child)]


def _united(group: Sequence[PartMatch]) -> PartMatch:
    if len(group) == 1:
        return group[0]
    return PartMatch(group[0].bindings, tuple(taken for found in group for taken in found.trail))


def _same_bindings(bindings: Bindings) -> object:
    return frozenset((name, known(value)) for name, value in bindings.items())


class Contents(Head):
    """An opening brace and the statements of its block, for a statement list metavariable."""

    def __init__(self, block: PNode, opening: PNode, statements: PNode) -> None:
        super().__init__(block, [opening], (PointKind.OPEN,))
        self._statements = statements
        self.names |= names_in(statements)
        self.closed = self.closed and are_closed(in_pattern(statements))

    def match(self, point: Point, state: MatchState, then: Then) -> None:
        """Match the brace, and let the metavariable take what stands in the block."""
        block, variable = point.node, self._statements.metavariable
        if block is None or variable is None:
            return
        inside = block.children[1:-1]
        start = inside[0].start if inside else point.parts[0].end
        end = inside[-1].end if inside else start

        def statements() -> bool:
            def taken() -> bool:
                return state.take_range(self._statements, start, end, then)

            return bind_list(variable, state.values(inside), len(inside), state, taken)

        super().match(point, state, statements)


class BothBraces(Head):
    """Both braces of a switch's block: where all cases break, no path leads to the closing one."""

    def __init__(self, block: PNode, opening: PNode, closing: PNode) -> None:
        super().__init__(block, [opening], (PointKind.OPEN,))
        self._end = compile_pattern(closing)
        self.names |= names_in(closing)
        self.closed = self.closed and are_closed(in_pattern(closing))

    def match(self, point: Point, state: MatchState, then: Then) -> None:
        """Match the opening brace, and the one that closes the block."""
        block = point.node
        if block is not None and block.children:
            closing = block.children[-1]
            super().match(point, state, lambda: self._end(closing, state, then))


class FunctionEnd(Head):
    """The closing brace of a function, for a jump at the first brace that it passes, too."""

    def __init__(self, closing: PNode) -> None:
        super().__init__(closing, [closing], (PointKind.CLOSE,))
        self._end = compile_pattern(closing)
        self._goes = closing.mark is TokenMark.MINUS

    def match(self, point: Point, state: MatchState, then: Then) -> None:
        """Match the brace that ends the function around the point."""
        block = point.node
        function = block.enclosing("function_definition") if block is not None else None
        if block is None or function is None or not function.children[-1].children:
            return
        own = function.children[-1].children[-1]
        if self._goes and block is not function.children[-1]:
            # What dots run over ends at the brace that the jump passes: it goes with the rest.
            self._end(block.children[-1], state, lambda: self._end(own, state, then))
            return
        self._end(own, state, then)


class Condition(Part):
    """An expression that is the whole condition of an `if` or of a loop."""

    def __init__(self, pattern: PNode) -> None:
        super().__init__([pattern], (PointKind.IF, PointKind.WHILE, PointKind.FOR))
        self._matcher = compile_pattern(pattern)

    def match(self, point: Point, state: MatchState, then: Then) -> None:
        """Match the condition."""
        at = 4 if point.kind is PointKind.FOR else 2
        if len(point.parts) > at:
            self._matcher(point.parts[at], state, then)


class Everything(Part):
    """Dots that are to be removed: all that a point owns."""

    def __init__(self, token: PNode) -> None:
        super().__init__([], [kind for kind in PointKind if kind is not PointKind.FUNCTION])
        self._token = token

    def match(self, point: Point, state: MatchState, then: Then) -> None:
        """Let the dots take the point's tokens."""
        if point.parts:
            state.take_range(self._token, point.parts[0].start, point.parts[-1].end, then)
        else:
            then()


class RemovedBranch(Part):
    """Dots that are to be removed, at the beginning of a then branch: all of the branch."""

    def __init__(self, token: PNode) -> None:
        super().__init__([], (PointKind.TRUE,))
        self._token = token

    def match(self, point: Point, state: MatchState, then: Then) -> None:
        """Let the dots take the branch."""
        if point.node is not None:
            branch = point.node.children[4]
            state.take_range(self._token, branch.start, branch.end, then)
