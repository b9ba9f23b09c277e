# SPDX-License-Identifier: GPL-2.0-only
"""A pattern without metavariables has the shape that `cocci.tree.node_builder` gives the same C text."""

from __future__ import annotations

import re

import pytest
from kernels import KERNEL, MISSING

from vmaconv.cocci.smpl.parse import parse_text
from vmaconv.cocci.smpl.rule import CodeRule, PNode
from vmaconv.cocci.tree.node import Node
from vmaconv.cocci.tree.node_builder import NodeBuilder, parse
from vmaconv.cocci.tree.unit import Unit

Shape = tuple[str, "bytes | tuple[Shape, ...]"]

STATEMENTS = [
    "x = 3;",
    "x = y = z + 1;",
    "x = y, z = 3, w = 4;",
    "a ? b : c;",
    "x = a ?: b;",
    "a = b ? c ? d : e : f;",
    "if (a) b(); else c();",
    "if (a) { b(); } else if (c) d(); else { e(); }",
    "if (a) if (b) c(); else d();",
    "if (a) ; else ;",
    "while (x--) y();",
    "while ((x = y) && z) { continue; }",
    "do { x(); } while (0);",
    "do x(); while (y);",
    "for (i = 0; i < n; i++) x;",
    "for (;;) ;",
    "for (i = 0; ; ) { break; }",
    "for (; x; ) ;",
    "for (int i = 0, j = 1; i < 3; i++, j++) { }",
    "for (struct foo *p = x; p; p = p->next) { }",
    "switch (a) { case 1: b(); break; case FOO: default: c(); }",
    "switch (a) { case 1: { b(); break; } }",
    "l: x(); goto l;",
    "out: return 0;",
    "return;",
    "return (a);",
    "return -1;",
    "return -EINVAL;",
    "return x ? y : z;",
    "break;",
    "continue;",
    ";",
    "{ }",
    "{ int x; x = 3; }",
    "int x;",
    "int x, *y, z[3];",
    "int x = 3, *y = NULL;",
    "unsigned long flags;",
    "unsigned x;",
    "long long unsigned int x;",
    "signed char c;",
    'const char *p = "a" "b";',
    "char *const p = q;",
    "const int *const *p;",
    "static const struct foo bar[] = { { 1, 2 }, { .a = 3 } };",
    "struct foo { int a; unsigned b:3; struct { int c; }; int (*f)(int, char *); int d[0]; } x;",
    "struct foo *x = container_of(y, z);",
    "enum e { A, B = 3, C, } x;",
    "enum e x;",
    "typedef unsigned int u32;",
    "typedef int (*fn)(void);",
    "typedef struct { int a; } foo_t, *foo_p;",
    "foo_t x;",
    "foo_t *x;",
    "foo_t *x = y;",
    "foo_t **x, y;",
    "u32 x = 1;",
    "size_t n;",
    "bool b = true;",
    "void *p;",
    "register int x;",
    "volatile int *p;",
    "extern int foo;",
    "int (*f)(int);",
    "int (*f[3])(int, char *) = { a, b };",
    "int *f(void);",
    "int a[N + 1];",
    "int a[2][3] = { { 1 }, { 2 } };",
    "char a[] = \"abc\", b[3] = { 'a', 'b' };",
    "int x = ({ 1; });",
    "struct foo x = { };",
    "struct foo x = { .a = { .b = 1 }, .c = f(x), };",
    "int __attribute__((unused)) z;",
    "__attribute__((unused)) int z;",
    "typeof(x) y;",
    "typeof(x) y = z;",
    "foo(x, y);",
    "foo();",
    "foo(&x, *y, -1, !z, ~w);",
    "f(a ? b : c, (d, e));",
    "f(x, \"a\", 'b', 3);",
    "(*f)(x);",
    "f(x)(y);",
    "a.b->c.d[3];",
    "a->b(c)->d;",
    "x++;",
    "--x;",
    "++*p;",
    "(*p)++;",
    "p[i]++;",
    "x = *p++;",
    "x = (*p).z;",
    "x = y[a][b];",
    "x = &y->z;",
    "x = &y[3];",
    "x = *y->z;",
    "x = -y->z;",
    "x = !y.z;",
    "x = !!y;",
    "x = - -y;",
    "x = a-- - --b;",
    "x = &(struct foo){ 1 };",
    "sizeof(int);",
    "sizeof(x);",
    "sizeof x;",
    "sizeof *x;",
    "sizeof(*x);",
    "sizeof(struct foo);",
    "sizeof(struct foo *);",
    "sizeof(foo *);",
    "sizeof(x) / sizeof(x[0]);",
    "x = f(sizeof(int), 3);",
    "_Alignof(int);",
    "x = (int)y;",
    "x = (unsigned long)y + 1;",
    "x = (struct foo *)y;",
    "x = (foo_t *)y;",
    "x = (foo_t)y;",
    "x = (char)f(y);",
    "x = (u32 *)&y;",
    "x = (int (*)(int))y;",
    "x = (foo)(y);",
    "x = (u8)~y;",
    "(void)foo(x);",
    "x = (a) + (b);",
    "x = (a) - 1;",
    "x = (a) & b;",
    "x = (a, b);",
    "x = y ? (a) : (b);",
    "x = a * b + c;",
    "x = a & b | c ^ d && e || f;",
    "x = a << 2 >> 3;",
    "x = a < b == c >= d != e;",
    "x = a % b / c - d;",
    "x = a == b ? c : d;",
    "x |= y & ~z;",
    "x &= ~(A | B);",
    "x <<= 3; x >>= 2; x ^= 1; x %= 2; x /= 3; x *= 4; x -= 5; x += 6;",
    "x = ({ int a = 3; a; });",
    "x = (struct foo){ .a = 1, [3] = 4, [1 ... 2] = 5, .x.y[3] = 2, 5 };",
    "x = (struct foo){ b: 3 };",
    "x = (int[]){ 1, 2 };",
    'x = "a" FOO "b";',
    'printk(KERN_INFO "x %d\\n", y);',
    "x = 'c';",
    "x = L'c';",
    'x = L"abc";',
    "x = 0x10UL; y = 1.5; z = 1e3; w = .5f;",
    'asm("foo");',
    'asm volatile("x" : "=r"(a) : "r"(b) : "memory");',
    'asm volatile("x" : : "r" (a));',
    "x = offsetof(struct foo, bar);",
    "x = __builtin_expect(!!(y), 0);",
    "if (likely(x)) return;",
    "if (!(x & VM_SHARED) || y == NULL && z != 0) return -ENOMEM;",
    "if ((x = foo()) != NULL) ;",
]
TOP = [
    "int f(void);",
    "int f(int, char *);",
    "static inline int *f(struct x *a, const char *fmt) { return 0; }",
    "void f(int a[], int (*cb)(int)) { }",
    "void f() { }",
    "foo_t f(foo_t x) { return x; }",
    "foo_t *f(foo_t *x, u32 y) { return x; }",
    "int (*fp)(int, char);",
    "struct foo { int a; };",
    "enum e { A, B };",
    "union u { int a; };",
    "struct foo { struct list_head list; unsigned long flags; void *data; };",
    "struct foo { union { int a; char b; }; enum x y; int c:3, d:4; };",
    "typedef struct foo { int a; } foo_t;",
    "static const struct file_operations fops = { .open = foo_open, .read = bar, };",
    "struct foo x = { 1, 2 };",
    "static int x;",
    "int x, y = 3;",
    "DEFINE_MUTEX(foo);",
    'MODULE_LICENSE("GPL");',
    "static DEFINE_MUTEX(foo);",
    "int f(const struct foo *x, unsigned long y, void *const z);",
    "void (*f(int x))(int);",
    "int f(void (*cb)(void *), void *data);",
    "extern int f(int x), g(int y);",
    "static void f(struct vm_area_desc *desc) { desc->vm_flags |= VM_SHARED; }",
]


