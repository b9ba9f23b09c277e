# SPDX-License-Identifier: GPL-2.0-only
"""Why a rule does or does not match at a place.

In: a rule file made ready, a `Runner` for a file, and a line (or none: the whole file). Out:
`Explanation`s, rule after rule. The rules run as they always do, so that each is explained with
what those before it bound and changed. For a rule that does not match, copies of it that demand
less are tried (`explain_relax`); what they find says what is in the way (`explain_miss`), and if
none finds anything, the nearest attempt does (`explain_attempt`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from itertools import islice

from msgspec import Struct
from msgspec.structs import replace

from vmaconv.cocci.engine.environment import Environment, holds
from vmaconv.cocci.engine.explain.asked_place import AskedPlace
from vmaconv.cocci.engine.explain.attempts import alternatives, attempt
from vmaconv.cocci.engine.explain.dependencies import unmet
from vmaconv.cocci.engine.explain.lacking import either, lacking_words
from vmaconv.cocci.engine.explain.miss import Miss, shown
from vmaconv.cocci.engine.explain.relaxed import INHERITED, SINGLE, TOGETHER, Relaxation, relaxed
from vmaconv.cocci.engine.program import CodeStep, Program, compile_file
from vmaconv.cocci.engine.run import Runner, advanced
from vmaconv.cocci.engine.stretches import wanted
from vmaconv.cocci.match.attempt.value import BoundValue
from vmaconv.cocci.match.item_index import Index
from vmaconv.cocci.match.prefilter.required import may_match
from vmaconv.cocci.match.search import Match, ReadyPattern
from vmaconv.cocci.smpl.isofile import Isomorphism
from vmaconv.cocci.smpl.mentions import Name
from vmaconv.cocci.smpl.rule import CodeRule

GROUPS = 3
"""How many of the ways in which earlier rules matched a rule is explained for."""

EARLY = 40
"""After how many places where not even a weaker rule matches a file is given up."""


class Explanation(Struct, frozen=True):
    """One rule at one place of the C file; lines count from 1, 0 is the file as a whole.

    `verdict` is one of

    * `matches`: `bindings` say what stands for what;
    * `left`: it matches, and is not applied: `reason` says why;
    * `off`: what it depends on does not hold;
    * `inherits`: what it takes from an earlier rule is bound nowhere;
    * `words`: a word that it cannot do without is not there;
    * `unparsed`: the function does not parse, and so is not looked into;
    * `near`: it would match if it demanded a little less: `reason` says what;
    * `nearest`, `paths`, `none`: how far it got;
    * `more`: there are more places where it fails.

    `details` are sentences.
    """

    rule: str
    rule_line: int
    line: int
    function: str
    verdict: str
    reason: str = ""
    details: tuple[str, ...] = ()
    bindings: Mapping[str, str] | None = None
    wanted_line: int = 0
    """For `nearest`: the line of the rule file that is not met."""


def explain(
    program: Program,
    isomorphisms: Sequence[Isomorphism],
    runner: Runner,
    line: int | None = None,
    limit: int | None = None,
) -> Iterator[Explanation]:
    """Explain each code rule of `program` in the runner's file, at `line` (from 1) or everywhere.

    `isomorphisms` are those that the program was compiled with.

    `limit` is how many failures are told of one rule; the last one then has the verdict `more`. The
    runner is used up: its rules are run.
    """
    ever: set[str] = set()
    place = AskedPlace(runner, line)
    before: CodeRule | None = None
    refused = 0
    for rule, step, environments in _steps(program, runner, ever):
        yield from _left(runner, before, refused, line)
        before, refused = rule, len(runner.result.refusals)
        if step is None:
            reason = unmet(rule.depends, program.virtual, program.file.virtual)
            yield Explanation(rule.name, rule.place.line, 0, "", "off", reason)
            continue
        one = _Step(program, step, isomorphisms, runner, ever, {})
        yield from _limited(one.told(environments, place), limit)
    yield from _left(runner, before, refused, line)


def _left(
    runner: Runner, rule: CodeRule | None, since: int, line: int | None
) -> Iterator[Explanation]:
    """Yield which matches of the rule that has just run were not applied, and why."""
    for one in runner.result.refusals[since:]:
        if rule is not None and line in (None, one.line):
            yield Explanation(
                rule.name, rule.place.line, one.line, one.function, "left", one.reason
            )


Relaxations = dict[tuple[str, ...], tuple[CodeRule, ReadyPattern] | None]
"""What a rule comes to where it demands less of some sorts, as far as that was asked."""


def explain_lines(
    program: Program,
    isomorphisms: Sequence[Isomorphism],
    runner: Runner,
    lines: Mapping[int, Sequence[int]],
    known: dict[int, Relaxations],
    ever: set[str],
) -> Iterator[tuple[CodeRule, int, list[Explanation]]]:
    """Explain rules at many lines of the runner's file, which the rules run over once.

    `lines` has those of each rule by its id (from 1). `known` is for further calls with the same
    program: what was compiled for one file is there for the next. `ever` is given the names of the
    rules that matched.
    """
    places = {line: AskedPlace(runner, line) for asked in lines.values() for line in asked}
    for rule, step, environments in _steps(program, runner, ever):
        asked = lines.get(id(rule), ())
        if step is None or not asked:
            continue
        patterns = known.setdefault(id(rule), {})
        one = _Step(program, step, isomorphisms, runner, ever, patterns)
        for line in asked:
            yield rule, line, list(_limited(one.told(environments, places[line]), None))


def _steps(
    program: Program, runner: Runner, ever: set[str]
) -> Iterator[tuple[CodeRule, CodeStep | None, Sequence[Environment]]]:
    """Run the rules; yield each code rule before it runs, with its step unless that is off, and
    with what those before it came to.
    """
    environments = runner.begin(ever)
    steps = {id(step.source): step for step in program.code_steps()}
    for rule in program.file.rules:
        if isinstance(rule, CodeRule):
            step = steps.get(id(rule))
            yield rule, step, environments
            if step is not None:
                environments = advanced(environments, runner.extend(step, environments))
        elif rule in program.steps and rule.phase == "script" and runner.scripts is not None:
            environments = runner.script(rule, environments)
            if runner.scripts.stopped:
                break


def _limited(found: Iterator[Explanation], limit: int | None) -> Iterator[Explanation]:
    """Yield explanations, the same one once, and of failures no more than `limit`."""
    seen: set[object] = set()
    failures = 0
    for one in found:
        key = (one.line, one.verdict, one.details, tuple((one.bindings or {}).items()))
        if key in seen:
            continue
        seen.add(key)
        failures += one.verdict != "matches"
        if limit is not None and failures > limit:
            yield replace(one, verdict="more", line=0, function="", details=(), bindings=None)
            return
        yield one


class _Step:
    """One rule, to be explained in one file."""

    def __init__(
        self,
        program: Program,
        step: CodeStep,
        isomorphisms: Sequence[Isomorphism],
        runner: Runner,
        ever: set[str],
        patterns: Relaxations,
    ) -> None:
        self._program = program
        self._step = step
        self._rule = step.source
        self._runner = runner
        self._isomorphisms = isomorphisms
        self._ever = ever
        self._patterns = patterns
        self._place = AskedPlace(runner, None)
        self._ways: list[Mapping[Name, BoundValue]] | None = None
        self._indexes: dict[int, Index] = {}
        self._matches: dict[tuple[int, int, int], list[Match]] = {}
        """By pattern, item and inherited values: those of several lines in one function are one."""

    def told(self, environments: Sequence[Environment], place: AskedPlace) -> Iterator[Explanation]:
        """Yield what is to be said of the rule at a place, given what those before it came to."""
        rule = self._rule
        self._place = place
        if self._ways is None:
            takes, limits, spread = self._step.takes, self._step.limits, self._step.spread
            groups = self._runner.groups(rule, environments, takes, limits, spread)
            self._ways = [values for values, _ in groups]
        ways = self._ways
        if not ways:
            yield self._without_ways(environments)
            return
        said = (one for index in self._items() for one in self._in_item(index, ways))
        if self._place.line is not None:
            told = list(said)
            yield from told or [self._whole("words", *self._missing())]
            return
        yield from self._summed_up(said)

    def _without_ways(self, environments: Sequence[Environment]) -> Explanation:
        """Say why there is no environment to look for the rule in."""
        rule, path = self._rule, self._runner.unit.path
        ready: list[Environment] = []
        off: list[Environment] = []
        for environment in environments:
            is_met = holds(rule.depends, environment.matched, self._ever, path)
            (ready if is_met else off).append(environment)
        if ready and not (off and rule.depends_in_all):
            return self._whole("inherits", "", tuple(self._unbound(ready)))
        matched = off[0].matched if off else frozenset[str]()
        return self._whole("off", unmet(rule.depends, matched, self._program.file.virtual))

    def _summed_up(self, said: Iterator[Explanation]) -> Iterator[Explanation]:
        """Leave out of what is said of a whole file what failed early, unless that is all."""
        early: list[Explanation] = []
        near = told = False
        for one in said:
            told = True
            if one.verdict in ("nearest", "paths"):
                early.append(one)
            elif one.verdict not in ("none", "words"):
                near = True
                yield one
            if not near and len(early) >= EARLY:
                break
        if near:
            return
        yield from early
        if not told:
            yield self._whole("words", *self._missing())
        elif not early:
            yield self._whole("none", "", alternatives(self._rule.pattern))

    def _whole(self, verdict: str, reason: str = "", details: tuple[str, ...] = ()) -> Explanation:
        rule = self._rule
        return Explanation(rule.name, rule.place.line, 0, "", verdict, reason, details)

    def _unbound(self, environments: Sequence[Environment]) -> Iterator[str]:
        for owner, name in self._step.takes:
            if any((owner, name) in e.bindings for e in environments):
                continue
            if owner == "virtual":
                yield f"`{name}` is virtual.{name}: give -D {name}=VALUE"
            elif owner in self._ever:
                yield f"`{name}` is {owner}.{name}: rule {owner} matched without binding it"
            else:
                yield f"`{name}` is {owner}.{name}: rule {owner} did not match"
        if all(any(n in e.bindings for e in environments) for n in self._step.takes):
            yield "no single match of the rules before binds all that it inherits"

    def _items(self) -> Iterator[Index]:
        """Yield the top-level items to look into: the line's, or those that have all words."""
        unit, (start, end) = self._runner.unit, self._place.range()
        clauses = self._step.pattern.clauses
        for chunk in unit.chunks:
            if chunk.end <= start or end <= chunk.start:
                continue
            for item in chunk.items():
                if item.end <= start or end <= item.start:
                    continue
                if self._place.line is None and not may_match(
                    clauses, unit.text, item.start, item.end
                ):
                    continue
                index = self._indexes.get(item.start)
                if index is None:
                    broken = any(e.start < item.end and item.start <= e.end for e in chunk.errors)
                    index = self._indexes[item.start] = Index(item, unit, broken)
                yield index

    def _in_item(
        self, index: Index, ways: Sequence[Mapping[Name, BoundValue]]
    ) -> Iterator[Explanation]:
        if index.broken:
            yield self._at(index, index.item.start, "unparsed")
            return
        if self._place.line is None:
            ways = [known for known in ways if self._may_match(index, known)]
        found = [m for known in ways for m in self._found(self._step.pattern, index, known)]
        yield from (self._matching(index, match) for match in found)
        if found:
            return
        lacking = lacking_words(self._step.pattern, self._runner.unit.text, index)
        if lacking:
            yield self._at(index, index.item.start, "words", lacking)
            return
        here = [known for known in ways if self._is_here(known)]
        for known in islice(here or ways, GROUPS):
            yield from self._failing(index, known)

    def _is_here(self, known: Mapping[Name, BoundValue]) -> bool:
        """Whether a place that is inherited is on the line that is asked about."""
        asked = self._place.line
        return any(at.line == asked for value in known.values() for at in value.positions)

    def _may_match(self, index: Index, known: Mapping[Name, BoundValue]) -> bool:
        """Whether an item has the words and places of what the rule inherits."""
        step, unit = self._step, self._runner.unit
        unmoved = not self._runner.result.moves
        test = wanted(step.pattern, unit.text, frozenset(), known, step.found, unmoved)
        return test is not None and test.holds(index.item.start, index.item.end)

    def _found(
        self, pattern: ReadyPattern, index: Index, known: Mapping[Name, BoundValue]
    ) -> list[Match]:
        start, end = self._place.range()
        runner = self._runner
        # What is asked for is kept as long as this is: ids stay its own.
        key = (id(pattern), id(index), id(known))
        found = self._matches.get(key)
        if found is None:
            found = list(pattern.find(index, runner.types, runner.options, known))
            self._matches[key] = found
        return [m for m in found if m.start < end and start < m.end]

    def _matching(self, index: Index, match: Match) -> Explanation:
        bindings = {
            name: shown(value) for (rule, name), value in match.bindings.items() if not rule
        }
        made = self._at(index, match.start, "matches")
        return replace(made, bindings=bindings)

    def _failing(self, index: Index, known: Mapping[Name, BoundValue]) -> Iterator[Explanation]:
        near = self._near(index, known)
        if near:
            yield from near
            return
        start_end = self._place.range() if self._place.line is not None else None
        runner = self._runner
        root = self._step.pattern.root
        got = attempt(root, index, runner.types, runner.options, known, start_end)
        if got is None:
            yield self._at(index, index.item.start, "paths")
            return
        offset = runner.unit.line_range(got.line)[0]
        made = self._at(index, offset, "paths" if not got.expected else "none")
        if got.place is not None:
            made = replace(made, wanted_line=got.place.line)
        if got.expected:
            verdict = "nearest" if got.found else "none"
            details = (got.expected, got.found) if got.found else got.starts
            made = replace(made, verdict=verdict, details=details, bindings=got.bindings)
        yield made

    def _near(self, index: Index, known: Mapping[Name, BoundValue]) -> list[Explanation]:
        """Return what matches if the rule demands less of one sort, or else of several."""
        for sorts in (*((one,) for one in SINGLE), *TOGETHER):
            if INHERITED in sorts and self._place.line is None:
                # That some other code would do in its place is not worth saying of all code.
                continue
            compiled = self._compiled(sorts)
            if compiled is None:
                continue
            found = self._found(compiled[1], index, known)
            made = [self._missed(index, match, known, sorts) for match in found[:GROUPS]]
            if made:
                return list({(m.line, m.details): m for m in made}.values())
        return []

    def _missed(
        self,
        index: Index,
        match: Match,
        known: Mapping[Name, BoundValue],
        sorts: Sequence[Relaxation],
    ) -> Explanation:
        runner = self._runner
        miss = Miss(self._rule, match, index, runner.types, runner.options, known)
        told = {sort: tuple(miss.told(sort)) for sort in sorts}
        reason = _listed([sort.words for sort in sorts if told[sort]])
        details = tuple(sentence for sort in sorts for sentence in told[sort])
        reason = reason or " or ".join(sort.words for sort in sorts)
        made = self._at(index, match.start, "near", reason)
        return replace(made, details=tuple(dict.fromkeys(details)))

    def _compiled(self, sorts: Sequence[Relaxation]) -> tuple[CodeRule, ReadyPattern] | None:
        key = tuple(sort.name for sort in sorts)
        if key not in self._patterns:
            self._patterns[key] = None
            rule = relaxed(self._rule, *sorts)
            if rule is not None:
                file = replace(self._program.file, rules=(rule,))
                step = compile_file(file, self._isomorphisms, self._program.virtual).code_steps()[0]
                exported = frozenset(
                    ("", name) for owner, name in self._step.asked if owner == self._rule.name
                )
                self._patterns[key] = (
                    step.rule,
                    ReadyPattern(step.pattern.root, step.rule, exported),
                )
        return self._patterns[key]

    def _missing(self) -> tuple[str, tuple[str, ...]]:
        """Say which word is missing from the file, or that no function has them all."""
        unit, clauses = self._runner.unit, self._step.pattern.clauses
        for clause in sorted(clauses, key=sorted):
            if not may_match(frozenset({clause}), unit.text, 0, len(unit.text)):
                return either(clause), ()
        words = [either(clause) for clause in sorted(clauses, key=sorted)]
        if self._place.line is not None:
            return "", ("the line lies in no function, declaration or macro that is looked into",)
        return "", (f"no function or declaration has all of {', '.join(words)}",)

    def _at(self, index: Index, offset: int, verdict: str, reason: str = "") -> Explanation:
        rule = self._rule
        line = self._place.original_line(offset)
        return Explanation(rule.name, rule.place.line, line, index.function, verdict, reason)


def _listed(words: Sequence[str]) -> str:
    """Return words as a list: `a`, `a and b`, `a, b and c`."""
    *others, last = words or [""]
    return f"{', '.join(others)} and {last}" if others else last
