# SPDX-License-Identifier: GPL-2.0-only
"""Lines that a change puts in a block, or takes out of one, moved to where they belong.

In: a file before and after a rule's edits. Out: edits of the new text that change blanks at the
beginning of lines only. What stood before keeps its distance from where its nesting would have it:
`if (x)` taken away, its body goes a step to the left. What the rule wrote into a block that is new
stands where its owner says; other lines that it wrote are left where they were put.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable, Iterator

from msgspec import Struct, field

from vmaconv.cocci.rewrite.edit import Edit, Moves
from vmaconv.cocci.rewrite.lines.indent import Style, style_of
from vmaconv.cocci.rewrite.lines.layout import width
from vmaconv.cocci.rewrite.lines.nesting import Nested, nested
from vmaconv.cocci.rewrite.lines.realign import realigned
from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.tree.unit import Chunk, Unit

_NESTS = late_regex(rb"[{}]|\b(?:if|else|for|while|do|switch|case|default)\b|for_?each")
_LABEL = late_regex(rb"[A-Za-z_]\w*[ \t]*:(?!:)")
_BLANKS = late_regex(rb"[ \t]*")


def reindented(before: Unit, after: Unit, edits: Iterable[Edit]) -> list[Edit]:
    """Return edits of `after`, which `edits` made of `before`, that move lines."""
    edits = list(edits)
    moves = Moves(edits)
    written = moves.written()
    nests = any(_NESTS.search(e.text) or _NESTS.search(before.text, e.start, e.end) for e in edits)
    if not nests and not any(_goes_on(after.text, end) for _, end in written):
        return []
    style = style_of(before.text)
    out: list[Edit] = []
    seen = -1
    for start, _ in written:
        chunk = after.chunk_at(min(start, max(len(after.text) - 1, 0)))
        if chunk.start <= seen:
            continue
        seen = chunk.start
        old = _Old(before, moves, written)
        out += _Lines(chunk, old, style).edits(nests)
    return out


def _goes_on(text: bytes, at: int) -> bool:
    """Whether the line around `at` does not end a statement: what it holds goes on below."""
    end = text.find(b"\n", at)
    line = text[at : end if end >= 0 else len(text)].rstrip()
    last = line[-1:] or text[:at].rstrip()[-1:]
    return last not in (b";", b"{", b"}", b":")


class _Old:
    """What was where in the text before."""

    def __init__(self, unit: Unit, moves: Moves, written: list[tuple[int, int]]) -> None:
        self.unit = unit
        self._moves = moves
        self._written = [(a, b) for a, b in written if a < b]
        self._starts = [a for a, _ in self._written]
        self._nested: dict[int, dict[int, Nested]] = {}

    def offset(self, at: int) -> int | None:
        """Return where the byte at `at` of the new text was, or None if it was written."""
        index = bisect_right(self._starts, at) - 1
        if index >= 0 and at < self._written[index][1]:
            return None
        return self._moves.backward(at)

    def start_of(self, chunk: Chunk) -> int:
        """Return where the old text begins that a chunk of the new one comes from."""
        return self._moves.backward(chunk.start)

    def nested(self, offset: int) -> Nested | None:
        """Return how what began at an old offset was nested."""
        chunk = self.unit.chunk_at(offset)
        found = self._nested.get(chunk.start)
        if found is None:
            found = self._nested[chunk.start] = _by_start(chunk)
        return found.get(offset)

    def left_at(self, one: Nested, depth: int) -> int | None:
        """Return the column of what stood around `one` with that depth, if it began a line."""
        around: Nested | None = one
        while around is not None and around.depth > depth and around.owner != around.start:
            around = self.nested(around.owner)
        return self.column(around.start) if around is not None and around is not one else None

    def column(self, offset: int) -> int | None:
        """Return the column of what begins its line at an old offset, or None."""
        return _column(self.unit.text, offset)


def _by_start(chunk: Chunk) -> dict[int, Nested]:
    found: dict[int, Nested] = {}
    for item in chunk.items():
        for one in nested(item, chunk.unit.text):
            found.setdefault(one.start, one)
    return found


def _column(text: bytes, offset: int) -> int | None:
    """Return the column of the token at `offset`, if nothing but blanks stands before it."""
    lead = text[text.rfind(b"\n", 0, offset) + 1 : offset]
    return None if lead.strip(b" \t") else width(lead)


class _Lines(Struct):
    """The lines of a chunk of the new text, one after another."""

    chunk: Chunk
    old: _Old
    style: Style
    _columns: dict[int, tuple[int, bool]] = field(default_factory=dict)
    """For what begins a line: its column, and whether the rule wrote or moved it."""
    _owners: dict[int, Nested] = field(default_factory=dict)
    _aligned: dict[int, int] = field(default_factory=dict)
    """Where lines go that stand behind a parenthesis."""

    def edits(self, nests: bool) -> list[Edit]:
        """Return the edits of blanks; `nests` says that blocks may have come or gone."""
        text = self.chunk.unit.text
        start = self.old.start_of(self.chunk)
        before = self.old.unit.chunk_at(start)
        self._aligned = realigned(
            self.old.unit.text,
            text,
            ((before.start, before.end), (self.chunk.start, self.chunk.end)),
            self.old.offset,
        )
        found = _by_start(self.chunk) if nests else {}
        self._owners = found
        shifts: dict[int, int] = {}
        for start in sorted(found):
            here = _column(text, start)
            column = self._place(found[start], here)
            if here is not None:
                shifts[start] = column - here
        if not any(shifts.values()) and not self._aligned:
            return []
        return list(self._moved(found, shifts))

    def _place(self, one: Nested, here: int | None) -> int:
        """Return the column where a token belongs, and note it."""
        before = self.old.offset(one.start)
        was = self.old.nested(before) if before is not None else None
        owner, owner_changed = self._columns.get(one.owner, (None, False))
        if here is None:
            # It stands behind something on its line, whose column is what those in it go by.
            line = self._line_of(one.start)
            column, changed = self._columns.get(line, (0, False))
            self._columns[one.start] = (column, changed or was is None)
            return column
        column, changed = here, was is None
        old = self.old.column(before) if before is not None else None
        if was is not None and old is not None:
            steps = one.depth - was.depth
            least = self.old.left_at(was, one.depth) if steps < 0 else None
            # A body that stood less than a step behind its head stands where the head stood.
            column = max(old + steps * self.style.step, least or 0)
            changed = steps != 0
        elif owner is not None and (owner_changed or was is not None) and one.owner != one.start:
            depth = self._owners[one.owner].depth if one.owner in self._owners else 0
            column = max(owner + (one.depth - depth) * self.style.step, 0)
        self._columns[one.start] = (column, changed)
        return column

    def _line_of(self, offset: int) -> int:
        """Return where the first token of the line around `offset` begins."""
        text = self.chunk.unit.text
        line = text.rfind(b"\n", 0, offset) + 1
        blanks = _BLANKS.match(text, line)
        return blanks.end() if blanks is not None else line

    def _moved(self, found: dict[int, Nested], shifts: dict[int, int]) -> Iterator[Edit]:
        """Yield the edits of lines; what no token begins goes with the statement around it, or with
        the one that follows."""
        text = self.chunk.unit.text
        starts = sorted(found)
        at = self.chunk.start
        while at < self.chunk.end:
            stop = text.find(b"\n", at)
            stop = stop if stop >= 0 else len(text)
            blanks = _BLANKS.match(text, at)
            first = blanks.end() if blanks is not None else at
            shift = shifts.get(first)
            if shift is None:
                shift = self._along(first, starts, found, shifts) if text[first:stop].strip() else 0
            if shift or first in self._aligned:
                column = self._aligned.get(first, width(text[at:first]))
                new = self.style.lead(max(column + shift, 0))
                if new != text[at:first]:
                    yield Edit(at, first, new, "layout")
            at = stop + 1

    def _along(
        self, first: int, starts: list[int], found: dict[int, Nested], shifts: dict[int, int]
    ) -> int:
        """Return by how much a line moves that no statement begins."""
        text = self.chunk.unit.text
        if text[first : first + 1] == b"#" or self.old.offset(first) is None:
            return 0
        index = bisect_right(starts, first) - 1
        while index >= 0 and found[starts[index]].end <= first:
            index -= 1
        around = found[starts[index]] if index >= 0 else None
        follows = bisect_right(starts, first)
        after = found[starts[follows]] if follows < len(starts) else None
        if around is not None and (after is None or after.start >= around.end):
            # It goes on a statement.
            return shifts.get(around.start, 0)
        if after is not None and after.closes:
            before = starts[follows - 1]
            return shifts.get(before, 0)
        if after is None or _LABEL.match(text, first):
            # A label stands where its author likes.
            return 0
        return shifts.get(after.start, 0)
