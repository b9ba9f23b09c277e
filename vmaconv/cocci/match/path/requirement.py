# SPDX-License-Identifier: GPL-2.0-only
"""What a function must contain for a pattern to match in it.

In: the steps of a pattern. Out: a `Requirement`, which is cheap to ask. The simple statements and
heads that name something (a function, a constant) must each match in the function, in any order; of
a pattern that names nothing those that change something must, or else all. This is Coccinelle's
test before it looks at paths, and it shows where a return is implied, which needs nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from msgspec import Struct

from vmaconv.cocci.match.atom.parts import Part, Return
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
    Nest,
    Simple,
    Step,
    Switch,
)
from vmaconv.cocci.smpl.rule import PNode, TokenMark

_NAMES = frozenset(
    {"identifier", "number_literal", "string_literal", "char_literal", "primitive_type"}
)


class All(Struct, frozen=True):
    """All of these are needed."""

    parts: tuple[Requirement, ...]


class Any(Struct, frozen=True):
    """One of these is needed."""

    parts: tuple[Requirement, ...]


Requirement = All | Any | Part


def requirement(steps: Sequence[Step]) -> Requirement:
    """Return what `steps` require.

    `- f(x); ... return x;` requires `f(x);` and not the return, which names nothing.
    """
    for wanted in (names_something, changes_something, lambda _part: True):
        found = _of_list(steps, wanted, False)
        if found != All(()):
            return found
    return All(())


def parts_needed(steps: Sequence[Step]) -> Requirement:
    """Return the parts for each of which there has to be a point that it may match at.

    Unlike what `requirement` gives, these need not name anything: words and kinds of points tell,
    and that is asked before anything is matched.
    """
    return _of_list(
        steps, lambda part: not (isinstance(part, Return) and part.may_be_implied), False
    )


def is_met(needed: Requirement, matches: Callable[[Part], bool]) -> bool:
    """Whether a requirement is met, given which parts match somewhere."""
    if isinstance(needed, All):
        return all(is_met(part, matches) for part in needed.parts)
    if isinstance(needed, Any):
        return any(is_met(part, matches) for part in needed.parts)
    return matches(needed)


def names_something(part: Part) -> bool:
    """Whether a part holds a name or constant that is no metavariable."""
    return any(leaf.kind in _NAMES for leaf in _leaves(part))


def changes_something(part: Part) -> bool:
    """Whether a part is removed, or has plus code beside it."""
    return any(leaf.mark is not TokenMark.CONTEXT or leaf.plussed for leaf in _leaves(part))


def _leaves(part: Part) -> list[PNode]:
    found = (leaf for pattern in part.patterns for leaf in pattern.leaves())
    return [leaf for leaf in found if isinstance(leaf, PNode) and leaf.metavariable is None]


_Wanted = Callable[[Part], bool]


def _of_list(steps: Sequence[Step], wanted: _Wanted, tail: bool) -> Requirement:
    """Return what steps in a row require; `tail` says that a return may be implied at their end."""
    last = len(steps) - 1
    return _all(_of(step, wanted, tail and index == last) for index, step in enumerate(steps))


def _all(parts: Iterable[Requirement]) -> Requirement:
    found = [part for part in parts if part != All(())]
    return found[0] if len(found) == 1 else All(tuple(found))


def _one(part: Part, wanted: _Wanted) -> Requirement:
    return part if wanted(part) else All(())


def _of(step: Step, wanted: _Wanted, tail: bool) -> Requirement:
    match step:
        case Simple():
            return All(()) if tail and step.jump == "return" else _one(step.part, wanted)
        case AnyStatement():
            return _one(step.part, wanted)
        case Nest():
            return _of_list(step.body, wanted, False) if step.at_least_once else All(())
        case Dots():
            return All(())
        case ChoiceStep():
            arms = tuple(_of_list(arm, wanted, tail) for arm in step.arms)
            return All(()) if All(()) in arms else Any(arms)
        case Both():
            return _all(_of_list(arm, wanted, tail) for arm in step.arms)
        case Block():
            return _of_list(step.body, wanted, tail)
    return _all(_of_compound(step, wanted, tail))


def _of_compound(step: Step, wanted: _Wanted, tail: bool) -> list[Requirement]:
    match step:
        case If():
            branches = [step.then] if step.other is None else [step.then, step.other]
            return [_one(step.head, wanted), *(_of(b, wanted, tail) for b in branches)]
        case Loop():
            return [_one(step.head, wanted), _of(step.body, wanted, tail)]
        case Do():
            return [_of(step.body, wanted, False), _one(step.tail, wanted)]
        case Switch():
            cases = [_of_list(case.body, wanted, False) for case in step.cases]
            return [_one(step.head, wanted), *cases]
        case FunctionStep():
            return [_one(step.head, wanted), _of_list(step.body, wanted, True)]
    return []
