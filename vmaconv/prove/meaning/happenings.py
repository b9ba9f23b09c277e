# SPDX-License-Identifier: GPL-2.0-only
"""What happens that others can see.

In: calls and accesses that are not looked into, with their arguments. Out: a `VisibleEffect` of the run,
and the value that stands for what came of it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.tree.node import Node
from vmaconv.prove.meaning.memory_places import place_of
from vmaconv.prove.meaning.run_state import (
    CallArgument,
    NotUnderstood,
    VisibleEffect,
)
from vmaconv.prove.terms.term import (
    ZERO,
    Term,
    TermValue,
    made,
    truth,
)

_LVALUES = frozenset({"identifier", "field_expression", "subscript_expression", "unary_expression"})

if TYPE_CHECKING:
    from vmaconv.prove.meaning.interpreter import Interpreter

_MAY_BE_NOTHING = late_regex(r"VM_|KVM_|lockdep_|\w+_assert_")
"""The assertions that some configurations compile to nothing."""


def argument(run: Interpreter, value: TermValue) -> CallArgument:
    """Return a value as it is handed to a call that is not looked into."""
    if value.term.op == "addr":
        return CallArgument(value, run.state.read(next(value.term.below())).term)
    if value.term.op == "array":
        return CallArgument(value, next(value.term.below(), None))
    if value.term.op in ("init", "load"):
        held = run.state.values.get(made("mem", (value.term,)))
        return CallArgument(value, held.term if held is not None else None)
    return CallArgument(value)


def effect(
    run: Interpreter,
    kind: str,
    name: str,
    arguments: Sequence[CallArgument],
    at: Sequence[CallArgument] = (),
) -> TermValue:
    """Let something happen that others can see, and return its result; `at` says to what."""
    guard = run.state.guard
    if run.asserting:
        # What is asserted is looked at, and changes nothing.
        return TermValue(made("op", ("asserted", name, *(a.value.term for a in arguments))))
    if guard.number == 0:
        return TermValue(ZERO)
    for one in arguments:
        run.state.expose(one.value.term)
    pending = run.state.pending() if kind in ("call", "text") else ()
    happened = VisibleEffect(
        kind,
        name,
        tuple(arguments),
        guard,
        run.seen,
        pending,
        run.state.time,
        tuple(at),
        run.under,
        run.not_understood.get(name, "") if kind == "call" else "",
    )
    run.effects.append(happened)
    if kind in ("call", "text"):
        run.state.locked = frozenset()
        run.state.forget()
    return TermValue(made("ret", (run.state.time, name)))


def assertion(run: Interpreter, name: str, arguments: Sequence[Node]) -> TermValue:
    before, run.asserting = run.asserting, True
    held = dict(run.state.values)
    try:
        values = [run.value(a) for a in arguments[:1]]
        rest = [run.value(a) for a in arguments[1:]]
    finally:
        run.asserting = before
    if _MAY_BE_NOTHING.match(name) and any(
        _is_seen_later(place) and held.get(place) != value
        for place, value in run.state.values.items()
    ):
        # Without CONFIG_DEBUG_VM, VM_WARN_ON() does not look at what it is given.
        raise NotUnderstood(f"something is written among the arguments of {name}()")
    claims = "WARN" in name or "BUG" in name
    first = [TermValue(truth(v.term), "word") for v in values] if claims else values
    if not (claims and first and first[0].term.number == 0):
        effect(run, "assertion", name, [argument(run, v) for v in (*first, *rest)])
    return first[0] if first and claims else TermValue(ZERO)


def _is_seen_later(place: Term) -> bool:
    """Return whether a place is no local of a helper that was looked into."""
    return not (place.op == "var" and ":" in str(place.args[0]))


def copied_struct(run: Interpreter, place: Term, source: Node) -> TermValue:
    """Let a struct become another one: what its members hold then is not followed.

    All memory may hold something else afterwards, as after a call; what was written before it is
    seen by it, also in the members of a local that it is copied from.
    """
    value = run.value(source)
    given = [argument(run, TermValue(made("addr", (place,)))), argument(run, value)]
    if value.term.op in ("init", "load", "ret") and source.kind in _LVALUES:
        origin, _ = place_of(run, source)
        run.state.expose(made("addr", (origin,)))
        given.append(CallArgument(TermValue(made("addr", (origin,)))))
    result = effect(run, "text", "a struct is copied", given)
    run.state.drop_members(place)
    run.state.write(place, result)
    return result
