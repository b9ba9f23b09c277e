# SPDX-License-Identifier: GPL-2.0-only
"""What a search leaves behind goes by itself: nothing of it waits for the garbage collector."""

from __future__ import annotations

import gc
from collections import Counter

import pytest

from vmaconv.cocci.engine.program import Program, compile_file
from vmaconv.cocci.engine.run import Runner
from vmaconv.cocci.match.attempt.state import MatchOptions
from vmaconv.cocci.smpl.parse import parse_text
from vmaconv.cocci.smpl.shipped_isomorphisms import standard_isomorphisms
from vmaconv.cocci.tree.unit import Unit

C = b"""\
static int first(struct box *b, int n, int m)
{
	if (!b)
		return -1;
	b->count = n + m;
	if (b->count > 3) {
		put(b, n);
		return 0;
	}
	fill(b, n, m);
	put(b, n);
	return b->count;
}
"""

RULES = {
    "expressions": "@@ expression E, F; @@\n- put(E, F)\n+ drop(E, F)\n",
    "rows and disjunctions": (
        "@@ expression E, F; @@\n(\n- put(E, F);\n+ drop(E);\n|\n- fill(E, ..., F);\n+ all(E);\n)\n"
    ),
    "paths": (
        "@@ identifier b; expression E; @@\n- b->count = E;\n+ set(b, E);\n  ... when != b = E\n"
        "  put(b, ...);\n  ... when any\n  return ...;\n"
    ),
    "functions": (
        "@@ identifier f; parameter list P; statement S; @@\n  int f(P) {\n  <...\n"
        "- if (!b) S\n  ...>\n  }\n"
    ),
    "inherited": (
        "@r@ expression E; position p; @@\nput@p(E, ...)\n"
        "@@ expression r.E; @@\n- fill(E, ...)\n+ f(E)\n"
    ),
}
# A tree's nodes know their parents; these, and the bytes and chunks of a file, go all at once.
TREE = {
    "Node",
    "Chunk",
    "Unit",
    "tuple",
    "list",
    "dict",
    "Prepared",
    "frozenset",
    "MacroNames",
    "ParsedText",
}


@pytest.mark.parametrize("name", RULES)
def test_a_search_leaves_no_circles(name: str) -> None:
    program = compile_file(parse_text(RULES[name], "a.cocci"), standard_isomorphisms())
    assert run(program), "the rule has to match"
    gc.collect()
    gc.set_debug(gc.DEBUG_SAVEALL)
    try:
        run(program)
        gc.collect()
        left = Counter(type(one).__name__ for one in gc.garbage)
    finally:
        gc.set_debug(0)
        gc.garbage.clear()
    assert left.keys() - TREE == set(), left


def run(program: Program) -> bool:
    result = Runner(program, Unit("a.c", C), [], MatchOptions()).run()
    return result.text != C
