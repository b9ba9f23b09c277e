# SPDX-License-Identifier: GPL-2.0-only
"""Matching rows of nodes: children one by one, and comma lists with dots and list metavariables.

In: the children of a pattern node. Out: a function that matches the children of a code node.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from msgspec import Struct
from msgspec.structs import replace

from vmaconv.cocci.match.attempt.state import Matcher, MatchState, Taken, Then, double
from vmaconv.cocci.match.code.declaration_parts import pieces
from vmaconv.cocci.match.node.list_values import attaching, bind_list
from vmaconv.cocci.match.node.metavariable import LIST_KINDS
from vmaconv.cocci.match.prefilter.roots import root_kinds
from vmaconv.cocci.smpl.rule import Metavariable, PNode, TokenMark
from vmaconv.cocci.tree.node import EXPRESSIONS, Node

RowMatcher = Callable[[Sequence[Node], MatchState, Then], bool]
Compile = Callable[[PNode], Matcher]


def row(pattern: PNode, compile_pattern: Compile) -> RowMatcher:
    """Match the children of `pattern` against as many nodes, in order."""
    children = [c for c in pattern.children if isinstance(c, PNode)]
    matchers = [compile_pattern(c) for c in children]
    count = len(matchers)
    # Tokens that can only be themselves are compared first: most nodes fail there.
    fixed = [(i, c.text) for i, c in enumerate(children) if _is_plain(c)]
    # Most of those need no matcher: the token is noted, without a call for what follows.
    noted = [_is_only_noted(c) for c in children]
    # A number has several spellings, but is none of a metavariable's either: it costs less than
    # the value of what stands before it.
    numbers = [i for i, c in enumerate(children) if i and c.text and c.kind == "number_literal"]
    # So is the kind of a later part: it costs less than what a metavariable before it stands for.
    later = [(i, kinds) for i, c in enumerate(children) if i and (kinds := _kinds_of(c))]

    def match(nodes: Sequence[Node], state: MatchState, then: Then) -> bool:
        if len(nodes) != count:
            return False
        for at, text in fixed:
            if nodes[at].text != text:
                return False
        for at, kinds in later:
            if nodes[at].kind not in kinds:
                return False
        for at in numbers:
            if not matchers[at](nodes[at], state, _goes_on):
                return False

        return step(0, nodes, state, then)

    # Made once: a function that calls itself, made for each node, would be garbage in a circle.
    def step(index: int, nodes: Sequence[Node], state: MatchState, then: Then) -> bool:
        trail = state.trail
        mark = len(trail)
        while index < count and noted[index]:
            node = nodes[index]
            trail.append(Taken(children[index], node.start, node.end, node))
            index += 1
        if index == count:
            done = then()
        elif index + 1 == count:
            done = matchers[index](nodes[index], state, then)
        else:
            done = before_others(index, nodes, state, then)
        del trail[mark:]
        return done

    # Apart from `step`: a compiled function that has another within makes room for it at each call.
    def before_others(index: int, nodes: Sequence[Node], state: MatchState, then: Then) -> bool:
        return matchers[index](nodes[index], state, lambda: step(index + 1, nodes, state, then))

    return match


def _goes_on() -> bool:
    return True


def _kinds_of(pattern: PNode) -> frozenset[str] | None:
    """Return the kinds of node that an expression with parts can match; None for any, or for others.

    What is no expression may match nodes of another kind: the type that a macro's body is.
    """
    if pattern.text is not None or pattern.metavariable is not None:
        return None
    if pattern.kind in ("disjunction", "truth", "variant"):
        arms = [_kinds_of(child) for child in pattern.children if isinstance(child, PNode)]
        known = [arm for arm in arms if arm is not None]
        return frozenset[str]().union(*known) if len(known) == len(arms) else None
    return root_kinds(pattern) if pattern.kind in EXPRESSIONS else None


def _is_plain(pattern: PNode) -> bool:
    # A number may be written in several ways.
    special = pattern.kind in ("dots", "number_literal")
    return pattern.text is not None and pattern.metavariable is None and not special


def _is_only_noted(pattern: PNode) -> bool:
    """Whether a token that is compared takes its node and no more is to be done; types have words."""
    more = pattern.attached or pattern.closes or pattern.formats or pattern.kind == "primitive_type"
    return _is_plain(pattern) and not more


class _ListElement(Struct):
    """An element of a pattern list and the comma before it.

    `gone` is a token of an element that goes and has no removed comma beside it: `f(a, - b)` leaves no
    comma behind either, that before it or, of the first, that after it.
    """

    pattern: PNode
    matcher: Matcher | None
    comma: PNode | None
    many: bool
    gone: PNode | None = None


def comma_list(pattern: PNode, compile_pattern: Compile) -> Matcher:
    """Match a bracketed list, such as an `argument_list` or the fields of a struct.

    `...` and list metavariables take any number of elements; a comma next to dots that take nothing
    takes nothing either.
    """
    kind = pattern.kind
    opening, elements, closing = _split(pattern, compile_pattern)
    # A comma before the closing bracket, as of the last initialiser: the code may lack it.
    before_end = pattern.children[-2] if len(pattern.children) > 2 else None
    comma_before = before_end if before_end is not None and before_end.text == b"," else None
    ending = comma_before if isinstance(comma_before, PNode) else None
    if ending is None and closing.mark is TokenMark.MINUS:
        # The code's goes with the bracket.
        ending = double(closing)
    # In braces a comma may stay behind the last element.
    staying = [replace(element, gone=None) for element in elements]

    fields = kind == "field_declaration_list"

    def match(node: Node, state: MatchState, then: Then) -> bool:
        if node.kind != kind or len(node.children) < 2:
            return False
        first, last = node.children[0], node.children[-1]
        if opening.text != first.text or closing.text != last.text:
            return False
        if fields:
            items = [piece for child in node.children[1:-1] for piece in pieces(child)]
            commas: list[Node | None] = [None] * len(items)
        else:
            items, commas = _items(node.children[1:-1])

        comma = node.children[-2] if node.children[-2].text == b"," else None
        own = elements if first.text == b"(" or comma is not None else staying
        return within(own, items, commas, node, comma, state, then)

    # Apart from `match`, which most nodes fail: a compiled function that has others within makes room
    # for them at each call.
    def within(
        own: list[_ListElement],
        items: list[Node],
        commas: list[Node | None],
        node: Node,
        comma: Node | None,
        state: MatchState,
        then: Then,
    ) -> bool:
        return state.take(
            opening,
            node.children[0],
            lambda: _elements(
                own,
                0,
                items,
                commas,
                0,
                state,
                lambda: _comma(
                    _taken_at_end(ending, elements, state) if comma is not None else None,
                    comma,
                    state,
                    lambda: state.take(closing, node.children[-1], then),
                ),
            ),
        )

    return match


def _taken_at_end(
    ending: PNode | None, elements: Sequence[_ListElement], state: MatchState
) -> PNode | None:
    """Return what takes the comma before the closing bracket."""
    return ending if ending is not None else _left_over(elements, state)


def _left_over(elements: Sequence[_ListElement], state: MatchState) -> PNode | None:
    """Return the removed comma before the last element if it has taken none.

    `enum e { ..., - A = ..., ... }` removes the comma behind an `A` that is all of the list.
    """
    comma = elements[-1].comma if elements else None
    if comma is None or comma.mark is not TokenMark.MINUS or comma.plussed:
        return None
    return None if any(taken.token is comma for taken in state.trail) else comma


def _split(pattern: PNode, compile_pattern: Compile) -> tuple[PNode, list[_ListElement], PNode]:
    children = [c for c in pattern.children if isinstance(c, PNode)]
    elements: list[_ListElement] = []
    comma: PNode | None = None
    for child in children[1:-1]:
        if child.text == b",":
            comma = child
            continue
        many = is_many(child)
        elements.append(_ListElement(child, None if many else compile_pattern(child), comma, many))
        comma = None
    # `comma` is one behind the last element.
    behind = [*(element.comma for element in elements[1:]), comma]
    for element, after in zip(elements, behind, strict=False):
        element.gone = _gone(element, after)
    return children[0], elements, children[-1]


def _gone(element: _ListElement, after: PNode | None) -> PNode | None:
    """Return a token of an element that goes while the commas beside it stay, or None."""
    leaves = [x for x in element.pattern.leaves() if isinstance(x, PNode)]
    commas = (element.comma, after)
    if any(c is not None and (c.mark is TokenMark.MINUS or c.plussed) for c in commas):
        return None
    if any(x.mark is not TokenMark.MINUS or x.plussed for x in leaves):
        return None
    return double(leaves[-1])


def is_many(pattern: PNode) -> bool:
    """Whether a pattern element may take any number of elements."""
    if pattern.kind == "dots":
        return True
    return pattern.metavariable is not None and pattern.metavariable.kind in LIST_KINDS


def _items(children: Sequence[Node]) -> tuple[list[Node], list[Node | None]]:
    """Split a list's inside into elements and the comma before each."""
    items: list[Node] = []
    commas: list[Node | None] = []
    comma: Node | None = None
    for child in children:
        if child.text == b",":
            comma = child
        else:
            items.append(child)
            commas.append(comma)
            comma = None
    return items, commas


