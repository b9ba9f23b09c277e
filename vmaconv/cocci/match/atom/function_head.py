# SPDX-License-Identifier: GPL-2.0-only
"""Matching the head of a function definition.

In: a pattern's function definition. Out: the `Part` that matches what stands before a function's
body. A pattern without a type takes a function of any type, one without a storage class a function
of any: `f(...) {` is `static inline int *f(int x) {`, too.
"""

from __future__ import annotations

from vmaconv.cocci.match.atom.closed import are_closed
from vmaconv.cocci.match.atom.parts import Part
from vmaconv.cocci.match.attempt.state import MatchState, Then
from vmaconv.cocci.match.declaration.declaration import DeclarationPattern
from vmaconv.cocci.match.graph.point import Point, PointKind
from vmaconv.cocci.match.pattern.matcher import compile_pattern
from vmaconv.cocci.smpl.mentions import name_of
from vmaconv.cocci.smpl.rule import PNode


class FunctionHead(Part):
    """The head of a function definition."""

    def __init__(self, pattern: PNode) -> None:
        head = [c for c in pattern.children[:-1] if isinstance(c, PNode)]
        super().__init__(head, (PointKind.FUNCTION,))
        self._declaration = DeclarationPattern(pattern, compile_pattern)
        self._attached = pattern.attached
        self.names |= {name_of(v) for v in pattern.attached if v.rule is None}
        self.closed = self.closed and are_closed(pattern.attached)

    def match(self, point: Point, state: MatchState, then: Then) -> None:
        """Match what stands before the body."""
        function = point.node
        if function is None:
            return

        def attach() -> bool:
            return state.attach(self._attached, function, then)

        self._declaration.match(function, state, attach)
