# SPDX-License-Identifier: GPL-2.0-only
"""Constraints on one metavariable that look at another of the same rule.

In: a rule. Out: the rule with each such constraint judged when the last of those that it looks at is
bound: `expression e; expression f : script:python(e) { f > e };` over `call(f, e)`, where f stands
first.
"""

from __future__ import annotations

from collections.abc import Iterator

from msgspec.structs import replace

from vmaconv.cocci.smpl.rebuilding import with_metavariables
from vmaconv.cocci.smpl.rule import CodeRule, Constraint, Metavariable


def looking_at_others(metavariables: tuple[Metavariable, ...]) -> tuple[Metavariable, ...]:
    """Return those whose constraints look at others of the same rule."""
    return tuple(meta for meta in metavariables if any(others_of(meta)))


def others_of(meta: Metavariable) -> Iterator[str]:
    """Yield the names of other metavariables of the rule that a constraint looks at."""
    if meta.constraint is not None:
        yield from (name for name in own_names(meta.constraint) if name != meta.name)


def own_names(constraint: Constraint) -> Iterator[str]:
    """Yield the names that no earlier rule has which a constraint looks at."""
    yield from (name for rule, name in constraint.names if rule is None)
    yield from (name for _, rule, name in constraint.script_inputs if rule is None)
    for part in constraint.parts:
        yield from own_names(part)


def tied(rule: CodeRule) -> CodeRule:
    """Return a rule in which a metavariable is asked the constraints, too, that look at it."""
    asking: dict[str, list[Constraint]] = {}
    for meta in rule.metavariables:
        for name in dict.fromkeys(others_of(meta)):
            asking.setdefault(name, []).append(Constraint("of", of=meta))
    if not asking:
        return rule
    return with_metavariables(rule, tuple(_asked(m, asking) for m in rule.metavariables))


def _asked(meta: Metavariable, asking: dict[str, list[Constraint]]) -> Metavariable:
    if meta.rule is not None or meta.name not in asking:
        return meta
    own = [meta.constraint] if meta.constraint is not None else []
    return replace(meta, constraint=Constraint("and", parts=(*own, *asking[meta.name])))