def _elements(
    elements: list[_ListElement],
    index: int,
    items: list[Node],
    commas: list[Node | None],
    at: int,
    state: MatchState,
    then: Then,
    owed: PNode | None = None,
) -> bool:
    """Match elements from `index` on; `owed` is a removed comma that found none so far.

    `f(..., - , e , ...)` removes the comma behind the `e` of `f(e, a)`, which has none before it.
    """
    if index == len(elements):
        return at == len(items) and then()
    element = elements[index]
    wanted = element.comma
    if owed is not None and wanted is not None and wanted.mark is not TokenMark.MINUS:
        wanted = owed
    removed = element.comma is not None and element.comma.mark is TokenMark.MINUS
    own = element.comma if removed and not element.many and at == 0 else None
    wanted = _taker(elements, index, at) or wanted

    following = index + 1
    if not element.many:
        if at >= len(items):
            return False
        matcher = element.matcher
        assert matcher is not None
        return _comma(
            wanted,
            commas[at],
            state,
            lambda: matcher(
                items[at],
                state,
                lambda: _elements(elements, following, items, commas, at + 1, state, then, own),
            ),
        )
    meta = element.pattern.metavariable
    for end in _ends(elements, index, at, len(items), meta, state):
        # Of what dots take only the ends matter: all of it is not copied for each end.
        taken = items[at:end] if meta is not None else _ends_of(items, at, end)
        comma = commas[at] if taken else None

        def keep(end: int = end, taken: list[Node] = taken) -> bool:
            return _take_many(
                element.pattern,
                meta,
                taken,
                state,
                lambda: _elements(elements, following, items, commas, end, state, then, own),
            )

        if not taken and index and not elements[index - 1].many:
            previous = elements[index - 1].comma
            last = items[at - 1] if at else None
            done = _missing(previous, element.comma, last, at == len(items), state, keep)
        else:
            done = _comma(wanted if taken else None, comma, state, keep)
        if done:
            return True
    return False


