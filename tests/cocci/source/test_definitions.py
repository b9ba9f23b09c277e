# SPDX-License-Identifier: GPL-2.0-only
"""Where a file defines a struct or a typedef, whatever stands between the tag and its brace."""

from __future__ import annotations

import pytest

from vmaconv.cocci.tree.unit import Unit
from vmaconv.cocci.types.ctype import CType
from vmaconv.cocci.types.scope import NameScope
from vmaconv.cocci.types.symbols import FileSymbols

MENTIONS = (
    b"int before(struct pod *p)\n{\n\treturn p->size;\n}\n\nstruct pod *next(struct pod *p);\n\n"
)

DEFINITIONS = {
    "a brace": b"struct pod {\n\tint size;\n};\n",
    "a brace on its own line": b"struct pod\n{\n\tint size;\n};\n",
    "a comment": b"struct pod /* it's a pod; { */ {\n\tint size;\n};\n",
    "a comment to the line's end": b"struct pod // one; (\n{\n\tint size;\n};\n",
    "an attribute": b"struct pod __attribute__((aligned(sizeof(long)), packed)) {\n\tint size;\n};\n",
    "an attribute before": b"struct __attribute__((packed)) pod {\n\tint size;\n};\n",
    "a macro": b"struct pod __randomize_layout {\n\tint size;\n};\n",
    "a conditional": b"struct pod\n#ifdef CONFIG_PACKED\n__packed\n#endif\n{\n\tint size;\n};\n",
    "a struct in another": b"struct tree {\n\tstruct pod {\n\t\tint size;\n\t} pod;\n};\n",
    "a typedef": b"typedef struct pod {\n\tint size;\n} pod_t;\n",
    "a variable": b"static struct pod {\n\tint size;\n} pod = { 1 };\n",
}


@pytest.mark.parametrize("name", DEFINITIONS)
def test_a_struct_is_found_by_its_tag(name: str) -> None:
    scope = NameScope(
        Unit("a.c", MENTIONS), [FileSymbols(Unit("a.h", MENTIONS + DEFINITIONS[name]))]
    )
    member = scope.member(CType(b"struct pod", ""), b"size")
    assert member is not None
    assert member.type.base == b"int"


def test_what_only_mentions_a_tag_defines_nothing() -> None:
    text = (
        MENTIONS + b"struct pod;\nextern struct pod pods[];\nstruct podium { struct pod *pod; };\n"
    )
    assert NameScope(Unit("a.c", text)).definition(CType(b"struct pod", "")) is None
    assert FileSymbols(Unit("a.c", text)).defining(b"pod") == []


def test_a_typedef_is_found_among_its_uses() -> None:
    text = b"pod_t *next(pod_t *p);\ntypedef struct pod *pod_t;\n" + MENTIONS
    resolved = NameScope(Unit("a.c", text)).resolve(CType(b"pod_t", ""))
    assert (resolved.base, resolved.shape) == (b"struct pod", "*")


def test_lines_are_the_same_however_many_are_asked_for() -> None:
    text = b"one\n\ntwo\r\nthree\n" * 10
    unit = Unit("a.c", text)
    wanted = [text.count(b"\n", 0, offset) + 1 for offset in range(len(text) + 1)]
    assert [unit.line(offset) for offset in range(len(text) + 1)] == wanted
    assert [unit.line(offset) for offset in range(len(text) + 1)] == wanted
