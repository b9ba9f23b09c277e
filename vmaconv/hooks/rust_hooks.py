# SPDX-License-Identifier: GPL-2.0-only
"""Hooks that Rust sets, which no rule for C can change.

In: a tree. Out: the lines of its Rust files that set the `mmap` member of a `file_operations`.
"""

from __future__ import annotations

import re
from pathlib import Path

from vmaconv.cocci.text.census import Census
from vmaconv.cocci.text.files import Search
from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.text.tree_file import read_file
from vmaconv.flags.headers.header_lines import HeaderPlace

_SET = late_regex(rb"^\s*(?:\w+\.)?mmap\s*(?::|=)\s*(?!None)(?:if|Some|maybe)\b", re.MULTILINE)
_FOPS = late_regex(rb"(?:file_operations|\bfops)\b")


SUFFIXES = (".rs",)


def seek_rust(root: Path, census: Census | None = None) -> Search:
    """Begin to look for Rust files that name a hook.

    A `census` of the tree that has Rust files, too, saves a walk over it.
    """
    return Search(root, ["mmap"], suffixes=SUFFIXES, whole=True, census=census)


def rust_hooks(root: Path, search: Search) -> list[HeaderPlace]:
    """Return the places of Rust files that set a `file_operations`' hook, by a `search` for them."""
    found: list[HeaderPlace] = []
    for path in search.result():
        try:
            text = read_file(root, path)
        except OSError:
            continue
        for match in _SET.finditer(text):
            if _FOPS.search(text, max(match.start() - 2000, 0), match.end()):
                start = match.start() + len(match[0]) - len(match[0].lstrip())
                found.append(HeaderPlace(path, text.count(b"\n", 0, start) + 1))
    return found
