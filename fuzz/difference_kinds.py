# SPDX-License-Identifier: GPL-2.0-only
"""Differences between spatch and us that are known, by kind: what `smpl_differences` need not show.

In: a case, what both made of it, what we said, and the lines that spatch says it cannot read. Out: the
name of a kind, or None. docs/spatch.md and its cases hold the kinds; here they are told by what a
difference looks like, so that a new fault that looks the same is not seen: as few as pay, each narrow.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

NOTE = re.compile(r"[ \t]*(?:/\*.*?\*/|//[^\n]*)", re.S)
_TOKEN = re.compile(r"//[^\n]*|/\*.*?\*/|\"(?:\\.|[^\"\\])*\"|[A-Za-z_]\w*|\d+|\s+|.", re.S)
_REASONS = (
    "it would take along what the rule does not see",
    "its + code would come once for each of several",
    "overlaps another change",
    "which stands for nothing here",
)
_BEGINS_BEFORE_DOTS = re.compile(r"E[^\n]*;?\n(?:[+|)].*\n)*\s*(?:\.\.\.|<\.\.\.|<\+\.\.\.)")
_HEAD = re.compile(r"^\s*(?:\w+ )?(?:\w+ )?f\(.*\{ \.\.\. \}", re.M)
_DECLARER = re.compile(r"(?:static )?[A-Za-z_]+\(\w*\);$")
_SEVERAL = re.compile(r"(?:\w+ )*\w+ (?:\**\w+(?: = [^;]+)?|\(\*\w+\)\([^)]*\)), .*;")
_LOOP = re.compile(r"for \(\w+ \w+ = ")
_EXITS = re.compile(r"\bf\(.*\{\n\s*\.\.\.[^\n]*\n\+ .*\n\s*\}\s*\Z")


@dataclass(frozen=True)
class Difference:
    """A case in which both made something, and not the same."""

    rule: str
    code: str
    peer: str
    own: str
    said: Sequence[str]
    unread: Collection[str]
    """Lines of the code, without blanks around them, that spatch cannot read."""
    retried: bool
    """Whether spatch read some of it only with the file's own macros expanded."""


def tokens(text: str) -> list[str]:
    """Return the tokens of a text, without blanks."""
    return [t for t in _TOKEN.findall(text) if not t.isspace()]


def kind_of(found: Difference) -> str | None:
    """Return the kind of a difference, or None for one that is worth a look."""
    return next((name for name, is_one in _KINDS.items() if is_one(found)), None)


def _is_said(found: Difference) -> bool:
    return bool(found.said) and all(any(r in line for r in _REASONS) for line in found.said)


def _lines(found: Difference) -> list[list[str]]:
    """Return the lines of spatch's text that are others in ours, by place, or those beside a place
    where ours has more."""
    peer, own = (NOTE.sub("", text).splitlines() for text in (found.peer, found.own))
    ranges = SequenceMatcher(None, *([x.strip() for x in y] for y in (peer, own)), False)
    return [
        [x.strip() for x in (peer[a:b] if b > a else peer[max(a - 1, 0) : a + 1])]
        for tag, a, b, _, _ in ranges.get_opcodes()
        if tag != "equal"
    ]


def _everywhere(is_one: Callable[[Difference, str], bool]) -> Callable[[Difference], bool]:
    """Return whether each place has a line of a kind."""
    return lambda found: all(any(is_one(found, x) for x in place) for place in _lines(found))


def _is_expanded(found: Difference, line: str) -> bool:
    """Whether spatch may have read a line with the file's macros in the place of their names."""
    return found.retried and any(
        re.search(rf"\b{name}\b", line) for name in re.findall(r"#define (\w+)", found.code)
    )


def _without(drop: Callable[[str], bool]) -> Callable[[Difference], bool]:
    def is_one(found: Difference) -> bool:
        peer, own = ([t for t in tokens(text) if not drop(t)] for text in (found.peer, found.own))
        return peer == own

    return is_one


def _is_above_head(found: Difference) -> bool:
    """`+ /* about f */` before a head: spatch puts it before some prototypes, too."""
    last = found.rule.rstrip().splitlines()[-2:]
    return len(last) == 2 and last[0].startswith("+ ") and _HEAD.match(last[1]) is not None


_KINDS: dict[str, Callable[[Difference], bool]] = {
    "left, and said": _is_said,
    "where a comment goes": _without(lambda t: t.startswith(("//", "/*"))),
    "parentheses that keep a value": _without(lambda t: t in ("(", ")")),
    "lines of a macro end in a backslash": _without(lambda t: t == "\\"),
    "spatch cannot read the code": _everywhere(lambda found, line: line in found.unread),
    "spatch reads the code with macros expanded": _everywhere(_is_expanded),
    "calls of declarers": lambda found: (
        "declarer" in found.rule
        and _everywhere(lambda _, line: _DECLARER.match(line) is not None)(found)
    ),
    "one of several names": _everywhere(lambda _, line: _SEVERAL.match(line) is not None),
    "the head of a `for` with a declaration": _everywhere(lambda _, line: bool(_LOOP.match(line))),
    "a macro's parameter is local": lambda found: (
        "local idexpression" in found.rule
        and _everywhere(lambda _, line: line.startswith("#define "))(found)
    ),
    "an argument is added where there is none": lambda found: (
        "(L\n+ , " in found.rule and _everywhere(lambda _, line: "()" in line)(found)
    ),
    "several of these": _everywhere(
        lambda found, line: (
            line in found.unread
            or _is_expanded(found, line)
            or any(shape.match(line) is not None for shape in (_SEVERAL, _LOOP))
        )
    ),
    "dots begin at each": lambda found: _BEGINS_BEFORE_DOTS.search(found.rule) is not None,
    "a head's plus code at prototypes": _is_above_head,
    "code before the end of inner blocks": lambda found: _EXITS.search(found.rule) is not None,
}
