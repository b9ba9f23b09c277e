# SPDX-License-Identifier: GPL-2.0-only
"""Fill the gaps that tree-sitter-c leaves in C itself.

In:   tokens without attributes.
Out:  edits for GNU C and C23 that the grammar does not know: `case A ... B:`, `goto *p`, a label
      before `}`, `auto`, unnamed bit-fields, stray semicolons among fields, `typeof` of an
      expression, `offsetof` into an array, macros between strings.
Left to others: macros.
"""

import re
from collections.abc import Callable

from vmaconv.cocci.shim.macro_items import CODE, ENUM, FIELDS, LIST, TYPE, ShimPasses, put_between
from vmaconv.cocci.text.c_lexer import STRING
from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.text.tokens import Tokens

_ENUMERATOR = late_regex(rb"(?<=[{,)])i(?=\()")
_LAST = late_regex(rb"(?:\A|[;}])i\Z")
# A word that begins with a digit and is no number: `FEATURE(48bit)`.
_NO_NUMBER = late_regex(
    rb"[0-9](?<![\w.$][0-9])(?!(?<=0)(?:[xX]|[bB][01]))[0-9]*+(?![uUlLfFeE.])[A-Za-z_]\w*"
)
_NUMBER = ord("0")


def mask_gaps(work: ShimPasses) -> None:
    """Rewrite what the grammar does not know."""
    _name_numbers(work)
    if _LAST.search(work.tokens.kinds):
        _end_last(work)
    for pattern, fill in _GAPS:
        for match in pattern.finditer(work.tokens.kinds):
            fill(work, match.start(), match.end())


def _name_numbers(work: ShimPasses) -> None:
    """Show what begins with a digit and is no number as a name."""
    tokens = work.tokens
    at = tokens.kinds.find(_NUMBER)
    while at >= 0:
        if tokens.ends[at] > tokens.starts[at] + 1:
            match = _NO_NUMBER.match(tokens.text, tokens.starts[at])
            if match is not None:
                work.edits.put(match.start(), b"_")
                work.edits.mark(match.start(), match.end(), "operator_argument")
        at = tokens.kinds.find(_NUMBER, at + 1)


def _end_last(work: ShimPasses) -> None:
    """End a macro that is a text's last word: `DECLARE_PROT`, and no semicolon."""
    tokens = work.tokens
    start, end = tokens.starts[-1], tokens.ends[-1]
    place = work.edits.space_between(end, len(tokens.text))
    if place >= 0:
        work.edits.put(place, b";")
        work.edits.mark(start, end, "statement")
    else:
        work.edits.blank(start, end, "statement")


def _case(work: ShimPasses, first: int, end: int) -> None:
    around = work.tokens.enclosing(first)
    if around >= 0 and work.tokens.kinds[around] not in b"{":
        return
    start = work.tokens.starts[end - 1]
    work.edits.put(start, b" | ")
    work.edits.mark(start, start + 3, "operator_argument")


def _goto(work: ShimPasses, first: int, _end: int) -> None:
    start = work.tokens.starts[first]
    work.edits.blank(start, work.tokens.ends[first], "statement")


def _label(work: ShimPasses, _first: int, end: int) -> None:
    start = work.tokens.starts[end - 1]
    work.edits.put(start, b";")
    work.edits.mark(start, start + 1, "statement")


def _bare(work: ShimPasses, first: int, end: int) -> None:
    """End a macro that is a whole statement: `MACRO }`."""
    tokens = work.tokens
    context = work.context(first)
    if context not in (CODE, FIELDS):
        return
    if tokens.at(end) in b"i" and not (
        context == CODE
        and not work.on_one_line(first, end)
        and (tokens.word(first).isupper() or tokens.at(end + 1) in b":")
    ):
        return
    place = work.edits.space_between(tokens.ends[first], tokens.starts[end])
    if place >= 0:
        work.edits.put(place, b";")
        work.edits.mark(tokens.starts[first], tokens.ends[first], "statement")
    else:
        work.edits.blank(tokens.starts[first], tokens.ends[first], "statement")


