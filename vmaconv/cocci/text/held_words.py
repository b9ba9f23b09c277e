# SPDX-License-Identifier: GPL-2.0-only
"""In which stretches of a text words stand, for many who ask for the same words.

In: a text, where its stretches begin, and clauses: sets of words and operators. Out: the stretches
that hold one word of each clause, as parts of longer words too. What was found out is kept.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Collection, Iterable, Sequence

from vmaconv.cocci.text.chunks import Change
from vmaconv.cocci.text.word_places import WORD_BYTES

_MANY = 8
"""A clause of more words than this is asked of a stretch, not of the whole text: any of its words
will do, and the first is found soon."""

_FEW = 8
"""Where so few stretches are left, the next clause is asked of these, not of the whole text."""

_ASKED_OFTEN = 16
"""A text that so many words were looked for in is cut into its own words: those are fewer bytes."""

_TO_WORDS = bytes(byte if byte in WORD_BYTES else 0x20 for byte in range(256))


def is_wide(clause: frozenset[bytes]) -> bool:
    """Return whether a clause has so many words that they are not looked for one by one."""
    return len(clause) > _MANY


class HeldWords:
    """The stretches [`starts`[n], `starts`[n + 1]) of one text, the last up to its end.

    `starts` are asked for when they are needed: many a text holds no word of some clause at all.
    """

    __slots__ = (
        "_absent",
        "_asked",
        "_clauses",
        "_cut",
        "_kept_starts",
        "_text",
        "_vocabulary",
        "_words",
    )

    def __init__(self, text: bytes, starts: Callable[[], Sequence[int]]) -> None:
        self._text = text
        self._cut = starts
        self._kept_starts: Sequence[int] | None = None
        self._absent: set[bytes] = set()
        """Words that stand nowhere in the text."""
        self._asked = 0
        self._vocabulary = b""
        """Each word of the text once, a line each, when it has been made."""
        self._words: dict[bytes, frozenset[int]] = {}
        self._clauses: dict[frozenset[bytes], dict[tuple[int, int], bool]] = {}

    def changed(
        self, text: bytes, starts: Callable[[], Sequence[int]], changes: Iterable[Change]
    ) -> HeldWords:
        r"""Return what says of another text what this one does of its own.

        `changes` say in order what of this text is another there. What does not stand here is looked for
        in and beside that alone.

        >>> held = HeldWords(b"int a;\n", lambda: [0])
        >>> held.in_text([frozenset({b"long"})])
        False
        >>> held.changed(b"long a;\n", lambda: [0], [(0, 3, 4)]).in_text([frozenset({b"long"})])
        True
        """
        made = HeldWords(text, starts)
        if self._absent:
            beside = max(map(len, self._absent))
            new: list[bytes] = []
            moved = 0
            for start, end, length in changes:
                at = start + moved
                new.append(text[max(at - beside, 0) : at + length + beside])
                moved += length - (end - start)
            there = b"\n".join(new)
            made._absent = {word for word in self._absent if word not in there}
        return made

    @property
    def _starts(self) -> Sequence[int]:
        if self._kept_starts is None:
            self._kept_starts = self._cut()
        return self._kept_starts

    def in_text(self, clauses: Iterable[frozenset[bytes]]) -> bool:
        """Return whether the whole text holds a word of every clause."""
        return all(self.within(clause, 0, len(self._text)) for clause in clauses)

    def holding(self, clauses: Collection[frozenset[bytes]]) -> list[int]:
        r"""Return by number the stretches that hold a word of every clause, in order.

        >>> text = b"int a;\nint b;\nint ab;\n"
        >>> held = HeldWords(text, lambda: [0, 7, 14])
        >>> held.holding([frozenset({b"int"}), frozenset({b"a"})])
        [0, 2]
        """
        found: frozenset[int] | None = None
        for clause in clauses:
            if is_wide(clause):
                continue
            if found is not None and len(found) <= _FEW:
                found = frozenset([n for n in found if self._holds(n, clause)])
            else:
                holding = frozenset[int]().union(*map(self._of_word, clause))
                found = holding if found is None else found & holding
            if not found:
                return []
        numbers = range(len(self._starts)) if found is None else sorted(found)
        wide = [clause for clause in clauses if is_wide(clause)]
        return [n for n in numbers if all(self._holds(n, clause) for clause in wide)]

    def _holds(self, number: int, clause: frozenset[bytes]) -> bool:
        return self.within(clause, self._starts[number], self._end(number))

    def _of_word(self, word: bytes) -> frozenset[int]:
        found = self._words.get(word)
        if found is None:
            found = self._words[word] = frozenset(self._looked_for(word))
        return found

    def _stands(self, word: bytes) -> bool:
        """Whether a word stands in the text, as a part of a longer one too."""
        if word in self._absent:
            return False
        self._asked += 1
        if self._asked < _ASKED_OFTEN or word.translate(None, WORD_BYTES):
            stands = self._text.find(word) >= 0
        else:
            if not self._vocabulary:
                self._vocabulary = b"\n".join({*self._text.translate(_TO_WORDS).split()})
            stands = self._vocabulary.find(word) >= 0
        if not stands:
            self._absent.add(word)
        return stands

    def _looked_for(self, word: bytes) -> list[int]:
        found: list[int] = []
        if not self._stands(word):
            return found
        text, starts = self._text, self._starts
        at = text.find(word)
        while at >= 0:
            number = max(bisect_right(starts, at) - 1, 0)
            if at + len(word) <= self._end(number):
                found.append(number)
            if number + 1 == len(starts):
                break
            at = text.find(word, starts[number + 1])
        return found

    def within(self, clause: frozenset[bytes], start: int, end: int) -> bool:
        """Return whether bytes [`start`, `end`) of the text hold one of the clause's words."""
        known = self._clauses.setdefault(clause, {})
        found = known.get((start, end))
        if found is None:
            if start == 0 and end == len(self._text):
                found = any(map(self._stands, clause))
            else:
                text = self._text
                found = any(text.find(word, start, end) >= 0 for word in clause - self._absent)
            known[start, end] = found
        return found

    def _end(self, number: int) -> int:
        return self._starts[number + 1] if number + 1 < len(self._starts) else len(self._text)