def shape(node: Node) -> Shape:
    """Return kinds and texts, without attribute names, which C trees lack."""
    if node.text is not None:
        return node.kind, node.text
    kept = (c for c in node.children if c.kind != "attribute_specifier" or _is_gnu(c))
    return node.kind, tuple(shape(child) for child in kept)


def _is_gnu(node: Node) -> bool:
    return node.children[0].text == b"__attribute__"


def parsed(text: str) -> Shape:
    """Parse `text` as the body of a rule, indented so that column 0 marks nothing."""
    body = "\n".join(" " + line for line in text.split("\n"))
    rule = parse_text(f"@@ @@\n{body}\n", "t.cocci").rules[0]
    assert isinstance(rule, CodeRule)
    found = shape(rule.pattern)
    children = found[1] if rule.pattern.kind == "sequence" else (found,)
    return "translation_unit", children


def built(text: str) -> Shape:
    """Parse `text` as C."""
    source = text.encode()
    return shape(NodeBuilder(source, {}).build(parse(source).root_node))


@pytest.mark.parametrize("statement", STATEMENTS)
def test_statement_has_the_shape_of_c(statement: str) -> None:
    text = f"void f(void)\n{{\n{statement}\n}}\n"
    assert parsed(text) == built(text)


@pytest.mark.parametrize("item", TOP)
def test_top_level_item_has_the_shape_of_c(item: str) -> None:
    assert parsed(item) == built(item)


@pytest.mark.parametrize("statement", [*STATEMENTS, 'f("é", x); g(y);'])
def test_leaves_have_the_places_of_their_texts(statement: str) -> None:
    text = f"@@ @@\n {statement}\n"
    source = text.encode()
    rule = parse_text(text, "t.cocci").rules[0]
    assert isinstance(rule, CodeRule)
    for leaf in rule.pattern.leaves():
        assert isinstance(leaf, PNode)
        # Offsets are in bytes, columns in characters.
        assert source[leaf.start : leaf.end] == leaf.text
        assert leaf.place is not None
        line = text.split("\n")[leaf.place.line - 1]
        assert line.startswith((leaf.text or b"").decode(), leaf.place.column)


MM = KERNEL / "mm"


@pytest.mark.skipif(not MM.is_dir(), reason=MISSING)
@pytest.mark.parametrize("name", ["vma.c", "mlock.c", "mmap.c", "mremap.c", "mprotect.c"])
def test_kernel_functions_have_the_shape_of_c(name: str) -> None:
    unit = Unit(name, (MM / name).read_bytes())
    compared = 0
    for chunk in unit.chunks:
        text = unit.text[chunk.start : chunk.end].decode()
        functions = [n for n in chunk.root.children if n.kind == "function_definition"]
        # Left out: conditionals, and macros that make a function's head, which C trees rewrite.
        if not functions or "#" in text or re.search(r"\b[A-Z]\w*DEFINE\d\(", text):
            continue
        compared += 1
        assert parsed(text) == shape(chunk.root), text[:60]
    assert compared > 5
