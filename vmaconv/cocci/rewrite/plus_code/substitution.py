# SPDX-License-Identifier: GPL-2.0-only
"""Plus lines with metavariables replaced by what they stand for.

In: plus lines and bindings. Out: their text, with the parentheses that operators of C need
(C11 6.5). Layout is for `generate`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from msgspec.structs import replace

from vmaconv.cocci.match.attempt.value import BoundValue
from vmaconv.cocci.match.code.context import POSTFIX, precedence, required_precedence
from vmaconv.cocci.rewrite.plus_code.bodies_in_plus import is_body, needs_braces, token_beside
from vmaconv.cocci.rewrite.plus_code.needs import WHOLE, PlusNeeds, value_of
from vmaconv.cocci.smpl.mentions import Name
from vmaconv.cocci.smpl.rule import Metavariable, PlusLine, PlusToken
from vmaconv.cocci.tree.node import EXPRESSIONS


def render(
    needs: PlusNeeds, number: int, bindings: Mapping[Name, BoundValue], apart: bool = False
) -> list[tuple[int, bytes]]:
    """Return the text of plus line `number` (from 0), with values for its metavariables.

    A value whose operators bind looser than its new neighbours gets parentheses; a list of no
    elements takes a comma beside it along. The text comes in one piece, but for `if (e) S else T`:
    where S is no block, it and the `else` get lines of their own. With each piece comes how many
    tabs deeper it stands.

    `T a, b;` comes in one piece for each name where T is a pointer or an array, which `T a` alone
    would be then: `int *a;`, `int *b;`; with `apart`, as spatch has it, for any T.
    """
    line = needs.lines[number]
    parts = _declarations(line, bindings, apart)
    return [
        piece
        for part, indices in parts
        for piece in _rendered(needs, number, part, indices, bindings, tidy=not apart)
    ]


def _declarations(
    line: PlusLine, bindings: Mapping[Name, BoundValue], apart: bool
) -> list[tuple[PlusLine, Sequence[int]]]:
    """Return a line, or one for each name that it declares; with each, which tokens it has."""
    tokens = line.tokens
    whole: list[tuple[PlusLine, Sequence[int]]] = [(line, range(len(tokens)))]
    head = tokens[0].metavariable if len(tokens) > 3 else None
    if head is None or head.kind != "type" or tokens[-1].text != ";":
        return whole
    value = value_of(head, bindings)
    plain = value is not None and not value.suffix and not value.text.endswith(b"*")
    commas = [i for i, depth in enumerate(_depths(tokens)) if tokens[i].text == "," and depth == 0]
    if not commas or tokens[1].text == "(" or (plain and not apart):
        return whole
    found: list[tuple[PlusLine, Sequence[int]]] = []
    start = 1
    for end in (*commas, len(tokens) - 1):
        found.append(_declaration(line, start, end))
        start = end + 1
    return found


def _declaration(line: PlusLine, start: int, end: int) -> tuple[PlusLine, Sequence[int]]:
    """Return the line that declares what the tokens from `start` up to `end` do."""
    tokens = line.tokens
    begin = tokens[start].column
    lead = f"{line.text[: tokens[0].column]}{tokens[0].text} "
    text = f"{lead}{line.text[begin : tokens[end].column].rstrip()};"
    moved = [replace(t, column=t.column - begin + len(lead)) for t in tokens[start:end]]
    last = replace(tokens[-1], column=len(text) - 1)
    made = replace(line, text=text, tokens=(tokens[0], *moved, last))
    return made, (0, *range(start, end), len(tokens) - 1)


def _depths(tokens: Sequence[PlusToken]) -> list[int]:
    """Return how many brackets are open behind each token."""
    found: list[int] = []
    depth = 0
    for token in tokens:
        depth += (token.text in ("(", "[", "{")) - (token.text in (")", "]", "}"))
        found.append(depth)
    return found


def _rendered(
    needs: PlusNeeds,
    number: int,
    line: PlusLine,
    indices: Sequence[int],
    bindings: Mapping[Name, BoundValue],
    *,
    tidy: bool,
) -> list[tuple[int, bytes]]:
    pieces: list[tuple[int, list[str | bytes]]] = [(0, [])]
    position = after_comma = 0
    body = False
    late: _Late = []
    braced = _beside_braces(needs, number, bindings, -1)
    for index, token in enumerate(line.tokens):
        meta = token.metavariable
        if token.column < after_comma or meta is None:
            if token.text == "else" and (body or (braced and index == 0)):
                if pieces[-1][1]:
                    pieces.append((0, []))
                pieces[-1][1].extend(["} "] if braced else [])
                position = token.column
            body = braced = False
            continue
        ahead, before = _between(line.text, position, token.column, late)
        pieces[-1][1].extend((*ahead, before))
        position = token.column + len(token.text)
        value = value_of(meta, bindings)
        if value is not None and value.nodes == ():
            position = after_comma = _without_comma(line, index, pieces[-1][1])
            continue
        body = index > 0 and is_body(meta, value, token_beside([line], 0, index, -1))
        braced = needs_braces(needs.lines, number, indices[index], value)
        if body:
            if braced:
                pieces[-1][1].append("{" if before.endswith(" ") else " {")
            pieces.append((1, []))
        text = _substitute(meta, value, needs.around(number, indices[index]), tidy)
        alone = tidy and _takes_address(before) and not _goes_deeper(line.text[position:])
        pointer = _pointer(value) if alone else None
        if pointer is not None:
            # `&V` of `*p` is p.
            pieces[-1][1][-1] = before = before[:-1]
            alone = before.rstrip()[-1:] in "(,=" and line.text[position : position + 1] in ",);"
            text = pointer[1:-1] if alone and pointer.startswith(b"(") else pointer
        if value is not None and value.nodes is not None:
            text = _on_own_lines(text)
        if pastes(_last_byte(pieces[-1][1]), text):
            text = b" " + text if meta.kind == "unary operator" else b"(" + text + b")"
        if text.startswith(b"\n"):
            pieces[-1][1][-1] = before.rstrip()
        pieces[-1][1].append(text)
        if value is not None and meta.kind == "type":
            # `T y` with an array or pointer for T: `int y[3]`, `int *y`.
            position = _declared(line, index, value, pieces[-1][1], late)
        elif value is not None and meta.kind == "unary operator":
            position = _at_operand(line.text, position, text)
    ahead, rest = _between(line.text, position, len(line.text), late)
    pieces[-1][1].extend((*ahead, rest))
    if _beside_braces(needs, number, bindings, 1):
        pieces[-1][1].append(" {")
    return [(depth, b"".join(map(_bytes, parts)).strip()) for depth, parts in pieces]


def _beside_braces(
    needs: PlusNeeds, number: int, bindings: Mapping[Name, BoundValue], step: int
) -> bool:
    """Whether the line behind (`step` 1) begins, or that before (-1) ends, with a body that gets braces."""
    beside = number + step
    if not 0 <= beside < len(needs.lines) or not needs.lines[beside].tokens:
        return False
    index = 0 if step > 0 else len(needs.lines[beside].tokens) - 1
    meta = needs.lines[beside].tokens[index].metavariable
    return meta is not None and needs_braces(needs.lines, beside, index, value_of(meta, bindings))


_Late = list[tuple[int, bytes]]
"""What goes in at columns of a line that are still to come, in order."""


def _declared(
    line: PlusLine, index: int, value: BoundValue, parts: list[str | bytes], late: _Late
) -> int:
    """Note what goes behind the name that a type declares; return the place to go on from.

    `T y[2]` with an array for T is `int y[2][3]`, `T *y` is `int (*y)[3]`.
    """
    tokens = line.tokens
    end = _end_of(tokens[index])
    first = at = _past_attributes(tokens, index + 1)
    while at < len(tokens) and tokens[at].text == "*":
        at += 1
    stars, named = at > first, at < len(tokens) and tokens[at].kind in ("name", "meta")
    if value.suffix and (stars or named):
        behind = _past_sizes(tokens, at + named)
        enclosed = stars and value.suffix[:1] in (b"[", b"(")
        if enclosed:
            late.append((tokens[first].column, b"("))
        late.append((_end_of(tokens[behind - 1]), b")" * enclosed + value.suffix))
    else:
        parts.append(value.suffix)
    joins = stars or (named and first == index + 1)
    return tokens[first].column if joins and value.text.endswith(b"*") else end


def _end_of(token: PlusToken) -> int:
    return token.column + len(token.text)


def _past_sizes(tokens: Sequence[PlusToken], at: int) -> int:
    """Return the index of the first token from `at` on that is not of an array's `[...]`."""
    while at < len(tokens) and tokens[at].text == "[":
        depths = _depths(tokens[at:])
        at += next((i for i, depth in enumerate(depths) if depth == 0), len(depths) - 1) + 1
    return at


