# SPDX-License-Identifier: GPL-2.0-only
"""Words that a pattern cannot do without, and that code lacks.

In: a pattern made ready, and a top-level item. Out: the words, as a person reads them.
"""

from __future__ import annotations

from vmaconv.cocci.match.item_index import Index
from vmaconv.cocci.match.prefilter.required import may_match
from vmaconv.cocci.match.search import ReadyPattern


def lacking_words(pattern: ReadyPattern, text: bytes, index: Index) -> str:
    """Return which word an item lacks that the pattern cannot do without, or nothing."""
    for clause in sorted(pattern.clauses, key=sorted):
        if not may_match(frozenset({clause}), text, index.item.start, index.item.end):
            return either(clause)
    return ""


def either(clause: frozenset[bytes]) -> str:
    """Return the words of which one is needed, as text."""
    words = sorted(word.decode() for word in clause)
    listed = " or ".join(f"`{word}`" for word in words[:5])
    return listed + (" or others" if len(words) > 5 else "")
