# SPDX-License-Identifier: GPL-2.0-only
"""Counting a member's uses in the text alone, as a check of the account.

In: C text (bytes), a member's name and others. Out: how often `->name`, `.name` or one of the others
stands outside comments and literals. Nothing here is shared with the parser: where the account
misses a place, the two counts differ.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator

from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.text.word_places import is_word_byte, places_of

# Atomic groups: what a comment or a string has taken is never tried again.
_PASSED_OVER = late_regex(
    rb"""/\*[^*]*+(?:\*(?!/)[^*]*+)*+(?:\*/|\Z)|//[^\\\n]*+(?:\\(?:\r?\n)?[^\\\n]*+)*+"""
    rb"""|"[^"\\\n]*+(?:\\.[^"\\\n]*+)*+"|'[^'\\\n]*+(?:\\.[^'\\\n]*+)*+'""",
    re.DOTALL,
)
_ACCESS = late_regex(rb"(?:->|\.)(?:\s|\\\r?\n)*")


def count_uses(text: bytes, member: bytes, names: Collection[bytes] = ()) -> int:
    """Count `->member` and `.member` in `text`, and how often one of `names` is a word of its own.

    >>> count_uses(b"d->vm_flags = v.vm_flags; /* ->vm_flags */", b"vm_flags")
    2
    >>> count_uses(b"f(x); /* f */ ff(); f; p->a;", b"a", [b"f"])
    3
    """
    held = [name for name in names if name in text]
    if member not in text and not held:
        return 0
    # What is passed over becomes a byte that is part of no name and no blank.
    code = _PASSED_OVER.sub(b'"', text)
    whole = sum(_count(name, code) for name in held)
    return whole + sum(1 for _ in members_in(code, member, _ACCESS))


def members_in(text: bytes, name: bytes, access: re.Pattern[bytes]) -> Iterator[int]:
    """Yield where a name stands behind `->` or `.`, with what `access` takes between them."""
    for at in _words(name, text):
        start = max(text.rfind(b".", 0, at), text.rfind(b"->", 0, at))
        if start >= 0 and access.fullmatch(text, start, at) is not None:
            yield at


def _words(name: bytes, code: bytes) -> Iterator[int]:
    """Yield where a name stands that is no part of a longer one to its right."""
    for at in places_of(name, code):
        if not is_word_byte(code[at + len(name) : at + len(name) + 1]):
            yield at


def _count(name: bytes, code: bytes) -> int:
    return sum(not is_word_byte(code[at - 1 : at]) for at in _words(name, code))
