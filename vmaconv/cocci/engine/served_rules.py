# SPDX-License-Identifier: GPL-2.0-only
"""Which later rules use the matches of a rule, and so where matches are worth finding.

In: the compiled steps of a program. Out: steps that know later rules, of which one has to match in the same
function for a match to be of use to anybody. A match of `test` below says nothing unless `bad` goes
on from its place: where no `x->f` can be behind the test, no test is looked for.

    @test@ expression *E; statement S; position p; @@  if@p (E == NULL) S
    @bad@ expression test.E; identifier f; position test.p, q; @@  if@p (E == NULL) { ... E->f@q ... }
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from vmaconv.cocci.engine.environment import asked_for, inherited
from vmaconv.cocci.engine.meeting_places import positions_found
from vmaconv.cocci.smpl.rule import ScriptRule

if TYPE_CHECKING:
    from vmaconv.cocci.engine.program import CodeStep


def with_served_rules(steps: Sequence[CodeStep | ScriptRule]) -> list[CodeStep | ScriptRule]:
    """Return steps that know whom they serve, where that is known."""
    return [_served(step, steps[index + 1 :]) for index, step in enumerate(steps)]


def _served(
    step: CodeStep | ScriptRule, later: Sequence[CodeStep | ScriptRule]
) -> CodeStep | ScriptRule:
    if isinstance(step, ScriptRule) or step.rule.changes or step.rule.star or step.is_told:
        return step
    # No rule between them changes code: a position is not inherited past one that does.
    served: list[CodeStep] = []
    for taker in later:
        if isinstance(taker, ScriptRule):
            if not _is_told_by_others(step, taker, served):
                return step
        elif step.rule.name in taker.names:
            if not any(owner == step.rule.name for owner, _ in positions_found(taker)):
                return step
            served.append(taker)
    return replace(step, serves=tuple(taker.pattern for taker in served)) if served else step


def _is_told_by_others(step: CodeStep, script: ScriptRule, served: Sequence[CodeStep]) -> bool:
    """Whether a script runs with nothing of a rule but where a rule that it serves has matched, too."""
    if step.rule.name not in {owner for owner, _ in asked_for(script)}:
        return True
    others = {owner for owner, _ in inherited(script)}
    return any(taker.rule.name in others for taker in served)
