# SPDX-License-Identifier: GPL-2.0-only
"""The metavariables that a match must bind for a later rule to use it.

In: a rule, and those after it. Out: the metavariables that none of those that take something of it
can do without. A match that binds none of these changes nothing that can be seen: the environment that
it would make says no more to later rules than the one that it would take the place of.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from vmaconv.cocci.engine.environment import asked_for, inherited, limiting, rules_mentioned
from vmaconv.cocci.smpl.mentions import Name, in_sizes, in_type, name_of
from vmaconv.cocci.smpl.rule import CodeRule, ScriptRule

Rule = CodeRule | ScriptRule


class LaterRules(Struct, frozen=True):
    """What comes after a rule: who takes anything of it, and what is known of all."""

    takers: tuple[Rule, ...] = ()
    asked: frozenset[Name] = frozenset()
    """What they take of it."""
    may_tell: bool = False
    """Whether one may act on it that the rule matched at all: it depends on it, or on what
    holds in all environments, or asks for that."""
    may_drop: bool = False
    """Whether a script may leave out what some matches have bound (`include_match`)."""


def later_rules(rules: Sequence[Rule]) -> list[LaterRules]:
    """Return for each rule of a file what comes after it."""
    found: list[LaterRules] = []
    takers: dict[str, list[tuple[Rule, list[Name]]]] = {}
    mentioned: set[str] = set()
    asks = drops = False
    for rule in reversed(rules):
        taking = takers.get(rule.name, ())
        own = tuple(other for other, _ in reversed(taking))
        asked = frozenset(name for _, names in taking for name in names)
        found.append(LaterRules(own, asked, asks or rule.name in mentioned, drops))
        names = list(asked_for(rule))
        for owner in dict.fromkeys(owner for owner, _ in names):
            takers.setdefault(owner, []).append((rule, [n for n in names if n[0] == owner]))
        mentioned.update(rules_mentioned(rule.depends))
        asks = asks or rule.depends_in_all
        if isinstance(rule, ScriptRule):
            asks = asks or "has_env_binding" in rule.code
            drops = drops or "include_match" in rule.code
    return found[::-1]


def essential_names(rule: CodeRule, later: LaterRules) -> frozenset[Name]:
    """Return the rule's own names (`("", name)`) that all who take anything of it need; none if unknown.

    That a rule matched at all is of use where another depends on it, shows what it found or can
    ask which bindings there are.
    """
    none: frozenset[Name] = frozenset()
    if rule.changes or rule.star or later.may_tell:
        return none
    needs = [_own(rule.name, inherited(other)) for other in later.takers]
    return none.union(*needs).intersection(*needs)


def names_of_use(rule: CodeRule, later: LaterRules) -> tuple[frozenset[Name], ...] | None:
    """Return sets of the rule's own names of which a match binds one in full to be of use to others.

    A match that binds none, and changes and shows nothing, may be left out wherever it is found,
    whatever else is: None where that is not so. A script that drops what one match has bound
    (`include_match`) leaves what others have; a name of a fresh identifier may count matches.
    """
    if later.may_tell or later.may_drop:
        return None
    if any(meta.kind == "fresh identifier" for meta in rule.metavariables):
        return None
    indirect = set(_bound_by_others(rule))
    positions = {meta.name for meta in rule.metavariables if meta.kind == "position"}
    found: dict[frozenset[Name], None] = {}
    for other in later.takers:
        asked = _own(rule.name, asked_for(other))
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


def _own(name: str, names: Iterable[Name]) -> frozenset[Name]:
    return frozenset(("", own) for owner, own in names if owner == name)
