# SPDX-License-Identifier: GPL-2.0-only
"""Rules for `smpl_differences` over all that a C file has at its top level, and more of functions.

In: a source of chance. Out: a rule file over the names that `item_code` writes.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from typing import TypeAlias

from chances import one

_Chance = random.Random
_Maker: TypeAlias = Callable[[_Chance], str]


def item_rule(chance: _Chance) -> str:
    """Return a rule file."""
    makers: tuple[_Maker, ...] = (
        _ENUMS,
        _STRUCTS,
        _HEADERS,
        _PARAMETERS,
        _PROTOTYPES,
        _INITIALISERS,
        _DECLARERS,
        _SWITCHES,
        _LABELS,
        _ATTRIBUTES,
        _BESIDE_ATTRIBUTES,
        _FUNCTION_POINTERS,
        _TYPEOFS,
        _of_fresh_names,
        _of_scripts,
        _of_dependencies,
        _of_disabled,
        _STRINGS,
        _TYPES,
        _DIRECTIVES,
        _TYPEDEFS,
        _ITERATORS,
        _OPERATORS,
        _LISTS,
        _LOCALS,
        _of_many_arms,
        _of_nests,
        _COMMENTS,
        _DECLARATIONS,
    )
    return chance.choice(makers)(chance)


def _under(declared: str, *bodies: str) -> _Maker:
    """Return what makes a rule with one of some bodies, all under the same declarations."""
    return lambda chance: f"@@\n{declared}@@\n{one(chance, *bodies)}"


_ENUMS = _under(
    "identifier e, i;\nexpression E;\n",
    "enum e {\n  ...,\n- GREEN,\n+ LIME,\n  ...\n};\n",
    "enum e {\n  ...,\n+ GRAY,\n  BLUE,\n  ...\n};\n",
    "enum color {\n  RED,\n+ PINK,\n  ...\n};\n",
    "enum e {\n  ...,\n- i = E,\n+ i,\n  ...\n};\n",
    "- enum color { ... };\n",
    "enum color {\n- RED\n+ CRIMSON\n  , ... };\n",
)
_STRUCTS = _under(
    "identifier s, i;\ntype T;\nfield list F;\nfield f;\n",
    "struct s {\n  ...\n- T *i;\n+ T i;\n  ...\n};\n",
    "struct s {\n+ int first;\n  ...\n};\n",
    "struct s {\n  ...\n+ int last;\n};\n",
    "struct s {\n  ...\n- int m;\n  ...\n};\n",
    "struct s {\n  F\n+ int last;\n};\n",
    "struct s {\n- int m;\n+ long m;\n  F\n};\n",
    "struct s {\n  ...\n- char name[16];\n+ char name[32];\n  ...\n};\n",
    "struct s {\n  ...\n  int m;\n+ int n;\n  ...\n};\n",
    "struct s {\n  ...\n- unsigned int flags:3;\n+ unsigned int flags:4;\n  ...\n};\n",
    "struct s {\n  ...\n- int (*run)(struct s *p, int x);\n+ long (*run)(struct s *p);\n  ...\n};\n",
    "- struct s {\n+ struct t {\n  ...\n  };\n",
    "struct s {\n  ...\n- f\n};\n",
)
_HEADERS = _under(
    "identifier f;\ntype T;\nparameter list P;\nstatement list L;\n",
    "- int f(P)\n+ long f(P)\n  { ... }\n",
    "- static int f(P)\n+ int f(P)\n  { ... }\n",
    "+ static\n  int f(P) { ... }\n",
    "- T f(P) { L }\n+ T g(P) { L }\n",
    "- T\n+ void\n  f(P) { ... }\n",
    "  T\n- f\n+ g\n  (P) { ... }\n",
    "- inline\n  T f(...) { ... }\n",
    "- T f(...) { ... }\n",
    "  T f(P) {\n+ int made;\n  ...\n  }\n",
    "  T f(...) {\n  ...\n+ d();\n  }\n",
    "  void f(...) {\n  ...\n+ d();\n  }\n",
    "+ int before(void);\n  int f(...) { ... }\n",
    "  int f(...) { ... }\n+ EXPORT(f);\n",
)
_PARAMETERS = _under(
    "identifier f, v, w;\ntype T, U;\nparameter list[n] P;\nparameter p;\n",
    "  f(P,\n- int v\n+ long v\n  , ...) { ... }\n",
    "  f(...,\n- int v\n+ long v\n  ) { ... }\n",
    "  f(struct s *v\n+ , int more\n  , ...) { ... }\n",
    "  f(\n- T v,\n  ...) { ... }\n",
    "  f(...\n- , int v\n  ) { ... }\n",
    "  f(\n+ int first,\n  ...) { ... }\n",
    "- f(T v, U w)\n+ f(U w, T v)\n  { ... }\n",
    "  f(...,\n- p\n  ) { ... }\n",
    "  fn(...\n+ , int z\n  ) { ... }\n",
    "  f(void\n- \n  ) {\n+ d();\n  ... }\n",
    "- f(void)\n+ f(int z)\n  { ... }\n",
    "  f(..., T *v, ...) {\n  <...\n- v->m\n+ get(v)\n  ...>\n  }\n",
)
_PROTOTYPES = _under(
    "identifier f, v;\ntype T;\nparameter list P;\n",
    "- int f(P);\n+ long f(P);\n",
    "- extern\n  T f(...);\n",
    "- T f(P);\n",
    "  T f(P);\n+ T g(P);\n",
    "+ __must_check\n  int fn(...);\n",
    "- static void f(P);\n+ void f(P);\n",
    "  T f(...,\n- int v\n+ long v\n  , ...);\n",
)
_INITIALISERS = _under(
    "identifier i, f;\nexpression E, F;\ninitializer list L;\ninitializer I;\n",
    "struct s i = {\n  ...,\n- .m = E,\n+ .n = E,\n  ...\n};\n",
    "struct s i = {\n  ...,\n- .label = E,\n  ...\n};\n",
    "struct s i = {\n  .m = E,\n+ .n = E,\n  ...\n};\n",
    "struct s i = {\n  .m = \n- E\n+ F0\n  , };\n",
    "struct s i = {\n- E, F, ...\n+ .m = E, .next = F\n};\n",
    "struct s i[] = {\n  ...,\n- { .m = E },\n+ { .m = d(E) },\n  ...\n};\n",
    "int i[...] = {\n- L\n+ L, 9\n};\n",
    "struct s i = {\n  ...,\n  .m = E,\n+ .k = d(E),\n  ...,\n};\n",
    "- .m = E\n+ .m = d(E)\n",
    "struct s i =\n- { L }\n+ {}\n  ;\n",
    "{ .m = E,\n+ .z = 1,\n  ... }\n",
)
_DECLARERS = _under(
    "declarer name DEFINE_MUTEX, DEFINE_SPINLOCK, LIST_HEAD;\n"
    "declarer name MODULE_LICENSE, EXPORT_SYMBOL, module_init;\nidentifier i;\n"
    "expression E;\ndeclarer D;\n",
    "- DEFINE_MUTEX(i);\n+ static DEFINE_MUTEX(i);\n",
    "- LIST_HEAD(i);\n",
    '- MODULE_LICENSE(E);\n+ MODULE_LICENSE("MIT");\n',
    "- EXPORT_SYMBOL(i);\n+ EXPORT_SYMBOL_GPL(i);\n",
    "- static DEFINE_SPINLOCK(i);\n+ DEFINE_SPINLOCK(i);\n",
    "- DEFINE_SPINLOCK(i);\n+ DEFINE_RAW(i);\n",
    "- D(i);\n",
    "  module_init(i);\n+ module_exit(i);\n",
    "- D\n+ E2\n  (i);\n",
)
_SWITCHES = _under(
    "expression E, F;\nstatement S;\nstatement list L;\n",
    "  switch (E) {\n+ case 9: d();\n  ...\n  }\n",
    "- case RED:\n+ case CRIMSON:\n",
    "  case RED:\n+ d();\n  ...\n  break;\n",
    "- default: return E;\n",
    "  switch (E) {\n  ...\n- default: break;\n  ...\n  }\n",
    "  switch (\n- E\n+ d(E)\n  ) { ... }\n",
    "- switch (E) { ... }\n",
    "  case E:\n  ...\n- break;\n+ return 1;\n",
    "  case GREEN:\n- S\n+ d(1);\n",
    "- case E ... F:\n+ case E:\n",
    "  switch (E) {\n  case RED: ...\n+ d(2);\n  break;\n  ...\n  }\n",
)
_LABELS = _under(
    "expression E;\nidentifier l;\nstatement S;\n",
    "- goto out;\n+ return 2;\n",
    "- goto l;\n+ goto fail;\n",
    "- l:\n+ fail:\n",
    "  l:\n+ d();\n",
    "  if (E)\n- goto l;\n+ { d(); goto l; }\n",
    "  if (E) { ...\n- goto l;\n  }\n",
    "  goto l;\n  ...\n- b(...);\n+ d();\n",
    "  l:\n- S\n+ d(3);\n",
    "- out: b(E);\n",
)
_ATTRIBUTES = _under(
    "attribute name __maybe_unused, __read_mostly, __init, __packed, __ro;\nattribute A;\n"
    "identifier f, v;\ntype T;\nexpression E;\n",
    "  f(..., T v\n- __maybe_unused\n  , ...) { ... }\n",
    "- T v __read_mostly = E;\n+ T v __ro = E;\n",
    "  T v\n- __read_mostly\n  = E;\n",
    "  T\n- __init\n  f(...) { ... }\n",
    "- __init\n",
    "  struct s { ... }\n- __packed\n  ;\n",
    "  T v\n+ __ro\n  = E;\n",
)
_BESIDE_ATTRIBUTES = _under(
    "identifier f, v;\ntype T;\nexpression E;\nparameter list P;\n",
    "- int v;\n+ long v;\n",
    "- int\n+ long\n  v;\n",
    "- T v;\n+ T v = 0;\n",
    "- T v = E;\n+ T v;\n",
    "  f(...,\n- int v\n+ long v\n  ) { ... }\n",
    "- int\n+ long\n  f(P) { ... }\n",
    "- static int v;\n+ static long v;\n",
    "- T v;\n",
)
_FUNCTION_POINTERS = _under(
    "identifier f, s;\ntype T;\nparameter list P;\n",
    "- int (*f)(int);\n+ long (*f)(int);\n",
    "- T (*f)(P);\n+ T *(*f)(P);\n",
    "struct s {\n  ...\n- int (*f)(int);\n+ int (*f)(long);\n  ...\n};\n",
    "struct s {\n  ...\n- T (*f)(P);\n+ T (*f)(P, int);\n  ...\n};\n",
)
_TYPEOFS = _under(
    "identifier v;\ntype T;\nexpression E;\n",
    "- typeof(E) v;\n+ int v;\n",
    "- typeof(T) v;\n+ T v;\n",
    "- typeof(list[1])\n+ int\n  v;\n",
)
_STRINGS = _under(
    "expression E;\nformat F;\nformat list FL;\nconstant char [] C;\nexpression list ES;\n",
    '  pr(\n- "...%@F@..."\n+ "new"\n  , ES)\n',
    '- pr("x is %d\\n", E)\n+ pr_info("x is %d\\n", E)\n',
    "- pr(C, ES)\n+ log(ES)\n",
    '  pr("%@FL@",\n- ES\n+ 1\n  )\n',
    '- MODULE_LICENSE("GPL");\n',
    "- pr(C\n+ log(C\n  , ...)\n",
)
_TYPES = _under(
    "type T;\nexpression E;\nidentifier v;\ntypedef u8, s_t;\nstruct s *P;\nT *Q;\nint N;\n",
    "- sizeof(struct s)\n+ sizeof(*p)\n",
    "- sizeof(T)\n+ size(T)\n",
    "- (T)E\n+ E\n",
    "- (struct s *)E\n+ cast(E)\n",
    "- P->m\n+ get(P)\n",
    "- N\n+ same(N)\n",
    "- memset(Q, 0, sizeof(T))\n+ clear(Q)\n",
    "- struct s *v = E;\n+ s_t *v = E;\n",
    "- struct s *\n+ s_t *\n",
    "- unsigned int\n+ u32\n",
    "  const\n- char *\n+ u8 *\n  v;\n",
    "- unsigned\n+ unsigned int\n  v;\n",
)
_DIRECTIVES = _under(
    "identifier i, x;\nexpression E;\nidentifier list IS;\n",
    "- #include <linux/a.h>\n+ #include <linux/z.h>\n",
    "  #include <linux/b.h>\n+ #include <linux/c.h>\n",
    '- #include "own.h"\n',
    "  #include <...>\n+ #include <last.h>\n",
    "- #define LIMIT E\n+ #define LIMIT 32\n",
    "- #define i(x) E\n+ #define i(x) d(E)\n",
    "- #define i E\n",
    "  #define LIMIT E\n+ #define LOWER 1\n",
    "- LIMIT\n+ UPPER\n",
    "+ #include <first.h>\n  #include <linux/a.h>\n",
)
_TYPEDEFS = _under(
    "type T;\nidentifier s;\ntypedef s_t, cb;\n",
    "- typedef struct s s_t;\n",
    "- typedef T s_t;\n+ typedef T t_t;\n",
    "- s_t\n+ struct s\n",
    "- typedef unsigned char u8;\n+ typedef char u8;\n",
)
_ITERATORS = _under(
    "iterator name list_for_each_entry, each;\niterator I;\nexpression E, F;\n"
    "identifier m;\nstatement S;\n",
    "- list_for_each_entry(E, F, m) S\n+ each (E, F) S\n",
    "- list_for_each_entry(E, F, m)\n+ each (E, F)\n  S\n",
    "  list_for_each_entry(E, F, m) {\n+ d(E);\n  ...\n  }\n",
    "  list_for_each_entry(E, ...)\n- S\n+ d(E);\n",
    "  list_for_each_entry(E, ...) {\n  <...\n- b(E);\n+ d(E);\n  ...>\n  }\n",
    "- I(E, ...) S\n",
    "  I(E, F, m) S\n+ d(1);\n",
    "- for (int m = 0; m < E; m++) S\n+ times (m, E) S\n",
)
_OPERATORS = _under(
    "expression E, F;\nbinary operator B;\nassignment operator A;\n"
    "binary operator C = {<, >, ==};\nassignment operator D != =;\nidentifier v;\n",
    "- E B F\n+ op(E, F)\n",
    "- E A F;\n+ set(E, F);\n",
    "- E C F\n+ cmp(E, F)\n",
    "- E D F\n+ E D d(F)\n",
    "- E A F\n+ E A F + 1\n",
    "- p->m A E;\n+ p->n A E;\n",
    "  if (E C F) {\n+ d();\n  ... }\n",
    "- E++\n+ inc(E)\n",
    "- E & ~F\n+ less(E, F)\n",
)
_LISTS = _under(
    "expression E, F;\nexpression list L;\nexpression list[n] M;\nexpression list[2] K;\n"
    "identifier f;\n",
    "- a(L)\n+ d(L, 0)\n",
    "- f(M, E)\n+ f(E, M)\n",
    "- a(K)\n+ d(K)\n",
    "- a(E, L)\n+ d(L)\n",
    "  a(M,\n- E\n+ 7\n  )\n",
    "  f(...,\n- 1\n+ ONE\n  ,...)\n",
    "  f(L\n+ , 5\n  )\n",
    "  f(\n- E, F\n+ F, E\n  )\n",
)
_LOCALS = _under(
    "local idexpression x;\nglobal idexpression g;\nidexpression int i;\nexpression E;\n"
    "constant c;\n",
    "- x = E;\n+ x = d(E);\n",
    "- g\n+ glob(g)\n",
    "- i = E\n+ i = d(E)\n",
    "- a(x, c)\n+ d(x, c)\n",
    "- E = c;\n+ E = K(c);\n",
    "- x->m\n+ get(x)\n",
    "- g.m\n+ get(&g)\n",
)
_COMMENTS = _under(
    "expression E;\nidentifier f;\ntype T;\n",
    "+ /* added */\n  b(E);\n",
    "  b(E);\n+ /* added */\n",
    "- c();\n+ // gone\n",
    "+ /* about f */\n  T f(...) { ... }\n",
    "  T f(...) {\n+ /* begins */\n  ...\n  }\n",
    "- b(E);\n+ /* b is d now */\n+ d(E);\n",
    "  x = E;\n+ d(); /* behind */\n",
)
_DECLARATIONS = _under(
    "declaration D;\nidentifier v, w;\ntype T;\nexpression E;\nstatement S;\n",
    "  D\n+ int added;\n",
    "- int v = E, w;\n+ int v = E;\n+ int w;\n",
    "- T v = E;\n+ T v;\n",
    "  T v = E;\n  ...\n- v\n+ w2\n",
    "- T v;\n",
    "- static T v = E;\n+ T v = E;\n",
    "- T v[] = { ... };\n",
    "  T *v = E;\n+ if (!v) return;\n  S\n",
    "- extern T v;\n",
    "- int v;\n+ int v = 0;\n",
    "- T v;\n  ...\n- v = E;\n+ T v = E;\n",
)


def _of_fresh_names(chance: _Chance) -> str:
    seed = one(chance, 'f ## "_new"', '"new_" ## f', '"x" ## f ## "y"')
    return (
        f"@r@\nidentifier f, v;\nfresh identifier g = {seed};\ntype T;\nexpression E;\n@@\n"
        + one(
            chance,
            "- T f(...) { ... }\n+ T g(void) { return 0; }\n",
            "  T f(...) {\n+ int g = 0;\n  ...\n  }\n",
            "- T f = E;\n+ T g = E;\n",
            "- f(E)\n+ g(E)\n",
            "- E->f\n+ E->g\n",
            "- #define f E\n+ #define g E\n",
        )
    )


def _of_scripts(chance: _Chance) -> str:
    first = one(chance, "  a(f, E)\n", "  T f = E;\n", "  T f(...) { ... }\n", "  E->f\n")
    script = one(
        chance,
        "@script:python s@\nf << r.f;\ng;\n@@\ncoccinelle.g = 'py_' + f\n",
        "@script:python s@\nf << r.f;\ng;\n@@\n"
        "if f == 'p': cocci.include_match(False)\ncoccinelle.g = f + '2'\n",
        "@script:python s@\nf << r.f;\ng;\n@@\ncoccinelle.g = cocci.make_ident(f.upper())\n",
    )
    last = one(chance, "- f\n+ g\n", "- a(f, E)\n+ g(E)\n", "- f->m\n+ g->m\n")
    return (
        f"@r@\nidentifier f;\nexpression E;\ntype T;\n@@\n{first}\n{script}\n"
        f"@@\nidentifier r.f, s.g;\nexpression E;\n@@\n{last}"
    )


def _of_dependencies(chance: _Chance) -> str:
    depends = one(
        chance,
        "depends on r",
        "depends on !r",
        "depends on r && !s",
        "depends on r || s",
        "depends on ever r",
        "depends on never r",
        "depends on !(r || s)",
    )
    first = one(chance, "  b(E);\n", "- b(E);\n", "  a(E, 1)\n", "  E = p->m;\n")
    second = one(chance, "  c();\n", "- c();\n", "  x = E;\n", "  return E;\n")
    last = one(chance, "- mutex_lock(E);\n", "- p->m\n+ get(p)\n", "- x\n+ y\n", "+ d();\n  c();\n")
    inherited = one(chance, "", "", "r.")
    inherited = "" if "!" in depends or "never" in depends or "||" in depends else inherited
    return (
        f"@r{one(chance, '', ' exists', ' forall')}@\nexpression E;\n@@\n{first}\n"
        f"@s@\nexpression E;\n@@\n{second}\n@{depends}@\nexpression {inherited}E;\n@@\n{last}"
    )


def _of_disabled(chance: _Chance) -> str:
    names = one(
        chance,
        "is_null",
        "paren",
        "drop_cast",
        "neg_if, neg_if_exp",
        "isnt_null1",
        "drop_else",
        "is_zero",
        "add_signed",
        "unlikely",
        "optional_qualifier",
        "optional_storage",
        "all",
        "ptr_to_array",
        "comm_assoc",
        "decl_init",
    )
    pattern = one(
        chance,
        "  if (\n- E == NULL\n+ bad(E)\n  ) S\n",
        "- !E\n+ not(E)\n",
        "- x = E;\n+ x = d(E);\n",
        "- T v;\n+ T v = 1;\n",
        "- unsigned int v = E;\n+ u32 v = E;\n",
        "- E & F\n+ and(E, F)\n",
        "  if (E) S\n+ d();\n",
        "- int f(...) { ... }\n",
        "- E->m\n+ get(E)\n",
    )
    declared = "expression E, F;\nstatement S;\ntype T;\nidentifier v, f;\ntypedef u32;\n"
    return f"@disable {names}@\n{declared}@@\n{pattern}"


def _of_many_arms(chance: _Chance) -> str:
    arms = [
        "- a(E, F)\n+ d(E)\n",
        "- b(E)\n+ e(E)\n",
        "  sizeof(E)\n",
        "- E->m\n+ get(E)\n",
        "  E = F\n",
        "- !E\n+ not(E)\n",
        "- E & F\n+ and(E, F)\n",
        "  a(<+... E->m ...+>, F)\n",
    ]
    picked = chance.sample(arms, chance.randint(2, 4))
    return "@@\nexpression E, F;\n@@\n(\n" + "|\n".join(picked) + ")\n"


def _of_nests(chance: _Chance) -> str:
    body = one(chance, "- b(E);\n", "- b(E);\n+ d(E);\n", "- p->m\n+ get(p)\n", "  c();\n+ d();\n")
    sign = chance.choice((("<...", "...>"), ("<+...", "...+>")))
    when = one(chance, "", " when != c()", " when any", " when != x = E", " when exists")
    around = one(
        chance,
        "f(...) {{\n{0}}}\n",
        "  switch (E) {{\n{0}  }}\n",
        "  if (E) {{\n{0}  }}\n",
        "  mutex_lock(...);\n{0}  mutex_unlock(...);\n",
        "  for (...;...;...) {{\n{0}  }}\n",
        "  case RED:\n{0}  break;\n",
        "  while (...) {{\n{0}  }}\n",
    )
    nest = f"  {sign[0]}{when}\n{body}  {sign[1]}\n"
    return "@@\nidentifier f;\nexpression E;\n@@\n" + around.format(nest)
