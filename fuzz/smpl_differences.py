# SPDX-License-Identifier: GPL-2.0-only
"""Rules and C made by grammar, run by spatch and by us, and told where they differ.

In: a seed to begin with, and how many cases or seconds. Out: a line for each case in which the new
texts differ in their tokens, with the seed that makes it again; `--show SEED` prints one case. Kinds
that are known (`difference_kinds`) are counted at the end. The documentation of SmPL judges who is
right: this only finds what is worth a look.

    python fuzz/smpl_differences.py --seconds 120 --seed 1
    python fuzz/smpl_differences.py --show 17
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from difference_kinds import NOTE, Difference, kind_of, tokens
from item_code import item_file
from item_rules import item_rule
from wider_rules import wider_rule

from vmaconv.cocci.spatch.command import main as ours

_BAD = re.compile(r"^(?:bad: |BAD:!!!!! )(.*)", re.M)
LIMIT = 20
"""Seconds for one run of either."""


@dataclass(frozen=True)
class Case:
    """A rule file and a C file."""

    rule: str
    code: str


class Maker:
    """Makes cases; the same seed makes the same case."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def case(self) -> Case:
        """Make a case."""
        if self._chance(0.4):
            return Case(item_rule(self._random), item_file(self._random))
        rule = self._rule() if self._chance(0.4) else wider_rule(self._random)
        return Case(rule, self._file())

    def _one(self, *choices: str) -> str:
        return self._random.choice(choices)

    def _chance(self, share: float) -> bool:
        return self._random.random() < share

    # C.

    def _file(self) -> str:
        functions = [self._function(f"fn{i}") for i in range(self._random.randint(1, 2))]
        return "struct s { int m; struct s *next; };\n\n" + "\n".join(functions)

    def _function(self, name: str) -> str:
        head = f"int {name}(struct s *p, int x, int y)\n{{\n"
        lines = ["\tint i = 0;\n", "\tchar *q = NULL;\n", "\n"]
        body = "".join(self._statement(1) for _ in range(self._random.randint(2, 6)))
        return head + "".join(lines) + body + "\tc();\nout:\n\tb(p);\n\treturn x;\n}\n"

    def _statement(self, depth: int) -> str:
        tab = "\t" * depth
        kind = self._random.random()
        if depth > 3 or kind < 0.55:
            return f"{tab}{self._simple()}\n"
        if kind < 0.75:
            made = f"{tab}if ({self._condition()}){self._body(depth)}"
            if self._chance(0.35):
                made += f"{tab}else{self._body(depth)}"
            return made
        if kind < 0.83:
            return f"{tab}while ({self._condition()}){self._body(depth)}"
        if kind < 0.88:
            return f"{tab}for (i = 0; i < {self._expression(1)}; i++){self._body(depth)}"
        if kind < 0.92:
            # spatch passes over a function with code that nothing leads to: no bare return.
            inner = "\t" * (depth + 1)
            return f"{tab}if ({self._condition()})\n{inner}return {self._expression(1)};\n"
        if kind < 0.96:
            inner = "".join(self._statement(depth + 1) for _ in range(2))
            return f"{tab}do {{\n{inner}{tab}}} while ({self._condition()});\n"
        cases = "".join(
            f"{tab}case {n}:\n{self._statement(depth + 1)}{tab}\tbreak;\n" for n in (1, 2)
        )
        return f"{tab}switch (x) {{\n{cases}{tab}}}\n"

    def _body(self, depth: int) -> str:
        if self._chance(0.4):
            return f"\n{self._nonempty(depth + 1)}"
        tab = "\t" * depth
        count = self._random.randint(1, 3)
        inner = "".join(self._statement(depth + 1) for _ in range(count))
        return f" {{\n{inner}{tab}}}\n"

    def _nonempty(self, depth: int) -> str:
        return "\t" * depth + self._simple() + "\n"

    def _simple(self) -> str:
        return self._one(
            f"a({self._expression(1)});",
            f"a({self._variable()});",
            f"b({self._variable()});",
            f"b({self._variable()}, {self._expression(1)});",
            "c();",
            f"x = {self._expression(2)};",
            f"y = a({self._variable()});",
            f"p->m = {self._expression(1)};",
            f"q = b({self._variable()}, NULL);",
            f"x = y ? a({self._variable()}) : {self._expression(1)};",
            f"a({self._expression(1)}), b({self._variable()});",
            f"x += {self._expression(1)};",
            "x++;",
            "if (p) b(p);",
            "if (y) goto out;" if self._chance(0.1) else "c();",
        )

    def _variable(self) -> str:
        return self._one("x", "y", "i", "p", "q", "p->m")

    def _condition(self) -> str:
        return self._one(
            f"{self._variable()}",
            f"!{self._one('p', 'q', 'x')}",
            f"{self._one('p', 'q')} == NULL",
            f"{self._one('p', 'q')} != NULL",
            f"a({self._variable()}) < {self._expression(1)}",
            f"x == {self._expression(1)} && y",
            "i < 10",
        )

    def _expression(self, depth: int) -> str:
        if depth == 0 or self._chance(0.5):
            return self._one("x", "y", "1", "2", "p->m", "p->next->m")
        return self._one(
            f"{self._expression(depth - 1)} + {self._expression(depth - 1)}",
            f"a({self._expression(depth - 1)})",
            f"({self._expression(depth - 1)}) * 2",
            "sizeof(*p)",
            f"(long){self._expression(0)}",
            f"-{self._one('x', 'y')}",
        )

    # Rules.

    def _rule(self) -> str:
        make: Callable[[], str] = self._random.choice(
            (
                self._of_expressions,
                self._of_expressions,
                self._of_statements,
                self._of_paths,
                self._of_paths,
                self._of_nest,
                self._of_branches,
                self._of_types,
                self._of_two_rules,
                self._of_statement_arms,
                self._of_declarations,
                self._of_arguments,
                self._of_many,
            )
        )
        return make()

    def _head(self, declared: str, name: str = "") -> str:
        quantifier = self._one("", "", "", " exists", " forall") if not name else ""
        header = f"@{name or ('r' if quantifier else '')}{quantifier}@\n"
        return f"{header}{declared}@@\n"

    def _meta(self) -> str:
        return self._one(
            "expression E;\n",
            "identifier E;\n",
            "idexpression int E;\n",
            "int E;\n",
            "expression *E;\n",
            "struct s *E;\n",
            "constant E;\n",
            "local idexpression E;\n",
        )

    def _pattern(self) -> str:
        return self._one(
            "a(E)",
            "b(E)",
            "b(E, ...)",
            "b(..., E)",
            "E->m",
            "E == NULL",
            "E != NULL",
            "!E",
            "x + E",
            "x += E",
            "E++",
            "E == 1",
            "sizeof(*E)",
            "x ? E : ...",
            "E + E",
            "a(E + 1)",
            "(long)E",
            "a(...)",
            "b(E, NULL)",
        )

    def _of_expressions(self) -> str:
        declared = self._meta()
        pattern = self._pattern()
        new = self._one("d(E)", "d(E, 1)", "E", "d(E + 1)", "d(E, 2)") if "E" in pattern else "d()"
        if self._chance(0.3):
            other = self._pattern()
            second = "e(E)" if "E" in other else "e()"
            return f"{self._head(declared)}(\n- {pattern}\n+ {new}\n|\n- {other}\n+ {second}\n)\n"
        return f"{self._head(declared)}- {pattern}\n+ {new}\n"

    def _of_statements(self) -> str:
        declared = self._meta()
        first = self._one("a(E);", "b(E);", "x = E;", "c();", "b(E, ...);", "return E;")
        made = self._head(declared)
        added = "d(E);" if "E" in first else "d();"
        return made + self._one(
            f"- {first}\n+ {added}\n",
            f"- {first}\n",
            f"+ {added}\n  {first}\n",
            f"  {first}\n+ {added}\n",
            f"- {first}\n+ {added}\n+ e();\n",
            f"- {first}\n  a(...);\n",
            f"  a(...);\n- {first}\n",
        )

    def _of_paths(self) -> str:
        declared = self._meta() + ("expression F;\n" if self._chance(0.3) else "")
        first = self._one("a(E);", "b(E);", "x = E;", "b(E, ...);")
        last = self._one("b(E);", "c();", "a(E);", "return E;", "return ...;", "p->m = ...;")
        when = self._one(
            "", "", " when != c()", " when != a(E)", " when any", " when strict", " when != x = ..."
        )
        dots = f"  ...{when}\n"
        return self._head(declared) + self._one(
            f"- {first}\n{dots}  {last}\n",
            f"  {first}\n{dots}- {last}\n",
            f"- {first}\n+ d(1);\n{dots}  {last}\n+ d(2);\n",
            f"- {first}\n{dots}- {last}\n",
            f"  {first}\n+ d(1);\n{dots}?{last}\n",
        )

    def _of_nest(self) -> str:
        declared = "identifier f;\n" + self._meta()
        inside = self._one("a(E)", "b(E)", "b(E, ...)", "x = E", "E->m")
        sign = self._random.choice((("<...", "...>"), ("<+...", "...+>")))
        rest = self._one("", "  return x;\n", "  c();\n  ...\n")
        new = "d(E)"
        body = self._one(f"- {inside}\n+ {new}\n", f"- {inside};\n+ {new};\n", f"- {inside};\n")
        return f"{self._head(declared)}f(...)\n{{\n{sign[0]}\n{body}{sign[1]}\n{rest}}}\n"

    def _of_branches(self) -> str:
        declared = "statement S;\n" + self._meta()
        head = self._one("if (E)", "if (E == NULL)", "if (!E)", "while (E)", "if (E != NULL)")
        return self._head(declared) + self._one(
            f"- {head} S\n",
            f"- {head}\n  S\n",
            f"  {head} {{\n+ d(E);\n  ...\n  }}\n",
            f"  {head}\n- S\n+ d(E);\n",
            f"- {head}\n+ if (d(E))\n  S\n",
            f"  {head} S\n+ d(E);\n",
            f"+ d(E);\n  {head} S\n",
            f"  {head} {{\n  ...\n- a(...);\n  ...\n  }}\n",
        )

    def _of_types(self) -> str:
        return self._one(
            "@@\ntype T;\nidentifier v;\n@@\n- T v;\n+ T v = 0;\n",
            "@@\ntype T;\nT E;\n@@\n- a(E)\n+ d(E, sizeof(T))\n",
            "@@\nstruct s *E;\n@@\n- E->m\n+ get(E)\n",
            "@@\nstruct s E;\n@@\n- E.m\n+ get(&E)\n",
            "@@\ntype T;\nexpression E;\n@@\n- (T)E\n+ E\n",
            "@@\nidentifier v;\nexpression E;\n@@\n- int v = E;\n+ long v = E;\n",
            "@@\nidentifier f, p;\n@@\nf(struct s *p, ...) {\n<...\n- p->m\n+ p->k\n...>\n}\n",
            "@@\nidentifier f, v;\ntype T;\n@@\nf(...,\n- T v\n+ long v\n ) { ... }\n",
        )

    def _of_statement_arms(self) -> str:
        arms = (
            "- a(E);\n+ d(E);\n",
            "- b(E);\n",
            "  b(E, F);\n",
            "- x = E;\n+ x = d(E);\n",
            "  c();\n",
        )
        first, second = self._random.sample(arms, 2)
        tail = self._one("", "  ...\n  return ...;\n", "  c();\n", "+ e();\n")
        lead = self._one("", "", "  a(...);\n", "  a(...);\n  ...\n")
        head = self._head("expression E, F;\n")
        return f"{head}{lead}(\n{first}|\n{second})\n{tail}"

    def _of_declarations(self) -> str:
        return self._one(
            "@@\nidentifier f;\n@@\nf(...) {\n+ int new;\n  ...\n}\n",
            "@@\nidentifier v;\n@@\n- int v = 0;\n+ int v;\n+ v = 0;\n",
            "@@\nidentifier v;\nexpression E;\n@@\n  char *v = NULL;\n  ...\n- v = E;\n+ v = d(E);\n",
            "@@\ntype T;\nidentifier v;\nexpression E;\n@@\n  T v = E;\n+ use(v);\n",
            "@@\nidentifier f, p;\ntype T;\n@@\nf(T *p, ...) {\n+ check(p);\n  ...\n}\n",
            "@@\nidentifier f;\n@@\n- f(\n+ f(long z,\n  ...) { ... }\n",
            "@@\nidentifier f;\nparameter list P;\n@@\nf(P\n+ , long z\n  ) { ... }\n",
            "@@\nidentifier s, m;\n@@\nstruct s {\n  ...\n- int m;\n+ long m;\n  ...\n};\n",
        )

    def _of_arguments(self) -> str:
        f = self._one("a", "b")
        return self._head("expression E;\nexpression list L;\n") + self._one(
            f"{f}(\n- E\n+ d(E)\n  , ...)\n",
            f"{f}(...,\n- E\n+ d(E)\n  )\n",
            f"{f}(E\n+ , 1\n  )\n",
            f"{f}(\n+ 1,\n  E, ...)\n",
            f"- {f}(L)\n+ d(L)\n",
            f"- {f}(E, L)\n+ d(L, E)\n",
            f"{f}(E\n- , NULL\n  )\n",
            f"- {f}\n+ d\n  (...)\n",
            f"  {f}(<+...\n- E->m\n+ get(E)\n  ...+>)\n",
        )

    def _of_many(self) -> str:
        return self._head("expression E;\nidentifier f;\n") + self._one(
            "f(...) {\n  ...\n  a(E);\n  ...\n++ d(E);\n  return ...;\n}\n",
            "f(...) {\n  <...\n  a(E);\n++ d(E);\n  ...>\n}\n",
            "  if (E) {\n  ...\n+ d(E);\n  return ...;\n  }\n",
            "- x = E;\n- y = E;\n+ x = y = E;\n",
            "  while (E) {\n  ...\n+ d();\n  }\n",
            "- for (i = 0; i < E; i++)\n+ each (i, E)\n  {\n  ...\n  }\n",
            "- if (E) return x;\n+ d(E);\n",
            "  if (E)\n- return x;\n+ return d(x);\n",
            "f(...) {\n  ... when != a(E)\n- b(E);\n  ...\n}\n",
        )

    def _of_two_rules(self) -> str:
        first = self._one("a(E);", "b(E);", "x = E;", "b(E, ...);")
        second = self._one("- b(E)\n+ d(E)\n", "- a(E);\n", "  c();\n+ d(E);\n", "- p->m\n+ E\n")
        depends = self._one("", "", "depends on r", "depends on !r")
        inherited = "" if depends == "depends on !r" else "r."
        return f"@r@\nexpression E;\n@@\n{first}\n\n@{depends}@\nexpression {inherited}E;\n@@\n{second}"


