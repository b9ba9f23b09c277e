# SPDX-License-Identifier: GPL-2.0-only
"""Which stretches of the text a match takes away.

In: what the tokens of a rule took. Out: `Region`s: runs of minus tokens with nothing but blanks and
comments between them, each to be replaced or deleted as one. Text that was not parsed between two
tokens (another arm of a conditional) is nobody's to delete: `TextLost`.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from msgspec import Struct, field

from vmaconv.cocci.match.attempt.state import Taken
from vmaconv.cocci.match.attempt.value import BoundValue
from vmaconv.cocci.smpl.mentions import Name
from vmaconv.cocci.smpl.rule import PlusBlock, TokenMark
from vmaconv.cocci.text.conditional_span import is_whole
from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.text.trivia import is_blank
from vmaconv.cocci.tree.node import Node

RUN_OVER = frozenset({"dots", "nest"})
"""Kinds of token that take one statement after another."""

DIRECTIVE = late_regex(rb"^[ \t]*#[^\n]*", re.MULTILINE)


class Region(Struct):
    """A run of minus tokens: bytes [`start`, `end`), and the plus blocks that replace it."""

    start: int
    end: int
    taken: list[Taken]
    plus: list[PlusBlock] = field(default_factory=list)

    def own(self) -> dict[Name, BoundValue]:
        """Return what metavariables stand for here, where all of a match does not say it."""
        return {name: value for taken in self.taken for name, value in (taken.own or {}).items()}


class TextLost(Exception):
    """A replacement has no place for text that stands inside what it replaces.

    That is a comment, a preprocessor line, or another arm of a conditional. The message is a
    sentence.
    """


def hidden(text: bytes) -> TextLost:
    """Make the error about text between tokens that no token took."""
    line = next((line.strip() for line in text.splitlines() if line.strip()), b"")
    return TextLost(
        f"it would take along what the rule does not see: {line.decode(errors='replace')}"
    )


class Grouping:
    """Puts what the minus tokens of one pattern took into regions."""

    __slots__ = ("_pattern", "_placed", "_whole")

    def __init__(self, pattern: Node, whole: bool = False) -> None:
        """`whole` gives a metavariable's value the `#endif` behind it, as spatch does."""
        self._whole = whole
        self._pattern = pattern
        self._placed: tuple[dict[int, int], list[int]] | None = None

    @property
    def _places(self) -> tuple[dict[int, int], list[int]]:
        """Where the leaves stand in the pattern, by their id, and where dots do.

        Few matches ask: a pattern with all its spellings may have thousands of leaves.
        """
        if self._placed is None:
            order: dict[int, int] = {}
            dots: list[int] = []
            for index, (node, is_dots) in enumerate(_leaves(self._pattern)):
                if is_dots:
                    dots.append(index)
                order.setdefault(id(node), index)
            self._placed = order, dots
        return self._placed

    def regions(self, text: bytes, taken: Sequence[Taken]) -> list[Region]:
        """Group what was taken in `text`, in order; raise `TextLost` where text lies between."""
        regions: list[Region] = []
        previous: Taken | None = None
        gone = {t.start for t in taken if t.token.mark is TokenMark.MINUS and t.start < t.end}
        for item in taken:
            if item.alias:
                continue
            if item.token.mark is not TokenMark.MINUS:
                if item.start < item.end and item.start in gone:
                    # Another arm of a conjunction has the same code as context.
                    continue
                around = (
                    previous is not None and item.start <= previous.start < previous.end <= item.end
                )
                # Another arm of a conjunction may take all of it as it stands.
                previous = previous if around else None
                continue
            if previous is not None and self._joins(text, regions[-1], previous, item):
                regions[-1].end = item.end
                regions[-1].taken.append(item)
            else:
                regions.append(Region(item.start, item.end, [item]))
            previous = item
        return regions

    def _joins(self, text: bytes, region: Region, previous: Taken, item: Taken) -> bool:
        """Whether `item` goes on the run that ends with `previous`."""
        if item.start < region.end:
            # Inside of what was taken already.
            return False
        goes_on = item.token is previous.token and item.token.kind in RUN_OVER
        if not goes_on and any(t.token is item.token for t in region.taken):
            # Another occurrence of what repeats; dots and nests take one statement after another.
            return False
        gap = text[region.end : item.start]
        if is_blank(gap):
            return True
        line = DIRECTIVE.search(gap)
        if self._whole and line is not None:
            dots = previous.token.kind in RUN_OVER and is_whole(text, region.start, item.start)
            if goes_on or dots or holds_conditionals(previous, text, item.start):
                return True
        plain = not previous.token.plussed and not item.token.plussed
        if plain and _ends_statement(previous) and _only_lines(gap):
            # `a();`, `#endif`, `b();`: both statements go, the line between them stays.
            return False
        if not self._apart(previous, item) and _adjacent(previous.node, item.node, gap):
            raise hidden(line.group() if line is not None else gap)
        return False

    def _apart(self, first: Taken, second: Taken) -> bool:
        """Whether dots stand between two tokens of the pattern: then anything may, in the code."""
        order, dots = self._places
        start, end = order.get(id(first.token)), order.get(id(second.token))
        if start is None or end is None:
            return False
        # In the order of the pattern, as they were noted.
        next_dots = bisect_right(dots, min(start, end))
        return next_dots < len(dots) and dots[next_dots] < max(start, end)


def holds_conditionals(taken: Taken, text: bytes, end: int) -> bool:
    """Whether a value that goes on to `end` has each `#if` with its `#endif`.

    No arm of them stays behind if all of it goes.
    """
    stands = taken.token.metavariable is not None or taken.token.kind == "dots"
    return stands and is_whole(text, taken.start, end)


def _ends_statement(taken: Taken) -> bool:
    return taken.token.text in (b";", b"}")


def _only_lines(gap: bytes) -> bool:
    """Whether a gap holds preprocessor lines and nothing else."""
    return is_blank(DIRECTIVE.sub(b"", gap))


def _leaves(node: Node) -> Iterator[tuple[Node, bool]]:
    """Yield the leaves of a pattern, and whether each is dots; a nest has dots around it."""
    if node.kind == "dots" or node.text is not None:
        yield node, node.kind == "dots"
        return
    if node.kind == "nest":
        yield node, True
    for child in node.children:
        yield from _leaves(child)
    if node.kind == "nest":
        yield node, True


def _adjacent(first: Node | None, second: Node | None, gap: bytes) -> bool:
    """Whether two nodes follow one another, so that what stands between them was not parsed."""
    if first is None or second is None:
        return DIRECTIVE.search(gap) is not None
    node: Node | None = first
    while node is not None and node.parent is not None:
        siblings = node.parent.children
        index = next(i for i, child in enumerate(siblings) if child is node)
        after = [n for n in siblings[index + 1 :] if n.end > n.start]
        if after:
            return after[0].start == second.start
        node = node.parent
    return False
