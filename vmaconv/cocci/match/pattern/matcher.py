# SPDX-License-Identifier: GPL-2.0-only
"""Turning patterns into matchers.

In: a pattern (`PNode`). Out: a `Matcher`, a function that takes a code node and calls what follows
for each way in which the node matches. Statement dots between statements are `paths`;
everything that lies inside one statement or declaration is here.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

from vmaconv.cocci.match.attempt.chain import in_order
from vmaconv.cocci.match.attempt.earlier_arms import (
    EarlierArms,
    bound_by_lone_arms,
    is_lone,
)
from vmaconv.cocci.match.attempt.operands import compile_operand, operand
from vmaconv.cocci.match.attempt.state import Matcher, MatchState, Then
from vmaconv.cocci.match.code.context import is_tested
from vmaconv.cocci.match.code.declaration_parts import read
from vmaconv.cocci.match.code.declarer_call import (
    as_call,
    callee_of,
    is_declarer,
    is_declarer_call,
)
from vmaconv.cocci.match.code.role import is_expression
from vmaconv.cocci.match.declaration.attributes import attributes, compile_attribute, specifiers
from vmaconv.cocci.match.declaration.declaration import compile_declaration
from vmaconv.cocci.match.declaration.specifiers import compile_specifier
from vmaconv.cocci.match.declaration.type_spelling import (
    compile_type_variable,
    compile_words,
    is_words,
)
from vmaconv.cocci.match.declaration.typeof_type import compile_typeof
from vmaconv.cocci.match.node import metavariable as metavariables
from vmaconv.cocci.match.node.formats import compile_format
from vmaconv.cocci.match.node.initialisers import compile_initialisers, is_designated
from vmaconv.cocci.match.node.lists import Compile, comma_list, row
from vmaconv.cocci.match.node.numbers import compile_number
from vmaconv.cocci.match.node.preprocessor_lines import (
    compile_include,
    compile_macro_body,
    compile_pragma,
)
from vmaconv.cocci.match.node.sizes import as_used, compile_sizeof
from vmaconv.cocci.match.prefilter.roots import root_kinds
from vmaconv.cocci.smpl.rule import PNode, TokenMark
from vmaconv.cocci.tree.node import Node

LISTS = frozenset(
    {
        "argument_list",
        "enumerator_list",
        "field_declaration_list",
        "initializer_list",
        "parameter_list",
        "preproc_params",
    }
)


def compile_pattern(pattern: PNode) -> Matcher:
    """Return the matcher of `pattern`.

    The matcher does not look for occurrences: it says whether the very node that it is given
    matches. What several forms of a pattern have in common is compiled once, however often they
    ask: with `a = b = c = …`, where each level has two forms, it would double at each.
    """
    return _Parts().compiled(pattern)


class _Parts:
    """The parts of one pattern and their matchers, by the parts' ids."""

    def __init__(self) -> None:
        self._made: dict[int, tuple[PNode, Matcher]] = {}

    def compiled(self, part: PNode) -> Matcher:
        """Return the matcher of a part."""
        if id(part) not in self._made:
            self._made[id(part)] = (part, _compile(part, self.compiled))
        return self._made[id(part)][1]


def _compile(pattern: PNode, compile_pattern: Compile) -> Matcher:
    make = _SPECIAL.get(pattern.kind)
    if make is not None:
        matcher = make(pattern, compile_pattern)
    elif is_words(pattern):
        matcher = compile_words(pattern)
    elif pattern.text is not None:
        matcher = _leaf(pattern)
    elif pattern.kind == "initializer_list" and is_designated(pattern):
        matcher = compile_initialisers(pattern, compile_pattern)
    elif pattern.kind in LISTS:
        matcher = comma_list(pattern, compile_pattern)
    else:
        matcher = _inner(pattern, compile_pattern)
    if pattern.attached and pattern.text is None:
        return _with_attached(pattern, matcher)
    return matcher


def _leaf(pattern: PNode) -> Matcher:
    text = pattern.text
    if pattern.formats is not None:
        return compile_format(pattern)
    if pattern.kind == "number_literal":
        return compile_number(pattern)

    def match(node: Node, state: MatchState, then: Then) -> bool:
        return node.text == text and state.take(pattern, node, then)

    return match


def _with_attached(pattern: PNode, inner: Matcher) -> Matcher:
    attached = pattern.attached

    def match(node: Node, state: MatchState, then: Then) -> bool:
        return inner(node, state, lambda: state.attach(attached, node, then))

    return match


def _inner(pattern: PNode, compile_pattern: Compile) -> Matcher:
    kind = pattern.kind
    children = row(pattern, compile_pattern)
    alternatives = _ALSO.get(kind)

    def match(node: Node, state: MatchState, then: Then) -> bool:
        return node.kind == kind and children(node.children, state, then)

    if alternatives is None:
        return match
    also = alternatives(pattern, compile_pattern)

    def match_also(node: Node, state: MatchState, then: Then) -> bool:
        if node.kind == kind:
            return children(node.children, state, then)
        return also(node, state, then)

    return match_also


