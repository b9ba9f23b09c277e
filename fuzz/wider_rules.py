# SPDX-License-Identifier: GPL-2.0-only
"""More shapes of rules for `smpl_differences`: guards, nests under `when`, positions, inheritance.

In: a source of chance. Out: a rule file as text, over the names that the C of `smpl_differences` has.
"""

from __future__ import annotations

import random
from collections.abc import Callable

_CALLS = ("a(E)", "b(E)", "b(E, F)", "b(E, ...)", "b(..., E)", "a(E + F)")
_STATEMENTS = ("a(E);", "b(E);", "x = E;", "c();", "y = a(E);", "p->m = E;", "x += E;", "x++;")
_WHENS = (
    "",
    " when != c()",
    " when != x = F",
    " when any",
    " when != a(E)",
    " when != E",
    " when strict",
    " when != b(F)",
    " when exists",
    " when forall",
)


def wider_rule(chance: random.Random) -> str:
    """Return a rule file."""
    make: Callable[[random.Random], str] = chance.choice(
        (
            _guard,
            _guard_before_dots,
            _two_whens,
            _nest_with_whens,
            _positions,
            _other_positions,
            _isomorphic,
            _added_around,
            _inherited_names,
            _conjunction,
            _constrained,
            _switches,
            _loops,
            _heads,
            _nested_arms,
            _statement_lists,
            _else_bodies,
            _declarators,
            _bodies_in_plus,
            _wrapped,
            _attributed,
        )
    )
    return make(chance)


def _guard(chance: random.Random) -> str:
    guard, other = chance.choice(_CALLS), chance.choice(_CALLS)
    tail = chance.choice(("", "|\n- x = E\n+ x = d(E)\n"))
    return f"@@\nexpression E, F;\n@@\n(\n  {guard}\n|\n- {other}\n+ d(E)\n{tail})\n"


def _guard_before_dots(chance: random.Random) -> str:
    first, second, last = (chance.choice(_STATEMENTS) for _ in range(3))
    when = chance.choice(_WHENS)
    return f"@@\nexpression E, F;\n@@\n(\n  {first}\n|\n- {second}\n)\n  ...{when}\n  {last}\n"


def _two_whens(chance: random.Random) -> str:
    first, last = chance.choice(_STATEMENTS), chance.choice(_STATEMENTS)
    one, two = chance.choice(_WHENS), chance.choice(_WHENS[1:])
    mark = chance.choice(("- ", "  "))
    plus = "" if mark == "- " else "+ d(1);\n"
    quantifier = chance.choice(("", "", "r exists", "r forall"))
    return (
        f"@{quantifier}@\nexpression E, F;\n@@\n  {first}\n  ...{one}\n     {two.strip()}\n"
        f"{mark}{last}\n{plus}"
    )


def _nest_with_whens(chance: random.Random) -> str:
    sign = chance.choice((("<...", "...>"), ("<+...", "...+>")))
    inside, first, last = (chance.choice(_STATEMENTS) for _ in range(3))
    when = chance.choice(_WHENS[:6])
    end = chance.choice(("", f"  {last}\n"))
    body = chance.choice((f"- {inside}\n", f"- {inside}\n+ d(2);\n", f"  {inside}\n+ d(2);\n"))
    return f"@@\nexpression E, F;\n@@\n  {first}\n  {sign[0]}{when}\n{body}  {sign[1]}\n{end}"


def _positions(chance: random.Random) -> str:
    call = chance.choice(("a", "b"))
    where = chance.choice((f"{call}@p(E)", f"{call}(E)@p", f"{call}(E@p)"))
    second = chance.choice((f"- {where}\n+ d(E)\n", f"- {where};\n", f"  x = {where};\n+ d(1);\n"))
    first = chance.choice((f"x = {where};", where, f"{where}\n  ...\n  c();", f"if ({where}) S"))
    statement = "statement S;\n" * first.endswith("S")
    return (
        f"@r@\nexpression E;\nposition p;\n{statement}@@\n  {first}\n\n"
        f"@@\nexpression E;\nposition r.p;\n@@\n{second}"
    )


def _other_positions(chance: random.Random) -> str:
    call = chance.choice(("a", "b"))
    first = chance.choice(
        (f"x = {call}@p(E);", f"if ({call}@p(E) < F) S", f"{call}@p(E);\n  ...\n  c();")
    )
    return (
        f"@r@\nexpression E, F;\nposition p;\nstatement S;\n@@\n  {first}\n\n"
        f"@@\nexpression E;\nposition q != r.p;\n@@\n- {call}@q(E)\n+ d(E)\n"
    )


