# SPDX-License-Identifier: GPL-2.0-only
"""The places of words in a text.

In: a text that is asked for many words, one after another. Out: for each, where it stands. The text
is read once for all of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache
from itertools import accumulate

from vmaconv.cocci.text.late_regex import late_regex

_RUN = late_regex(rb"\w+")
_CUT = late_regex(rb"(\w+)")

WORD_BYTES = b"0123456789_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
_OF_WORDS = frozenset(WORD_BYTES)

FEW = 8
"""So many words are sooner searched for than looked up: an index reads the text once, but slowly."""


class WordPlaces:
    """Where each run of letters, digits and underscores of a part of a text begins."""

    __slots__ = ("_places",)

    def __init__(self, text: bytes, start: int, end: int) -> None:
        self._places: dict[bytes, list[int]] = {}
        places = self._places
        # What stands between words, a word, and so on: sooner cut than found one by one.
        parts = _CUT.split(text[start:end])
        offsets = list(accumulate(map(len, parts), initial=start))
        for word, at in zip(parts[1::2], offsets[1:-1:2], strict=True):
            if word in places:
                places[word].append(at)
            else:
                places[word] = [at]

    def of(self, word: bytes) -> Sequence[int]:
        """Return where `word` begins as a whole word, in order, comments and strings included.

        >>> list(WordPlaces(b"a ab a", 0, 6).of(b"a"))
        [0, 5]
        """
        return self._places.get(word, ())


def places_of(word: bytes, text: bytes, start: int = 0, end: int | None = None) -> Iterator[int]:
    """Yield where `word` begins in a part of a text, in order, also as a part of longer words.

    >>> list(places_of(b"ab", b"ab abc"))
    [0, 3]
    """
    stop = len(text) if end is None else end
    at = text.find(word, start, stop)
    while at >= 0:
        yield at
        at = text.find(word, at + 1, stop)


def is_word_byte(byte: bytes) -> bool:
    """Whether a byte is a letter, a digit or an underscore; no byte at all is none."""
    return byte.isalnum() or byte == b"_"


def lines_matching(
    line: re.Pattern[bytes], word: bytes, text: bytes, end: int | None = None
) -> Iterator[re.Match[bytes]]:
    r"""Yield the matches of `line` that begin where a line does that holds `word`, none in another.

    A word is found much faster than the beginning of a line that goes on with it.

    >>> [m[1] for m in lines_matching(re.compile(rb" *#(\w+)"), b"#", b"a\n #if\nb #c\n#endif")]
    [b'if', b'endif']
    """
    stop = len(text) if end is None else end
    read = 0
    for at in places_of(word, text, 0, stop):
        start = text.rfind(b"\n", 0, at) + 1
        match = line.match(text, start, stop) if start >= read else None
        if match is not None:
            yield match
            read = match.end()


def next_whole(word: bytes, text: bytes, start: int, end: int) -> int:
    """Return where the next whole `word` begins in bytes [`start`, `end`) of a text, or -1.

    `word` is letters, digits and underscores. What stands before `start` is looked at, too, not what
    stands behind `end`.

    >>> next_whole(b"ab", b"abc ab", 0, 6)
    4
    """
    at = text.find(word, start, end)
    while at >= 0:
        behind = at + len(word)
        inside = at > 0 and text[at - 1] in _OF_WORDS
        if not inside and (behind == end or text[behind] not in _OF_WORDS):
            return at
        at = text.find(word, at + 1, end)
    return -1


@lru_cache(maxsize=1024)
def words_of(key: bytes) -> tuple[bytes, ...]:
    """Return the words and numbers among the tokens of a value's key, each once.

    A string between blanks counts as the words in it: what has it in its code has these.

    >>> words_of(b'f ( a1 , 0x10 , "an error" )')
    (b'f', b'a1', b'0x10', b'an', b'error')
    """
    return tuple(dict.fromkeys(_RUN.findall(key)))
