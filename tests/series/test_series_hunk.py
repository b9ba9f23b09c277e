# SPDX-License-Identifier: GPL-2.0-only
"""Hunks: positions, choices, splits."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vmaconv.cocci.diff.hunk import LineKind, apply_hunks, hunks, split_hunk
from vmaconv.cocci.diff.output_error import HunkMismatch

LINES = [b"line %d\n" % n for n in range(1, 31)]
BEFORE = b"".join(LINES)


def edited(*numbers: int) -> bytes:
    return b"".join(b"new\n" if n in numbers else line for n, line in enumerate(LINES, 1))


def test_positions_are_those_of_both_files() -> None:
    first, second = hunks(BEFORE, edited(5).replace(b"line 20\n", b"") + b"end\n")[:2]
    assert (first.old_start, first.old_count, first.new_start, first.new_count) == (2, 7, 2, 7)
    gone = [line for line in second.lines if line.kind is LineKind.GONE]
    assert [(line.text, line.old_number, line.new_number) for line in gone] == [
        (b"line 20\n", 20, None)
    ]
    last = second.lines[-1]
    assert (last.text, last.old_number, last.new_number) == (b"line 23\n", 23, 22)


def test_every_choice_of_hunks_applies() -> None:
    found = hunks(BEFORE, edited(3, 15, 28))
    assert len(found) == 3
    for choice in itertools.product([False, True], repeat=3):
        chosen = [hunk for hunk, take in zip(found, choice, strict=True) if take]
        wanted = edited(*(n for n, take in zip((3, 15, 28), choice, strict=True) if take))
        assert apply_hunks(BEFORE, chosen) == wanted


def test_a_split_hunk_gives_each_change_its_context() -> None:
    (whole,) = hunks(BEFORE, edited(10, 13, 16))
    parts = split_hunk(whole)
    assert [(p.old_start, p.old_count) for p in parts] == [(7, 6), (11, 5), (14, 6)]
    assert apply_hunks(BEFORE, parts[1:2]) == edited(13)
    assert apply_hunks(BEFORE, [parts[0], parts[2]]) == edited(10, 16)
    assert apply_hunks(BEFORE, parts) == edited(10, 13, 16)


def test_a_hunk_with_one_change_does_not_split() -> None:
    (whole,) = hunks(BEFORE, edited(10, 11))
    assert split_hunk(whole) == (whole,)


def test_additions_only() -> None:
    after = BEFORE.replace(b"line 7\n", b"line 7\nx\ny\n")
    (hunk,) = hunks(BEFORE, after)
    assert (hunk.gone, hunk.came) == (0, 2)
    assert apply_hunks(BEFORE, [hunk]) == after


def test_another_file_is_refused() -> None:
    (hunk,) = hunks(BEFORE, edited(10))
    with pytest.raises(HunkMismatch) as caught:
        apply_hunks(BEFORE.replace(b"line 9\n", b"other\n"), [hunk])
    assert caught.value.place == "line 9"


def test_hunks_over_one_another_are_refused() -> None:
    (one,) = hunks(BEFORE, edited(10))
    (two,) = hunks(BEFORE, BEFORE.replace(b"line 10\n", b"two\n"))
    with pytest.raises(HunkMismatch):
        apply_hunks(BEFORE, [one, two])


def test_a_hunk_past_the_end_is_refused() -> None:
    (hunk,) = hunks(BEFORE, edited(30))
    with pytest.raises(HunkMismatch):
        apply_hunks(b"".join(LINES[:29]), [hunk])


TEXT = st.lists(st.sampled_from([b"a\n", b"b\n", b"\tb\n", b"\n", b"}\n"]), max_size=40).map(
    b"".join
)
TAIL = st.sampled_from([b"", b"end"])


@settings(deadline=None)
@given(before=TEXT, after=TEXT, before_tail=TAIL, after_tail=TAIL, context=st.integers(0, 4))
def test_all_hunks_make_the_whole_change(
    before: bytes, after: bytes, before_tail: bytes, after_tail: bytes, context: int
) -> None:
    before, after = before + before_tail, after + after_tail
    found = hunks(before, after, "a.c", context)
    assert apply_hunks(before, found) == after
    parts = [part for hunk in found for part in split_hunk(hunk)]
    assert apply_hunks(before, parts) == after
    assert apply_hunks(before, []) == before