def _enumeration(work: ShimPasses, first: int, end: int) -> None:
    """Give enumerators values instead of arguments: `enum { E(a, 1) }` has `E=a| 1`."""
    tokens, edits = work.tokens, work.edits
    if tokens.at(end - 1) in b"(":
        closing = tokens.partner[end - 1]
        edits.underline(tokens.starts[end - 1], tokens.ends[closing])
        edits.mark(tokens.starts[end - 2], tokens.ends[closing], "type_argument")
        end = closing + 1
    if tokens.word(first) != b"enum" or tokens.partner[end] < 0:
        return
    for match in _ENUMERATOR.finditer(tokens.kinds, end, tokens.partner[end]):
        opening = match.end()
        closing = tokens.partner[opening]
        if closing < 0 or tokens.enclosing(opening) != end:
            continue
        arguments = work.arguments(opening)
        edits.put(tokens.starts[opening], b"=" if arguments else b" ")
        for _, comma in arguments[:-1]:
            edits.put(tokens.starts[comma], b"|")
        edits.put(tokens.starts[closing], b" ")
        edits.mark(tokens.starts[opening - 1], tokens.ends[closing], "declarer")


def _alignof(work: ShimPasses, first: int, end: int) -> None:
    """Make `__alignof__(expression)` a call; of a type it is known."""
    tokens = work.tokens
    if tokens.word(first) == b"sizeof":
        return
    shape = TYPE.match(tokens.kinds, end + 1)
    if shape is None or shape.end() != tokens.partner[end]:
        work.edits.put(tokens.starts[first], b"x")
        work.edits.mark(tokens.starts[first], tokens.ends[first], "operator_argument")


def _semicolon(work: ShimPasses, first: int, _end: int) -> None:
    if work.context(first) == FIELDS:
        start = work.tokens.starts[first]
        work.edits.blank(start, start + 1, "statement")


def _bits(work: ShimPasses, first: int, _end: int) -> None:
    """Name an unnamed bit-field: `int :3;` becomes `int _3;`."""
    tokens = work.tokens
    if work.context(first) != FIELDS:
        return
    before = first - 1
    if tokens.at(before) in b"i" and tokens.at(before - 1) not in b";{}qs":
        return
    start = tokens.starts[first]
    work.edits.underline(start, tokens.starts[first + 1])
    work.edits.mark(start, start + 1, "operator_argument")


def _auto(work: ShimPasses, first: int, end: int) -> None:
    tokens = work.tokens
    for index in range(first, end):
        if tokens.word(index) == b"auto":
            work.edits.put(tokens.starts[index], b"int ")
            work.edits.mark(tokens.starts[index], tokens.ends[index], "type_argument")


def _typeof(work: ShimPasses, first: int, end: int) -> None:
    """Make `typeof(expression)` an identifier; of a type or a name it is known."""
    tokens = work.tokens
    closing = tokens.partner[end]
    shape = TYPE.match(tokens.kinds, end + 1)
    if closing < 0:
        return
    alone = tokens.at(first - 1) in b"(," and tokens.at(closing + 1) in b",)"
    if shape is not None and shape.end() == closing and not alone:
        return
    start, stop = tokens.ends[first], tokens.ends[closing]
    if b"\n" in tokens.text[start:stop]:
        return
    work.edits.underline(start, stop)
    work.edits.mark(tokens.starts[first], stop, "type_argument")


def _kinds(tokens: Tokens, span: tuple[int, int]) -> bytes:
    start, end = span
    return tokens.kinds[start:end]


def _offsetof(work: ShimPasses, first: int, end: int) -> None:
    """Make `offsetof(struct s, a.b)` a call of an unknown function."""
    tokens = work.tokens
    arguments = work.arguments(end)
    if len(arguments) == 2 and _kinds(tokens, arguments[1]) == b"i":
        return
    work.edits.put(tokens.starts[first], b"_")
    if arguments and _kinds(tokens, arguments[0]) == b"si":
        gap = tokens.ends[arguments[0][0]], tokens.starts[arguments[0][0] + 1]
        work.edits.underline(*gap)
    work.edits.mark(tokens.starts[first], tokens.ends[first], "type_argument")