def _taker(elements: Sequence[_ListElement], index: int, at: int) -> PNode | None:
    """Return what takes the comma before an element: one that goes, if that is beside it."""
    first = index == 1 and at == 1
    return elements[index].gone or (elements[0].gone if first else None)


def _ends_of(items: list[Node], start: int, end: int) -> list[Node]:
    """Return the first and the last of some elements, which may be one; none where there is none."""
    return [items[start], items[end - 1]] if start < end else []


def _ends(
    elements: list[_ListElement],
    index: int,
    at: int,
    length: int,
    meta: Metavariable | None,
    state: MatchState,
) -> Sequence[int]:
    """Return where a list element that starts at `at` may end."""
    if meta is not None and isinstance(meta.length, int):
        end = at + meta.length
        return [end] if end <= length else []
    rest = elements[index + 1 :]
    if all(not e.many for e in rest):
        end = length - len(rest)
        return [end] if end >= at else []
    del state
    return range(at, length + 1)


def _missing(
    before: PNode | None,
    comma: PNode | None,
    last: Node | None,
    at_end: bool,
    state: MatchState,
    then: Then,
) -> bool:
    """Go on past a comma of the pattern that stands before dots that take nothing."""
    replaced = comma is not None and comma.mark is TokenMark.MINUS and comma.plussed
    if comma is not None and replaced and last is not None:
        ending = _comma_behind(last) if at_end else None
        if ending is not None:
            # `{ A, }`: the comma may stand at the end, too.
            return state.take(comma, ending, then)
        # `- A, + B,` at the end of a list: the plus code brings a comma of its own.
        return state.take_range(comma, last.end, last.end, then)
    if last is not None and last.kind == "enumerator":
        # The comma before it may stay: `{ A, }`.
        return then()
    return _instead(before, comma, state, then)


def _comma_behind(last: Node) -> Node | None:
    """Return the comma that stands behind an element in its list."""
    siblings = last.parent.children if last.parent is not None else ()
    following = (n for n, other in zip(siblings[1:], siblings, strict=False) if other is last)
    comma = next(following, None)
    return comma if comma is not None and comma.text == b"," else None


def _instead(before: PNode | None, comma: PNode | None, state: MatchState, then: Then) -> bool:
    """Let a removed comma take the place of the kept one before it, where dots take nothing.

    `f(..., - e, ...)` removes the only comma of `f(a, e)`.
    """
    if before is None or comma is None or comma.mark is not TokenMark.MINUS:
        return then()
    places = [i for i, t in enumerate(state.trail) if t.token is before]
    if not places or before.mark is TokenMark.MINUS:
        return then()
    taken = state.trail[places[-1]]
    state.trail[places[-1]] = replace(taken, token=comma)
    done = then()
    state.trail[places[-1]] = taken
    return done


def _comma(pattern: PNode | None, comma: Node | None, state: MatchState, then: Then) -> bool:
    if pattern is not None and comma is not None:
        return state.take(pattern, comma, then)
    return then()


def _take_many(
    pattern: PNode, meta: Metavariable | None, taken: list[Node], state: MatchState, then: Then
) -> bool:
    def note() -> bool:
        go_on = then
        if pattern.attached:
            go_on = attaching(pattern.attached, taken, state, then)
        if not taken:
            return go_on()
        return state.take_range(pattern, taken[0].start, taken[-1].end, go_on)

    if meta is None:
        return note()
    return bind_list(meta, state.values(taken), len(taken), state, note)
