"""Running a rule file over one C file.

In: a `Program`, a `Unit` and the headers whose declarations it may use. Out: `Result`: the new
text, what was changed by which rule and why, and what was refused. Rules run in order; each sees
the text that the one before it left, once for each distinct environment of what it inherits.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from vmaconv.engine.declarators import Declarators
from vmaconv.engine.environment import (
    Environment,
    distinct,
    group,
    holds,
    inherited,
)
from vmaconv.engine.fresh import fresh_name
from vmaconv.engine.program import Program, Prototype, Step
from vmaconv.engine.scripts import Scripts
from vmaconv.match.directives import lines
from vmaconv.match.required import may_match
from vmaconv.match.search import Index, Match, Pattern, items_of
from vmaconv.match.state import Options
from vmaconv.match.value import Name, Value, text_value
from vmaconv.rewrite.edit import Edit, Moves, Overlap, Placed, apply
from vmaconv.rewrite.generate import Generator
from vmaconv.rewrite.layout import wrap
from vmaconv.rewrite.regions import TextLost
from vmaconv.smpl.rule import CodeRule, Mark, ScriptRule
from vmaconv.source.tree import Node
from vmaconv.source.types import FileSymbols, Types
from vmaconv.source.unit import Unit


@dataclass(frozen=True, slots=True)
class Change:
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
class Result:
    """What a run made of one file; `text` is the new text, equal to the old where nothing matched."""

    path: str
    before: bytes
    text: bytes
    changes: list[Change] = field(default_factory=list)
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


class Runner:
    """Runs a program over one file."""

    def __init__(
        self,
        program: Program,
        unit: Unit,
        headers: Sequence[FileSymbols],
        options: Options,
        scripts: Scripts | None = None,
    ) -> None:
        """`scripts` runs the script blocks; without it they are passed over."""
        self._program = program
        self._unit = unit
        self._headers = headers
        if scripts is not None:
            options = replace(options, judging=replace(options.judging, ask=scripts.ask))
        self._options = options
        self._scripts = scripts
        self._types = Types(unit, headers)
        self._ever: set[str] = set()
        self._original = unit
        self._counts: dict[str, int] = {}
        self._written: list[tuple[int, int]] = []
        self.result = Result(unit.path, unit.text, unit.text)

    def run(self) -> Result:
        """Run all rules and lay out the lines that they wrote."""
        words = {
            ("virtual", name): text_value(v.encode()) for name, v in self._program.words.items()
        }
        self._first = Environment(words, self._program.virtual)
        environments = [self._first]
        for step in self._program.steps:
            if isinstance(step, Step):
                environments = self._step(step, environments)
            elif step.phase == "script" and self._scripts is not None:
                environments = self._script(step, environments)
                if self._scripts.stopped:
                    break
        self._layout()
        self.result.text = self._unit.text
        return self.result

    def _ready(
        self, rule: CodeRule | ScriptRule, environments: Sequence[Environment]
    ) -> list[Environment]:
        """Return the environments in which what a rule depends on holds."""
        path, ever = self._unit.path, self._ever
        return [e for e in environments if holds(rule.depends, e.matched, ever, path)]

    def _script(self, rule: ScriptRule, environments: list[Environment]) -> list[Environment]:
        assert self._scripts is not None
        ready = self._ready(rule, environments)
        replaced: dict[int, list[Environment]] = {}
        for _, members in group(ready, inherited(rule)):
            replaced.update(self._scripts.run(rule, members))
        left = distinct([new for e in environments for new in replaced.get(id(e), [e])])
        # What needs nothing of earlier rules runs even if scripts dropped all that they found.
        return left or [self._first]

    def _step(self, step: Step, environments: list[Environment]) -> list[Environment]:
        rule = step.rule
        ready = self._ready(rule, environments)
        extended: dict[int, list[Environment]] = {}
        applied: list[Match] = []
        for values, members in group(ready, step.takes, step.limits, step.spread):
            matches = list(self._matches(rule, step.pattern, values))
            applied += matches
            if matches:
                self._ever.add(rule.name)
            for environment in members:
                extended[id(environment)] = [
                    _extended(environment, rule.name, match, step.asked) for match in matches
                ]
        if rule.changes:
            prototypes = self._prototypes(step, applied)
            self._apply(rule, applied, step.prototype, prototypes)
        elif rule.star:
            self.result.starred += [_starred(match) for match in applied]
        return distinct([new for e in environments for new in extended.get(id(e)) or [e]])

    def _matches(
        self, rule: CodeRule, pattern: Pattern, inherited: Mapping[Name, Value]
    ) -> Iterator[Match]:
        text = self._unit.text
        if not may_match(pattern.clauses, text, 0, len(text)):
            return

        reach = self._options.reach
        clauses = pattern.clauses | {reach} if reach else pattern.clauses

        def wanted(start: int, end: int) -> bool:
            return may_match(clauses, text, start, end)

        seen: set[tuple[object, ...]] = set()
        for index in self._indexes(pattern, wanted):
            for match in pattern.find(index, self._types, self._options, inherited):
                key = _identity(match)
                if key not in seen:
                    seen.add(key)
                    yield self._freshened(rule, match)

    def _freshened(self, rule: CodeRule, match: Match) -> Match:
        """Return a match with the identifiers that the rule makes up."""
        made = [meta for meta in rule.metavariables if meta.kind == "fresh identifier"]
        if not made:
            return match
        bindings = dict(match.bindings)
        for meta in made:
            name = fresh_name(meta, rule, bindings, self._scripts, self._counts)
            if name is not None:
                bindings[("", meta.name)] = text_value(name.encode())
        return replace(match, bindings=bindings)

    def _indexes(self, pattern: Pattern, wanted: Callable[[int, int], bool]) -> Iterator[Index]:
        """Yield what a pattern is to be looked for in: top-level items that parse, and lines."""
        unit = self._unit
        waiting: list[Node] = []
        if pattern.is_line or self._options.macros:
            waiting = list(lines(unit, wanted))[::-1]
        for chunk in unit.chunks:
            while waiting and waiting[-1].start < chunk.start:
                yield Index(waiting.pop(), unit)
            if not wanted(chunk.start, chunk.end):
                continue
            for index in items_of(chunk, wanted):
                if any(
                    e.start < index.item.end and index.item.start <= e.end for e in chunk.errors
                ):
                    # Half a function may hide what would forbid the change.
                    self.result.unparsed.setdefault(index.function, unit.line(index.item.start))
                    continue
                while waiting and waiting[-1].start < index.item.start:
                    yield Index(waiting.pop(), unit)
                yield index
        for line in reversed(waiting):
            yield Index(line, unit)

    def _prototypes(self, step: Step, matches: Sequence[Match]) -> list[Match]:
        """Return where prototypes of functions stand whose headers the matches change."""
        prototype = step.prototype
        if prototype is None:
            return []
        found: dict[tuple[object, ...], Match] = {}
        for match in matches:
            known = {n: v for n, v in match.bindings.items() if n[1] not in prototype.loose}
            for one in self._matches(prototype.rule, prototype.pattern, known):
                found.setdefault(_identity(one), one)
        return list(found.values())

    def _apply(
        self,
        rule: CodeRule,
        matches: list[Match],
        prototype: Prototype | None,
        prototypes: Sequence[Match],
    ) -> None:
        declarators = Declarators([*matches, *prototypes], self._unit.text)
        ways = self._generators(rule, outermost(matches), prototype, prototypes)
        edits: list[Edit] = []
        placed = Placed()
        generated: list[tuple[Match, list[Edit]]] = []
        kept: list[tuple[Match, list[Edit]]] = []
        for generator, whole in ways:
            match = declarators.fitted(whole)
            try:
                made = generator.edits(match.trail, match.bindings)
            except TextLost as problem:
                self._refuse(rule, match, problem)
                continue
            generated.append((match, made))
        for match, made in declarators.united(generated):
            try:
                placed.add(made)
            except Overlap as problem:
                self._refuse(rule, match, problem)
                continue
            edits += made
            kept.append((match, made))
        edits, kept = self._checked(rule, kept)
        if not edits:
            return
        for match, made in kept:
            self._note(rule, match, made)
        self._replace(edits)

    def _generators(
        self,
        rule: CodeRule,
        matches: Sequence[Match],
        prototype: Prototype | None,
        prototypes: Sequence[Match],
    ) -> Iterator[tuple[Generator, Match]]:
        """Yield the matches, each with what makes its edits."""
        own = Generator(rule, self._unit.text, self._options.tidy)
        for match in matches:
            yield own, match
        if prototype is not None and prototypes:
            other = Generator(prototype.rule, self._unit.text, self._options.tidy)
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
                Edit(e.start - start, e.end - start, e.text, e.rule)
                for _, made in members
                for e in made
            ]
            new = apply(self._unit.text[chunk.start : chunk.end], local)
            after = Unit(self._unit.path, new, self._unit.names)
            if sum(len(c.errors) for c in after.chunks) > len(chunk.errors):
                for match, _ in members:
                    self._refuse(rule, match, None)
            else:
                good += members
        return [edit for _, made in good for edit in made], good

    def _refuse(self, rule: CodeRule, match: Match, problem: Overlap | TextLost | None) -> None:
        match problem:
            case None:
                reason = "the result would not parse"
            case TextLost():
                reason = str(problem)
            case Overlap(first=first):
                where = self._unit.line(first.start)
                reason = f"overlaps another change by {first.rule} in line {where}"
        line = self._original.line(self.result.backward(match.start))
        refusal = Refusal(rule.name, line, match.function, reason)
        # Each arm of a conditional may match, and say the same.
        if refusal not in self.result.refusals:
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
            Change(
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
        moved = []
        for start, end in self._written:
            new_start, new_end = moves.forward(start), moves.forward(end)
            if new_start is not None and new_end is not None:
                moved.append((new_start, new_end))
        self._written = moved + moves.written()
        self.result.moves.append(moves)
        self._unit = Unit(self._unit.path, apply(self._unit.text, edits), self._unit.names)
        self._types = Types(self._unit, self._headers)

    def _layout(self) -> None:
        edits = wrap(self._unit.text, self._written)
        if edits:
            # What layout moves was not replaced: a use on the line is still where it was.
            self._unit = Unit(self._unit.path, apply(self._unit.text, edits), self._unit.names)


def _identity(match: Match) -> tuple[object, ...]:
    return (
        tuple((id(t.token), t.start, t.end) for t in match.trail),
        tuple(sorted((name, value.key) for name, value in match.bindings.items())),
    )


def outermost(matches: Sequence[Match]) -> list[Match]:
    """Drop a match that lies inside another and binds no more than that.

    `!(x & F)` and the `(x & F)` in it may both match a rule, by way of isomorphisms; the outer one
    says all.
    """
    kept: list[Match] = []
    near: list[Match] = []
    for match in sorted(matches, key=lambda m: (m.start, -m.end)):
        near = [outer for outer in near if outer.end > match.start]
        if not any(
            match.end <= outer.end
            and (outer.start, outer.end) != (match.start, match.end)
            and _binds_no_more(match, outer)
            for outer in near
        ):
            kept.append(match)
            near.append(match)
    return kept


def _binds_no_more(inner: Match, outer: Match) -> bool:
    """Whether `inner` binds nothing that `outer` does not bind alike."""

    def plain(match: Match) -> dict[Name, bytes]:
        return {n: v.key for n, v in match.bindings.items() if not v.positions}

    return plain(inner).items() <= plain(outer).items()


def _extended(
    environment: Environment, rule: str, match: Match, wanted: Collection[Name]
) -> Environment:
    """Return an environment with what a match bound, as far as a later rule asks for it."""
    exported = {
        (rule, name): _outliving(value)
        for (owner, name), value in match.bindings.items()
        if not owner and (rule, name) in wanted
    }
    return Environment({**environment.bindings, **exported}, environment.matched | {rule})


def _outliving(value: Value) -> Value:
    """Return a value without what only holds in the text that it was found in."""
    return replace(value, identity=b"") if value.identity else value


def _starred(match: Match) -> list[tuple[int, int]]:
    return [(t.start, t.end) for t in match.trail if t.token.mark is Mark.STAR and not t.alias]
