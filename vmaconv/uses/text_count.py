# SPDX-License-Identifier: GPL-2.0-only
"""Counting a member's uses in the text alone, as a check of the account.

In: C text (bytes) and a member's name. Out: how often `->name` or `.name` stands outside comments
and literals. Nothing here is shared with the parser: where the account misses a place, the two
counts differ.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache

_PASSED_OVER = rb"""
    /\*.*?(?:\*/|\Z)
  | //(?:\\\r?\n|[^\n])*
  | "(?:\\.|[^"\\\n])*"
  | '(?:\\.|[^'\\\n])*'
"""


def count_members(text: bytes, name: bytes) -> int:
    """Count `->name` and `.name` in `text`.

    >>> count_members(b"d->vm_flags = v.vm_flags; /* ->vm_flags */", b"vm_flags")
    2
    """
    return sum(match.lastindex is not None for match in _pattern(name).finditer(text))


def count_names(text: bytes, names: Collection[bytes]) -> int:
    """Count how often one of `names` stands in `text` as a word of its own.

    >>> count_names(b"f(x); /* f */ ff(); f;", [b"f"])
    2
    """
    if not names:
        return 0
    return sum(match.lastindex is not None for match in _words(tuple(names)).finditer(text))


@cache
def _words(names: tuple[bytes, ...]) -> re.Pattern[bytes]:
    word = rb"(?<!\w)(" + b"|".join(re.escape(name) for name in sorted(names)) + rb")(?!\w)"
    return re.compile(_PASSED_OVER + rb"|" + word, re.DOTALL | re.VERBOSE)


@cache
def _pattern(name: bytes) -> re.Pattern[bytes]:
    member = rb"(?:->|\.)(?:\s|\\\r?\n)*(" + re.escape(name) + rb")(?!\w)"
    return re.compile(_PASSED_OVER + rb"|" + member, re.DOTALL | re.VERBOSE)
