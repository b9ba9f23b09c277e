# SPDX-License-Identifier: GPL-2.0-only
"""Make statements of the macros that stand in function bodies.

In:   the macro calls at the start of statements (`items`).
Out:  edits: an iterator becomes a `while`, a macro without semicolon gets one.
Left to others: calls that are C as they stand, and what is inside their parentheses.

A call before a brace is an iterator, whatever its name.  A call before another statement is one
if that statement is indented deeper; else it is a macro that needs no semicolon.
"""

from vmaconv.cocci.shim.macro_definitions import before_semicolon, declare, name_type
from vmaconv.cocci.shim.macro_items import Call, ShimPasses, end_statement
from vmaconv.cocci.shim.macros import is_iterator_name

_STATEMENT = b"iqtsTrgbwfedcDASz(*o"
# These begin a statement only where nothing goes on: `each(x) (void)f(x);`, `each(x) *p = 1;`.
_OPERATOR = b"(*o"


def mask_statement(work: ShimPasses, call: Call) -> None:
    """Rewrite one call, if it is no statement as it stands."""
    tokens = work.tokens
    following = tokens.at(call.after)
    if following in b";":
        if tokens.at(call.first - 1) in b"}" and _ends_do(work, call.first - 1):
            _rename(work, call, b"while")
        elif call.is_qualified:
            before_semicolon(work, call)
    elif following in b"{":
        if not call.is_qualified:
            _iterate(work, call)
    elif following in b"=":
        if tokens.at(call.after + 1) in b"{" or call.is_qualified:
            declare(work, call)
    elif following in b"}" or call.after >= len(tokens.kinds):
        end_statement(work, call)
    elif following in _STATEMENT and not call.is_qualified:
        _before_statement(work, call)


def _ends_do(work: ShimPasses, closing: int) -> bool:
    opening = work.tokens.partner[closing]
    return opening > 0 and work.tokens.at(opening - 1) in b"d"


def _before_statement(work: ShimPasses, call: Call) -> None:
    """Tell an iterator with an unbraced body from a macro without semicolon."""
    tokens = work.tokens
    following = tokens.at(call.after)
    known = is_iterator_name(tokens.word(call.name), work.names)
    if following in b"ecD":
        end_statement(work, call)
    elif known:
        _iterate(work, call)
    elif following in _OPERATOR:
        if following in b"(" and _is_body(work, call):
            _iterate(work, call)
    elif work.on_one_line(call.closing, call.after):
        # `TYPE(x) name = ...` is a declaration that the grammar knows.
        if following in b"i" and tokens.at(call.after + 1) in b";=,[":
            name_type(work, call)
            return
        _on_one_line(work, call)
    elif _is_body(work, call):
        _iterate(work, call)
    else:
        end_statement(work, call)


def _is_body(work: ShimPasses, call: Call) -> bool:
    """Say if what follows stands on a line of its own, indented deeper."""
    if work.on_one_line(call.closing, call.after):
        return False
    return work.indentation(call.after) > work.indentation(call.name)


def _on_one_line(work: ShimPasses, call: Call) -> None:
    """Tell `each(x) f(x);` from `CASE(A) CASE(B)` and `ALIGNED(8) u32 x;`."""
    tokens = work.tokens
    following, next_after = tokens.at(call.after), tokens.at(call.after + 1)
    if following in b"i" and next_after in b"(":
        closing = tokens.partner[call.after + 1]
        if closing > 0 and tokens.at(closing + 1) in b"i}":
            end_statement(work, call)
        else:
            _iterate(work, call)
    elif following in b"rgbwf" or (following in b"i" and next_after in b"."):
        _iterate(work, call)
    elif following in b"tsq" or (following in b"i" and next_after in b"i*"):
        work.edits.blank(tokens.starts[call.name], tokens.ends[call.closing], "attribute")
        work.heads.add(call.closing)


def _iterate(work: ShimPasses, call: Call) -> None:
    """Put `while` in the place of an iterator's name, or `if` where an `else` belongs to it."""
    tokens = work.tokens
    work.heads.add(call.closing)
    length = tokens.ends[call.name] - tokens.starts[call.name]
    keyword = b"while" if length >= 5 else b"if"
    if tokens.at(call.after) in b"{" and tokens.at(call.first - 1) in b";{}:":
        end = tokens.partner[call.after]
        if end > 0 and tokens.at(end + 1) in b"e":
            keyword = b"if"
    if length >= len(keyword):
        _rename(work, call, keyword)
    elif tokens.at(call.after) not in b"{":
        end_statement(work, call)


def _rename(work: ShimPasses, call: Call, keyword: bytes) -> None:
    tokens = work.tokens
    start, end = tokens.starts[call.name], tokens.ends[call.name]
    opening, closing = tokens.starts[call.opening], tokens.starts[call.closing]
    header = keyword.ljust(end - start)
    if call.closing == call.opening + 1:
        # The grammar wants a condition: `forever()` becomes `while (0)`.
        if closing > opening + 1:
            work.edits.put(opening + 1, b"0")
        elif opening - start > len(keyword) and not tokens.text[end:opening].strip(b" \t"):
            header = keyword.ljust(opening - start - 1) + b"(0"
    work.edits.put(start, header)
    work.edits.mark(start, end, "iterator")
