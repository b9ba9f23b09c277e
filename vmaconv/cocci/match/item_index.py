# SPDX-License-Identifier: GPL-2.0-only
"""The nodes of one top-level item, so that patterns are looked for where they can match.

In: a function, declaration or line of a file. Out: its nodes by kind, or around some bytes, its
control-flow graph, and the values of its nodes; each is made when it is first asked for.
"""

from __future__ import annotations

from collections.abc import Sequence
from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING

from vmaconv.cocci.match.attempt.state import MatchOptions, WayLimit
from vmaconv.cocci.match.attempt.value import Values
from vmaconv.cocci.match.ctl.memo import Kept
from vmaconv.cocci.match.graph.flow_style import FlowStyle
from vmaconv.cocci.match.prefilter.accesses import accesses_of
from vmaconv.cocci.match.prefilter.node_outline import Outline
from vmaconv.cocci.tree.node import Node
from vmaconv.cocci.tree.unit import Unit
from vmaconv.cocci.types.declared import declared, function_name

if TYPE_CHECKING:
    from vmaconv.cocci.match.graph.cfg import FlowGraph


class Index:
    """The nodes of one top-level item, by kind, in source order."""

    def __init__(self, item: Node, unit: Unit, broken: bool = False) -> None:
        """`broken`: part of the item did not parse."""
        self.item = item
        self.broken = broken
        name = function_name(item) if item.kind == "function_definition" else None
        self.function = (name.text or b"").decode(errors="replace") if name is not None else ""
        self._unit = unit
        self._graph: tuple[FlowStyle, FlowGraph] | None = None
        self.kept = Kept()
        self.ways = WayLimit()
        self._kept_all: list[Node] | None = None
        self._kept_by_kind: dict[str, list[Node]] | None = None
        self._kept_kinds: frozenset[str] | None = None
        self._kept_values: Values | None = None
        self._outlines: dict[frozenset[str] | None, Outline] = {}
        self._accesses: frozenset[bytes] | None = None

    @property
    def _all(self) -> list[Node]:
        if self._kept_all is None:
            self._kept_all = self.item.nodes()
        return self._kept_all

    @property
    def _by_kind(self) -> dict[str, list[Node]]:
        if self._kept_by_kind is None:
            self._kept_by_kind = self._made_by_kind()
        return self._kept_by_kind

    def _made_by_kind(self) -> dict[str, list[Node]]:
        found: dict[str, list[Node]] = {}
        for node in self._all:
            kind = node.kind
            if kind in found:
                found[kind].append(node)
            else:
                found[kind] = [node]
        return found

    @property
    def accesses(self) -> frozenset[bytes]:
        """Which members are reached in the item, and how: `.flags`, `->flags`."""
        if self._accesses is None:
            self._accesses = accesses_of(self._by_kind.get("field_expression", ()))
        return self._accesses

    @property
    def kinds(self) -> AbstractSet[str]:
        """The kinds of which the item has nodes."""
        if self._kept_kinds is None:
            # A set of its own: disjoint sets are told by the smaller one.
            self._kept_kinds = frozenset(self._by_kind)
        return self._kept_kinds

    @property
    def values(self) -> Values:
        """The values of the item's nodes, as far as they were asked for."""
        if self._kept_values is None:
            self._kept_values = Values(self._shadowed())
        return self._kept_values

    def _shadowed(self) -> frozenset[bytes]:
        """Return the names that blocks inside of the function declare."""
        if not self.function:
            return frozenset()
        found: set[bytes] = set()
        for node in self._by_kind.get("declaration", ()):
            block = node.parent
            if block is not None and block.parent is not self.item:
                found.update(one.name for one in declared(node))
        return frozenset(found)

    def graph(self, options: MatchOptions) -> FlowGraph:
        """Return the item's control-flow graph, if it is a function definition."""
        drawn = self._graph
        if drawn is None or drawn[0] != options.flow:
            from vmaconv.cocci.match.path.paths import graph_of

            drawn = (options.flow, graph_of(self.item, self._unit, options.flow))
            self._graph = drawn
        return drawn[1]

    def nodes(self, kinds: frozenset[str] | None) -> Sequence[Node]:
        """Return the nodes of some kinds (None: all)."""
        if kinds is None:
            return self._all
        if len(kinds) == 1:
            return self._by_kind.get(next(iter(kinds)), ())
        found = [n for kind in kinds for n in self._by_kind.get(kind, ())]
        return sorted(found, key=lambda n: (n.start, -n.end))

    def around(self, kinds: frozenset[str] | None, offsets: Sequence[int]) -> Sequence[Node]:
        """Return the nodes of some kinds that hold one of the bytes at `offsets`."""
        if kinds not in self._outlines:
            self._outlines[kinds] = Outline(self.nodes(kinds))
        return self._outlines[kinds].holding(offsets)
