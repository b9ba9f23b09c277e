# SPDX-License-Identifier: GPL-2.0-only
"""The constants of an enum that stand for another number than before.

In: the tokens of an enum on both sides. Out: names. Numbers are compared as far as the text says them:
each by the last one that is given, and how far it stands behind it.
"""

from __future__ import annotations

from collections.abc import Sequence


def renumbered(before: Sequence[bytes], after: Sequence[bytes]) -> frozenset[str]:
    """Return the constants of both texts whose numbers are not known to be the same.

    >>> sorted(renumbered(b"enum { A , B = 4 , C }".split(), b"enum { B = 4 , C , A }".split()))
    ['A']
    """
    old, new = _numbers(before), _numbers(after)
    return frozenset(name for name, number in new.items() if old.get(name, number) != number)


def _numbers(tokens: Sequence[bytes]) -> dict[str, tuple[bytes, int]]:
    """Return each constant with the text of the last number that is given, and its distance to it."""
    found: dict[str, tuple[bytes, int]] = {}
    start = tokens.index(b"{") + 1 if b"{" in tokens else len(tokens)
    given, distance, depth = b"0", 0, 0
    one: list[bytes] = []
    for token in (*tokens[start:], b","):
        if token in (b",", b"}") and depth == 0:
            if one[1:2] == [b"="]:
                given, distance = b" ".join(one[2:]), 0
            if one:
                found[one[0].decode(errors="replace")] = (given, distance)
                distance += 1
            one = []
            continue
        depth += (token == b"(") - (token == b")")
        one.append(token)
    return found
