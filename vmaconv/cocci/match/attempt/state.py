# SPDX-License-Identifier: GPL-2.0-only
"""The state of one attempt at a match.

In: the unit that is matched, what earlier rules bound. Out: bindings and the trail (which pattern
token took which code), both undone on the way back out of a failed branch.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol

from msgspec import Struct, field
from msgspec.structs import replace

from vmaconv.cocci.match.attempt.constraint_check import ConstraintJudging, meets
from vmaconv.cocci.match.attempt.value import (
    BoundValue,
    CodePosition,
    Values,
    comments_value,
    list_value,
    node_value,
)
from vmaconv.cocci.match.code.context import TruthPlaces
from vmaconv.cocci.match.graph.flow_style import FlowStyle
from vmaconv.cocci.smpl.mentions import Name, name_of
from vmaconv.cocci.smpl.rule import Metavariable, PNode
from vmaconv.cocci.text.word_places import WordPlaces
from vmaconv.cocci.tree.node import EXPRESSIONS, STATEMENTS, Node, orphan
from vmaconv.cocci.tree.unit import Unit
from vmaconv.cocci.types.expression_types import ExpressionTypes
from vmaconv.cocci.types.literals import Widths
from vmaconv.cocci.types.scope import MacroParameters

Then = Callable[[], bool]
"""What follows a successful match; True ends the search."""

Matcher = Callable[[Node, "MatchState", Then], bool]
"""Match a node and go on with what follows; True if the search is over."""


class AddedKind(Protocol):
    """A metavariable kind that an extension adds (`flag list`)."""

    def match(self, node: Node, text: bytes) -> BoundValue | None:
        """Return the value that an expression node stands for, or None."""
        ...


class Guard(Protocol):
    """What an extension knows of replacements that would change a meaning."""

    def refusal(self, node: Node, text: bytes, types: ExpressionTypes) -> str | None:
        """Return why `text` must not take the place of an expression, or None where it may."""
        ...

    def unusable(self, node: Node, text: bytes, types: ExpressionTypes, old: bytes) -> str | None:
        """Return why code must not take the place of `old` code where `node` stands; None: it may."""
        ...

    def settled(self, node: Node, text: bytes, types: ExpressionTypes) -> tuple[Node, bytes] | None:
        """Return a larger expression and what says the same in its place more plainly, if any."""
        ...


class MatchOptions(Struct, frozen=True):
    """What a run asks of the matcher."""

    truth: TruthPlaces = field(default_factory=TruthPlaces)
    kinds: Mapping[str, AddedKind] = field(default_factory=dict)
    needs: Mapping[str, Callable[[bytes], frozenset[bytes]]] = field(default_factory=dict)
    """For some of `kinds` the words, given the file's text, one of which stands in each top-level item
    or line in which such a metavariable matches; where there is none, it matches nowhere."""
    reach: frozenset[bytes] = frozenset()
    """Words of which a function must hold one, if any are given: the struct's tag, and the names
    through which code that does not name the struct may reach one."""
    tidy: bool = True
    """Drop parentheses that only the old code needed (spatch keeps them)."""
    as_written: bool = False
    """In spatch's style: print plus code with the lines and blanks that the rule has."""
    keep_comments: bool = False
    """In spatch's style: leave the comments above lines that are removed."""
    macros: bool = False
    """Look into the bodies of `#define`, too."""
    given: MacroParameters | None = None
    """Asked what macros are given, where their bodies are looked into."""
    flow: FlowStyle = FlowStyle()
    """Which ways the graphs of functions have."""
    widths: Widths | None = None
    """The bits of `int` and `long`, where literals are to be typed by their size."""
    judging: ConstraintJudging = field(default_factory=ConstraintJudging)
    guard: Guard | None = None
    """Asked about each expression that a rule replaces as a whole."""


class Taken(Struct, frozen=True, eq=False):
    """A pattern token and the code that it took: bytes [`start`, `end`), none if they are equal.

    `alias` says that the token was not matched itself: another spelling, which took these bytes,
    stands for it.
    """

    token: PNode
    start: int
    end: int
    node: Node | None
    alias: bool = False
    own: Mapping[Name, BoundValue] | None = None
    """What metavariables stand for at this token, where that is not the same in all of the match.
    """

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Taken) and self._place() == other._place()

    def __hash__(self) -> int:
        return hash(self._place())

    def _place(self) -> tuple[object, ...]:
        return self.token, self.start, self.end, self.node, self.alias


class WayLimit:
    """How many ways to match are looked at in one place, and whether there were more."""

    __slots__ = ("cut", "most")

    def __init__(self, most: int = 500) -> None:
        self.most = most
        self.cut = False