def run_both(case: Case, folder: Path) -> tuple[str | None, str | None, list[str]]:
    """Return the new text that spatch makes of a case, ours, and what we say of places that we leave;
    None for a case that is refused.
    """
    (folder / "r.cocci").write_text(case.rule)
    (folder / "in.c").write_text(case.code)
    for name in ("peer.c", "own.c"):
        (folder / name).unlink(missing_ok=True)
    words = ["--very-quiet", "--no-show-diff", "--sp-file", "r.cocci", "in.c", "-o"]
    with contextlib.suppress(subprocess.TimeoutExpired):
        done = _spatch(folder, *words, "peer.c")
        peer = _text(folder / "peer.c", case, done.returncode)
        status = ours([*words, "own.c"], io.BytesIO(), err := io.StringIO())
        said = [line for line in err.getvalue().splitlines() if not line.startswith("warning")]
        return peer, _text(folder / "own.c", case, status), said
    return None, None, []


def _spatch(folder: Path, *words: str) -> subprocess.CompletedProcess[bytes]:
    return subprocess.run(
        ["spatch", *words], capture_output=True, cwd=folder, timeout=LIMIT, check=False
    )


def _difference(case: Case, peer: str, own: str, said: list[str], folder: Path) -> Difference:
    """Return a difference with what spatch says of the code."""
    done = _spatch(folder, "--parse-c", "in.c")
    told = (done.stdout + done.stderr).decode(errors="replace")
    unread = frozenset(NOTE.sub("", line).strip() for line in _BAD.findall(told))
    return Difference(case.rule, case.code, peer, own, said, unread, "try again" in told)


