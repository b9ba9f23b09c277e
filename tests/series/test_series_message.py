# SPDX-License-Identifier: GPL-2.0-only
"""What a commit message may hold, and how it is set."""

from __future__ import annotations

import pytest

from vmaconv.series.series_error import BadMessage
from vmaconv.series.words.message import Trailer, make_message, order_trailers, parse_trailer, wrap


@pytest.mark.parametrize("subject", ["", "  ", "[mm] foo", "Re: foo"])
def test_subjects_that_git_am_would_change(subject: str) -> None:
    with pytest.raises(BadMessage):
        make_message(subject)


@pytest.mark.parametrize(
    "body",
    [
        "a\n---\nb",
        "a\n--- a/x\n",
        "diff --git a/x b/x",
        "x\nIndex: x",
        "From: me",
        "subject: x",
        "[PATCH] x",
        "a\0",
    ],
)
def test_bodies_that_git_am_would_cut(body: str) -> None:
    with pytest.raises(BadMessage):
        make_message("mm: x", body)


@pytest.mark.parametrize("body", ["a\n    ---\n", "a\n-- b", "a: b\n", "x\nFrom: y", "a\n---x"])
def test_bodies_that_git_am_keeps(body: str) -> None:
    assert make_message("mm: x", body).body == body.strip("\n")


def test_trailers_stand_in_the_kernels_order() -> None:
    lines = [
        "Link: https://x",
        "Cc: a@b",
        "Acked-by: A <a@b>",
        "Reviewed-by: A <a@b>",
        "Signed-off-by: One <a@b>",
        "Co-developed-by: Two <c@d>",
        "Signed-off-by: Two <c@d>",
        "Tested-by: A <a@b>",
        "Suggested-by: S <s@t>",
        'Fixes: 012345678901 ("x")',
        "Reported-by: R <r@t>",
        "Signed-off-by: One <a@b>",
    ]
    ordered = [str(one) for one in order_trailers(parse_trailer(line) for line in lines)]
    assert [line.split(":")[0] for line in ordered] == [
        "Fixes",
        "Reported-by",
        "Suggested-by",
        "Signed-off-by",
        "Co-developed-by",
        "Signed-off-by",
        "Tested-by",
        "Reviewed-by",
        "Acked-by",
        "Cc",
        "Link",
    ]
    assert ordered[3].endswith("One <a@b>") and ordered[5].endswith("Two <c@d>")


@pytest.mark.parametrize("line", ["", "Acked by: x", "Acked-by:", "Acked-by"])
def test_what_is_no_trailer(line: str) -> None:
    with pytest.raises(BadMessage):
        parse_trailer(line)


def test_wrap_keeps_lists_and_code() -> None:
    text = (
        "one two three four five six seven\n\n"
        "- a point that is longer than the line\n- next\n\n"
        "    code stays as it is, however long it may be\n"
    )
    assert wrap(text, 20) == (
        "one two three four\nfive six seven\n\n"
        "- a point that is\n  longer than the\n  line\n- next\n\n"
        "    code stays as it is, however long it may be"
    )


def test_text_is_tidied() -> None:
    message = make_message("  mm:  a   b ", "x  \r\n\r\n\r\n\r\ny\n\n", [Trailer("Cc", "a@b")])
    assert message.text() == "mm: a b\n\nx\n\ny\n\nCc: a@b\n"
