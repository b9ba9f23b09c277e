# SPDX-License-Identifier: GPL-2.0-only
"""Whether a call hands the same to a function whose parameters changed.

In: a call on both sides, and how the parameters answer (`signature_tie`). Out: nothing, or `Different`,
or `Undecided`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from msgspec import Struct

from vmaconv.prove.comparing.difference import DifferenceSide, Different, Equality, Undecided
from vmaconv.prove.comparing.signature_tie import Passed, SignatureTie
from vmaconv.prove.meaning.run_state import CallArgument, VisibleEffect
from vmaconv.prove.terms.term import Term, truth
from vmaconv.prove.terms.term_values import replaced_in

Predicate = Callable[[SignatureTie, int, bool], "tuple[Term, Term] | None"]
"""For a tie, a pair's number and whether the word is before: (what is asked, of what unknown)."""


class Ties(Struct, frozen=True):
    """The functions whose parameters changed, by their names before, and what bools stand for."""

    changed: Mapping[str, SignatureTie]
    predicate: Predicate


def compare_tied(
    a: VisibleEffect, b: VisibleEffect, changed: SignatureTie, equality: Equality, ties: Ties
) -> None:
    """Raise `Different` or `Undecided` unless two calls hand on what answers to each other."""
    name = b.name
    for side, effect in ((changed.before, a), (changed.after, b)):
        if len(effect.arguments) != len(side.parameters):
            if side is changed.before:
                raise Undecided(f"{name}() has another number of arguments than parameters", b.seen)
            raise Different(
                f"{name}() is called with {len(effect.arguments)} arguments "
                f"and takes {len(side.parameters)}",
                DifferenceSide(a.seen, "compiles"),
                DifferenceSide(b.seen, "does not compile"),
                {},
            )
    for position, (i, j) in enumerate(changed.pairs):
        old, new = changed.before.parameters[i], changed.after.parameters[j]
        x, y = a.arguments[i], b.arguments[j]
        if old.passed is not new.passed:
            # That what was handed before fits was the compiler's to say.
            _check_fits(y, new.passed, new.name or str(j + 1), a, b)
        terms = _tied_terms(x, y, old.passed, new.passed, ties, changed, position)
        what = f"what {name}() is handed for {new.name or f'parameter {j + 1}'} differs"
        given = terms or (_content(x, old.passed), _content(y, new.passed))
        outcomes = [DifferenceSide(e.seen, t) for e, t in zip((a, b), given, strict=True)]
        try:
            equality.require(what, outcomes[0], outcomes[1], (a.guard,))
        except Different:
            if terms is not None:
                raise
            # Nothing is known of what the function asks of it.
            raise Undecided(f"{what}, and what it asks of that is not known", b.seen) from None
    if not changed.is_whole:
        raise Undecided(f"{name}() has other parameters than before", b.seen)


def _check_fits(
    argument: CallArgument, passed: Passed, what: str, a: VisibleEffect, b: VisibleEffect
) -> None:
    held, term = argument.value.held, argument.value.term
    match passed:
        case Passed.SET:
            fits = held == "set" or (held == "other" and term.op not in ("addr", "num"))
        case Passed.SET_POINTER | Passed.WORD_POINTER:
            fits = held == "other"
        case Passed.WORD | Passed.TRUTH:
            fits = held != "set"
        case Passed.OTHER:
            fits = True
    if not fits:
        given = {"set": "a vma_flags_t", "word": "a word"}.get(held, "a pointer")
        raise Different(
            f"{b.name}() takes {passed.value} for {what} now, and is still handed {given}",
            DifferenceSide(a.seen, "compiles"),
            DifferenceSide(b.seen, "does not compile"),
            {},
        )


def _tied_terms(
    x: CallArgument,
    y: CallArgument,
    old: Passed,
    new: Passed,
    ties: Ties,
    changed: SignatureTie,
    position: int,
) -> tuple[Term, Term] | None:
    """Return what has to be equal for two arguments to answer to each other."""
    a, b = _content(x, old), _content(y, new)
    if old is Passed.TRUTH and new is Passed.TRUTH:
        return truth(a), truth(b)
    if Passed.TRUTH not in (old, new):
        return a, b
    if Passed.OTHER in (old, new):
        return a, b
    asked = ties.predicate(changed, position, new is Passed.TRUTH)
    if asked is None:
        return None
    term, unknown = asked
    if new is Passed.TRUTH:
        return replaced_in(term, {unknown: a}), truth(b)
    return truth(a), replaced_in(term, {unknown: b})


def _content(argument: CallArgument, passed: Passed) -> Term:
    if passed in (Passed.SET_POINTER, Passed.WORD_POINTER) and argument.pointee is not None:
        return argument.pointee
    return argument.value.term
