# SPDX-License-Identifier: GPL-2.0-only
"""The macro shim: what the parser sees in the place of each macro, byte for byte."""

import pytest
import tree_sitter_c
from tree_sitter import Language, Node, Parser

from vmaconv.cocci.shim.mask import MacroNames, prepare

LANGUAGE = Language(tree_sitter_c.language())


def parse(text: bytes) -> Node:
    return Parser(LANGUAGE).parse(text).root_node


def masked(text: bytes) -> bytes:
    """Mask a text with one variant, and hold the shim to its promises."""
    (only,) = prepare(text).masked
    assert len(only) == len(text)
    assert [i for i, c in enumerate(only) if c == 10] == [i for i, c in enumerate(text) if c == 10]
    return only


def in_code(statement: bytes) -> bytes:
    return b"void f(void)\n{\n\t" + statement + b"\n}\n"


# Before, after; spaces are shown as dots in neither: columns line up, which is the point.
TOP_LEVEL = {
    "attribute before a name": (
        b"static int __init f(void) { }",
        b"static int        f(void) { }",
    ),
    "attribute alone on its line": (
        b"static noinline_for_stack\nint f(void) { }",
        b"static                   \nint f(void) { }",
    ),
    "unknown attribute between type and name": (
        b"static int __weird f(void) { }",
        b"static int         f(void) { }",
    ),
    "unknown attribute in capitals": (
        b"static int MY_API f(void);",
        b"static int        f(void);",
    ),
    "attributes with arguments": (
        b"__printf(1, 2) void f(const char *s, ...) __acquires(lock);",
        b"               void f(const char *s, ...)                 ;",
    ),
    "gnu attribute": (
        b"static int x __attribute__((unused)) = 1;",
        b"static int x                         = 1;",
    ),
    "pointer to an address space": (
        b"int f(char __user *p, void __iomem * const __weird q);",
        b"int f(char        *p, void         * const         q);",
    ),
    "attribute of a struct": (
        b"struct __packed s { int a __aligned(8); } __weird_align;",
        b"struct          s { int a             ; } __weird_align;",
    ),
    "attribute after a struct's variable": (
        b"static struct s { int a; } x __cacheline_aligned = { 1 };",
        b"static struct s { int a; } x                     = { 1 };",
    ),
    "array with an unknown attribute": (
        b"static int x[4] __in_some_section = { 1 };",
        b"static int x[4]                   = { 1 };",
    ),
    "asm name": (
        b'extern int f(int) asm("g");',
        b"extern int f(int)         ;",
    ),
    "system call": (
        b"SYSCALL_DEFINE2(dup2, unsigned int, fd, char __user *, name)\n{ }",
        b"int             dup2( unsigned int  fd, char        *  name)\n{ }",
    ),
    "per-CPU variable": (
        b"static DEFINE_PER_CPU(struct s, x) = { 1 };",
        b"static                struct s  x  = { 1 };",
    ),
    "definer of unknown name": (
        b"DEFINE_THING(a, b)\n{ }",
        b"int NE_THING(a, b)\n{ }",
    ),
    "declarer with a storage class": (
        b"static DEFINE_SPINNER(a, &b, 3);",
        b"       DEFINE_SPINNER(a, &b, 3);",
    ),
    "declarer with an initialiser": (
        b"static DECLARE_MAP(m, 8) = { 1 };",
        b"static int         m[ 8] = { 1 };",
    ),
    "export without semicolon, no room for one": (
        b"EXPORT_SYMBOL(f)\nint g;",
        b"EXPORT_SYMBOL=f;\nint g;",
    ),
    "export without semicolon, room for one": (
        b"PROBE(f, g) \nint g;",
        b"PROBE(f, g);\nint g;",
    ),
    "bitmap among fields": (
        b"struct s { DECLARE_BITMAP(map, SIZE); };",
        b"struct s { int            map[ SIZE]; };",
    ),
    "flexible array among fields": (
        b"struct s { DECLARE_FLEX_ARRAY(struct t, items); };",
        b"struct s {                    struct t  items ; };",
    ),
    "group of fields": (
        b"struct s { struct_group(g, int a; int b; ); };",
        b"struct s { struct       g{ int a; int b; }; };",
    ),
    "enumerator by macro": (
        b"enum { BIT(READ, 0), OTHER };",
        b"enum { BIT=READ| 0 , OTHER };",
    ),
    "elements without commas": (
        b"int a[] = { FIRST(x) SECOND(y) };",
        b"int a[] = { FIRST(x),SECOND(y) };",
    ),
    "unnamed bit-field": (
        b"struct s { int a:1; int :3; };",
        b"struct s { int a:1; int _3; };",
    ),
    "machine description": (
        b'MACHINE_START(X, "y")\n\t.a = b,\nMACHINE_END\n',
        b'int INE_STAR={X, "y",\n\t.a = b,\n};         \n',
    ),
    "statements as an argument": (
        b"TRACE_EVENT(e, TP_fast_assign( a = 1; b = 2; ));",
        b"TRACE_EVENT(e, TP_fast_assign({a = 1; b = 2;}));",
    ),
    "bare macro at the end": (
        b"int a;\nDECLARE_PROT\n",
        b"int a;\n            \n",
    ),
    "bare macro at the end, room for a semicolon": (
        b"int a;\nDECLARE_PROT \n",
        b"int a;\nDECLARE_PROT;\n",
    ),
    "type between two pointers' parameters": (
        b"int (*f(unsigned int x))(struct s *);",
        b"int (*f(unsigned int x))(struct s *);",
    ),
}


