"""Make expressions of what macros take as arguments and functions do not.

In:   tokens without attributes, and the calls that `definitions` made declarations.
Out:  edits: `container_of(p, struct s, m)` becomes `container_of(p, struct_s, m)`,
      `cmp(a, <, b)` becomes `cmp(a, _, b)`, `wait(c, return -EIO)` `wait(c, retur_,-EIO)`.
Left to others: parameter lists, casts, and what the grammar knows (`sizeof(struct s)`).
"""

import re

from vmaconv.source.items import TYPE, Work

_SUSPECT = re.compile(
    rb"(?<=[(,])(?:"
    rb"(?P<type>[qts]|i[*q]*\*(?=[,)]))"
    rb"|(?P<statement>[rgbwfd])"
    rb"|(?P<operator>[co=*&?:.]+(?=[,)]))"
    rb"|(?P<field>\.(?=i))"
    rb"|(?P<operand>:*\[i\](?=[\"i])|:+)"
    rb"|(?P<literal>\{)"
    rb"|(?P<nothing>(?=,)|(?<=,)(?=\)))"
    rb")|(?<=\))(?P<beside>[i{0])|(?<=[(,]i)(?P<names>i+)"
)
# Statements in a call's parentheses, found with brackets nested no deeper than this.
_STATEMENTS = re.compile(
    rb"i(\((?:[^;(){}]++|\((?:[^;(){}]++|\((?:[^;(){}]++|\([^;(){}]*+\))*+\))*+\)|\{[^{}]*+\})*+);"
)
_PERCENT = re.compile(rb"%+(?=\w)")


def mask_arguments(work: Work) -> None:
    """Rewrite the arguments of calls that are no expressions."""
    tokens = work.tokens
    for match in _STATEMENTS.finditer(tokens.kinds):
        opening = match.start(1)
        if opening not in work.declared and work.is_call(opening):
            _take_statements(work, opening)
    done = -1
    for match in _SUSPECT.finditer(tokens.kinds):
        first = match.start()
        if first < done:
            continue
        if first in work.blocks:
            done = work.blocks[first]
            continue
        opening = tokens.enclosing(first)
        if opening < 0 or tokens.kinds[opening] not in b"(" or opening in work.declared:
            continue
        if work.is_call(opening):
            done = _MASKS[match.lastgroup or ""](work, first, match.end())
    for match in _PERCENT.finditer(tokens.text):
        if tokens.at(tokens.first_from(match.start()) - 1) in b"(,":
            work.edits.underline(*match.span())
            work.edits.mark(*match.span(), "operator_argument")


def _type(work: Work, first: int, _end: int) -> int:
    """Make a type one identifier: `struct s *` is `struct_s__`, `struct s *p` is `struct_s *p`."""
    tokens, edits = work.tokens, work.edits
    kinds = tokens.kinds
    end = _end_of_argument(work, first)
    shape = TYPE.match(kinds, first, end)
    last = shape.end() if shape else end
    edits.mark(tokens.starts[first], tokens.ends[last - 1], "type_argument")
    if last < end and kinds[last] in b"i":
        # A declaration: the name stays in sight.
        assigned = kinds.find(b"=", last, end) >= 0
        if kinds[last - 1] in b"*" and not assigned:
            while kinds[last - 1] in b"*":
                last -= 1
            _glue(work, first, last)
        else:
            _glue(work, first, last)
            _put_between(work, last, b"," if assigned else b"+")
        return last
    if last < end and kinds[last] not in b"[":
        last = end
    _glue(work, first, last)
    return last


def _statement(work: Work, first: int, _end: int) -> int:
    end = _end_of_argument(work, first)
    work.edits.mark(work.tokens.starts[first], work.tokens.ends[end - 1], "statement_argument")
    _mask_statements(work, first, end)
    return first


def _operator(work: Work, first: int, end: int) -> int:
    start, stop = work.tokens.starts[first], work.tokens.ends[end - 1]
    work.edits.underline(start, stop)
    work.edits.mark(start, stop, "operator_argument")
    return end


