# SPDX-License-Identifier: GPL-2.0-only
"""The tokens of a minus slice, made ready for the parser.

In: the tokens of `lexer.lex_body` and the rule's metavariables. Out: the same tokens with `@p`
folded into the token that it follows, brackets that know their partners, and an `eol` token at
the end of each `when` line. Raises `SmplError` for brackets that do not match.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from vmaconv.cocci.smpl.rule import Metavariable, SmplError
from vmaconv.cocci.smpl.rule_lexer import Slices, Text, Token

DEEPEST = 80
"""How deep brackets may nest: far more than C code does, far less than Python's stack bears."""

_CLOSERS = {"(": ")", "[": "]", "{": "}", "<...": "...>", "<+...": "...+>"}
_OPENERS = frozenset(_CLOSERS)
_ENDINGS = frozenset(_CLOSERS.values())
_DOTS = frozenset({"...", "<...", "<+...", "...>", "...+>"})


def arrange(text: Text, slices: Slices, table: Mapping[str, Metavariable]) -> list[Token]:
    """Prepare `slices.minus` for parsing; the list ends with an `end` token.

    `slices.plus` is adjusted to the new indexes.
    """
    moved: list[int] = []
    tokens = _fold_attached(text, slices.minus, table, moved)
    tokens = _end_whens(tokens, slices.continued, moved)
    for plus in slices.plus:
        plus.before = moved[plus.before] if plus.before < len(moved) else len(tokens)
    line = tokens[-1].line if tokens else 1
    end = Token("end", "", line, 0, 0)
    if tokens:
        end.column = tokens[-1].column + len(tokens[-1].text)
        end.start = tokens[-1].start + len(tokens[-1].text.encode("utf-8", "surrogateescape"))
    tokens.append(end)
    pair_brackets(text, tokens)
    return tokens


def _fold_attached(
    text: Text, tokens: list[Token], table: Mapping[str, Metavariable], moved: list[int]
) -> list[Token]:
    """Fold `@p` into tokens; `moved` gets each old index's new one."""
    out: list[Token] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        moved.append(len(out))
        index += 1
        if token.text != "@" or token.kind != "punct":
            out.append(token)
            continue
        name = tokens[index] if index < len(tokens) else None
        moved.append(len(out))
        index += 1
        variable = _attached(text, token, name, table)
        if not out or out[-1].kind in ("open", "or", "and", "close"):
            raise text.error(
                "syntax",
                token.line,
                token.column,
                f"@{variable.name} follows no token that it could be attached to",
                "attach it to a token of the code",
            )
        out[-1].attached += (variable,)
    return out


def _attached(
    text: Text, at: Token, name: Token | None, table: Mapping[str, Metavariable]
) -> Metavariable:
    """Return the metavariable that the token after `@` names."""
    if name is None or name.kind != "name":
        raise text.error(
            "syntax",
            at.line,
            at.column,
            "after @ the name of a metavariable is expected",
            "write it as in f@p(x)",
        )
    variable = table.get(name.text)
    if variable is None:
        raise text.error(
            "unknown-metavariable",
            name.line,
            name.column,
            f"{name.text} is attached with @ but is not declared",
            f"declare it: position {name.text};",
        )
    return variable


def _end_whens(tokens: list[Token], continued: set[int], moved: list[int]) -> list[Token]:
    """Add an `eol` after each `when`; a line whose brackets are open or that ends in `\\` goes
    on."""
    if not any(token.text in ("when", "WHEN") for token in tokens):
        return tokens
    out: list[Token] = []
    shifted: list[int] = []
    index = 0
    while index < len(tokens):
        token = tokens[index]
        after = out[-1] if out else None
        if token.text.lower() != "when" or after is None or not _may_precede_when(after):
            shifted.append(len(out))
            out.append(token)
            index += 1
            continue
        token.kind = "when"
        end = _when_end(tokens, index, continued)
        for inner in tokens[index:end]:
            shifted.append(len(out))
            out.append(inner)
        last = tokens[end - 1]
        out.append(Token("eol", "", last.line, last.column + len(last.text), last.start))
        index = end
    shifted.append(len(out))
    for at, new in enumerate(moved):
        moved[at] = shifted[new]
    return out


def _may_precede_when(token: Token) -> bool:
    return (token.kind == "dots" and token.text in _DOTS) or token.kind == "eol"