def _between(text: str, start: int, end: int, late: _Late) -> tuple[list[str | bytes], str]:
    """Return a stretch of a line with what goes in there, and apart what is behind that."""
    found: list[str | bytes] = []
    while late and late[0][0] <= end:
        column, new = late.pop(0)
        found += [text[start:column], new]
        start = max(column, start)
    return found, text[start:end]


def _past_attributes(tokens: Sequence[PlusToken], at: int) -> int:
    """Return the index of the first token from `at` on that is not of an `__attribute__((...))`."""
    while at < len(tokens) and tokens[at].text == "__attribute__":
        depth = 0
        at += 1
        while at < len(tokens):
            depth += {"(": 1, ")": -1}.get(tokens[at].text, 0)
            at += 1
            if depth == 0:
                break
    return at


_PASTED = frozenset({b"++", b"--", b"&&", b"/*", b"//"})


def pastes(before: bytes, after: bytes) -> bool:
    """Whether two texts side by side read as another token where they meet: `-` and `-x`."""
    return before[-1:] + after[:1] in _PASTED


def _last_byte(parts: Sequence[str | bytes]) -> bytes:
    """Return the last byte of what parts come to, or nothing."""
    return next((_bytes(part)[-1:] for part in reversed(parts) if part), b"")


def _at_operand(text: str, position: int, operator: bytes) -> int:
    """Return where the operand of a unary operator begins in a line: `op e` is `-e`."""
    blanks = len(text[position:]) - len(text[position:].lstrip())
    after = text[position + blanks :].encode()
    return position if pastes(operator, after) else position + blanks