def _field(work: Work, first: int, _end: int) -> int:
    """Make `F(.a = 1)` an assignment to `_a`."""
    start, stop = work.tokens.starts[first], work.tokens.ends[first]
    work.edits.underline(start, stop)
    work.edits.mark(start, stop, "operator_argument")
    return first


def _operand(work: Work, first: int, end: int) -> int:
    """Make an asm operand's name and its colon part of an expression: `F(: [x] "=r" (x))`."""
    tokens, edits = work.tokens, work.edits
    for index in range(first, end):
        start = tokens.starts[index]
        if tokens.kinds[index] in b":":
            edits.put(start, b" ")
        elif tokens.kinds[index] in b"[":
            edits.underline(start, tokens.ends[index + 2])
    edits.mark(tokens.starts[first], tokens.ends[end - 1], "operator_argument")
    return end


def _literal(work: Work, first: int, _end: int) -> int:
    """Make an initialiser an expression: `{ .a = 1, .b = 2 }` becomes `( _a = 1, _b = 2 )`."""
    tokens, edits = work.tokens, work.edits
    closing = tokens.partner[first]
    if closing == first + 1 or tokens.kinds.find(b";", first, max(closing, first)) >= 0:
        return first
    edits.mark(tokens.starts[first], tokens.ends[max(closing, first)], "operator_argument")
    for index in range(first, closing + 1):
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
        elif kind in b"[" and tokens.at(index - 1) in b"{,":
            _operator(work, index, tokens.partner[index] + 1)
    return closing


def _nothing(work: Work, first: int, _end: int) -> int:
    """Put a number where an argument is missing, or drop the comma where there is no room."""
    tokens, edits = work.tokens, work.edits
    if tokens.enclosing(first) in work.ended:
        return first
    place = edits.space_between(tokens.ends[first - 1], tokens.starts[first])
    comma = tokens.starts[first if tokens.at(first) in b"," else first - 1]
    if place >= 0:
        edits.put(place, b"0")
        edits.mark(place, place + 1, "operator_argument")
        return first
    edits.mark(comma, comma + 1, "operator_argument")
    if tokens.at(first) in b"," and tokens.text[comma + 1 : comma + 2] == b" ":
        edits.put(comma, b"0,")
    else:
        edits.put(comma, b" ")
    return first


def _beside(work: Work, first: int, _end: int) -> int:
    """Part two calls that stand side by side as an argument: `F(a) G(b)`, `each(x) { ... }`."""
    opening = work.tokens.partner[first - 1]
    if opening > 0 and work.tokens.at(opening - 1) in b"i":
        _put_comma(work, first)
    return first


def _names(work: Work, first: int, end: int) -> int:
    """Add up names that stand side by side as an argument: `F(A B "c")`."""
    after = work.tokens.at(end)
    for index in range(first, end):
        # `PRINT(TYPE name = x)` declares; a sum would be no place to assign to.
        _put_between(work, index, b"," if after in b"=" else b"+")
    return end


_MASKS = {
    "type": _type,
    "statement": _statement,
    "operator": _operator,
    "field": _field,
    "operand": _operand,
    "literal": _literal,
    "nothing": _nothing,
    "beside": _beside,
    "names": _names,
}


def _end_of_argument(work: Work, index: int) -> int:
    tokens = work.tokens
    kinds = tokens.kinds
    while index < len(kinds) and kinds[index] not in b",);":
        index = max(tokens.partner[index], index) + 1
    return index


def _take_statements(work: Work, opening: int) -> None:
    """Make blocks of arguments that are statements: `f(a, b; c; )` becomes `f(a,{b; c;})`."""
    tokens, edits = work.tokens, work.edits
    for first, end in work.arguments(opening):
        if not _holds_statements(work, first, end):
            continue
        before = edits.space_between(tokens.ends[first - 1], tokens.starts[first])
        after = edits.space_between(tokens.ends[end - 1], tokens.starts[end])
        if before >= 0 and after >= 0 and tokens.kinds[end - 1] in b";}":
            edits.put(before, b"{")
            edits.put(after, b"}")
            edits.mark(before, after + 1, "statement_argument")
            work.blocks[first] = end
        else:
            _join_statements(work, first, end)


