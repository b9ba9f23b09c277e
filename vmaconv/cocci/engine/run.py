# SPDX-License-Identifier: GPL-2.0-only
"""Running a rule file over one C file.

In: a `Program`, a `Unit` and the headers whose declarations it may use. Out: `FileResult`: the new
text, what was changed by which rule and why, and what was refused. Rules run in order; each sees
the text that the one before it left, once for each distinct environment of what it inherits.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec.structs import replace

from vmaconv.cocci.engine.environment import (
    Environment,
    distinct,
    group,
    holds,
    inherited,
)
from vmaconv.cocci.engine.exclusive_arms import contradicts
from vmaconv.cocci.engine.file_result import AppliedMatch, FileResult, Refusal
from vmaconv.cocci.engine.fresh import FreshNames
from vmaconv.cocci.engine.matches import (
    continued,
    distinct_bindings,
    functions_of,
    identity,
    starred,
    starred_blocks,
)
from vmaconv.cocci.engine.meeting_places import offsets
from vmaconv.cocci.engine.program import CodeStep, Program, Prototype
from vmaconv.cocci.engine.rule_edits import Problem, RuleEdits
from vmaconv.cocci.engine.stretches import Stretches, UnitItems, Wanted, wanted
from vmaconv.cocci.engine.useful import useful_steps
from vmaconv.cocci.match.attempt.state import MatchOptions
from vmaconv.cocci.match.attempt.value import Bindings, BoundValue, text_value
from vmaconv.cocci.match.item_index import Index
from vmaconv.cocci.match.search import Match, ReadyPattern
from vmaconv.cocci.rewrite.edit import Edit, Moves, Overlap, apply
from vmaconv.cocci.rewrite.lines.continuation import aligned, macro_lines
from vmaconv.cocci.rewrite.lines.layout import overlong
from vmaconv.cocci.rewrite.lines.reindent import reindented
from vmaconv.cocci.rewrite.printing import printing
from vmaconv.cocci.rewrite.regions import TextLost
from vmaconv.cocci.smpl.depends import Dependency
from vmaconv.cocci.smpl.mentions import Name
from vmaconv.cocci.smpl.rule import CodeRule, ScriptRule
from vmaconv.cocci.text.word_places import FEW, WordPlaces
from vmaconv.cocci.tree.unit import ParsedText, Unit
from vmaconv.cocci.types.expression_types import ExpressionTypes
from vmaconv.cocci.types.symbols import FileSymbols

if TYPE_CHECKING:
    from vmaconv.cocci.engine.script_rules import Scripts


def advanced(
    environments: Sequence[Environment], longer: Mapping[int, Sequence[Environment]]
) -> list[Environment]:
    """Return the environments after a rule: those that it made, or the old one where it made none."""
    if not any(longer.values()):
        return list(environments)
    return distinct([new for e in environments for new in longer.get(id(e)) or [e]])


class Runner:
    """Runs a program over one file."""

    def __init__(
        self,
        program: Program,
        unit: Unit,
        headers: Sequence[FileSymbols],
        options: MatchOptions,
        scripts: Scripts | None = None,
        items: UnitItems | None = None,
    ) -> None:
        """`scripts` runs the script blocks; without it they are passed over.

        `items` are those of `unit` that runners of other programs have used.
        """
        items = items if items is not None else UnitItems(unit)
        self._program = program
        self._unit = unit
        self._items = items
        self._headers = headers
        if scripts is not None:
            options = replace(options, judging=replace(options.judging, ask=scripts.ask))
        self._options = options
        self._printing = printing(options.tidy, options.as_written, options.keep_comments)
        self._scripts = scripts
        self._types = ExpressionTypes(unit, headers, options.widths, items.symbols, options.given)
        self._ever: set[str] = set()
        self._refused: set[Refusal] = set()
        self._original = unit
        self._fresh = FreshNames(scripts)
        self._parsed: dict[bytes, ParsedText] = {}
        """What the check of a result has made of chunks as they will be."""
        self._made: list[Unit] = []
        self._written: list[tuple[int, int]] = []
        self.result = FileResult(unit.path, unit.text, unit.text)
        self._stretches = Stretches(items, options.macros, self.result.unparsed)

    def run(self, steps: Sequence[CodeStep | ScriptRule] | None = None) -> FileResult:
        """Run all rules and lay out the lines that they wrote; `steps` is what `useful_steps` says."""
        environments = self.begin()
        if steps is None:
            steps = useful_steps(self._program, self._items.held)
        for step in steps:
            if isinstance(step, CodeStep):
                found = self.extend(step, environments, alone=True, sparing=True)
                environments = advanced(environments, found)
            elif step.phase == "script" and self._scripts is not None:
                environments = self.script(step, environments)
                if self._scripts.stopped:
                    break
        return self.finish()

    @property
    def program(self) -> Program:
        """The rules that run."""
        return self._program

    @property
    def unit(self) -> Unit:
        """The text as the rules so far have left it."""
        return self._unit

    @property
    def types(self) -> ExpressionTypes:
        """The types in that text."""
        return self._types

    @property
    def options(self) -> MatchOptions:
        """What the run asks of the matcher."""
        return self._options

    @property
    def scripts(self) -> Scripts | None:
        """What runs the script blocks."""
        return self._scripts

    def begin(self, ever: set[str] | None = None) -> list[Environment]:
        """Return the environment that the first rule runs in; `ever` may be shared with others."""
        words = {
            ("virtual", name): text_value(v.encode()) for name, v in self._program.words.items()
        }
        self._first = Environment(words, self._program.virtual)
        self._ever = ever if ever is not None else set()
        return [self._first]

    def finish(self) -> FileResult:
        """Lay out the lines that the rules wrote and return what became of the file."""
        self._layout()
        self.result.text = self._unit.text
        return self.result

    def release(self) -> None:
        """Let go of the trees of all texts that the rules have made, and of the first one's."""
        for unit in (self._original, *self._made):
            unit.release()

    def groups(
        self,
        rule: CodeRule | ScriptRule,
        environments: Sequence[Environment],
        names: Sequence[Name],
        others: Sequence[Name],
        spread: Collection[Name] = (),
    ) -> Iterator[tuple[dict[Name, BoundValue], list[Environment]]]:
        """Group the environments in which a rule is to be looked for: see `group()`.

        They are those in which what the rule depends on holds; of `depends on forall`, those alike to
        which it holds in all.
        """
        ready = self._ready(rule.depends, environments)
        if not rule.depends_in_all or len(ready) == len(environments):
            yield from group(ready, names, others, spread)
            return
        fit = {id(environment) for environment in ready}
        for values, members in group(environments, names, others, spread):
            if all(id(environment) in fit for environment in members):
                yield values, members

    def _ready(
        self, depends: Dependency | None, environments: Sequence[Environment]
    ) -> list[Environment]:
        """Return the environments in which a dependency holds."""
        path, ever = self._unit.path, self._ever
        if depends is None:
            return list(environments)
        ways = {e.matched for e in environments}
        good = {matched for matched in ways if holds(depends, matched, ever, path)}
        return [e for e in environments if e.matched in good]

    def script(self, rule: ScriptRule, environments: list[Environment]) -> list[Environment]:
        """Run a script block for each environment and return what takes their place."""
        assert self._scripts is not None
        replaced: dict[int, list[Environment]] = {}
        optional = [(i.rule, i.name) for i in rule.inputs if i.default is not None]
        for _, members in self.groups(rule, environments, inherited(rule), optional):
            replaced.update(self._scripts.run(rule, members))
        left = distinct([new for e in environments for new in replaced.get(id(e), [e])])
        # What needs nothing of earlier rules runs even if scripts dropped all that they found.
        return left or [self._first]

    def extend(
        self,
        step: CodeStep,
        environments: Sequence[Environment],
        alone: bool = False,
        sparing: bool = False,
    ) -> dict[int, list[Environment]]:
        """Run a code rule; return by the id of each environment those that its matches make.

        In a file that is looked at `alone`, all matches may be left out if none is of use to anybody;
        with `sparing` each of which that is so.
        """
        longer, matches = self.look(step, environments, alone, sparing)
        self.change(step, matches)
        return longer

    def look(
        self,
        step: CodeStep,
        environments: Sequence[Environment],
        alone: bool = False,
        sparing: bool = False,
    ) -> tuple[dict[int, list[Environment]], list[Match]]:
        """Return what `extend()` does, and the matches, with nothing changed yet."""
        rule = step.rule
        if not self._stretches.held.in_text(step.pattern.sought):
            # So it is with most rules and files.
            return {}, []
        longer: dict[int, list[Environment]] = {}
        applied: list[Match] = []
        groups = list(self.groups(rule, environments, step.takes, step.limits, step.spread))
        words = self._stretches.words if len(groups) > FEW else None
        for values, members in groups:
            beside = offsets(step.meeting, members, self._unit.path) if sparing else ()
            served = step.serves if sparing else ()
            looked_for = self._matches(
                rule, step.pattern, values, step.found, words, alone, sparing, beside, served
            )
            matches = list(looked_for)
            if not matches:
                continue
            applied += matches
            self._ever.add(rule.name)
            for environment in members:
                fitting = [m for m in matches if not contradicts(m, environment, self._unit)]
                longer[id(environment)] = continued(environment, step, fitting)
        return longer, applied

    def change(
        self, step: CodeStep, matches: list[Match], elsewhere: Sequence[Bindings] = ()
    ) -> None:
        """Make or show the changes of a rule's matches.

        `elsewhere` is what `functions_of()` says of its matches in other files.
        """
        rule = step.rule
        if rule.changes and (matches or elsewhere):
            functions = distinct_bindings([*functions_of(step, matches), *elsewhere])
            self._apply(rule, matches, step.prototype, self._prototypes(step, functions))
        elif rule.star:
            blocks = starred_blocks(rule.pattern)
            self.result.starred += [starred(match, blocks) for match in matches]

    def _matches(
        self,
        rule: CodeRule,
        pattern: ReadyPattern,
        inherited: Mapping[Name, BoundValue],
        needed: Sequence[Name] = (),
        words: WordPlaces | None = None,
        alone: bool = False,
        sparing: bool = False,
        beside: Sequence[Sequence[int]] = (),
        served: Sequence[ReadyPattern] = (),
    ) -> Iterator[Match]:
        options, unmoved = self._options, not self.result.moves
        text = self._unit.text
        added = [of for kind, of in options.needs.items() if pattern.has_in_every_match(kind)]
        held = self._stretches.held
        test = wanted(pattern, text, options.reach, inherited, needed, unmoved, words, added, held)
        if test is None:
            return
        places = [*beside] if unmoved else []
        if pattern.casts_to_pointer:
            places.append(self._items.pointer_ends)
        if places:
            if not all(places):
                return
            test = replace(test, beside=places)
        if served:
            test = replace(test, served=served)
        if alone and pattern.tells_use and not self._may_be_of_use(pattern, test, inherited):
            return
        seen: set[tuple[object, ...]] = set()
        for index in self._stretches.of(pattern, test):
            for match in pattern.find(index, self._types, options, inherited, test.near, sparing):
                key = identity(match)
                if key not in seen:
                    seen.add(key)
                    yield self._fresh.named(rule, match)
            if index.ways.cut:
                self._cut_short(rule, index)

    def _may_be_of_use(
        self, pattern: ReadyPattern, test: Wanted, inherited: Mapping[Name, BoundValue]
    ) -> bool:
        """Whether one match of a pattern may be of use: then all are taken, since a script that drops
        that one leaves the others."""
        items = self._stretches.of(pattern, replace(test, need=pattern.need_of_use))
        return any(pattern.may_be_of_use(i, self._types, self._options, inherited) for i in items)

    def _cut_short(self, rule: CodeRule, index: Index) -> None:
        """Say that not all matches of a function were looked at."""
        index.ways.cut = False
        line = self._original.line(self.result.backward(index.item.start))
        reason = (
            f"more than {index.ways.most} ways to match at one place of {index.function}(): "
            "matches beyond were not looked at"
        )
        self._add_refusal(Refusal(rule.name, line, index.function, reason))

    def _prototypes(self, step: CodeStep, functions: Sequence[Bindings]) -> list[Match]:
        """Return where prototypes of functions stand whose headers the rule changes."""
        prototype = step.prototype
        if prototype is None:
            return []
        rule, pattern = prototype.rule, prototype.pattern
        words = self._stretches.words if len(functions) > FEW else None
        found: dict[tuple[object, ...], Match] = {}
        for known in functions:
            for one in self._matches(rule, pattern, known, words=words):
                found.setdefault(identity(one), one)
        return list(found.values())

    def _apply(
        self,
        rule: CodeRule,
        matches: list[Match],
        prototype: Prototype | None,
        prototypes: Sequence[Match],
    ) -> None:
        making = RuleEdits(
            rule,
            self._unit,
            self._types,
            self._options,
            self._printing,
            lambda match, problem: self._refuse(rule, match, problem),
        )
        kept = making.kept(matches, prototype, prototypes)
        self._parsed |= making.parsed
        edits = [edit for _, made in kept for edit in made]
        if not edits:
            return
        for match, made in kept:
            self._note(rule, match, made)
        before, settled = self._unit, self._printing.settle(self._unit.text, edits)
        self._replace(settled)
        moved = reindented(before, self._unit, settled)
        if moved:
            # A line that moves was not written: it is not broken either, unless it grew too long.
            moves = Moves(moved)
            written = moves.forward_ranges(self._written)
            self._replace(moved)
            self._written = written
            if self._options.tidy:
                self._written += overlong(self._unit.text, moves.written())

    def _refuse(self, rule: CodeRule, match: Match, problem: Problem) -> None:
        match problem:
            case str():
                reason = problem
            case None:
                reason = "the result would not parse"
            case TextLost():
                reason = str(problem)
            case Overlap(first=first):
                where = self._unit.line(first.start)
                reason = f"overlaps another change by {first.rule} in line {where}"
        line = self._original.line(self.result.backward(match.start))
        self._add_refusal(Refusal(rule.name, line, match.function, reason))

    def _add_refusal(self, refusal: Refusal) -> None:
        # Each arm of a conditional may match, and say the same.
        if refusal not in self._refused:
            self._refused.add(refusal)
            self.result.refusals.append(refusal)

    def _note(self, rule: CodeRule, match: Match, made: Sequence[Edit]) -> None:
        bindings = {
            name: value.key.decode(errors="replace")
            for (_, name), value in match.bindings.items()
            if not value.positions
        }
        text = self._unit.text
        first = min((e.start for e in made), default=match.start)
        self.result.changes.append(
            AppliedMatch(
                rule,
                self._original.line(self.result.backward(first)),
                match.function,
                bindings,
                b" ".join(text[e.start : e.end] for e in made),
                b" ".join(e.text for e in made),
            )
        )

    def _replace(self, edits: Sequence[Edit]) -> None:
        moves = Moves(edits)
        self._written = moves.forward_ranges(self._written) + moves.written()
        self.result.moves.append(moves)
        before, known = self._unit, self._unit.parsed() | self._parsed
        self._parsed = {}
        self._unit = before.changed(apply(before.text, edits), moves.changes(), known)
        self._made.append(self._unit)
        items = self._items = self._items.changed(self._unit, moves.changes())
        options = self._options
        self._types = ExpressionTypes(
            self._unit, self._headers, options.widths, items.symbols, options.given
        )
        self._stretches = Stretches(items, options.macros, self.result.unparsed)

    def _layout(self) -> None:
        edits = self._printing.lay_out(self._unit.text, self._written)
        if self._options.macros:
            even = aligned(self._unit.text, self._written, macro_lines(self._unit))
            edits += [e for e in even if all(e.end <= o.start or o.end <= e.start for o in edits)]
        if edits:
            # What layout moves was not replaced: a use on the line is still where it was.
            self._unit = Unit(self._unit.path, apply(self._unit.text, edits), self._unit.names)