def _isomorphic(chance: random.Random) -> str:
    pattern = chance.choice(
        (
            "E == NULL",
            "E != NULL",
            "!E",
            "E != 0",
            "E == 0",
            "E && F",
            "E + F",
            "E < F",
            "F > E",
            "E * 2",
            "sizeof(*E)",
            "(long)E",
            "E->m",
            "&E->m",
            "E - F",
            "-E",
            "E ? F : x",
            "E = F",
            "E += F",
        )
    )
    kind = chance.choice(("expression", "expression *", "identifier", "idexpression", "int"))
    new = "d(E, F)" if "F" in pattern else "d(E)"
    head = f"@@\n{kind} E;\nexpression F;\n@@\n"
    return head + chance.choice(
        (
            f"- {pattern}\n+ {new}\n",
            f"  if (\n- {pattern}\n+ {new}\n  ) {{ ... }}\n",
            f"  if ({pattern}) {{\n+ d(1);\n  ...\n  }}\n",
            f"- if ({pattern}) return ...;\n",
        )
    )


def _added_around(chance: random.Random) -> str:
    head = chance.choice(
        ("if (E)", "while (E)", "for (...;...;...)", "if (E == NULL)", "switch (x)")
    )
    return "@@\nexpression E;\nstatement S, T;\n@@\n" + chance.choice(
        (
            f"+ d(1);\n  {head} S\n",
            f"  {head}\n+ {{ d(1);\n  S\n+ }}\n",
            f"  {head} S\n+ d(2);\n",
            f"  {head} {{\n+ d(1);\n  ...\n+ d(2);\n  }}\n",
            "  if (E) S else\n- T\n+ d(3);\n",
            "- if (E)\n  S\n- else T\n",
            "  if (E)\n- S\n+ { d(1); d(2); }\n  else T\n",
            "  if (E) S\n+ else d(4);\n",
            "  do S while (E);\n+ d(5);\n",
            f"- {head} S\n+ d(6);\n+ d(7);\n",
        )
    )


def _inherited_names(chance: random.Random) -> str:
    return chance.choice(
        (
            "@r@\ntype T;\nidentifier v;\n@@\n  T v = ...;\n\n@@\nidentifier r.v;\n@@\n- v\n+ w\n",
            "@r@\nidentifier f;\n@@\n  f(...) { ... c(); ... }\n\n@@\nidentifier r.f;\nexpression E;\n@@\n"
            "  f(...) {\n  <...\n- a(E)\n+ d(E)\n  ...>\n  }\n",
            "@r@\nexpression E;\n@@\n  a(E)\n\n@@\nexpression r.E;\n@@\n  b(\n- E\n+ d(E)\n  , ...)\n",
            "@r@\nexpression E;\n@@\n  a(E);\n\n@s@\nexpression r.E;\nexpression F;\n@@\n  b(E, F);\n\n"
            "@depends on s@\nexpression s.F;\n@@\n- x = F;\n",
            "@r@\nidentifier i;\n@@\n  x = i;\n\n"
            "@@\nidentifier r.i;\nstatement S;\n@@\n  if (i) S\n+ d(i);\n",
        )
    )


def _conjunction(chance: random.Random) -> str:
    one, two = chance.choice(_CALLS), chance.choice(("a(...)", "b(..., x)", "b(p, ...)", "F"))
    return f"@@\nexpression E, F;\nposition p1;\n@@\n(\n- {one}\n+ d(E)\n&\n  {two}\n)\n"


def _constrained(chance: random.Random) -> str:
    declared = chance.choice(
        (
            'identifier f =~ "^[ab]$";',
            "identifier f != c;",
            "identifier f = {a, c};",
            'identifier f !~ "b";',
        )
    )
    value = chance.choice(
        (
            "expression E != {x, y};",
            "constant E;",
            "expression E;",
            "constant E != 1;",
            "idexpression E != p;",
        )
    )
    return f"@@\n{declared}\n{value}\n@@\n" + chance.choice(
        ("- f(E)\n+ d(E)\n", "- f(...);\n", "  f(E, ...);\n+ d(E);\n", "  x = f(\n- E\n+ 0\n  );\n")
    )


def _switches(chance: random.Random) -> str:
    return "@@\nexpression E;\nstatement S;\n@@\n" + chance.choice(
        (
            "  case E:\n+ d(E);\n",
            "- break;\n+ return 1;\n",
            "  switch (E) {\n  ...\n- case 2:\n+ case 3:\n  ...\n  }\n",
            "  case 1: ...\n- break;\n",
            "- goto out;\n+ return 1;\n",
            "out:\n+ d();\n",
            "  switch (x) {\n  case 1:\n- S\n+ d(1);\n  ...\n  }\n",
        )
    )


def _loops(chance: random.Random) -> str:
    return "@@\nexpression E, F, G;\nstatement S;\nidentifier i;\n@@\n" + chance.choice(
        (
            "- for (E; F; G) S\n+ each (E, F) S\n",
            "  for (i = 0; i < E; i++) {\n  ...\n- a(F);\n  ...\n  }\n",
            "- while (E) S\n",
            "  while (E) {\n  <...\n- c();\n+ d();\n  ...>\n  }\n",
            "- do {\n  ...\n- } while (E);\n",
            "  do {\n+ d(1);\n  ...\n  } while (E);\n",
            "  for (...; ...; i++)\n- S\n+ d(i);\n",
            "  while (\n- E\n+ d(E)\n  ) S\n",
        )
    )


