# SPDX-License-Identifier: GPL-2.0-only
"""Whether two stretches of code that were run did the same.

In: what each did: effects, exits, memory. Out: nothing, or `Different`, or `Undecided`. The n-th effect
of one side answers to the n-th of the other, so that what it returns is the same on both.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from vmaconv.prove.comparing.difference import DifferenceSide, Different, Equality, Undecided
from vmaconv.prove.comparing.statement_parts import LOCK
from vmaconv.prove.comparing.tied_arguments import Ties, compare_tied
from vmaconv.prove.meaning.run_state import CallArgument, Exit, RunState, Seen, VisibleEffect
from vmaconv.prove.terms.term import (
    ZERO,
    Term,
    TermValue,
    atoms,
    choice,
    disjunction,
    made,
    negation,
    truth,
)
from vmaconv.prove.terms.term_values import in_words, outline_of


class Done(Struct, frozen=True):
    """What one side did in a stretch."""

    effects: Sequence[VisibleEffect]
    exits: Sequence[Exit]
    state: RunState
    seen: Seen


def compare(old: Done, new: Done, equality: Equality, ties: Ties) -> None:
    """Raise `Different` or `Undecided` unless two stretches did the same."""
    bare = [replace(d, effects=[e for e in d.effects if e.kind != "assertion"]) for d in (old, new)]
    if _names(old.effects) != _names(new.effects) and (
        _names(bare[0].effects) == _names(bare[1].effects)
    ):
        # That something else is done says more than that something is no longer asserted.
        compare(bare[0], bare[1], equality, ties)
    _compare_effects(old, new, equality, ties)
    _compare_exits(old, new, equality)
    # What was written stays written, also where the stretch was left on the way.
    _compare_memory(dict(old.state.pending()), dict(new.state.pending()), old, new, equality)
    _compare_followed(old, new, equality)


# Effects.


def _compare_effects(old: Done, new: Done, equality: Equality, ties: Ties) -> None:
    names = [_names(side.effects) for side in (old, new)]
    if names[0] != names[1]:
        _compare_as_far(old, new, equality, ties)
        _explain_lost(old, new, equality)
    for a, b in zip(old.effects, new.effects, strict=True):
        _compare_effect(a, b, equality, ties)


def _names(effects: Sequence[VisibleEffect]) -> list[tuple[str, str]]:
    return [(effect.kind, effect.name) for effect in effects]


def _compare_as_far(old: Done, new: Done, equality: Equality, ties: Ties) -> None:
    """Compare the effects before the first that has no answer: a difference there is the cause."""
    counts = [Counter(_names(side.effects)) for side in (old, new)]
    for a, b in zip(old.effects, new.effects, strict=False):
        key = (a.kind, a.name)
        if key != (b.kind, b.name):
            return
        if counts[0][key] != counts[1][key]:
            _compare_reached(key, old, new, equality)
        _compare_effect(a, b, equality, ties)


def _compare_reached(key: tuple[str, str], old: Done, new: Done, equality: Equality) -> None:
    """Compare when something happens at all that stands in another number of places.

    Raises `Undecided` where that is the same, and one place is not reached as its answer is: which
    place answers to which is not known.
    """
    found = [[e for e in d.effects if (e.kind, e.name) == key] for d in (old, new)]
    first = [e[0] for e in found]
    reached = [truth(_any_of([e.guard for e in one])) for one in found]
    called = f"{key[1]}()" if key[0] != "text" else "a statement"
    places = [DifferenceSide(e.under or e.seen, r) for e, r in zip(first, reached, strict=True)]
    equality.require(f"whether {called} is reached differs", places[0], places[1])
    guards = [DifferenceSide(e.seen, truth(e.guard)) for e in first]
    try:
        equality.require("", guards[0], guards[1])
    except Different:
        raise Undecided(f"{called} is reached in another number of places", first[1].seen) from None


def _any_of(guards: Sequence[Term]) -> Term:
    found = ZERO
    for guard in guards:
        found = disjunction(found, guard)
    return found


def _explain_lost(old: Done, new: Done, equality: Equality) -> None:
    before, after = Counter(_names(old.effects)), Counter(_names(new.effects))
    lost, added = before - after, after - before
    where = new.seen if new.effects == () else (new.effects[0].seen if new.effects else new.seen)
    if not lost and not added:
        _compare_reordered(old, new, equality)
        raise Undecided("the same calls are made in another order", where)
    for gone, side, verb in ((lost, old, "no longer"), (added, new, "now")):
        for kind, name in gone:
            effect = next(e for e in side.effects if (e.kind, e.name) == (kind, name))
            other = added if gone is lost else lost
            may_be_inside = any(k in ("call", "text") for k, _ in other)
            if kind == "call" and LOCK.search(name) and not may_be_inside:
                values = equality.can_be((effect.guard,), where)
                if values is None:
                    continue
                happens = DifferenceSide(effect.seen, f"{name}() is called")
                lacks = DifferenceSide(
                    new.seen if side is old else old.seen, f"{name}() is not called"
                )
                pair = (happens, lacks) if side is old else (lacks, happens)
                raise Different(f"{name}() is {verb} called", *pair, values)
    if all(kind in ("access", "assertion") for kind, _ in (*lost, *added)):
        # How memory is reached is a remark only where it holds the same in the end.
        _compare_memory(dict(old.state.pending()), dict(new.state.pending()), old, new, equality)
    (kind, name) = next(iter(lost or added))
    verb = "no longer" if lost else "newly"
    side = old if lost else new
    why = next((e.why for e in side.effects if (e.kind, e.name) == (kind, name)), "")
    unknown = f"what it does is not known{': ' if why else ''}{why}"
    what = {
        "assertion": f"what {name}() asserts is {verb} asserted",
        "access": f"an access by {name} is {verb} made",
        "text": "statements differ in more than flags",
    }.get(kind, f"{name}() is {verb} called, and {unknown}")
    raise Undecided(what, where)


def _compare_reordered(old: Done, new: Done, equality: Equality) -> None:
    """Raise `Different` for a call that is made under another condition, as far as that is known."""
    names = Counter(_names(old.effects))
    for a in old.effects:
        b = next(e for e in new.effects if (e.kind, e.name) == (a.kind, a.name))
        known = set(atoms(a.guard))
        is_known = known == set(atoms(b.guard)) and not any(atom.op == "ret" for atom in known)
        if names[a.kind, a.name] == 1 and is_known:
            equality.require(
                f"whether {a.name}() is reached differs",
                DifferenceSide(a.under or a.seen, truth(a.guard)),
                DifferenceSide(b.under or b.seen, truth(b.guard)),
            )


def _compare_effect(a: VisibleEffect, b: VisibleEffect, equality: Equality, ties: Ties) -> None:
    called = f"{a.name}()" if a.kind != "text" else "a statement"
    equality.require(
        f"whether {called} is reached differs",
        DifferenceSide(a.under or a.seen, truth(a.guard)),
        DifferenceSide(b.under or b.seen, truth(b.guard)),
    )
    where = (a.guard,)
    _compare_memory(dict(a.pending), dict(b.pending), a, b, equality)
    for x, y in zip(a.at, b.at, strict=False):
        what = "which function is called differs"
        equality.require(
            what, DifferenceSide(a.seen, x.value.term), DifferenceSide(b.seen, y.value.term), where
        )
    found = ties.changed.get(a.name) if a.kind == "call" else None
    if found is not None:
        compare_tied(a, b, found, equality, ties)
        return
    if len(a.arguments) != len(b.arguments):
        raise Undecided(f"{called} has another number of arguments", b.seen)
    for number, (x, y) in enumerate(zip(a.arguments, b.arguments, strict=True), 1):
        what = f"argument {number} of {called} differs" if a.kind == "call" else f"{called} differs"
        if {x.value.held, y.value.held} == {"word", "set"} and a.kind == "text":
            raise Undecided("a word became a vma_flags_t", b.seen)
        if {x.value.held, y.value.held} == {"word", "set"} and a.kind == "call":
            raise _mixed(a, b, x, y, number)
        equality.require(
            what, DifferenceSide(a.seen, x.value.term), DifferenceSide(b.seen, y.value.term), where
        )
        if x.pointee is not None and y.pointee is not None:
            equality.require(
                what, DifferenceSide(a.seen, x.pointee), DifferenceSide(b.seen, y.pointee), where
            )


def _mixed(
    a: VisibleEffect, b: VisibleEffect, x: CallArgument, y: CallArgument, number: int
) -> Exception:
    before, after = ("a vma_flags_t" if v.value.held == "set" else "a word" for v in (x, y))
    if a.name.isupper() or a.name.startswith(("pr_", "dev_", "printk", "trace_")):
        return Undecided(f"{a.name}() is handed {after} where it was handed {before}", b.seen)
    return Different(
        f"argument {number} of {a.name}() is {after}, and {a.name}() did not change",
        DifferenceSide(a.seen, before),
        DifferenceSide(b.seen, after),
        {},
    )


# Exits.


def _compare_exits(old: Done, new: Done, equality: Equality) -> None:
    kinds = sorted({e.kind for e in (*old.exits, *new.exits)})
    for kind in kinds:
        sides = [_joined([e for e in done.exits if e.kind == kind]) for done in (old, new)]
        (guard_a, value_a), (guard_b, value_b) = sides
        first = [
            next(
                (e for e in done.exits if e.kind == kind),
                Exit(kind, ZERO, TermValue(ZERO), done.seen),
            )
            for done in (old, new)
        ]
        equality.require(
            f"whether {kind} is reached differs",
            DifferenceSide(first[0].under or first[0].seen, guard_a),
            DifferenceSide(first[1].under or first[1].seen, guard_b),
        )
        seen_a, seen_b = first[0].seen, first[1].seen
        if kind == "return":
            equality.require(
                "what is returned differs",
                DifferenceSide(seen_a, value_a.term),
                DifferenceSide(seen_b, value_b.term),
                (guard_a,),
            )


def _joined(exits: Sequence[Exit]) -> tuple[Term, TermValue]:
    guard, value = ZERO, TermValue(ZERO)
    for one in reversed(exits):
        guard = disjunction(one.guard, guard)
        value = TermValue(choice(one.guard, one.value.term, value.term), one.value.held)
    return truth(guard) if exits else ZERO, value


# Memory.


def _compare_memory(
    old: Mapping[Term, TermValue],
    new: Mapping[Term, TermValue],
    a: Done | VisibleEffect,
    b: Done | VisibleEffect,
    equality: Equality,
) -> None:
    time = b.time if isinstance(b, VisibleEffect) else b.state.time
    # An element of an array may be named by two spellings of one index.
    sides = [{equality.known_as(place): v for place, v in side.items()} for side in (old, new)]
    sides[1] = _paired(sides[0], sides[1], equality, b.seen)
    for place in dict.fromkeys((*sides[0], *sides[1])):
        untouched = made("load", (place, time))
        x, y = (side[place].term if place in side else untouched for side in sides)
        equality.require(
            f"what {in_words(place)} holds differs",
            DifferenceSide(a.seen, x),
            DifferenceSide(b.seen, y),
        )


def _paired(
    old: Mapping[Term, TermValue], new: Mapping[Term, TermValue], equality: Equality, at: Seen
) -> dict[Term, TermValue]:
    """Return what the places after hold, elements of arrays under the names that they have before.

    Raises `Undecided` for an element of which it is not known whether it is one of those before.
    """
    found: dict[Term, TermValue] = {}
    for place, value in new.items():
        outline, indices = outline_of(place)
        if place in old or not indices:
            found[place] = value
            continue
        alike = [p for p in old if p not in new and outline_of(p)[0] == outline]
        same = [p for p in alike if equality.are_equal(outline_of(p)[1], indices, at)]
        if alike and not same:
            raise Undecided(
                f"which element of {in_words(next(place.below()))} is written differs", at
            )
        found[same[0] if same else place] = value
    return found


def _compare_followed(old: Done, new: Done, equality: Equality) -> None:
    """Raise `Different` for a pointer that is followed where it may be NULL, and was not."""
    for pointer, after in new.state.reached.items():
        before = old.state.reached.get(pointer)
        if before is None or before == after or pointer not in atoms(before):
            continue
        is_null = negation(truth(pointer))
        if equality.can_be((before, is_null), new.seen) is not None:
            continue
        values = equality.can_be((after, is_null), new.seen)
        if values is not None:
            raise Different(
                f"{in_words(pointer)} is followed where it may be NULL",
                DifferenceSide(old.seen, "is not followed"),
                DifferenceSide(new.seen, "is followed"),
                values,
            )
