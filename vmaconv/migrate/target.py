# SPDX-License-Identifier: GPL-2.0-only
"""The tree as it is after a migration's additions: helpers, flags, masks.

In: a tree, the generation that is wanted, the helpers to be added and the words that get a mask. Out:
`Target`: the generation, the flag table and the words whose masks the tree lacks. Nothing is written.
"""

from __future__ import annotations

import tempfile
from collections.abc import Collection, Sequence
from pathlib import Path

from msgspec import Struct

from vmaconv.cocci.text.tree_file import read_source
from vmaconv.flags.helpers.generation import HEADERS, Generation, detect
from vmaconv.flags.helpers.helper_patch import FileEdits
from vmaconv.flags.table.added_masks import with_masks
from vmaconv.flags.table.flag_definitions import Definitions, read_definitions
from vmaconv.flags.table.flag_table import FlagTable


class Target(Struct, frozen=True):
    """The tree as the edits may take it to be; `words` are those that get a mask if an edit names it."""

    generation: Generation
    definitions: Definitions
    table: FlagTable
    words: tuple[str, ...] = ()


def read_target(root: Path, wanted: Generation, helpers: Sequence[FileEdits]) -> Target:
    """Return generation and flags as they are once helpers have been added."""
    if not helpers:
        definitions = read_definitions(root)
        return Target(wanted, definitions, FlagTable(root, definitions))
    with tempfile.TemporaryDirectory(prefix="vmaconv-") as folder:
        patched = Path(folder)
        edited = {file.path: file.after for file in helpers}
        for header in HEADERS:
            (patched / header).parent.mkdir(parents=True, exist_ok=True)
            text = edited.get(header)
            (patched / header).write_bytes(text or read_source(root, header))
        definitions = read_definitions(patched)
        return Target(detect(patched), definitions, FlagTable(root, definitions))


def masked_target(
    root: Path, target: Target, words: Sequence[str], makers: Collection[str]
) -> Target:
    """Return a target once masks for `words` have been added, as far as `makers` can put them together."""
    definitions, added = with_masks(root, target.definitions, words, makers)
    return Target(target.generation, definitions, FlagTable(root, definitions), added)


class Texts(dict[str, bytes]):
    """Files' original bytes; one that nobody parsed is read from the tree."""

    def __init__(self, known: dict[str, bytes], root: Path) -> None:
        super().__init__(known)
        self._root = root

    def __missing__(self, path: str) -> bytes:
        text = self[path] = read_source(self._root, path)
        return text
