# SPDX-License-Identifier: GPL-2.0-only
"""C files for `smpl_differences` with more than calls in a function's body.

In: a source of chance. Out: a C file with types, data, declarers, macros, headers of functions,
switches, labels and comments. `item_rules` makes rules over the names in it.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from chances import one, some

_Chance = random.Random


def item_file(chance: _Chance) -> str:
    """Return a C file."""
    makers: list[Callable[[_Chance], str]] = [
        _includes,
        _defines,
        _enum,
        _struct,
        _typedefs,
        _data,
        _prototypes,
        _declarers,
        _function,
        _function,
        _branching_function,
    ]
    made = [make(chance) for make in makers if chance.random() < 0.8]
    if chance.random() < 0.3:
        made.append(_conditional(chance))
    return "\n".join(made) or "int lone;\n"


def _includes(chance: _Chance) -> str:
    return some(
        chance, 0.7, "#include <linux/a.h>\n", "#include <linux/b.h>\n", '#include "own.h"\n'
    )


def _defines(chance: _Chance) -> str:
    return some(
        chance,
        0.6,
        "#define LIMIT 16\n",
        "#define TWICE(x) ((x) + (x))\n",
        "#define get(p) a(p, 1)\n",
        "#define go(p) do { a(p, 0); b(p); } while (0)\n",
    )


def _enum(chance: _Chance) -> str:
    names = [one(chance, n, f"{n} = {chance.randint(0, 4)}") for n in ("RED", "GREEN", "BLUE")]
    comma = one(chance, "", ",")
    if chance.random() < 0.3:
        return f"enum color {{ {', '.join(names)} }};\n"
    lines = ",\n".join("\t" + name for name in names)
    return f"enum color {{\n{lines}{comma}\n}};\n"


def _struct(chance: _Chance) -> str:
    fields = [
        "int m;",
        "struct s *next;",
        "unsigned int flags:3;",
        "char name[16];",
        "int (*run)(struct s *p, int x);",
        "const char *label;",
        "u8 bytes[LIMIT]; /* raw */",
        "union { int i; long l; } u;",
        "struct { int a, b; } pair;",
        "void *data;",
        "int (*stop)(int);",
        "int __aligned(8) wide;",
        "FIELDS_BEGIN",
        "int left, right;",
    ]
    picked = [field for field in fields if chance.random() < 0.5] or ["int m;"]
    lines = "".join(f"\t{field}\n" for field in picked)
    tail = one(chance, "", "", " __packed", " s1")
    return f"struct s {{\n{lines}}}{tail};\n"


def _typedefs(chance: _Chance) -> str:
    return some(
        chance,
        0.6,
        "typedef unsigned char u8;\n",
        "typedef struct s s_t;\n",
        "typedef int (*cb)(int);\n",
    )


def _data(chance: _Chance) -> str:
    storage = one(chance, "", "static ", "static const ", "const ")
    return one(
        chance,
        f'{storage}struct s one = {{\n\t.m = 1,\n\t.label = "one",\n\t.run = a,\n}};\n',
        f"{storage}struct s one = {{ .m = 1, .data = NULL }};\n",
        f"{storage}struct s one = {{ 1, NULL, 0 }};\n",
        f'{storage}struct s many[] = {{\n\t{{ .m = 1, .label = "x" }},\n\t{{ .m = 2 }},\n\t{{ }}\n}};\n',
        f"{storage}int list[LIMIT] = {{ 1, 2, [4] = 5 }};\n",
        f"{storage}int v = 1, w, *z = NULL;\n",
        f'{storage}char *text = "a %d b %s\\n";\n',
        f"{storage}unsigned long v __read_mostly = LIMIT;\n",
        "extern int v;\nextern struct s *head;\n",
        "int v;\nint w = 0;\n",
        "COLDISH int v;\nstatic __weird int w;\n",
        "int COLDISH v;\nunsigned long v2 __weird;\n",
        "ABOVE\nint v;\n",
        "int (*v)(int), (*w)(struct s *p, int x);\n",
        "typeof(list[1]) v;\n__typeof__(struct s *) w;\n",
    )


def _prototypes(chance: _Chance) -> str:
    return some(
        chance,
        0.5,
        "int fn(struct s *p, int x);\n",
        "static void op(int x, char *q);\n",
        "extern long far(void);\n",
        "struct s *make(int, char *);\n",
        "static fn(struct s *p, int x);\n",
    )


def _declarers(chance: _Chance) -> str:
    return some(
        chance,
        0.4,
        "DEFINE_MUTEX(lock);\n",
        "static DEFINE_SPINLOCK(guard);\n",
        "LIST_HEAD(head);\n",
        'MODULE_LICENSE("GPL");\n',
        "EXPORT_SYMBOL(fn);\n",
        "module_init(start);\n",
    )


def _comment(chance: _Chance) -> str:
    return one(chance, "", "", "", " /* why */", " // so")


def _function(chance: _Chance) -> str:
    head = one(
        chance,
        "int fn(struct s *p, int x)",
        "static int fn(struct s *p, int x)",
        "static inline int fn(struct s *p,\n\t\t     int x)",
        "int __init fn(struct s *p, int x)",
        "static int\nfn(struct s *p, int x)",
        "long fn(void)",
        "void op(int x, char *q)",
        "int fn(struct s *p __maybe_unused, const char *q, int x)",
        "const struct s *make(int x, unsigned int y)",
        "static fn(struct s *p, int x)",
        "static COLDISH int fn(struct s *p, COLDISH int x)",
    )
    void = head.startswith("void")
    lines = [_line(chance, 1) for _ in range(chance.randint(1, 6))]
    last = "" if void else f"\treturn {one(chance, 'x', '0', 'a(x)', '-EINVAL', 'p->m')};\n"
    above = one(chance, "", "", "/* does it */\n", "/**\n * fn - do\n * @x: how\n */\n")
    return f"{above}{head}\n{{\n{''.join(lines)}{last}}}\n"


def _line(chance: _Chance, depth: int) -> str:
    tab = "\t" * depth
    kind = chance.random()
    if depth > 2 or kind < 0.6:
        return f"{tab}{_simple(chance)}{_comment(chance)}\n"
    inner = "".join(_line(chance, depth + 1) for _ in range(chance.randint(1, 3)))
    if kind < 0.7:
        return f"{tab}if ({_condition(chance)}) {{\n{inner}{tab}}}\n"
    if kind < 0.75:
        then, other = (f"{tab}\t{_simple(chance)}\n" for _ in range(2))
        return f"{tab}if ({_condition(chance)})\n{then}{tab}else\n{other}"
    if kind < 0.8:
        return f"{tab}for (int i = 0; i < LIMIT; i++) {{\n{inner}{tab}}}\n"
    if kind < 0.85:
        return f"{tab}list_for_each_entry(p, &head, next) {{\n{inner}{tab}}}\n"
    if kind < 0.9:
        return f"{tab}list_for_each_entry(p, &head, next)\n{tab}\t{_simple(chance)}\n"
    if kind < 0.95:
        return f"{tab}while ({_condition(chance)})\n{tab}\t{_simple(chance)}\n"
    return f"{tab}{{\n{inner}{tab}}}\n"


def _simple(chance: _Chance) -> str:
    return one(
        chance,
        "a(p, x);",
        "a(&p->m, 1);",
        "b(p);",
        "x = a(x, 0);",
        "x = (int)b(x);",
        "x = p->m;",
        "p->m = x;",
        "p->m |= 4;",
        "x = sizeof(struct s);",
        "x = sizeof(*p);",
        'pr("x is %d\\n", x);',
        'pr("name %s of " "%d\\n", q, x);',
        "p = (struct s *)q;",
        "p = get(p);",
        "go(p);",
        "one.m = x;",
        "list[1] = x;",
        "x = list[x + 1];",
        "p->run(p, x);",
        "x = y ? a(x, 1) : 0;",
        "c();",
        "mutex_lock(&lock);",
        "mutex_unlock(&lock);",
        "x <<= 2;",
        "x = x & ~LIMIT;",
        "if (!p) return -ENOMEM;",
        "--x;",
        "struct s *n = p->next;",
        "int k = a(x, 2), l;",
        "unsigned int z = 0;",
        "memset(p, 0, sizeof(struct s));",
        "*q++ = x & 1;",
    )


def _condition(chance: _Chance) -> str:
    return one(
        chance, "x", "!p", "p == NULL", "x < LIMIT", "a(x, 1) && p", "p->m & 4", "x == RED || !q"
    )


def _branching_function(chance: _Chance) -> str:
    end = "\t\tbreak;\n"
    cases = "".join(
        f"\tcase {name}:{_comment(chance)}\n\t\t{_simple(chance)}\n{one(chance, end, '')}"
        for name in ("RED", "GREEN", "3 ... 5")
        if chance.random() < 0.8
    )
    default = one(chance, "", "\tdefault:\n\t\treturn 1;\n", "\tdefault:\n\t\tbreak;\n")
    jumps = one(
        chance, "", "\tif (x)\n\t\tgoto out;\n", "\tif (!p) {\n\t\tx = 1;\n\t\tgoto out;\n\t}\n"
    )
    return (
        f"static int pick(struct s *p, int x)\n{{\n{jumps}\tswitch (x) {{\n{cases}{default}\t}}\n"
        f"{_line(chance, 1)}out:\n\tb(p);\n\treturn x;\n}}\n"
    )


def _conditional(chance: _Chance) -> str:
    head = one(chance, "#ifdef CONFIG_A", "#if X > 1", "#ifndef B")
    arms = [f"static int arm(int x)\n{{\n\treturn {value};\n}}\n" for value in ("a(x, 1)", "b(x)")]
    return f"{head}\n{arms[0]}#else\n{arms[1]}#endif\n"
