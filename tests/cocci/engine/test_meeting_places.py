# SPDX-License-Identifier: GPL-2.0-only
"""A rule whose places others only keep out of is looked for where those others can match."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from script_runs import printed

from vmaconv.cocci.engine.program import CodeStep, compile_file
from vmaconv.cocci.smpl.parse import parse_text

RULE = """\
    @gone@
    expression E;
    position p;
    @@
    drop@p(E)

    @shown@
    expression gone.E;
    position p;
    @@
    show(E@p)

    @used@
    expression gone.E;
    position gone.p, q != shown.p;
    @@
    drop@p(E)
    ...
    E@q
    """

REPORT = """\

    @script:python@
    q << used.q;
    @@
    print(q[0].line)
    """

CODE = """\
    void f(int *a)
    {
        drop(a);
        show(a);
        use(a);
    }

    void g(int *a)
    {
        show(a);
    }
    """


def meeting(later: str) -> dict[str, tuple[tuple[str, str], ...]]:
    """Return the positions where the rules of a file are looked for."""
    text = textwrap.dedent(RULE) + textwrap.dedent(later)
    steps = compile_file(parse_text(text, "r.cocci"), []).steps
    return {s.rule.name: s.meeting for s in steps if isinstance(s, CodeStep)}


@pytest.mark.parametrize(
    ("later", "positions"),
    [
        (REPORT, (("gone", "p"),)),
        # Who asks for the place itself asks for all of them.
        ("\n@script:python@\np << shown.p;\n@@\nprint(p[0].line)\n", ()),
        ("\n@also depends on shown@\n@@\n* other()\n", ()),
        ("\n@script:python@\nq << used.q;\n@@\ncocci.has_env_binding('shown', 'p')\n", ()),
        # One of two keeps out of it wherever it matches.
        ("\n@also@\nexpression gone.E;\nposition q != shown.p;\n@@\n* E@q\n", ()),
    ],
)
def test_where_a_rule_is_looked_for(later: str, positions: tuple[tuple[str, str], ...]) -> None:
    found = meeting(later)
    assert found["shown"] == positions
    assert found["gone"] == found["used"] == ()


def test_places_to_keep_out_of_are_found_where_they_matter(tmp_path: Path) -> None:
    assert printed(tmp_path, RULE + REPORT, CODE) == ["5"]


SHOWN = """
    @shown@
    expression E;
    position p;
    @@
    show(E@p)
    """

GONE, _, USED = (f"\n{part}\n" for part in RULE.split("\n\n"))

CHANGED = """
    @changed@
    @@
    - show(a)
    + see(a)
    """

ASKED = """
    @asked@
    expression gone.E;
    position gone.p, q != shown.p;
    @@
    * drop@p(E@q)
    """

PRINTED = """
    @script:python@
    p << gone.p;
    @@
    print(p[0].line)
    """


def order(*rules: str) -> list[str]:
    """Return the rules of a file in the order in which they run."""
    text = "".join(map(textwrap.dedent, rules))
    steps = compile_file(parse_text(text, "r.cocci"), []).steps
    return [step.rule.name if isinstance(step, CodeStep) else "script" for step in steps]


def test_places_to_keep_out_of_wait_for_the_rule_that_says_where() -> None:
    assert order(SHOWN, GONE, USED, REPORT) == ["gone", "shown", "used", "script"]


def test_places_wait_no_longer_than_they_may() -> None:
    # A script may drop what was found, who wants the places wants them now, and what is changed may be
    # what is to be kept out of.
    assert order(SHOWN, GONE, PRINTED, USED) == ["gone", "shown", "script", "used"]
    assert order(SHOWN, GONE, ASKED, USED) == ["gone", "shown", "asked", "used"]
    assert order(SHOWN, CHANGED, GONE, USED) == ["shown", "changed", "gone", "used"]


def test_places_found_late_are_those_found_early(tmp_path: Path) -> None:
    assert printed(tmp_path, SHOWN + GONE + USED + REPORT, CODE) == ["5"]
