# SPDX-License-Identifier: GPL-2.0-only
"""What a rule is looked for in.

In: a unit, a step and what the step inherits. Out: the `Index`es of the top-level items and
preprocessor lines in which the step may match at all, in source order. Each is made once for a unit
and kept, since a rule is looked for once for each environment.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from vmaconv.cocci.match.attempt.value import Value
from vmaconv.cocci.match.code.directives import line_of
from vmaconv.cocci.match.prefilter.required import Clause, may_match
from vmaconv.cocci.match.search import Index, Pattern
from vmaconv.cocci.smpl.mentions import Name
from vmaconv.cocci.tree.unit import Chunk, Unit

Wanted = Callable[[int, int], bool]
"""Whether a stretch, from a byte to a byte of the file, is to be looked at."""


def wanted(
    pattern: Pattern,
    text: bytes,
    reach: Clause,
    inherited: Mapping[Name, Value],
    needed: Sequence[Name],
    unmoved: bool,
) -> Wanted | None:
    """Return the test of a stretch, or None where the file as a whole fails it.

    `needed` are the metavariables whose inherited values each match has in its code: their words
    have to be there. Positions narrow, too, as long as the text is `unmoved` since they were bound.
    """
    clauses = set(pattern.clauses)
    if reach:
        clauses.add(reach)
    offsets: list[list[int]] = []
    for name in needed:
        value = inherited.get(name)
        if value is None:
            continue
        if value.positions:
            if unmoved:
                offsets.append([place.offset for place in value.positions])
        else:
            clauses.update(frozenset({word}) for word in _words(value.key))
    # The clause that fails soonest first: long words are rare.
    ordered = sorted(clauses, key=lambda c: (len(c), -min(map(len, c)), sorted(c)))
    whole = frozenset(ordered)
    if not may_match(whole, text, 0, len(text)):
        return None

    def test(start: int, end: int) -> bool:
        for places in offsets:
            if not any(start <= place <= end for place in places):
                return False
        return may_match(ordered, text, start, end)

    return test


def _words(key: bytes) -> list[bytes]:
    return [word for word in key.split() if word[:1].isalpha() or word[:1] == b"_"]


class Stretches:
    """The top-level items and lines of one unit; `macros` asks for the bodies of macros as well.

    `unparsed` is told of functions that do not parse, with the line that they begin in.
    """

    def __init__(self, unit: Unit, macros: bool, unparsed: dict[str, int]) -> None:
        self._unit = unit
        self._macros = macros
        self._items: dict[int, list[Index]] = {}
        self._lines: dict[int, Index | None] = {}
        self._unparsed = unparsed

    def of(self, pattern: Pattern, test: Wanted) -> Iterator[Index]:
        """Yield what a pattern is to be looked for in: items that parse, and lines."""
        waiting = self._of_lines(test)[::-1] if pattern.is_line or self._macros else []
        for chunk in self._unit.chunks:
            while waiting and waiting[-1].item.start < chunk.start:
                yield waiting.pop()
            if not test(chunk.start, chunk.end):
                continue
            for index in self._of_chunk(chunk):
                if not test(index.item.start, index.item.end):
                    continue
                if index.broken:
                    # Half a function may hide what would forbid the change.
                    line = self._unit.line(index.item.start)
                    self._unparsed.setdefault(index.function, line)
                    continue
                while waiting and waiting[-1].item.start < index.item.start:
                    yield waiting.pop()
                yield index
        yield from reversed(waiting)

    def _of_chunk(self, chunk: Chunk) -> list[Index]:
        found = self._items.get(chunk.start)
        if found is None:
            found = self._items[chunk.start] = [
                Index(item, self._unit, _is_broken(item.start, item.end, chunk))
                for item in chunk.items()
            ]
        return found

    def _of_lines(self, test: Wanted) -> list[Index]:
        found: list[Index] = []
        for directive in self._unit.directives:
            start = directive.start
            if not test(start, directive.end):
                continue
            if start not in self._lines:
                line = line_of(directive, self._unit)
                self._lines[start] = Index(line, self._unit) if line is not None else None
            index = self._lines[start]
            if index is not None:
                found.append(index)
        return found


def _is_broken(start: int, end: int, chunk: Chunk) -> bool:
    return any(e.start < end and start <= e.end for e in chunk.errors)
