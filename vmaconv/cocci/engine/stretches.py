# SPDX-License-Identifier: GPL-2.0-only
"""The parts of a file that a rule is matched against.

In: a unit, a step and what the step inherits. Out: the `Index`es of the top-level items and
preprocessor lines in which the step may match at all, in source order. Each is made once for a unit
and kept, since a rule is looked for once for each environment.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING

from msgspec import Struct

from vmaconv.cocci.match.attempt.value import BoundValue
from vmaconv.cocci.match.code.directives import line_of
from vmaconv.cocci.match.declaration.attributes import leading
from vmaconv.cocci.match.item_index import Index
from vmaconv.cocci.match.prefilter.required import Clause, may_match, soonest
from vmaconv.cocci.match.search import ReadyPattern
from vmaconv.cocci.smpl.mentions import Name
from vmaconv.cocci.text.c_lexer import Directive
from vmaconv.cocci.text.chunks import Change
from vmaconv.cocci.text.held_words import HeldWords, is_wide
from vmaconv.cocci.text.word_places import WordPlaces, words_of
from vmaconv.cocci.tree.unit import Chunk, Unit
from vmaconv.cocci.types.symbols import FileSymbols

if TYPE_CHECKING:
    from vmaconv.cocci.match.prefilter.code_need import CodeNeed
    from vmaconv.cocci.text.code_branches import CodeBranches


class Wanted(Struct, frozen=True):
    """Which stretches are to be looked at: those that hold a word of each clause and, of each of
    `near` and `beside`, one of its offsets. That of `near` is in the code of a match, that of
    `beside` anywhere in the function or line.
    """

    text: bytes
    clauses: Sequence[Clause]
    near: Sequence[Sequence[int]]
    beside: Sequence[Sequence[int]] = ()
    need: CodeNeed | None = None
    """What else a match needs in a function or line that is looked at."""
    served: Sequence[ReadyPattern] = ()
    """Patterns of which one has to match there in a way that is of use, if any are given."""

    @property
    def places(self) -> Sequence[Sequence[int]]:
        """Offsets, of each of which a stretch has to hold one."""
        return [*self.near, *self.beside]

    def holds(self, start: int, end: int) -> bool:
        """Whether the stretch from a byte to a byte of the file is to be looked at."""
        for places in self.places:
            at = bisect_left(places, start)
            if at == len(places) or places[at] > end:
                return False
        return may_match(self.clauses, self.text, start, end)

    def candidates(self, starts: Sequence[int]) -> Sequence[int]:
        """Return which of the stretches that begin at `starts` may be wanted, by number."""
        if not self.places:
            return range(len(starts))
        found: set[int] = set()
        for place in min(self.places, key=len):
            number = bisect_right(starts, place) - 1
            # A place at the very end of a stretch is in the next one, too.
            found.update(n for n in (number - 1, number) if n >= 0)
        return sorted(found)


def wanted(
    pattern: ReadyPattern,
    text: bytes,
    reach: Clause,
    inherited: Mapping[Name, BoundValue],
    needed: Sequence[Name],
    unmoved: bool,
    words: WordPlaces | None = None,
    added: Iterable[Callable[[bytes], Clause]] = (),
    held: HeldWords | None = None,
) -> Wanted | None:
    """Return the test of a stretch, or None where the file as a whole fails it.

    `needed` are the metavariables whose inherited values each match has in its code: their words
    have to be there; `words` says where, if many are asked for. Positions narrow, too, as long as
    the text is `unmoved` since they were bound. `added` gives further clauses for the text, which take
    longer to find; an empty one holds nowhere. `held` keeps what the text was asked for.
    """
    clauses = set(pattern.clauses)
    if reach and not pattern.is_only_line:
        clauses.add(reach)
    near: list[Sequence[int]] = []
    for name in needed:
        value = inherited.get(name)
        if value is None:
            continue
        if value.positions:
            if unmoved:
                near.append(sorted(place.offset for place in value.positions))
        elif words is not None:
            near += map(words.of, words_of(value.key))
        else:
            clauses.update(frozenset({word}) for word in words_of(value.key))
    if not all(near):
        return None
    ordered = sorted(clauses, key=soonest)
    # Wide clauses hold in most files that are looked at: they are asked of chunks alone.
    narrow = [clause for clause in ordered if not is_wide(clause)]
    held = held if held is not None else HeldWords(text, list)
    if words is None and not held.in_text(narrow):
        return None
    further = [find(text) for find in added]
    if not all(further):
        return None
    return Wanted(text, [*further, *ordered], near, need=pattern.code_need)


class UnitItems:
    """The top-level items and lines of one unit, with what searches in them have found.

    Rule files that run over the same text share them, as long as all of these live.
    """

    def __init__(self, unit: Unit) -> None:
        self.unit = unit
        self.symbols = FileSymbols(unit)
        self._items: dict[int, list[Index]] = {}
        self._lines: dict[int, Index | None] = {}
        self._words: WordPlaces | None = None
        self._held: HeldWords | None = None
        self._held_by_lines: HeldWords | None = None
        self._pointer_ends: list[int] | None = None
        self._branches: dict[int, CodeBranches | None] = {}
        self._needs: dict[tuple[int, int], bool] = {}

    def changed(self, unit: Unit, changes: Sequence[Change]) -> UnitItems:
        """Return the items of what the unit became; `changes` are in order."""
        made = UnitItems(unit)
        if self._held is not None:
            made._held = self._held.changed(unit.text, lambda: unit.chunk_starts, changes)
        return made

    @property
    def words(self) -> WordPlaces:
        """Where the words of the unit stand."""
        if self._words is None:
            self._words = WordPlaces(self.unit.text, 0, len(self.unit.text))
        return self._words

    @property
    def held(self) -> HeldWords:
        """Which chunks hold which words."""
        if self._held is None:
            unit = self.unit
            self._held = HeldWords(unit.text, lambda: unit.chunk_starts)
        return self._held

    @property
    def held_by_lines(self) -> HeldWords:
        """Which words the preprocessor lines hold: all of them in one text."""
        if self._held_by_lines is None:
            text = self.unit.text
            lines = [text[line.start : line.end] for line in self.unit.directives]
            self._held_by_lines = HeldWords(b"\n".join(lines), list)
        return self._held_by_lines

    @property
    def pointer_ends(self) -> list[int]:
        """Where types in parentheses may end in a `*`."""
        if self._pointer_ends is None:
            # Most rule files cast to no pointer.
            from vmaconv.cocci.shim.pointer_ends import pointer_ends

            self._pointer_ends = pointer_ends(self.unit.text, self.unit.names)
        return self._pointer_ends

    def may_meet(self, need: CodeNeed, chunk: Chunk) -> bool:
        """Whether a chunk, as its text has it, may have what is needed.

        Who asks keeps `need` as long as the items are asked: answers are kept by which one it is.
        """
        key = (id(need), chunk.start)
        found = self._needs.get(key)
        if found is None:
            from vmaconv.cocci.match.prefilter.code_need import may_be_met

            branches = self._branches_of(chunk)
            found = self._needs[key] = branches is None or may_be_met(need, branches)
        return found

    def _branches_of(self, chunk: Chunk) -> CodeBranches | None:
        if chunk.start not in self._branches:
            # Most rule files ask for none.
            from vmaconv.cocci.text.code_branches import branches_of

            found = branches_of(self.unit.text, chunk.start, chunk.end)
            self._branches[chunk.start] = found
        return self._branches[chunk.start]

    def of_chunk(self, chunk: Chunk) -> list[Index]:
        """Return the items of a chunk."""
        found = self._items.get(chunk.start)
        if found is None:
            found = self._items[chunk.start] = [
                Index(item, self.unit, _is_broken(item.start, item.end, chunk))
                for item in chunk.items()
            ]
        return found

    def line(self, directive: Directive) -> Index | None:
        """Return a preprocessor line, or None for one that patterns do not have."""
        start = directive.start
        if start not in self._lines:
            line = line_of(directive, self.unit)
            self._lines[start] = Index(line, self.unit) if line is not None else None
        return self._lines[start]


class Stretches:
    """What a rule file is looked for in; `macros` asks for the bodies of macros as well.

    `unparsed` is told of functions that do not parse, with the line that they begin in.
    """

    def __init__(self, items: UnitItems, macros: bool, unparsed: dict[str, int]) -> None:
        self._items = items
        self._unit = items.unit
        self._macros = macros
        self._unparsed = unparsed

    @property
    def words(self) -> WordPlaces:
        """Where the words of the unit stand."""
        return self._items.words

    @property
    def held(self) -> HeldWords:
        """Which chunks of the unit hold which words."""
        return self._items.held

    def of(self, pattern: ReadyPattern, test: Wanted) -> Iterator[Index]:
        """Yield what a pattern is to be looked for in: items that parse, and lines."""
        if pattern.is_only_line:
            yield from self._of_lines(test)
            return
        functions = pattern.only_in_functions
        lines = pattern.is_line or (self._macros and not functions)
        waiting = self._of_lines(test)[::-1] if lines else []
        chunks = self._unit.chunks
        # What a wide clause says of a stretch is kept for the next rule.
        wide = [clause for clause in test.clauses if is_wide(clause)]
        rest = [clause for clause in test.clauses if not is_wide(clause)]
        narrow = Wanted(test.text, rest, test.near, test.beside)
        for number in self._candidates(test):
            chunk = chunks[number]
            while waiting and waiting[-1].item.start < chunk.start:
                yield waiting.pop()
            for index in self._items.of_chunk(chunk):
                start, end = index.item.start, index.item.end
                if chunk.attributes:
                    # The tree has `int f(void)` of `__cold int f(void)`.
                    start = next((n.start for n in leading(self._unit, start)), start)
                if not narrow.holds(start, end):
                    continue
                if not all(self._items.held.within(clause, start, end) for clause in wide):
                    continue
                if index.broken:
                    # Half a function may hide what would forbid the change.
                    line = self._unit.line(index.item.start)
                    self._unparsed.setdefault(index.function, line)
                    continue
                if functions and index.item.kind != "function_definition":
                    continue
                while waiting and waiting[-1].item.start < index.item.start:
                    yield waiting.pop()
                yield index
        yield from reversed(waiting)

    def _candidates(self, test: Wanted) -> Sequence[int]:
        """Return by number the chunks that are to be looked at."""
        chunks = self._unit.chunks
        numbers: Sequence[int]
        if test.places:
            numbers = test.candidates(self._unit.chunk_starts)
            numbers = [n for n in numbers if test.holds(chunks[n].start, chunks[n].end)]
        else:
            numbers = self._items.held.holding(test.clauses)
        if test.served:
            numbers = [n for n in numbers if self._may_serve(test.served, chunks[n])]
        need = test.need
        if need is None:
            return numbers
        return [n for n in numbers if self._items.may_meet(need, chunks[n])]

    def _may_serve(self, served: Sequence[ReadyPattern], chunk: Chunk) -> bool:
        """Whether one of some patterns may match in a chunk in a way that is of use."""
        held, start, end = self._items.held, chunk.start, chunk.end
        for pattern in served:
            if all(held.within(clause, start, end) for clause in pattern.clauses):
                need = pattern.need_of_use
                if need is None or self._items.may_meet(need, chunk):
                    return True
        return False

    def _of_lines(self, test: Wanted) -> list[Index]:
        found: list[Index] = []
        directives = self._unit.directives
        if not directives or not self._items.held_by_lines.in_text(test.clauses):
            return found
        for number in test.candidates(self._unit.directive_starts):
            directive = directives[number]
            if not test.holds(directive.start, directive.end):
                continue
            index = self._items.line(directive)
            if index is not None:
                found.append(index)
        return found


def _is_broken(start: int, end: int, chunk: Chunk) -> bool:
    return any(e.start < end and start <= e.end for e in chunk.errors)
