# SPDX-License-Identifier: GPL-2.0-only
"""The context in which a step is translated.

In: nothing; these are plain values. Out: `TranslationScope`, `After`, and which variables are quantified
where.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from itertools import count

from msgspec import Struct, field
from msgspec.structs import replace

from vmaconv.cocci.match.graph.formula import ALWAYS, Formula, LabelIs, Names, Within
from vmaconv.cocci.smpl.mentions import Name


class LabelVariable(Struct, eq=False):
    """A variable for the label of a statement; `used` once a formula asks for it."""

    name: Name
    used: bool = False

    def here(self) -> Formula:
        """Return: at the statement itself."""
        self.used = True
        return LabelIs(self.name, free=frozenset({self.name}))

    def within(self) -> Formula:
        """Return: in the statement or below it."""
        self.used = True
        return Within(self.name, free=frozenset({self.name}))


class After(Struct, frozen=True):
    """What comes after a step.

    `kind` is `then` (`formula` comes next), `guard` (the steps around must not run over `formula`,
    but it need not follow), `tail` (the end of a branch or body), `end` (nothing), or `whole` (the
    end of the whole pattern).
    """

    kind: str
    formula: Formula = ALWAYS


TAIL = After("tail")
END = After("end")
WHOLE = After("whole")


def then(formula: Formula) -> After:
    """Return: `formula` comes next."""
    return After("then", formula)


class TranslationScope(Struct, frozen=True):
    """Where a step stands.

    `bound` are the variables that are quantified further out; `label` that of the block that dots
    have to stay in; `loop` and `switch` those of the pattern's innermost; `silent` says that no
    witness is wanted; `braces` are the variables of the pattern's open blocks, by their depth.
    """

    bound: Names
    label: LabelVariable | None = None
    loop: LabelVariable | None = None
    switch: LabelVariable | None = None
    silent: bool = False
    braces: Mapping[int, Name] = field(default_factory=dict)

    def within(self) -> Formula:
        """Return: in the block that dots have to stay in."""
        return ALWAYS if self.label is None else self.label.within()

    def binding(self, names: Iterable[Name]) -> TranslationScope:
        """Return the scope below quantifiers for `names`."""
        return replace(self, bound=self.bound | frozenset(names))


class Fresh:
    """Makes variables that nobody else has."""

    def __init__(self) -> None:
        self._numbers = count()

    def name(self, what: str) -> Name:
        """Return a new variable's name; no rule can have one of that name."""
        return ("#", f"{what}{next(self._numbers)}")

    def label(self) -> LabelVariable:
        """Return a new label variable."""
        return LabelVariable(self.name("label"))


def is_fresh(name: Name) -> bool:
    """Whether a variable is one that `Fresh` made."""
    return name[0] == "#"


def shares(bound: Names, pieces: Sequence[Names]) -> list[tuple[Names, Names]]:
    """Return for each piece what only it has, and what it shares with a later one.

    >>> x, y = ("", "x"), ("", "y")
    >>> shares(frozenset(), [frozenset({x, y}), frozenset({x})]) == [({y}, {x}), (set(), set())]
    True
    """
    found = []
    for index, piece in enumerate(pieces):
        mine = piece - bound
        later = frozenset().union(*pieces[index + 1 :]) - bound
        both = mine & later
        found.append((mine - both, both))
        bound = bound | both
    return found
