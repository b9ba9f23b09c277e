# SPDX-License-Identifier: GPL-2.0-only
"""Whether added code can stand where it is added.

In: a rule's text and its two slices. Out: raises `SmplError` where the rule would leave a bracket open,
or would put a statement in an expression's place, or the other way round; a warning where only the
preprocessor can tell.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from vmaconv.cocci.smpl.rule import CodeRule, PlusBlock, PlusToken, PNode, SmplError, TokenMark
from vmaconv.cocci.smpl.rule_lexer import Slices, Text, Token

_PAIRS = {")": "(", "]": "[", "}": "{"}
_HEADS = frozenset({"else", "for", "if", "return", "switch", "while"})


def check_plus_form(text: Text, rule: CodeRule, slices: Slices) -> Iterator[SmplError]:
    """Check what a rule adds; yield warnings."""
    leaves = [leaf for leaf in rule.pattern.leaves() if isinstance(leaf, PNode)]
    is_removed = all(leaf.mark is TokenMark.MINUS for leaf in leaves)
    last = leaves[-1] if rule.body == "expression" and leaves and is_removed else None
    for block in rule.plus:
        _check_end(text, block, rule.body == "expression", last)
    yield from _open_brackets(text, rule, slices)


def _check_end(text: Text, block: PlusBlock, in_expression: bool, last: PNode | None) -> None:
    """Raise an error where one of the removed and the added code ends with `;` and the other does not.

    `last` is the last token of an expression that is removed as a whole.
    """
    code = block.code
    if block.has_directive or not code or block.before is None:
        return
    if block.before.mark is not TokenMark.MINUS:
        return
    if in_expression:
        if block.before is last and code[-1].text == ";":
            raise _uneven(text, block, "the added code ends with ;, what it replaces does not")
    elif block.before.text == b";" and _is_call(code):
        raise _uneven(text, block, "the added code lacks the ; that what it replaces ends with")


def _is_call(code: Sequence[PlusToken]) -> bool:
    """Whether added code is one call, of what is neither a loop nor a macro by its name."""
    if len(code) < 3 or code[0].kind != "name" or code[1].text != "(" or code[-1].text != ")":
        return False
    name = code[0].text
    if name in _HEADS or "for" in name or name.upper() == name:
        return False
    depth = 0
    for token in code[1:-1]:
        depth += (token.text == "(") - (token.text == ")")
        if depth == 0:
            return False
    return True


def _uneven(text: Text, block: PlusBlock, what: str) -> SmplError:
    last = block.lines[-1]
    token = last.code[-1]
    return text.error(
        "uneven-ends",
        last.place.line,
        last.place.column + token.column,
        what,
        "write ; in both, or in neither",
    )


def _open_brackets(text: Text, rule: CodeRule, slices: Slices) -> Iterator[SmplError]:
    """Look at what the rule makes of the code: its brackets have to match.

    They need not where preprocessor lines tell which part counts: that is a warning.
    """
    tokens = [t for t in slices.minus if t.mark is not TokenMark.MINUS]
    if not slices.plus or any(t.kind in ("open", "or", "and", "close") for t in slices.minus):
        # The arms of a disjunction are no one text.
        return
    placed = [(t.line, t.column, t) for t in tokens]
    for line in slices.plus:
        placed += [(line.line, line.mark_width + t.column, t) for t in line.tokens]
    conditional = any(block.has_directive for block in rule.plus)
    unmatched = _first_unmatched(placed)
    if unmatched is not None:
        error = _unmatched(text, *unmatched)
        if not conditional:
            raise error
        yield error


def _first_unmatched(
    placed: Sequence[tuple[int, int, Token]],
) -> tuple[int, int, Token] | None:
    """Return a bracket without its partner, or None."""
    stack: list[tuple[int, int, Token]] = []
    for line_number, column, token in sorted(placed, key=lambda one: one[:2]):
        if token.kind != "punct":
            continue
        if token.text in _PAIRS.values():
            stack.append((line_number, column, token))
        elif token.text in _PAIRS:
            if not stack or stack[-1][2].text != _PAIRS[token.text]:
                return line_number, column, token
            stack.pop()
    return stack[-1] if stack else None


def _unmatched(text: Text, line: int, column: int, token: Token) -> SmplError:
    return text.error(
        "unbalanced-result",
        line,
        column,
        f"`{token.text}` has no partner in what the rule leaves of the code",
        "the lines without mark and those with + have to be C together",
    )
