# SPDX-License-Identifier: GPL-2.0-only
"""Whether two terms are equal for all values of what is unknown in them.

In: terms, and what holds where they are compared. Out: an example of where they differ, or None where
they are equal, or `CannotDecide`. Flags are decided by `flag_diagram`, a truth table that needs
nothing else; what is too large for it goes to z3, where that is installed.
"""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from importlib.util import find_spec

from vmaconv.prove.terms.flag_diagram import NO, YES, Diagram, TooLarge
from vmaconv.prove.terms.term import Term, equal, is_truth, truth
from vmaconv.prove.terms.term_values import Outline, number_of, outline_of

_ATOMS_MOST = 1 << 20

NODES_ALONE = 200_000
"""How many nodes a truth table may have where there is nothing else."""

NODES_WITH_SOLVER = 20_000
"""How many where z3 is installed, which is quicker on what is larger."""

NODES_LEAST = 1_000
"""How few a table is given up for at the end, once the solver had to decide."""


class CannotDecide(Exception):
    """It is not known whether two terms are equal, and why."""


class TermDecider:
    """Decides for words of `width` bits.

    >>> from vmaconv.prove.terms.term import both, made, num
    >>> x = made("init", ("x",))
    >>> TermDecider(64).example((), both(x, num(1)), both(x, num(1))) is None
    True
    """

    def __init__(self, width: int, deadline: float | None = None) -> None:
        self.width = width
        self._deadline = deadline
        self._atoms: dict[Term, int] = {}
        self._has_solver = find_spec("z3") is not None
        self._most = NODES_WITH_SOLVER if self._has_solver else NODES_ALONE
        self._diagram = Diagram(self._most)
        self._words: dict[Term, tuple[int, ...]] = {}
        self._truths: dict[Term, int] = {}
        self._alike: dict[Outline, list[tuple[Term, tuple[Term, ...]]]] = {}
        self._same: dict[Term, Term] = {}

    def example(self, where: Sequence[Term], a: Term, b: Term) -> Mapping[Term, int] | None:
        """Return values for which two words differ although all of `where` holds, or None.

        Raises `CannotDecide`.
        """
        if a == b:
            return None
        same = equal(a, b)
        if same.number == 1:
            return None
        return self.refutation(where, same)

    def refutation(self, where: Sequence[Term], claim: Term) -> Mapping[Term, int] | None:
        """Return values for which `where` holds and `claim` does not, or None where it follows."""
        if self._deadline is not None and time.process_time() > self._deadline:
            raise CannotDecide("the time limit is over")
        try:
            wrong = self._diagram.inverse(self._truth(truth(claim)))
            for condition in where:
                if wrong == NO:
                    return None
                wrong = self._diagram.both(wrong, self._truth(truth(condition)))
            if wrong == NO:
                return None
            values = self._values(wrong)
            return values if self._agrees(values) else self._with_solver(where, claim)
        except TooLarge:
            return self._with_solver(where, claim)

    def _with_solver(self, where: Sequence[Term], claim: Term) -> Mapping[Term, int] | None:
        if self._has_solver:
            # What was too large once mostly is again: ask the solver sooner.
            self._most = max(self._most // 4, NODES_LEAST)
        self._diagram = Diagram(self._most)
        self._words.clear()
        self._truths.clear()
        self._alike.clear()
        self._same.clear()
        left = None if self._deadline is None else max(self._deadline - time.process_time(), 0.1)
        try:
            from vmaconv.prove.terms.z3_solver import refutation
        except ImportError:
            raise CannotDecide(
                "more than a truth table can decide, and z3 is not installed (pip install 'vmaconv[prove]')"
            ) from None
        found = refutation(self.width, where, claim, left)
        if found is None:
            raise CannotDecide("z3 did not decide it in time")
        return found or None

    def _values(self, wrong: int) -> dict[Term, int]:
        values: dict[Term, int] = dict.fromkeys(self._atoms, 0)
        names = list(self._atoms)
        for variable, is_set in self._diagram.example(wrong).items():
            bit, atom = divmod(variable, _ATOMS_MOST)
            if is_set:
                values[names[atom]] |= 1 << bit
        return values

    def _agrees(self, values: Mapping[Term, int]) -> bool:
        """Return whether values give equal results to one unknown function of equal arguments."""
        for group in self._alike.values():
            results: dict[tuple[int, ...], int] = {}
            for atom, inner in group if len(group) > 1 else ():
                key = tuple(number_of(term, values, self.width) for term in inner)
                if results.setdefault(key, values.get(atom, 0)) != values.get(atom, 0):
                    return False
        return True

    def representative(self, atom: Term) -> Term:
        """Return the first term seen that is the same unknown function of equal arguments."""
        found = self._same.get(atom)
        if found is None:
            try:
                found = self._same[atom] = self._first_alike(atom)
            except TooLarge:
                return atom
        return found

    def _first_alike(self, atom: Term) -> Term:
        outline, inner = outline_of(atom)
        if not inner:
            return atom
        group = self._alike.setdefault(outline, [])
        for other, arguments in group:
            if all(self._word(x) == self._word(y) for x, y in zip(arguments, inner, strict=True)):
                return other
        group.append((atom, inner))
        return atom

    def _bit(self, atom: Term, bit: int) -> int:
        atom = self.representative(atom)
        number = self._atoms.setdefault(atom, len(self._atoms))
        return self._diagram.variable(bit * _ATOMS_MOST + number)

    def _truth(self, term: Term) -> int:
        """Return the diagram of whether a word is not zero."""
        found = self._truths.get(term)
        if found is None:
            found = self._truths[term] = self._truth_of(term)
        return found

    def _truth_of(self, term: Term) -> int:
        diagram, below = self._diagram, list(term.below())
        match term.op:
            case "num":
                return YES if (term.number or 0) & ((1 << self.width) - 1) else NO
            case "lnot":
                return diagram.inverse(self._truth(below[0]))
            case "land":
                return diagram.both(self._truth(below[0]), self._truth(below[1]))
            case "lor":
                return diagram.either(self._truth(below[0]), self._truth(below[1]))
            case "nz":
                return self._any(self._word(below[0]))
            case "eq":
                pairs = zip(self._word(below[0]), self._word(below[1]), strict=True)
                return diagram.inverse(self._any(tuple(diagram.unlike(x, y) for x, y in pairs)))
            case "op" if is_truth(term):
                return self._bit(term, 0)
        return self._any(self._word(term))

    def _any(self, bits: tuple[int, ...]) -> int:
        found = NO
        for bit in reversed(bits):
            found = self._diagram.either(bit, found)
        return found

    def _word(self, term: Term) -> tuple[int, ...]:
        """Return the diagrams of a word's bits, the lowest first."""
        found = self._words.get(term)
        if found is None:
            found = self._words[term] = self._word_of(term)
        return found

    def _word_of(self, term: Term) -> tuple[int, ...]:
        diagram, width = self._diagram, self.width
        if is_truth(term) and term.op != "ite":
            return (self._truth(term), *([NO] * (width - 1)))
        below = list(term.below())
        match term.op:
            case "num":
                value = term.number or 0
                return tuple(YES if value >> i & 1 else NO for i in range(width))
            case "and" | "or" | "xor":
                apply = {"and": diagram.both, "or": diagram.either, "xor": diagram.unlike}[term.op]
                words = (self._word(below[0]), self._word(below[1]))
                return tuple(apply(x, y) for x, y in zip(*words, strict=True))
            case "not":
                return tuple(diagram.inverse(x) for x in self._word(below[0]))
            case "shl" | "shr":
                by = min(int(str(term.args[1])), width)
                word, gap = self._word(below[0]), (NO,) * by
                return gap + word[: width - by] if term.op == "shl" else word[by:] + gap
            case "ite":
                condition = self._truth(below[0])
                words = (self._word(below[1]), self._word(below[2]))
                return tuple(diagram.choice(condition, x, y) for x, y in zip(*words, strict=True))
        return tuple(self._bit(term, i) for i in range(width))
