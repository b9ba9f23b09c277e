# SPDX-License-Identifier: GPL-2.0-only
"""What a function must contain for a match in it to have an effect.

In: the steps of a pattern, and what those that take something of a match want bound. Out: a
`Requirement`. `f(...) { <... - g(x); ...> }` matches every function; of use are the matches with a
`g(x);` in them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain

from vmaconv.cocci.match.atom.extents import BothBraces, Contents
from vmaconv.cocci.match.atom.parts import Part, Return
from vmaconv.cocci.match.graph.formula import Names
from vmaconv.cocci.match.path.requirement import (
    All,
    Any,
    Requirement,
    parts_needed,
)
from vmaconv.cocci.match.path.steps import (
    AnyStatement,
    Block,
    Both,
    Case,
    ChoiceStep,
    Do,
    Dots,
    FunctionStep,
    If,
    Loop,
    Nest,
    Simple,
    Step,
    Switch,
    bodies,
)
from vmaconv.cocci.match.prefilter.needs_paths import pnodes
from vmaconv.cocci.smpl.mentions import Name
from vmaconv.cocci.smpl.rule import TokenMark


def required_for_use(steps: Sequence[Step], wanted: Sequence[Names]) -> Requirement:
    """Return what a match of `steps` requires that changes or shows something, or binds all of `wanted`.

    Of `wanted`, one set of metavariables is enough.
    """
    ways = list(_ways(steps, None))
    for names in wanted:
        each = [Any(tuple(_ways(steps, name))) for name in sorted(names)]
        ways.append(All(tuple(each)))
    return Any(tuple(ways))


def _ways(steps: Sequence[Step], name: Name | None) -> Iterator[Requirement]:
    """Yield the places of steps that may bind a name, or that change or show something (None)."""
    for step in steps:
        yield from _of(step, name)


def _of(step: Step, name: Name | None) -> Iterator[Requirement]:
    match step:
        case Nest():
            if step.removed and name is None:
                yield All(())
            yield from _within(step.body, name)
        case Dots():
            if step.removed and name is None:
                yield All(())
        case ChoiceStep() | Both():
            for arm in step.arms:
                yield from _within(arm, name)
        case _:
            if name is None and _changes_brace(step):
                yield All(())
            for part in _parts(step):
                if name in part.names if name is not None else _shows(part):
                    # A return that is not written stands at a brace.
                    implied = isinstance(part, Return) and part.may_be_implied
                    yield All(()) if implied else part
            for body in bodies(step):
                yield from _ways(body, name)


def _within(steps: Sequence[Step], name: Name | None) -> Iterator[Requirement]:
    """Yield the places of steps that are all there where one is."""
    found = tuple(_ways(steps, name))
    if found:
        yield All((parts_needed(steps), Any(found)))


def _shows(part: Part) -> bool:
    """Whether a match of a part changes or shows something, by itself or by what it stands for."""
    if isinstance(part, (BothBraces, Contents)):
        # What they take is more than their patterns say.
        return True
    nodes = [node for pattern in part.patterns for node in pnodes(pattern.walk())]
    tokens = chain(nodes, part.aliases, *(node.stands_for for node in nodes))
    return any(token.mark is not TokenMark.CONTEXT or token.plussed for token in tokens)


def _changes_brace(step: Step) -> bool:
    match step:
        case Block():
            return step.closing_changes or step.changes_outside or step.removed_whole
        case FunctionStep():
            return step.closing_changes
    return False


def _parts(step: Step) -> list[Part]:
    match step:
        case Simple() | AnyStatement():
            return [step.part]
        case Block():
            return [step.opening, step.closing]
        case If():
            return [step.head] if step.word is None else [step.head, step.word]
        case Loop():
            return [step.head]
        case Do():
            return [step.head, step.tail]
        case Switch():
            return [step.head, step.opening]
        case Case():
            return [step.label]
        case FunctionStep():
            return [step.head, step.opening, step.closing]
    return []
