# SPDX-License-Identifier: GPL-2.0-only
"""Braces around a body that plus code makes more than one statement.

In: a body without braces (`if (x) f();`) and the edits beside it. Out: the edits with the braces
that keep all of it under the `if`, set as Documentation/process/coding-style.rst has them: the
opening one on the head's line, `} else {` on one line.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from vmaconv.cocci.rewrite.edit import Edit
from vmaconv.cocci.rewrite.lines.indent import Style
from vmaconv.cocci.rewrite.lines.layout import width
from vmaconv.cocci.smpl.rule import PlusLine
from vmaconv.cocci.text.byte_before import byte_before
from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.text.trivia import comment_behind
from vmaconv.cocci.tree.node import STATEMENTS, Node

_HEADED = frozenset(
    {
        "do_statement",
        "for_statement",
        "if_statement",
        "iterator_statement",
        "switch_statement",
        "while_statement",
    }
)


_HEAD_COMMENT = late_regex(rb"[ \t]*(?:/\*[^\n]*?\*/[ \t]*)+|[ \t]*//[^\n]*")
"""What stands between a head and the brace that spatch gives it."""


class UnbracedBody(Struct, frozen=True):
    """The body `statement` of `control`, without braces.

    Bytes [`head`, `start`) are the gap before it, or before the first of its labels; `follower` is
    where the `else` or `while` behind it begins, if there is one.
    """

    statement: Node
    control: Node
    head: int
    start: int
    follower: int | None


def statement_at(node: Node | None, start: int, end: int) -> Node | None:
    """Return the statement around `node` that begins at `start` and ends at `end`, or None.

    A negative offset does not matter. A block is no such statement.
    """
    while node is not None and node.kind not in STATEMENTS:
        if node.start < start or 0 <= end < node.end:
            # What is around it begins no later, and ends no sooner.
            return None
        node = node.parent
    if node is None or node.kind == "compound_statement":
        return None
    if (start >= 0 and node.start != start) or (end >= 0 and node.end != end):
        return None
    return node


def body_of(statement: Node | None) -> UnbracedBody | None:
    """Return `statement` as a body without braces, or None where it stands in a block.

    In `if (x) out: f();` that is what stands behind the label.
    """
    if statement is None:
        return None
    whole, control = statement, statement.parent
    while control is not None and control.kind == "labeled_statement":
        whole, control = control, control.parent
    if control is None or control.kind not in _HEADED:
        return None
    index = next(i for i, child in enumerate(control.children) if child is whole)
    before = control.children[index - 1]
    if index == 0 or before.text == b"(":
        return None
    after = control.children[index + 1 : index + 2]
    follower = after[0].start if after and after[0].text in (b"else", b"while") else None
    return UnbracedBody(statement, control, before.end, whole.start, follower)


def needs_braces(body: UnbracedBody, lines: Sequence[PlusLine], tidy: bool = True) -> bool:
    """Whether plus code that replaces the body has to be a block.

    It has to where it is more than one statement, or an `if` that would take the `else` behind it;
    so is one under `#if`, which may not be there.
    Where it need not be `tidy`, an `if` gets braces in any case, as from spatch.
    """
    depth = statements = 0
    tokens = [token for line in lines for token in line.code]
    for token in tokens:
        if token.text in ("(", "[", "{"):
            depth += 1
        elif token.text in (")", "]", "}"):
            depth -= 1
        statements += depth == 0 and token.text in (";", "}")
    first = tokens[0].text if tokens else ""
    if any(token.kind == "directive" for token in tokens):
        return True
    if not tidy and (first == "if" or not any(t.text == "if" for t in tokens)):
        return statements > 1 or first == "if"
    return statements > 1 or (first in ("if", "for", "while") and body.follower is not None)


def depth(node: Node) -> int:
    """Return how many nodes stand around a node."""
    return sum(1 for _ in node.ancestors())


class Bracing:
    """Sets braces in one text, whose line end is `newline`."""

    def __init__(self, text: bytes, newline: bytes, style: Style, cuddled: bool = True) -> None:
        """`cuddled` sets `} else {` on one line, as the kernel does and spatch does not."""
        self._cuddled = cuddled
        self._text = text
        self._style = style
        self._newline = newline

    def indent(self, body: UnbracedBody) -> int:
        """Return the column that the statements between the braces get."""
        start = body.statement.start
        if not self._cuddled and self._begins_line(start):
            return self._column(body.statement)
        return self._column(body.control) + self._style.step

    def _begins_line(self, at: int) -> bool:
        return not self._text[self._text.rfind(b"\n", 0, at) + 1 : at].strip()

    def enclose(self, body: UnbracedBody, edits: Sequence[Edit], rule: str) -> list[Edit]:
        """Return `edits` with braces around `body` and what they insert behind it."""
        out = list(edits)
        line_end = self._text.find(b"\n", body.statement.end)
        line_end = line_end if line_end >= 0 else len(self._text)
        stop, tail = comment_behind(self._text, body.statement.end), b""
        for edit in edits:
            if edit.start == edit.end and body.statement.end <= edit.start <= line_end:
                out.remove(edit)
                stop, tail = edit.start, tail + edit.text
        close = tail + self._newline + self._style.lead(self._column(body.control)) + b"}"
        joins = self._cuddled and body.follower is not None
        if joins and body.follower and not self._text[stop : body.follower].strip():
            out.append(Edit(stop, body.follower, close + b" ", rule))
        else:
            out.append(Edit(stop, stop, close, rule, -depth(body.statement)))
        out.append(self._opening(body, rule))
        return out

    def enclose_rest(self, body: UnbracedBody, edits: Sequence[Edit], rule: str) -> list[Edit]:
        """Return `edits` with braces around what they leave of `body`, whose own head goes."""
        start, end = body.statement.start, body.statement.end
        stop, close = end, self._style.lead(self._column(body.control)) + b"}"
        if body.follower is not None and not self._text[end : body.follower].strip():
            stop, close = body.follower, close + b" "
        last = next((e for e in edits if e.start < end <= e.end and not e.text), None)
        out = [
            self._on_lines_of_their_own(edit, body)
            if edit.start <= start < edit.end and edit.text.strip()
            else edit
            for edit in edits
            if edit is not last
        ]
        if last is None:
            out.append(Edit(end, stop, self._newline + close, rule, -depth(body.statement)))
        else:
            # Its own brace goes: another takes its place.
            line = self._text.rfind(b"\n", 0, last.start) + 1
            alone = not self._text[line : last.start].strip()
            at, text = (line, close) if alone else (last.start, self._newline + close)
            out.append(Edit(at, stop, text, rule))
        out.append(Edit(body.head, body.head, b" {", rule))
        return out

    def join_block(
        self, body: UnbracedBody, block: int, edits: Sequence[Edit], rule: str
    ) -> list[Edit]:
        """Return `edits` with the block that is left of `body`, at `block`, on the head's line."""
        out = [edit for edit in edits if not (body.head <= edit.start and edit.end <= block)]
        out.append(Edit(body.head, block, b" ", rule))
        return out

    def _on_lines_of_their_own(self, edit: Edit, body: UnbracedBody) -> Edit:
        """Return what takes the place of a body's head behind the line of the brace."""
        if b"\n" in self._text[body.head : edit.start] or body.start < body.statement.start:
            return edit
        lead = self._newline + self._style.lead(self.indent(body))
        return replace(edit, start=body.head, text=lead + edit.text.strip())

    def _opening(self, body: UnbracedBody, rule: str) -> Edit:
        start, head = body.start, body.head
        if not self._cuddled:
            comment = _HEAD_COMMENT.match(self._text, head)
            if comment is not None and b"//" in comment.group():
                lead = self._style.lead(self._column(body.control))
                return Edit(comment.end(), comment.end(), self._newline + lead + b"{", rule)
            head = comment.end() if comment is not None else head
        brace = b"{" if byte_before(self._text, head) in (b" ", b"\t") else b" {"
        if b"\n" in self._text[head:start]:
            return Edit(head, head, brace, rule)
        line = brace + self._newline + self._style.lead(self.indent(body))
        return Edit(head, start, line, rule)

    def _column(self, node: Node) -> int:
        start = self._text.rfind(b"\n", 0, node.start) + 1
        line = self._text[start : node.start]
        return width(line[: len(line) - len(line.lstrip())])
