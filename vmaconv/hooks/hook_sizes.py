# SPDX-License-Identifier: GPL-2.0-only
"""Whether a mapping's size is the VMA's, or provably inside.

In: a function's node, the name of its VMA, the size's expression. Out: `whole`, `inside`, or nothing
where neither can be shown. A local counts only if it is wide enough and set once.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Literal

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.tree.node import Node, bare
from vmaconv.hooks.hook_paths import ends
from vmaconv.migrate.facts.local_names import argument_nodes, local_declaration, uses_of

_WIDE = frozenset(
    b" ".join(words.split())
    for words in (
        b"unsigned long",
        b"long unsigned int",
        b"unsigned long int",
        b"unsigned long long",
        b"size_t",
        b"u64",
        b"__u64",
        b"uint64_t",
        b"resource_size_t",
        b"phys_addr_t",
        b"loff_t",
        b"s64",
        b"long",
        b"ssize_t",
    )
)
"""Types that hold any VMA's size, in every configuration."""

_WIDE_TYPE = late_regex(rb"min_t \( (?:" + b"|".join(sorted(_WIDE)) + rb") ,")


def size_of(function: Node, vma: bytes, size: Node) -> Literal["whole", "inside", ""]:
    """Return what is known of `size`, an expression in `function`."""
    if is_whole(function, vma, size):
        return "whole"
    if size.tokens() == [b"PAGE_SIZE"]:
        # No VMA is smaller than a page (mm/mmap.c, do_mmap() aligns the length).
        return "inside"
    if _is_smaller(function, vma, size):
        return "inside"
    return "inside" if _is_checked(function, vma, size) else ""


def _is_smaller(function: Node, vma: bytes, size: Node) -> bool:
    """Whether an expression is the VMA's size or what is smaller: `min()` of the two."""
    size = bare(size)
    value = _only_value(function, size)
    if value is not None:
        return _is_smaller(function, vma, value)
    if size.kind != "call_expression" or size.children[0].text not in (b"min", b"min_t"):
        return False
    given = [a for a in argument_nodes(size) if a.kind != "type_descriptor"]
    if size.children[0].text == b"min_t":
        # The type, which must hold the size, is no node of an expression.
        wide = _WIDE_TYPE.match(b" ".join(size.tokens()))
        if wide is None:
            return False
    return any(is_whole(function, vma, one) for one in given)


def is_whole(function: Node, vma: bytes, size: Node) -> bool:
    """Whether an expression is the size of the VMA."""
    tokens = bare(size).tokens()
    arrow = [vma, b"->"]
    pages = [b"vma_pages", b"(", vma, b")"]
    forms = (
        [*arrow, b"vm_end", b"-", *arrow, b"vm_start"],
        [*pages, b"<<", b"PAGE_SHIFT"],
        [*pages, b"*", b"PAGE_SIZE"],
    )
    if tokens in forms:
        return True
    if _is_span(function, vma, bare(size)):
        return True
    value = _only_value(function, size)
    return value is not None and is_whole(function, vma, value)


def is_start(function: Node, vma: bytes, place: Node) -> bool:
    """Whether an expression is where the VMA starts, itself or by a local."""
    return _is_bound(function, vma, place, b"vm_start")


def _is_span(function: Node, vma: bytes, size: Node) -> bool:
    """Whether an expression is the VMA's end less its start, either of them by a local."""
    if size.kind != "binary_expression" or size.children[1].text != b"-":
        return False
    ends_there = _is_bound(function, vma, size.children[0], b"vm_end")
    return ends_there and is_start(function, vma, size.children[-1])


def _is_bound(function: Node, vma: bytes, place: Node, member: bytes) -> bool:
    """Whether an expression is a bound of the VMA: no hook that writes one is converted."""
    if bare(place).tokens() == [vma, b"->", member]:
        return True
    value = _only_value(function, place)
    return value is not None and bare(value).tokens() == [vma, b"->", member]


