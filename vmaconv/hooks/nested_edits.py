# SPDX-License-Identifier: GPL-2.0-only
"""The edits that let another struct's hooks take a descriptor, and their callers hand them one.

In: a `NestedStruct` and its rewritten handlers. Out: edits of each file: the struct's member, what sets and
asks for it, and the calls, as upstream writes them:

    compat_set_desc_from_vma(&desc, file, vma);
    err = ops->mmap_prepare(ops, &desc);
    if (err)
            return err;

    return __compat_vma_mmap(&desc, vma);
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from vmaconv.cocci.rewrite.edit import Edit
from vmaconv.cocci.rewrite.lines.layout import break_line
from vmaconv.cocci.tree.node import Node
from vmaconv.cocci.types.declared import declared
from vmaconv.hooks.hook import HookSite
from vmaconv.hooks.hook_mentions import Mentions, NamedFunction, initialiser_edit
from vmaconv.hooks.hook_rewriting import RULE, Renamed, Rewritten, free_name
from vmaconv.hooks.nested_hooks import NestedStruct, Outer
from vmaconv.migrate.facts.local_names import argument_nodes
from vmaconv.migrate.facts.sources import Sources
from vmaconv.migrate.write.alignment import realigned

_RESULTS = (b"err", b"ret", b"rc", b"error", b"retval", b"status")
"""Locals that a hook may have for its result."""


def nested_edits(
    sources: Sources,
    mentions: Mentions,
    nested: NestedStruct,
    rewritten: Mapping[NamedFunction, Sequence[Rewritten]],
    names: Mapping[NamedFunction, Renamed],
    new: bytes,
) -> dict[str, list[Edit]]:
    """Return the edits of all files of a nested struct; `new` is the member's new name."""
    edits: dict[str, list[Edit]] = {}
    for candidate in nested.candidates:
        for judged in candidate.functions:
            for one in rewritten[judged.function]:
                edits.setdefault(one.path, []).extend(one.edits())
            for path, edit in mentions.edits(judged.function, names[judged.function], b"desc"):
                edits.setdefault(path, []).append(edit)
        for site in candidate.sites:
            edits.setdefault(site.path, []).extend(
                _set_edits(sources, site, new, names[candidate.handler].name)
            )
    for site in nested.sites:
        if site.handler == "NULL":
            edits.setdefault(site.path, []).append(
                Edit(site.offset, site.offset + len(site.member), new, RULE)
            )
    edits.setdefault(nested.header, []).extend(_member_edits(sources, nested, new))
    for path, leaf in nested.tests:
        edits.setdefault(path, []).append(Edit(leaf.start, leaf.end, new, RULE))
    for outer in nested.calls:
        text = sources.unit(outer.path).text
        edits.setdefault(outer.path, []).extend(_call_edits(text, outer, new))
    return edits


def _set_edits(sources: Sources, site: HookSite, new: bytes, handler: bytes) -> list[Edit]:
    assert site.value is not None
    text = sources.unit(site.path).text
    if site.kind == "initialiser":
        return [initialiser_edit(text, site, new, handler)]
    return [
        Edit(site.offset, site.offset + len(site.member), new, RULE),
        Edit(site.value.start, site.value.end, handler, RULE),
    ]


