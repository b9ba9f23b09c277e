# SPDX-License-Identifier: GPL-2.0-only
"""What a list metavariable stands for, and how long it is.

In: a list metavariable and the elements that it would take. Out: the binding, if its constraint and its
length, a number or a metavariable of its own (`expression list[n] es`), let it.
"""

from __future__ import annotations

from vmaconv.cocci.match.attempt.state import MatchState, Then
from vmaconv.cocci.match.attempt.value import BoundValue
from vmaconv.cocci.match.node.metavariable import constrained
from vmaconv.cocci.smpl.rule import Metavariable


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
