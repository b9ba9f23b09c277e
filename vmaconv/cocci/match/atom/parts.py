# SPDX-License-Identifier: GPL-2.0-only
"""The pieces of a pattern that match at one point of a control-flow graph.

In: a simple statement of a pattern, the head of a compound one, a brace, or an expression. Out:
`Part`s, which say at which points of a `Ground` they match, what that binds and which token took
what. Each piece is matched by the matchers of `matcher`; how pieces hang together is left to
`translation`.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

from msgspec import Struct

from vmaconv.cocci.match.atom.closed import are_closed
from vmaconv.cocci.match.attempt.chain import in_order
from vmaconv.cocci.match.attempt.state import MatchState, Taken, Then, stood_for
from vmaconv.cocci.match.attempt.value import BoundValue
from vmaconv.cocci.match.graph.cfg import FlowGraph
from vmaconv.cocci.match.graph.formula import Names
from vmaconv.cocci.match.graph.point import STATEMENT_OF, Point, PointKind
from vmaconv.cocci.match.isomorphisms.respelling import ANONYMOUS
from vmaconv.cocci.match.pattern.matcher import compile_pattern
from vmaconv.cocci.match.prefilter.locating import locating
from vmaconv.cocci.match.prefilter.needed_kinds import KindClause, needed_kinds
from vmaconv.cocci.match.prefilter.required import Clause, required_within
from vmaconv.cocci.smpl.mentions import Name, in_every_match, in_pattern, name_of, own
from vmaconv.cocci.smpl.rule import Metavariable, PNode
from vmaconv.cocci.text.word_places import words_of
from vmaconv.cocci.tree.node import Node

Bindings = Mapping[Name, BoundValue]


class PartMatch(Struct, frozen=True, eq=False):
    """One way in which a part matches at a point: what that binds, and which token took what."""

    bindings: Bindings
    trail: tuple[Taken, ...]


class Ground(Struct, frozen=True, eq=False):
    """A function to match in, and what holds before anything is matched."""

    graph: FlowGraph
    state: MatchState
    inherited: Bindings


class Part:
    """A piece of a pattern. `kinds` are the points at which it can match."""

    def __init__(self, patterns: Sequence[PNode], kinds: Iterable[PointKind]) -> None:
        self.kinds = tuple(kinds)
        self._node_kinds = _node_kinds(self.kinds)
        self.names: Names = frozenset().union(*(names_in(p) for p in patterns))
        self._clauses = _in_order(frozenset[Clause]().union(*map(required_within, patterns)))
        """Words of which a point holds one of each, where the part matches."""
        self._shapes = tuple(frozenset[KindClause]().union(*map(needed_kinds, patterns)))
        """Kinds of node that a point owns where the part matches, one of each clause."""
        self.needed: Names = frozenset().union(*(_needed(p) for p in patterns))
        self.closed = all(are_closed(in_pattern(p)) for p in patterns)
        self.independent = not any(_has_open_nest(p) for p in patterns)
        """Whether what `find` gives does not depend on what is known. A nest has each occurrence as
        a way of its own; what is known says which it is."""
        self.locating: Names = frozenset().union(*(locating(p) for p in patterns))
        """Inherited metavariables that say where the part can match."""
        self.patterns = tuple(patterns)
        self.told_apart: Names = frozenset()
        """Metavariables by which the arms of the part's disjunctions differ (see `earlier_arms`)."""
        self.aliases: tuple[PNode, ...] = ()
        """Tokens of the rule that what matches stands for (see `variant`)."""

    def may_stand_in(self, item: Node, kinds: AbstractSet[str], text: bytes) -> bool:
        """Whether an item of a text, with nodes of these kinds, may have a match of the part."""
        if self._node_kinds and self._node_kinds.isdisjoint(kinds):
            return False
        if any(clause.isdisjoint(kinds) for clause in self._shapes):
            return False
        start, end = item.start, item.end
        return all(any(text.find(w, start, end) >= 0 for w in words) for words in self._clauses)

    def candidates(self, graph: FlowGraph, known: Bindings, inherited: Bindings) -> int:
        """Return a set of points that holds all at which the part matches, given what is bound."""
        found = graph.of_kinds(self.kinds)
        for clause in self._clauses:
            if not found:
                return 0
            some = 0
            for word in clause:
                some |= graph.holding(word)
            found &= some
        for shape in self._shapes:
            found = found and found & graph.owning(shape)
        for name in self.needed:
            value = known.get(name)
            if found and value is not None and value.node is not None:
                for word in words_of(value.key):
                    found &= graph.holding_word(word)
        for name in self.locating:
            value = inherited.get(name)
            if found and value is not None:
                found &= _holding(value, graph)
        return found

    def find(self, number: int, ground: Ground, known: Bindings) -> list[PartMatch]:
        """Return the ways in which the part matches at a point."""
        point = ground.graph.points[number]
        return self.collect(
            lambda state, keep: self.match(point, state, keep), point, ground, known
        )

    def collect(
        self,
        match: Callable[[MatchState, Then], object],
        point: Point,
        ground: Ground,
        known: Bindings,
    ) -> list[PartMatch]:
        """Return what `match` finds, given what is known."""
        state = ground.state
        found: list[PartMatch] = []

        def keep() -> bool:
            state.successes += 1
            bindings = {
                name: value
                for name, value in state.bindings.items()
                if name not in ground.inherited and not name[1].startswith(ANONYMOUS)
            }
            found.append(PartMatch(bindings, (*state.trail, *self._stood_for(point))))
            return False

        state.told_apart = self.told_apart
        if self.independent:
            match(state, keep)
            return found
        state.bindings.update(known)
        try:
            match(state, keep)
        finally:
            for name in known:
                del state.bindings[name]
        return found

    def match(self, point: Point, state: MatchState, then: Then) -> None:
        """Call `then` for each way in which the part matches at `point`."""

    def _stood_for(self, point: Point) -> tuple[Taken, ...]:
        node = point.node
        return tuple(stood_for(self.aliases, node)) if node is not None else ()


