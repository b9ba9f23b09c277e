# SPDX-License-Identifier: GPL-2.0-only
"""Where two sides part, or where it is not known whether they do.

In: terms that should be equal, and where they stand. Out: `Different` with an example, `Undecided`
with a place, or nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.prove.meaning.run_state import Seen
from vmaconv.prove.terms.term import ZERO, Term, atoms
from vmaconv.prove.terms.term_decider import CannotDecide, TermDecider
from vmaconv.prove.terms.term_values import constants_in, in_words, number_of, replaced_in

_UNSURE_CONSTANT = late_regex(r"(?:__)?VMA?_[A-Z]\w*\Z")


class Undecided(Exception):
    """It is not known whether two stretches do the same: why, and where in the text after."""

    def __init__(self, reason: str, seen: Seen) -> None:
        super().__init__(reason)
        self.reason = reason
        self.seen = seen


class DifferenceSide(Struct, frozen=True):
    """One side of a difference: the place, and the term or words for what comes of it."""

    seen: Seen
    value: Term | str


class Different(Exception):
    """Two stretches differ: what part of them, on both sides, and for which values."""

    def __init__(
        self, reason: str, before: DifferenceSide, after: DifferenceSide, values: Mapping[Term, int]
    ) -> None:
        super().__init__(reason)
        self.reason = reason
        self.before = before
        self.after = after
        self.values = values


class Parted(Struct, frozen=True):
    """One way through a loop: what stands for a local that is not known, and when it is taken."""

    values: Mapping[Term, Term]
    guard: tuple[Term, ...]


class Equality:
    """Compares terms in one configuration; `where` is what holds at the place looked at."""

    def __init__(self, decider: TermDecider) -> None:
        self._decider = decider
        self.where: tuple[Term, ...] = ()
        self.parted: list[Parted] = []
        """What locals of which nothing is known hold after a loop, where they are known to part."""

    def require(
        self, reason: str, before: DifferenceSide, after: DifferenceSide, guard: Sequence[Term] = ()
    ) -> None:
        """Raise `Different` or `Undecided` unless two terms are equal where `guard` holds."""
        a, b = before.value, after.value
        assert isinstance(a, Term) and isinstance(b, Term)
        if a == b:
            return
        try:
            values = self._decider.example(guard, a, b)
            if values is not None and self.where:
                values = self._decider.example((*self.where, *guard), a, b)
        except CannotDecide as error:
            raise Undecided(str(error), after.seen) from None
        if values is None:
            return
        why = unsure((a, b, *guard))
        if why:
            values = self._parted(a, b, guard, after.seen)
            if values is None:
                raise Undecided(why, after.seen)
        raise Different(reason, before, after, values)

    def _parted(
        self, a: Term, b: Term, guard: Sequence[Term], at: Seen
    ) -> Mapping[Term, int] | None:
        """Return values for which two terms differ after a turn of a loop, if they are known to."""
        for parted in self.parted:
            terms = [replaced_in(t, parted.values) for t in (a, b, *self.where, *guard)]
            if unsure(terms):
                continue
            try:
                values = self._decider.example((*parted.guard, *terms[2:]), terms[0], terms[1])
            except CannotDecide as error:
                raise Undecided(str(error), at) from None
            if values is not None:
                return values
        return None

    def known_as(self, term: Term) -> Term:
        """Return one term for all that are the same unknown function of equal arguments."""
        return self._decider.representative(term)

    def are_equal(self, old: Sequence[Term], new: Sequence[Term], at: Seen) -> bool:
        """Return whether terms are equal, each to each. Raises `Undecided`."""
        try:
            return all(
                self._decider.example(self.where, a, b) is None
                for a, b in zip(old, new, strict=True)
            )
        except CannotDecide as error:
            raise Undecided(str(error), at) from None

    def can_be(self, guard: Sequence[Term], at: Seen) -> Mapping[Term, int] | None:
        """Return values for which all of `guard` holds, or None where there are none.

        Raises `Undecided`.
        """
        try:
            return self._decider.refutation((*self.where, *guard), ZERO)
        except CannotDecide as error:
            raise Undecided(str(error), at) from None


def constants_of_one_side(error: Different) -> frozenset[str]:
    """Return the constants by name, of which nothing is known, that only one side has.

    Two names may stand for one number.
    """
    sides = [
        set(constants_in(side.value)) if isinstance(side.value, Term) else set()
        for side in (error.before, error.after)
    ]
    return frozenset(sides[0] ^ sides[1])


def unsure(terms: Sequence[Term]) -> str:
    """Return what in terms is not known well enough to say that they differ; empty if nothing."""
    for term in terms:
        for atom in atoms(term):
            found = _unsure(atom)
            if found:
                return found
    return ""


def _unsure(atom: Term) -> str:
    if atom.op == "op" and atom.args[0] == "unsure":
        return str(atom.args[1])
    if atom.op == "op" and atom.args[0] == "constant":
        name = str(atom.args[1])
        return f"what {name} stands for is not known" if _UNSURE_CONSTANT.match(name) else ""
    if atom.op == "op" and atom.args[0] == "type":
        return f"what {' '.join(map(str, atom.args[1:]))} comes to is not known"
    if atom.op == "op" and atom.args[0] == "asserted":
        return f"what {atom.args[1]}() says is not known"
    if atom.op == "fld" and str(atom.args[1]).endswith("?"):
        return f"which struct {in_words(atom)} is a member of is not known"
    for inner in atom.below():
        found = _unsure(inner)
        if found:
            return found
    return ""


def value_in_words(
    value: Term | str,
    values: Mapping[Term, int],
    width: int,
    flags: Callable[[int], str],
) -> str:
    """Return what a term comes to, for a person: `true`, `VM_READ | VM_EXEC`, `-22`."""
    if isinstance(value, str):
        return value
    from vmaconv.prove.terms.term import is_truth

    if is_truth(value):
        return "true" if number_of(value, values, width) else "false"
    if not any(True for _ in atoms(value)) and value.number is not None and value.number < 0:
        return str(value.number)
    if value.op not in ("num", "and", "or", "xor", "not", "ite", "load", "init"):
        return in_words(value)
    return flags(number_of(value, values, width))
