# SPDX-License-Identifier: GPL-2.0-only
"""Searching the tree for whole words, many at a time.

In: the sources and names. Out: nothing; the sources know then which files mention each name. A name
that is part of longer ones (`_SET`) does not bring their files in, as a plain search would.
"""

from __future__ import annotations

from collections.abc import Iterable

from vmaconv.migrate.facts.sources import Sources


def fetch_words(sources: Sources, names: Iterable[bytes]) -> None:
    """Search the tree for names as words, all in one go."""
    wanted = sorted(set(names))
    if wanted:
        words = [name.decode(errors="replace") for name in wanted]
        sources.missing.difference_update(wanted)
        sources.learn(wanted, sources.search(words, whole=True).result())