class Whole(Part):
    """A simple statement: what a point's statement has to be."""

    def __init__(self, pattern: PNode, kinds: Iterable[PointKind]) -> None:
        super().__init__([pattern], kinds)
        self._matcher = compile_pattern(pattern)

    def match(self, point: Point, state: MatchState, then: Then) -> None:
        """Match the point's statement."""
        if point.node is not None:
            self._matcher(point.node, state, then)


class Return(Whole):
    """A return statement; `return ...;` also takes one without a value."""

    def __init__(self, pattern: PNode) -> None:
        super().__init__(pattern, (PointKind.RETURN,))
        word, *value, end = (c for c in pattern.children if isinstance(c, PNode))
        self.word, self.end = word, end
        self.any_value = len(value) == 1 and value[0].kind == "dots"
        # Plus code may take the place of the whole, or stand beside it, not take that of a part.
        self.may_be_implied = (self.any_value or not value) and word.mark is end.mark
        self.ends = [compile_pattern(word), compile_pattern(end)]

    def match(self, point: Point, state: MatchState, then: Then) -> None:
        """Match the point's return."""
        node = point.node
        if node is not None and self.any_value and len(node.children) == 2:
            in_order(self.ends, node.children, state, then)
        else:
            super().match(point, state, then)


class ReturnAtBrace(Part):
    """The return that is not written at the end of a function: its closing brace."""

    def __init__(self, written: Return) -> None:
        super().__init__([], (PointKind.CLOSE,))
        self._ends = (written.word, written.end)
        self.names = frozenset().union(*(names_in(end) for end in self._ends))
        self.closed = all(are_closed(end.attached) for end in self._ends)

    def match(self, point: Point, state: MatchState, then: Then) -> None:
        """Let the return and its semicolon take nothing, before the brace."""
        brace = point.parts[0]
        attached = tuple(variable for end in self._ends for variable in end.attached)

        word, end = self._ends
        at = brace.start
        state.take_range(
            word,
            at,
            at,
            lambda: state.take_range(end, at, at, lambda: state.attach(attached, brace, then)),
        )


class Head(Part):
    """The head of a compound statement, its end, a brace, or `else`."""

    def __init__(
        self, pattern: PNode, children: Sequence[Node], kinds: Iterable[PointKind]
    ) -> None:
        row = [child for child in children if isinstance(child, PNode)]
        super().__init__(row, kinds)
        self.names |= _declared(pattern.attached)
        self.closed = self.closed and are_closed(pattern.attached)
        self._attached = pattern.attached if pattern.text is None else ()
        self._matchers = [compile_pattern(child) for child in row]
        self._dots = _dots_alone(row)

    def match(self, point: Point, state: MatchState, then: Then) -> None:
        """Match the tokens that the point owns, one by one."""
        nodes = point.parts
        if self._dots is None or len(nodes) <= len(self._matchers):
            in_order(self._matchers, nodes, state, lambda: self._follow(point, state, then))
            return
        # `for (...)`: the dots stand for all that is between the parentheses.
        before, dots, after = self._matchers[: self._dots], self._dots, len(self._matchers)
        middle = nodes[dots : len(nodes) - (after - dots - 1)]
        token = self.patterns[dots]
        ends = [*before, *self._matchers[dots + 1 :]]
        outside = [*nodes[:dots], *nodes[len(nodes) - (after - dots - 1) :]]
        start, end = middle[0].start, middle[-1].end
        in_order(
            ends,
            outside,
            state,
            lambda: state.take_range(token, start, end, lambda: self._follow(point, state, then)),
        )

    def _follow(self, point: Point, state: MatchState, then: Then) -> bool:
        """Bind what is attached to the whole, and go on."""
        node = point.node
        return node is None or state.attach(self._attached, node, then)


