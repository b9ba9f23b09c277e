# SPDX-License-Identifier: GPL-2.0-only
"""Removing some of the names that one declaration declares.

In: the matches of a rule that removes declarations. Out: the matches with trails that fit: where
`- int v;` met `int u, v, w;`, what is removed is `v,`, or all of the declaration once all its names
are. Code that takes the place of a name follows what is left: `int u, w;`, then the new lines; code before
a removed declaration comes before it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct, field
from msgspec.structs import replace

from vmaconv.cocci.match.attempt.state import Taken
from vmaconv.cocci.match.code.declaration_parts import Piece
from vmaconv.cocci.match.search import Match
from vmaconv.cocci.rewrite.edit import Edit
from vmaconv.cocci.smpl.rule import TokenMark
from vmaconv.cocci.tree.node import Node

ONCE_FOR_SEVERAL = (
    "its + code would come once for each of several names of a declaration (write ++)"
)
"""Why a match is left."""


class _Split(Struct):
    """A declaration of several names, and which of them matches remove."""

    whole: Node
    removed: set[int] = field(default_factory=set)
    replaced: bool = False
    """Whether code takes the place of a name."""
    once: bool = False
    """Whether that code may stand there but once: it has a `+`, no `++`."""


class SplitDeclarators:
    """The declarations that a rule's matches take names from."""

    def __init__(self, matches: Sequence[Match], text: bytes) -> None:
        self._text = text
        self._splits: dict[int, _Split] = {}
        for match in matches:
            for piece, taken in _removed(match):
                split = self._splits.setdefault(id(piece.whole), _Split(piece.whole))
                split.removed.add(piece.index)
                split.replaced |= any(t.token.plussed for t in taken)
                split.once |= any(t.token.plussed == "once" for t in taken)

    def clashes(self, match: Match) -> bool:
        """Return whether `+` code would come once for each of several names of a declaration."""
        splits = (self._splits[id(piece.whole)] for piece, _ in _removed(match))
        return any(split.once and len(split.removed) > 1 for split in splits)

    def fitted(self, match: Match) -> Match:
        """Return a match that takes no more of a declaration than it removes."""
        trail = match.trail
        for piece, taken in _removed(match):
            split = self._splits[id(piece.whole)]
            gone = {id(t) for t in taken}
            anchors = [t for t in taken if t.token.plussed] or [taken[-1]]
            start, end = self._range(piece, split)
            stand_in = [replace(t, start=start, end=end, node=piece.whole) for t in anchors]
            trail = (*(t for t in trail if id(t) not in gone), *stand_in)
        return match if trail is match.trail else replace(match, trail=trail)

    def _range(self, piece: Piece, split: _Split) -> tuple[int, int]:
        """Return the bytes that go with a name: the whole declaration where code replaces it."""
        whole = piece.whole
        if split.replaced or len(split.removed) == piece.count:
            return whole.start, whole.end
        names = _declarators(whole)
        later = [i for i in range(piece.index + 1, piece.count) if i not in split.removed]
        own = names[piece.index]
        if later:
            return own[0], names[piece.index + 1][0]
        return names[piece.index - 1][1], own[1]

    def united(self, made: Sequence[tuple[Match, list[Edit]]]) -> list[tuple[Match, list[Edit]]]:
        """Put the code of several names of one declaration together, behind what is left of it."""
        replaced = {(s.whole.start, s.whole.end): s for s in self._splits.values() if s.replaced}
        texts: dict[tuple[int, int], list[tuple[bool, int, bytes]]] = {}
        for match, edits in made:
            for edit in edits:
                place = (edit.start, edit.end)
                if place in replaced:
                    index = _index(match, replaced[place].whole)
                    behind = not _stands_before(match, place)
                    texts.setdefault(place, []).append((behind, index, edit.text))
        if not texts:
            return list(made)
        found: list[tuple[Match, list[Edit]]] = []
        for match, edits in made:
            kept: list[Edit] = []
            for edit in edits:
                place = (edit.start, edit.end)
                if place in texts:
                    new = sorted(texts.pop(place))
                    lead = [text for behind, _, text in new if not behind]
                    tail = [text for behind, _, text in new if behind]
                    parts = [*lead, *self._left(replaced[place]), *tail]
                    kept.append(replace(edit, text=self._joined(edit.start, parts)))
                elif place not in replaced:
                    kept.append(edit)
            found.append((match, kept))
        return found

    def _left(self, split: _Split) -> Iterator[bytes]:
        """Yield what is left of a declaration: its type, and the names that stay."""
        names = _declarators(split.whole)
        stay = [names[i] for i in range(len(names)) if i not in split.removed]
        if stay:
            head = self._text[split.whole.start : names[0][0]]
            comma = self._text[names[0][1] : names[1][0]]
            yield head + comma.join(self._text[a:b] for a, b in stay) + b";"

    def _joined(self, start: int, parts: Sequence[bytes]) -> bytes:
        line = self._text.rfind(b"\n", 0, start) + 1
        lead = self._text[line:start]
        indent = lead[: len(lead) - len(lead.lstrip())]
        return (b"\n" + indent).join(parts)


def _removed(match: Match) -> Iterator[tuple[Piece, list[Taken]]]:
    """Yield the names of declarations that a match removes, with what it took of them."""
    seen: set[tuple[int, int]] = set()
    for note in match.trail:
        piece = note.node
        if not note.alias or not isinstance(piece, Piece):
            continue
        key = (id(piece.whole), piece.index)
        if key in seen:
            continue
        seen.add(key)
        whole = piece.whole
        taken = [
            t
            for t in match.trail
            if not t.alias and whole.start <= t.start and t.end <= whole.end
            if t.token.kind != "dots"
        ]
        if taken and all(t.token.mark is TokenMark.MINUS for t in taken):
            yield piece, taken


def _stands_before(match: Match, place: tuple[int, int]) -> bool:
    """Whether the code that takes a declaration's place stands before it in the rule."""
    tokens = [t.token for t in match.trail if (t.start, t.end) == place and not t.alias]
    return any(token.plus_before and not token.plus_after for token in tokens)


def _index(match: Match, whole: Node) -> int:
    """Return which of a declaration's names a match removes."""
    notes = (t.node for t in match.trail if t.alias)
    return next((n.index for n in notes if isinstance(n, Piece) and n.whole is whole), 0)


def _declarators(whole: Node) -> list[tuple[int, int]]:
    """Return where each declarator begins and ends, what stands behind its name included."""
    found: list[tuple[int, int]] = []
    commas = [c for c in whole.children if c.text == b","]
    first = _first_declarator(whole)
    end = whole.children[-1]
    start = first.start
    for comma in commas:
        inside = [c for c in whole.children if start <= c.start < comma.start]
        found.append((start, inside[-1].end))
        start = min(c.start for c in whole.children if c.start > comma.start)
    inside = [c for c in whole.children if start <= c.start < end.start]
    found.append((start, inside[-1].end))
    return found


def _first_declarator(whole: Node) -> Node:
    comma = next(c for c in whole.children if c.text == b",")
    before = [c for c in whole.children if c.start < comma.start]
    while len(before) > 1 and before[-1].kind in ("bitfield_clause", "attribute_specifier"):
        before.pop()
    return before[-1]