@pytest.mark.parametrize(("before", "after"), TOP_LEVEL.values(), ids=TOP_LEVEL.keys())
def test_definition(before: bytes, after: bytes) -> None:
    assert masked(before) == after
    assert not parse(after).has_error


STATEMENTS = {
    "iterator with a block": (
        b"list_for_each_entry(p, &head, list) { g(p); }",
        b"while              (p, &head, list) { g(p); }",
    ),
    "iterator of unknown name": (
        b"my_walk(p, head) { g(p); }",
        b"while  (p, head) { g(p); }",
    ),
    "iterator with a statement": (
        b"xas_for_each(&xas, p, max)\n\t\tg(p);",
        b"while       (&xas, p, max)\n\t\tg(p);",
    ),
    "iterator with a cast for a body": (
        b"my_walk(p, max)\n\t\t(void)g(p);",
        b"while  (p, max)\n\t\t(void)g(p);",
    ),
    "iterator in an iterator": (
        b"for_each_a(x) for_each_b(y) g(x, y);",
        b"while     (x) while     (y) g(x, y);",
    ),
    "iterator behind an if": (
        b"if (a) each_item(x) { g(x); } else h();",
        b"if (a) while    (x) { g(x); } else h();",
    ),
    "iterator with an else of its own": (
        b"cond_guard(x) { g(x); } else { h(); }",
        b"if        (x) { g(x); } else { h(); }",
    ),
    "iterator with a short name": (
        b"each(x) { g(x); }",
        b"if  (x) { g(x); }",
    ),
    "iterator without arguments, no spaces": (
        b"forever() { g(); }",
        b"while (0) { g(); }",
    ),
    "iterator without arguments": (
        b"forever () { g(); }",
        b"while  (0) { g(); }",
    ),
    "end of a do loop": (
        b"do { g(p); } while_each_task(p, q);",
        b"do { g(p); } while          (p, q);",
    ),
    "macro without semicolon": (
        b"PROBE(x) \n\tg();",
        b"PROBE(x);\n\tg();",
    ),
    "macro without semicolon at the end": (
        b"PROBE(x) ",
        b"PROBE(x);",
    ),
    "bare macro before a brace": (
        b"{ g(); RESTORE }",
        b"{ g(); RESTORE;}",
    ),
    "struct as an argument": (
        b"x = container_of(p, struct s, member);",
        b"x = container_of(p, struct_s, member);",
    ),
    "pointer type as an argument": (
        b"x = va_arg(ap, struct s *);",
        b"x = va_arg(ap, struct_s__);",
    ),
    "primitive type as an argument": (
        b"x = min_t(unsigned long, a, b);",
        b"x = min_t(unsigned_long, a, b);",
    ),
    "typeof as an argument": (
        b"x = alloc(typeof(*x), 1);",
        b"x = alloc(typeof____, 1);",
    ),
    "declaration as an argument": (
        b"each_one(struct s *p, q) { g(p); }",
        b"while   (struct_s *p, q) { g(p); }",
    ),
    "operator as an argument": (
        b"check(a, <=, b);",
        b"check(a, __, b);",
    ),
    "missing arguments": (
        b"call(a, , b);",
        b"call(a,0, b);",
    ),
    "statement as an argument": (
        b"guard_or(lock, return -EIO, &x);",
        b"guard_or(lock, retur_,-EIO, &x);",
    ),
    "initialiser as an argument": (
        b"call(a, { .b = 1 });",
        b"call(a, ( _b = 1 ));",
    ),
    "string and macro": (
        b'p("a" STR(b) "c", d);',
        b'p("a"+STR(b)+"c", d);',
    ),
    "case range": (
        b"switch (x) { case A ... B: g(); }",
        b"switch (x) { case A  |  B: g(); }",
    ),
    "computed goto": (
        b"goto *table[x];",
        b"     *table[x];",
    ),
    "label at the end": (
        b"out: ",
        b"out; ",
    ),
    "offsetof into an array": (
        b"x = offsetof(struct s, a[1].b);",
        b"x = _ffsetof(struct_s, a[1].b);",
    ),
    "typeof an expression": (
        b"typeof(a + b) c = a;",
        b"typeof_______ c = a;",
    ),
    "alignof an expression": (
        b"x = __alignof__(*p);",
        b"x = x_alignof__(*p);",
    ),
    "asm with a macro in its template": (
        b'asm volatile(LOCK "incl %0" FIX(x) : "+m" (v) : : "cc");',
        b'_sm         (LOCK "incl %0"+FIX(x) , "+m" (v)   , "cc");',
    ),
    "asm with a qualifier of its own": (
        b'__asm__ __volatile("nop");',
        b'__asm__           ("nop");',
    ),
    "auto": (
        b"auto x = g(); const auto y = g();",
        b"int  x = g(); const int  y = g();",
    ),
    "word that is no number": (
        b"FEATURE(48bit);",
        b"FEATURE(_8bit);",
    ),
}


