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

from msgspec import Struct

from vmaconv.cocci.smpl.parse import parse_text
from vmaconv.cocci.smpl.rule import CodeRule, PNode
from vmaconv.cocci.text.late_regex import late_regex


class Isomorphism(Struct, frozen=True):
    """`A <=> B => C` with a name and a kind (`Expression`, `TestExpression`, `Statement`, ...).

    `both[i]` says whether the arrow between `sides[i]` and `sides[i + 1]` points both ways.
    """

    name: str
    kind: str
    sides: tuple[PNode, ...]
    both: tuple[bool, ...]
    pure: frozenset[str] = frozenset()
    """Metavariables that stand only for code whose own metavariables occur nowhere else."""

    def reachable(self, start: int) -> Iterable[int]:
        """Return the sides that side `start` may be rewritten to."""
        yield from range(start + 1, len(self.sides))
        index = start - 1
        while index >= 0 and self.both[index]:
            yield index
            index -= 1


_ENTRY = late_regex(
    r"^([A-Za-z]+)\n@[ \t]*(\w+)[ \t]*@\n(.*?)^@@\n(.*?)(?=^[A-Za-z]+\n@|\Z)", re.M | re.S
)
_ARROW = late_regex(r"\s*(<=>|=>)\s*")
_PURE = late_regex(r"^pure\b([^;]*)", re.M)
_NAME = late_regex(r"\w+(?=\s*(?:,|\Z))")
_MODIFIER = late_regex(r"^(?:(?:pure|context)[ \t]+)+", re.M)


def parse_isomorphisms(text: str, path: str) -> Iterator[Isomorphism]:
    """Yield the isomorphisms of a file; raise `SmplError` for an entry that is not understood.

    >>> text = "Expression\\n@p@\\nexpression e;\\n@@\\n (e) => e\\n"
    >>> [iso.name for iso in parse_isomorphisms(text, "x.iso")]
    ['p']
    """
    plain = re.sub(r"//[^\n]*", "", text)
    entries = list(_ENTRY.finditer(plain))
    sides = iter(_sides(plain, entries, path))
    for entry in entries:
        kind, name, metavariables, body = entry.groups()
        parts = _ARROW.split(body.strip())
        own = tuple(next(sides) for _ in parts[::2])
        both = tuple(arrow == "<=>" for arrow in parts[1::2])
        pure = (words for line in _PURE.findall(metavariables) for words in _NAME.findall(line))
        yield Isomorphism(name, kind, own, both, frozenset(pure))


def _sides(plain: str, entries: Sequence[re.Match[str]], path: str) -> Iterator[PNode]:
    """Return the sides of all entries, in order, which are read as the rules of one file."""
    lines: list[str] = []
    numbers: list[int] = []
    for entry in entries:
        _, _, metavariables, body = entry.groups()
        head = ["@@", *_MODIFIER.sub("", metavariables).splitlines(), "@@"]
        above = plain.count("\n", 0, entry.start(3))
        at = entry.start(4)
        for part in _ARROW.split(body)[::2]:
            start = plain.index(part, at)
            at = start + len(part)
            lines += head
            numbers += range(above, above + len(head))
            # A leading blank keeps a parenthesis in the first column from starting a disjunction.
            code = f" {part.strip()}".splitlines()
            first = plain.count("\n", 0, start + len(part) - len(part.lstrip())) + 1
            lines += code
            numbers += range(first, first + len(code))
    if not lines:
        return
    for rule in parse_text("\n".join(lines) + "\n", path, numbers=numbers).rules:
        assert isinstance(rule, CodeRule)
        pattern = rule.pattern
        if pattern.kind == "sequence" and len(pattern.children) == 1:
            only = pattern.children[0]
            assert isinstance(only, PNode)
            pattern = only
        yield pattern