def _dots(pattern: PNode, compile_pattern: Compile) -> Matcher:  # noqa: ARG001
    """`...` in place of one expression or statement."""

    def match(node: Node, state: MatchState, then: Then) -> bool:
        return state.take(pattern, node, then)

    return match


def _disjunction(pattern: PNode, compile_pattern: Compile) -> Matcher:
    arms = [
        (root_kinds(arm), compile_pattern(arm), is_lone(arm)) for arm in _pnodes(pattern.children)
    ]
    by_lone_arms = bound_by_lone_arms(pattern)

    def match(node: Node, state: MatchState, then: Then) -> bool:
        shared = by_lone_arms & state.told_apart
        taken = EarlierArms(state, shared) if shared else None
        kind = node.kind
        for kinds, arm, lone in arms:
            if kinds is not None and kind not in kinds:
                continue
            before = state.successes
            if arm(node, state, then if taken is None else taken.unless_same(then)):
                return True
            if state.successes != before and (taken is None or not lone):
                return False
            if taken is not None:
                taken.next_arm()
        return False

    return match


def _conjunction(pattern: PNode, compile_pattern: Compile) -> Matcher:
    arms = [compile_pattern(arm) for arm in _pnodes(pattern.children)]

    def match(node: Node, state: MatchState, then: Then) -> bool:
        return in_order(arms, [node] * len(arms), state, then)

    return match


def _optional(pattern: PNode, compile_pattern: Compile) -> Matcher:
    return compile_pattern(_pnodes(pattern.children)[0])


def _truth(pattern: PNode, compile_pattern: Compile) -> Matcher:
    """What an isomorphism leaves of `E != 0`: E, where only its truth is wanted."""
    inner = compile_pattern(_pnodes(pattern.children)[0])

    def match(node: Node, state: MatchState, then: Then) -> bool:
        # The place is looked at last: most nodes fail on their shape, which costs less to see.
        def follow() -> bool:
            return is_tested(node, state.types, state.options.truth) and then()

        return inner(node, state, follow)

    return match


def _variant(pattern: PNode, compile_pattern: Compile) -> Matcher:
    """Another spelling, which stands for the ends of the one that the rule has."""
    inner = compile_pattern(_pnodes(pattern.children)[0])
    tokens = pattern.stands_for

    def match(node: Node, state: MatchState, then: Then) -> bool:
        return inner(node, state, lambda: state.stand_for(tokens, node, then))

    return match


def _nest(pattern: PNode, compile_pattern: Compile) -> Matcher:
    """`<... E ...>` in an expression: every occurrence of E below the node.

    `<+... ...+>` asks for one occurrence at least. Each occurrence is a way of its own to match, as
    far as what E binds there differs; it takes along the occurrences that bind nothing beyond that.
    """
    inner = compile_pattern(_pnodes(pattern.children)[0])
    strict = pattern.strict
    leaves = [x for x in pattern.leaves() if isinstance(x, PNode)]
    if all(x.mark is TokenMark.MINUS and not x.plussed for x in leaves):
        return _removed_nest(leaves[-1], inner, strict)

    def match(node: Node, state: MatchState, then: Then) -> bool:
        places = [n for n in node.walk() if is_expression(n)]

        def follow(at: int) -> bool:
            return _at_others(places, 0, at, inner, state, then)

        return _at_one(places, inner, state, follow) or (
            not strict and not _occurs(places, inner, state) and then()
        )

    return match


def _removed_nest(token: PNode, inner: Matcher, strict: bool) -> Matcher:
    """`- <+... E ...+>`: all of an expression that has E in it."""

    def match(node: Node, state: MatchState, then: Then) -> bool:
        if not is_expression(node):
            return False

        mark = len(state.trail)

        def follow(_at: int = 0) -> bool:
            # What was found in the expression goes with it.
            inside = state.trail[mark:]
            del state.trail[mark:]
            done = state.take_range(token, node.start, node.end, then)
            state.trail += inside
            return done

        places = [n for n in node.walk() if is_expression(n)]
        return _at_one(places, inner, state, follow) or (
            not strict and not _occurs(places, inner, state) and follow()
        )

    return match


def _at_one(
    places: Sequence[Node], inner: Matcher, state: MatchState, then: Callable[[int], bool]
) -> bool:
    """Match `inner` at one of `places` and go on, for each that binds what none before it bound."""
    seen: set[object] = set()
    before = set(state.bindings)
    for at, place in enumerate(places):

        def follow(at: int = at) -> bool:
            bound = frozenset(
                (name, value.positions or value.identity or value.key)
                for name, value in state.bindings.items()
                if name not in before
            )
            if bound in seen:
                return False
            seen.add(bound)
            return then(at)

        if inner(place, state, follow):
            return True
    return False


def _occurs(places: Sequence[Node], inner: Matcher, state: MatchState) -> bool:
    return any(inner(place, state, lambda: True) for place in places)


