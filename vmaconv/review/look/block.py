# SPDX-License-Identifier: GPL-2.0-only
"""A hunk ready to be drawn: blocks of lines, each line cut into runs of one look.

In: a `Hunk` and the text that it was made for.  Out: `ChangedLines`s.  Terminal, page and full-screen
review draw the same blocks, so that all three colour and emphasise alike.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from vmaconv.cocci.diff.hunk import DiffLine, Hunk, LineKind
from vmaconv.cocci.text.trivia import begins_in_comment
from vmaconv.cocci.text.visible import decoded, pieces
from vmaconv.review.look.changed_words import Stretch, changed_words
from vmaconv.review.look.syntax import Sort, spans


class TextRun(Struct, frozen=True):
    """Text of one look; it may be shown as it is.  `changed` marks a changed word."""

    text: str
    sort: Sort
    changed: bool = False


class Line(Struct, frozen=True):
    """A line of one side: its number there (from 1), its runs, and whether its end is missing."""

    number: int
    runs: tuple[TextRun, ...]
    unended: bool = False

    @property
    def text(self) -> str:
        """Return the line without its looks."""
        return "".join(run.text for run in self.runs)


class ChangedLines(Struct, frozen=True):
    """Lines that both sides have (`context`), or those taken out and those put in their place."""

    context: bool
    old: tuple[Line, ...]
    new: tuple[Line, ...]

    def unified(self) -> Iterator[tuple[str, Line]]:
        """Return the lines as a unified diff has them, each with its mark."""
        if self.context:
            yield from ((" ", line) for line in self.old)
        else:
            yield from (("-", line) for line in self.old)
            yield from (("+", line) for line in self.new)


def blocks(hunk: Hunk, before: bytes = b"", offset: int = 0) -> tuple[ChangedLines, ...]:
    """Cut a hunk into blocks.

    `offset` is where the hunk begins in `before`: what stands above it tells whether it begins
    inside a comment.
    """
    inside = begins_in_comment(before, offset)
    sides = [inside, inside]
    return tuple(_block(lines, context, sides) for context, lines in _stretches(hunk.lines))


def line_offsets(text: bytes) -> list[int]:
    """Return the offset of each line, the first at index 0."""
    offsets = [0]
    at = text.find(b"\n") + 1
    while at:
        offsets.append(at)
        at = text.find(b"\n", at) + 1
    return offsets


def _stretches(lines: Sequence[DiffLine]) -> Iterator[tuple[bool, list[DiffLine]]]:
    """Cut lines into runs of context and runs of changes."""
    here: list[DiffLine] = []
    for line in lines:
        context = line.kind is LineKind.CONTEXT
        if here and (here[0].kind is LineKind.CONTEXT) != context:
            yield not context, here
            here = []
        here.append(line)
    if here:
        yield here[0].kind is LineKind.CONTEXT, here


def _block(lines: list[DiffLine], context: bool, sides: list[bool]) -> ChangedLines:
    old = [line for line in lines if line.kind is not LineKind.CAME]
    new = [line for line in lines if line.kind is not LineKind.GONE]
    old_texts = [decoded(line.text) for line in old]
    if context:
        looks, sides[0] = _looks(old_texts, sides[0])
        sides[1] = sides[0]
        made = [_runs(t, look, ()) for t, look in zip(old_texts, looks, strict=True)]
        return ChangedLines(True, _lines(old, made, True), _lines(new, made, False))
    new_texts = [decoded(line.text) for line in new]
    old_words, new_words = changed_words(old_texts, new_texts)
    old_looks, sides[0] = _looks(old_texts, sides[0])
    new_looks, sides[1] = _looks(new_texts, sides[1])
    old_runs = [_runs(*each) for each in zip(old_texts, old_looks, old_words, strict=True)]
    new_runs = [_runs(*each) for each in zip(new_texts, new_looks, new_words, strict=True)]
    return ChangedLines(False, _lines(old, old_runs, True), _lines(new, new_runs, False))


_Look = Sequence[tuple[int, int, Sort]]


def _looks(texts: Sequence[str], inside: bool) -> tuple[list[_Look], bool]:
    looks: list[_Look] = []
    for text in texts:
        found, inside = spans(text, inside)
        looks.append(found)
    return looks, inside


def _lines(
    lines: Sequence[DiffLine], runs: Sequence[tuple[TextRun, ...]], old: bool
) -> tuple[Line, ...]:
    return tuple(
        Line(
            (line.old_number if old else line.new_number) or 0,
            made,
            not line.text.endswith(b"\n"),
        )
        for line, made in zip(lines, runs, strict=True)
    )


def _runs(text: str, look: _Look, words: Sequence[Stretch]) -> tuple[TextRun, ...]:
    """Lay the spans of syntax and those of changed words over each other."""
    cuts = {0, len(text)}
    for start, end, _ in look:
        cuts.update((start, end))
    for start, end in words:
        cuts.update((start, end))
    at = sorted(cuts)
    runs: list[TextRun] = []
    spans_left, words_left = list(look)[::-1], list(words)[::-1]
    for start, end in zip(at, at[1:], strict=False):
        while spans_left and spans_left[-1][1] <= start:
            spans_left.pop()
        while words_left and words_left[-1][1] <= start:
            words_left.pop()
        coloured = spans_left and spans_left[-1][0] <= start
        sort = spans_left[-1][2] if coloured else Sort.PLAIN
        changed = bool(words_left and words_left[-1][0] <= start)
        for piece, odd in pieces(text[start:end]):
            runs.append(TextRun(piece, Sort.ODD if odd else sort, changed))
    return tuple(runs)