class MatchState:
    """Bindings and trail of the attempt under way in `unit`."""

    __slots__ = (
        "bindings",
        "disabled",
        "function",
        "item",
        "lengths",
        "options",
        "successes",
        "told_apart",
        "trail",
        "types",
        "unit",
        "ways",
        "_values",
    )

    def __init__(
        self,
        unit: Unit,
        types: ExpressionTypes,
        options: MatchOptions,
        inherited: Mapping[Name, BoundValue],
        disabled: frozenset[str] = frozenset(),
        values: Values | None = None,
    ) -> None:
        """`disabled` names the built-in isomorphisms that the rule does without; `values` are those
        of the function that is looked at.
        """
        self.unit = unit
        self.disabled = disabled
        self.lengths: Mapping[str, Metavariable] = {}
        """The rule's metavariables for the lengths of lists, by name."""
        self.types = types
        self.options = options
        self.bindings: dict[Name, BoundValue] = dict(inherited)
        self.trail: list[Taken] = []
        self._values = values if values is not None else Values()
        self.successes = 0
        self.told_apart: frozenset[Name] = frozenset()
        """Metavariables by whose values the arms of a disjunction in a statement are told apart."""
        self.function = ""
        self.ways = WayLimit()
        self.item: Node | None = None

    def take(self, token: PNode, node: Node, then: Then) -> bool:
        """Note that `token` took `node`, bind the positions attached to it, and go on."""
        self.trail.append(Taken(token, node.start, node.end, node))
        if token.closes:
            closed = _closed(node, token.closes)
            self.trail.append(Taken(token, closed.end, closed.end, closed, True))
        done = self.attach(token.attached, node, then) if token.attached else then()
        del self.trail[-2 if token.closes else -1 :]
        return done

    def take_range(self, token: PNode, start: int, end: int, then: Then) -> bool:
        """Note that `token` took the bytes from `start` to `end`, and go on."""
        self.trail.append(Taken(token, start, end, None))
        done = then()
        self.trail.pop()
        return done

    def take_runs(self, token: PNode, runs: Sequence[tuple[int, int]], then: Then) -> bool:
        """Note that `token` took several stretches, bind what is attached to it, and go on."""
        before = len(self.trail)
        for index, (start, end) in enumerate(runs):
            # Plus code stands beside one of them.
            own = token if index == 0 else double(token)
            self.trail.append(Taken(own, start, end, None))
        if token.attached and runs:
            whole = orphan("type_descriptor", runs[0][0], runs[-1][1])
            done = self.attach(token.attached, whole, then)
        else:
            done = then()
        del self.trail[before:]
        return done

    def stand_at(self, token: PNode, node: Node, then: Then) -> bool:
        """Note that code added before `token` goes before all of `node`, and go on."""
        self.trail.append(Taken(token, node.start, node.start, node, True))
        done = then()
        self.trail.pop()
        return done

    def note(self, token: PNode, node: Node, then: Then) -> bool:
        """Keep in the trail that all of `token` matched `node`, beside what its tokens took, and go
        on.
        """
        self.trail.append(Taken(token, node.start, node.end, node, True))
        done = then()
        self.trail.pop()
        return done

    def stand_for(self, tokens: tuple[PNode, ...], node: Node, then: Then) -> bool:
        """Note that what took `node` stands for `tokens`, and go on."""
        self.trail += stood_for(tokens, node)
        done = then()
        del self.trail[len(self.trail) - len(tokens) :]
        return done

    def attach(self, attached: tuple[Metavariable, ...], node: Node, then: Then) -> bool:
        """Bind the metavariables that `@` attaches to what took `node`.

        A position behind another, as in `f@S@p();`, is where that one stands.
        """
        if not attached:
            return then()
        first, rest = attached[0], attached[1:]
        if first.kind == "position":
            value = BoundValue(b"", b"", None, None, (self.position(node),))
        elif first.kind == "comments":
            chunk = self.unit.chunk_at(node.start)
            value = comments_value(node, self.unit.text, chunk.start)
        else:
            around = _fitting(first.kind, node)
            if around is None:
                return False
            value = self.expression(around) if around.kind in EXPRESSIONS else self.value(around)
            if first.ctype and not self._is_typed(first, around):
                return False
            node = around
        if not self.allows(first, value):
            return False
        if not rest:
            return self.bind(first, value, then)
        return self._bind_before(first, value, rest, node, then)

    def _bind_before(
        self,
        first: Metavariable,
        value: BoundValue,
        rest: tuple[Metavariable, ...],
        node: Node,
        then: Then,
    ) -> bool:
        """Bind one of several that are attached, then the others, and go on."""
        return self.bind(first, value, lambda: self.attach(rest, node, then))

    def _is_typed(self, meta: Metavariable, node: Node) -> bool:
        """Whether an expression that a typed metavariable is attached to has its type."""
        # The types of metavariables are matched with this class.
        from vmaconv.cocci.match.attempt.typed import match_types

        return match_types(meta, self.types.of(node), self, lambda: True)

    def allows(self, meta: Metavariable, value: BoundValue) -> bool:
        """Whether the constraint of `meta` lets it stand for `value`."""
        if meta.constraint is None:
            return True
        return meets(meta, value, self.bindings, self.options.judging)

    def bind(self, meta: Metavariable, value: BoundValue, then: Then) -> bool:
        """Bind `meta`, or compare with what it is bound to, and go on."""
        key = name_of(meta)
        known = self.bindings.get(key)
        if known is not None:
            return known.same(value) and then()
        if meta.rule is not None:
            # Inherited, but no earlier rule has bound it here.
            return False
        self.bindings[key] = value
        done = then()
        del self.bindings[key]
        return done

    def bind_taken(
        self, meta: Metavariable, value: BoundValue, token: PNode, node: Node, then: Then
    ) -> bool:
        """Bind `meta` as `bind` does, note that `token` took `node`, and go on.

        It says again what `bind` does: with a function for what follows, each match would make one.
        """
        key = name_of(meta)
        known = self.bindings.get(key)
        if known is not None:
            return known.same(value) and self.take(token, node, then)
        if meta.rule is not None:
            return False
        self.bindings[key] = value
        done = self.take(token, node, then)
        del self.bindings[key]
        return done

    def position(self, node: Node) -> CodePosition:
        """Return where `node` stands."""
        unit, start, end = self.unit, node.start, node.end
        line, column = unit.place(start)
        last, behind = unit.place(end)
        return CodePosition(
            unit.path, line, column, last, behind, self.function, start, end, self.element()
        )

    def element(self) -> tuple[int, int, int, int]:
        """Return where the top-level item that is matched begins and ends."""
        item = self.item
        if item is None or item.kind.startswith("preproc"):
            return (-1, -1, -1, -1)
        found = self._values.element
        if found is None or self._values.element_of is not item:
            found = (*self.unit.place(item.start), *self.unit.place(item.end))
            self._values.element, self._values.element_of = found, item
        return found

    def expression(self, node: Node) -> BoundValue:
        """Return the value of an expression, in which variables of one name may be several."""
        shadowed = self._values.shadowed
        if not shadowed:
            return self.value(node)
        kept = self._values.expressions
        value = kept.get(id(node))
        if value is not None:
            return value
        value = self.value(node)
        names = [n for n in node.leaves() if n.kind == "identifier" and n.text in shadowed]
        if names:
            found = (self.types.declaration_of(name) for name in names)
            places = b" ".join(b"%d" % (d.leaf.start if d is not None else 0) for d in found)
            value = replace(value, identity=value.key + b" @ " + places)
        kept[id(node)] = value
        return value

    def outnumbers(self, node: Node, key: bytes) -> bool:
        """Whether a large node has more tokens than a value with this key, so that it is another."""
        if node.end - node.start < 4 * len(key) + 64 or self.item is None:
            return False
        # Blanks in strings count too much, never too little.
        return self._values.count_of(node, self.item) > key.count(b" ") + 1

    def value(self, node: Node) -> BoundValue:
        """Return the value of `node` in this unit."""
        kept = self._values.plain
        value = kept.get(id(node))
        if value is None:
            value = kept[id(node)] = self._made(node)
        return value

    def _made(self, node: Node) -> BoundValue:
        if node.end - node.start < _LARGE or self.item is None:
            return node_value(node, self.unit.text)
        tokens = self._values.tokens_of(node, self.item)
        return BoundValue(b" ".join(tokens), self.unit.text[node.start : node.end], node)

    def words_of(self, item: Node) -> WordPlaces:
        """Return where the words of the top-level item that is matched stand."""
        return self._values.words_of(item, self.unit.text)

    def values(self, nodes: Sequence[Node]) -> BoundValue:
        """Return the value of a list of nodes in this unit."""
        return list_value(nodes, self.unit.text)


