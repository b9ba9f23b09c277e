# SPDX-License-Identifier: GPL-2.0-only
"""A rule file made ready to run.

In: a `RuleFile`, the isomorphisms and the virtual rules that are on. Out: `Program`: its code rules
with compiled patterns, in order.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from vmaconv.cocci.engine.environment import (
    constraining,
    inherited,
    limiting,
    named,
    only_excludes,
    rests_on,
)
from vmaconv.cocci.engine.essential_names import (
    LaterRules,
    essential_names,
    later_rules,
    names_of_use,
)
from vmaconv.cocci.engine.meeting_places import with_meeting_places
from vmaconv.cocci.engine.served_rules import with_served_rules
from vmaconv.cocci.match.declaration.prototypes import prototype_of
from vmaconv.cocci.match.declaration.unnamed_parameters import is_unnamed, without_names
from vmaconv.cocci.match.isomorphisms.isomorphism import TooManySpellings, expand
from vmaconv.cocci.match.path.optional_statements import MOST_OPTIONAL, TooManyOptional
from vmaconv.cocci.match.prefilter.locating import locating
from vmaconv.cocci.match.prefilter.required import is_word
from vmaconv.cocci.match.search import Match, ReadyPattern
from vmaconv.cocci.shim.macros import MacroNames
from vmaconv.cocci.smpl.attachment import behind_each_arm
from vmaconv.cocci.smpl.constraint_ties import tied
from vmaconv.cocci.smpl.depends import Dependency, DependsAll, DependsAny, DependsNot, DependsOn
from vmaconv.cocci.smpl.isofile import Isomorphism
from vmaconv.cocci.smpl.mentions import Name
from vmaconv.cocci.smpl.rule import CodeRule, PNode, RuleFile, RulePlace, ScriptRule, SmplError
from vmaconv.cocci.smpl.shipped_isomorphisms import named_isomorphisms
from vmaconv.cocci.text.deep_recursion import deep_recursion


class Prototype(Struct, frozen=True):
    """The rule that changes a function's prototypes as a rule changes its header.

    `loose` are the metavariables for names of parameters, which a prototype may choose anew.
    `unnamed` is the rule for a prototype that has no such names.
    """

    rule: CodeRule
    pattern: ReadyPattern
    loose: frozenset[str]
    unnamed: CodeRule

    def rule_for(self, match: Match) -> CodeRule:
        """Return the rule whose plus code fits a prototype that was found."""
        return self.unnamed if is_unnamed(match.trail) else self.rule


class CodeStep(Struct, frozen=True):
    """A code rule and its pattern.

    `rule` is what `source`, the rule as it was parsed, comes to with its isomorphisms.
    `takes` is what it inherits, `found` what of that each match has in its code, `limits` what else
    it looks at where that is bound, `spread` what its constraints look at, `asked` what later rules
    ask of it; where it `only_excludes`, they want places to keep out of, and one may act on it that it
    matched at all where it `is_told`. `names` are the rules that it
    mentions, `meeting` positions of which those who ask of it have one in each match, `serves` patterns
    of which one has to match in the same function for a match to be of use, if any are known.
    """

    source: CodeRule
    rule: CodeRule
    pattern: ReadyPattern
    takes: tuple[Name, ...]
    found: tuple[Name, ...]
    limits: tuple[Name, ...]
    spread: frozenset[Name]
    prototype: Prototype | None
    asked: frozenset[Name]
    only_excludes: bool
    is_told: bool
    names: frozenset[str]
    meeting: tuple[Name, ...] = ()
    serves: tuple[ReadyPattern, ...] = ()


class Program(Struct, frozen=True):
    """A rule file's steps; `virtual` holds the virtual rules that are on, `words` the virtual
    values.
    """

    file: RuleFile
    steps: tuple[CodeStep | ScriptRule, ...]
    virtual: frozenset[str]
    words: Mapping[str, str]

    @property
    def names(self) -> MacroNames:
        """What the rules say of macros: `iterator name`, `declarer name`, `attribute name`."""
        found: dict[str, set[bytes]] = {}
        for rule in self.file.rules:
            if isinstance(rule, CodeRule):
                for meta in rule.metavariables:
                    found.setdefault(meta.kind, set()).add(meta.name.encode())
        return MacroNames(
            attributes=frozenset(found.get("attribute name", ())),
            iterators=frozenset(found.get("iterator name", ())),
            declarers=frozenset(found.get("declarer name", ())),
        )

    def words_to_search(self, alone: bool = True) -> list[str]:
        """Return words such that a file without any of them cannot match a rule.

        [""] where some rule can match anywhere. A rule that depends on others matches only where
        one of them has; not so if the file is not looked at `alone`, as a header of one that is.
        """
        words: set[str] = set()
        rules = {rule.name for rule in self.file.rules if isinstance(rule, CodeRule)}
        for step in self.code_steps():
            if alone and rests_on(step.rule.depends, rules):
                continue
            clauses = [clause for clause in step.pattern.clauses if is_word(clause)]
            if not clauses:
                return [""]
            # Long words are rare words.
            best = max(clauses, key=lambda c: (min(map(len, c)), sorted(c)))
            words.update(word.decode() for word in best)
        return sorted(words)

    def code_steps(self) -> list[CodeStep]:
        """Return the steps that have a pattern."""
        return [step for step in self.steps if isinstance(step, CodeStep)]


def compile_file(
    file: RuleFile,
    isomorphisms: Sequence[Isomorphism],
    virtual: frozenset[str] = frozenset(),
    words: Mapping[str, str] | None = None,
) -> Program:
    """Compile the rules that the virtual rules in force do not switch off for good.

    `file` stays as it is: compiling it again gives an equal program.
    """
    rules = [rule for rule in file.rules if may_run(rule, file.virtual, virtual)]
    steps: list[CodeStep | ScriptRule] = []
    general = [*isomorphisms, *named_isomorphisms(file.isomorphisms, RulePlace(file.path, 1, 0))]
    for source, later in zip(rules, later_rules(rules), strict=True):
        if isinstance(source, ScriptRule):
            steps.append(source)
            continue
        try:
            with deep_recursion():
                steps.append(_code_step(source, general, later))
        except RecursionError:
            raise SmplError(
                "nested-too-deeply",
                source.place,
                "the rule's code is nested too deeply",
                "write the pattern in simpler parts",
            ) from None
        except TooManyOptional:
            raise SmplError(
                "too-many-optional",
                source.place,
                f"more than {MOST_OPTIONAL} statements with ? in a row of statements",
                "write several rules, or a nest: <... ...>",
            ) from None
    ordered = with_served_rules(with_meeting_places(steps))
    return Program(file, tuple(ordered), virtual, words or {})


def _code_step(source: CodeRule, general: Sequence[Isomorphism], later: LaterRules) -> CodeStep:
    """Compile one rule."""
    plus = tuple(one for block in source.plus for one in behind_each_arm(block))
    rule = tied(replace(source, plus=plus))
    isos = [] if "all" in rule.disable else [*general, *named_isomorphisms(rule.using, rule.place)]
    isos = [iso for iso in isos if iso.name not in rule.disable]
    exported = frozenset(("", name) for _, name in later.asked)
    rule, pattern = _expanded(rule, isos, exported)
    takes, limits = tuple(inherited(rule)), tuple(constraining(rule))
    spread = frozenset(limiting(rule))
    made = replace(rule, pattern=pattern)
    essential = essential_names(source, later) if exported else frozenset()
    ready = ReadyPattern(pattern, rule, exported, essential, names_of_use(source, later))
    prototype = _prototype(made, exported)
    located = locating(pattern)
    found = tuple(name for name in takes if name in located)
    excludes = only_excludes(rule, later.takers)
    names = named(source)
    return CodeStep(
        source,
        rule,
        ready,
        takes,
        found,
        limits,
        spread,
        prototype,
        later.asked,
        excludes,
        later.may_tell,
        names,
    )


def _expanded(
    rule: CodeRule, isomorphisms: Sequence[Isomorphism], exported: frozenset[Name]
) -> tuple[CodeRule, PNode]:
    try:
        return expand(rule, isomorphisms, exported)
    except TooManySpellings:
        raise SmplError(
            "too-many-spellings",
            rule.place,
            "isomorphisms spell this pattern in too many ways",
            "write the pattern in simpler parts, or switch some off: @disable paren@",
        ) from None


def _prototype(rule: CodeRule, exported: frozenset[Name]) -> Prototype | None:
    if not rule.changes or "prototypes" in rule.disable or "all" in rule.disable:
        return None
    found = prototype_of(rule)
    if found is None:
        return None
    made, loose = found
    pattern = ReadyPattern(made.pattern, made, exported)
    unnamed = replace(made, plus=without_names(made.pattern, made.plus))
    return Prototype(made, pattern, loose, unnamed)


def may_run(rule: CodeRule | ScriptRule, declared: Sequence[str], on: frozenset[str]) -> bool:
    """Whether the virtual rules that are on do not switch a rule off for good."""
    return rule.depends is None or settled(rule.depends, declared, on) is not False


def settled(
    dependency: Dependency, declared: Sequence[str], virtual: frozenset[str]
) -> bool | None:
    """Return what a dependency comes to before anything runs, or None if that depends on the run."""
    match dependency:
        case DependsOn(rule=rule):
            return rule in virtual if rule in declared else None
        case DependsNot(part=part):
            value = settled(part, declared, virtual)
            return None if value is None else not value
        case DependsAll(parts=parts):
            values = [settled(part, declared, virtual) for part in parts]
            if False in values:
                return False
            return None if None in values else True
        case DependsAny(parts=parts):
            values = [settled(part, declared, virtual) for part in parts]
            if True in values:
                return True
            return None if None in values else False
    return None
