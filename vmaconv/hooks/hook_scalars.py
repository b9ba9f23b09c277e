# SPDX-License-Identifier: GPL-2.0-only
"""A helper that only reads bounds of its VMA, and that others call, too: it takes the bounds instead.

In: a helper of one file that was judged, and all that names it. Out: `Scalars`, the edits that give the
helper `start`, `end`, `size` or `pgoff` in place of the VMA wherever it is called, or None where a twin
for a descriptor is the smaller change, or the only one. What a hook's own call becomes is left to the
rules: they see the members that the call then names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence

from msgspec import Struct

from vmaconv.cocci.rewrite.edit import Edit, apply
from vmaconv.cocci.rewrite.lines.layout import width
from vmaconv.cocci.tree.node import Node
from vmaconv.cocci.tree.unit import Unit
from vmaconv.cocci.types.declared import parameters
from vmaconv.hooks.hook_rewriting import RULE
from vmaconv.hooks.hook_verdict import FunctionSafety, is_vma, parameters_of
from vmaconv.migrate.facts.function_mentions import FunctionMention
from vmaconv.migrate.facts.local_names import argument_nodes, uses_of
from vmaconv.migrate.write.alignment import realigned

_BOUNDS = {b"vm_start": b"start", b"vm_end": b"end", b"vm_pgoff": b"pgoff"}
"""Members of the VMA that are unsigned long, and what a parameter of one is called upstream."""

_SIZE = b"size"
_MOST = 2
"""Values in place of one pointer: with more, a call says less than it did."""

_WIDTH = 80


class Scalars(Struct, frozen=True):
    """What a helper takes instead of a VMA, its parameter `at` (from 0): the `values`, in order.

    `edits` are those of the helper, its prototypes and all of its calls, in the helper's file.
    """

    name: bytes
    path: str
    at: int
    values: tuple[bytes, ...]
    edits: tuple[Edit, ...]

    def calls_in(self, function: Node) -> list[Edit]:
        """Return the edits of the helper's calls in one function of its file."""
        calls = (n for n in function.walk() if n.kind == "call_expression")
        own = (call for call in calls if call.children[0].text == self.name)
        return [edit for call in own if (edit := _call_edit(call, self.at, self.values))]


def scalars_of(
    unit: Unit,
    verdict: FunctionSafety,
    mentions: Sequence[FunctionMention],
    changing: Iterable[Node],
) -> Scalars | None:
    """Return what a helper may take instead of its VMA, if that is less to change than a twin is.

    `mentions` are all that name the helper; `changing` the functions that are rewritten anyway.
    """
    function, vma = verdict.body.node, verdict.vma
    reads = list(_reads(unit, uses_of(vma, function), vma.name))
    if not reads or None in reads:
        return None
    known = [read for read in reads if read is not None]
    values = tuple(v for v in (*_BOUNDS.values(), _SIZE) if v in {v for _, v in known})
    taken = any(_is_taken(unit, function, value) for value in values)
    if len(values) > _MOST or taken or _is_documented(unit, verdict):
        return None
    at = next(i for i, one in enumerate(parameters_of(verdict.body)) if is_vma(one))
    edits = [Edit(node.start, node.end, value, RULE) for node, value in known]
    for mention in mentions:
        edit = _mention_edit(unit, mention, at, values)
        if edit is None:
            return None
        edits.append(edit)
    edits += realigned(unit.text, edits)
    found = Scalars(verdict.name, verdict.body.path, at, values, tuple(sorted(set(edits))))
    inside = list(changing)
    own = [e for e in found.edits if not any(f.start <= e.start < f.end for f in inside)]
    is_less = len({unit.line(e.start) for e in own}) < _of_twin(unit, function, mentions)
    return found if is_less and _fits(unit, own) else None


def _reads(unit: Unit, uses: Iterable[Node], vma: bytes) -> Iterator[tuple[Node, bytes] | None]:
    """Yield each read of the VMA as what is read and its value; None for any other use."""
    for use in uses:
        member = use.parent
        value = _BOUNDS.get(member.children[-1].text or b"") if member is not None else None
        if member is None or member.kind != "field_expression" or value is None:
            yield None
            continue
        size = _size_around(member, vma)
        if size is not None:
            if size.children[0] is member:
                yield _with_brackets(unit, size), _SIZE
            continue
        yield None if _is_written(member) else (member, value)


def _size_around(member: Node, vma: bytes) -> Node | None:
    """Return the difference of the VMA's end and start that a member stands in."""
    holder = member.parent
    if holder is None or holder.kind != "binary_expression":
        return None
    wanted = [vma, b"->", b"vm_end", b"-", vma, b"->", b"vm_start"]
    return holder if holder.tokens() == wanted else None


