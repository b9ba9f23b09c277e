# SPDX-License-Identifier: GPL-2.0-only
"""Values as terms.

In: operators and operands. Out: `Term`s, simplified as they are made. Deciding whether two are equal
is `term_decider`.

A term stands for a word of any width, in two's complement: a constant is a Python integer, so that
`~VM_READ` needs no width. What is true or false is the word 1 or 0. A set of flags (`vma_flags_t`)
is the word that has those bits.
"""

from __future__ import annotations

from collections.abc import Iterator
from functools import lru_cache

from msgspec import Struct


class Term:
    """An operator and its operands; equal when their texts are.

    Interpreted operators: `num` (an int), `and`, `or`, `xor`, `not` (bitwise), `shl`, `shr` (by an
    int), `ite` (truth, then, else), `nz` (not zero), `eq`, `lnot`, `land`, `lor`. Every other
    operator is an unknown function of its operands: `load` (place, time), `init` (name), `ret` (the
    result of the n-th effect), `op` (an operator of C that is not taken apart).
    """

    __slots__ = ("_hash", "args", "op")

    def __init__(self, op: str, args: tuple[Term | int | str, ...]) -> None:
        self.op = op
        self.args = args
        self._hash = hash((op, args))

    def __hash__(self) -> int:
        return self._hash

    def __eq__(self, other: object) -> bool:
        if self is other:
            return True
        if not isinstance(other, Term) or self._hash != other._hash:
            return False
        return self.op == other.op and self.args == other.args

    def __repr__(self) -> str:
        if self.op == "num":
            return str(self.args[0])
        return f"{self.op}({', '.join(map(str, self.args))})"

    @property
    def number(self) -> int | None:
        """The value of a constant, or None."""
        value = self.args[0] if self.op == "num" else None
        return value if isinstance(value, int) else None

    def below(self) -> Iterator[Term]:
        """Yield the operands that are terms."""
        for arg in self.args:
            if isinstance(arg, Term):
                yield arg


@lru_cache(maxsize=1 << 18)
def made(op: str, args: tuple[Term | int | str, ...]) -> Term:
    """Return a term; equal ones are mostly one object, so that comparing them costs nothing."""
    return Term(op, args)


INTERPRETED = frozenset(
    {"num", "and", "or", "xor", "not", "shl", "shr", "ite", "nz", "eq", "lnot", "land", "lor"}
)
"""The operators whose meaning is known."""

_TRUTHS = frozenset({"nz", "eq", "lnot", "land", "lor"})
_COMPARISONS = frozenset({"<", ">", "<=", ">=", "signed <", "signed <="})


def num(value: int) -> Term:
    """Return a constant."""
    return made("num", (value,))


ZERO = num(0)
ONE = num(1)


def is_truth(term: Term) -> bool:
    """Return whether a term is 0 or 1 by its making."""
    if term.op in _TRUTHS or term.number in (0, 1):
        return True
    if term.op == "ite":
        return all(is_truth(t) for t in list(term.below())[1:])
    return term.op == "op" and term.args[0] in _COMPARISONS


def both(a: Term, b: Term) -> Term:
    """Return the bits that both have."""
    if a == b or b.number == -1:
        return a
    if a.number == -1:
        return b
    if a.number is not None and b.number is not None:
        return num(a.number & b.number)
    if a.number == 0 or b.number == 0:
        return ZERO
    return made("and", (a, b))


def either(a: Term, b: Term) -> Term:
    """Return the bits that either has."""
    if a == b or b.number == 0:
        return a
    if a.number == 0:
        return b
    if a.number is not None and b.number is not None:
        return num(a.number | b.number)
    return made("or", (a, b))


def unlike(a: Term, b: Term) -> Term:
    """Return the bits that just one has."""
    if a == b:
        return ZERO
    if a.number is not None and b.number is not None:
        return num(a.number ^ b.number)
    if a.number == 0:
        return b
    return a if b.number == 0 else made("xor", (a, b))


def inverse(a: Term) -> Term:
    """Return the bits that it lacks."""
    if a.number is not None:
        return num(~a.number)
    if a.op == "not":
        return next(a.below())
    return made("not", (a,))


def shifted(a: Term, by: int) -> Term:
    """Return a word shifted to the left, or for a negative number to the right."""
    if by == 0:
        return a
    if a.number is not None and (by > 0 or a.number >= 0):
        return num(a.number << by if by > 0 else a.number >> -by)
    return made("shl" if by > 0 else "shr", (a, abs(by)))


def truth(a: Term) -> Term:
    """Return 1 where a word is not zero."""
    if a.number is not None:
        return num(int(a.number != 0))
    if a.op == "addr":
        return ONE
    return a if is_truth(a) else made("nz", (a,))


def negation(a: Term) -> Term:
    """Return 1 where a word is zero."""
    a = truth(a)
    if a.number is not None:
        return num(1 - a.number)
    if a.op == "lnot":
        return next(a.below())
    return made("lnot", (a,))


def conjunction(a: Term, b: Term) -> Term:
    """Return 1 where neither is zero."""
    a, b = truth(a), truth(b)
    if a.number == 0 or b.number == 0:
        return ZERO
    if a.number == 1 or a == b:
        return b
    return a if b.number == 1 else made("land", (a, b))


def disjunction(a: Term, b: Term) -> Term:
    """Return 1 where not both are zero."""
    a, b = truth(a), truth(b)
    if a.number == 1 or b.number == 1:
        return ONE
    if a.number == 0 or a == b:
        return b
    return a if b.number == 0 else made("lor", (a, b))


def equal(a: Term, b: Term) -> Term:
    """Return 1 where two words are equal."""
    if a == b:
        return ONE
    if a.number is not None and b.number is not None:
        return num(int(a.number == b.number))
    if b.number == 0:
        return negation(a)
    if a.number == 0:
        return negation(b)
    return made("eq", (a, b))


def choice(condition: Term, then: Term, other: Term) -> Term:
    """Return `condition ? then : other`."""
    condition = truth(condition)
    if condition.number == 1 or then == other:
        return then
    if condition.number == 0:
        return other
    if then.number == 1 and other.number == 0:
        return condition
    if then.number == 0 and other.number == 1:
        return negation(condition)
    return made("ite", (condition, then, other))


class TermValue(Struct, frozen=True):
    """What an expression comes to: a term, and how C holds it.

    `held` is `word` (a number), `set` (a `vma_flags_t`), or `other` (pointers, and where nothing is
    known of the type).
    """

    term: Term
    held: str = "other"


def atoms(term: Term) -> Iterator[Term]:
    """Yield the terms of unknown value in a term, each once."""
    seen: set[int] = set()
    stack = [term]
    while stack:
        one = stack.pop()
        if id(one) in seen:
            continue
        seen.add(id(one))
        if one.op in INTERPRETED:
            stack.extend(one.below())
        else:
            yield one