_LARGE = 256
"""Bytes of a node whose tokens are worth to be looked up rather than gone through."""


def stood_for(tokens: Iterable[PNode], node: Node) -> list[Taken]:
    """Return what says that `node` stands for `tokens`; code behind the last goes behind all that
    ends there.
    """
    found: list[Taken] = []
    for token in tokens:
        if token.closes:
            closed = _closed(node, token.closes)
            found.append(Taken(token, closed.end, closed.end, closed, True))
        else:
            found.append(Taken(token, node.start, node.end, node, True))
    return found


def double(token: PNode) -> PNode:
    """Return a token with the mark of another and nothing beside or attached to it."""
    return PNode(token.kind, token.start, token.end, (), token.text, mark=token.mark)


_OPEN_ENDED = frozenset(
    {"for_statement", "if_statement", "iterator_statement", "switch_statement", "while_statement"}
)


def _closed(node: Node, count: int) -> Node:
    """Return the outermost of the `count` branches and loops around `node` that end where it does."""
    found = node
    for parent in node.ancestors():
        if count == 0 or parent.end != node.end:
            break
        if parent.kind in _OPEN_ENDED:
            found = parent
            count -= 1
    return found


def _fitting(kind: str, node: Node) -> Node | None:
    """Return the smallest node of a metavariable's kind that `node` is or lies in."""
    wanted = _FITTING.get(kind)
    if wanted is None:
        return node
    if node.kind in wanted:
        return node
    return node.enclosing(*wanted)


_FITTING = {
    "constant": EXPRESSIONS,
    "declaration": frozenset({"declaration"}),
    "expression": EXPRESSIONS,
    "idexpression": EXPRESSIONS,
    "identifier": frozenset({"field_identifier", "identifier", "type_identifier"}),
    "statement": STATEMENTS,
    "typed": EXPRESSIONS,
}
