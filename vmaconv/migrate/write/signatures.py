# SPDX-License-Identifier: GPL-2.0-only
"""Declarations of what changes its type.

In: an entity's declarations and its new name. Out: the edits of types and names in definitions,
prototypes and stubs, and of the kernel-doc above them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from vmaconv.cocci.rewrite.edit import Edit
from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.tree.node import Node
from vmaconv.migrate.facts.entity_facts import EntityDeclaration
from vmaconv.migrate.facts.masks import MaskReader
from vmaconv.migrate.write.expression_edits import rename, retype, type_node

RULE = "type"

_WORD = late_regex(rb"\b(?:ARCH_)?VM_\w+")


def retyped(text: bytes, declaration: EntityDeclaration, new: bytes, name: bytes) -> Iterator[Edit]:
    """Yield the edits that give one declaration another type, and another name if it has one."""
    node, leaf = declaration.node, declaration.leaf
    if node.kind == "declaration" and leaf is not None and _declarators(node) > 1:
        yield from _split(text, node, leaf, new, name)
        return
    edit = retype(text, node, leaf, new, RULE)
    if edit is not None:
        yield edit
    if leaf is not None and leaf.text != name:
        yield rename(leaf, name, RULE)


def _declarators(node: Node) -> int:
    return 1 + sum(child.kind == "," for child in node.children)


def _split(text: bytes, node: Node, leaf: Node, new: bytes, name: bytes) -> Iterator[Edit]:
    """Give one of several declared names a declaration of its own.

    `unsigned long a, flags = 0, b;` becomes `unsigned long a, b;` and `vma_flags_t flags = 0;`; the
    initialiser's own edits are made where it stood, so it moves only if it is not there.
    """
    children = node.children
    index = next(i for i, c in enumerate(children) if c is leaf or leaf in list(c.leaves()))
    own = children[index]
    specifiers = type_node(node)
    if specifiers is None:
        return
    start = text.rfind(b"\n", 0, node.start) + 1
    indent = text[start : node.start]
    if own is leaf:
        yield _without(children, index)
        line = b"\n" + indent + new + b" " + name + b";"
        yield Edit(node.end, node.end, line, RULE)
        return
    # With an initialiser, which other edits may touch: cut the declaration around it instead.
    before, after = children[:index], children[index + 1 :]
    others_before = any(c.kind == "," for c in before)
    others_after = any(c.kind == "," for c in after)
    words = text[node.start : specifiers.end]
    if others_before:
        comma = children[index - 1]
        yield Edit(comma.start, own.start, b";\n" + indent + new + b" ", RULE)
    else:
        yield Edit(specifiers.start, specifiers.end, new, RULE)
    if leaf.text != name:
        yield rename(leaf, name, RULE)
    if others_after:
        comma = next(c for c in after if c.kind == ",")
        following = after[after.index(comma) + 1]
        yield Edit(comma.start, following.start, b";\n" + indent + words + b" ", RULE)


def _without(children: Sequence[Node], index: int) -> Edit:
    own = children[index]
    if children[index - 1].kind == ",":
        return Edit(children[index - 1].start, own.end, b"", RULE)
    return Edit(own.start, children[index + 2].start, b"", RULE)


def doc_above(text: bytes, item: Node) -> tuple[int, int] | None:
    """Return the byte range of the kernel-doc comment right above a definition or prototype."""
    start = text.rfind(b"\n", 0, item.start) + 1
    window = max(0, start - 8192)
    opened = text.rfind(b"/**", window, start)
    if opened < 0:
        return None
    end = text.find(b"*/", opened) + 2
    return (opened, end) if end > 1 and not text[end:start].strip() else None


def documented(
    text: bytes, item: Node, leaf: Node | None, name: bytes, reader: MaskReader
) -> Iterator[Edit]:
    """Yield the edits of the kernel-doc of one parameter: its name, also where its lines speak of it,
    and the flags named in them.

    ` * @vm_flags: VM_NORESERVE in vm_flags ...` becomes ` * @vma_flags: VMA_NORESERVE_BIT in vma_flags
    ...`.
    """
    where = doc_above(text, item)
    if where is None or leaf is None or leaf.text is None:
        return
    found = described(text, where, leaf.text)
    if found is None:
        return
    start, end = found
    if leaf.text != name:
        yield Edit(start, start + len(leaf.text), name, "kernel-doc")
        own = re.compile(rb"(?<![\w>.])" + re.escape(leaf.text) + rb"\b")
        for match in own.finditer(text, *where):
            at = match.start()
            if at != start and (text[at - 1 : at] == b"@" or start < at < end):
                yield Edit(at, at + len(leaf.text), name, "kernel-doc")
    for match in _WORD.finditer(text, start + len(leaf.text), end):
        bit = reader.spelt(match.group())
        if bit is not None:
            yield Edit(match.start(), match.end(), bit, "kernel-doc")


def described(text: bytes, doc: tuple[int, int], name: bytes) -> tuple[int, int] | None:
    """Return the range of a parameter's description: from its name to the next tag or empty
    line."""
    pattern = re.compile(rb"^[ \t]*\*[ \t]*@(" + re.escape(name) + rb")[ \t]*:", re.MULTILINE)
    match = pattern.search(text, doc[0], doc[1])
    if match is None:
        return None
    stop = re.compile(rb"^[ \t]*\*(?:[ \t]*@|[ \t]*\r?$|/|[ \t]*\w+:)", re.MULTILINE)
    newline = text.find(b"\n", match.end())
    following = stop.search(text, newline + 1, doc[1]) if newline >= 0 else None
    end = following.start() if following is not None else doc[1] - 2
    return match.start(1), end
