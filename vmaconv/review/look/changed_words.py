# SPDX-License-Identifier: GPL-2.0-only
"""Which words changed within changed lines.

In: the lines that a hunk takes out and those it puts in their place, as text.  Out: for each line
the stretches that the other side does not have.
"""

from __future__ import annotations

from collections.abc import Sequence
from difflib import SequenceMatcher

from vmaconv.cocci.text.late_regex import late_regex

Stretch = tuple[int, int]

_TOKEN = late_regex(r"\w+|\s+|->|&&|\|\||[-+*/%&|^=!<>]=|[^\w\s]")
#: More than this and the whole lines are the news; the comparison would take its time, too.
_MOST_TOKENS = 600


def changed_words(
    old: Sequence[str], new: Sequence[str]
) -> tuple[list[list[Stretch]], list[list[Stretch]]]:
    """Compare a block's two sides word by word.

    >>> changed_words(["\\tx |= A;"], ["\\tset(x, A);"])
    ([[(3, 5)]], [[(1, 5), (6, 7), (9, 10)]])

    A side without lines, or one that is too long, has nothing marked: then all of it is new.
    """
    none: list[list[Stretch]] = [[] for _ in old]
    nothing: list[list[Stretch]] = [[] for _ in new]
    if not old or not new:
        return none, nothing
    before, after = _tokens(old), _tokens(new)
    if max(len(before), len(after)) > _MOST_TOKENS:
        return none, nothing
    pairs = _common(before, after)
    if not any(_is_word(before[i][2]) for i, _ in pairs):
        return none, nothing
    kept_old, kept_new = {i for i, _ in pairs}, {j for _, j in pairs}
    return _stretches(before, kept_old, len(old)), _stretches(after, kept_new, len(new))


#: A token: its line, where it begins in it, its text.
_Token = tuple[int, int, str]


def _tokens(lines: Sequence[str]) -> list[_Token]:
    """Cut lines into tokens; blanks at a line's ends are layout and no words."""
    return [
        (number, match.start(), match[0])
        for number, line in enumerate(lines)
        for match in _TOKEN.finditer(line)
        if not match[0].isspace()
    ]


def _common(before: list[_Token], after: list[_Token]) -> list[tuple[int, int]]:
    """Pair the tokens that both sides have, without crumbs of punctuation between changes."""
    old, new = [token[2] for token in before], [token[2] for token in after]
    most = min(len(old), len(new))
    start = next((n for n in range(most) if old[n] != new[n]), most)
    tail = next((n for n in range(most - start) if old[-1 - n] != new[-1 - n]), most - start)
    pairs = [(n, n) for n in range(start)]
    pairs += [(len(old) - n, len(new) - n) for n in range(tail, 0, -1)]
    inner, other = old[start : len(old) - tail], new[start : len(new) - tail]
    for i, j, size in SequenceMatcher(None, inner, other, autojunk=False).get_matching_blocks():
        if any(_is_word(token) for token in inner[i : i + size]):
            pairs += [(start + i + n, start + j + n) for n in range(size)]
    return pairs


def _is_word(token: str) -> bool:
    return token[0].isalnum() or token[0] == "_"


def _stretches(tokens: list[_Token], kept: set[int], lines: int) -> list[list[Stretch]]:
    """Join neighbouring changed tokens of a line, the blanks between them included."""
    found: list[list[Stretch]] = [[] for _ in range(lines)]
    last = -2
    for index, (line, start, text) in enumerate(tokens):
        if index in kept:
            continue
        here = found[line]
        if here and last == index - 1:
            here[-1] = (here[-1][0], start + len(text))
        else:
            here.append((start, start + len(text)))
        last = index
    return found
