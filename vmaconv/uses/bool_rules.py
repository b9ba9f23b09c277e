# SPDX-License-Identifier: GPL-2.0-only
"""Warnings about rules that put a bool where a masked word stood.

In: a rule file's text. Out: warnings with their line. There is no tree to say what a function
returns, so its name has to tell; `bool_guard` decides where the rule runs.
"""

from __future__ import annotations

from collections.abc import Iterator

from vmaconv.cocci.smpl.rule import RulePlace, SmplError
from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.tree.node import Node, bare
from vmaconv.flags.helpers.generation import test_names
from vmaconv.uses.bool_guard import TRUTH_OPERATORS, is_masked, parsed_expression

_ASKS = late_regex(rb"(?:^|_)(?:test|is|has|can|may)(?:_|$)")
_CONDITION = late_regex(r"(?:\b(?:if|while)\s*\(|!\s*\(|&&|\|\|)\s*$")
_REMEDY = (
    "it is made only where the truth counts; put an arm for each comparison before it, as in "
    '`- (D->x & F) == F` (see "Flags in rules" in the README)'
)


def bool_warnings(text: str, path: str) -> Iterator[SmplError]:
    """Yield a warning for each line `- x & F` that one line `+ is_x(x, F)` follows."""
    lines = ["", *text.split("\n"), "", ""]
    for number in range(1, len(lines) - 2):
        before, minus, plus, after = lines[number - 1 : number + 3]
        alone = not before.startswith("-") and not after.startswith("+")
        if not (alone and minus.startswith("-") and plus.startswith("+")):
            continue
        if _CONDITION.search(before):
            continue
        old, new = (parsed_expression(line[1:].strip().encode()) for line in (minus, plus))
        if old is None or new is None or not is_masked(bare(old)) or not _asks(bare(new)):
            continue
        what = f"`{plus[1:].strip()}` is a bool where a masked word stood"
        place = RulePlace(path, number + 1, len(plus) - len(plus[1:].lstrip()))
        yield SmplError("bool-for-word", place, what, _REMEDY, plus)


def _asks(node: Node) -> bool:
    match node.kind:
        case "unary_expression":
            return node.children[0].text == b"!"
        case "binary_expression":
            return node.children[1].text in TRUTH_OPERATORS
        case "call_expression":
            name = node.children[0].text or b""
            return name in test_names() or _ASKS.search(name) is not None
    return False