def _when_end(tokens: list[Token], start: int, continued: set[int]) -> int:
    depth = nests = 0
    line = tokens[start].line
    for index in range(start, len(tokens)):
        token = tokens[index]
        if token.line != line and depth <= 0:
            if line not in continued:
                return index
            line = token.line
        if token.kind == "open" or (token.kind == "punct" and token.text in ("(", "[", "{")):
            depth += 1
        elif token.kind == "close" or (token.kind == "punct" and token.text in (")", "]", "}")):
            depth -= 1
            if depth == 0:
                line = token.line
            elif depth < 0:
                return index
        elif token.kind == "dots" and token.text in ("<...", "<+..."):
            nests += 1
        elif token.kind == "dots" and token.text in ("...>", "...+>"):
            nests -= 1
            if nests < 0:
                return index
    return len(tokens)


def pair_brackets(text: Text, tokens: list[Token]) -> None:
    """Set `partner` of every bracket, and of the parts of disjunctions (each to the next part)."""
    stack: list[int] = []
    make = text.error
    for index, token in enumerate(tokens):
        kind = token.kind
        if kind == "open" or (kind in ("punct", "dots") and token.text in _OPENERS):
            stack.append(index)
            if len(stack) > DEEPEST:
                raise make(
                    "nested-too-deeply",
                    token.line,
                    token.column,
                    f"brackets are nested deeper than {DEEPEST} levels",
                    "write the pattern in simpler parts",
                )
        elif kind in ("or", "and"):
            _part(make, tokens, stack, index)
        elif kind == "close":
            if not stack or tokens[stack[-1]].kind not in ("open", "or", "and"):
                raise _stray_close(make, tokens, stack, token)
            _join(tokens, stack.pop(), index)
        elif kind in ("punct", "dots") and token.text in _ENDINGS:
            if (
                not stack
                or _CLOSERS.get(tokens[stack[-1]].text) != token.text
                or (tokens[stack[-1]].kind in ("open", "or", "and"))
            ):
                raise _stray(make, tokens, stack, token)
            _join(tokens, stack.pop(), index)
    if stack:
        raise _left_open(make, tokens[stack[-1]])


_Make = Callable[[str, int, int, str, str], SmplError]


def _join(tokens: list[Token], first: int, second: int) -> None:
    tokens[first].partner = second
    if tokens[second].kind == "punct" or tokens[second].kind == "dots":
        tokens[second].partner = first


def _part(make: _Make, tokens: list[Token], stack: list[int], index: int) -> None:
    token = tokens[index]
    if not stack or tokens[stack[-1]].kind not in ("open", "or", "and"):
        where = "" if stack else ", and none is open"
        raise make(
            "stray-bar",
            token.line,
            token.column,
            f"{token.text} here separates the arms of a disjunction or conjunction{where}",
            "indent it if C's operator is meant",
        )
    before = tokens[stack[-1]]
    if before.kind not in ("open", token.kind):
        raise make(
            "mixed-disjunction",
            token.line,
            token.column,
            "a disjunction's | and a conjunction's & stand in the same parentheses",
            "nest one of them in parentheses of its own",
        )
    _join(tokens, stack.pop(), index)
    stack.append(index)


def _stray_close(make: _Make, tokens: list[Token], stack: list[int], token: Token) -> SmplError:
    if stack and tokens[stack[-1]].text == "(":
        opened = tokens[stack[-1]]
        return make(
            "unbalanced-parenthesis",
            token.line,
            token.column,
            f"{token.text} closes a disjunction, but the ( of line {opened.line} is C's",
            "indent the ) so that it is not in column 0",
        )
    return _stray(make, tokens, stack, token)


def _stray(make: _Make, tokens: list[Token], stack: list[int], token: Token) -> SmplError:
    code = "unbalanced-parenthesis" if token.text in "()\\)" else "unbalanced-bracket"
    if not stack:
        message, remedy = f"{token.text} closes nothing", "remove it, or open it before"
    else:
        opened = tokens[stack[-1]]
        if opened.kind in ("open", "or", "and"):
            what = f"a disjunction's {opened.text}"
            remedy = (
                "close it with ) in column 0 or \\); or, if C's parenthesis is meant, indent it"
            )
        else:
            what = opened.text
            remedy = f"close {opened.text} with {_CLOSERS[opened.text]} first"
        message = f"{token.text} does not close {what} of line {opened.line}"
    return make(code, token.line, token.column, message, remedy)


def _left_open(make: _Make, token: Token) -> SmplError:
    if token.kind in ("open", "or", "and"):
        what, closer = "the disjunction", "a ) in column 0, or \\),"
    else:
        what, closer = token.text, _CLOSERS[token.text]
    code = "unbalanced-parenthesis" if "(" in token.text else "unbalanced-bracket"
    return make(
        code, token.line, token.column, f"{what} is not closed", f"close it: {closer} is expected"
    )