def _member_edits(sources: Sources, nested: NestedStruct, new: bytes) -> list[Edit]:
    """Return the edits of the struct: the member, its parameter, its description."""
    text = sources.unit(nested.header).text
    edits: list[Edit] = []
    parameter = next(
        n
        for n in nested.member.walk()
        if n.kind == "parameter_declaration" and b"vm_area_struct" in n.tokens()
    )
    for leaf in nested.member.leaves():
        if leaf.text == b"mmap":
            edits.append(Edit(leaf.start, leaf.end, new, RULE))
    for leaf in parameter.leaves():
        if leaf.text == b"vm_area_struct":
            edits.append(Edit(leaf.start, leaf.end, b"vm_area_desc", RULE))
    for one in declared(parameter):
        edits.append(Edit(one.leaf.start, one.leaf.end, b"desc", RULE))
    edits += list(realigned(text, edits))
    struct = nested.member.enclosing("struct_specifier")
    start = struct.start if struct is not None else nested.member.start
    opened = text.rfind(b"/**", 0, start)
    if opened >= 0 and b"*/" in text[opened:start]:
        # Nothing but the comment may stand between.
        closed = text.index(b"*/", opened)
        match = re.compile(rb"@(mmap):").search(text, opened, closed)
        if match is not None and not text[closed + 2 : start].strip():
            edits.append(Edit(match.start(1), match.end(1), new, RULE))
    forward = re.search(rb"^struct vm_area_struct;\n", text, re.M)
    if forward is not None and b"struct vm_area_desc;" not in text:
        edits.append(Edit(forward.start(), forward.start(), b"struct vm_area_desc;\n", RULE))
    return edits


def _call_edits(text: bytes, outer: Outer, new: bytes) -> list[Edit]:
    call = outer.call
    statement = call.parent
    assert statement is not None
    target = b""
    if statement.kind == "assignment_expression":
        target = statement.children[0].text or b""
        statement = statement.parent
        assert statement is not None
    line = text.rfind(b"\n", 0, statement.start) + 1
    indent = text[line : statement.start]
    own = target or _result(outer.function)
    result = own or b"err"
    desc = free_name(outer.function)
    callee = call.children[0]
    member = callee.children[-1]
    arguments = [
        b"&" + desc if a.text == outer.vma else text[a.start : a.end] for a in argument_nodes(call)
    ]
    head = text[callee.start : member.start] + new
    lines = [
        b"compat_set_desc_from_vma(&%b, %b, %b);" % (desc, outer.file, outer.vma),
        b"%b = %b(%b);" % (result, head, b", ".join(arguments)),
    ]
    done = b"__compat_vma_mmap(&%b, %b);" % (desc, outer.vma)
    leaves = _goto_behind(text, statement)
    if target and leaves:
        lines += [b"if (%b)" % result, b"\t" + leaves, b"%b = %b" % (result, done)]
    elif target:
        lines += [b"if (!%b)" % result, b"\t%b = %b" % (result, done)]
    else:
        lines += [b"if (%b)" % result, b"\treturn %b;" % result, b"", b"return " + done]
    broken = [part for one in lines for part in (break_line(indent + one) if one else [b""])]
    made = b"\n".join(broken).removeprefix(indent)
    return [
        Edit(statement.start, statement.end, made, RULE),
        _declared(statement, desc, b"" if own else result),
    ]


def _goto_behind(text: bytes, statement: Node) -> bytes:
    """Return the `goto` that stands right behind a statement, or nothing."""
    block = statement.parent
    assert block is not None
    index = next(i for i, child in enumerate(block.children) if child is statement)
    later = block.children[index + 1]
    return text[later.start : later.end] if later.kind == "goto_statement" else b""


def _declared(statement: Node, desc: bytes, result: bytes) -> Edit:
    """Declare the descriptor, and a result, at the start of the block that holds a statement."""
    block = statement.parent
    assert block is not None
    depth = sum(n.kind == "compound_statement" for n in statement.ancestors())
    indent = b"\t" * depth
    lines = [b"struct vm_area_desc %b;" % desc] + ([b"int %b;" % result] if result else [])
    made = b"".join(b"\n" + indent + line for line in lines)
    declarations = [c for c in block.children[1:] if c.kind == "declaration"]
    leading = []
    for child in block.children[1:]:
        if child.kind != "declaration":
            break
        leading.append(child)
    if declarations and leading:
        at = leading[-1].end
        return Edit(at, at, made, RULE)
    at = block.children[0].end
    return Edit(at, at, made + b"\n", RULE)


def _result(function: Node) -> bytes:
    """Return the int of the function's outer block that is there for a result, or nothing."""
    for child in function.children[-1].children:
        if child.kind == "declaration" and child.tokens()[:1] == [b"int"]:
            for one in declared(child):
                if one.name in _RESULTS and one.type.shape == "":
                    return one.name
    return b""
