# SPDX-License-Identifier: GPL-2.0-only
"""What is shown of lines: nothing hidden, nothing lost, words that changed."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vmaconv.cocci.diff.hunk import hunks
from vmaconv.cocci.text.trivia import begins_in_comment
from vmaconv.cocci.text.visible import decoded, pieces, plain
from vmaconv.review.look.block import blocks
from vmaconv.review.look.changed_words import changed_words
from vmaconv.review.look.syntax import Sort, spans

HIDDEN = re.compile(
    "[\x00-\x08\x0a-\x1f\x7f-\x9f\xad\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\ud800-\udfff]"
)


@given(st.binary(max_size=60))
def test_whatever_the_bytes_nothing_is_hidden(line: bytes) -> None:
    text = plain(line)
    assert not HIDDEN.search(text.replace("\t", ""))
    text.encode()


@given(st.text(st.characters(blacklist_categories=("Cs",)), max_size=40))
def test_pieces_cut_and_lose_nothing_that_can_be_seen(text: str) -> None:
    seen = "".join(piece for piece, odd in pieces(text) if not odd)
    kept = [c for c in text if c == "\t" or (c.isprintable() and c != "\xa0")]
    assert [c for c in seen if c in kept] == [c for c in kept if c in seen]
    assert set(seen) <= set(text)


@pytest.mark.parametrize(
    ("raw", "shown"),
    [
        (b"a\tb", "a\tb"),
        (b"x\r", "x^M"),
        (b"\x1b[31m", "^[[31m"),
        (b"\xe9", "<E9>"),
        ("é…→".encode(), "é…→"),
        ("\u202ex\u2066".encode(), "<U+202E>x<U+2066>"),
        ("\u200b\ufeff\xa0\xad".encode(), "<U+200B><U+FEFF><U+00A0><U+00AD>"),
        (b"\x7f\x00", "^?^@"),
        ("\U000e0041".encode(), "<U+E0041>"),
    ],
)
def test_names(raw: bytes, shown: str) -> None:
    assert plain(raw) == shown == plain(decoded(raw))


def sorts(line: str, inside: bool = False) -> list[tuple[str, str]]:
    return [(line[a:b], s.name.lower()) for a, b, s in spans(line, inside)[0]]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (
            '\tif (f(x, VM_READ)) return "/* no */"; // yes',
            [
                ("if", "keyword"),
                ("f", "call"),
                ("VM_READ", "constant"),
                ("return", "keyword"),
                ('"/* no */"', "string"),
                ("// yes", "comment"),
            ],
        ),
        (
            "static vm_flags_t a = 0x1f; /* b */ u8 c;",
            [
                ("static", "keyword"),
                ("vm_flags_t", "type"),
                ("0x1f", "number"),
                ("/* b */", "comment"),
                ("u8", "type"),
            ],
        ),
        ("#ifdef CONFIG_MMU", [("#ifdef", "directive"), ("CONFIG_MMU", "constant")]),
        (
            "# define F(x) 1 /* a",
            [("# define", "directive"), ("F", "call"), ("1", "number"), ("/* a", "comment")],
        ),
        ("'\\'' /*", [("'\\''", "string"), ("/*", "comment")]),
        ('"open', [('"open', "string")]),
    ],
)
def test_syntax(line: str, expected: list[tuple[str, str]]) -> None:
    assert sorts(line) == expected


def test_comments_go_over_lines() -> None:
    assert spans("a /* b", False)[1] is True
    assert spans("still", True) == ([(0, 5, Sort.COMMENT)], True)
    assert sorts("end */ return;", True) == [("end */", "comment"), ("return", "keyword")]
    assert spans("/*/", False)[1] is True
    assert spans("#define A /* b", False)[1] is True
    assert spans("/* a */ b // c /*", False)[1] is False


@pytest.mark.parametrize(
    ("text", "inside"),
    [
        (b"/* a\n", True),
        (b"/* a */\n", False),
        (b'char *s = "/*";\n', False),
        (b"// /*\n", False),
        (b"", False),
        (b"/* a */ /* b\n", True),
    ],
)
def test_where_a_comment_is_open(text: bytes, inside: bool) -> None:
    assert begins_in_comment(text, len(text)) is inside


@given(st.text("ab(){}/*\"'\\# 0_X\t", max_size=40), st.booleans())
def test_spans_lie_in_order_and_in_the_line(line: str, inside: bool) -> None:
    at = 0
    for start, end, _ in spans(line, inside)[0]:
        assert at <= start < end <= len(line) or start == end == len(line) == 0
        at = end


def marked(lines: list[str], stretches: list[list[tuple[int, int]]]) -> list[list[str]]:
    return [[ln[a:b] for a, b in found] for ln, found in zip(lines, stretches, strict=True)]


@pytest.mark.parametrize(
    ("old", "new", "gone", "came"),
    [
        (
            ["\tif (!(desc->vm_flags & VM_EXEC))"],
            ["\tif (!vma_desc_test_flags(desc, VMA_EXEC_BIT))"],
            [["->vm_flags & VM_EXEC"]],
            [["vma_desc_test_flags", ", VMA_EXEC_BIT"]],
        ),
        (
            ["\tif (desc->vm_flags & VM_SHARED)"],
            ["\tif (vma_desc_test_flags(desc, VMA_SHARED_BIT))"],
            [["->vm_flags & VM_SHARED"]],
            [["vma_desc_test_flags(", ", VMA_SHARED_BIT)"]],
        ),
        (["a = b;"], ["a = c;"], [["b"]], [["c"]]),
        # Nothing in common: no word is marked, as all of them would be.
        (["return x;"], ["goto out"], [[]], [[]]),
        (["same"], ["same", "more"], [[]], [[], ["more"]]),
    ],
)
def test_changed_words(
    old: list[str], new: list[str], gone: list[list[str]], came: list[list[str]]
) -> None:
    one, other = changed_words(old, new)
    assert (marked(old, one), marked(new, other)) == (gone, came)


LINES = st.lists(st.text("ab_(->);& \t", max_size=12), max_size=4)


@given(LINES, LINES)
def test_what_is_not_marked_is_the_same_on_both_sides(old: list[str], new: list[str]) -> None:
    one, other = changed_words(old, new)
    if not any(one) and not any(other):
        return

    def unmarked(lines: list[str], stretches: list[list[tuple[int, int]]]) -> str:
        kept = ""
        for line, found in zip(lines, stretches, strict=True):
            hidden = {n for a, b in found for n in range(a, b)}
            kept += "".join(c for n, c in enumerate(line) if n not in hidden)
        return "".join(kept.split())

    assert unmarked(old, one) == unmarked(new, other)


@settings(deadline=None)
@given(st.binary(max_size=80), st.binary(max_size=80))
def test_blocks_hold_every_line_of_the_hunk(before: bytes, after: bytes) -> None:
    for hunk in hunks(before, after):
        made = blocks(hunk, before)
        old = [line for block in made for line in block.old]
        new = [line for block in made for line in block.new]
        assert [line.number for line in old] == list(
            range(hunk.old_start, hunk.old_start + len(old))
        ) or not old
        assert len(old) == hunk.old_count and len(new) == hunk.new_count
        texts = [plain(n.text.removesuffix(b"\n")) for n in hunk.lines if n.old_number]
        assert [line.text for line in old] == texts
