# SPDX-License-Identifier: GPL-2.0-only
"""Which steps of a program are worth running on a file.

In: a program and the words of the file. Out: the steps that can come to something there: those that may
change, print or show something, and those that these ask about. `struct file_operations` not in the
file, all rules that only serve one about it are left out.
"""

from __future__ import annotations

from collections.abc import Collection

from vmaconv.cocci.engine.environment import named
from vmaconv.cocci.engine.program import CodeStep, Program
from vmaconv.cocci.smpl.depends import Dependency, DependsAll, DependsAny, DependsOn
from vmaconv.cocci.smpl.rule import CodeRule, ScriptRule
from vmaconv.cocci.text.held_words import HeldWords


def useful_steps(program: Program, held: HeldWords) -> list[CodeStep | ScriptRule]:
    """Return the steps that can come to something in a file, in order; `held` are the words of its text."""
    possible = set(program.virtual)
    able: list[CodeStep | ScriptRule] = []
    changed = False
    for step in program.steps:
        # What an earlier rule writes is not in the text yet.
        if _is_possible(step, possible, None if changed else held):
            able.append(step)
            possible.add(_rule(step).name)
            changed = changed or (isinstance(step, CodeStep) and step.rule.changes)
    asked: set[str] = set()
    kept: list[CodeStep | ScriptRule] = []
    for step in reversed(able):
        rule = _rule(step)
        shows = not isinstance(step, CodeStep) or step.rule.changes or step.rule.star
        if shows or rule.name in asked:
            kept.append(step)
            asked |= step.names if isinstance(step, CodeStep) else named(rule)
    return kept[::-1]


def _rule(step: CodeStep | ScriptRule) -> CodeRule | ScriptRule:
    return step.rule if isinstance(step, CodeStep) else step


def _is_possible(
    step: CodeStep | ScriptRule, possible: Collection[str], held: HeldWords | None
) -> bool:
    """Whether a step can match or run, given the names of the earlier ones that can."""
    if not _may_hold(_rule(step).depends, possible):
        return False
    if isinstance(step, CodeStep):
        if not all(owner in possible or owner == "virtual" for owner, _ in step.takes):
            return False
        return held is None or held.in_text(step.pattern.clauses)
    if step.language != "python":
        return False
    inputs = (i.rule for i in step.inputs if i.default is None)
    return all(owner in possible or owner in ("virtual", "merge") for owner in inputs)


def _may_hold(dependency: Dependency | None, possible: Collection[str]) -> bool:
    match dependency:
        case DependsOn(rule=rule, mode=mode):
            return mode == "never" or rule in possible
        case DependsAll(parts=parts):
            return all(_may_hold(part, possible) for part in parts)
        case DependsAny(parts=parts):
            return any(_may_hold(part, possible) for part in parts)
    return True
