# SPDX-License-Identifier: GPL-2.0-only
"""Make blocks of the statements that some macros take as arguments.

In:   tokens without attributes.
Out:  edits: `wait(c, f(); break; )` becomes `wait(c,{f(); break;})`, which the grammar knows; where
      there is no room for braces, the statements become a list of expressions.
Left to others: the statements within the blocks, which stand in code from then on.
"""

from vmaconv.cocci.shim.macro_items import FIELDS, TYPE, ShimPasses, put_comma
from vmaconv.cocci.text.late_regex import late_regex

# Statements in a call's parentheses, found with brackets nested no deeper than this.
_STATEMENTS = late_regex(
    rb"i(\((?:[^;(){}]++|\((?:[^;(){}]++|\((?:[^;(){}]++|\([^;(){}]*+\))*+\))*+\)|\{[^{}]*+\})*+);"
)


def mask_blocks(work: ShimPasses) -> None:
    """Rewrite the calls with semicolons between their parentheses."""
    for match in _STATEMENTS.finditer(work.tokens.kinds):
        opening = match.start(1)
        if work.is_call(opening) and work.context(match.start()) != FIELDS:
            _take_statements(work, opening)


def _take_statements(work: ShimPasses, opening: int) -> None:
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
            work.blocks.setdefault(opening, []).append((first, end))
        else:
            _join_statements(work, first, end)


def _holds_statements(work: ShimPasses, first: int, end: int) -> bool:
    index = first
    while index < end:
        if work.tokens.kinds[index] in b";":
            return True
        index = max(work.tokens.partner[index], index) + 1
    return False


def _join_statements(work: ShimPasses, first: int, end: int) -> None:
    """Make `f(a; b;)` a call with two arguments."""
    tokens, edits = work.tokens, work.edits
    index = first
    while index < end:
        if tokens.kinds[index] in b";":
            start = tokens.starts[index]
            edits.put(start, b" " if tokens.at(index + 1) in b"),;e" else b",")
            edits.mark(start, start + 1, "operator_argument")
        index = max(tokens.partner[index], index) + 1
    mask_words(work, first, end)


def mask_words(work: ShimPasses, first: int, end: int) -> None:
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
                put_comma(work, index + 1)
        elif kind in b"rgb":
            edits.put(stop - 1, b"_")
            if tokens.at(index + 1) not in b",;)":
                put_comma(work, index + 1)
        elif kind in b"e":
            edits.put(start, b"," + b" " * (stop - start - 1))
        elif kind in b"d":
            _do(work, index, end)
        elif kind in b"its" and index > first and tokens.at(index - 1) in b"};":
            _part_declaration(work, index, end)
        index = max(tokens.partner[index], index) + 1


def _part_declaration(work: ShimPasses, index: int, end: int) -> None:
    """Make `; u32 x = y` a name and an assignment; part a statement from a block before it."""
    tokens = work.tokens
    if tokens.at(index - 1) in b"}":
        put_comma(work, index)
    shape = TYPE.match(tokens.kinds, index, end)
    if shape is None or tokens.at(shape.end()) not in b"i" or shape.end() == index:
        return
    if tokens.kinds[index] in b"i" or tokens.kinds[shape.end() - 1] not in b"*":
        put_comma(work, shape.end())


def _do(work: ShimPasses, index: int, end: int) -> None:
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