def _only_value(function: Node, name: Node) -> Node | None:
    """Return the one value that a local ever has, if it is wide enough for a size."""
    name = bare(name)
    found = local_declaration(name) if name.kind == "identifier" else None
    if found is None or found.type.shape or found.type.base not in _WIDE:
        return None
    values: list[Node] = []
    for child in found.node.children:
        if child.kind == "init_declarator" and child.children[0] is found.leaf:
            values.append(child.children[-1])
    for use in uses_of(found, function):
        parent = use.parent
        if parent is None:
            continue
        if parent.kind == "assignment_expression" and parent.children[0] is use:
            if parent.children[1].text != b"=":
                return None
            values.append(parent.children[-1])
        elif _changes(parent):
            return None
    return values[0] if len(values) == 1 else None


def _changes(holder: Node) -> bool:
    """Whether what holds a variable may change it without an assignment.

    `do_div()` is a macro that does (asm-generic/div64.h); of others it is not known what they do.
    """
    if holder.kind == "argument_list" and holder.parent is not None:
        return holder.parent.children[0].text == b"do_div"
    is_address = holder.kind == "unary_expression" and holder.children[0].text == b"&"
    return holder.kind == "update_expression" or is_address


def _is_set_once(function: Node, name: Node) -> bool:
    """Whether a local or parameter has one value for all of the function."""
    found = local_declaration(name)
    if found is None:
        return True
    is_given = found.node.kind == "parameter_declaration"
    is_given = is_given or any(
        c.kind == "init_declarator" and found.leaf in list(c.children[0].leaves())
        for c in found.node.children
    )
    written = 0
    for use in uses_of(found, function):
        parent = use.parent
        if parent is None:
            continue
        if parent.kind == "assignment_expression" and parent.children[0] is use:
            written += 1
        elif _changes(parent):
            return False
    return written + is_given <= 1


def _is_checked(function: Node, vma: bytes, size: Node) -> bool:
    """Whether a check before the call leaves the function unless the size fits."""
    wanted = bare(size).tokens()
    if not _is_steady(function, size):
        return False
    current: Node | None = size
    while current is not None and current.kind != "function_definition":
        parent = current.parent
        if parent is not None and parent.kind == "compound_statement":
            for earlier in parent.children:
                if earlier is current:
                    break
                if earlier.kind == "if_statement" and _leaves(earlier):
                    condition = earlier.children[2]
                    if any(_fits(function, vma, one, wanted) for one in _either(condition)):
                        return True
        current = parent
    return False


def _is_steady(function: Node, size: Node) -> bool:
    """Whether the function leaves what the expression names alone: locals set once, macros,
    members that it does not write. (What a call of it gives is a matter of `hook_effects`.)
    """
    members = {
        n.children[0].children[-1].text
        for n in function.walk()
        if n.kind == "assignment_expression" and n.children[0].kind == "field_expression"
    }
    for leaf in size.leaves():
        if leaf.kind != "identifier":
            continue
        parent = leaf.parent
        if parent is not None and parent.kind == "field_expression" and leaf is parent.children[-1]:
            if leaf.text in members:
                return False
            continue
        if not _is_set_once(function, leaf):
            return False
    return True


def _leaves(statement: Node) -> bool:
    return (
        len(statement.children) == 5
        and statement.children[1].text == b"("
        and ends(statement.children[4])
    )


def _either(condition: Node) -> Iterator[Node]:
    node = bare(condition)
    if node.kind == "binary_expression" and node.children[1].text == b"||":
        yield from _either(node.children[0])
        yield from _either(node.children[-1])
    else:
        yield node


def _fits(function: Node, vma: bytes, test: Node, wanted: list[bytes]) -> bool:
    if test.kind != "binary_expression":
        return False
    left, operator, right = test.children[0], test.children[1].text, test.children[-1]
    if operator in (b"!=", b"<") and is_whole(function, vma, left):
        return bare(right).tokens() == wanted
    if operator in (b"!=", b">") and is_whole(function, vma, right):
        return bare(left).tokens() == wanted
    return False