def _with_brackets(unit: Unit, size: Node) -> Node:
    """Return a difference with the brackets around it, which one word can do without."""
    holder = size.parent
    if holder is None or holder.kind != "parenthesized_expression":
        return size
    # Not those of `return(a - b)`.
    return size if re.match(rb"\w", unit.text[holder.start - 1 : holder.start]) else holder


def _is_written(member: Node) -> bool:
    holder = member.parent
    while holder is not None and holder.kind == "parenthesized_expression":
        member, holder = holder, holder.parent
    if holder is None:
        return False
    if holder.kind == "assignment_expression":
        return holder.children[0] is member
    is_address = holder.kind == "unary_expression" and holder.children[0].text == b"&"
    return holder.kind == "update_expression" or is_address


def _is_taken(unit: Unit, function: Node, name: bytes) -> bool:
    """Whether a name already means something in a function, or in a macro of its file."""
    for leaf in function.leaves():
        holder = leaf.parent
        is_member = holder is not None and holder.kind == "field_expression"
        is_member = is_member and holder is not None and holder.children[-1] is leaf
        if leaf.text == name and not is_member:
            return True
    macro = rb"^[ \t]*#[ \t]*define[ \t](?:[^\\\n]|\\(?:.|\n))*\b%b\b" % name
    return re.search(macro, unit.text, re.MULTILINE) is not None


def _is_documented(unit: Unit, verdict: FunctionSafety) -> bool:
    """Whether a comment above the helper says what its VMA is for."""
    above = unit.text[: verdict.body.node.start].rstrip()
    comment = above[above.rfind(b"/*") :] if above.endswith(b"*/") else b""
    return b"@" + verdict.vma.name in comment


# Edits.


def _mention_edit(
    unit: Unit, mention: FunctionMention, at: int, values: tuple[bytes, ...]
) -> Edit | None:
    leaf = mention.leaf
    if leaf is None:
        return None
    if mention.kind in ("definition", "declaration"):
        declarator = leaf.enclosing("function_declarator")
        given = parameters(declarator) if declarator is not None else []
        return (
            _parameter_edit(unit, declarator, given[at], values) if declarator and given else None
        )
    call = leaf.parent
    if mention.kind != "call" or call is None or call.kind != "call_expression":
        return None
    return _call_edit(call, at, values) if call.children[0] is leaf else None


def _parameter_edit(unit: Unit, declarator: Node, vma: Node, values: tuple[bytes, ...]) -> Edit:
    """Replace a parameter, on a line of its own where it does not fit behind those before it."""
    new = b", ".join(b"unsigned long " + value for value in values)
    line = unit.text.rfind(b"\n", 0, vma.start) + 1
    behind = unit.text.find(b"\n", vma.end)
    whole = unit.text[line : vma.start] + new + unit.text[vma.end : behind]
    opened = unit.text.find(b"(", declarator.start)
    if width(whole) <= _WIDTH or not line <= opened < vma.start - 1:
        return Edit(vma.start, vma.end, new, RULE)
    column = width(unit.text[line : opened + 1])
    indent = b"\t" * (column // 8) + b" " * (column % 8)
    start = len(unit.text[: vma.start].rstrip())
    return Edit(start, vma.end, b"\n" + indent + new, RULE)


def _call_edit(call: Node, at: int, values: tuple[bytes, ...]) -> Edit | None:
    """Name the members of the VMA that a call is given; None where that would evaluate more."""
    arguments = argument_nodes(call)
    if at >= len(arguments) or not _is_path(arguments[at]):
        return None
    vma = b"".join(arguments[at].tokens())
    members = {value: vma + b"->" + member for member, value in _BOUNDS.items()}
    members[_SIZE] = members[b"end"] + b" - " + members[b"start"]
    given = b", ".join(members[value] for value in values)
    return Edit(arguments[at].start, arguments[at].end, given, RULE)


def _is_path(node: Node) -> bool:
    """Whether an expression only names a variable, or a member of one."""
    while node.kind == "field_expression":
        node = node.children[0]
    return node.kind == "identifier"


# How much there is to change.


def _of_twin(unit: Unit, function: Node, mentions: Sequence[FunctionMention]) -> int:
    """Return how many lines a twin adds: the helper once more, and a prototype for each."""
    lines = unit.line(function.end) - unit.line(function.start) + 2
    return lines + sum(mention.kind == "declaration" for mention in mentions)


def _fits(unit: Unit, edits: Sequence[Edit]) -> bool:
    """Whether no line grows beyond what kernel style has."""
    before = {line for line in unit.text.split(b"\n") if width(line) > _WIDTH}
    after = apply(unit.text, list(edits)).split(b"\n")
    return all(width(line) <= _WIDTH or line in before for line in after)
