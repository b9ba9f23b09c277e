# SPDX-License-Identifier: GPL-2.0-only
"""Environments: the bindings that rules inherit from earlier rules.

In: matches and script results, rule after rule. Out: environments: for each way in which the rules
so far matched, the bindings that later rules ask for, and the names of the rules that matched.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet

from msgspec import Struct

from vmaconv.cocci.match.attempt.value import BoundValue
from vmaconv.cocci.smpl.depends import (
    Dependency,
    DependsAll,
    DependsAny,
    DependsNot,
    DependsOn,
    DependsOnFile,
)
from vmaconv.cocci.smpl.mentions import (
    Name,
    at_node,
    in_constraint,
    in_every_match,
    in_pattern,
    in_plus,
    in_seed,
    in_sizes,
    in_type,
    name_of,
)
from vmaconv.cocci.smpl.rule import CodeRule, Constraint, Metavariable, ScriptRule


class Environment(Struct, frozen=True):
    """Bindings by (rule, metavariable), and the rules that matched on the way to them."""

    bindings: Mapping[Name, BoundValue]
    matched: frozenset[str]


def group(
    environments: Sequence[Environment],
    names: Sequence[Name],
    others: Sequence[Name] = (),
    spread: Collection[Name] = (),
) -> Iterator[tuple[dict[Name, BoundValue], list[Environment]]]:
    """Yield the distinct values of `names`, each with the environments that have them.

    Environments that lack one of the names are left out; `others` may be missing. Of a position in
    `spread` all places count that environments have which agree in the rest (as spatch has it:
    `position p != r.p` keeps out of every place that r saw).
    """
    if not (names or others or spread):
        if environments:
            yield {}, list(environments)
        return
    groups: dict[tuple[object, ...], tuple[dict[Name, BoundValue], list[Environment]]] = {}
    for environment in environments:
        bindings = environment.bindings
        if all(name in bindings for name in names):
            values = {
                name: bindings[name]
                for name in [*names, *others]
                if name in bindings and not (name in spread and bindings[name].positions)
            }
            key = tuple((name, value.key, value.positions) for name, value in values.items())
            groups.setdefault(key, (values, []))[1].append(environment)
    for values, members in groups.values():
        bound = {name: [e.bindings[name] for e in members if name in e.bindings] for name in spread}
        places = {name: found for name in spread if (found := all_places(bound[name]))}
        yield values | places, members


def all_places(values: Iterable[BoundValue]) -> BoundValue | None:
    """Return every place that values have, as one value; None if they are no positions."""
    # Environments share values: each is looked at once.
    different = {id(value): value for value in values}
    places = {place for value in different.values() for place in value.positions}
    if not places:
        return None
    ordered = sorted(places, key=lambda place: (place.file, place.offset, place.end))
    return BoundValue(b"", b"", positions=tuple(ordered))


def distinct(environments: Sequence[Environment]) -> list[Environment]:
    """Return the environments, equal ones once."""
    seen: dict[object, Environment] = {}
    for environment in environments:
        bindings = environment.bindings.items()
        key = (
            environment.matched,
            tuple(sorted((name, value.key, value.positions) for name, value in bindings)),
        )
        seen.setdefault(key, environment)
    return list(seen.values())


def holds(
    dependency: Dependency | None, matched: Collection[str], ever: Collection[str], path: str = ""
) -> bool:
    """Whether a dependency is met in file `path`.

    `matched` are the names of the rules that matched on the way to an environment, `ever` of those
    that matched at all (`depends on ever r`).
    """
    match dependency:
        case None:
            return True
        case DependsOn(rule=rule, mode=mode):
            if mode:
                return (rule in matched or rule in ever) == (mode == "ever")
            return rule in matched
        case DependsOnFile(directory=directory):
            return path == directory or path.startswith(directory.rstrip("/") + "/")
        case DependsNot(part=part):
            return not holds(part, matched, ever, path)
        case DependsAll(parts=parts):
            return all(holds(part, matched, ever, path) for part in parts)
        case DependsAny(parts=parts):
            return any(holds(part, matched, ever, path) for part in parts)
    return True


def rests_on(dependency: Dependency | None, rules: Collection[str]) -> frozenset[str]:
    """Return names of `rules` of which one has matched wherever a dependency is met; none if unknown.

    >>> from vmaconv.cocci.smpl.depends import DependsAll, DependsAny, DependsNot, DependsOn
    >>> either = DependsAny((DependsOn("a"), DependsOn("b")))
    >>> sorted(rests_on(DependsAll((DependsNot(DependsOn("c")), either)), "abc"))
    ['a', 'b']
    """
    none: frozenset[str] = frozenset()
    match dependency:
        case DependsOn(rule=rule, mode=mode) if mode != "never" and rule in rules:
            return frozenset({rule})
        case DependsAll(parts=parts):
            return next((found for part in parts if (found := rests_on(part, rules))), none)
        case DependsAny(parts=parts):
            ways = [rests_on(part, rules) for part in parts]
            return none.union(*ways) if all(ways) else none
    return none


def inherited(rule: CodeRule | ScriptRule) -> list[Name]:
    """Return what a rule takes from earlier rules, script inputs with a default left out."""
    if isinstance(rule, ScriptRule):
        return [(i.rule, i.name) for i in rule.inputs if i.default is None]
    return _inherited(rule, _everywhere(rule) | _in_plus(rule))


def _inherited(rule: CodeRule, used: Collection[Name]) -> list[Name]:
    """`used` is what every match needs of earlier rules, and plus code."""
    own = [name for m in rule.metavariables if (name := name_of(m)) in used]
    for meta in rule.metavariables:
        own += [*_in_type(meta, True), *_from_rules(in_seed(meta))]
    own += _sizes(rule.metavariables)
    return list(dict.fromkeys(own))


def _sizes(metavariables: Sequence[Metavariable]) -> Iterator[Name]:
    """Yield the lengths and widths that belong to earlier rules: `expression list[r.n] es;`."""
    owners = {m.name: m.rule for m in metavariables if m.kind == "list length" and m.rule}
    for meta in metavariables:
        for _, size in in_sizes(meta):
            if size in owners and meta.rule is None:
                yield (owners[size], size)


def _from_rules(names: Iterable[Name]) -> Iterator[Name]:
    """Yield the names that belong to earlier rules."""
    return (name for name in names if name[0])


def _inherits(rule: CodeRule) -> bool:
    """Whether a rule declares a metavariable of an earlier rule: most do not."""
    return any(meta.rule is not None for meta in rule.metavariables)


def _everywhere(rule: CodeRule) -> set[Name]:
    """Return what every match of a rule's pattern needs from earlier rules."""
    if not _inherits(rule):
        return set()
    return set(_from_rules(in_every_match(rule.pattern, at_node, whens=True)))


