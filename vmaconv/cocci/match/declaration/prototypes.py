# SPDX-License-Identifier: GPL-2.0-only
"""Changing the prototypes of a function whose header a rule changes.

In: a rule with a function definition. Out: the rule that makes the same change to a prototype, or None
where the header stays as it is. It shares the header's tokens with the rule that it is made of, so that
what is removed and added there is removed and added in the prototype, too.
"""

from __future__ import annotations

from collections.abc import Sequence

from msgspec.structs import replace

from vmaconv.cocci.match.code.declaration_parts import read
from vmaconv.cocci.smpl.attachment import marked
from vmaconv.cocci.smpl.rule import CodeRule, PlusBlock, PlusLine, PNode, TokenMark
from vmaconv.cocci.tree.node import Node

LOOSE_PARAMETER = "prototype_parameter"
"""The kind of a pattern's parameter that a prototype may leave without a name."""


def prototype_of(rule: CodeRule) -> tuple[CodeRule, frozenset[str]] | None:
    """Return the rule for prototypes, and the metavariables for the names of its parameters.

    Those a prototype may call something else than the definition does.
    """
    function = _function(rule.pattern)
    if function is None:
        return None
    head = [c for c in function.children[:-1] if isinstance(c, PNode)]
    leaves = [x for part in head for x in part.leaves() if isinstance(x, PNode)]
    brace = next((x for x in function.children[-1].leaves() if isinstance(x, PNode)), None)
    if brace is None or brace.text != b"{":
        return None
    plus = _plus(rule.plus, leaves, brace)
    if not plus and not any(x.mark is TokenMark.MINUS for x in leaves):
        return None
    parts = [_loosened(part) for part in head]
    everything = [x for x in function.leaves() if isinstance(x, PNode)]
    removed = all(x.mark is TokenMark.MINUS for x in everything)
    if removed and not plus:
        plus = _replaced(rule.plus, leaves, everything[-1])
    gone = removed and not plus
    mark = TokenMark.MINUS if gone else TokenMark.CONTEXT
    end = PNode(";", brace.start, brace.start, (), b";", mark=mark, place=brace.place)
    declaration = PNode("declaration", function.start, brace.start, [*parts, end])
    pattern = PNode("sequence", function.start, brace.start, [declaration])
    pattern, blocks = marked(pattern, plus)
    made = replace(rule, pattern=pattern, plus=blocks, body="declaration")
    return made, _parameter_names(function)


def _function(pattern: PNode) -> PNode | None:
    if pattern.kind != "sequence" or len(pattern.children) != 1:
        return None
    only = pattern.children[0]
    return only if isinstance(only, PNode) and only.kind == "function_definition" else None


def _plus(blocks: Sequence[PlusBlock], head: Sequence[PNode], brace: PNode) -> list[PlusBlock]:
    """Return the plus code of the header; a brace at its end, as in `+ f(int x) {`, is left out."""
    inside = {id(x) for x in head}
    found: list[PlusBlock] = []
    for block in blocks:
        before, after = block.before, block.after
        after_head = before is not None and id(before) in inside
        ends_there = after is None or id(after) in inside or after is brace
        in_place_of_head = before is None and after is head[0] and after.mark is TokenMark.MINUS
        added = before is None and after is head[0] and _is_specifier(block)
        if in_place_of_head:
            found.append(replace(block, lines=_without_brace(block.lines)))
        elif (after_head and ends_there) or added:
            found.append(block)
        elif before is brace and brace.mark is TokenMark.MINUS:
            lines = _without_brace(block.lines)
            if lines:
                found.append(replace(block, lines=lines, before=head[-1], after=None))
    return found


def _is_specifier(block: PlusBlock) -> bool:
    """Whether plus code before a header belongs to it, as `+ static` does; `+ int x;` does not."""
    return bool(block.code) and not block.has_directive and not block.is_whole


def _replaced(blocks: Sequence[PlusBlock], head: Sequence[PNode], last: PNode) -> list[PlusBlock]:
    """Return the header of the function that stands in plus code for one that goes."""
    for block in blocks:
        beside = block.before is last or (block.before is None and block.after is head[0])
        if beside and any(token.text == "{" for line in block.lines for token in line.tokens):
            lines = _without_brace(block.lines)
            if any(token.text == "(" for line in lines for token in line.tokens):
                return [replace(block, lines=lines, before=head[-1], after=None)]
    return []


def _without_brace(lines: Sequence[PlusLine]) -> tuple[PlusLine, ...]:
    """Return plus lines up to their first brace."""
    found: list[PlusLine] = []
    for line in lines:
        brace = next((t for t in line.tokens if t.text == "{"), None)
        if brace is None:
            found.append(line)
            continue
        tokens = tuple(t for t in line.tokens if t.column < brace.column)
        if tokens:
            found.append(replace(line, text=line.text[: brace.column].rstrip(), tokens=tokens))
        break
    return tuple(found)


def _loosened(node: PNode) -> PNode:
    """Return a header's part with parameters that may lack a name; leaves stay the same."""
    if node.text is not None:
        return node
    children: list[Node] = [_loosened(c) if isinstance(c, PNode) else c for c in node.children]
    kind = LOOSE_PARAMETER if node.kind == "parameter_declaration" else node.kind
    return PNode(
        kind,
        node.start,
        node.end,
        children,
        mark=node.mark,
        place=node.place,
        attached=node.attached,
    )


def _parameter_names(function: PNode) -> frozenset[str]:
    """Return the metavariables that are names of parameters."""
    found: set[str] = set()
    for level in read(function).only.levels:
        for part in level.tokens:
            for one in part.children:
                name = _name(one)
                if isinstance(name, PNode) and name.metavariable is not None:
                    found.add(name.metavariable.name)
                elif isinstance(one, PNode) and one.metavariable is not None:
                    found.add(one.metavariable.name)
    return frozenset(found)


def _name(parameter: Node) -> Node | None:
    if parameter.kind != "parameter_declaration":
        return None
    form = read(parameter)
    return form.only.name
