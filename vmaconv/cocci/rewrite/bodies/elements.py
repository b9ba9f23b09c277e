# SPDX-License-Identifier: GPL-2.0-only
"""Where plus code goes that adds to a list in braces: initialisers, enumerators.

In: a text, and the token that plus code stands beside. Out: an `Element`: behind which element it goes,
whether that lacks its comma, and the column where elements begin lines of their own.
"""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from vmaconv.cocci.match.attempt.state import Taken
from vmaconv.cocci.rewrite.lines.layout import width
from vmaconv.cocci.smpl.rule import PlusBlock
from vmaconv.cocci.text.blanks import blank_end
from vmaconv.cocci.text.trivia import blank_out, comment_behind
from vmaconv.cocci.tree.node import STATEMENTS, Node

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
    needs_comma: bool = False
    """Whether the new element has to end with a comma: the one before it did."""

    def stop(self, text: bytes) -> int:
        """Return where the line goes on: behind a comment that is about the element."""
        return comment_behind(text, self.at) if self.column is not None else self.at


def element_of(text: bytes, taken: Taken, after: bool) -> Element | None:
    """Return the element that plus code goes behind, or None where it is about none."""
    node = taken.node
    if after and taken.token.text == b"{":
        return _first(text, node)
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


def _behind(text: bytes, taken: Taken) -> Element | None:
    """Return the element that a token ends, behind which `, X` goes; None where that is on its line."""
    node = taken.node
    while node is not None and not _in_list(node) and node.parent is not None:
        node = node.parent if node.parent.end == node.end else None
    if node is None or node.parent is None or node.text in (b"{", b"}", b","):
        return None
    comma = next((c for c in node.parent.children if c.start >= node.end and c.text == b","), None)
    behind = comma is not None and not text[node.end : comma.start].strip()
    at = comma.end if comma is not None and behind else node.end
    made = replace(_made(text, at, not behind), needs_comma=behind)
    return made if made.column is not None else None


def _first(text: bytes, opening: Node | None) -> Element | None:
    """Return the place before the first element, where that begins a line of its own."""
    if opening is None or opening.parent is None or not _in_list(opening):
        return None
    first = opening.parent.children[1]
    line = text.rfind(b"\n", 0, first.start) + 1
    lead = text[line : first.start]
    if first.text == b"}" or line < opening.end or lead.strip():
        return None
    return Element(opening.end, False, width(lead), False)


def among_fields_of_one_line(text: bytes, node: Node | None) -> bool:
    """Return whether a node stands among fields that are all on the line of their braces."""
    around = node
    while around is not None and around.kind != "field_declaration_list":
        around = around.parent if around.kind not in STATEMENTS else None
    return around is not None and b"\n" not in text[around.start : around.end]


def within_braces_of_line(text: bytes, start: int, end: int) -> bool:
    """Return whether braces around bytes [`start`, `end`) open and close on the line of these."""
    first = text.rfind(b"\n", 0, start) + 1
    last = text.find(b"\n", start)
    before, behind = text[first:start], text[end : last if last >= 0 else len(text)]
    inside = before.count(b"{") > before.count(b"}") and behind.count(b"}") > behind.count(b"{")
    return end <= last and inside


def with_comma(
    text: bytes, taken: Taken, element: Element | None, block: PlusBlock, after: bool
) -> tuple[Element | None, PlusBlock]:
    """Return where `, X` goes, and X: whether its comma is needed hangs on the list."""
    code = block.code
    if not code or code[0].text != ",":
        return element, block
    if after:
        element = _behind(text, taken)
    return element, block if element is None else _without_lead(block)


def _without_lead(block: PlusBlock) -> PlusBlock:
    """Return plus code that begins with a comma without that."""
    at = next(i for i, line in enumerate(block.lines) if line.code)
    line = block.lines[at]
    comma = line.code[0]
    after = comma.column + 1
    after += len(line.text[after:]) - len(line.text[after:].lstrip())
    tokens = (replace(t, column=t.column - after) for t in line.tokens if t.column >= after)
    rest = replace(line, text=line.text[after:], tokens=tuple(tokens))
    lines = (*block.lines[:at], *([rest] if rest.text.strip() else []), *block.lines[at + 1 :])
    return replace(block, lines=lines)


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