def _bytes(part: str | bytes) -> bytes:
    return part if isinstance(part, bytes) else part.encode()


def _takes_address(before: str) -> bool:
    """Whether plus code ends in the operator `&` of one operand."""
    left = before[:-1].rstrip()
    return before.endswith("&") and (not left or left[-1] in "(,=|!?:{[;<>+-*/%^")


def _goes_deeper(after: str) -> bool:
    """Whether what stands behind an operand binds closer than `&` before it: `&V->m`, `&V[0]`."""
    return after.lstrip().startswith(("->", ".", "[", "(", "++", "--"))


def _pointer(value: BoundValue | None) -> bytes | None:
    """Return p, with its parentheses, where a value is `*p`."""
    node = value.node if value is not None else None
    while node is not None and node.kind == "parenthesized_expression" and len(node.children) == 3:
        node = node.children[1]
    if node is None or node.kind != "unary_expression" or value is None:
        return None
    star, operand = node.children[0], node.children[-1]
    if star.text != b"*" or value.node is None:
        return None
    at = value.node.start
    text = value.text[operand.start - at : operand.end - at]
    is_whole = operand.kind == "parenthesized_expression" or not text.startswith(b"(")
    return text if is_whole else None


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


def _on_own_lines(text: bytes) -> bytes:
    """Return a list with line ends around a directive that it begins or ends with."""
    if b"#" not in text:
        return text
    last = text[text.rfind(b"\n") + 1 :].lstrip()
    return b"\n" * text.startswith(b"#") + text + b"\n" * last.startswith(b"#")


def _substitute(meta: Metavariable, value: BoundValue | None, wanted: int, tidy: bool) -> bytes:
    if value is None:
        return meta.name.encode()
    if value.node is None or value.node.kind not in EXPRESSIONS or value.data is not None:
        return value.text
    node = value.node
    if precedence(node) < wanted:
        return b"(" + value.text + b")"
    if (
        tidy
        and wanted != WHOLE
        and node.kind == "parenthesized_expression"
        and len(node.children) == 3
    ):
        inner = node.children[1]
        # `(d + 1)->x`: parentheses for the sake of the old place, which the new one does not need.
        if required_precedence(node) >= POSTFIX and precedence(inner) >= max(wanted, 2):
            return value.text[1:-1].strip()
    return value.text
