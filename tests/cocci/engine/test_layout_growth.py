# SPDX-License-Identifier: GPL-2.0-only
"""Breaking a line takes work that grows with its length, not with the square or cube of it."""

from __future__ import annotations

import pytest
from compiled import COMPILED, grows_no_faster, processor_time

from vmaconv.cocci.rewrite.lines import layout

LINES = {
    "operands": lambda n: b"\treturn " + b" + ".join(b"a%d" % i for i in range(n)) + b";",
    "flags": lambda n: b"\tx |= " + b" | ".join([b"VM_SHARED"] * n) + b";",
    "arguments": lambda n: b"\tf(" + b", ".join([b"argument"] * n) + b");",
    "calls": lambda n: b"\treturn " + b"g(" * n + b"x" + b")" * n + b";",
    "ternaries": lambda n: b"\treturn " + b"a ? b : " * n + b"c;",
    "one comment": lambda n: b"\treturn " + b"a + " * n + b"b; /* " + b"c " * n + b"*/",
    "one string": lambda n: b'\tf("' + b"x" * n + b'", ' + b"a, " * n + b"b);",
}


def work(line: bytes, monkeypatch: pytest.MonkeyPatch) -> int:
    """Return how many bytes were measured while a line was broken; compiled, the time it took."""
    if COMPILED:
        return processor_time(lambda: layout.break_line(line))
    measured = 0
    real = layout.width

    def width(text: bytes, start: int = 0) -> int:
        nonlocal measured
        measured += len(text)
        return real(text, start)

    with monkeypatch.context() as patched:
        patched.setattr(layout, "width", width)
        layout.break_line(line)
    return measured


@pytest.mark.parametrize("kind", LINES)
def test_work_grows_with_length(kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def of_size(size: int) -> int:
        return work(LINES[kind](size), monkeypatch)

    assert grows_no_faster(of_size, 2000, 16000, 8 * (3 if COMPILED else 1.2))


@pytest.mark.parametrize("kind", ["operands", "flags", "arguments", "ternaries"])
def test_a_long_statement_is_broken_to_its_end(kind: str) -> None:
    line = LINES[kind](2000)
    pieces = layout.break_line(line)
    assert max(map(layout.width, pieces)) <= layout.COLUMNS
    assert b" ".join(piece.strip() for piece in pieces) == line.strip()


def test_nothing_is_broken_off_at_the_end() -> None:
    line = b"\tf(" + b'"' + b"x" * 90 + b'",'
    assert layout.break_line(line) == [line]


def test_nothing_is_broken_off_a_directive() -> None:
    call = b"\tf(" + b"a" * 40 + b', "#", ' + b"b" * 40 + b");"
    plain, directive = call + b"\n", call + b" #if 0\n"
    assert layout.wrap(plain, [(0, len(plain))])
    assert not layout.wrap(directive, [(0, len(directive))])


ROWS = {
    "open brackets": b"\tif (started_by_somebody_else_some_time_before_this && given(to_it,\n",
    "aligned below": b"\tif (f(started_by_somebody_else_some_time_before) && given(to, (it\n"
    + b"\t    it,\n" * 3,
    "comments": b"/*\n\t * " + b"words " * 16 + b"\n",
}


@pytest.mark.parametrize("kind", ROWS)
def test_lines_below_broken_ones_take_work_that_grows_with_their_number(kind: str) -> None:
    def of_size(size: int) -> int:
        text = ROWS[kind].replace(b"to_it", b"to_it_and_others_too") * size
        spans = [(at, at + 9) for at in range(0, len(text), len(text) // size)]
        return processor_time(lambda: layout.wrap(text, spans))

    assert grows_no_faster(of_size, 200, 1600, 8 * 3)
