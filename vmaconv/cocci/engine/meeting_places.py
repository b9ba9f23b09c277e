# SPDX-License-Identifier: GPL-2.0-only
"""The places where a rule can match whose positions another rule excludes.

In: the compiled steps of a program. Out: steps that know positions of earlier rules. `r` below is kept out
of the places that `print` binds, and each match of `r` has `free.p1` in it. So `print` need be looked
for only in functions that hold a `free.p1`; where `free` comes behind `print`, `print` waits for it.

    @print@ expression free.E; position p; @@  f(E@p)
    @r@ expression free.E; position free.p1, p2 != print.p; @@  kfree@p1(E); ... E@p2
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from vmaconv.cocci.engine.environment import Environment, all_places
from vmaconv.cocci.smpl.mentions import Name, name_of
from vmaconv.cocci.smpl.rule import ScriptRule

if TYPE_CHECKING:
    from vmaconv.cocci.engine.program import CodeStep


def with_meeting_places(steps: Sequence[CodeStep | ScriptRule]) -> list[CodeStep | ScriptRule]:
    """Return steps that know positions of which each match of those that want their places has one.

    Rules that change or show something, or on which others depend, have none. One that stands before the
    rules of its positions runs behind them, unless a script or a change is between: then it sees the
    same text, and whoever wants its places comes later still.
    """
    made: list[CodeStep | ScriptRule] = []
    waiting: list[CodeStep] = []
    for index, step in enumerate(steps):
        due = [one for one in waiting if _must_run(one, step)]
        waiting = [one for one in waiting if one not in due]
        made += (_meeting(one, made, steps[index:]) for one in due)
        later = steps[index + 1 :]
        if not isinstance(step, ScriptRule) and _rules(_of(step, later)) & _names(later):
            waiting.append(step)
        else:
            made.append(_meeting(step, made, later))
    return made


def _must_run(waiting: CodeStep, step: CodeStep | ScriptRule) -> bool:
    """Whether a step may not run before one that waits."""
    if isinstance(step, ScriptRule):
        return True
    return step.rule.changes or waiting.rule.name in step.names


def _meeting(
    step: CodeStep | ScriptRule,
    earlier: Iterable[CodeStep | ScriptRule],
    later: Sequence[CodeStep | ScriptRule],
) -> CodeStep | ScriptRule:
    """Return a step that knows the positions of earlier rules where it is to be looked for."""
    if isinstance(step, ScriptRule):
        return step
    known = _names(earlier)
    found = tuple(name for name in _of(step, later) if name[0] in known)
    return replace(step, meeting=found) if found else step


def _names(steps: Iterable[CodeStep | ScriptRule]) -> set[str]:
    return {step.rule.name for step in steps if not isinstance(step, ScriptRule)}


def _rules(names: Iterable[Name]) -> set[str]:
    return {rule for rule, _ in names}


def _of(step: CodeStep, later: Sequence[CodeStep | ScriptRule]) -> list[Name]:
    rule = step.rule
    if not step.only_excludes or not step.asked or rule.changes or rule.star or step.is_told:
        return []
    takers = [o for o in later if not isinstance(o, ScriptRule) and rule.name in o.names]
    return sorted(set.intersection(*(set(positions_found(taker)) for taker in takers)))


def positions_found(step: CodeStep) -> list[Name]:
    """Return the inherited positions that each match of a step has in its code."""
    metas = step.rule.metavariables
    kinds = {name_of(meta): meta.kind for meta in metas if meta.rule is not None}
    return [name for name in step.found if kinds.get(name) == "position"]


def offsets(names: Iterable[Name], members: Sequence[Environment], path: str) -> list[list[int]]:
    """Return for each of some positions where in a file environments have it."""
    found: list[list[int]] = []
    for name in names:
        value = all_places(e.bindings[name] for e in members if name in e.bindings)
        places = value.positions if value is not None else ()
        found.append(sorted({place.offset for place in places if place.file == path}))
    return found
