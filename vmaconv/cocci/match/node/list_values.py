# SPDX-License-Identifier: GPL-2.0-only
"""Values and lengths of list metavariables.

In: a list metavariable and the elements that it would take. Out: the binding, if its constraint and its
length, a number or a metavariable of its own (`expression list[n] es`), let it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import partial

from vmaconv.cocci.match.attempt.state import MatchState, Then
from vmaconv.cocci.match.attempt.value import BoundValue
from vmaconv.cocci.match.code.declaration_parts import read
from vmaconv.cocci.match.node.metavariable import constrained
from vmaconv.cocci.smpl.rule import Metavariable
from vmaconv.cocci.tree.node import Node, orphan


def bind_list(
    meta: Metavariable, value: BoundValue, count: int, state: MatchState, then: Then
) -> bool:
    """Bind a list metavariable to `count` elements, if its constraint and length let it."""
    if not constrained(meta, value, state):
        return False
    if isinstance(meta.length, str):
        return bind_length(meta, value, count, state, then)
    if meta.length is not None and meta.length != count:
        return False
    return state.bind(meta, value, then)


def bind_length(
    meta: Metavariable, value: BoundValue, count: int, state: MatchState, then: Then
) -> bool:
    """Bind a list, and the metavariable that its length is declared with to its length."""
    number = str(count).encode()
    length = BoundValue(number, number)
    variable = state.lengths.get(str(meta.length))
    if variable is not None and not constrained(variable, length, state):
        return False
    owner = variable.rule if variable is not None else meta.rule
    key = (owner or "", str(meta.length))
    known = state.bindings.get(key)
    if known is not None:
        return known.key == number and state.bind(meta, value, then)
    state.bindings[key] = length
    done = state.bind(meta, value, then)
    del state.bindings[key]
    return done


def attaching(
    attached: Sequence[Metavariable], taken: Sequence[Node], state: MatchState, then: Then
) -> Then:
    """Return what binds all that `@` attaches to a list that takes some elements, and goes on.

    A position is where all of them stand; an expression list, of parameters, their names: what a call
    would hand on (`int f(Ps@Es)`).
    """
    for meta in reversed(attached):
        then = partial(_attach, meta, taken, state, then)
    return then


def _attach(first: Metavariable, taken: Sequence[Node], state: MatchState, go_on: Then) -> bool:
    if first.kind == "expression list":
        names = tuple(name for parameter in taken for name in _names_of(parameter))
        words = [name.text or b"" for name in names]
        value = BoundValue(b" ".join(words), b", ".join(words), None, names)
        return bind_list(first, value, len(names), state, go_on)
    if not taken:
        # What is not there stands nowhere.
        return first.rule is None and go_on()
    whole = orphan("list", taken[0].start, taken[-1].end)
    return state.attach((first,), whole, go_on)


def _names_of(parameter: Node) -> Iterator[Node]:
    """Yield the name of a parameter; `void` has none."""
    for declarator in read(parameter).declarators:
        if declarator.name is not None:
            yield declarator.name
