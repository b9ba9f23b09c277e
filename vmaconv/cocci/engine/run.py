# SPDX-License-Identifier: GPL-2.0-only
"""Running a rule file over one C file.

In: a `Program`, a `Unit` and the headers whose declarations it may use. Out: `FileResult`: the new
text, what was changed by which rule and why, and what was refused. Rules run in order; each sees
the text that the one before it left, once for each distinct environment of what it inherits.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from vmaconv.cocci.engine.environment import (
    Environment,
    distinct,
    group,
    holds,
    inherited,
)
from vmaconv.cocci.engine.exclusive_arms import contradicts
from vmaconv.cocci.engine.fresh import fresh_name
from vmaconv.cocci.engine.matches import (
    continued,
    identity,
    outermost,
    replaced,
    starred,
)
from vmaconv.cocci.engine.program import CodeStep, Program, Prototype
from vmaconv.cocci.engine.split_declarations import ONCE_FOR_SEVERAL, SplitDeclarators
from vmaconv.cocci.engine.stretches import Stretches, wanted
from vmaconv.cocci.engine.useful import useful_steps
from vmaconv.cocci.match.attempt.state import MatchOptions
from vmaconv.cocci.match.attempt.value import BoundValue, text_value
from vmaconv.cocci.match.printed_order import in_printed_order
from vmaconv.cocci.match.search import Index, Match, ReadyPattern
from vmaconv.cocci.rewrite.edit import Edit, Moves, Overlap, Placed, apply, gathered
from vmaconv.cocci.rewrite.kernel_style.generate import Generator
from vmaconv.cocci.rewrite.lines.layout import overlong
from vmaconv.cocci.rewrite.lines.reindent import reindented
from vmaconv.cocci.rewrite.printing import printing
from vmaconv.cocci.rewrite.regions import TextLost
from vmaconv.cocci.smpl.mentions import Name, in_seed
from vmaconv.cocci.smpl.rule import CodeRule, Metavariable, ScriptRule
from vmaconv.cocci.text.word_places import FEW, WordPlaces
from vmaconv.cocci.tree.syntax_check import new_error_in
from vmaconv.cocci.tree.unit import ParsedText, Unit
from vmaconv.cocci.types.expression_types import ExpressionTypes
from vmaconv.cocci.types.symbols import FileSymbols

if TYPE_CHECKING:
    from vmaconv.cocci.engine.script_rules import Scripts


@dataclass(frozen=True, slots=True)
class AppliedMatch:
    """One match that changed the text: where in the original (line from 1), by which rule, with
    what bound.
    """

    rule: CodeRule
    line: int
    function: str
    bindings: Mapping[str, str]
    before: bytes
    after: bytes


@dataclass(frozen=True, slots=True)
class Refusal:
    """A match that was not applied: `line` is from 1, `reason` a sentence."""

    rule: str
    line: int
    function: str
    reason: str


@dataclass(slots=True)
class FileResult:
    """What a run made of one file; `text` is the new text, equal to the old where nothing matched."""

    path: str
    before: bytes
    text: bytes
    changes: list[AppliedMatch] = field(default_factory=list)
    refusals: list[Refusal] = field(default_factory=list)
    moves: list[Moves] = field(default_factory=list)
    starred: list[list[tuple[int, int]]] = field(default_factory=list)
    """For each match of a `*` rule: the bytes that its starred tokens took."""
    unparsed: dict[str, int] = field(default_factory=dict)
    """Functions that rules would have looked at but that do not parse, with the line that they
    begin in.
    """

    def backward(self, offset: int) -> int:
        """Return where the byte at `offset` of the text as it is now was in the old text."""
        for move in reversed(self.moves):
            offset = move.backward(offset)
        return offset

    def forward(self, offset: int) -> int | None:
        """Return where the byte at `offset` of the old text is in the new, or None if it was
        replaced.
        """
        at: int | None = offset
        for move in self.moves:
            if at is None:
                return None
            at = move.forward(at)
        return at


def advanced(
    environments: Sequence[Environment], longer: Mapping[int, Sequence[Environment]]
) -> list[Environment]:
    """Return the environments after a rule: those that it made, or the old one where it made none."""
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
    ) -> None:
        """`scripts` runs the script blocks; without it they are passed over."""
        self._program = program
        self._unit = unit
        self._headers = headers
        if scripts is not None:
            options = replace(options, judging=replace(options.judging, ask=scripts.ask))
        self._options = options
        self._printing = printing(options.tidy, options.as_written, options.keep_comments)
        self._scripts = scripts
        self._types = ExpressionTypes(unit, headers, options.widths)
        self._ever: set[str] = set()
        self._refused: set[Refusal] = set()
        self._original = unit
        self._counts: dict[str, int] = {}
        self._parsed: dict[bytes, ParsedText] = {}
        """What the check of a result has made of chunks as they will be."""
        self._written: list[tuple[int, int]] = []
        self.result = FileResult(unit.path, unit.text, unit.text)
        self._stretches = Stretches(unit, options.macros, self.result.unparsed)

    def run(self) -> FileResult:
        """Run all rules and lay out the lines that they wrote."""
        environments = self.begin()
        for step in useful_steps(self._program, self._unit.text):
            if isinstance(step, CodeStep):
                environments = advanced(environments, self.extend(step, environments))
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

    def _ready(
        self, rule: CodeRule | ScriptRule, environments: Sequence[Environment]
    ) -> list[Environment]:
        """Return the environments in which what a rule depends on holds."""
        path, ever = self._unit.path, self._ever
        if rule.depends is None:
            return list(environments)
        ways = {e.matched for e in environments}
        good = {matched for matched in ways if holds(rule.depends, matched, ever, path)}
        return [e for e in environments if e.matched in good]

    def script(self, rule: ScriptRule, environments: list[Environment]) -> list[Environment]:
        """Run a script block for each environment and return what takes their place."""
        assert self._scripts is not None
        ready = self._ready(rule, environments)
        replaced: dict[int, list[Environment]] = {}
        optional = [(i.rule, i.name) for i in rule.inputs if i.default is not None]
        for _, members in group(ready, inherited(rule), optional):
            replaced.update(self._scripts.run(rule, members))
        left = distinct([new for e in environments for new in replaced.get(id(e), [e])])
        # What needs nothing of earlier rules runs even if scripts dropped all that they found.
        return left or [self._first]

    def extend(
        self, step: CodeStep, environments: Sequence[Environment]
    ) -> dict[int, list[Environment]]:
        """Run a code rule; return by the id of each environment those that its matches make."""
        rule = step.rule
        ready = self._ready(rule, environments)
        longer: dict[int, list[Environment]] = {}
        applied: list[Match] = []
        groups = list(group(ready, step.takes, step.limits, step.spread))
        words = self._stretches.words if len(groups) > FEW else None
        for values, members in groups:
            matches = list(self._matches(rule, step.pattern, values, step.found, words))
            applied += matches
            if matches:
                self._ever.add(rule.name)
            for environment in members:
                fitting = [m for m in matches if not contradicts(m, environment, self._unit)]
                longer[id(environment)] = continued(environment, step, fitting)
        if rule.changes and applied:
            prototypes = self._prototypes(step, applied)
            self._apply(rule, applied, step.prototype, prototypes)
        elif rule.star:
            self.result.starred += [starred(match) for match in applied]
        return longer

    def _matches(
        self,
        rule: CodeRule,
        pattern: ReadyPattern,
        inherited: Mapping[Name, BoundValue],
        needed: Sequence[Name] = (),
        words: WordPlaces | None = None,
    ) -> Iterator[Match]:
        options, unmoved = self._options, not self.result.moves
        text = self._unit.text
        test = wanted(pattern, text, options.reach, inherited, needed, unmoved, words)
        if test is None:
            return
        seen: set[tuple[object, ...]] = set()
        for index in self._stretches.of(pattern, test):
            for match in pattern.find(index, self._types, options, inherited, test.near):
                key = identity(match)
                if key not in seen:
                    seen.add(key)
                    yield self._freshened(rule, match)
            if index.ways.cut:
                self._cut_short(rule, index)

    def _cut_short(self, rule: CodeRule, index: Index) -> None:
        """Say that not all matches of a function were looked at."""
        index.ways.cut = False
        line = self._original.line(self.result.backward(index.item.start))
        reason = (
            f"more than {index.ways.most} ways to match at one place of {index.function}(): "
            "matches beyond were not looked at"
        )
        self._add_refusal(Refusal(rule.name, line, index.function, reason))

    def _freshened(self, rule: CodeRule, match: Match) -> Match:
        """Return a match with the identifiers that the rule makes up.

        Where a nest binds anew what one is made of, so is the name.
        """
        made = [meta for meta in rule.metavariables if meta.kind == "fresh identifier"]
        if not made:
            return match
        bindings, trail = self._named(rule, made, match.bindings), match.trail
        if any(taken.own for taken in trail):
            trail = tuple(
                replace(t, own={**t.own, **self._renamed(rule, made, bindings, t.own)})
                if t.own
                else t
                for t in trail
            )
        return replace(match, bindings=bindings, trail=trail)

    def _named(
        self, rule: CodeRule, made: Sequence[Metavariable], bindings: Mapping[Name, BoundValue]
    ) -> dict[Name, BoundValue]:
        found = dict(bindings)
        for meta in made:
            name = fresh_name(meta, rule, found, self._scripts, self._counts)
            if name is not None:
                found[("", meta.name)] = text_value(name.encode())
        return found

    def _renamed(
        self,
        rule: CodeRule,
        made: Sequence[Metavariable],
        bindings: Mapping[Name, BoundValue],
        own: Mapping[Name, BoundValue],
    ) -> dict[Name, BoundValue]:
        """Return the names that have to be made anew for what `own` says."""
        again = [meta for meta in made if any(name in own for name in in_seed(meta))]
        named = self._named(rule, again, {**bindings, **own})
        return {
            ("", meta.name): named[("", meta.name)] for meta in again if ("", meta.name) in named
        }

    def _prototypes(self, step: CodeStep, matches: Sequence[Match]) -> list[Match]:
        """Return where prototypes of functions stand whose headers the matches change."""
        prototype = step.prototype
        if prototype is None:
            return []
        found: dict[tuple[object, ...], Match] = {}
        for match in matches:
            known = {n: v for n, v in match.bindings.items() if n[1] not in prototype.loose}
            for one in self._matches(prototype.rule, prototype.pattern, known):
                found.setdefault(identity(one), one)
        return list(found.values())

    def _apply(
        self,
        rule: CodeRule,
        matches: list[Match],
        prototype: Prototype | None,
        prototypes: Sequence[Match],
    ) -> None:
        declarators = SplitDeclarators([*matches, *prototypes], self._unit.text)
        ways = self._generators(rule, outermost(matches), prototype, prototypes)
        edits: list[Edit] = []
        placed = Placed()
        generated: list[tuple[Match, list[Edit]]] = []
        kept: list[tuple[Match, list[Edit]]] = []
        for generator, whole in ways:
            if declarators.clashes(whole):
                self._refuse(rule, whole, ONCE_FOR_SEVERAL)
                continue
            match = declarators.fitted(whole)
            try:
                made = generator.edits(match.trail, match.bindings)
            except (TextLost, Overlap) as problem:
                self._refuse(rule, match, problem)
                continue
            if (why := self._guarded(match, made)) is not None:
                self._refuse(rule, match, why)
                continue
            generated.append((match, self._settled(match, made)))
        generated = self._gathered(rule, generated)
        for match, made in declarators.united(generated):
            try:
                placed.add(made)
            except Overlap as overlap:
                self._refuse(rule, match, overlap)
                continue
            edits += made
            kept.append((match, made))
        edits, kept = self._checked(rule, kept)
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

    def _gathered(
        self, rule: CodeRule, generated: list[tuple[Match, list[Edit]]]
    ) -> list[tuple[Match, list[Edit]]]:
        """Return matches with their edits, code that `++` adds at one place put together."""
        if not any(block.many for block in rule.plus):
            return generated
        made = {id(match): edits for match, edits in generated}
        order = in_printed_order([match for match, _ in generated])
        rows = gathered([made[id(match)] for match in order], self._unit.text)
        united = {id(match): row for match, row in zip(order, rows, strict=True)}
        return [(match, united[id(match)]) for match, _ in generated if united[id(match)]]

    def _guarded(self, match: Match, made: Sequence[Edit]) -> str | None:
        """Return why an expression must not become what the edits make of it, or None."""
        guard = self._options.guard
        if guard is None:
            return None
        for edit in made:
            node = replaced(match, edit) if edit.text.strip() else None
            if node is not None:
                why = guard.refusal(node, edit.text, self._types)
                if why is not None:
                    return why
        return None

    def _settled(self, match: Match, made: list[Edit]) -> list[Edit]:
        """Return the edits with those widened whose surroundings say nothing any more."""
        guard = self._options.guard
        if guard is None:
            return made
        wide: list[Edit] = []
        for edit in made:
            node = replaced(match, edit) if edit.text.strip() else None
            found = guard.settled(node, edit.text, self._types) if node is not None else None
            if found is not None:
                whole, text = found
                edit = replace(edit, start=whole.start, end=whole.end, text=text)
            wide.append(edit)
        return wide

    def _generators(
        self,
        rule: CodeRule,
        matches: Sequence[Match],
        prototype: Prototype | None,
        prototypes: Sequence[Match],
    ) -> Iterator[tuple[Generator, Match]]:
        """Yield the matches, each with what makes its edits."""
        own = self._printing.generator(rule, self._unit.text)
        for match in matches:
            yield own, match
        if prototype is not None and prototypes:
            other = self._printing.generator(prototype.rule, self._unit.text)
            for match in prototypes:
                yield other, match

    def _checked(
        self, rule: CodeRule, kept: list[tuple[Match, list[Edit]]]
    ) -> tuple[list[Edit], list[tuple[Match, list[Edit]]]]:
        """Drop the edits of each chunk that would no longer parse."""
        good: list[tuple[Match, list[Edit]]] = []
        by_chunk: dict[int, list[tuple[Match, list[Edit]]]] = {}
        for match, made in kept:
            chunk = self._unit.chunk_at(made[0].start if made else match.start)
            by_chunk.setdefault(chunk.start, []).append((match, made))
        for start, members in by_chunk.items():
            chunk = self._unit.chunk_at(start)
            local = [
                replace(e, start=e.start - start, end=e.end - start)
                for _, made in members
                for e in made
            ]
            new = apply(chunk.text, local)
            changed = Unit(self._unit.path, new, self._unit.names)
            broken = new_error_in(changed, [chunk])
            self._parsed |= changed.parsed()
            if broken is not None:
                for match, _ in members:
                    self._refuse(rule, match, None)
            else:
                good += members
        return [edit for _, made in good for edit in made], good

    def _refuse(
        self, rule: CodeRule, match: Match, problem: Overlap | TextLost | str | None
    ) -> None:
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
        self._unit = Unit(before.path, apply(before.text, edits), before.names, known)
        self._types = ExpressionTypes(self._unit, self._headers, self._options.widths)
        self._stretches = Stretches(self._unit, self._options.macros, self.result.unparsed)

    def _layout(self) -> None:
        edits = self._printing.lay_out(self._unit.text, self._written)
        if edits:
            # What layout moves was not replaced: a use on the line is still where it was.
            self._unit = Unit(self._unit.path, apply(self._unit.text, edits), self._unit.names)
