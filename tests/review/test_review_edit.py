# SPDX-License-Identifier: GPL-2.0-only
"""A hunk goes through an editor and comes back as it was, or as it was edited."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vmaconv.cocci.diff.hunk import Hunk, apply_hunks, hunks, split_hunk
from vmaconv.review.material.hunk_editor import BadEdit, editable, parse_edited

LINES = st.lists(
    st.sampled_from([b"a\n", b"b\n", b"\n", b"\r\n", b"# x\n", b"\\ y\n", b"@@\n", b"\xff\t\n"]),
    max_size=12,
)
TEXTS = st.tuples(LINES, st.sampled_from([b"", b"end", b"end\r"])).map(
    lambda parts: b"".join(parts[0]) + parts[1]
)


@settings(deadline=None)
@given(TEXTS, TEXTS)
def test_unedited_it_comes_back_as_it_was(before: bytes, after: bytes) -> None:
    for hunk in hunks(before, after):
        for part in split_hunk(hunk):
            assert parse_edited(editable(part, "title"), part) == part


@settings(deadline=None)
@given(TEXTS, TEXTS, TEXTS)
def test_what_is_put_in_is_what_the_file_gets(before: bytes, after: bytes, mine: bytes) -> None:
    found = hunks(before, after)
    if len(found) != 1 or not mine.endswith(b"\n") or not before.endswith(b"\n"):
        return
    (hunk,) = found
    kept = b"".join(b"-" + line.text for line in hunk.lines if line.old_number is not None)
    added = b"".join(b"+" + line + b"\n" for line in mine.split(b"\n")[:-1])
    edited = parse_edited(hunk.header() + kept + added, hunk)
    assert edited is not None
    lines = before.split(b"\n")[:-1]
    at = hunk.old_start - 1 if hunk.old_count else hunk.old_start
    wanted = lines[:at] + mine.split(b"\n")[:-1] + lines[at + hunk.old_count :]
    assert apply_hunks(before, [edited]) == b"".join(line + b"\n" for line in wanted)


def hunk_of(before: bytes, after: bytes) -> Hunk:
    (found,) = hunks(before, after)
    return found


@pytest.mark.parametrize(
    ("text", "why"),
    [
        (b" b\n-x\n+y\n c\n", 'line 1 of the file is "a", found "b"'),
        (b"-x\n+y\n b\n", 'line 1 of the file is "a", found "x"'),
        (b" a\n-x\n+y\n", 'line 3 of the file is "b", found the end'),
        (b" a\n-x\n b\n c\n", 'a line that the file does not have there: "c"'),
        (b" a\n-x\n+y\nb\n", "a line begins with neither"),
    ],
)
def test_what_does_not_fit_is_said_with_its_line(text: bytes, why: str) -> None:
    hunk = hunk_of(b"a\nx\nb\n", b"a\ny\nb\n")
    with pytest.raises(BadEdit, match=why.replace("(", "\\(")):
        parse_edited(text, hunk)


def test_a_blank_that_an_editor_took_is_forgiven() -> None:
    hunk = hunk_of(b"\nx\n\n", b"\ny\n\n")
    assert parse_edited(b"\n-x\n+y\n\n", hunk) == hunk


def test_a_missing_final_newline_stays_missing_and_may_be_given() -> None:
    hunk = hunk_of(b"x", b"y")
    text = editable(hunk, "t")
    assert text.count(b"\\ No newline") == 2
    edited = parse_edited(text.replace(b"+y\n\\ No newline at end of file\n", b"+y\n"), hunk)
    assert edited is not None
    assert apply_hunks(b"x", [edited]) == b"y\n"


@pytest.mark.parametrize("text", [b"", b"# all is comment\n", b"@@ -1 +1 @@\n"])
def test_nothing_left_is_giving_up(text: bytes) -> None:
    assert parse_edited(text, hunk_of(b"x\n", b"y\n")) is None
