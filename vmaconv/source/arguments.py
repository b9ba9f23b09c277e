"""Make expressions of what macros take as arguments and functions do not.

In:   tokens without attributes, and the calls that `definitions` made declarations.
Out:  edits: `container_of(p, struct s, m)` becomes `container_of(p, struct_s, m)`,
      `cmp(a, <, b)` becomes `cmp(a, _, b)`.
Left to others: parameter lists, casts, and what the grammar knows (`sizeof(struct s)`).
"""

import re

from vmaconv.source.items import TYPE, Work
from vmaconv.source.tokens import Tokens

# An argument that begins with a type or a statement, or is an operator, or is nothing.
_SUSPECT = re.compile(
    rb"(?<=[(,])(?:[qts]|[rgbwfd]|[co=*&?:.]+(?=[,)])|\{(?=[.[])|\.(?=i)|\[i\](?=[\"i])|:+|(?=,)|(?<=,)(?=\))|i[*q]*\*(?=[,)]))"
    rb"|(?<=\))[i{0\"](?<!\*\).)|(?<=[(,]i)i"
)
_PERCENT = re.compile(rb"%+(?=\w)")
# Statements in a call's parentheses, found with brackets nested no deeper than this.
_STATEMENTS = re.compile(
    rb"i(\((?:[^;(){}]++|\((?:[^;(){}]++|\([^;(){}]*+\))*+\))*+);(?![^(){};]*;[^(){};]*\)[{])"
)
_POINTER = re.compile(rb"q*(?:si|[tq]+|i)[q*]*\*q*i\Z")
_BEFORE_CALL = b"(,=o&?r[.uecw:f"


def mask_arguments(work: Work) -> None:
    """Rewrite the arguments of calls that are no expressions."""
    tokens = work.tokens
    done = -1
    for match in _SUSPECT.finditer(tokens.kinds):
        first = match.start()
        if first < done:
            continue
        opening = tokens.enclosing(first)
        if opening < 0 or tokens.kinds[opening] not in b"(" or opening in work.declared:
            continue
        if not is_call(work, opening):
            continue
        before = tokens.at(first - 1)
        if before in b")":
            _separate(work, first)
            continue
        if before in b"i":
            _add(work, first)
            continue
        end = _end_of_argument(tokens, first)
        _mask_argument(work, first, end)
        if tokens.at(first) not in b"rgbwfd.[:":
            done = end
    for match in _PERCENT.finditer(tokens.text):
        before = tokens.first_from(match.start()) - 1
        if tokens.at(before) in b"(,":
            work.edits.underline(*match.span())
            work.edits.mark(*match.span(), "operator_argument")
    for match in _STATEMENTS.finditer(tokens.kinds):
        opening = match.start(1)
        if opening not in work.declared and is_call(work, opening):
            _join_statements(work, opening)


def _join_statements(work: Work, opening: int) -> None:
    """Make `f(a; b;)` a call with two arguments."""
    tokens = work.tokens
    closing = tokens.partner[opening]
    index = opening + 1
    while index < closing:
        if tokens.kinds[index] in b";":
            start = tokens.starts[index]
            work.edits.put(start, b" " if tokens.at(index + 1) in b"),;" else b",")
            work.edits.mark(start, start + 1, "operator_argument")
        index = max(tokens.partner[index], index) + 1


def is_call(work: Work, opening: int) -> bool:
    """Say if a parenthesis opens a call's arguments, not parameters, a cast or a condition."""
    tokens = work.tokens
    name = opening - 1
    if tokens.at(name) not in b"i":
        return False
    before = tokens.at(name - 1)
    if before in b"S":
        return False
    if before in b"qtsi":
        return before in b"q" and tokens.at(name - 2) in b";{}"
    if before not in b"*":
        return True
    index = name - 1
    while tokens.at(index) in b"*q" and index >= 0:
        index -= 1
    if tokens.at(index) in b"t" or tokens.at(index - 1) in b"s":
        return False
    return not (tokens.at(index) in b"i" and tokens.at(index - 1) in b";{}q")


def _end_of_argument(tokens: Tokens, index: int) -> int:
    kinds = tokens.kinds
    while index < len(kinds) and kinds[index] not in b",)":
        partner = tokens.partner[index]
        index = partner + 1 if partner > index else index + 1
    return index


def _mask_argument(work: Work, first: int, end: int) -> None:
    tokens, edits = work.tokens, work.edits
    if first == end:
        _fill(work, first)
        return
    kind = tokens.kinds[first]
    start, stop = tokens.starts[first], tokens.ends[end - 1]
    if kind in b"qtsi":
        _glue_type(work, first, end)
    elif kind in b"wf":
        edits.blank(start, tokens.ends[first], "statement_argument")
    elif kind in b"d":
        _undo(work, first, end)
    elif kind in b"rgb":
        if end > first + 1 and tokens.at(first + 1) in b"i0":
            _glue(work, first, first + 2)
        else:
            edits.put(tokens.ends[first] - 1, b"_")
        edits.mark(start, stop, "statement_argument")
    elif kind in b"." and end > first + 1:
        edits.put(start, b"_".ljust(tokens.ends[first] - start, b"_"))
        edits.mark(start, stop, "operator_argument")
    elif kind in b"[":
        edits.underline(start, tokens.ends[first + 2])
        edits.mark(start, tokens.ends[first + 2], "operator_argument")
    elif kind in b":" and end > first + 1:
        edits.put(start, b" ")
        edits.mark(start, start + 1, "operator_argument")
        if tokens.at(first + 1) in b"[":
            _mask_argument(work, first + 1, end)
    elif kind in b"{":
        _unbrace(work, first, end)
    else:
        edits.underline(start, stop)
        edits.mark(start, stop, "operator_argument")