def _element(work: ShimPasses, first: int, end: int) -> None:
    """Give `[index] { ... }` in an initialiser the `=` that it lacks."""
    opening = work.tokens.partner[first]
    if opening > 0 and work.tokens.at(opening - 1) in b"{,":
        put_between(work, end, b"=")


def _elements(work: ShimPasses, first: int, end: int) -> None:
    """Part the macros that are whole elements of a list: `{ A(x) B(y) }`."""
    tokens = work.tokens
    opening = tokens.partner[first] if tokens.kinds[first] in b")" else first
    if tokens.kinds[first] in b")" and (opening < 1 or tokens.at(opening - 1) not in b"i"):
        return
    if work.context(end) not in (LIST, ENUM):
        return
    parted = [put_between(work, index, b",") for index in range(first + 1, end + 1)]
    if tokens.kinds[first] in b")" and not all(parted):
        # `A(x, y)` and a line end: `A,x, y,` shows the same names.
        work.edits.put(tokens.starts[opening], b",")
        work.edits.put(tokens.starts[first], b",")
        work.edits.mark(tokens.starts[opening - 1], tokens.ends[first], "declarer")


def _unit(work: ShimPasses, _first: int, end: int) -> None:
    """Multiply a number with the macro behind it: `16 KB`."""
    put_between(work, end, b"*")


def _string(work: ShimPasses, first: int, end: int) -> None:
    """Add up a macro and what stands behind it: `F(x) "b"` becomes `F(x)+"b"`."""
    tokens = work.tokens
    if tokens.kinds[first] in b"i":
        put_between(work, end, b"+")
        return
    opening = tokens.partner[first]
    if opening > 0 and tokens.at(opening - 1) in b"i" and not put_between(work, end, b"+"):
        _join_call(work, opening)


def _string_before_call(work: ShimPasses, first: int, end: int) -> None:
    """Add up a string and a macro: `"a" F(x)` becomes `"a"+F(x)`."""
    if not put_between(work, first + 1, b"+"):
        _join_call(work, end)


def _join_call(work: ShimPasses, opening: int) -> None:
    """Make a call one name, where there is no room for a plus: `F(x)"b"` becomes `F_x_"b"`."""
    tokens = work.tokens
    closing = tokens.partner[opening]
    start, stop = tokens.starts[opening], tokens.ends[closing]
    if closing > 0 and STRING not in tokens.text[start:stop]:
        work.edits.underline(start, stop)
        work.edits.mark(start, stop, "operator_argument")


# Each pattern begins with a plain byte: those are found many times as fast.
_GAPS: tuple[tuple["re.Pattern[bytes]", Callable[[ShimPasses, int, int], None]], ...] = (
    (late_regex(rb"E(?![)\]])"), _case),
    (late_regex(rb"g(?=\*)"), _goto),
    (late_regex(rb":(?<=[;{}:)][iD]:)(?=\})"), _label),
    (late_regex(rb"i(?<=[;{}:)]i)(?=[}wfrgbdecDi])"), _bare),
    (late_regex(rb"s(?:[iq]*(?=\{)|i\((?=[i,]*\)\{))"), _enumeration),
    (late_regex(rb"z(?=\()"), _alignof),
    (late_regex(rb";(?<=[;{];)"), _semicolon),
    (late_regex(rb":(?<=[itsq,;{]:)(?=[0i])"), _bits),
    (late_regex(rb"q(?<!qq)q{0,8}(?=i=)"), _auto),
    (late_regex(rb"T(?=\()"), _typeof),
    (late_regex(rb"O(?=\()"), _offsetof),
    (late_regex(rb"\](?=\{)"), _element),
    (late_regex(rb"\)(?=[i{])"), _elements),
    (late_regex(rb"i(?<=[{,)]i)i*(?=[i{])"), _elements),
    (late_regex(rb"0(?=i)"), _unit),
    (late_regex(rb"\[i(?=i\])"), _unit),
    (late_regex(rb"i(?=i\")"), _string),
    (late_regex(rb"\)(?=\")"), _string),
    (late_regex(rb"\"i(?=\()"), _string_before_call),
)
