"""Plus lines with metavariables replaced by what they stand for.

In: plus lines and bindings. Out: their text, with the parentheses that operators of C need
(C11 6.5). Layout is for `generate`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from vmaconv.match.context import (
    POSTFIX,
    PRECEDENCE,
    PRIMARY,
    UNARY,
    precedence,
    required_precedence,
)
from vmaconv.match.value import Name, Value
from vmaconv.smpl.rule import Metavariable, PlusLine, PlusToken
from vmaconv.source.tree import EXPRESSIONS


def render(line: PlusLine, bindings: Mapping[Name, Value]) -> list[tuple[int, bytes]]:
    """Return a plus line's text with metavariables replaced by what they stand for.

    A value whose operators bind looser than its new neighbours gets parentheses; a list of no
    elements takes a comma beside it along. The text comes in one piece, but for `if (e) S else T`:
    where S is no block, it and the `else` get lines of their own. With each piece comes how many
    tabs deeper it stands.
    """
    pieces: list[tuple[int, list[str | bytes]]] = [(0, [])]
    position = after_comma = 0
    body = False
    for index, token in enumerate(line.tokens):
        meta = token.metavariable
        if token.column < after_comma or meta is None:
            if body and token.text == "else":
                pieces.append((0, []))
                position = token.column
            body = False
            continue
        pieces[-1][1].append(line.text[position : token.column])
        position = token.column + len(token.text)
        value = value_of(meta, bindings)
        if value is not None and value.nodes == ():
            position = after_comma = _without_comma(line, index, pieces[-1][1])
            continue
        body = _is_body(meta, value, index, line.tokens)
        if body:
            pieces.append((1, []))
        pieces[-1][1].append(_substitute(meta, value, index, line.tokens))
    pieces[-1][1].append(line.text[position:])
    return [(depth, b"".join(map(_bytes, parts)).strip()) for depth, parts in pieces]


def _bytes(part: str | bytes) -> bytes:
    return part if isinstance(part, bytes) else part.encode()


def _without_comma(line: PlusLine, index: int, parts: list[str | bytes]) -> int:
    """Drop a comma beside the empty list at token `index`; return where the text goes on."""
    token = line.tokens[index]
    end = token.column + len(token.text)
    if _next_text(index, line.tokens) == ",":
        end = line.tokens[index + 1].column + 1
        return end + len(line.text[end:]) - len(line.text[end:].lstrip())
    last = parts[-1]
    if isinstance(last, str) and last.rstrip().endswith(","):
        parts[-1] = last.rstrip()[:-1]
    return end


def _next_text(index: int, tokens: Sequence[PlusToken]) -> str:
    return tokens[index + 1].text if index + 1 < len(tokens) else ""


def _is_body(
    meta: Metavariable, value: Value | None, index: int, tokens: Sequence[PlusToken]
) -> bool:
    """Whether a metavariable is a statement without braces behind the head of an `if` or a loop."""
    if meta.kind != "statement" or value is None or index == 0:
        return False
    braced = value.node is not None and value.node.kind == "compound_statement"
    return not braced and tokens[index - 1].text in (")", "else", "do")


def value_of(meta: Metavariable, bindings: Mapping[Name, Value]) -> Value | None:
    """Return what `meta` is bound to, or None."""
    return bindings.get((meta.rule or "", meta.name))


def _substitute(
    meta: Metavariable, value: Value | None, index: int, tokens: Sequence[PlusToken]
) -> bytes:
    if value is None:
        return meta.name.encode()
    if value.node is None or value.node.kind not in EXPRESSIONS or value.data is not None:
        return value.text
    wanted = _wanted(index, tokens)
    node = value.node
    if precedence(node) < wanted:
        return b"(" + value.text + b")"
    if node.kind == "parenthesized_expression" and len(node.children) == 3:
        inner = node.children[1]
        # `(d + 1)->x`: parentheses for the sake of the old place, which the new one does not need.
        if required_precedence(node) >= POSTFIX and precedence(inner) >= max(wanted, 2):
            return value.text[1:-1].strip()
    return value.text


def _wanted(index: int, tokens: Sequence[PlusToken]) -> int:
    """Return the precedence that the operators beside token `index` of plus code ask for."""
    before = tokens[index - 1].text if index else ""
    after = tokens[index + 1].text if index + 1 < len(tokens) else ""
    wanted = 0
    if after in ("->", ".", "[", "(", "++", "--"):
        wanted = PRIMARY - 1
    elif after.encode() in PRECEDENCE and after not in (",", "=", "?"):
        wanted = PRECEDENCE[after.encode()]
    if before in ("!", "~", "&", "*", "-", "+", "sizeof"):
        left = tokens[index - 2].text if index > 1 else ""
        is_binary = before in ("&", "*", "-", "+") and (left[-1:].isalnum() or left in (")", "]"))
        wanted = max(wanted, PRECEDENCE[before.encode()] + 1 if is_binary else UNARY)
    elif before.encode() in PRECEDENCE and before not in (",", "=", "?"):
        wanted = max(wanted, PRECEDENCE[before.encode()] + 1)
    if before == "," or after == "," or (before == "(" and after in (")", ",")):
        wanted = max(wanted, 2)
    return wanted


def loosest(lines: Sequence[PlusLine], bindings: Mapping[Name, Value]) -> int:
    """Return how tightly the outermost operator of plus code binds."""
    tokens = [token for line in lines for token in line.tokens]
    if len(tokens) == 1 and tokens[0].metavariable is not None:
        value = value_of(tokens[0].metavariable, bindings)
        if value is not None and value.node is not None:
            return precedence(value.node)
    depth = 0
    loosest = PRIMARY
    previous = ""
    for token in tokens:
        if token.text in ("(", "[", "{"):
            depth += 1
        elif token.text in (")", "]", "}"):
            depth -= 1
        elif depth == 0:
            loosest = min(loosest, _operator_precedence(token.text, previous))
        previous = token.text
    return loosest


def _operator_precedence(text: str, previous: str) -> int:
    is_operand = previous[-1:].isalnum() or previous[-1:] in ("_", ")", "]")
    if text in ("!", "~") or (text in ("*", "&", "-", "+", "++", "--") and not is_operand):
        return UNARY
    if text.endswith("=") and text not in ("==", "!=", "<=", ">="):
        return PRECEDENCE[b"="]
    return PRECEDENCE.get(text.encode(), PRIMARY)
