# SPDX-License-Identifier: GPL-2.0-only
"""Where plus code goes that adds to a list in braces: initialisers, enumerators.

In: a text, and the token that plus code stands beside. Out: an `Element`: behind which element it goes,
whether that lacks its comma, and the column where elements begin lines of their own.
"""

from __future__ import annotations

from msgspec import Struct

from vmaconv.cocci.match.attempt.state import Taken
from vmaconv.cocci.rewrite.lines.layout import width
from vmaconv.cocci.text.blanks import blank_end
from vmaconv.cocci.text.trivia import blank_out, comment_behind
from vmaconv.cocci.tree.node import Node

_LISTS = frozenset({"enumerator_list", "initializer_list"})

_FAR = 4096
"""Within how many bytes behind a list's last element its brace stands."""


class Element(Struct, frozen=True):
    """The place behind an element, or behind its comma; `column` is None where the list is on the
    line of its brace.
    """

    at: int
    lacks_comma: bool
    column: int | None
    is_last: bool

    def stop(self, text: bytes) -> int:
        """Return where the line goes on: behind a comment that is about the element."""
        return comment_behind(text, self.at) if self.column is not None else self.at


def element_of(text: bytes, taken: Taken, after: bool) -> Element | None:
    """Return the element that plus code goes behind, or None where it is about none."""
    node = taken.node
    if after and taken.token.text == b",":
        if taken.start == taken.end:
            # The rule has a comma here; the code's last element has none.
            made = _made(text, taken.end, True)
            return made if made.is_last else None
        return _made(text, taken.end, False) if _in_list(node) else None
    if not after and taken.token.text == b"}" and node is not None and _in_list(node):
        assert node.parent is not None
        last = node.parent.children[-2]
        if last.text != b"{":
            return _made(text, last.end, last.text != b",")
    return None


def _in_list(node: Node | None) -> bool:
    return node is not None and node.parent is not None and node.parent.kind in _LISTS


def _made(text: bytes, at: int, lacks_comma: bool) -> Element:
    start = text.rfind(b"\n", 0, at) + 1
    line = text[start:at]
    stop = comment_behind(text, at)
    opens = line.count(b"{") > line.count(b"}")
    ends = text[stop : stop + 1] in (b"\n", b"\r", b"")
    blanks = len(line) - len(line.lstrip())
    column = width(line[:blanks]) if ends and not opens else None
    code = blank_out(text[at : at + _FAR], strings=False)
    return Element(at, lacks_comma, column, code[blank_end(code, 0) :][:1] == b"}")
