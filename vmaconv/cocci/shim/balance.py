# SPDX-License-Identifier: GPL-2.0-only
"""Judge if the arms of a conditional, one after the other, still read as C.

In:   tokens of a text with all arms in it, and the token ranges of a group's arms, whose brackets
      are known to match.
Out:  yes or no.

What may stand side by side depends on the brackets around: statements, declarations and fields
end in `;` or `}`, the elements of an enum or an initialiser in a comma; arguments of a call never
stand side by side, since their number would change.
"""

from vmaconv.cocci.text.tokens import Tokens

# How far back a `:` looks for the `case` that it belongs to.
_LABEL_REACH = 40


def are_whole(tokens: Tokens, around: int, arms: list[tuple[int, int]]) -> bool:
    """Say if a group's arms are whole items between whole items.

    `around` is the bracket around the group, or -1; `arms` are token ranges, end exclusive.
    """
    filled = [(first, end) for first, end in arms if end > first]
    if not filled:
        return True
    if around >= 0 and tokens.kinds[around] in b"[":
        return False
    in_list = around >= 0 and is_list(tokens, around)
    before, after = arms[0][0] - 1, arms[-1][1]
    if tokens.at(before) in b"e" and len(arms) == 1:
        # `else`, then the group, then `}`: without the arm this is no C.
        return tokens.at(after) in b"}" and tokens.at(after - 1) in b";}"
    if not _ends_item(tokens, before, around, in_list):
        return False
    if len(filled) > 1 and any(tokens.kinds[first] in b"e" for first, _ in filled):
        return False
    if tokens.at(after) in b"{" and tokens.kinds[filled[-1][1] - 1] in b")":
        return False
    closes = in_list and tokens.at(after) in b"}"
    last = len(filled) - 1
    return all(
        _ends_item(tokens, end - 1, around, in_list) or (closes and number == last)
        for number, (_, end) in enumerate(filled)
    )


def is_list(tokens: Tokens, brace: int) -> bool:
    """Say if a brace opens the elements of an initialiser or an enum."""
    before = tokens.at(brace - 1)
    if before in b"=,[]{":
        # A `{` in a `{` is a nested initialiser or a nested block, as the outer one is.
        while before in b"{":
            brace -= 1
            before = tokens.at(brace - 1)
        return before in b"=,]"
    if before in b")":
        return is_literal(tokens, brace - 1)
    for back in (brace - 1, brace - 2):
        if tokens.at(back) in b"s":
            return tokens.word(back) == b"enum"
    return False


def is_literal(tokens: Tokens, closing: int) -> bool:
    """Say if the `)` before a brace belongs to a compound literal, `(struct s) {`."""
    opening = tokens.partner[closing]
    return opening >= 0 and tokens.at(opening - 1) in b"=,(&*o?:r"


def _ends_item(tokens: Tokens, index: int, around: int, in_list: bool) -> bool:
    """Say if an item can end with token `index`, or the text or block begins after it."""
    if index == around:
        return tokens.at(index) in b"{" or index < 0
    kind = tokens.kinds[index]
    if in_list:
        return kind in b","
    if kind in b";" or kind in b"}":
        return True
    if around >= 0 and tokens.kinds[around] in b"(":
        return False
    if kind in b":":
        return is_label(tokens, index)
    return kind in b")" and not _in_code(tokens, around) and _is_bare_call(tokens, index)


def is_label(tokens: Tokens, colon: int) -> bool:
    """Say if a colon ends a label or a `case`."""
    before = tokens.at(colon - 1)
    if before in b"D":
        return True
    if before in b"i" and tokens.at(colon - 2) in b";{}:)e":
        return True
    start = max(0, colon - _LABEL_REACH)
    kinds = tokens.kinds[start:colon]
    return kinds.rfind(b"c") > max(kinds.rfind(b";"), kinds.rfind(b"}"), kinds.rfind(b"?"))


def _in_code(tokens: Tokens, brace: int) -> bool:
    return brace >= 0 and tokens.at(brace - 1) in b");{}ed:"


def _is_bare_call(tokens: Tokens, closing: int) -> bool:
    """Say if a `)` ends a macro that stands alone, like `EXPORT_SYMBOL(f)`."""
    opening = tokens.partner[closing]
    if opening < 0 or tokens.at(opening - 1) not in b"i":
        return False
    return tokens.at(opening - 2) in b";})" or tokens.at(opening - 2) in b"{"
