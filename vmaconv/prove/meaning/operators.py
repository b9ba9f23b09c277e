# SPDX-License-Identifier: GPL-2.0-only
"""C's operators on terms.

In: operands. Out: a term; what is no operation on bits, and not of constants, is an unknown function
of its operands, the same for equal ones.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.prove.terms.term import (
    ONE,
    ZERO,
    Term,
    both,
    choice,
    either,
    equal,
    is_truth,
    made,
    negation,
    num,
    shifted,
    unlike,
)

_BITS = {"&": both, "|": either, "^": unlike}
_NUMBERS: dict[str, Callable[[int, int], int | bool]] = {
    "+": operator.add,
    "-": operator.sub,
    "*": operator.mul,
    "<": operator.lt,
    ">": operator.gt,
    "<=": operator.le,
    ">=": operator.ge,
}
LONG = made("op", ("BITS_PER_LONG",))
"""The bits of a long, which are only asked for where they matter."""


def literal(text: bytes) -> Term:
    """Return the value of a number in C: `0x10UL`, `010`, `7`."""
    word = re.sub(rb"(?i)[ul]+\Z", b"", text).decode()
    try:
        return num(int(word, 8) if re.fullmatch(r"0[0-7]+", word) else int(word, 0))
    except ValueError:
        return made("op", ("text", word))


def binary(sign: str, a: Term, b: Term, is_wide: Callable[[], bool]) -> Term:
    """Return `a sign b`; `is_wide` is asked whether a long has 64 bits, where that matters."""
    if sign in _BITS:
        return _BITS[sign](a, b)
    if sign in ("==", "!="):
        found = equal(a, b)
        return found if sign == "==" else negation(found)
    if a == LONG or b == LONG:
        a, b = (_long(x, y, is_wide) for x, y in ((a, b), (b, a)))
    x, y = a.number, b.number
    if sign in ("<<", ">>") and y is not None and 0 <= y < 64:
        return shifted(a, y if sign == "<<" else -y)
    if x is not None and y is not None:
        if sign in _NUMBERS:
            return num(int(_NUMBERS[sign](x, y)))
        if sign in ("/", "%") and y and x >= 0 and y > 0:
            return num(x // y if sign == "/" else x % y)
    if (sign in ("+", "-") and y == 0) or (sign == "*" and y == 1):
        return a
    if sign == "*" and ZERO in (a, b):
        return ZERO
    if sign == "*" and a == ONE:
        return b
    if sign in (">", ">="):
        return made("op", ("<" if sign == ">" else "<=", b, a))
    return made("op", (sign, a, b))


def signed_operation(sign: str, a: Term, b: Term) -> Term:
    """Return `a sign b` of signed longs, of which nothing is known: it is no operation on words."""
    if sign in (">", ">="):
        a, b, sign = b, a, "<" if sign == ">" else "<="
    return made("op", (f"signed {sign}", a, b))


def _long(term: Term, other: Term, is_wide: Callable[[], bool]) -> Term:
    """Return a term, the bits of a long as a number; the word size is not asked for in vain."""
    if term != LONG:
        return term
    number = other.number
    if number is not None and number < 32:
        return num(32)
    if number is not None and number >= 64:
        return num(64)
    return num(64 if is_wide() else 32)


def _is_number_by_name(term: Term) -> bool:
    """Return whether a term is `-EINVAL` or the like, which fits an int."""
    below = next(term.below(), None)
    return (
        (term.op, term.args[:1]) == ("op", ("-",))
        and len(term.args) == 2
        and below is not None
        and (below.op, below.args[:1]) == ("op", ("constant",))
    )


_ROOM = late_regex(r":([su])(\d+)\Z")


def with_room(op: str, args: tuple[Term | str | int, ...], bits: int, is_signed: bool) -> Term:
    """Return an unknown value of a type that has so many bits: `fitted` leaves it as it is."""
    return made(op, (*args, f":{'s' if is_signed else 'u'}{bits}"))


def _has_room_for(term: Term, bits: int, is_signed: bool) -> bool:
    """Return whether a type of so many bits has room for all values of an unknown one."""
    found = _ROOM.match(str(term.args[-1])) if term.op in ("init", "ret") else None
    if found is None:
        return False
    own, is_own_signed = int(found[2]), found[1] == "s"
    return own <= bits if is_own_signed == is_signed else own < bits and is_signed


def fitted(term: Term, bits: int, is_signed: bool) -> Term:
    """Return a word as it is in a variable of fewer bits: cut, and continued with its sign."""
    if is_truth(term) or term == LONG or _is_number_by_name(term):
        return term
    if _has_room_for(term, bits, is_signed):
        return term
    mask = (1 << bits) - 1
    if not is_signed:
        return both(term, num(mask))
    sign = num(1 << (bits - 1))
    if term.number is not None:
        value = term.number & mask
        return num(value - (1 << bits) if value & (1 << (bits - 1)) else value)
    return choice(both(term, sign), either(term, num(~mask)), both(term, num(mask)))
