# SPDX-License-Identifier: GPL-2.0-only
"""Plus code of a function's header, for a prototype whose parameters have no names.

In: plus blocks that belong to a header. Out: the same without the names of parameters, so that
`+ , int extra` makes `int f(int);` into `int f(int, int);`. What names a parameter and what is part
of its type is told by what stands before it, as in `u64 x` and `struct s`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from msgspec.structs import replace

from vmaconv.cocci.match.attempt.state import Taken
from vmaconv.cocci.match.code.declaration_parts import read
from vmaconv.cocci.match.declaration.prototypes import LOOSE_PARAMETER
from vmaconv.cocci.smpl.rule import PlusBlock, PlusLine, PlusToken, PNode

_OF_TYPES = frozenset(
    {"bool", "char", "double", "float", "int", "long", "short", "signed", "unsigned", "void"}
)
_BEFORE_TYPES = frozenset({"const", "enum", "restrict", "struct", "union", "volatile"})


def is_unnamed(trail: Sequence[Taken]) -> bool:
    """Return whether a prototype that was found has parameters, and none of them a name."""
    node = next((t.node for t in trail if t.node is not None), None)
    whole = node.enclosing("declaration") if node is not None else None
    if whole is None:
        return False
    head = next((x for x in whole.walk() if x.kind == "function_declarator"), None)
    listed = head.children[-1].children if head is not None else ()
    parameters = [x for x in listed if x.kind == "parameter_declaration"]
    if not parameters or any(read(x).only.name is not None for x in parameters):
        return False
    return [leaf.text for leaf in parameters[0].leaves()] != [b"void"]


def without_names(pattern: PNode, blocks: Sequence[PlusBlock]) -> tuple[PlusBlock, ...]:
    """Return a header's plus code without the names of parameters.

    A block beside such a name stands beside what is next to it.
    """
    leaves = [x for x in pattern.leaves() if isinstance(x, PNode)]
    names = {id(name) for name in _names(pattern)}
    before: dict[int, PNode] = {}
    after: dict[int, PNode] = {}
    for one, other in pairwise(leaves):
        if id(other) in names:
            before[id(other)] = one
        if id(one) in names:
            after[id(one)] = other
    return tuple(
        _without(
            replace(
                block,
                before=before.get(id(block.before), block.before),
                after=after.get(id(block.after), block.after),
            )
        )
        for block in blocks
    )


def _names(node: PNode) -> Iterator[PNode]:
    if node.kind == LOOSE_PARAMETER:
        name = read(node).only.name
        if isinstance(name, PNode):
            yield name
    for child in node.children:
        if isinstance(child, PNode):
            yield from _names(child)


def _without(block: PlusBlock) -> PlusBlock:
    code = block.code
    follower = "," if block.after is None else _first_text(block.after)
    # A whole header has its parameters in parentheses; else the block is a part of the list.
    whole = block.after is None or follower not in (",", ")")
    inside = 1 if whole and any(token.text == "(" for token in code) else 0
    names: set[int] = set()
    depth = 0
    for index, token in enumerate(code):
        depth += (token.text in ("(", "[")) - (token.text in (")", "]"))
        following = code[index + 1].text if index + 1 < len(code) else follower
        at_end = depth == inside and following in (",", ")", "[")
        if at_end and index > 0 and _is_name(code[index - 1], token):
            names.add(id(token))
    if not names:
        return block
    return replace(block, lines=tuple(_cut(line, names) for line in block.lines))


def _first_text(node: PNode) -> str:
    leaf = next((x for x in node.leaves()), None)
    return (leaf.text or b"").decode(errors="replace") if leaf is not None else ""


def _is_name(previous: PlusToken, token: PlusToken) -> bool:
    """Whether a token that ends a parameter is its name."""
    if token.kind not in ("name", "meta") or token.text in _OF_TYPES | _BEFORE_TYPES:
        return False
    typed = previous.kind in ("name", "meta") and previous.text not in _BEFORE_TYPES
    return typed or previous.text == "*"


def _cut(line: PlusLine, names: set[int]) -> PlusLine:
    """Return a line without some of its tokens, and without the blanks before them."""
    text, kept, gone = line.text, list[PlusToken](), 0
    for token in line.tokens:
        column = token.column - gone
        if id(token) not in names:
            kept.append(replace(token, column=column))
            continue
        while kept and kept[-1].kind == "space":
            kept.pop()
        start = len(text[:column].rstrip())
        text = text[:start] + text[column + len(token.text) :]
        gone += column + len(token.text) - start
    return replace(line, text=text, tokens=tuple(kept))
