# SPDX-License-Identifier: GPL-2.0-only
"""The negation `!a` of an isomorphism, where `a` is matched by more than a name.

In: the part of a pattern that `a` stands for. Out: its negation as one writes it: `!e` becomes `e`,
`x == y` becomes `x != y`, and `&&` and `||` pass it on; so spatch's isomorphisms take it, too.
"""

from __future__ import annotations

import dataclasses

from vmaconv.cocci.match.isomorphisms.surroundings import PatternSurroundings
from vmaconv.cocci.smpl.rule import PNode, TokenMark

_OPPOSITES = {
    b"==": b"!=",
    b"!=": b"==",
    b"<": b">=",
    b">=": b"<",
    b">": b"<=",
    b"<=": b">",
    b"&&": b"||",
    b"||": b"&&",
}
_PASSED_ON = frozenset({b"&&", b"||"})


def negated(pattern: PNode, bang: PNode, around: PatternSurroundings, mark: TokenMark) -> PNode:
    """Return the negation of a part of a pattern; `bang` is the `!` where nothing shorter says it.

    What the rule changes, or marks otherwise than `mark`, keeps its `!` in front.
    """
    plain = None if around.changes(pattern) else _shorter(pattern, bang, around, mark)
    if plain is not None:
        return plain
    return PNode("unary_expression", bang.start, pattern.end, [bang, pattern])


def _shorter(
    pattern: PNode, bang: PNode, around: PatternSurroundings, mark: TokenMark
) -> PNode | None:
    parts = [child for child in pattern.children if isinstance(child, PNode)]
    match pattern.kind:
        case "disjunction" | "conjunction" | "variant" | "truth":
            arms = tuple(negated(child, bang, around, mark) for child in parts)
            return dataclasses.replace(pattern, children=arms)
        case "dots":
            return pattern
        case "parenthesized_expression":
            inner = negated(parts[1], bang, around, mark)
            return dataclasses.replace(pattern, children=(parts[0], inner, parts[2]))
        case "unary_expression":
            operator = parts[0]
            if operator.text != b"!" or operator.attached or operator.mark is not mark:
                return None
            return parts[1]
        case "binary_expression":
            left, operator, right = parts
            opposite = _OPPOSITES.get(operator.text or b"")
            if opposite is None or operator.mark is not mark:
                return None
            if operator.text in _PASSED_ON:
                left, right = (negated(one, bang, around, mark) for one in (left, right))
            other = dataclasses.replace(operator, text=opposite, kind=opposite.decode())
            return dataclasses.replace(pattern, children=(left, other, right))
    return None
