# SPDX-License-Identifier: GPL-2.0-only
"""Make expressions of what macros take as arguments and functions do not.

In:   tokens without attributes, and the calls that `definitions` made declarations.
Out:  edits: `container_of(p, struct s, m)` becomes `container_of(p, struct_s, m)`,
      `cmp(a, <, b)` becomes `cmp(a, _, b)`, `wait(c, return -EIO)` `wait(c, retur_,-EIO)`.
Left to others: parameter lists, casts, and what the grammar knows (`sizeof(struct s)`).
"""

from vmaconv.cocci.shim.macro_blocks import mask_words
from vmaconv.cocci.shim.macro_items import TYPE, ShimPasses, put_between, put_comma
from vmaconv.cocci.text.late_regex import late_regex

# What stands before it is taken, not looked back at: so it is found many times as fast.
_SUSPECT = late_regex(
    rb"[(,)](?:(?<!\))(?:"
    rb"(?P<type>[qts]|i[*q]*\*(?=[,)]))"
    rb"|(?P<statement>[rgbwfd])"
    rb"|(?P<operator>[co=*&?:.]+(?=[,)]))"
    rb"|(?P<field>\.(?=i))"
    rb"|(?P<operand>:*\[i\](?=[\"i])|:+)"
    rb"|(?P<literal>\{)"
    rb"|(?P<nothing>(?=,)|(?<=,)(?=\)))"
    rb"|i(?P<names>i+)"
    rb")|(?<=\))(?P<beside>[iqts{0]))"
)
_PERCENT = late_regex(rb"%+(?=\w)")


def mask_arguments(work: ShimPasses) -> None:
    """Rewrite the arguments of calls that are no expressions."""
    tokens = work.tokens
    done = -1
    for match in _SUSPECT.finditer(tokens.kinds):
        kind = match.lastgroup or ""
        first = match.start(kind)
        if first < done:
            continue
        opening = tokens.enclosing(first)
        if opening < 0 or tokens.kinds[opening] not in b"(" or opening in work.declared:
            continue
        if work.is_call(opening) and not work.in_block(opening, first):
            done = _MASKS[kind](work, first, match.end())
    for match in _PERCENT.finditer(tokens.text):
        if tokens.at(tokens.first_from(match.start()) - 1) in b"(,":
            work.edits.underline(*match.span())
            work.edits.mark(*match.span(), "operator_argument")


def _type(work: ShimPasses, first: int, _end: int) -> int:
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
            put_between(work, last, b"," if assigned else b"+")
        return last
    if last < end and kinds[last] not in b"[":
        last = end
    _glue(work, first, last)
    return last


def _statement(work: ShimPasses, first: int, _end: int) -> int:
    end = _end_of_argument(work, first)
    work.edits.mark(work.tokens.starts[first], work.tokens.ends[end - 1], "statement_argument")
    mask_words(work, first, end)
    return first


def _operator(work: ShimPasses, first: int, end: int) -> int:
    start, stop = work.tokens.starts[first], work.tokens.ends[end - 1]
    work.edits.underline(start, stop)
    work.edits.mark(start, stop, "operator_argument")
    return end


def _field(work: ShimPasses, first: int, _end: int) -> int:
    """Make `F(.a = 1)` an assignment to `_a`."""
    start, stop = work.tokens.starts[first], work.tokens.ends[first]
    work.edits.underline(start, stop)
    work.edits.mark(start, stop, "operator_argument")
    return first


def _operand(work: ShimPasses, first: int, end: int) -> int:
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


def _literal(work: ShimPasses, first: int, _end: int) -> int:
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


def _nothing(work: ShimPasses, first: int, _end: int) -> int:
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


def _beside(work: ShimPasses, first: int, _end: int) -> int:
    """Part two calls that stand side by side as an argument: `F(a) G(b)`, `each(x) { ... }`."""
    opening = work.tokens.partner[first - 1]
    if opening > 0 and work.tokens.at(opening - 1) in b"i":
        put_comma(work, first)
    return first


def _names(work: ShimPasses, first: int, end: int) -> int:
    """Add up names that stand side by side as an argument: `F(A B "c")`."""
    after = work.tokens.at(end)
    for index in range(first, end):
        # `PRINT(TYPE name = x)` declares; a sum would be no place to assign to.
        put_between(work, index, b"," if after in b"=" else b"+")
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


def _end_of_argument(work: ShimPasses, index: int) -> int:
    tokens = work.tokens
    kinds = tokens.kinds
    while index < len(kinds) and kinds[index] not in b",);":
        index = max(tokens.partner[index], index) + 1
    return index


def _glue(work: ShimPasses, first: int, end: int) -> None:
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
