# SPDX-License-Identifier: GPL-2.0-only
"""Plus code: its lines and tokens.

In: the plus lines of a body, the arranged minus tokens and the pattern made of them. Out:
`PlusBlock`s, at the places that `attachment` says. Raises `SmplError` for what cannot be added:
dots, disjunctions, positions.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from vmaconv.cocci.smpl.attachment import Gaps
from vmaconv.cocci.smpl.kinds import FORMAT_VARIABLE, RuleNames
from vmaconv.cocci.smpl.rule import PlusBlock, PlusLine, PlusToken, PNode
from vmaconv.cocci.smpl.rule_lexer import PlusText, Text, Token
from vmaconv.cocci.text.late_regex import late_regex

_DIRECTIVE = late_regex(r"\s*(#\s*(\w*))")
_WITH_TOKENS = frozenset({"define", "undef", "pragma"})


def plus_blocks(
    text: Text, plus: list[PlusText], tokens: Sequence[Token], pattern: PNode, names: RuleNames
) -> tuple[PlusBlock, ...]:
    """Return the blocks of a rule's plus lines, between their neighbours in the pattern."""
    if not plus:
        return ()
    gaps = Gaps(tokens, pattern)
    homes = gaps.homes()
    blocks: list[PlusBlock] = []
    gap = -1
    for line in plus:
        made = plus_line(text, line, names)
        block = blocks[-1] if blocks else None
        next_line = line.before < len(tokens) - 1 and tokens[line.before].line == line.line + 1
        if block is not None and gap == line.before and block.many == line.many:
            blocks[-1] = replace(block, lines=(*block.lines, made), next_line=next_line)
            continue
        gap = line.before
        blocks.append(
            PlusBlock(
                (made,),
                made.place,
                gaps.before(gap),
                gaps.after(gap),
                line.many,
                homes[min(gap, len(homes) - 1)],
                previous_line=gap > 0 and tokens[gap - 1].line == line.line - 1,
                next_line=next_line,
            )
        )
    for block in blocks:
        _check_neighbours(text, block)
    return tuple(blocks)


def _check_neighbours(text: Text, block: PlusBlock) -> None:
    """Refuse code that stands between dots (or dots and an end): nothing fixes its place."""
    before, after = block.before, block.after
    dotted = [node for node in (before, after) if node is not None]
    if not dotted or any(node.kind not in ("dots", "nest") for node in dotted):
        return
    if block.lines and any(
        token.kind != "comment" for line in block.lines for token in line.tokens
    ):
        first = block.lines[0].place
        raise text.error(
            "plus-between-dots",
            first.line,
            0,
            "the added code stands next to dots only, so that its place is not known",
            "put context or minus code directly before or after it",
        )


def plus_line(text: Text, line: PlusText, names: RuleNames) -> PlusLine:
    """Make a `PlusLine`: check its tokens and mark the metavariables."""
    place = text.place(line.line, line.mark_width)
    match = _DIRECTIVE.match(line.text)
    out: list[PlusToken] = []
    tokens = line.tokens
    directive = match is not None and not (tokens and tokens[0].kind == "comment")
    if directive and match is not None:
        if match.group(2) not in _WITH_TOKENS:
            whole = PlusToken("directive", line.text.strip(), match.start(1))
            return PlusLine(line.text, (whole,), place)
        word = "#" + match.group(2)
        out.append(PlusToken("directive", word, match.start(1)))
        tokens = [t for t in tokens if t.column - line.mark_width >= match.end(1)]
    index = 0
    while index < len(tokens):
        token = tokens[index]
        column = token.column - line.mark_width
        index += 1
        if token.text in ("@", "@@") and token.kind == "punct":
            if index < len(tokens):
                _check_attached(text, tokens[index], names)
            raise text.error(
                "at-in-plus",
                token.line,
                token.column,
                "an @ stands in added code, and C has none",
                "begin a rule with @@ at the very start of a line; attach positions to context or "
                "minus code",
            )
        out.append(_plus_token(text, token, column, names, directive))
        if token.kind == "string" and "%@" in token.text:
            out += _formats(token, column, names)
    return _with_short_dots(PlusLine(line.text, tuple(out), place))


def _with_short_dots(line: PlusLine) -> PlusLine:
    """Return a line with C's `...` where the rule has `......`."""
    text, tokens = line.text, list(line.tokens)
    for index, token in enumerate(tokens):
        if token.text == "..." and text.startswith("......", token.column):
            text = text[: token.column] + text[token.column + 3 :]
            tokens[index + 1 :] = [replace(t, column=t.column - 3) for t in tokens[index + 1 :]]
    return replace(line, text=text, tokens=tuple(tokens))


def _formats(token: Token, column: int, names: RuleNames) -> Iterator[PlusToken]:
    """Yield the metavariables in a string; of a single format the `%` stays as it stands."""
    for match in FORMAT_VARIABLE.finditer(token.text):
        variable = names.table.get(match.group(1))
        if variable is not None and variable.kind in ("format", "format list"):
            start = match.start() + (variable.kind == "format")
            written = token.text[start : match.end()]
            yield PlusToken("meta", written, column + start, variable)


def _check_attached(text: Text, token: Token, names: RuleNames) -> None:
    if names.kind(token.text) in ("position", "comments"):
        raise text.error(
            "position-in-plus",
            token.line,
            token.column,
            f"the position {token.text} stands in added code, which has no position yet",
            "attach positions to context or minus code",
        )


def _plus_token(
    text: Text, token: Token, column: int, names: RuleNames, directive: bool
) -> PlusToken:
    kind = token.kind
    if kind == "name":
        variable = names.table.get(token.text)
        if variable is None:
            return PlusToken("name", token.text, column)
        if variable.kind in ("position", "comments"):
            _check_attached(text, token, names)
        return PlusToken("meta", token.text, column, variable)
    if kind == "marker":
        raise text.error(
            "disjunction-in-plus",
            token.line,
            token.column,
            "a disjunction can't be added",
            "write a rule, or an arm of a disjunction with its own + lines, for each case",
        )
    if kind == "dots":
        if token.text == "......" or (directive and token.text == "..."):
            return PlusToken("punct", "...", column)
        raise text.error(
            "dots-in-plus",
            token.line,
            token.column,
            f"{token.text} stands in added code, where nothing says what it stands for",
            "write ...... for C's own ..., or leave the dots in a context line",
        )
    return PlusToken("punct" if kind == "other" else kind, token.text, column)
