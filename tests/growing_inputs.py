# SPDX-License-Identifier: GPL-2.0-only
"""Rules and files of any size: what tests count the work of, and benchmarks measure.

A kind is a rule and a file of size N, made by us; either may grow.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

LOCK = "@@\nexpression E;\n@@\n- lock(E);\n...\n- unlock(E);\n"
LEAVE = (
    "@r exists@\nexpression E;\nidentifier f;\n@@\n"
    "if (!E) {\n...\n* E->f\n... when any\nreturn ...;\n}\n"
)
CALL = "@@\nexpression E;\n@@\n- g(E)\n+ h(E)\n"


@dataclass(frozen=True, slots=True)
class Kind:
    """A rule and a file of a size; `flags` runs the rules that ship instead, over a kernel's headers.

    `most` is the largest size that is tried.
    """

    name: str
    rule: Callable[[int], str]
    code: Callable[[int], str]
    most: int = 100_000
    style: str = "spatch"
    bounded: bool = False
    """Whether there is so much to find that the limit of time has to end it."""


def function(body: str, head: str = "int f(int a)") -> str:
    """Return a function of some text."""
    return f"{head}\n{{\n{body}}}\n"


def listed(n: int, text: str, between: str = ", ") -> str:
    """Return a text n times; %d in it is the number, modulo nothing."""
    return between.join(text % i if "%d" in text else text for i in range(n))


def held(n: int, text: str) -> str:
    """Return a function that locks, runs a text n times, and unlocks."""
    return function("\tlock(a);\n" + listed(n, text, "") + "\tunlock(a);\n")


def jumps(n: int) -> str:
    """Return as many labels, each with a jump to another."""
    lines = (f"l{i}:\n\tif (a) goto l{i * 7 % n};\n" for i in range(n))
    return function("\tlock(a);\n" + "".join(lines) + "\tunlock(a);\n")


def leaving(n: int) -> str:
    """Return as many branches, each of which leaves for a label behind or before it."""
    lines = (
        f"l{i}:\n\tif (!a) {{\n\t\tb->c = {i};\n\t\tgoto l{i * 7 % n};\n\t}}\n" for i in range(n)
    )
    return function("".join(lines))


def conditional(n: int) -> str:
    """Return one conditional with n arms."""
    arms = (f"#{'if' if not i else 'elif'} defined(A{i})\n\tg(a);\n" for i in range(n))
    return function("".join(arms) + "#endif\n")


def same(text: str) -> Callable[[int], str]:
    """Return what does not grow."""
    return lambda _: text


def arms(n: int) -> str:
    """Return a rule that is a disjunction of n arms."""
    return "@@\nexpression E;\n@@\n(\n" + listed(n, "- a%d(E)\n+ b(E)", "\n|\n") + "\n)\n"


def chain(n: int) -> str:
    """Return n rules, each for another function."""
    return "".join(f"@r{i}@\nexpression E;\n@@\n- g{i}(E)\n+ h{i}(E)\n\n" for i in range(n))


def inherited(plus: str) -> str:
    """Return two rules of which the second runs once for each match of the first."""
    return f"@r@\nexpression E;\n@@\ng(E)\n\n@s@\nexpression r.E;\n@@\n- g(E)\n{plus}"


def nest(opening: str, closing: str, minus: str = "- g(E);\n+ h(E);\n") -> str:
    """Return a rule with a nest of statements."""
    return f"@@\nexpression E, F;\n@@\nlock(F);\n{opening}\n{minus}{closing}\nunlock(F);\n"


def deep(n: int, opening: str, closing: str, head: str = "") -> str:
    """Return a rule that removes a statement in which a form stands in itself, n / 4 times."""
    return f"@@\nexpression E;\n@@\n- {head}{opening * (n // 4)}E{closing * (n // 4)};\n"


DESC = "#include <linux/mm.h>\nvoid d(struct vm_area_desc *desc)\n"

KINDS = (
    Kind(
        "flags in one statement",
        same(""),
        lambda n: (
            DESC + "{\n\tdesc->vm_flags |= " + listed(n, "VM_READ | VM_WRITE", " | ") + ";\n}\n"
        ),
        style="flags",
    ),
    Kind(
        "operands, replaced",
        same("@@\nexpression E;\n@@\n- g(E)\n+ much_longer_name(E, E)\n"),
        lambda n: function("\treturn g(" + listed(n, "a%d", " + ") + ");\n"),
        style="kernel",
    ),
    Kind(
        "operands, each matched",
        same("@@\nexpression E;\n@@\n- E + 1\n+ inc(E)\n"),
        lambda n: function("\treturn " + listed(n, "a%d", " + ") + ";\n"),
    ),
    Kind(
        "operands, any pair",
        same("@@\nexpression E, F;\n@@\n- E + F\n+ add(E, F)\n"),
        lambda n: function("\treturn " + listed(n, "a%d", " + ") + ";\n"),
        most=1_000,
        bounded=True,
    ),
    Kind(
        "comparisons under isomorphisms",
        same("@@\nexpression E;\n@@\n- E == NULL\n+ isnull(E)\n"),
        lambda n: function("\tif (" + listed(n, "(p%d == NULL)", " && ") + ")\n\t\tg();\n"),
    ),
    Kind(
        "dots, a pair each",
        same(LOCK),
        lambda n: function(listed(n, "\tlock(a);\n\tx(a);\n\tunlock(a);\n", "")),
    ),
    Kind(
        "dots, a pair each of its own",
        same(LOCK),
        lambda n: function("".join(f"\tlock(a{i});\n\tx(a);\n\tunlock(a{i});\n" for i in range(n))),
    ),
    Kind("dots without an end", same(LOCK), lambda n: function(listed(n, "\tlock(a);\n", ""))),
    Kind("dots over branches", same(LOCK), lambda n: held(n, "\tif (a)\n\t\tg(a);\n")),
    Kind(
        "dots over branches, when",
        same(
            "@@\nexpression E, F;\n@@\n- lock(E);\n... when != E = F\n    when != bad(E)\n- unlock(E);\n"
        ),
        lambda n: held(n, "\tif (a)\n\t\tg(a);\n\telse\n\t\th(a);\n"),
    ),
    Kind("dots over early returns", same(LOCK), lambda n: held(n, "\tif (a)\n\t\treturn 0;\n")),
    Kind(
        "dots over early returns, when any",
        same("@@\nexpression E;\n@@\n- lock(E);\n... when any\n- unlock(E);\n"),
        lambda n: held(n, "\tif (a)\n\t\treturn 0;\n"),
    ),
    Kind(
        "dots, early unlocks",
        same(LOCK),
        lambda n: held(n, "\tif (a) {\n\t\tunlock(a);\n\t\treturn 0;\n\t}\n"),
    ),
    Kind(
        "dots, exists",
        same("@@\nexpression E;\n@@\n" + "lock(E);\n... when any\n- g(E);\n+ h(E);\n"),
        lambda n: held(n, "\tg(a);\n"),
    ),
    Kind(
        "switch under dots",
        same(LOCK),
        lambda n: held(
            1, "\tswitch (a) {\n" + listed(n, "\tcase %d:\n\t\tg(a);\n\t\tbreak;\n", "") + "\t}\n"
        ),
    ),
    Kind("nest of statements", same(nest("<...", "...>")), lambda n: held(n, "\tg(a);\n")),
    Kind(
        "nest of statements, one at least",
        same(nest("<+...", "...+>")),
        lambda n: held(n, "\tg(a);\n"),
    ),
    Kind(
        "nest of statements, values differ",
        same(nest("<+...", "...+>")),
        lambda n: held(n, "\tg(a%d);\n"),
    ),
    Kind(
        "nest of expressions",
        same("@@\nexpression E;\n@@\n- f(<+... E->x ...+>);\n+ g(E);\n"),
        lambda n: function("\tf(" + listed(n, "p%d->x", " + ") + ");\n"),
    ),
    Kind(
        "nest of expressions, bound",
        same("@@\nexpression E;\n@@\nq(E);\n...\n- f(<+... E ...+>);\n+ g(E);\n"),
        lambda n: function("\tq(p1);\n" + "\tf(" + listed(n, "p%d->x", " + ") + ");\n"),
    ),
    Kind(
        "nest in a rule over statements",
        same("@@\nidentifier x;\n@@\n- x = <+... g(x) ...+>;\n+ x = h(x);\n"),
        lambda n: function(listed(n, "\tx = 1 + g(x);\n", "")),
    ),
    Kind("gotos", same(LOCK), jumps, most=10_000),
    Kind("branches that leave", same(LEAVE), leaving, most=10_000),
    Kind(
        "inherited environments",
        same(inherited("")),
        lambda n: function(listed(n, "\tg(a%d);\n", "")),
    ),
    Kind(
        "inherited environments, plus code",
        same(inherited("+ h(E)\n")),
        lambda n: function(listed(n, "\tg(a%d);\n", "")),
    ),
    Kind(
        "inherited positions",
        same(
            "@r@\nexpression E;\nposition p;\n@@\ng@p(E)\n\n"
            "@s@\nexpression E;\nposition r.p;\n@@\n- g@p(E)\n+ h(E)\n"
        ),
        lambda n: function(listed(n, "\tg(a%d);\n", "")),
    ),
    Kind(
        "inherited names of functions",
        same(
            "@r@\nidentifier f;\n@@\nint f(...) { ... }\n\n@s@\nidentifier r.f;\n@@\n- f(1)\n+ f(2)\n"
        ),
        lambda n: listed(n, "int f%d(int a)\n{\n\treturn 1;\n}\n", ""),
    ),
    Kind(
        "arguments, dots around one",
        same("@@\nexpression E;\n@@\n- g(..., E, ...)\n+ h(E)\n"),
        lambda n: function("\tg(" + listed(n, "a%d") + ");\n"),
    ),
    Kind(
        "arguments, dots around a missing one",
        same("@@\n@@\n- g(..., zero, ...)\n+ h()\n"),
        lambda n: function("\tg(" + listed(n, "a%d") + ");\n"),
    ),
    Kind(
        "arguments, expression lists",
        same("@@\nexpression list a, b, c;\nexpression E;\n@@\n- g(a, E, b, E, c)\n+ h(E)\n"),
        lambda n: function("\tg(" + listed(n, "a") + ");\n"),
        most=1_000,
        bounded=True,
    ),
    Kind(
        "arguments, no two alike",
        same("@@\nexpression list a, b, c;\nexpression E;\n@@\n- g(a, E, b, E, c)\n+ h(E)\n"),
        lambda n: function("\tg(" + listed(n, "a%d") + ");\n"),
        most=1_000,
        bounded=True,
    ),
    Kind(
        "parameters",
        same(
            "@@\nidentifier f, i;\nparameter list p;\n@@\n- f(p, int i)\n+ f(p, long i)\n { ... }\n"
        ),
        lambda n: f"int f({listed(n, 'int a%d')})\n{{\n\treturn 0;\n}}\n",
    ),
    Kind(
        "initialiser, elements",
        same("@@\nidentifier i;\nexpression E;\n@@\nint i[] = { ..., \n- E + 0,\n+ E,\n ... };\n"),
        lambda n: f"int x[] = {{ {listed(n, 'a%d')}, b + 0, 1 }};\n",
    ),
    Kind(
        "initialiser, members",
        same(
            "@@\nidentifier i;\nexpression E;\n@@\nstruct ops i = {\n- .open = E,\n+ .start = E,\n};\n"
        ),
        lambda n: (
            f"struct ops x = {{\n{listed(n, chr(9) + '.m%d = 1', ',' + chr(10))},\n\t.open = o,\n}};\n"
        ),
    ),
    Kind(
        "initialiser, each element matched",
        same(CALL),
        lambda n: f"int x[] = {{ {listed(n, 'g(a%d)')} }};\n",
    ),
    Kind(
        "members of a structure",
        same("@@\nidentifier x;\n@@\nstruct s {\n...\n- int x;\n+ long x;\n...\n};\n"),
        lambda n: f"struct s {{\n{listed(n, chr(9) + 'char m%d;' + chr(10), '')}\tint y;\n}};\n",
    ),
    Kind(
        "enumerators",
        same("@@\nidentifier e;\n@@\nenum e { ...,\n- OLD,\n+ NEW,\n ... };\n"),
        lambda n: f"enum e {{ {listed(n, 'A%d')}, OLD, B }};\n",
    ),
    Kind(
        "a string literal",
        same(CALL),
        lambda n: function('\tg("' + "x" * n + '");\n'),
        most=1_000_000,
    ),
    Kind(
        "a format string",
        same('@@\nexpression list a;\n@@\n- p("...%d...", a)\n+ q(a)\n'),
        lambda n: function('\tp("' + "x %%d " * n + '", ' + listed(n, "a%d") + ");\n"),
        most=10_000,
    ),
    Kind(
        "a comment",
        same(CALL),
        lambda n: function("\tg(a); /* " + "x " * n + "*/\n"),
        most=1_000_000,
    ),
    Kind(
        "arms of a disjunction", arms, lambda n: function(f"\treturn a{n - 1}(1);\n"), most=10_000
    ),
    Kind(
        "arms of a disjunction, and places",
        arms,
        lambda n: function(listed(n, "\ta%d(1);\n", "")),
        most=10_000,
    ),
    Kind(
        "parentheses",
        same(CALL),
        lambda n: function("\treturn " + "(" * n + "g(a)" + ")" * n + ";\n"),
    ),
    Kind(
        "calls in calls",
        same(CALL),
        lambda n: function("\treturn " + "g(" * n + "a" + ")" * n + ";\n"),
        most=1_000,
        bounded=True,
    ),
    Kind(
        "blocks in blocks", same(LOCK), lambda n: held(1, "\t" + "{" * n + "g(a);" + "}" * n + "\n")
    ),
    Kind(
        "loops in loops",
        same(LOCK),
        lambda n: held(1, "\twhile (a) {\n" * n + "\tg();\n" + "\t}\n" * n),
        most=10_000,
    ),
    Kind(
        "else if",
        same(LOCK),
        lambda n: held(1, "\t" + listed(n, "if (a) g(a); else ", "") + "h(a);\n"),
        most=10_000,
    ),
    Kind("ternaries", same(CALL), lambda n: function("\treturn " + "a ? b : " * n + "g(a);\n")),
    Kind(
        "parentheses in a rule",
        lambda n: "@@\nexpression E;\n@@\n- " + "(" * n + "g0(E)" + ")" * n + "\n+ h(E)\n",
        same(function("\tg0(a);\n")),
        most=1_000,
        bounded=True,
    ),
    Kind("statements", same(CALL), lambda n: function(listed(n, "\tx%d = y;\n", "") + "\tg(a);\n")),
    Kind("statements, each changed", same(CALL), lambda n: function(listed(n, "\tg(x%d);\n", ""))),
    Kind(
        "statements, each changed, in our style",
        same(CALL),
        lambda n: function(listed(n, "\tg(x%d);\n", "")),
        style="kernel",
    ),
    Kind("statements under dots", same(LOCK), lambda n: held(n, "\tx%d = y;\n")),
    Kind(
        "declarations",
        same("@@\nidentifier x;\n@@\n- int x;\n+ long x;\n"),
        lambda n: function(listed(n, "\tint x%d;\n", "")),
    ),
    Kind(
        "removed declarations",
        same("@@\nidentifier x;\n@@\n- int x;\n"),
        lambda n: function(listed(n, "\tint x%d;\n", "") + "\tg();\n"),
        style="kernel",
    ),
    Kind(
        "typed expressions",
        same("@@\nint x;\n@@\n- g(x)\n+ h(x)\n"),
        lambda n: function(listed(n, "\tint x%d;\n", "") + listed(n, "\tg(x%d);\n", "")),
    ),
    Kind(
        "functions", same(CALL), lambda n: listed(n, "int f%d(int a)\n{\n\treturn g(a);\n}\n", "")
    ),
    Kind(
        "functions that nothing matches",
        same(CALL),
        lambda n: (
            listed(n, "int f%d(int a)\n{\n\treturn a;\n}\n", "") + function("\treturn g(a);\n")
        ),
    ),
    Kind(
        "#ifdef, one after another",
        same(CALL),
        lambda n: function(listed(n, "#ifdef A%d\n\tif (a)\n#endif\n\tg(a);\n", "")),
    ),
    Kind("#elif", same(CALL), conditional),
    Kind(
        "#ifdef in #ifdef",
        same(CALL),
        lambda n: function(listed(n, "#ifdef A%d\n", "") + "\tg(a);\n" + "#endif\n" * n),
    ),
    Kind(
        "macros",
        same(CALL),
        lambda n: listed(n, "#define M%d(x) g(x)\n", "") + function("\tg(a);\n"),
    ),
    Kind(
        "one line of statements",
        same(CALL),
        lambda n: "int f(int a) { g(a); " + "x = y; " * n + "}\n",
        style="kernel",
    ),
    Kind(
        "stars of a pointer",
        same(CALL),
        lambda n: f"int {'*' * n}p;\n" + function("\tg(a);\n"),
        most=10_000,
    ),
    Kind(
        "brackets that do not close",
        same(CALL),
        lambda n: function("\tg(a);\n" + "if (x) {\n" * n),
        most=10_000,
    ),
    Kind("garbage", same(CALL), lambda n: function("\tg(a);\n") + ") ( ] [ } { ; " * n),
    Kind("rules", chain, same(function("\tg0(a);\n")), most=10_000),
    Kind(
        "rules, each with a place",
        chain,
        lambda n: function(listed(n, "\tg%d(a);\n", "")),
        most=1_000,
        bounded=True,
    ),
    Kind(
        "metavariables",
        lambda n: "@@\nexpression " + listed(n, "E%d") + ";\n@@\n- g0(E0)\n+ h(E0)\n",
        same(function("\tg0(a);\n")),
    ),
    Kind(
        "plus lines",
        lambda n: "@@\nexpression E;\n@@\n- g0(E);\n" + listed(n, "+ h%d(E);\n", ""),
        same(function("\tg0(a);\n")),
        most=10_000,
    ),
    Kind(
        "dots in a rule",
        lambda n: "@@\nexpression E;\n@@\n" + "g(E);\n...\n" * n + "- zz(E);\n",
        same(function("\tg(a);\n" * 60)),
        most=1_000,
        bounded=True,
    ),
    Kind(
        "assignments in a rule",
        lambda n: deep(n, "a = ", ""),
        same(function("\tg(a);\n")),
        most=1_000,
    ),
    Kind(
        "initialisers in a rule",
        lambda n: deep(n, "{ .a = ", " }", "int y = "),
        same(function("\tg(a);\n")),
        most=1_000,
    ),
)