class Statement(Part):
    """A statement metavariable, at the point where a statement begins."""

    def __init__(self, pattern: PNode) -> None:
        super().__init__([pattern], _BEGINNINGS)
        self._matcher = compile_pattern(pattern)

    def match(self, point: Point, state: MatchState, then: Then) -> None:
        """Match the statement that begins at the point; a label begins one, too."""
        node = point.node
        if node is None:
            return
        if point.kind not in _LABELS:
            self._matcher(node, state, then)
            return
        variable, pattern = self.patterns[0].metavariable, self.patterns[0]
        if variable is not None:
            state.bind_taken(variable, state.value(node), pattern, node, then)


_LABELS = (PointKind.CASE, PointKind.DEFAULT, PointKind.LABEL)
_BEGINNINGS = (
    *_LABELS,
    PointKind.BREAK,
    PointKind.CONTINUE,
    PointKind.DO,
    PointKind.FOR,
    PointKind.GOTO,
    PointKind.IF,
    PointKind.ITERATOR,
    PointKind.OPEN,
    PointKind.RETURN,
    PointKind.STATEMENT,
    PointKind.SWITCH,
    PointKind.WHILE,
)


class OneStatement(Part):
    """Whatever one statement begins at a point, as long as it is no block; it takes nothing."""

    def __init__(self) -> None:
        super().__init__([], (kind for kind in _BEGINNINGS if kind is not PointKind.OPEN))

    def match(self, _point: Point, _state: MatchState, then: Then) -> None:
        """Match any statement."""
        then()


def _in_order(clauses: Iterable[Clause]) -> tuple[tuple[bytes, ...], ...]:
    """Return clauses in the order in which they are looked for: those that fail soonest first."""
    ordered = sorted(clauses, key=lambda c: (len(c), -min(map(len, c), default=0), sorted(c)))
    return tuple(tuple(sorted(clause)) for clause in ordered)


def _node_kinds(kinds: Iterable[PointKind]) -> frozenset[str]:
    """Return the kinds of node of which points of some kinds need one; none if one needs none."""
    found = [STATEMENT_OF.get(kind) for kind in kinds]
    named = [kind for kind in found if kind is not None]
    return frozenset(named) if len(named) == len(found) else frozenset()


def _dots_alone(row: Sequence[PNode]) -> int | None:
    """Return where the dots of `for (...)` stand."""
    is_header = len(row) == 4 and row[0].text == b"for" and row[2].kind == "dots"
    return 2 if is_header else None


def _declared(metas: Iterable[Metavariable]) -> frozenset[Name]:
    """Return the names of those that the rule declares itself."""
    return frozenset(name_of(m) for m in own(metas) if not m.name.startswith(ANONYMOUS))


def names_in(pattern: PNode) -> Names:
    """Return the metavariables of the rule's own that occur in `pattern`, below `when` as well."""
    return _declared(in_pattern(pattern))


def occurrences(pattern: PNode) -> Counter[Name]:
    """Return how often each metavariable of the rule's own occurs in `pattern`."""
    metas = own(in_pattern(pattern))
    return Counter(name_of(m) for m in metas if not m.name.startswith(ANONYMOUS))


def _has_open_nest(pattern: PNode) -> bool:
    """Whether a nest in `pattern` has metavariables of the rule's own."""
    return any(n.kind == "nest" and names_in(n) for n in pattern.walk() if isinstance(n, PNode))


def _needed(pattern: Node) -> Names:
    """Return the metavariables that every match of `pattern` binds to some code in it."""
    return in_every_match(pattern, _bound_at)


def _bound_at(node: Node) -> Iterator[Metavariable]:
    if isinstance(node, PNode):
        code = [node.metavariable] if node.metavariable is not None else node.formats or ()
        yield from (m for m in own(code) if not m.name.startswith(ANONYMOUS))


def _holding(value: BoundValue, graph: FlowGraph) -> int:
    """Return the points that hold the words of a value, or one of its places."""
    if value.positions:
        found = 0
        for place in value.positions:
            found |= graph.at_offset(place.offset)
        return found
    found = graph.everything
    for word in words_of(value.key):
        found &= graph.holding_word(word)
    return found


def known(value: BoundValue) -> object:
    """Return what decides whether two values are the same."""
    return value.positions or value.identity or value.key