def _heads(chance: random.Random) -> str:
    return (
        "@@\nidentifier f, v, w;\ntype T, U;\nparameter list P;\nexpression E;\n@@\n"
        + chance.choice(
            (
                "- T f(P)\n+ static T f(P)\n  { ... }\n",
                "  T f(...,\n- U v\n+ U *v\n  , ...) { ... }\n",
                "  f(U v, ...) {\n  <...\n- a(v)\n+ d(v)\n  ...>\n  }\n",
                "  f(..., T v) {\n  ...\n- return E;\n+ return d(E);\n  }\n",
                "  f(P) {\n  ...\n+ d(1);\n  return E;\n  }\n",
                "- T f(P) { ... }\n",
                "  f(T v, ...) {\n+ d(v);\n  ...\n  }\n",
            )
        )
    )


def _nested_arms(chance: random.Random) -> str:
    one, two, three = (chance.choice(_STATEMENTS) for _ in range(3))
    return (
        f"@@\nexpression E, F;\n@@\n(\n  {one}\n  ...\n- c();\n|\n- {two}\n  {three}\n|\n"
        f"- {three}\n+ d(1);\n)\n"
    )


def _statement_lists(chance: random.Random) -> str:
    return "@@\nstatement list L;\nexpression E;\nidentifier f;\n@@\n" + chance.choice(
        (
            "  if (E) {\n- L\n+ d(1);\n+ L\n  }\n",
            "  while (E) { L\n+ d(1);\n  }\n",
            "- if (E) { L }\n+ L\n",
            "  f(...) {\n+ d(1);\n  L\n  }\n",
            "- do { L } while (E);\n+ while (E) { L }\n",
        )
    )


def _else_bodies(chance: random.Random) -> str:
    then, other = chance.choice(_STATEMENTS), chance.choice(_STATEMENTS)
    return "@@\nexpression E, F;\nstatement S;\n@@\n" + chance.choice(
        (
            f"  if (F) S\n  else\n- {other}\n+ {{ d(1); d(2); }}\n",
            f"  if (F)\n- {then}\n+ d(1);\n",
            f"- if (F) {then}\n+ d(F);\n",
            f"  if (F) {{\n  ...\n- {then}\n  }}\n",
            f"- if (F) {{\n  {then}\n- }}\n",
            f"  if (...) {{ ... {then}\n+ d(1);\n  ... }}\n",
        )
    )


def _declarators(chance: random.Random) -> str:
    return "@@\ntype T;\nidentifier v;\nexpression E;\nstatement S;\n@@\n" + chance.choice(
        (
            "- T v = E;\n+ T v;\n  ...\n+ v = E;\n  return ...;\n",
            "- T v;\n",
            "- T v = E;\n",
            "  T *v = E;\n+ d(v);\n",
            "- char *v = E;\n+ const char *v = E;\n",
            "  int v = E;\n  ...\n- v\n+ d(v)\n",
            "  T v = E;\n  ... when != v\n  S\n+ d(1);\n",
        )
    )


def _bodies_in_plus(chance: random.Random) -> str:
    return "@@\nexpression E;\nstatement S, T;\nstatement list L;\n@@\n" + chance.choice(
        (
            "- if (E) S else T\n+ S\n+ T\n",
            "- if (E) S else T\n+ if (!E) T else S\n",
            "- if (E) S\n+ d(1);\n+ S\n",
            "- while (E) S\n+ S\n+ d(2);\n",
            "- if (E) { L }\n+ L\n+ d(3);\n",
            "- while (E) { L }\n+ L\n",
            "- for (...; E; ...) S\n+ if (E) S\n",
            "- do S while (E);\n+ S\n+ d(4);\n",
        )
    )


def _wrapped(chance: random.Random) -> str:
    head = chance.choice(("if (ok(E))", "while (ok(E))", "for (i = 0; i < 2; i++)"))
    kept = chance.choice(("a(E);", "b(E);", "x = E;", "b(E, ...);"))
    made = chance.choice(
        (
            f"+ {head} {{\n  {kept}\n+ }}\n",
            f"+ {head} {{\n+ d(1);\n  {kept}\n+ }}\n",
            f"+ {head} {{\n  {kept}\n+ d(2);\n+ }}\n",
            f"+ {head}\n  {kept}\n",
        )
    )
    return f"@@\nexpression E;\n@@\n{made}"


def _attributed(chance: random.Random) -> str:
    kind = chance.choice(("int", "char *", "struct s *"))
    new = chance.choice(
        ("u8 __iomem *v = NULL;", "struct s *v = NULL, **w;", "int v[] = { 1, 2 };")
    )
    rest = chance.choice(("", "  ...\n- c();\n", "  ... when any\n  return E;\n"))
    return (
        "@@\nidentifier v;\nexpression E, F;\nattribute name __iomem;\ntypedef u8;\n@@\n"
        f"- {kind} v = F;\n+ {new}\n{rest}"
    )