def _holds_statements(work: Work, first: int, end: int) -> bool:
    index = first
    while index < end:
        if work.tokens.kinds[index] in b";":
            return True
        index = max(work.tokens.partner[index], index) + 1
    return False


def _join_statements(work: Work, first: int, end: int) -> None:
    """Make `f(a; b;)` a call with two arguments."""
    tokens, edits = work.tokens, work.edits
    index = first
    while index < end:
        if tokens.kinds[index] in b";":
            start = tokens.starts[index]
            edits.put(start, b" " if tokens.at(index + 1) in b"),;e" else b",")
            edits.mark(start, start + 1, "operator_argument")
        index = max(tokens.partner[index], index) + 1
    _mask_statements(work, first, end)


def _mask_statements(work: Work, first: int, end: int) -> None:
    """Take the keywords out of statements, so that a list of expressions is left."""
    tokens, edits = work.tokens, work.edits
    index = first
    while index < end:
        kind = tokens.kinds[index]
        start, stop = tokens.starts[index], tokens.ends[index]
        if kind in b"wf":
            edits.blank(start, stop, "statement_argument")
            closing = tokens.partner[index + 1] if index + 1 < end else -1
            index = max(closing, index)
            if closing > 0 and tokens.at(index + 1) not in b",;)":
                _put_comma(work, index + 1)
        elif kind in b"rgb":
            edits.put(stop - 1, b"_")
            if tokens.at(index + 1) not in b",;)":
                _put_comma(work, index + 1)
        elif kind in b"e":
            edits.put(start, b"," + b" " * (stop - start - 1))
        elif kind in b"d":
            _do(work, index, end)
        elif kind in b"its" and index > first and tokens.at(index - 1) in b"};":
            _part_declaration(work, index, end)
        index = max(tokens.partner[index], index) + 1


def _part_declaration(work: Work, index: int, end: int) -> None:
    """Make `; u32 x = y` a name and an assignment; part a statement from a block before it."""
    tokens = work.tokens
    if tokens.at(index - 1) in b"}":
        _put_comma(work, index)
    shape = TYPE.match(tokens.kinds, index, end)
    if shape is None or tokens.at(shape.end()) not in b"i" or shape.end() == index:
        return
    if tokens.kinds[index] in b"i":
        _put_comma(work, shape.end())
    else:
        _type(work, index, end)


def _do(work: Work, index: int, end: int) -> None:
    """Make `do { ... } while (0)` a statement expression, `({ { ... } })`."""
    tokens, edits = work.tokens, work.edits
    if tokens.at(index + 1) not in b"{":
        return
    last = tokens.partner[index + 1] + 1
    if not 0 < last < end or tokens.at(last) not in b"w" or tokens.at(last + 1) not in b"(":
        return
    closing = tokens.partner[last + 1]
    if closing < 0:
        return
    edits.put(tokens.starts[index], b"({")
    edits.blank(tokens.starts[last] + 2, tokens.ends[closing], "statement_argument")
    edits.put(tokens.starts[last], b"})")


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
            if place >= 0:
                edits.put(place, b"|")
            if index == first + 1:
                edits.put(tokens.ends[first] - 1, b"_")
        else:
            edits.underline(position, gap_end)
        if tokens.kinds[index] not in b'qtsi0"':
            edits.underline(gap_end, tokens.ends[index])
        position = tokens.ends[index]


def _put_comma(work: Work, index: int) -> None:
    """Part two arguments; where the call has lost its parentheses, or them."""
    commas = work.tokens.enclosing(index) not in work.ended
    _put_between(work, index, b"," if commas else b"|")


def _put_between(work: Work, index: int, operator: bytes) -> None:
    """Put an operator into the white space before a token, where there is any."""
    tokens = work.tokens
    place = work.edits.space_between(tokens.ends[index - 1], tokens.starts[index])
    if place >= 0:
        work.edits.put(place, operator)
        work.edits.mark(place, place + 1, "operator_argument")