def _at_others(
    places: Sequence[Node], index: int, leader: int, inner: Matcher, state: MatchState, then: Then
) -> bool:
    """Let `inner` take the places, less that of `leader`, at which it binds nothing more; go on."""
    count = len(state.bindings)
    for at in range(index, len(places)):
        if at == leader:
            continue
        matched = False

        def follow(at: int = at) -> bool:
            nonlocal matched
            if matched or len(state.bindings) != count:
                return False
            matched = True
            return _at_others(places, at + 1, leader, inner, state, then)

        if inner(places[at], state, follow):
            return True
        if matched:
            return False
    return then()


def _assignment_also(pattern: PNode, compile_pattern: Compile) -> Matcher:
    """`x = E` also matches the initialiser in `T x = E`, but not where the name would not stay, nor
    with another operator.
    """
    left, operator, right = (compile_pattern(child) for child in _pnodes(pattern.children))
    plain = _pnodes(pattern.children)[1].text == b"=" and pattern.initialises

    def match(node: Node, state: MatchState, then: Then) -> bool:
        if not plain or node.kind != "init_declarator" or len(node.children) != 3:
            return False
        name: Node = node.children[0]
        while name.kind == "pointer_declarator":
            name = name.children[-1]
        equals, value = node.children[1], node.children[2]
        return left(
            as_used(name, node),
            state,
            lambda: operator(equals, state, lambda: right(value, state, then)),
        )

    return match


_ALSO: dict[str, Callable[[PNode, Compile], Matcher]] = {
    "assignment_expression": _assignment_also,
}


def _pnodes(nodes: Sequence[Node]) -> list[PNode]:
    return [node for node in nodes if isinstance(node, PNode)]


def _binary(pattern: PNode, compile_pattern: Compile) -> Matcher:
    wanted = operand(pattern)
    if wanted is None:
        return _inner(pattern, compile_pattern)
    return compile_operand(pattern, wanted, _inner(pattern, compile_pattern), compile_pattern)


def _declaration(pattern: PNode, compile_pattern: Compile) -> Matcher:
    if len(read(pattern).declarators) > 1:
        return _inner(pattern, compile_pattern)
    return compile_declaration(pattern, compile_pattern)


def _specifier(pattern: PNode, compile_pattern: Compile) -> Matcher:
    return compile_specifier(pattern, compile_pattern)


def _statement(pattern: PNode, compile_pattern: Compile) -> Matcher:
    """A statement, or the call of a declarer: those at file level are no statements."""
    extra = [c for c in _pnodes(pattern.children) if c.kind in _EXTRA]
    inner = (
        _with_extra(pattern, extra, compile_pattern) if extra else _inner(pattern, compile_pattern)
    )
    callee = callee_of(pattern)

    def match(node: Node, state: MatchState, then: Then) -> bool:
        declared = state.unit.names.declarers
        if callee is None or not is_declarer(callee, declared):
            return not is_declarer_call(node, declared) and inner(node, state, then)
        if node.kind == "declaration":
            # `DECLARER(x);` also matches `static DECLARER(x);`.
            call = as_call(node)
            return call is not None and inner(call, state, then)
        return is_declarer_call(node, declared) and inner(node, state, then)

    return match


def _with_extra(pattern: PNode, extra: list[PNode], compile_pattern: Compile) -> Matcher:
    """`DECLARER(x) __attribute;` and `static DECLARER(x);`, whose extra words C trees lack."""
    plain = [compile_pattern(c) for c in _pnodes(pattern.children) if c.kind not in _EXTRA]
    wanted = [compile_attribute(c, compile_pattern) for c in extra]

    def match(node: Node, state: MatchState, then: Then) -> bool:
        if node.kind != "expression_statement":
            return False
        found = [*specifiers(state.unit, node.start), *attributes(state.unit, node.start, node.end)]
        return in_order(wanted, found, state, lambda: in_order(plain, node.children, state, then))

    return match


_EXTRA = frozenset({"attribute_specifier", "storage_class_specifier"})


def _sizeof(pattern: PNode, compile_pattern: Compile) -> Matcher:
    return compile_sizeof(pattern, _inner(pattern, compile_pattern), compile_pattern)


def _metavariable(pattern: PNode, compile_pattern: Compile) -> Matcher:  # noqa: ARG001
    meta = pattern.metavariable
    if meta is not None and meta.kind == "type":
        return compile_type_variable(pattern)
    return metavariables.compile_metavariable(pattern)


_SPECIAL: dict[str, Callable[[PNode, Compile], Matcher]] = {
    "binary_expression": _binary,
    "conjunction": _conjunction,
    "declaration": _declaration,
    "disjunction": _disjunction,
    "dots": _dots,
    "enum_specifier": _specifier,
    "expression_statement": _statement,
    "field_declaration": _declaration,
    "macro_type_specifier": compile_typeof,
    "macro_body": compile_macro_body,
    "metavar": _metavariable,
    "nest": _nest,
    "optional": _optional,
    "parameter_declaration": _declaration,
    "prototype_parameter": _declaration,
    "preproc_include": compile_include,
    "preproc_pragma": compile_pragma,
    "sizeof_expression": _sizeof,
    "struct_specifier": _specifier,
    "truth": _truth,
    "type_definition": _declaration,
    "type_descriptor": _declaration,
    "union_specifier": _specifier,
    "variant": _variant,
}
