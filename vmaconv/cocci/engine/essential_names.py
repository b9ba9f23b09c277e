# SPDX-License-Identifier: GPL-2.0-only
"""What a match of a rule has to bind to be of use to anybody.

In: a rule, and those after it. Out: the metavariables that none of those that take something of it
can do without. A match that binds none of these changes nothing that can be seen: the environment that
it would make says no more to later rules than the one that it would take the place of.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from vmaconv.cocci.engine.environment import asked_for, inherited, limiting, rules_mentioned
from vmaconv.cocci.smpl.mentions import Name, in_sizes, in_type, name_of
from vmaconv.cocci.smpl.rule import CodeRule, ScriptRule


def essential_names(rule: CodeRule, later: Sequence[CodeRule | ScriptRule]) -> frozenset[Name]:
    """Return the rule's own names (`("", name)`) that all who take anything of it need; none if unknown.

    That a rule matched at all is of use where another depends on it, shows what it found or can
    ask which bindings there are.
    """
    none: frozenset[Name] = frozenset()
    if rule.changes or rule.star or any(may_tell(rule.name, other) for other in later):
        return none
    needs = [found for other in later if (found := _needed(rule.name, other)) is not None]
    return none.union(*needs).intersection(*needs)


def names_of_use(
    rule: CodeRule, later: Sequence[CodeRule | ScriptRule]
) -> tuple[frozenset[Name], ...] | None:
    """Return sets of the rule's own names of which a match binds one in full to be of use to others.

    A match that binds none, and changes and shows nothing, may be left out wherever it is found,
    whatever else is: None where that is not so. A script that drops what one match has bound
    (`include_match`) leaves what others have; a name of a fresh identifier may count matches.
    """
    if any(may_tell(rule.name, other) or _may_drop(other) for other in later):
        return None
    if any(meta.kind == "fresh identifier" for meta in rule.metavariables):
        return None
    indirect = set(_bound_by_others(rule))
    positions = {meta.name for meta in rule.metavariables if meta.kind == "position"}
    found: dict[frozenset[Name], None] = {}
    for other in later:
        asked = _own(rule.name, asked_for(other))
        if not asked:
            continue
        needed = _own(rule.name, inherited(other))
        kept_out = _own(rule.name, limiting(other)) if isinstance(other, CodeRule) else frozenset()
        if asked & indirect or any(
            name not in kept_out or name[1] not in positions for name in asked - needed
        ):
            # It runs without these names, too, and then matches elsewhere; or what binds them is
            # not known.
            return None
        for names in [needed] if needed else [frozenset({name}) for name in asked]:
            found[names] = None
    return tuple(found)


def _bound_by_others(rule: CodeRule) -> Iterator[Name]:
    """Yield what metavariables bind beside themselves: types, lengths of lists."""
    for meta in rule.metavariables:
        yield from in_sizes(meta)
        yield from map(name_of, in_type(meta))


def _may_drop(other: CodeRule | ScriptRule) -> bool:
    return isinstance(other, ScriptRule) and "include_match" in other.code


def may_tell(name: str, other: CodeRule | ScriptRule) -> bool:
    """Return whether a rule may act on it that the rule of a name matched at all."""
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
