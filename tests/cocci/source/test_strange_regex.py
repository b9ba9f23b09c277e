# SPDX-License-Identifier: GPL-2.0-only
"""Patterns of strangers: what Python's engine finds, in bounded time."""

from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from vmaconv.cocci.text import strange_regex
from vmaconv.cocci.text.strange_regex import SlowPattern, StrangeRegex

EXPLODING = (
    rb"^(x+x+)+y$",
    rb"(x*x*)*y",
    rb"(x|x)*y",
    rb"(x|xx)+y",
    rb"(\w+\w+)+\$",
    rb"(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)(.*)y",
    rb"^((x?){30})+(x{30})+y",
    rb"(((((x*)*)*)*)*)*y",
)


@pytest.mark.parametrize("pattern", EXPLODING)
def test_the_time_is_linear_whatever_the_pattern(pattern: bytes) -> None:
    before = time.process_time()
    assert not StrangeRegex(pattern).found(b"x" * 5000)
    assert StrangeRegex(pattern.replace(b"\\$", b"y")).found(b"x" * 5000 + b"y")
    assert time.process_time() - before < 2


@pytest.mark.parametrize("pattern", [rb"^(?:(x|xx)+)(?<!q)$", rb"^(x|xx|x)+\1{9}z$"])
def test_what_re2_lacks_has_a_limit(pattern: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(strange_regex, "SEARCH_LIMIT", 0.1)
    slow = StrangeRegex(pattern)
    assert not slow.found(b"")
    before = time.process_time()
    for _ in range(100):
        with pytest.raises(SlowPattern):
            slow.found(b"x" * 60 + b"!")
    assert time.process_time() - before < 5


@pytest.mark.parametrize(
    ("pattern", "text", "found"),
    [
        (rb"^foo_(?!bar)", b"foo_baz", True),
        (rb"^foo_(?!bar)", b"foo_bar", False),
        (rb"(a)\1", b"aa", True),
        (rb"a++b", b"aaab", True),
        (rb"a{2000}", b"a" * 2000, True),
        (rb"a\Z", b"a", True),
        (rb"a\\Z", b"a\\Z", True),
        (rb"(?i)Foo", b"fOO", True),
        (rb"\xe9", b"\xe9", True),
        (rb"[\x80-\xff]", "é".encode(), True),
        (rb"\bx\b", b"a x b", True),
    ],
)
def test_what_python_finds_is_found(pattern: bytes, text: bytes, found: bool) -> None:
    assert StrangeRegex(pattern).found(text) is found is (re.search(pattern, text) is not None)


@pytest.mark.parametrize("pattern", [b"(", b"[", b"*", b"(?P<x", b"a{2,1}"])
def test_what_is_no_pattern_is_an_error(pattern: bytes) -> None:
    with pytest.raises(ValueError, match="."):
        StrangeRegex(pattern)


def test_lines() -> None:
    assert StrangeRegex(b"^b$", lines=True).found(b"a\nb\nc")
    assert not StrangeRegex(b"^b$").found(b"a\nb\nc")


PIECES = st.sampled_from(
    [b"a", b"b", b"_", b"0", b".", b"^", b"$", b"|", b"(", b")", b"*", b"+", b"?", b"[ab]", b"[^a]"]
    + [b"\\w", b"\\d", b"\\s", b"\\b", b"{2}", b"{1,3}", b"(?:", b"(?i)", b"\\.", b"-"]
)


@settings(max_examples=400, deadline=None, derandomize=True, database=None)
@given(st.lists(PIECES, max_size=8).map(b"".join), st.text("ab_0. -", max_size=12))
def test_both_engines_agree(pattern: bytes, text: str) -> None:
    try:
        peer = re.compile(pattern)
    except re.error:
        return
    found = peer.search(text.encode()) is not None
    try:
        assert StrangeRegex(pattern).found(text.encode()) is found
    except ValueError:
        raise AssertionError(f"{pattern!r} is refused") from None
