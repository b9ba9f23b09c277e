# SPDX-License-Identifier: GPL-2.0-only
"""Twice the input takes twice the work, give or take a logarithm: lines of Python are counted."""

from __future__ import annotations

import sys
from pathlib import Path
from types import FrameType

import pytest
from compiled import counted
from growing_inputs import CALL, KINDS, Kind, function

from vmaconv.cocci.engine.program import compile_file
from vmaconv.cocci.engine.run import Runner
from vmaconv.cocci.engine.stretches import UnitItems
from vmaconv.cocci.match.attempt.state import MatchOptions
from vmaconv.cocci.match.graph.flow_style import FlowStyle
from vmaconv.cocci.smpl.parse import parse_text
from vmaconv.cocci.smpl.rule import SmplError
from vmaconv.cocci.smpl.shipped_isomorphisms import standard_isomorphisms
from vmaconv.cocci.text.clock import Limit
from vmaconv.cocci.tree.unit import Unit

OURS = str(Path(__file__).parents[1] / "vmaconv")
SIZE = 40
MOST = 2.35
"""By how much more work the second doubling may add than the first: 2 is linear, 4 is quadratic."""


def run(kind: Kind, size: int) -> bytes:
    """Run the kind's rule over its file and return what became of that."""
    rules = parse_text(kind.rule(size), "r.cocci")
    program = compile_file(rules, standard_isomorphisms(), frozenset())
    unit = Unit("a.c", kind.code(size).encode(), program.names)
    ours = kind.style == "kernel"
    options = (
        MatchOptions() if ours else MatchOptions(tidy=False, macros=True, flow=FlowStyle(torn=True))
    )
    return Runner(program, unit, [], options).run().text


def work(kind: Kind, size: int) -> int:
    """Return how many lines of our code a run takes."""
    lines = 0

    def count(_: FrameType, event: str, __: object) -> object:
        nonlocal lines
        lines += event == "line"
        return count

    def enter(frame: FrameType, _: str, __: object) -> object:
        return count if frame.f_code.co_filename.startswith(OURS) else None

    before, shallow = sys.gettrace(), sys.getrecursionlimit()
    sys.setrecursionlimit(20_000)
    sys.settrace(enter)  # type: ignore[arg-type]
    try:
        run(kind, size)
    finally:
        sys.settrace(before)
        sys.setrecursionlimit(shallow)
    return lines


COUNTED = [kind for kind in KINDS if kind.style != "flags" and not kind.bounded]


@counted
@pytest.mark.parametrize("kind", COUNTED, ids=lambda kind: kind.name)
def test_work_grows_with_the_input(kind: Kind) -> None:
    # What is made at its first use, a regex or an isomorphism, is made.
    run(kind, SIZE)
    once, twice, four = (work(kind, n * SIZE) for n in (1, 2, 4))
    assert four - twice < MOST * (twice - once) + 2000, (once, twice, four)


@pytest.mark.parametrize("depth", [16, 70])
def test_spellings_that_multiply_are_an_error_with_its_place(depth: int) -> None:
    rules = parse_text(
        f"@@\nexpression E;\n@@\n- {'(' * depth}g(E){')' * depth}\n+ h(E)\n", "r.cocci"
    )
    with pytest.raises(SmplError) as raised:
        compile_file(rules, standard_isomorphisms(), frozenset())
    assert (raised.value.code, raised.value.place.line) == ("too-many-spellings", 1)


def test_six_hundred_matches_behind_one_are_all_found() -> None:
    (kind,) = (kind for kind in KINDS if kind.name == "dots, exists")
    assert run(kind, 600).count(b"\th(a);") == 600


@pytest.mark.parametrize(("most", "said"), [(5, 1), (500, 0)])
def test_ways_that_are_not_looked_at_are_said(most: int, said: int) -> None:
    rule = "@@\nexpression E, F;\n@@\n* a(E);\n... when != b(F)\n    when any\n* b(F);\n"
    body = "".join(f"\ta(x{i});\n" for i in range(9)) + "".join(f"\tb(y{i});\n" for i in range(9))
    program = compile_file(parse_text(rule, "r.cocci"), standard_isomorphisms(), frozenset())
    unit = Unit("a.c", function(body).encode(), program.names)
    items = UnitItems(unit)
    for index in (index for chunk in unit.chunks for index in items.of_chunk(chunk)):
        index.ways.most = most
    refusals = Runner(program, unit, [], MatchOptions(), items=items).run().refusals
    assert [(r.line, r.function) for r in refusals] == [(1, "f")] * said
    assert all(f"more than {most} ways" in r.reason for r in refusals)


LONG = 200_000
RUNS = {
    "a string": 'g("%s");' % ("x" * LONG),
    "a name": "g(%s);" % ("x" * LONG),
    "a number": "g(%s);" % ("1" * LONG),
    "blanks": "g(a);%s" % (" " * LONG),
    "blanks before": "%sg(a);" % (" " * LONG),
    "lines": "g(a);%s" % ("\n" * LONG),
    "continued lines": "g(a);%s" % ("\\\n" * LONG),
    "backslashes": 'g("%s");' % ("\\\\" * LONG),
    "slashes": "g(a); //%s\n" % ("/" * LONG),
    "stars in a comment": "g(a); /*%s*/" % ("*" * LONG),
    "a comment that does not end": "g(a); /*%s" % ("x " * LONG),
    "a string that does not end": 'g(a); "%s' % ("x " * LONG),
    "hashes": "g(a);\n#define A %s\n" % ("## " * LONG),
}


@pytest.mark.parametrize("name", RUNS)
def test_no_search_goes_back_over_a_long_run(name: str) -> None:
    """Searches count no lines: one that begins anew in each byte takes hours here, not seconds."""
    kind = Kind("", lambda _: CALL, lambda _: f"int f(int a)\n{{\n\t{RUNS[name]}\n}}\n")
    ours = Kind("", kind.rule, kind.code, style="kernel")
    with Limit(60, of_processor=True):
        run(kind, 1)
        run(ours, 1)
