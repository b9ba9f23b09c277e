# SPDX-License-Identifier: GPL-2.0-only
"""Deciding with z3 what is too large for a truth table.

In: terms. Out: values for which a claim fails. Loaded only where it is needed: z3 is the optional
dependency `vmaconv[prove]`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import z3

from vmaconv.prove.terms.term import Term, truth
from vmaconv.prove.terms.term_values import Outline, outline_of


def refutation(
    width: int, where: Sequence[Term], claim: Term, seconds: float | None
) -> Mapping[Term, int] | None:
    """Return values for which all of `where` holds and `claim` does not.

    Empty where there are none; None where z3 does not know, or not within `seconds`.
    """
    words = _Words(width)
    solver = z3.Solver()
    if seconds is not None:
        solver.set("timeout", int(seconds * 1000))
    for condition in where:
        solver.add(words.of(truth(condition)) != 0)
    solver.add(words.of(truth(claim)) == 0)
    for same in words.congruences():
        solver.add(same)
    match str(solver.check()):
        case "unsat":
            return {}
        case "sat":
            model = solver.model()
            return {
                atom: model.eval(word, model_completion=True).as_long()
                for atom, word in words.atoms.items()
            }
    return None


class _Words:
    """Terms as z3's bitvectors."""

    def __init__(self, width: int) -> None:
        self._width = width
        self.atoms: dict[Term, z3.BitVecRef] = {}
        self._done: dict[Term, z3.BitVecRef] = {}

    def congruences(self) -> Iterator[z3.BoolRef]:
        """Yield that one unknown function gives the same for equal arguments."""
        groups: dict[Outline, list[tuple[z3.BitVecRef, list[z3.BitVecRef]]]] = {}
        done: set[Term] = set()
        # The arguments may hold unknown functions themselves.
        while waiting := [atom for atom in self.atoms if atom not in done]:
            for atom in waiting:
                done.add(atom)
                outline, inner = outline_of(atom)
                if not inner:
                    continue
                arguments = [self.of(term) for term in inner]
                group = groups.setdefault(outline, [])
                for word, others in group:
                    pairs = zip(arguments, others, strict=True)
                    yield z3.Implies(z3.And(*(x == y for x, y in pairs)), self.atoms[atom] == word)
                group.append((self.atoms[atom], arguments))

    def of(self, term: Term) -> z3.BitVecRef:
        found = self._done.get(term)
        if found is None:
            found = self._done[term] = self._make(term)
        return found

    def _truth(self, condition: z3.BoolRef) -> z3.BitVecRef:
        return z3.If(condition, z3.BitVecVal(1, self._width), z3.BitVecVal(0, self._width))

    def _make(self, term: Term) -> z3.BitVecRef:
        if term.op == "num":
            return z3.BitVecVal(term.number or 0, self._width)
        below = [self.of(t) for t in term.below()] if term.op in _KNOWN else []
        match term.op:
            case "and":
                return below[0] & below[1]
            case "or":
                return below[0] | below[1]
            case "xor":
                return below[0] ^ below[1]
            case "not":
                return ~below[0]
            case "shl":
                return below[0] << int(str(term.args[1]))
            case "shr":
                return z3.LShR(below[0], int(str(term.args[1])))
            case "ite":
                return z3.If(below[0] != 0, below[1], below[2])
            case "nz":
                return self._truth(below[0] != 0)
            case "lnot":
                return self._truth(below[0] == 0)
            case "eq":
                return self._truth(below[0] == below[1])
            case "land":
                return self._truth(z3.And(below[0] != 0, below[1] != 0))
            case "lor":
                return self._truth(z3.Or(below[0] != 0, below[1] != 0))
        return self.atoms.setdefault(term, z3.BitVec(f"a{len(self.atoms)}", self._width))


_KNOWN = frozenset(
    {"and", "or", "xor", "not", "shl", "shr", "ite", "nz", "eq", "lnot", "land", "lor"}
)