@pytest.mark.parametrize(("before", "after"), STATEMENTS.values(), ids=STATEMENTS.keys())
def test_statement(before: bytes, after: bytes) -> None:
    assert masked(in_code(before)) == in_code(after)
    assert not parse(in_code(after)).has_error


UNTOUCHED = {
    "call": b"g(x);",
    "call without spaces": b"g(x);h(y);",
    "calls on two lines": b"g(x,\n\t  y);\n\t\th(z);",
    "call in a condition": b"if (g(x)) { h(x); }",
    "call after a cast": b"(void)g(x);",
    "call in a chain": b"g(x)->h(y);",
    "assignment to a call": b"*g(x) = y;",
    "products": b"x = a * b * c; y = sizeof(x) * n * m;",
    "product as a statement's start": b"a * b;",
    "negation and address": b"x = -a & ~b; g(&x, *y, !z, -1);",
    "keywords before parentheses": b"switch (x) { default: return (y); }",
    "loops": b"for (i = 0; i < n; i++) { } while (x) { } do { } while (y);",
    "sizeof a type": b"x = sizeof(struct s) + sizeof(int *);",
    "casts": b"x = (struct s *)y + (unsigned long)z;",
    "compound literal": b"x = (struct s){ .a = 1 };",
    "statement expression": b"x = ({ int y = g(); y; });",
    "declarations": b"struct s *x, **y; pid_t p = 1; const char *const z = 0;",
    "local prototype": b"int g(int, struct s *);",
    "labels": b"out: g(); retry: h();",
    "ternary": b"x = a ? g(b) : h(c);",
    "designators": b"int x[] = { [0 ... 3] = 1, [4] = g(2), };",
    "variable named like nothing special": b"int noinline; g(noinline);",
    "string with code in it": b'g("list_for_each(x) { __init /* // ");',
    "comment with code in it": b"/* list_for_each(x) { __init */ g(); // typeof(*x) '",
    "asm": b'asm volatile("nop" : "=r" (x), [b] "+m" (*y) : "i" (z) : "memory");',
    "block as an argument": b"g(a, { h(); });",
}


@pytest.mark.parametrize("statement", UNTOUCHED.values(), ids=UNTOUCHED.keys())
def test_untouched(statement: bytes) -> None:
    text = in_code(statement)
    assert masked(text) == text
    assert not parse(text).has_error


