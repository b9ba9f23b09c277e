# SPDX-License-Identifier: GPL-2.0-only
"""The branches of a stretch of C as its text has them.

In: a text and a stretch of it that is not parsed. Out: the blocks behind `if (...)` and `else` with their
heads, what stands in them, and where jumps out of them lead. Nothing is said of code whose braces
the text alone does not tell.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Collection, Sequence
from itertools import accumulate

from msgspec import Struct

from vmaconv.cocci.text.byte_before import byte_before
from vmaconv.cocci.text.c_lexer import ANY_COMMENT, QUOTED
from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.text.word_places import places_of

# Each way begins with a byte of its own, which makes the search fast.
_NO_CODE = (QUOTED, ANY_COMMENT)
_PIECE = late_regex(
    rb"|".join(
        [
            *_NO_CODE,
            rb"\n[ \t]*+\#(?:[^\\\n]*+(?:\\.[^\\\n]*+)*+)",
            rb"[{}]",
            rb"if(?<!\wif)\b",
            rb"else(?<!\welse)\b",
            rb"goto(?<!\wgoto)\b",
            rb"(?:break(?<!\wbreak)|continue(?<!\wcontinue))\b",
        ]
    ),
    re.DOTALL,
)
_BRACKET = late_regex(rb"|".join([*_NO_CODE, rb"[()]"]))
_BRACKET_OR_END = late_regex(rb"|".join([*_NO_CODE, rb"[(){};]"]))
_WORD = late_regex(rb"\w+")
_HEADS = frozenset([b"for", b"if", b"switch", b"while"])
_MORE = late_regex(rb"[^\w\s]")
_CONDITIONAL = late_regex(rb"\s*#[ \t]*(?:if|el|endif)")
_GOTO = late_regex(rb"goto\s+(\w+)\s*;")
_MAY_BE_LABEL = late_regex(rb"(?<!\w)(\w++)\s*+[:/]")
_WORD_AND_BLANK = late_regex(rb"(?<!\w)(\w++)[\s\\]*+")
_COMMENTS = (b"/*", b"//")
_LAST_WORD = late_regex(rb"(?<!\w)\w++\Z")
_BLANK = late_regex(rb"\s*+(?:" + ANY_COMMENT + rb"\s*+)*+")
_BLANK_TO_END = late_regex(rb"\s*+(?:" + ANY_COMMENT + rb"\s*+)*+\Z")
_BEFORE = 80
"""So far before a token the word before it is looked for."""

_FAR = 1000
"""So far before a label the code before it is looked for."""


class CodeBranch(Struct, frozen=True):
    """A block [`start`, `end`), braces included, behind `if (...)` or `else`, or a statement without any.

    Of a statement that has others in it, that is no more than its head. `head` goes from the word `if` to
    behind the `)`; of an `else` it is that of its `if`, or None where the text does not tell.
    """

    is_else: bool
    head: tuple[int, int] | None
    start: int
    end: int
    in_braces: bool = True


class _Jump(Struct, frozen=True):
    """A `goto` with its label (`*`: a computed one); `break` and `continue` have none."""

    at: int
    label: bytes = b""


def _start(branch: CodeBranch) -> int:
    return branch.start


def _place(jump: _Jump) -> int:
    return jump.at


class CodeBranches:
    """Branches of the code in bytes [`start`, `end`) of `text`, by where their bodies begin."""

    def __init__(
        self,
        text: bytes,
        start: int,
        end: int,
        branches: Sequence[CodeBranch],
        jumps: Sequence[_Jump],
        inner: Sequence[tuple[int, int]],
    ) -> None:
        """`inner` are the blocks right below the outermost ones."""
        self.start, self.end = start, end
        self._text = text
        ordered = sorted(branches, key=lambda branch: branch.start)
        self._then = [branch for branch in ordered if not branch.is_else]
        self._else = [branch for branch in ordered if branch.is_else]
        self._jumps = jumps
        self._inner = inner
        self._places: dict[bytes, list[int]] = {}
        self._behind: dict[bytes, dict[bytes, list[int]]] = {}
        self._words: dict[tuple[int, frozenset[bytes]], frozenset[bytes]] = {}
        self._kept_labels: dict[bytes, int] | None = None
        self._kept_furthest: list[int] | None = None

    def within(self, start: int, end: int, is_else: bool) -> Sequence[CodeBranch]:
        """Return the branches of one sort whose bodies begin in a part of the code, in order."""
        found = self._else if is_else else self._then
        return found[bisect_left(found, start, key=_start) : bisect_left(found, end, key=_start)]

    def words_before(self, tokens: frozenset[bytes], start: int, end: int) -> frozenset[bytes]:
        """Return the words and numbers of a part of the code, behind which one of some tokens comes (none:
        anything).
        """
        key = (start, tokens)
        found = self._words.get(key)
        if found is None:
            ends = (*tokens, *_COMMENTS) if tokens else b""
            found = self._words[key] = frozenset(
                match[1]
                for match in _WORD_AND_BLANK.finditer(self._text, start, end)
                if self._text.startswith(ends, match.end())
            )
        return found

    def holds(self, word: bytes, start: int, end: int) -> bool:
        """Whether a word stands in a part of the code, if only within a longer one."""
        places = self._places.get(word)
        if places is None:
            places = self._places[word] = list(places_of(word, self._text, self.start, self.end))
        return _has(places, start, end - len(word) + 1)

    def holds_behind(
        self, words: Collection[bytes] | None, token: bytes, start: int, end: int
    ) -> bool:
        """Whether a token stands in a part of the code behind one of some words (None: behind any), or
        behind something that is no word.
        """
        if words is None:
            return self.holds(token, start, end)
        behind = self._behind.get(token)
        if behind is None:
            behind = self._behind[token] = self._made_behind(token)
        return any(_has(behind.get(word, ()), start, end) for word in (b"", *words))

    def _made_behind(self, token: bytes) -> dict[bytes, list[int]]:
        """Return where a token stands, by the word right before it; none (`x()->y`) is empty."""
        found: dict[bytes, list[int]] = {}
        text = self._text
        for at in places_of(token, text, self.start, self.end):
            first = max(at - _BEFORE, 0)
            before = text[first:at].rstrip()
            word = _LAST_WORD.search(before)
            if word is None or word.start() == 0 or b"\n" in text[first + len(before) : at]:
                # What the look back cuts off is not known in full; a comment may end the line.
                name = b""
            else:
                name = word.group()
            found.setdefault(name, []).append(at)
        return found

    def landing(self, start: int, end: int) -> int | None:
        """Return an offset before which no code is that jumps in a part of the code lead to, however
        long it goes on from there; None if no `goto` is in that part.
        """
        jumps = self._jumps
        first = bisect_left(jumps, start, key=_place)
        last = bisect_left(jumps, end, key=_place)
        if not any(jump.label for jump in jumps[first:last]):
            return None
        return min(self._furthest[first:last])

    @property
    def _furthest(self) -> list[int]:
        """Return for each jump the offset before which nothing is that it leads to, or jumps from there."""
        if self._kept_furthest is None:
            self._kept_furthest = self._made_furthest()
        return self._kept_furthest

    def _made_furthest(self) -> list[int]:
        jumps = self._jumps
        lands = [self._lands(jump) for jump in jumps]
        # Of all jumps from one on, the first place that one of them leads to.
        behind = [*accumulate(reversed(lands), min)][::-1]
        known: dict[int, int] = {}
        found: list[int] = []
        for place in lands:
            way = [place]
            while way[-1] not in known:
                number = bisect_left(jumps, way[-1], key=_place)
                further = behind[number] if number < len(jumps) else way[-1]
                if further >= way[-1]:
                    known[way[-1]] = way[-1]
                else:
                    way.append(further)
            known.update(dict.fromkeys(way, known[way[-1]]))
            found.append(known[place])
        return found

    def _lands(self, jump: _Jump) -> int:
        """Return where a jump's label stands; the code's beginning where more has to be known to say
        what is behind it.
        """
        if self._kept_labels is None:
            self._kept_labels = self._made_labels()
        return self._kept_labels.get(jump.label, self.start)

    def _made_labels(self) -> dict[bytes, int]:
        found: dict[bytes, int] = {}
        for match in _MAY_BE_LABEL.finditer(self._text, self.start, self.end):
            name, at = match[1], match.start()
            lands = at if self._is_in_line(at) else self.start
            found[name] = min(lands, found.get(name, lands))
        return found

    def _is_in_line(self, at: int) -> bool:
        """Whether a label is in the outermost block, and no body of a loop there."""
        number = bisect_left(self._inner, (at, 0)) - 1
        if number >= 0 and at < self._inner[number][1]:
            return False
        before = self._text[max(self.start, at - _FAR) : at]
        rest = _BLANK_TO_END.search(before)
        return rest is not None and before[: rest.start()].endswith((b";", b"}", b"{"))


def branches_of(text: bytes, start: int, end: int) -> CodeBranches | None:
    """Return the branches of bytes [`start`, `end`) of a text, or None where braces do not tell them.

    >>> code = b"void f(void) { if (a) { g(); } else goto out; }"
    >>> found = branches_of(code, 0, len(code))
    >>> [code[one.start : one.end] for one in found.within(0, len(code), is_else=True)]
    [b' goto out;']
    """
    return _Reading(text, start, end).read()


class _Before(Struct, frozen=True):
    """What stands before a piece of the code, with nothing but words, blanks and comments between.

    The head of an `if`, its block, or an `else`; `head` is that of the `if`.
    """

    kind: str
    head: tuple[int, int] | None = None


_NOTHING = _Before("")


class _Reading:
    """Reads a stretch piece by piece."""

    def __init__(self, text: bytes, start: int, end: int) -> None:
        self._text, self._start, self._end = text, start, end
        self._branches: list[CodeBranch] = []
        self._jumps: list[_Jump] = []
        self._inner: list[tuple[int, int]] = []
        self._last: tuple[int, tuple[int, int] | None] = (start, None)
        """Where the last statement without braces ends, and the head before it."""

    def read(self) -> CodeBranches | None:
        """Return the branches, or None where braces or heads do not fit."""
        text, start = self._text, self._start
        if byte_before(text, start) == b"\n":
            start -= 1
        read, before = start, _NOTHING
        waiting: list[tuple[int, _Before]] = []
        for match in _PIECE.finditer(text, start, self._end):
            at, piece = match.start(), match.group()
            if at < read or piece[0] in b"\"'":
                # What is in the head of an `if` was read with it; a string is code.
                continue
            if before is not _NOTHING and _MORE.search(text, read, at) is not None:
                before = _NOTHING
            read = match.end()
            if piece[0] in b"/\n":
                if waiting and _CONDITIONAL.match(piece):
                    return None
            elif piece == b"{":
                waiting.append((at, before))
                before = _NOTHING
            elif piece == b"}":
                if not waiting:
                    return None
                begun, before = waiting.pop()
                if len(waiting) == 1:
                    self._inner.append((begun, read))
                before = self._after_block(before, begun, read)
            elif piece == b"if":
                read = self._end_of_head(read)
                if read < 0:
                    return None
                before = _Before("head", (at, read))
                self._note_statement(before, read)
            elif piece == b"else":
                before = _Before("else", self._head_of_else(before, at))
                self._note_statement(before, read)
            else:
                goto = _GOTO.match(text, at, self._end)
                computed = b"*" if piece == b"goto" else b""
                self._jumps.append(_Jump(at, goto[1] if goto is not None else computed))
                before = _NOTHING
        if waiting:
            return None
        return CodeBranches(text, self._start, self._end, self._branches, self._jumps, self._inner)

    def _end_of_head(self, at: int) -> int:
        """Return where the head ends whose `if` ends at an offset, or -1."""
        depth = 0
        for match in _BRACKET.finditer(self._text, at, self._end):
            bracket = match.group()
            if bracket == b"(":
                if depth == 0 and _MORE.search(self._text, at, match.start()) is not None:
                    return -1
                depth += 1
            elif bracket == b")":
                depth -= 1
                if depth <= 0:
                    return match.end() if depth == 0 else -1
            elif depth == 0 and bracket[:1] == b"/":
                at = match.end()
        return -1

    def _after_block(self, before: _Before, start: int, end: int) -> _Before:
        """Note a block; return what stands before the next piece."""
        if before is not _NOTHING:
            branch = CodeBranch(before.kind == "else", before.head, start, end)
            self._branches.append(branch)
        return _Before("block", before.head) if before.kind == "head" else _NOTHING

    def _note_statement(self, before: _Before, at: int) -> None:
        """Note the statement that begins at an offset, unless it is a block."""
        start = _next_code(self._text, at, self._end)
        if not self._text.startswith(b"{", start):
            end = self._end_of_statement(start)
            self._branches.append(CodeBranch(before.kind == "else", before.head, at, end, False))
            self._last = (end, before.head if before.kind == "head" else None)

    def _head_of_else(self, before: _Before, at: int) -> tuple[int, int] | None:
        """Return the head of the `if` to which an `else` belongs, or None where the text does not tell."""
        if before.kind == "block":
            return before.head
        end, head = self._last
        return head if _next_code(self._text, end, self._end) == at else None

    def _end_of_statement(self, start: int) -> int:
        """Return where a statement ends, or the head of one that has others in it."""
        text = self._text
        word = _WORD.match(text, start, self._end)
        if word is not None and word.group() == b"do":
            return word.end()
        if word is not None and text.startswith(b"(", _next_code(text, word.end(), self._end)):
            close = self._end_of_head(word.end())
            is_loop = close >= 0 and text.startswith(b"{", _next_code(text, close, self._end))
            if is_loop or (close >= 0 and word.group() in _HEADS):
                return close
        depth = 0
        for match in _BRACKET_OR_END.finditer(text, start, self._end):
            piece = match.group()
            if piece in (b"(", b"{"):
                depth += 1
            elif piece in (b")", b"}"):
                depth -= 1
                if depth < 0:
                    return match.start()
            elif piece == b";" and depth == 0:
                return match.end()
        return self._end


def _next_code(text: bytes, start: int, end: int) -> int:
    """Return where the first code at or behind an offset is."""
    blank = _BLANK.match(text, start, end)
    return blank.end() if blank is not None else start


def _has(places: Sequence[int], start: int, end: int) -> bool:
    """Whether one of some offsets in order is in [`start`, `end`)."""
    at = bisect_left(places, start)
    return at < len(places) and places[at] < end
