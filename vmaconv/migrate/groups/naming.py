# SPDX-License-Identifier: GPL-2.0-only
"""Several functions in a patch's subject: all by their names, or by what their names share.

In: names. Out: a text such as `hugetlb_*() and shmem_*()`; never "and 4 more", which says nothing.
"""

from __future__ import annotations

from collections.abc import Sequence

ROOM = 52
"""Columns for the functions of a summary line, which has 75 with its prefix."""

_FAMILIES = 3
"""Most families of names that a subject names."""


def all_of(names: Sequence[str], room: int = ROOM) -> str:
    """Name functions for a summary line; an empty text where nothing short says them all.

    >>> all_of(["f", "g"]), all_of(["shmem_file_setup", "shmem_get_inode"], 30)
    ('f() and g()', 'shmem_*()')
    """
    text = joined([f"{name}()" for name in names])
    if len(text) <= room:
        return text
    families = [f"{_pattern(members)}()" for members in _families(names)]
    text = joined(sorted(families))
    return text if len(families) <= _FAMILIES and len(text) <= room else ""


def joined(texts: Sequence[str]) -> str:
    """Join texts as a sentence does.

    >>> joined(["a", "b", "c"])
    'a, b and c'
    """
    return " and ".join(part for part in (", ".join(texts[:-1]), *texts[-1:]) if part)


def _families(names: Sequence[str]) -> list[list[str]]:
    """Sort names by their first word; leading underscores do not count."""
    found: dict[str, list[str]] = {}
    for name in names:
        first = name.strip("_").partition("_")[0]
        found.setdefault(first, []).append(name.lstrip("_"))
    return list(found.values())


def _pattern(names: Sequence[str]) -> str:
    """Return what whole words the names of a family begin and end with, and a star between."""
    if len(set(names)) == 1:
        return names[0]
    words = [name.split("_") for name in names]
    head = _shared(words)
    rest = [word[len(head) :] for word in words]
    tail = _shared([word[::-1] for word in rest if word])[::-1] if all(rest) else []
    return "_".join([*head, "*", *tail])


def _shared(lists: Sequence[Sequence[str]]) -> list[str]:
    shared: list[str] = []
    for words in zip(*lists, strict=False):
        if len(set(words)) > 1:
            break
        shared.append(words[0])
    return shared