def _text(path: Path, case: Case, failed: int) -> str | None:
    if path.exists():
        return path.read_text()
    return None if failed else case.code


def _seeds(first: int, cases: int, seconds: float) -> Iterator[int]:
    end = time.monotonic() + seconds
    for seed in range(first, first + cases):
        if time.monotonic() > end:
            return
        yield seed


def main() -> int:
    """Run; 1 if anything differs."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n")[0])
    parser.add_argument("--seed", type=int, default=1, metavar="N", help="seed to begin with")
    parser.add_argument("--cases", type=int, default=10**9, metavar="N", help="stop after N")
    parser.add_argument("--seconds", type=float, default=60, help="stop after (default: 60)")
    parser.add_argument("--show", type=int, metavar="SEED", help="print the case of a seed")
    given = parser.parse_args()
    if shutil.which("spatch") is None:
        sys.exit("spatch is not installed (Debian: coccinelle)")
    ran = skipped = 0
    known: Counter[str] = Counter()
    new: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.chdir(folder)
        if given.show is not None:
            case = Maker(given.show).case()
            peer, own, said = run_both(case, folder)
            print(f"{case.rule}\n--- C\n{case.code}\n--- spatch\n{peer}\n--- ours\n{own}", *said)
            return 0
        for seed in _seeds(given.seed, given.cases, given.seconds):
            case = Maker(seed).case()
            peer, own, said = run_both(case, folder)
            ran += 1
            if peer is None:
                skipped += 1
                continue
            if own is None:
                new[case.rule] += 1
                print(f"seed {seed}: we refuse", flush=True)
                continue
            if tokens(peer) == tokens(own):
                continue
            kind = kind_of(_difference(case, peer, own, said, folder))
            if kind is not None:
                known[kind] += 1
                continue
            new[case.rule] += 1
            print(f"seed {seed}: differs, {new[case.rule]} of this rule", flush=True)
    print(f"{ran} cases, {skipped} that spatch refuses, {new.total()} differ in {len(new)} rules")
    for kind, count in known.most_common():
        print(f"  and {count}, as known: {kind}")
    return 1 if new else 0


if __name__ == "__main__":
    sys.exit(main())
