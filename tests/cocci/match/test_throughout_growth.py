# SPDX-License-Identifier: GPL-2.0-only
"""What holds from a point on is worked out once for the points that it leads to, not once for each."""

from __future__ import annotations

import pytest
from compiled import COMPILED, grows_no_faster, processor_time

from vmaconv.cocci.engine.program import compile_file
from vmaconv.cocci.engine.run import Runner
from vmaconv.cocci.match.attempt.state import MatchOptions
from vmaconv.cocci.match.ctl import checker
from vmaconv.cocci.match.graph.flow_style import FlowStyle
from vmaconv.cocci.smpl.parse import parse_text
from vmaconv.cocci.smpl.shipped_isomorphisms import standard_isomorphisms
from vmaconv.cocci.tree.unit import Unit

RULE = "@@\nexpression E;\n@@\n- lock(E);\n...\n- unlock(E);\n"


def jumps(count: int) -> bytes:
    """Return a function with so many labels, each with a jump to another."""
    lines = (b"l%d:\n\tif (a) goto l%d;\n" % (i, i * 7 % count) for i in range(count))
    return b"int f(int a)\n{\n\tlock(a);\n" + b"".join(lines) + b"\tunlock(a);\n}\n"


def work(count: int, monkeypatch: pytest.MonkeyPatch) -> int:
    """Return how many answers were asked for while a rule was matched; compiled, the time it took."""
    program = compile_file(parse_text(RULE, "r.cocci"), standard_isomorphisms(), frozenset())

    def run() -> None:
        unit = Unit("a.c", jumps(count), program.names)
        options = MatchOptions(tidy=False, macros=True, flow=FlowStyle(torn=True))
        result = Runner(program, unit, [], options).run()
        assert b"lock" not in result.text

    if COMPILED:
        return processor_time(run)
    asked = 0
    real = checker.Checker.at

    def at(self: checker.Checker, *words: object) -> object:
        nonlocal asked
        asked += 1
        return real(self, *words)  # type: ignore[arg-type]

    with monkeypatch.context() as patched:
        patched.setattr(checker.Checker, "at", at)
        run()
    return asked


def test_work_grows_with_the_jumps(monkeypatch: pytest.MonkeyPatch) -> None:
    def of_size(size: int) -> int:
        return work(size, monkeypatch)

    assert grows_no_faster(of_size, 100, 400, 4 * (2.5 if COMPILED else 1.3))
