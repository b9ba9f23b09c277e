# SPDX-License-Identifier: GPL-2.0-only
"""Texts that do not parse as a whole: an edit brings no further syntax error, wherever it stands."""

from __future__ import annotations

from vmaconv.cocci.engine.program import compile_file
from vmaconv.cocci.engine.run import Runner
from vmaconv.cocci.match.attempt.state import MatchOptions
from vmaconv.cocci.smpl.parse import parse_text
from vmaconv.cocci.smpl.shipped_isomorphisms import standard_isomorphisms
from vmaconv.cocci.tree.unit import Unit

RULE = "@@\nexpression a, i;\n@@\n- a[i]\n+ *slot(a, i)\n"
TORN = b"eturn *a[i] + 3;\n}\n\ta[0] = a[i + 1];\n\treturn *a[i] + 3;\n}\n"


def errors(text: bytes) -> int:
    return sum(len(chunk.errors) for chunk in Unit("a.c", text).chunks)


def test_an_item_is_checked_with_the_one_before_it() -> None:
    program = compile_file(parse_text(RULE, "a.cocci"), standard_isomorphisms())
    result = Runner(program, Unit("a.c", TORN), (), MatchOptions()).run()
    assert errors(result.text) <= errors(TORN)
    assert result.refusals
