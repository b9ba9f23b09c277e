"""Fill the gaps that tree-sitter-c leaves in C itself.

In:   tokens without attributes.
Out:  edits for GNU C and C23 that the grammar does not know: `case A ... B:`, `goto *p`, a label
      before `}`, `auto`, unnamed bit-fields, stray semicolons among fields, `typeof` of an
      expression, `offsetof` into an array, macros between strings.
Left to others: macros.
"""

import re

from vmaconv.source.items import CODE, ENUM, FIELDS, LIST, TYPE, Work
from vmaconv.source.lexer import STRING

_GAP = re.compile(
    rb"(?P<case>E(?![)\]]))"
    rb"|(?P<goto>g(?=\*))"
    rb"|(?P<label>(?<=[;{}:)])[iD]:(?=\}))"
    rb"|(?P<bare>(?<=[;{}:)])i(?=[}wfrgbdecDi]))"
    rb"|(?P<enumeration>s[iq]*(?=\{)|si\((?=[i,]*\)\{))"
    rb"|(?P<alignof>z(?=\())"
    rb"|(?P<semicolon>(?<=[;{]);)"
    rb"|(?P<bits>(?<=[itsq,;{]):(?=[0i]))"
    rb"|(?P<auto>(?<!q)q{1,9}(?=i=))"
    rb"|(?P<typeof>T(?=\())"
    rb"|(?P<offsetof>O(?=\())"
    rb"|(?P<element>(?<=\])(?=\{))"
    rb"|(?P<elements>(?<=\))(?=[i{])|(?<=[{,)]i)i*(?=[i{]))"
    rb"|(?P<unit>(?<=0)(?=i)|(?<=\[i)(?=i\]))"
    rb"|(?P<string>(?<=i)(?=i\")|(?<=\")i(?=\()|(?<=\))(?=\"))"
)


_ENUMERATOR = re.compile(rb"(?<=[{,)])i(?=\()")
# A word that begins with a digit and is no number: `FEATURE(48bit)`.
_NO_NUMBER = re.compile(rb"(?<![\w.$])(?!0[xX]|0[bB][01])\d++(?![uUlLfFeE.])[A-Za-z_]\w*")


def mask_gaps(work: Work) -> None:
    """Rewrite what the grammar does not know."""
    for match in _NO_NUMBER.finditer(work.tokens.text):
        work.edits.put(match.start(), b"_")
        work.edits.mark(match.start(), match.end(), "operator_argument")
    for match in _GAP.finditer(work.tokens.kinds):
        _FILLERS[match.lastgroup or ""](work, match.start(), match.end())


def _case(work: Work, first: int, end: int) -> None:
    around = work.tokens.enclosing(first)
    if around >= 0 and work.tokens.kinds[around] not in b"{":
        return
    start = work.tokens.starts[end - 1]
    work.edits.put(start, b" | ")
    work.edits.mark(start, start + 3, "operator_argument")


def _goto(work: Work, first: int, _end: int) -> None:
    start = work.tokens.starts[first]
    work.edits.blank(start, work.tokens.ends[first], "statement")


def _label(work: Work, _first: int, end: int) -> None:
    start = work.tokens.starts[end - 1]
    work.edits.put(start, b";")
    work.edits.mark(start, start + 1, "statement")


def _bare(work: Work, first: int, end: int) -> None:
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


def _enumeration(work: Work, first: int, end: int) -> None:
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


def _alignof(work: Work, first: int, end: int) -> None:
    """Make `__alignof__(expression)` a call; of a type it is known."""
    tokens = work.tokens
    if tokens.word(first) == b"sizeof":
        return
    shape = TYPE.match(tokens.kinds, end + 1)
    if shape is None or shape.end() != tokens.partner[end]:
        work.edits.put(tokens.starts[first], b"x")
        work.edits.mark(tokens.starts[first], tokens.ends[first], "operator_argument")


def _semicolon(work: Work, first: int, _end: int) -> None:
    if work.context(first) == FIELDS:
        start = work.tokens.starts[first]
        work.edits.blank(start, start + 1, "statement")


def _bits(work: Work, first: int, _end: int) -> None:
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


