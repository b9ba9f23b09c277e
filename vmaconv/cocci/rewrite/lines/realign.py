# SPDX-License-Identifier: GPL-2.0-only
"""Lines that go on a list in parentheses, moved along with the parenthesis.

In: a stretch of a text before and after edits. Out: the columns of lines that stood right behind an
open parenthesis and no longer do: `f(a,` became `longer(a,`, and the arguments below it go to the
right (Documentation/process/coding-style.rst: descendants are aligned with the open parenthesis).
"""

from __future__ import annotations

import re
from collections.abc import Callable

from vmaconv.cocci.rewrite.lines.layout import width
from vmaconv.cocci.text.c_lexer import ANY_COMMENT, QUOTED
from vmaconv.cocci.text.late_regex import late_regex

_TOKEN = late_regex(
    QUOTED + rb"|" + ANY_COMMENT + rb"|^[ \t]*\#(?:[^\n\\]|\\.)*|[(){}\[\];]|\n[ \t]*",
    re.DOTALL | re.MULTILINE,
)


def open_at_lines(text: bytes, start: int, end: int) -> dict[int, tuple[int, ...]]:
    """Return for each line that begins between parentheses where those that are open stand.

    Keys are the offsets of the lines' first tokens, within bytes [`start`, `end`).
    """
    found: dict[int, tuple[int, ...]] = {}
    stack: list[int] = []
    for match in _TOKEN.finditer(text, start, end):
        token = match.group()
        if token in (b"(", b"["):
            stack.append(match.start())
        elif token in (b")", b"]"):
            del stack[-1:]
        elif token in (b"{", b"}", b";"):
            # A block, or the end of a statement: nothing goes on behind it.
            stack.clear()
        elif token.startswith(b"\n") and stack:
            found[match.end()] = tuple(stack)
    return found


def realigned(
    old: bytes,
    new: bytes,
    stretches: tuple[tuple[int, int], tuple[int, int]],
    origin: Callable[[int], int | None],
) -> dict[int, int]:
    """Return the columns of lines of `new` that have to move, by the offsets of their first tokens.

    `stretches` are the bytes to look at in `old` and in `new`; `origin` says where a byte of `new`
    was in `old`, or None where it was written.
    """
    after = open_at_lines(new, *stretches[1])
    if not after:
        return {}
    before = open_at_lines(old, *stretches[0])
    moved: dict[int, int] = {}
    for first, opens in after.items():
        at = origin(first)
        were = before.get(at) if at is not None else None
        if at is None or were is None or len(were) != len(opens):
            continue
        was = _column(old, at)
        anchor = next((i for i in range(len(were)) if _column(old, were[-1 - i]) + 1 == was), None)
        if anchor is None:
            continue
        column = _column(new, opens[-1 - anchor]) + _shift(new, opens[-1 - anchor], moved) + 1
        if column != _column(new, first):
            moved[first] = column
    return moved


def _column(text: bytes, offset: int) -> int:
    return width(text[text.rfind(b"\n", 0, offset) + 1 : offset])


def _shift(text: bytes, offset: int, moved: dict[int, int]) -> int:
    """Return by how much the line around `offset` has been moved."""
    line = text.rfind(b"\n", 0, offset) + 1
    first = line + len(text[line:offset]) - len(text[line:offset].lstrip(b" \t"))
    return moved[first] - _column(text, first) if first in moved else 0
