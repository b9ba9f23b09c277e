# SPDX-License-Identifier: GPL-2.0-only
"""Locals that nothing reads any more once a mapping call has become an action.

In: a function's text before and after. Out: the text without the locals that were read before and
are not read now, and without the assignments that set them.
"""

from __future__ import annotations

from collections.abc import Iterator

from vmaconv.cocci.rewrite.edit import Edit, apply
from vmaconv.cocci.tree.node import Node
from vmaconv.cocci.tree.unit import Unit
from vmaconv.cocci.types.declared import Declared, declared
from vmaconv.migrate.facts.local_names import uses_of

RULE = "unused local"
_HARMLESS = frozenset({b"vma_desc_size", b"vma_desc_pages"})


def drop_unused(before: bytes, after: bytes, path: str) -> bytes:
    """Drop the locals of `after` that only `before` reads."""
    for _ in range(8):
        read = {d.name for d, uses in _locals(before, path) if any(_reads(u) for u in uses)}
        edits: list[Edit] = []
        for one, uses in _locals(after, path):
            if one.name in read and not any(_reads(use) for use in uses):
                found = _removal(after, one, uses)
                if found is not None:
                    edits = found
                    break
        if not edits:
            return after
        after = apply(after, edits)
    return after


def _locals(text: bytes, path: str) -> Iterator[tuple[Declared, list[Node]]]:
    for chunk in Unit(path, text).chunks:
        for function in chunk.root.children:
            if function.kind != "function_definition":
                continue
            for node in function.children[-1].walk():
                if node.kind == "declaration":
                    for one in declared(node):
                        yield one, list(uses_of(one, function))


def _reads(use: Node) -> bool:
    parent = use.parent
    if parent is None or parent.kind != "assignment_expression" or parent.children[0] is not use:
        return True
    outer = parent.parent
    return parent.children[1].text != b"=" or outer is None or outer.kind != "expression_statement"


def _removal(text: bytes, one: Declared, uses: list[Node]) -> list[Edit] | None:
    edits: list[Edit] = []
    for use in uses:
        assigned = use.parent
        statement = assigned.parent if assigned is not None else None
        if assigned is None or statement is None or not _is_harmless(assigned.children[-1]):
            return None
        block = statement.parent
        if block is None or block.kind != "compound_statement":
            return None
        edits.append(_line(text, statement.start, statement.end))
    children = one.node.children
    own = next((c for c in children if one.leaf is c or one.leaf in list(c.leaves())), None)
    if own is None:
        return None
    if own.kind == "init_declarator" and not _is_harmless(own.children[-1]):
        return None
    if not any(c.kind == "," for c in children):
        edits.append(_line(text, one.node.start, one.node.end))
        return edits
    index = children.index(own)
    if children[index - 1].kind == ",":
        edits.append(Edit(children[index - 1].start, own.end, b"", RULE))
    else:
        edits.append(Edit(own.start, children[index + 2].start, b"", RULE))
    return edits


def _is_harmless(value: Node) -> bool:
    return all(
        n.children[0].text in _HARMLESS for n in value.walk() if n.kind == "call_expression"
    ) and not any(n.kind in ("assignment_expression", "update_expression") for n in value.walk())


def _line(text: bytes, start: int, end: int) -> Edit:
    """Return the deletion of a whole line, with the empty line behind it at a block's start."""
    first = text.rfind(b"\n", 0, start) + 1
    last = text.find(b"\n", end)
    last = len(text) if last < 0 else last + 1
    if text[first:start].strip() or text[end:last].strip():
        return Edit(start, end, b"", RULE)
    opens = text[:first].rstrip(b" \t\n").endswith(b"{")
    follows = text.find(b"\n", last)
    if opens and text[last : follows + 1].strip() == b"" and follows >= 0:
        last = follows + 1
    return Edit(first, last, b"", RULE)
