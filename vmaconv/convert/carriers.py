# SPDX-License-Identifier: GPL-2.0-only
"""Names through which a file that does not name a struct may reach one.

In: a file, and a struct such as `struct vm_area_struct`. Out: what the file declares at file level with a
type that leads to the struct: `vma`, from `struct vm_fault { struct vm_area_struct *vma; }`. Which files
are read for that, and what is looked for by these names, is `tree_conversion`'s.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from vmaconv.cocci.text.trivia import line_start
from vmaconv.cocci.text.word_places import places_of
from vmaconv.cocci.tree.node import Node
from vmaconv.cocci.tree.unit import Unit
from vmaconv.cocci.types.declared import Declared, declared, fields


def carried_in(unit: Unit, struct: bytes) -> Iterator[bytes]:
    """Yield what `unit` declares at file level through which a `struct` may be reached.

    Members, variables and functions of that type, typedefs of it, and macros that name it.
    """
    tag = struct.rpartition(b" ")[2]
    yield from _macros_naming(unit.text, tag)
    if tag not in unit.text:
        return
    named = re.escape(struct)
    # Each of the two begins with a word: together they would be tried at every byte.
    patterns = (named + rb"\b\s*\**\s*\w+\s*[;(\[=,]", rb"typedef\b[^;]*" + named)
    for start in sorted(m.start() for p in patterns for m in re.finditer(p, unit.text)):
        if _is_out_of_sight(unit.text, start):
            continue
        for item in unit.chunk_at(start).items():
            if item.start <= start < item.end:
                yield from _carried(item, struct)


def _macros_naming(text: bytes, tag: bytes) -> Iterator[bytes]:
    """Yield the macros whose bodies have a word; only the lines around the word are looked at."""
    pattern = re.compile(_DEFINE_NAMING.replace(b"TAG", re.escape(tag)))
    for at in places_of(tag, text):
        end = at + len(tag)
        end = end + 1 if text[end : end + 1].isalnum() or text[end : end + 1] == b"_" else end
        for macro in pattern.finditer(text, line_start(text, at), end):
            yield macro[1]


def _is_out_of_sight(text: bytes, offset: int) -> bool:
    """Whether what is declared at `offset` is a parameter, or a variable of a function.

    A function's body is what begins with a brace in column 0, which a struct's does not.
    """
    if text.rfind(b"\n{", 0, offset) > text.rfind(b"\n}", 0, offset):
        return True
    start = max(text.rfind(mark, 0, offset) for mark in (b";", b"{", b"}"))
    before = text[start + 1 : offset]
    return before.count(b"(") > before.count(b")")


_DEFINE_NAMING = rb"(?m)^[ \t]*#[ \t]*define[ \t]+(\w+)(?:[^\\\n]|\\(?:.|\n))*?\bTAG\b"


def _carried(item: Node, struct: bytes) -> Iterator[bytes]:
    names: list[Declared] = []
    if item.kind in ("declaration", "function_definition", "type_definition"):
        names += declared(item)
    for node in item.walk():
        if node.kind in ("struct_specifier", "union_specifier"):
            names += fields(node)
    for name in names:
        if name.type.base == struct and name.type.shape in ("", "*", "[", "[*", "(*", "**", "("):
            yield name.name