def _fill(work: Work, index: int) -> None:
    """Put a number where an argument is missing, or drop the comma where there is no room."""
    tokens, edits = work.tokens, work.edits
    if tokens.enclosing(index) in work.ended:
        return
    place = edits.space_between(tokens.ends[index - 1], tokens.starts[index])
    comma = tokens.starts[index if tokens.at(index) in b"," else index - 1]
    if place >= 0:
        edits.put(place, b"0")
        edits.mark(place, place + 1, "operator_argument")
        return
    edits.mark(comma, comma + 1, "operator_argument")
    if tokens.at(index) in b"," and tokens.text[comma + 1 : comma + 2] == b" ":
        edits.put(comma, b"0,")
    else:
        edits.put(comma, b" ")


def _glue_type(work: Work, first: int, end: int) -> None:
    """Make a type one identifier: `struct s *` is `struct_s__`, `struct s *p` is `struct_s *p`."""
    tokens, edits = work.tokens, work.edits
    kinds = tokens.kinds
    start, stop = tokens.starts[first], tokens.ends[end - 1]
    edits.mark(start, stop, "type_argument")
    named = _POINTER.match(kinds, first, end)
    if named:
        last = first
        while kinds[last] not in b"*":
            last += 1
        _glue(work, first, last)
        return
    if end == first + 1:
        edits.put(stop - 1, b"_")
        return
    shape = TYPE.match(kinds, first, end)
    if shape is not None and shape.end() < end and kinds[shape.end()] in b"[":
        _glue(work, first, shape.end())
        return
    _glue(work, first, end)


def _glue(work: Work, first: int, end: int) -> None:
    """Join tokens into one identifier; across a line end, into two that are or-ed."""
    tokens, edits = work.tokens, work.edits
    position = tokens.starts[first]
    if end == first + 1:
        edits.put(tokens.ends[first] - 1, b"_")
        return
    for index in range(first, end):
        gap_end = tokens.starts[index]
        if b"\n" in tokens.text[position:gap_end]:
            place = edits.space_between(position, gap_end)
            edits.put(place, b"|") if place >= 0 else None
            if index == first + 1:
                edits.put(tokens.ends[first] - 1, b"_")
        else:
            edits.underline(position, gap_end)
        if tokens.kinds[index] not in b'qtsi0"':
            edits.underline(gap_end, tokens.ends[index])
        position = tokens.ends[index]


def _unbrace(work: Work, first: int, end: int) -> None:
    """Make an initialiser an expression: `{ .a = 1, .b = 2 }` becomes `( _a = 1, _b = 2 )`."""
    tokens, edits = work.tokens, work.edits
    edits.mark(tokens.starts[first], tokens.ends[end - 1], "operator_argument")
    for index in range(first, end):
        kind = tokens.kinds[index]
        start = tokens.starts[index]
        if kind in b"{":
            edits.put(start, b"(" if tokens.at(index + 1) not in b"}" else b"_")
        elif kind in b"}":
            edits.put(start, b")" if tokens.at(index - 1) not in b"{" else b"_")
        elif kind in b"," and tokens.at(index + 1) in b"}":
            edits.put(start, b" ")
        elif kind in b"." and tokens.at(index - 1) in b"{,":
            edits.put(start, b"_")


def _undo(work: Work, first: int, end: int) -> None:
    """Make `do { ... } while (c)` two arguments."""
    tokens, edits = work.tokens, work.edits
    edits.blank(tokens.starts[first], tokens.ends[first], "statement_argument")
    last = tokens.partner[first + 1] + 1
    if first < last < end and tokens.at(last) in b"w":
        edits.put(tokens.starts[last], b",    ")


def _add(work: Work, index: int) -> None:
    """Put a plus between two names that stand side by side as an argument."""
    tokens = work.tokens
    place = work.edits.space_between(tokens.ends[index - 1], tokens.starts[index])
    if place >= 0:
        work.edits.put(place, b"+")
        work.edits.mark(place, place + 1, "operator_argument")


def _separate(work: Work, index: int) -> None:
    """Put a comma between what stands side by side as an argument: `F(a) G(b)`, `if (c) s`."""
    tokens = work.tokens
    opening = tokens.partner[index - 1]
    if opening < 1 or tokens.at(opening - 1) not in b"iwf":
        return
    place = work.edits.space_between(tokens.ends[index - 1], tokens.starts[index])
    if place >= 0:
        commas = tokens.enclosing(index) not in work.ended
        work.edits.put(place, b"," if commas else b"|")
        work.edits.mark(place, place + 1, "operator_argument")