def _in_plus(rule: CodeRule) -> set[Name]:
    """Return what the plus code of a rule takes from earlier rules."""
    return set(_from_rules(map(name_of, in_plus(rule.plus)))) if _inherits(rule) else set()


def _in_type(meta: Metavariable, needed: bool) -> Iterator[Name]:
    """Yield the names of earlier rules in a metavariable's type: those it cannot do without, or
    those of alternatives."""
    if (len(meta.ctype) < 2) == needed:
        yield from _from_rules(map(name_of, in_type(meta)))


def constraining(rule: CodeRule) -> list[Name]:
    """Return what a rule takes from earlier rules if they have bound it, but can do without."""
    used = _everywhere(rule) | _in_plus(rule)
    own = set(_inherited(rule, used))
    names = list(limiting(rule))
    names += [name for meta in rule.metavariables for name in _in_type(meta, False)]
    # What some arm of a disjunction alone inherits.
    if _inherits(rule):
        names += sorted(set(_from_rules(map(name_of, in_pattern(rule.pattern)))) - used)
    return [name for name in dict.fromkeys(names) if name not in own]


def only_excludes(rule: CodeRule, later: Iterable[CodeRule | ScriptRule]) -> bool:
    """Whether all that later rules want of a rule are places to keep out of (`p != rule.p`).

    They want all of them together, so that it does not matter which match each is from.
    """
    places = {meta.name for meta in rule.metavariables if meta.kind == "position"}
    for other in later:
        if isinstance(other, ScriptRule):
            if any(i.rule == rule.name for i in other.inputs):
                return False
            continue
        for meta in other.metavariables:
            owners = [meta.rule, *(owner for owner, _ in _in_type(meta, True))]
            owners += [owner for owner, _ in [*_in_type(meta, False), *_from_rules(in_seed(meta))]]
            if rule.name in owners or not _excludes(meta.constraint, rule.name, places):
                return False
    return True


def _excludes(constraint: Constraint | None, rule: str, places: AbstractSet[str]) -> bool:
    if constraint is None:
        return True
    own = [name for owner, name in constraint.names if owner == rule]
    if own and (constraint.op != "!=" or not places >= set(own)):
        return False
    if any(owner == rule for _, owner, _ in constraint.script_inputs):
        return False
    return all(_excludes(part, rule, places) for part in constraint.parts)


def limiting(rule: CodeRule) -> Iterator[Name]:
    """Yield what the constraints of a rule take from earlier rules."""
    for meta in rule.metavariables:
        yield from _from_rules(in_constraint(meta.constraint))


def asked_for(rule: CodeRule | ScriptRule) -> Iterator[Name]:
    """Yield every name of an earlier rule that a rule mentions, constraints and seeds included."""
    if isinstance(rule, ScriptRule):
        yield from ((i.rule, i.name) for i in rule.inputs)
        return
    for meta in rule.metavariables:
        if meta.rule is not None:
            yield (meta.rule, meta.name)
        yield from _in_type(meta, True)
        yield from _in_type(meta, False)
        yield from _from_rules(in_constraint(meta.constraint))
        yield from _from_rules(in_seed(meta))


def named(rule: CodeRule | ScriptRule) -> frozenset[str]:
    """Return the earlier rules that a rule mentions, those that it depends on included."""
    return frozenset([*(owner for owner, _ in asked_for(rule)), *rules_mentioned(rule.depends)])


def rules_mentioned(dependency: Dependency | None) -> Iterator[str]:
    """Yield the rules that a dependency names; they may be virtual ones."""
    match dependency:
        case DependsOn(rule=rule):
            yield rule
        case DependsNot(part=part):
            yield from rules_mentioned(part)
        case DependsAll(parts=parts) | DependsAny(parts=parts):
            for part in parts:
                yield from rules_mentioned(part)
