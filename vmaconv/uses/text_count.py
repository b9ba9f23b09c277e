# SPDX-License-Identifier: GPL-2.0-only
"""Counting a member's uses in the text alone, as a check of the account.

In: C text (bytes), a member's name and others. Out: how often `->name`, `.name` or one of the others
stands outside comments and literals. Nothing here is shared with the parser: where the account
misses a place, the two counts differ.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from functools import cache

_PASSED_OVER = rb"""
    /\*[^*]*+(?:\*(?!/)[^*]*+)*+(?:\*/|\Z)
  | //[^\n\\]*+(?:\\(?:\r?\n)?+[^\n\\]*+)*+
  | "[^"\\\n]*+(?:\\.[^"\\\n]*+)*+"
  | '[^'\\\n]*+(?:\\.[^'\\\n]*+)*+'
"""


def count_uses(text: bytes, member: bytes, names: Collection[bytes] = ()) -> int:
    """Count `->member` and `.member` in `text`, and how often one of `names` is a word of its own.

    >>> count_uses(b"d->vm_flags = v.vm_flags; /* ->vm_flags */", b"vm_flags")
    2
    >>> count_uses(b"f(x); /* f */ ff(); f; p->a;", b"a", [b"f"])
    3
    """
    if member not in text and not any(name in text for name in names):
        return 0
    pattern = _pattern(member, tuple(sorted(names)))
    # Its ways begin with one byte each, and there are no groups: then the search is fast.
    return sum(found[0] not in b"/\"'" for found in pattern.findall(text))


@cache
def _pattern(member: bytes, names: tuple[bytes, ...]) -> re.Pattern[bytes]:
    behind = rb"(?:\s|\\\r?\n)*" + re.escape(member) + rb"(?!\w)"
    ways = [rb"->" + behind, rb"\." + behind]
    ways += [name + rb"(?<!\w" + name + rb")(?!\w)" for name in map(re.escape, names)]
    return re.compile(_PASSED_OVER + rb"|" + rb"|".join(ways), re.DOTALL | re.VERBOSE)
