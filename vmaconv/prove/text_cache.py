# SPDX-License-Identifier: GPL-2.0-only
"""Cache of what was read of a tree, shared by the proofs of several changes of it.

In: files of two texts. Out: the same files and what differs between them, each read once.
"""

from __future__ import annotations

from vmaconv.prove.comparing.changed_names import FileChanges, changes_of
from vmaconv.prove.headers.header_index import SourceFile, SourceFiles


class TextCache:
    """What was read of a tree's texts, and of how they differ: the same texts are read once."""

    def __init__(self, *, keeps: bool = True) -> None:
        """With `keeps`, what was parsed of a file is kept when its functions are judged."""
        self.keeps = keeps
        self.sources = SourceFiles()
        self._changes: dict[tuple[SourceFile | None, SourceFile | None], FileChanges] = {}

    def changes_of(self, old: SourceFile | None, new: SourceFile | None) -> FileChanges:
        """Return what differs between two texts of a file."""
        found = self._changes.get((old, new))
        if found is None:
            found = self._changes[old, new] = changes_of(old, new)
        return found
