# SPDX-License-Identifier: GPL-2.0-only
"""The control-flow graph of a function.

In: points and the edges between them. Out: `FlowGraph`, which answers for a point what comes next and
before, and for a kind or label which points have it, as sets of points held in the bits of an
integer. Making one from a function is `flow`.

The graph has the points that SmPL's dots need, beyond the statements themselves (Brunel et al.,
POPL 2009, and Coccinelle's own graph): where a branch begins and what follows it, the braces that a
jump leaves, and an `after` point that leads from the head of a compound statement straight to its
end.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterable, Iterator

from vmaconv.cocci.match.graph.point import Label, Point, PointKind
from vmaconv.cocci.text.spans import Spans
from vmaconv.cocci.text.word_places import FEW, WordPlaces, places_of
from vmaconv.cocci.tree.node import Node

Edges = list[list[int]]
"""Which points lead to which, by number."""


class FlowGraph:
    """Points by number, and edges between them.

    `direct` are those of control flow, `control` those to and from `after` points. What is worked
    out from these is kept, so ask only when the graph is finished.
    """

    def __init__(self, text: bytes = b"") -> None:
        self.text = text
        self.points: list[Point] = []
        self.direct: list[list[int]] = []
        self.control: list[list[int]] = []
        self.owned: dict[int, dict[str, list[Node]]] = {}
        """The nodes of points, by kind, as far as they were asked for."""
        self._kept_everything: int | None = None
        self._kept_all_successors: Edges | None = None
        self._kept_predecessors: Edges | None = None
        self._kept_all_predecessors: Edges | None = None
        self._kept_of_kind: dict[PointKind, int] | None = None
        self._of_kinds: dict[tuple[PointKind, ...], int] = {}
        self._kept_escaping: int | None = None
        self._kept_copies: int | None = None
        self._kept_at: dict[Label, int] | None = None
        self._holding: dict[bytes, int] = {}
        self._whole: dict[bytes, int] = {}
        self._kept_labels: list[Label] | None = None
        self._kept_owners: tuple[Spans, list[int]] | None = None
        self._kept_beginning: dict[int, int] | None = None
        self._kept_extent: tuple[int, int] | None = None
        self._kept_words: WordPlaces | None = None
        self._kept_owning: dict[str, int] | None = None

    def add(self, point: Point) -> int:
        """Add a point and return its number."""
        self.points.append(point)
        self.direct.append([])
        self.control.append([])
        return len(self.points) - 1

    def connect(self, start: int | None, end: int) -> None:
        """Add an edge, if there is a place that it starts from."""
        if start is not None and end not in self.direct[start]:
            self.direct[start].append(end)

    @property
    def everything(self) -> int:
        """The set of all points."""
        if self._kept_everything is None:
            self._kept_everything = (1 << len(self.points)) - 1
        return self._kept_everything

    @property
    def all_successors(self) -> Edges:
        """The successors by edges of both sorts."""
        if self._kept_all_successors is None:
            self._kept_all_successors = self._made_all_successors()
        return self._kept_all_successors

    def _made_all_successors(self) -> Edges:
        pairs = zip(self.direct, self.control, strict=True)
        return [direct + control if control else direct for direct, control in pairs]

    @property
    def predecessors(self) -> Edges:
        """The predecessors by edges of normal control flow."""
        if self._kept_predecessors is None:
            self._kept_predecessors = _reversed(self.direct)
        return self._kept_predecessors

    @property
    def all_predecessors(self) -> Edges:
        """The predecessors by edges of both sorts."""
        if self._kept_all_predecessors is None:
            self._kept_all_predecessors = _reversed(self.all_successors)
        return self._kept_all_predecessors

    @property
    def _of_kind(self) -> dict[PointKind, int]:
        if self._kept_of_kind is None:
            self._kept_of_kind = self._made_of_kind()
        return self._kept_of_kind

    def _made_of_kind(self) -> dict[PointKind, int]:
        found: dict[PointKind, int] = {}
        for number, point in enumerate(self.points):
            found[point.kind] = found.get(point.kind, 0) | 1 << number
        return found

    def of_kind(self, *kinds: PointKind) -> int:
        """Return the set of points of some kinds."""
        return self.of_kinds(kinds)

    def of_kinds(self, kinds: tuple[PointKind, ...]) -> int:
        """Return the set of points of some kinds, given as one tuple."""
        found = self._of_kinds.get(kinds)
        if found is None:
            found = 0
            for kind in kinds:
                found |= self._of_kind.get(kind, 0)
            self._of_kinds[kinds] = found
        return found

    @property
    def escaping(self) -> int:
        """The set of beginnings of then branches whose end is never reached."""
        if self._kept_escaping is None:
            self._kept_escaping = sum(1 << n for n, p in enumerate(self.points) if p.escapes)
        return self._kept_escaping

    @property
    def copies(self) -> int:
        """The set of braces that a jump passes."""
        if self._kept_copies is None:
            self._kept_copies = sum(1 << n for n, p in enumerate(self.points) if p.copied)
        return self._kept_copies

    @property
    def _at(self) -> dict[Label, int]:
        if self._kept_at is None:
            self._kept_at = self._made_at()
        return self._kept_at

    def _made_at(self) -> dict[Label, int]:
        found: dict[Label, int] = {}
        for number, point in enumerate(self.points):
            found[point.label] = found.get(point.label, 0) | 1 << number
        return found

    @property
    def _labels(self) -> list[Label]:
        if self._kept_labels is None:
            self._kept_labels = sorted(self._at)
        return self._kept_labels

    def labelled(self, label: Label) -> int:
        """Return the set of points with exactly this label."""
        return self._at.get(label, 0)

    def within(self, label: Label) -> int:
        """Return the set of points of the statement with this label, and all below it."""
        labels = self._labels
        if not label:
            return self.everything
        # What begins with a label stands in one row.
        first = bisect_left(labels, label)
        last = bisect_left(labels, (*label[:-1], label[-1] + 1))
        found = 0
        for other in labels[first:last]:
            found |= self._at[other]
        return found

    def braces(self, brace: int) -> int:
        """Return the set of points that are one of a pair of braces."""
        return sum(1 << n for n, p in enumerate(self.points) if p.brace == brace)

    def jumps(self, target: Label) -> int:
        """Return the set of breaks and continues that belong to the loop or switch at `target`."""
        return sum(1 << n for n, p in enumerate(self.points) if p.target == target != ())

    @property
    def _owners(self) -> tuple[Spans, list[int]]:
        """Where the points that own text are, in order, and their numbers."""
        if self._kept_owners is None:
            self._kept_owners = self._made_owners()
        return self._kept_owners

    def _made_owners(self) -> tuple[Spans, list[int]]:
        owned = sorted(
            ((p.parts[0].start, -p.parts[-1].end, number))
            for number, p in enumerate(self.points)
            if p.parts
        )
        return Spans([(start, -end) for start, end, _ in owned]), [number for *_, number in owned]

    @property
    def _beginning(self) -> dict[int, int]:
        """The points whose statement begins at an offset."""
        if self._kept_beginning is None:
            self._kept_beginning = self._made_beginning()
        return self._kept_beginning

    def _made_beginning(self) -> dict[int, int]:
        found: dict[int, int] = {}
        for number, point in enumerate(self.points):
            if point.node is not None:
                start = point.node.start
                found[start] = found.get(start, 0) | 1 << number
        return found

    def at_offset(self, offset: int) -> int:
        """Return the set of points that own the byte at `offset`, or whose statement begins there."""
        spans, numbers = self._owners
        found = self._beginning.get(offset, 0)
        for owner in spans.holding(offset):
            found |= 1 << numbers[owner]
        return found

    @property
    def _extent(self) -> tuple[int, int]:
        """From where to where points own text other than braces."""
        if self._kept_extent is None:
            self._kept_extent = self._made_extent()
        return self._kept_extent

    def _made_extent(self) -> tuple[int, int]:
        own = [p.parts for p in self.points if p.parts and p.kind not in _BRACES]
        return min((o[0].start for o in own), default=0), max((o[-1].end for o in own), default=0)

    @property
    def _words(self) -> WordPlaces:
        if self._kept_words is None:
            self._kept_words = WordPlaces(self.text, *self._extent)
        return self._kept_words

    def holding(self, word: bytes) -> int:
        """Return the set of points in whose text `word` stands, if only within a longer one."""
        found = self._holding.get(word)
        if found is None:
            found = self._holding[word] = self._at_any(self._find(word))
        return found

    def holding_word(self, word: bytes) -> int:
        """Return the set of points in whose text `word` stands as a whole word."""
        if len(self._holding) < FEW:
            return self.holding(word)
        found = self._whole.get(word)
        if found is None:
            found = self._whole[word] = self._at_any(self._words.of(word))
        return found

    def owning(self, kinds: Iterable[str]) -> int:
        """Return the set of points that own a node of one of some kinds, leaves left out."""
        if self._kept_owning is None:
            self._kept_owning = self._made_owning()
        found = 0
        for kind in kinds:
            found |= self._kept_owning.get(kind, 0)
        return found

    def _made_owning(self) -> dict[str, int]:
        found: dict[str, int] = {}
        for number, point in enumerate(self.points):
            kinds: set[str] = set()
            waiting = [part for part in point.parts if part.children]
            for node in waiting:
                kinds.add(node.kind)
                waiting += [child for child in node.children if child.children]
            for kind in kinds:
                found[kind] = found.get(kind, 0) | 1 << number
        return found

    def _find(self, word: bytes) -> Iterator[int]:
        return places_of(word, self.text, *self._extent)

    def _at_any(self, offsets: Iterable[int]) -> int:
        """Return the set of points that own one of the bytes at `offsets`, braces left out."""
        spans, numbers = self._owners
        found = 0
        for offset in offsets:
            for owner in spans.holding(offset):
                if self.points[numbers[owner]].kind not in _BRACES:
                    found |= 1 << numbers[owner]
        return found


_BRACES = (PointKind.OPEN, PointKind.CLOSE)


def _reversed(successors: Edges) -> list[list[int]]:
    found: list[list[int]] = [[] for _ in successors]
    for start, ends in enumerate(successors):
        for end in ends:
            found[end].append(start)
    return found


def members(points: int) -> list[int]:
    """Return the numbers of the points in a set, lowest first.

    >>> members(0b1101)
    [0, 2, 3]
    """
    found: list[int] = []
    if not points:
        return found
    # Bits of a long integer one by one would be a new integer each.
    base = 0
    for byte in points.to_bytes((points.bit_length() + 7) // 8, "little"):
        if byte:
            found += [base + bit for bit in _BITS[byte]]
        base += 8
    return found


_BITS = [[bit for bit in range(8) if byte >> bit & 1] for byte in range(256)]


def step(points: int, edges: Edges) -> int:
    """Return where edges lead to from a set of points."""
    found = 0
    for number in members(points):
        for other in edges[number]:
            found |= 1 << other
    return found


def flood(points: int, edges: Edges) -> int:
    """Return a set of points and all that edges lead to from there."""
    found = points
    waiting = members(points)
    for number in waiting:
        for other in edges[number]:
            if not found >> other & 1:
                found |= 1 << other
                waiting.append(other)
    return found


def dump(graph: FlowGraph) -> str:
    """Return the graph as text, a line for each point.

    Its successors follow the arrow, those by way of `after` points in parentheses.
    """
    lines = []
    for number, point in enumerate(graph.points):
        owned = b" ".join(graph.text[part.start : part.end] for part in point.parts)
        words = owned.decode(errors="replace") or point.kind.value
        marks = "'" * point.copied + "!" * point.escapes
        ends = [str(end) for end in graph.direct[number]]
        ends += [f"({end})" for end in graph.control[number]]
        lines.append(f"{number} {' '.join(words.split())}{marks} -> {' '.join(ends)}")
    return "\n".join(lines) + "\n"
