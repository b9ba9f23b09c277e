# SPDX-License-Identifier: GPL-2.0-only
"""The steps before and after dots.

In: steps. Out: the same steps, with dots that know what they may not run over: they take the
shortest way from what stands before them to what stands after.
"""

from __future__ import annotations

from collections.abc import Sequence

from vmaconv.cocci.match.path.steps import (
    AnyStatement,
    Block,
    Both,
    ChoiceStep,
    Do,
    Dots,
    FunctionStep,
    If,
    Loop,
    Neighbour,
    Nest,
    Step,
    Switch,
)


def annotate(steps: Sequence[Step], before: list[Neighbour], after: list[Neighbour]) -> None:
    """Tell all dots among `steps`, and below them, what they may not run over."""
    forwards(steps, before)
    backwards(steps, after)


def forwards(steps: Sequence[Step], before: list[Neighbour]) -> list[Neighbour]:
    """Note what stands before; return what stands before that which follows `steps`."""
    for step in steps:
        before = _before(step, before)
    return before


def _before(step: Step, before: list[Neighbour]) -> list[Neighbour]:
    match step:
        case Dots():
            step.before = before
            for pattern in (*step.forbidden, *step.demanded):
                forwards(pattern, [])
            if not isinstance(step, Nest):
                return before
            forwards(step.body, before)
            return [Neighbour(step.body)]
        case ChoiceStep(optional=True):
            # Without the optional statement means that the dots do not come across it.
            first, without = step.arms
            found = forwards(first, before)
            skipped = [Neighbour(first[:1])] if not isinstance(first[0], Dots) else []
            return found + forwards(without, [*before, *skipped])
        case ChoiceStep() | Both():
            return [one for arm in step.arms for one in forwards(arm, before)]
        case Block():
            forwards(step.loose, [])
            forwards(step.body, [Neighbour(brace=step.opening, depth=step.depth)])
            return [Neighbour(brace=step.closing, depth=step.depth)]
        case FunctionStep():
            forwards(step.body, [])
            return []
        case Switch():
            forwards(step.leading, [Neighbour(brace=step.opening, depth=0)])
            for case in step.cases:
                forwards(case.body, [])
        case _:
            for inner in _bodies(step):
                _before(inner, [])
    return [Neighbour([step])]


def backwards(steps: Sequence[Step], after: list[Neighbour]) -> list[Neighbour]:
    """Note what stands after; return what stands after that which precedes `steps`."""
    for step in reversed(steps):
        after = _after(step, after)
    return after


def _after(step: Step, after: list[Neighbour]) -> list[Neighbour]:
    match step:
        case Dots():
            step.after = after
            for pattern in (*step.forbidden, *step.demanded):
                backwards(pattern, after)
            if not isinstance(step, Nest):
                return after
            backwards(step.body, after)
            return [Neighbour(step.body)]
        case ChoiceStep() | Both():
            return [one for arm in step.arms for one in backwards(arm, after)]
        case Block():
            backwards(step.loose, [])
            backwards(step.body, [Neighbour(brace=step.closing, depth=step.depth)])
            return [Neighbour(brace=step.opening, depth=step.depth)]
        case FunctionStep():
            backwards(step.body, [])
            return []
        case Switch():
            backwards(step.leading, [])
            for case in step.cases:
                backwards(case.body, [])
        case Loop() | Do():
            _after(step.body, [Neighbour([step]), *_named(after)])
        case If():
            for inner in _bodies(step):
                _after(inner, _named(after))
    return [Neighbour([step])]


def _named(after: list[Neighbour]) -> list[Neighbour]:
    """Return what follows a branch or loop as it counts in its body: all in there may be an S, too."""
    return [one for one in after if not (one.steps and isinstance(one.steps[0], AnyStatement))]


def _bodies(step: Step) -> list[Step]:
    match step:
        case If():
            return [step.then] if step.other is None else [step.then, step.other]
        case Loop() | Do():
            return [step.body]
    return []