TOP_LEVEL_UNTOUCHED = {
    "old-style definition": b"int f(a, b)\nint a;\nchar *b;\n{ }",
    "call-like macro with semicolon": b"EXPORT_SYMBOL(f);",
    "function pointers": b"struct s { int (*f)(struct t *, int); void *(*g)(void); };",
    "parameter lists": b"int f(struct s *p, const int *, unsigned long x, ...);",
    "typedefs": b"typedef unsigned int uint; typedef int8_t __s8;",
    "fields": b"struct s { int a, *b; struct t c[2]; u32 d:3; };",
    "reserved name for a field": b"struct s { unsigned long __unused[4]; };",
    "initialised table": b"static const struct s t[] = { MACRO(a, b), { 1, 2 }, };",
}


@pytest.mark.parametrize("text", TOP_LEVEL_UNTOUCHED.values(), ids=TOP_LEVEL_UNTOUCHED.keys())
def test_untouched_at_top_level(text: bytes) -> None:
    assert masked(text) == text
    assert not parse(text).has_error


def test_marks_tell_what_stood_there() -> None:
    text = in_code(b"list_for_each(p, struct s) { }")
    prepared = prepare(text)
    found = {text[mark.start : mark.end]: mark.role for mark in prepared.marks.values()}
    assert found == {b"list_for_each": "iterator", b"struct s": "type_argument"}
    assert all(start == mark.start for start, mark in prepared.marks.items())


def test_iterator_mark_starts_where_while_stands() -> None:
    prepared = prepare(in_code(b"my_each(p, q) { }"))
    (mark,) = prepared.marks.values()
    assert prepared.masked[0][mark.start :].startswith(b"while")


def test_names_of_the_caller_are_believed() -> None:
    names = MacroNames(attributes=frozenset({b"plain"}), iterators=frozenset({b"scan"}))
    assert prepare(b"static plain foo g;", names).masked[0] == b"static       foo g;"
    # Not indented deeper, so that only its name makes it an iterator.
    text = in_code(b"scan(x) \n\tg(x);")
    assert prepare(text, names).masked[0] == in_code(b"if  (x) \n\tg(x);")
    assert prepare(text).masked[0] == in_code(b"scan(x);\n\tg(x);")


def test_names_defined_in_the_text_are_believed() -> None:
    text = b"#define mine __attribute__((cold))\n#define walk(x) for (; x; x++)\n"
    text += b"static mine foo g;\n" + in_code(b"walk(x)\n\tg(x);")
    only = masked(text)
    assert b"static      foo g;" in only
    assert b"if  (x)\n" in only


def test_directives_are_blanked_with_their_continuations() -> None:
    text = b"int a;\n#define X(y) \\\n\tdo { y; \\\n\t} while (0)\nint b; /*\n#if 1 */\n"
    prepared = prepare(text)
    (directive,) = prepared.directives
    assert directive.kind == "define"
    assert text[directive.start : directive.end].endswith(b"while (0)")
    assert prepared.masked[0].split() == [b"int", b"a;", b"int", b"b;", b"/*", b"#if", b"1", b"*/"]


def test_comment_carries_a_directive_on() -> None:
    text = b"#define A /* one\n two */ 5\nint x;\n"
    prepared = prepare(text)
    assert prepared.masked[0].split() == [b"int", b"x;"]


def test_carriage_returns_stay() -> None:
    text = b"#ifdef A\r\nint __init f(void);\r\n#endif\r\n"
    assert masked(text) == b"        \r\nint        f(void);\r\n      \r\n"


def test_odd_bytes_are_kept() -> None:
    text = b'char *s = "\xe9\x00"; /* \xff */ int x;'
    assert masked(text) == text


def test_huge_text_is_given_back() -> None:
    text = b"#if A\n" * (3 << 20)
    prepared = prepare(text)
    assert prepared.masked == (text,)
    assert prepared.directives == ()


def test_text_with_too_much_code_loses_its_directives_only() -> None:
    text = b"#define A\n" + b"(" * (5 << 20)
    prepared = prepare(text)
    assert prepared.masked == (b"         \n" + b"(" * (5 << 20),)
    assert not prepared.marks
