# SPDX-License-Identifier: GPL-2.0-only
"""Names at file level are found although most chunks in which they stand are never parsed."""

from __future__ import annotations

import pytest

from vmaconv.cocci.text.parameters import is_parameter
from vmaconv.cocci.tree.unit import Unit
from vmaconv.cocci.types.symbols import FileSymbols

_DECLARED = [
    "struct foo *first;",
    "extern struct foo *first, *second;",
    "int a, first;",
    "int (*first)(struct foo *other);",
    "int (__user *first)(int);",
    "int (first)(void);",
    "int *(*first[4])(int first);",
    "struct foo *(*first(int a))(int);",
    "struct foo first = { .a = 1 };",
    "int first[] = { 1, 2 };",
    "int first __read_mostly = 3;",
    "struct { int a; } first;",
    "enum { A, B } first;",
    "static inline int first(struct foo *foo)\n{\n\treturn foo->first;\n}",
    "#define TWICE(first) ((first) * 2)\nint first;",
    "/* first */ int first /* the first */ ;",
    "#ifdef A\nint first(void)\n{\n#else\nint first(int a)\n{\n#endif\n\treturn 0;\n}",
    'extern "C" {\nint first;\n}',
]

_ENUMERATED = [
    "enum { first };",
    "enum kind { ZERO, first, LAST };",
    "enum { ZERO = 1, first = 2 };",
    "enum { ZERO /* none */, first /* one */, };",
    "enum { first __attribute__((deprecated)) = 2, LAST };",
    "enum {\n#ifdef A\n\tZERO,\n#endif\n\tfirst\n};",
    "enum {\n#ifdef A\n\tZERO };\n#else\n\tfirst };\n#endif",
    "#ifdef A\nenum { ZERO,\n#else\nenum {\n#endif\n\tfirst };",
    "#ifdef A\nenum { ZERO };\n#else\nenum { first };\n#endif",
    "enum { SIZE = sizeof(struct { int a; }), first };",
    "enum { ZERO /* } */, first };",
    "struct foo *f(void);\nenum { ZERO };\nenum tagged { first };",
]

_NEITHER = [
    "int f(struct foo *first);",
    "int f(int a, struct foo **first, int b);",
    "int f(const struct foo *first)\n{\n\treturn first->a;\n}",
    "typedef int (*hook)(struct foo *first);",
    "/* first */",
    '#define F(first) g(first, "first")',
    "int f(void)\n{\n\tint first = 1;\n\n\treturn first;\n}",
    "enum kind { ZERO /* , first , */ };\nint f(struct foo *first);",
]


@pytest.mark.parametrize("text", _DECLARED)
def test_declared(text: str) -> None:
    symbols = FileSymbols(Unit("a.c", text.encode() + b"\n"))
    assert any(b"first" in one.names for one in symbols.declaring(b"first"))


@pytest.mark.parametrize("text", _ENUMERATED)
def test_enumerated(text: str) -> None:
    symbols = FileSymbols(Unit("a.h", text.encode() + b"\n"))
    assert any(b"first" in one.enumerators for one in symbols.enumerating(b"first"))


@pytest.mark.parametrize("text", _NEITHER)
def test_not_even_parsed(text: str) -> None:
    unit = Unit("a.h", text.encode() + b"\n")
    assert not unit.chunks_declaring(b"first") and not unit.chunks_enumerating(b"first")


@pytest.mark.parametrize("text", _DECLARED)
def test_no_parameter(text: str) -> None:
    code = text.encode()
    places = [at for at in range(len(code)) if code.startswith(b"first", at)]
    assert not all(is_parameter(code, at, len(code)) for at in places)
