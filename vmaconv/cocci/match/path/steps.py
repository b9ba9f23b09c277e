# SPDX-License-Identifier: GPL-2.0-only
"""A pattern of statements, as steps along paths.

In: nothing; these are plain values. Out: `Step`s: simple statements, blocks, branches, loops,
choices, and dots that know what stands before and after them. `outline` makes them of a
pattern, `translation` says what they mean on a graph.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct, field

from vmaconv.cocci.match.atom.parts import Part
from vmaconv.cocci.match.graph.formula import Names
from vmaconv.cocci.smpl.rule import PNode, TokenMark, When


class Step(Struct, eq=False):
    """A step; `names` are the metavariables in it, those of plus code beside it included."""

    names: Names


class Simple(Step, eq=False):
    """A statement or expression that matches at one point."""

    part: Part
    jump: str = ""
    """`break`, `continue`, `goto`, `return`, or empty."""


class AnyStatement(Step, eq=False):
    """A statement metavariable, which may stand for a compound statement."""

    part: Part
    attached: bool = False
    """Whether it is the body of a branch or loop of the pattern."""


class Block(Step, eq=False):
    """`{ ... }`."""

    opening: Part
    body: list[Step]
    closing: Part
    closing_changes: bool
    depth: int
    """How deeply blocks are nested in it, itself included."""
    only_dots: bool = False
    """Whether it is `{ ... }` and nothing is asked of the dots."""
    loose: list[Step] = field(default_factory=list)
    """Where the block ends in return: its body again, as it looks without braces around it."""
    changes_outside: bool = False
    """Whether something is added outside of the braces, or they are removed."""
    removed_whole: bool = False
    """Whether all of it is removed and nothing put in its place."""


class If(Step, eq=False):
    """`if (...) then`, with or without an else."""

    head: Part
    then: Step
    word: Part | None
    other: Step | None


class Loop(Step, eq=False):
    """A `while`, `for` or iterator."""

    head: Part
    body: Step


class Do(Step, eq=False):
    """`do ... while (...);`."""

    head: Part
    body: Step
    tail: Part


class Case(Step, eq=False):
    """A case of a switch and the statements after it."""

    label: Part
    body: list[Step]
    default: bool


class Switch(Step, eq=False):
    """A switch with a body in braces; `leading` stands before the first case."""

    head: Part
    opening: Part
    leading: list[Step]
    cases: list[Case]


class FunctionStep(Step, eq=False):
    """A function definition."""

    head: Part
    opening: Part
    body: list[Step]
    closing: Part
    closing_changes: bool


class ChoiceStep(Step, eq=False):
    """A disjunction; the arms of `?` are with the optional statement first, and without it."""

    arms: list[list[Step]]
    optional: bool = False


class Both(Step, eq=False):
    """A conjunction."""

    arms: list[list[Step]]


class Neighbour(Struct, eq=False):
    """What dots may not run over: a brace (of the block with that many levels), or steps."""

    steps: list[Step] = field(default_factory=list)
    brace: Part | None = None
    depth: int = 0


class Dots(Step, eq=False):
    """`...`; `forbidden` and `demanded` are the patterns of `when !=` and `when =`."""

    token: PNode
    forbidden: list[list[Step]]
    demanded: list[list[Step]]
    before: list[Neighbour] = field(default_factory=list)
    after: list[Neighbour] = field(default_factory=list)

    @property
    def whens(self) -> tuple[When, ...]:
        """What the rule says of the dots."""
        return self.token.whens

    def has(self, kind: str) -> bool:
        """Whether `when any`, `when strict`, ... stands at the dots."""
        return any(when.kind == kind for when in self.token.whens)

    @property
    def removed(self) -> bool:
        """Whether what the dots run over is to be removed."""
        return self.token.mark is TokenMark.MINUS


class Nest(Dots, eq=False):
    """`<... body ...>`."""

    body: list[Step] = field(default_factory=list)

    @property
    def at_least_once(self) -> bool:
        """Whether this is `<+... ...+>`."""
        return self.token.strict


def bodies(step: Step) -> list[Sequence[Step]]:
    """Return the rows of steps that stand in a block, branch, loop or switch."""
    match step:
        case Block() | FunctionStep() | Case():
            return [step.body]
        case If():
            return [[step.then]] if step.other is None else [[step.then], [step.other]]
        case Loop() | Do():
            return [[step.body]]
        case Switch():
            return [step.leading, step.cases]
    return []


def has_branch(steps: Sequence[Step]) -> bool:
    """Whether an `if` is among steps, or below them."""
    return any(isinstance(step, If) or any(map(has_branch, rows(step))) for step in steps)


def rows(step: Step) -> list[Sequence[Step]]:
    """Return all rows of steps in a step: `bodies`, arms, and what a nest looks for."""
    match step:
        case ChoiceStep() | Both():
            return list(step.arms)
        case Nest():
            return [step.body]
    return bodies(step)
