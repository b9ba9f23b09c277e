# SPDX-License-Identifier: GPL-2.0-only
"""Isomorphism files.

In: the text of a `.iso` file. Out: `Isomorphism`s, whose sides are patterns. An entry is a kind, a
header with a name and metavariables as in a rule, and sides with arrows between them:

    Expression
    @is_zero@
    expression a;
    @@
    a == 0 => !a

Each side is parsed as the body of a rule with those metavariables.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from vmaconv.cocci.smpl.parse import parse_text
from vmaconv.cocci.smpl.rule import CodeRule, PNode
from vmaconv.cocci.text.late_regex import late_regex


class Isomorphism:
    """`A <=> B => C` with a name and a kind (`Expression`, `TestExpression`, `Statement`, ...).

    `both[i]` says whether the arrow between `sides[i]` and `sides[i + 1]` points both ways. `pure` are
    metavariables that stand only for code whose own metavariables occur nowhere else. `marks` are for
    each side the words and the punctuation that it has besides its metavariables: a pattern that is a
    spelling of the side has them, too.
    """

    def __init__(self, entry: re.Match[str], path: str) -> None:
        self.kind, self.name, variables, body = map(str, entry.groups())
        arrows = list(_ARROW.finditer(body))
        self.both = tuple(arrow[0] == "<=>" for arrow in arrows)
        self.pure = frozenset(
            word for line in _PURE.findall(variables) for word in _NAME.findall(line)
        )
        starts = [0, *(arrow.end() for arrow in arrows)]
        ends = [*(arrow.start() for arrow in arrows), len(body)]
        texts = [body[start:end] for start, end in zip(starts, ends, strict=True)]
        own = frozenset(_WORD.findall(variables.encode()))
        self.marks = tuple(
            frozenset(marks_in(text.replace("...", "").encode()) - own) for text in texts
        )
        plain = entry.string
        self.path = path
        self._variables = _MODIFIER.sub("", variables).splitlines()
        self._variables_at = plain.count("\n", 0, entry.start(3))
        self._texts = [text.strip() for text in texts]
        self._lines = [
            plain.count("\n", 0, entry.start(4) + start + len(text) - len(text.lstrip())) + 1
            for start, text in zip(starts, texts, strict=True)
        ]
        self._sides: tuple[PNode, ...] | None = None

    @property
    def sides(self) -> tuple[PNode, ...]:
        """The patterns, read when they are first asked for; raises `SmplError`."""
        if self._sides is None:
            read_together([self])
        assert self._sides is not None
        return self._sides

    def as_rules(self) -> Iterator[tuple[int, str]]:
        """Yield the lines of a rule file that has each side as a rule, with their numbers (from 1) in
        the isomorphism file.
        """
        for first, text in zip(self._lines, self._texts, strict=True):
            head = ["@@", *self._variables, "@@"]
            yield from enumerate(head, self._variables_at)
            # A leading blank keeps a parenthesis in the first column from starting a disjunction.
            yield from enumerate(f" {text}".splitlines(), first)

    def starts(self) -> Iterator[frozenset[bytes]]:
        """Yield the marks of each side that may be rewritten to another."""
        for number, marks in enumerate(self.marks):
            if any(True for _ in self.reachable(number)):
                yield marks

    def reachable(self, start: int) -> Iterable[int]:
        """Return the sides that side `start` may be rewritten to."""
        yield from range(start + 1, len(self.both) + 1)
        index = start - 1
        while index >= 0 and self.both[index]:
            yield index
            index -= 1


_ENTRY = late_regex(
    r"^([A-Za-z]+)\n@[ \t]*(\w+)[ \t]*@\n(.*?)^@@\n(.*?)(?=^[A-Za-z]+\n@|\Z)", re.M | re.S
)
_COMMENT = late_regex(r"//[^\n]*")
_WORD = late_regex(rb"\w+")
_MARK = late_regex(rb"\w+|[^\w\s]")
_ARROW = late_regex(r"<=>|=>")
_PURE = late_regex(r"^pure\b([^;]*)", re.M)
_NAME = late_regex(r"\w+(?=\s*(?:,|\Z))")
_MODIFIER = late_regex(r"^(?:(?:pure|context)[ \t]+)+", re.M)


def marks_in(text: bytes) -> set[bytes]:
    """Return the words and the punctuation of a text.

    >>> sorted(marks_in(b"a == a"))
    [b'=', b'a']
    """
    return set(_MARK.findall(text))


def unread_isomorphisms(text: str, path: str) -> list[Isomorphism]:
    """Return the isomorphisms of a file that is known to be right: sides are read when needed.

    >>> text = "Expression\\n@p@\\nexpression e;\\n@@\\n (e) => e\\n"
    >>> [(iso.name, sorted(iso.marks[0])) for iso in unread_isomorphisms(text, "x.iso")]
    [('p', [b'(', b')'])]
    """
    plain = _COMMENT.sub("", text)
    return [Isomorphism(entry, path) for entry in _ENTRY.finditer(plain)]


def parse_isomorphisms(text: str, path: str) -> list[Isomorphism]:
    """Return the isomorphisms of a file; raise `SmplError` for an entry that is not understood."""
    found = unread_isomorphisms(text, path)
    read_together(found)
    return found


def read_together(isomorphisms: Iterable[Isomorphism]) -> None:
    """Read the sides of isomorphisms, those of a file as the rules of one; raises `SmplError`."""
    unread: dict[str, list[Isomorphism]] = {}
    for iso in isomorphisms:
        if iso._sides is None:
            unread.setdefault(iso.path, []).append(iso)
    for path, those in unread.items():
        patterns = _patterns(those, path)
        for iso in those:
            iso._sides = tuple(next(patterns) for _ in iso.marks)


def _patterns(isomorphisms: Sequence[Isomorphism], path: str) -> Iterator[PNode]:
    """Return the sides of isomorphisms, in order."""
    numbered = [line for iso in isomorphisms for line in iso.as_rules()]
    text = "".join(f"{line}\n" for _, line in numbered)
    for rule in parse_text(text, path, numbers=[number for number, _ in numbered]).rules:
        assert isinstance(rule, CodeRule)
        pattern = rule.pattern
        if pattern.kind == "sequence" and len(pattern.children) == 1:
            only = pattern.children[0]
            assert isinstance(only, PNode)
            pattern = only
        yield pattern
