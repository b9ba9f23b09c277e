# SPDX-License-Identifier: GPL-2.0-only
"""The shim's promises for any input: it never raises, and keeps lengths and line ends."""

import pytest
from compiled import grows_no_faster, processor_time
from hypothesis import given, settings
from hypothesis import strategies as st

from vmaconv.cocci.shim.mask import prepare
from vmaconv.cocci.text.c_lexer import lex

# Pieces that look like C, so that the passes get at something.
PIECES = [
    *b"( ) { } [ ] ; , : ? = * & . -> ... + - % == && # ## \\ ' \" @ $".split(),
    *b"a b f x 0 1k 0x1f 'c' \"s\" L'\\'' int char unsigned struct union enum static const".split(),
    *b"extern typedef auto typeof sizeof offsetof __alignof__ __attribute__ asm volatile".split(),
    *b"if while switch for else do return goto break continue case default".split(),
    *b"__init __user __printf list_for_each DEFINE_PER_CPU SYSCALL_DEFINE2 EXPORT_SYMBOL".split(),
    *b"struct_group TRAILING_OVERLAP DECLARE_BITMAP DECLARE_FLEX_ARRAY MACHINE_START".split(),
    b"MACHINE_END",
    b"/* c */",
    b"/*",
    b"*/",
    b"// c",
    b"\n#if A\n",
    b"\n#ifdef A\n",
    b"\n#if 0\n",
    b"\n#elif B\n",
    b"\n#else\n",
    b"\n#endif\n",
    b"\n#define X(a) \\\n\tb\n",
    b"\n#error no\n",
    b"\r\n",
    b"\n",
    b"\n\t",
    b"\x00",
    b"\xe9",
]
SOUP = st.lists(
    st.tuples(st.sampled_from(PIECES), st.sampled_from([b" ", b" ", b"", b"\t", b"\n"])),
    max_size=80,
).map(lambda pieces: b"".join(piece + gap for piece, gap in pieces))


def check(text: bytes) -> None:
    prepared = prepare(text)
    assert prepared.original == text
    assert prepared.masked
    for masked in prepared.masked:
        assert len(masked) == len(text)
        assert [i for i, c in enumerate(masked) if c in b"\r\n"] == [
            i for i, c in enumerate(text) if c in b"\r\n"
        ]
    for start, mark in prepared.marks.items():
        assert start == mark.start
        assert 0 <= mark.start <= mark.end <= len(text)
    for low, high in prepared.variant_ranges:
        assert 0 <= low < high <= len(text)
    outside = bytearray(len(text))
    for low, high in prepared.variant_ranges:
        outside[low:high] = b"\1" * (high - low)
    assert len(prepared.masked) == 1 or any(outside)


@settings(max_examples=300, deadline=None)
@given(st.binary(max_size=200))
def test_any_bytes(text: bytes) -> None:
    check(text)


@settings(max_examples=500, deadline=None)
@given(SOUP)
def test_any_soup_of_c(text: bytes) -> None:
    check(text)


@settings(max_examples=200, deadline=None)
@given(SOUP)
def test_comments_and_strings_are_untouched(text: bytes) -> None:
    lexed = lex(text)
    prepared = prepare(text)
    kept = [i for i, c in enumerate(lexed.clean) if c == 0x0B and text[i] != 0x0B]
    hidden = bytearray(len(text))
    for mark in prepared.marks.values():
        if mark.role in ("dead_arm", "attribute", "type_argument"):
            hidden[mark.start : mark.end] = b"\1" * (mark.end - mark.start)
    for low, high in prepared.variant_ranges:
        hidden[low:high] = b"\1" * (high - low)
    for place in kept:
        if not hidden[place]:
            assert prepared.masked[0][place] == text[place]


@settings(max_examples=200, deadline=None)
@given(SOUP, st.integers(min_value=0))
def test_cut_off_files(text: bytes, cut: int) -> None:
    check(text[: cut % (len(text) + 1)])


HOSTILE = [
    b"(",
    b"{",
    b"/*",
    b'"',
    b"\\'",
    b"\n#",
    b"\n#if x\n",
    b"#if 0\n",
    b"a ",
    b"__a ",
    b"static ",
    b"a*",
    b"f(a;",
    b"f(int ",
    b"f(x)\n",
    b"do ",
    b"(,",
    b"f((a);",
    b"asm(",
    b"case ",
    b'"a"b(',
    b"#define a(",
    b"enum{a(",
]


@pytest.mark.parametrize("unit", HOSTILE)
def test_time_grows_no_faster_than_the_text(unit: bytes) -> None:
    def microseconds(size: int) -> int:
        text = unit * (size // len(unit))
        return processor_time(lambda: prepare(text))

    # Quadratic time would be 64 times as much for 8 times the text.
    assert grows_no_faster(microseconds, 20_000, 160_000, 24)
