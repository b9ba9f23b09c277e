# SPDX-License-Identifier: GPL-2.0-only
"""Formulas over the points of a control-flow graph.

In: nothing; these are plain values. Out: the formulas that `translation` makes of a pattern
and that `checker` decides. The logic is CTL with variables and witnesses (Brunel, Doligez,
Hansen, Lawall and Muller, "A foundation for flow-based program matching", POPL 2009): a formula
holds at a point for some values of its variables, and leaves behind what was matched on the way.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol, TypedDict

from msgspec import Struct

from vmaconv.cocci.match.graph.point import PointKind
from vmaconv.cocci.smpl.mentions import Name

Names = frozenset[Name]
NO_NAMES: Names = frozenset()


class PointPattern(Protocol):
    """A piece of a pattern that matches at one point: a simple statement, a header, a brace.

    `names` are the metavariables that a match binds; to a `closed` one what is inherited makes no
    difference.
    """

    names: Names
    closed: bool


class Formula(Struct, frozen=True, eq=False, kw_only=True):
    """A formula. `free` are its free variables; a `quiet` one leaves no witness.

    A `flat` one says of each point what that point and its neighbours tell: where it holds is
    worked out for all points at once.
    """

    free: Names = NO_NAMES
    quiet: bool = True
    flat: bool = True


class Always(Formula, frozen=True, eq=False):
    """Holds everywhere."""


class Never(Formula, frozen=True, eq=False):
    """Holds nowhere."""


class Points(Formula, frozen=True, eq=False):
    """Holds at the points of some kinds."""

    kinds: tuple[PointKind, ...]


class Escaping(Formula, frozen=True, eq=False):
    """Holds where a then branch begins whose end is never reached."""


class Copied(Formula, frozen=True, eq=False):
    """Holds at a closing brace that a jump passes."""


class LabelIs(Formula, frozen=True, eq=False):
    """Holds where the label is that of `name`, which is bound to it here if it is not bound."""

    name: Name


class Within(Formula, frozen=True, eq=False):
    """Holds in the statement whose label `name` is bound to."""

    name: Name


class Brace(Formula, frozen=True, eq=False):
    """Holds at the braces of one pair; binds `name` to it if it is not bound."""

    name: Name


class JumpFrom(Formula, frozen=True, eq=False):
    """Holds at the breaks and continues of the loop or switch whose label `name` is bound to."""

    name: Name


class Marked(Formula, frozen=True, eq=False):
    """Holds everywhere, and notes in `name` that it was needed."""

    name: Name


class Atom(Formula, frozen=True, eq=False):
    """Holds where a part of the pattern matches."""

    part: PointPattern


class Not(Formula, frozen=True, eq=False):
    """Holds where `inner` does not."""

    inner: Formula


class And(Formula, frozen=True, eq=False):
    """Holds where both do."""

    left: Formula
    right: Formula


class Or(Formula, frozen=True, eq=False):
    """Holds where one does."""

    left: Formula
    right: Formula


class First(Formula, frozen=True, eq=False):
    """Holds where `left` does, or else `right`."""

    left: Formula
    right: Formula


class Some(Formula, frozen=True, eq=False):
    """Holds for some value of `name`, which is not seen outside."""

    name: Name
    inner: Formula


class Needs(Formula, frozen=True, eq=False):
    """Holds where `inner` does and what it matched has been `Marked` with `name`."""

    name: Name
    inner: Formula


class Quiet(Formula, frozen=True, eq=False):
    """`inner` without its witness."""

    inner: Formula


class NextAll(Formula, frozen=True, eq=False):
    """Holds where `inner` holds at all points that follow."""

    inner: Formula


class NextSome(Formula, frozen=True, eq=False):
    """Holds where `inner` holds at a point that follows; here `after` points follow, too."""

    inner: Formula


class BeforeAll(Formula, frozen=True, eq=False):
    """Holds where `inner` holds at all points that come directly before."""

    inner: Formula


class BeforeSome(Formula, frozen=True, eq=False):
    """Holds where `inner` holds at a point that comes directly before, `after` points included."""

    inner: Formula


class UntilAll(Formula, frozen=True, eq=False):
    """Holds where each path goes through points of `left` until it comes to one of `right`.

    A path that stays in a loop for ever is none, as long as there is a way out.
    """

    left: Formula
    right: Formula


class UntilSome(Formula, frozen=True, eq=False):
    """Holds where some path goes through points of `left` until it comes to one of `right`."""

    left: Formula
    right: Formula


class Henceforth(Formula, frozen=True, eq=False):
    """Holds where `inner` holds here and at whatever can come later."""

    inner: Formula


class Hitherto(Formula, frozen=True, eq=False):
    """Holds where `inner` holds here and at whatever can have come before."""

    inner: Formula


class Everywhere(Formula, frozen=True, eq=False):
    """Holds where `inner` holds here and wherever this leads, with one set of values."""

    inner: Formula


class Switched(Formula, frozen=True, eq=False):
    """Dots whose quantifier is not that of the rule (`when exists` in a rule for all paths).

    What leads to them has to quantify as they do; `translation` does away with it.
    """

    inner: Formula


ALWAYS: Formula = Always()
NEVER: Formula = Never()


def points(*kinds: PointKind) -> Formula:
    """Return the formula that holds at points of these kinds."""
    return Points(kinds)


class _Properties(TypedDict):
    free: Names
    quiet: bool
    flat: bool


def _both(left: Formula, right: Formula) -> _Properties:
    return {
        "free": left.free | right.free,
        "quiet": left.quiet and right.quiet,
        "flat": left.flat and right.flat,
    }


def conjunction(left: Formula, right: Formula) -> Formula:
    """Return `left` and `right`."""
    if left is NEVER or right is NEVER:
        return NEVER
    if left is ALWAYS:
        return right
    if right is ALWAYS:
        return left
    return And(left, right, **_both(left, right))


def disjunction(left: Formula, right: Formula) -> Formula:
    """Return `left` or `right`."""
    if left is ALWAYS or right is ALWAYS:
        return ALWAYS
    if left is NEVER:
        return right
    if right is NEVER:
        return left
    return Or(left, right, **_both(left, right))


def first_of(left: Formula, right: Formula) -> Formula:
    """Return `left`, or else `right`."""
    if left is ALWAYS or right is NEVER:
        return left
    if left is NEVER:
        return right
    return First(left, right, **_both(left, right))


def any_of(formulas: Sequence[Formula]) -> Formula:
    """Return: one of `formulas` holds."""
    return _balanced(disjunction, formulas) if formulas else NEVER


def earliest_of(formulas: Sequence[Formula]) -> Formula:
    """Return: the first of `formulas` that holds."""
    return _balanced(first_of, formulas) if formulas else NEVER


def _balanced(join: Callable[[Formula, Formula], Formula], formulas: Sequence[Formula]) -> Formula:
    """Join formulas in order, so that a thousand of them are no deeper than ten."""
    if len(formulas) == 1:
        return formulas[0]
    middle = len(formulas) // 2
    return join(_balanced(join, formulas[:middle]), _balanced(join, formulas[middle:]))


def negation(inner: Formula) -> Formula:
    """Return the negation, without a witness."""
    if inner is ALWAYS:
        return NEVER
    if inner is NEVER:
        return ALWAYS
    return Not(inner, free=inner.free, flat=inner.flat)


def some(names: Names, inner: Formula) -> Formula:
    """Quantify those of `names` that are free in `inner`."""
    for name in sorted(names & inner.free):
        rest = inner.free - {name}
        inner = Some(name, inner, free=rest, quiet=inner.quiet, flat=inner.flat)
    return inner


def needs(name: Name, inner: Formula) -> Formula:
    """Return `inner` with at least one thing marked."""
    return Needs(name, inner, free=inner.free - {name}, quiet=inner.quiet, flat=False)


def quiet(inner: Formula) -> Formula:
    """Return `inner` without its witness."""
    return inner if inner.quiet else Quiet(inner, free=inner.free, flat=inner.flat)


def next_all(inner: Formula) -> Formula:
    """Return: at all points that follow."""
    return _wrapped(NextAll, inner)


def next_some(inner: Formula) -> Formula:
    """Return: at some point that follows."""
    return _wrapped(NextSome, inner)


def before_all(inner: Formula) -> Formula:
    """Return: at all points before."""
    return _wrapped(BeforeAll, inner)


def before_some(inner: Formula) -> Formula:
    """Return: at some point before."""
    return _wrapped(BeforeSome, inner)


_Wrapper = type[NextAll] | type[NextSome] | type[BeforeAll] | type[BeforeSome]


def _wrapped(wrapper: _Wrapper, inner: Formula) -> Formula:
    if inner is ALWAYS or inner is NEVER:
        return inner
    return wrapper(inner, free=inner.free, quiet=inner.quiet, flat=inner.flat)


def switched(inner: Formula) -> Formula:
    """Mark dots that quantify differently from their rule."""
    return Switched(inner, free=inner.free, quiet=inner.quiet, flat=inner.flat)


def until(forall: bool, left: Formula, right: Formula) -> Formula:
    """Return `left` until `right`, on all paths or on some."""
    make = UntilAll if forall else UntilSome
    free, quiet = left.free | right.free, left.quiet and right.quiet
    return make(left, right, free=free, quiet=quiet, flat=False)


def everywhere(inner: Formula) -> Formula:
    """Return: `inner` here and wherever this can lead, all of it together."""
    return Everywhere(inner, free=inner.free, quiet=inner.quiet, flat=False)


def henceforth(inner: Formula) -> Formula:
    """Return: `inner` here and at all that can come later."""
    return inner if inner is ALWAYS else Henceforth(inner, free=inner.free, flat=inner.flat)


def hitherto(inner: Formula) -> Formula:
    """Return: `inner` here and at all that can have come before."""
    return inner if inner is ALWAYS else Hitherto(inner, free=inner.free, flat=inner.flat)


def atom(part: PointPattern, silent: bool) -> Formula:
    """Return: `part` matches here."""
    return Atom(part, free=part.names, quiet=silent)
