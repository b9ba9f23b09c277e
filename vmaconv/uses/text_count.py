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
    if name not in text:
        return 0
    return _counted(_pattern(name), text)


def _counted(pattern: re.Pattern[bytes], text: bytes) -> int:
    """Count what a pattern finds besides comments and literals.

    Its ways begin with one byte each, and there are no groups: then the search is fast.
    """
    return sum(text[match.start()] not in b"/\"'" for match in pattern.finditer(text))


def count_names(text: bytes, names: Collection[bytes]) -> int:
    """Count how often one of `names` stands in `text` as a word of its own.

    >>> count_names(b"f(x); /* f */ ff(); f;", [b"f"])
    2
    """
    if not any(name in text for name in names):
        return 0
    return _counted(_words(tuple(names)), text)


@cache
def _words(names: tuple[bytes, ...]) -> re.Pattern[bytes]:
    escaped = [re.escape(name) for name in sorted(names)]
    word = b"|".join(name + rb"(?<!\w" + name + rb")(?!\w)" for name in escaped)
    return re.compile(_PASSED_OVER + rb"|" + word, re.DOTALL | re.VERBOSE)


@cache
def _pattern(name: bytes) -> re.Pattern[bytes]:
    behind = rb"(?:\s|\\\r?\n)*" + re.escape(name) + rb"(?!\w)"
    either = rb"->" + behind + rb"|\." + behind
    return re.compile(_PASSED_OVER + rb"|" + either, re.DOTALL | re.VERBOSE)
