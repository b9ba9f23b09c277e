# SPDX-License-Identifier: GPL-2.0-only
"""Matching format strings piece by piece: `"...%@d@..."`.

In: a string of a pattern that has dots or metavariables in it. Out: its matcher. A string is seen
as text and conversions (C11 7.21.6.1); `%@f@` takes one conversion, `%@l@` of a format list a run
of pieces with a conversion in it, and `...` between conversions any run. Strings that are put
together of several literals are left alone, as spatch leaves them.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec import Struct

from vmaconv.cocci.match.attempt.state import Matcher, MatchState, Then
from vmaconv.cocci.match.attempt.value import BoundValue
from vmaconv.cocci.match.node.list_values import bind_length
from vmaconv.cocci.match.node.metavariable import constrained
from vmaconv.cocci.smpl.rule import Metavariable, PNode
from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.tree.node import Node

_CONVERSION = late_regex(
    rb"%(?!%)(?P<code>[-+ #0']*(?:\d+|\*)?(?:\.(?:\d+|\*)?)?(?:hh|h|ll|l|L|q|j|z|Z|t)?[A-Za-z])"
)
_VARIABLE = late_regex(rb"%@(?P<name>\w+)@")
_PIECE = late_regex(rb"%%|" + _VARIABLE.pattern + rb"|" + _CONVERSION.pattern)
_DOTS = b"..."


class _Piece(Struct, frozen=True):
    """A piece of a format string: `kind` is `text`, `format`, `variable`, `list` or `dots`."""

    kind: str
    text: bytes
    variable: Metavariable | None = None


def compile_format(pattern: PNode) -> Matcher:
    """Return the matcher of a string literal with dots or metavariables in it."""
    variables = {v.name.encode(): v for v in pattern.formats or ()}
    wanted = list(_wanted(pattern.text or b"", variables))

    def match(node: Node, state: MatchState, then: Then) -> bool:
        if node.kind != "string_literal":
            return False
        pieces = list(_pieces(_inside(node.text or b"")))
        if not any(piece.kind == "format" for piece in pieces):
            return False
        return _match(wanted, 0, pieces, 0, state, lambda: state.take(pattern, node, then))

    return match


def _inside(literal: bytes) -> bytes:
    return literal[literal.find(b'"') + 1 : -1]


def _pieces(text: bytes) -> Iterator[_Piece]:
    """Yield the text and conversions of a string, and `%@name@` as a `variable` without one."""
    at = start = 0
    while (match := _PIECE.search(text, at)) is not None:
        at = match.end()
        if match.group() == b"%%":
            continue
        if match.start() > start:
            yield _Piece("text", text[start : match.start()])
        start = at
        if match["name"] is not None:
            yield _Piece("variable", match["name"])
        else:
            yield _Piece("format", match["code"])
    if start < len(text):
        yield _Piece("text", text[start:])


def _wanted(literal: bytes, variables: dict[bytes, Metavariable]) -> Iterator[_Piece]:
    for piece in _pieces(_inside(literal)):
        if piece.kind == "variable":
            variable = variables[piece.text]
            kind = "list" if variable.kind == "format list" else "variable"
            yield _Piece(kind, piece.text, variable)
        elif piece.kind == "text" and piece.text == _DOTS:
            yield _Piece("dots", piece.text)
        else:
            yield piece


def _match(
    wanted: Sequence[_Piece],
    index: int,
    pieces: Sequence[_Piece],
    at: int,
    state: MatchState,
    then: Then,
) -> bool:
    if index == len(wanted):
        return at == len(pieces) and then()
    piece = wanted[index]

    after = index + 1
    if piece.kind in ("dots", "list"):
        least = at if piece.kind == "dots" else at + 1
        return any(
            _take_run(
                piece,
                pieces[at:end],
                state,
                lambda end=end: _match(wanted, after, pieces, end, state, then),  # type: ignore[misc]
            )
            for end in range(least, len(pieces) + 1)
        )
    if at == len(pieces):
        return False
    if piece.variable is None:
        return piece == pieces[at] and _match(wanted, after, pieces, at + 1, state, then)
    if pieces[at].kind != "format":
        return False
    return _bind(
        piece.variable,
        pieces[at].text,
        state,
        lambda: _match(wanted, after, pieces, at + 1, state, then),
    )


def _take_run(piece: _Piece, taken: Sequence[_Piece], state: MatchState, then: Then) -> bool:
    variable = piece.variable
    if variable is None:
        return then()
    count = sum(one.kind == "format" for one in taken)
    if count == 0 or (isinstance(variable.length, int) and variable.length != count):
        return False
    text = b"".join(b"%" * (one.kind == "format") + one.text for one in taken)
    if not isinstance(variable.length, str):
        return _bind(variable, text, state, then)
    value = BoundValue(text, text)
    return constrained(variable, value, state) and bind_length(variable, value, count, state, then)


def _bind(variable: Metavariable, text: bytes, state: MatchState, then: Then) -> bool:
    value = BoundValue(text, text)
    return constrained(variable, value, state) and state.bind(variable, value, then)
