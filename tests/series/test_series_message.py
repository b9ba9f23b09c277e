# SPDX-License-Identifier: GPL-2.0-only
"""What a commit message may hold, and how it is set."""

from __future__ import annotations

import pytest

from vmaconv.series.assemble import SeriesOptions
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


def test_what_hides_in_words_is_shown_by_name() -> None:
    made = make_message("mm: a\x1b[31m b", "why \u202e\n\tso", [parse_trailer("Link: a\x9bb")])
    assert made.text() == "mm: a^[[31m b\n\nwhy <U+202E>\n\tso\n\nLink: a<U+009B>b\n"


@pytest.mark.parametrize("prefix", ["", " ", "a\nb", "a\rb", "a\x1b[m", "[PATCH]", "a\u2028b"])
def test_what_does_not_stay_in_the_brackets(prefix: str) -> None:
    with pytest.raises(BadMessage):
        SeriesOptions(subject_prefix=prefix)


@pytest.mark.parametrize("name", ["<a@b>\nX: y", "a", "<a b@c>", "a@b\r", "<<a@b>", "a@b@c"])
def test_what_is_no_mails_name(name: str) -> None:
    with pytest.raises(BadMessage):
        SeriesOptions(in_reply_to=name)


def test_mails_are_named_with_and_without_brackets() -> None:
    for name in ("<2026.1-x+y@host.example>", "2026.1-x+y@host.example"):
        assert SeriesOptions(in_reply_to=name).in_reply_to == name


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
