"""Matching the head of a function definition.

In: a pattern's function definition. Out: the `Part` that matches what stands before a function's body.
A pattern without a type takes a function of any type, one without a storage class a function of any:
`f(...) {` is `static inline int *f(int x) {`, too.
"""

from __future__ import annotations

from collections.abc import Sequence

from vmaconv.match.cfg import Kind, Point
from vmaconv.match.matcher import compile_pattern
from vmaconv.match.parts import Part
from vmaconv.match.state import Matcher, State, Then, name_of
from vmaconv.smpl.rule import PNode
from vmaconv.source.tree import Node, make

_STORAGE = frozenset({"storage_class_specifier"})
_IGNORED = frozenset({"attribute_specifier", "attribute_declaration", "ms_declspec_modifier"})


class FunctionHead(Part):
    """The head of a function definition."""

    def __init__(self, pattern: PNode) -> None:
        head = [c for c in pattern.children[:-1] if isinstance(c, PNode)]
        super().__init__(head, (Kind.FUNCTION,))
        at = next((i for i, c in enumerate(head) if _is_declarator(c)), len(head) - 1)
        specifiers, trailing = head[:at], head[at + 1 :]
        self._storage = [compile_pattern(c) for c in specifiers if c.kind in _STORAGE]
        self._type = [c for c in specifiers if c.kind not in _STORAGE]
        self._type_matchers = [compile_pattern(c) for c in self._type]
        self._declarator = _declarator(head[at])
        self._bare = _strip(head[at])[0] is head[at]
        self._trailing = [compile_pattern(c) for c in trailing]
        self._attached = pattern.attached
        self.names |= {name_of(v) for v in pattern.attached if v.rule is None}

    def match(self, point: Point, state: State, then: Then) -> None:
        """Match what stands before the body."""
        nodes = list(point.parts)
        at = next((i for i, n in enumerate(nodes) if _is_declarator(n)), None)
        function = point.node
        if at is None or function is None:
            return

        def attach() -> bool:
            return state.attach(self._attached, function, then)

        def declarator() -> bool:
            return self._match_declarator(nodes[at], state, attach)

        specifiers = [n for n in nodes[:at] if n.kind not in _IGNORED]
        plain = [n for n in specifiers if n.kind not in _STORAGE]
        storage = [n for n in specifiers if n.kind in _STORAGE]
        if not self._type:
            _each(self._storage, storage, state, declarator)
        elif self._takes_type():
            self._with_type(plain, storage, nodes[at], state, attach)
        elif len(plain) == len(self._type):
            _each(
                self._storage,
                storage,
                state,
                lambda: _in_order(self._type_matchers, plain, state, declarator),
            )

    def _takes_type(self) -> bool:
        """Whether the type is one metavariable, which takes the stars of the declarator along."""
        last = self._type[-1].metavariable
        return len(self._type) == 1 and last is not None and last.kind == "type" and self._bare

    def _with_type(
        self,
        plain: Sequence[Node],
        storage: Sequence[Node],
        declarator: Node,
        state: State,
        then: Then,
    ) -> None:
        inner, stars = _strip(declarator)
        if not plain:
            return
        whole = plain[0]
        if stars or len(plain) > 1:
            parent = whole.parent
            whole = make("type_descriptor", plain[0].start, (stars or plain)[-1].end, [])
            whole.children = [*plain, *stars]
            whole.parent = parent
        _each(
            self._storage,
            storage,
            state,
            lambda: self._type_matchers[0](
                whole, state, lambda: self._declarator(inner, state, then)
            ),
        )

    def _match_declarator(self, declarator: Node, state: State, then: Then) -> bool:
        if not self._type and self._bare:
            declarator = _strip(declarator)[0]
        return self._declarator(declarator, state, then)


def _is_declarator(node: Node) -> bool:
    return _strip(node)[0].kind in ("function_declarator", "parenthesized_declarator")


def _strip(node: Node) -> tuple[Node, list[Node]]:
    """Return a declarator without its stars, and the stars."""
    stars: list[Node] = []
    while node.kind == "pointer_declarator":
        stars += [c for c in node.children[:-1] if c.kind == "*"]
        node = node.children[-1]
    return node, stars


def _declarator(pattern: PNode) -> Matcher:
    """Match a declarator; attributes after the parameters of the code are passed over."""
    inner = compile_pattern(pattern)
    if pattern.kind != "function_declarator":
        return inner
    row = [compile_pattern(c) for c in pattern.children if isinstance(c, PNode)]

    def match(node: Node, state: State, then: Then) -> bool:
        if node.kind != "function_declarator":
            return False
        nodes = [n for n in node.children if n.kind not in _IGNORED]
        if len(nodes) == len(node.children):
            return inner(node, state, then)
        return _in_order(row, nodes, state, then)

    return match


def _in_order(matchers: Sequence[Matcher], nodes: Sequence[Node], state: State, then: Then) -> bool:
    if len(matchers) != len(nodes):
        return False

    def step(index: int) -> bool:
        if index == len(matchers):
            return then()
        return matchers[index](nodes[index], state, lambda: step(index + 1))

    return step(0)


def _each(matchers: Sequence[Matcher], nodes: Sequence[Node], state: State, then: Then) -> bool:
    """Match each pattern with some node."""

    def step(index: int) -> bool:
        if index == len(matchers):
            return then()
        return any(matchers[index](node, state, lambda: step(index + 1)) for node in nodes)

    return step(0)
