# SPDX-License-Identifier: GPL-2.0-only
"""What a match of a rule has to bind to be of use to anybody.

In: a rule, and those after it. Out: the metavariables that none of those that take something of it
can do without. A match that binds none of these changes nothing that can be seen: the environment that
it would make says no more to later rules than the one that it would take the place of.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from vmaconv.cocci.engine.environment import asked_for, inherited, rules_mentioned
from vmaconv.cocci.smpl.mentions import Name
from vmaconv.cocci.smpl.rule import CodeRule, ScriptRule


def essential_names(rule: CodeRule, later: Sequence[CodeRule | ScriptRule]) -> frozenset[Name]:
    """Return the rule's own names (`("", name)`) that all who take anything of it need; none if unknown.

    That a rule matched at all is of use where another depends on it, shows what it found or can
    ask which bindings there are.
    """
    none: frozenset[Name] = frozenset()
    if rule.changes or rule.star or any(_may_tell(rule.name, other) for other in later):
        return none
    needs = [found for other in later if (found := _needed(rule.name, other)) is not None]
    return none.union(*needs).intersection(*needs)


def _may_tell(name: str, other: CodeRule | ScriptRule) -> bool:
    """Whether a rule may act on it that the rule of a name matched."""
    if isinstance(other, ScriptRule) and "has_env_binding" in other.code:
        return True
    return any(rule == name for rule in rules_mentioned(other.depends))


def _needed(name: str, other: CodeRule | ScriptRule) -> frozenset[Name] | None:
    """Return what a rule cannot do without of the rule of a name, or None if it takes nothing of it."""
    if not any(owner == name for owner, _ in asked_for(other)):
        return None
    return _own(name, inherited(other))


def _own(name: str, names: Iterable[Name]) -> frozenset[Name]:
    return frozenset(("", own) for owner, own in names if owner == name)
