# SPDX-License-Identifier: GPL-2.0-only
"""Searching the tree for whole words, many at a time.

In: the sources and names. Out: nothing, the sources know then which files mention each name; or the
documents that do. A name
that is part of longer ones (`_SET`) does not bring their files in, as a plain search would.
"""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from vmaconv.cocci.text.files import Search
from vmaconv.cocci.text.tree_file import read_file
from vmaconv.migrate.facts.sources import Sources


def documents_with(root: Path, names: Iterable[bytes]) -> dict[str, bytes]:
    """Return the files below Documentation/ that hold one of `names` as a word, with their texts."""
    wanted = sorted(set(names))
    if not wanted or not (root / "Documentation").is_dir():
        return {}
    words = [name.decode(errors="replace") for name in wanted]
    found = Search(root, words, ["Documentation"], suffixes=(".rst", ".txt"), whole=True).result()
    texts: dict[str, bytes] = {}
    for path in found:
        try:
            texts[path] = read_file(root, path)
        except OSError:
            continue
    return texts


def fetch_words(sources: Sources, names: Iterable[bytes]) -> None:
    """Search the tree for names as words, all in one go."""
    wanted = sorted(set(names))
    if wanted:
        words = [name.decode(errors="replace") for name in wanted]
        sources.missing.difference_update(wanted)
        sources.learn(wanted, sources.search(words, whole=True).result())