def _auto(work: Work, first: int, end: int) -> None:
    tokens = work.tokens
    for index in range(first, end):
        if tokens.word(index) == b"auto":
            work.edits.put(tokens.starts[index], b"int ")
            work.edits.mark(tokens.starts[index], tokens.ends[index], "type_argument")


def _typeof(work: Work, first: int, end: int) -> None:
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


def _offsetof(work: Work, first: int, end: int) -> None:
    """Make `offsetof(struct s, a.b)` a call of an unknown function."""
    tokens = work.tokens
    arguments = work.arguments(end)
    if len(arguments) == 2 and tokens.kinds[slice(*arguments[1])] == b"i":
        return
    work.edits.put(tokens.starts[first], b"_")
    if arguments and tokens.kinds[slice(*arguments[0])] == b"si":
        gap = tokens.ends[arguments[0][0]], tokens.starts[arguments[0][0] + 1]
        work.edits.underline(*gap)
    work.edits.mark(tokens.starts[first], tokens.ends[first], "type_argument")


def _element(work: Work, first: int, _end: int) -> None:
    """Give `[index] { ... }` in an initialiser the `=` that it lacks."""
    tokens = work.tokens
    opening = tokens.partner[first - 1]
    if opening < 1 or tokens.at(opening - 1) not in b"{,":
        return
    place = work.edits.space_between(tokens.ends[first - 1], tokens.starts[first])
    if place >= 0:
        work.edits.put(place, b"=")
        work.edits.mark(place, place + 1, "operator_argument")


def _elements(work: Work, first: int, end: int) -> None:
    """Part the macros that are whole elements of a list: `{ A(x) B(y) }`."""
    tokens = work.tokens
    if tokens.at(first - 1) in b")":
        opening = tokens.partner[first - 1]
        if opening < 1 or tokens.at(opening - 1) not in b"i":
            return
    if work.context(first) not in (LIST, ENUM):
        return
    for index in range(first + 1, end + 1):
        place = work.edits.space_between(tokens.ends[index - 1], tokens.starts[index])
        if place >= 0:
            work.edits.put(place, b",")
    place = work.edits.space_between(tokens.ends[first - 1], tokens.starts[first])
    if place >= 0:
        work.edits.put(place, b",")
        work.edits.mark(place, place + 1, "operator_argument")
    elif tokens.at(first - 1) in b")":
        # `A(x, y)` and a line end: `A,x, y,` shows the same names.
        opening = tokens.partner[first - 1]
        work.edits.put(tokens.starts[opening], b",")
        work.edits.put(tokens.starts[first - 1], b",")
        work.edits.mark(tokens.starts[opening - 1], tokens.ends[first - 1], "declarer")


def _unit(work: Work, first: int, _end: int) -> None:
    """Multiply a number with the macro behind it: `16 KB`."""
    tokens = work.tokens
    place = work.edits.space_between(tokens.ends[first - 1], tokens.starts[first])
    if place >= 0:
        work.edits.put(place, b"*")
        work.edits.mark(place, place + 1, "operator_argument")


def _string(work: Work, first: int, end: int) -> None:
    """Add up strings and what stands between them: `"a" F(x) "b"` becomes `"a"+F(x)+"b"`."""
    tokens = work.tokens
    if first == end:
        opening = tokens.partner[first - 1]
        if opening < 1 or tokens.at(opening - 1) not in b"i":
            return
    place = work.edits.space_between(tokens.ends[first - 1], tokens.starts[first])
    if place >= 0:
        work.edits.put(place, b"+")
        work.edits.mark(place, place + 1, "operator_argument")
    else:
        # No room: `F(x)"b"` becomes `F_x_"b"`.
        opening = tokens.partner[first - 1] if first == end else end
        closing = tokens.partner[opening]
        start, stop = tokens.starts[opening], tokens.ends[closing]
        if closing > 0 and STRING not in tokens.text[start:stop]:
            work.edits.underline(start, stop)
            work.edits.mark(start, stop, "operator_argument")


_FILLERS = {
    "case": _case,
    "goto": _goto,
    "label": _label,
    "bare": _bare,
    "enumeration": _enumeration,
    "alignof": _alignof,
    "semicolon": _semicolon,
    "elements": _elements,
    "unit": _unit,
    "bits": _bits,
    "auto": _auto,
    "typeof": _typeof,
    "offsetof": _offsetof,
    "element": _element,
    "string": _string,
}
