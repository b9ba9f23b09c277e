# SPDX-License-Identifier: GPL-2.0-only
"""Terms with values put in, and in words.

In: terms; values of what is unknown in them. Out: numbers, terms, and C-like text for a person.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from vmaconv.prove.terms.term import (
    INTERPRETED,
    Term,
    both,
    choice,
    conjunction,
    disjunction,
    either,
    equal,
    inverse,
    negation,
    shifted,
    truth,
    unlike,
)


def replaced_in(term: Term, values: Mapping[Term, Term]) -> Term:
    """Return a term with other terms in place of some of its unknown ones."""
    done: dict[Term, Term] = {}

    def of(one: Term) -> Term:
        found = done.get(one)
        if found is None:
            found = done[one] = values.get(one) or (_rebuilt(one, of) if one.args else one)
        return found

    return of(term)


def constants_in(term: Term) -> Iterator[str]:
    """Yield the names in a term of constants of which nothing is known."""
    if term.op == "op" and term.args[0] == "constant":
        yield str(term.args[1])
    for inner in term.below():
        yield from constants_in(inner)


def _rebuilt(term: Term, of: object) -> Term:
    assert callable(of)
    if term.op not in INTERPRETED or term.op == "num":
        return term
    below = [of(t) for t in term.below()]
    match term.op:
        case "and":
            return both(below[0], below[1])
        case "or":
            return either(below[0], below[1])
        case "xor":
            return unlike(below[0], below[1])
        case "not":
            return inverse(below[0])
        case "shl" | "shr":
            by = int(str(term.args[1]))
            return shifted(below[0], by if term.op == "shl" else -by)
        case "ite":
            return choice(below[0], below[1], below[2])
        case "nz":
            return truth(below[0])
        case "eq":
            return equal(below[0], below[1])
        case "lnot":
            return negation(below[0])
        case "land":
            return conjunction(below[0], below[1])
    return disjunction(below[0], below[1])


def number_of(term: Term, values: Mapping[Term, int], width: int) -> int:
    """Return what a term comes to, as a number of `width` bits; what has no value is 0."""
    mask = (1 << width) - 1

    def of(one: Term) -> int:
        if one.op not in INTERPRETED:
            return values.get(one, 0) & mask
        if one.op == "num":
            return (one.number or 0) & mask
        below = [of(t) for t in one.below()]
        match one.op:
            case "and":
                return below[0] & below[1]
            case "or":
                return below[0] | below[1]
            case "xor":
                return below[0] ^ below[1]
            case "not":
                return ~below[0] & mask
            case "shl":
                return below[0] << int(str(one.args[1])) & mask
            case "shr":
                return below[0] >> int(str(one.args[1]))
            case "ite":
                return below[1] if below[0] else below[2]
            case "nz":
                return int(below[0] != 0)
            case "eq":
                return int(below[0] == below[1])
            case "lnot":
                return int(below[0] == 0)
            case "land":
                return int(below[0] != 0 and below[1] != 0)
        return int(below[0] != 0 or below[1] != 0)

    return of(term)


Outline = tuple[object, ...]
"""A term that is not interpreted, with places left where interpreted ones stand in it."""


def outline_of(term: Term) -> tuple[Outline, tuple[Term, ...]]:
    """Return the outline of an uninterpreted term, and the interpreted ones that stand in it.

    Two terms of one outline are one unknown function; they are equal where what stands in them is.
    A place in memory is known by its text, so that nothing but values counts as an argument.
    """
    inner: list[Term] = []

    def of(one: Term) -> Outline:
        parts: list[object] = [one.op]
        for arg in one.args:
            if not isinstance(arg, Term):
                parts.append(arg)
            elif arg.op in INTERPRETED:
                inner.append(arg)
                parts.append(None)
            else:
                parts.append(of(arg))
        return tuple(parts)

    return of(term), tuple(inner)


def in_words(term: Term) -> str:
    """Return a term that is not interpreted as C would name it: `desc->vm_flags`."""
    args = [in_words(a) if isinstance(a, Term) else str(a) for a in term.args]
    match term.op:
        case "init" | "var" | "glob":
            return args[0].split(":")[-1].lstrip("*")
        case "load":
            return args[0]
        case "fld":
            pointer = term.args[0]
            name = "vm_flags" if args[1] == "@flags" else args[1].strip("@?")
            if isinstance(pointer, Term) and pointer.op == "addr":
                return f"{in_words(next(pointer.below()))}.{name}"
            return f"{args[0]}->{name}"
        case "mem":
            return f"*{args[0]}"
        case "idx":
            return f"{args[0]}[{args[1]}]"
        case "addr":
            return f"&{args[0]}"
        case "ret":
            return f"what {args[1]} gave"
        case "num":
            number = term.number or 0
            return str(number) if -4096 < number < 4096 else hex(number)
        case "op" if args[0] in ("constant", "text", "type"):
            return " ".join(args[1:])
        case "op" if args[0] == "unsure":
            return args[1]
        case "op" if len(args) == 3:
            return f"({args[1]} {args[0]} {args[2]})"
    return f"{args[0] if args else term.op}({', '.join(args[1:])})"
