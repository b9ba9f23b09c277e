# SPDX-License-Identifier: GPL-2.0-only
"""Replacing a file of the tree that is still what it was when it was read."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from vmaconv.cocci.text.tree_file import check_file_in, replace_file_in
from vmaconv.series.series_error import TreeChanged


def replace_file(tree: Path, path: str, before: bytes, after: bytes) -> None:
    """Replace the bytes of a tree's file, which must still be `before`, whole or not at all.

    Raises `TreeChanged` if the file has changed since it was read, OSError if it cannot be
    written, or is no regular file within the tree.
    """
    if not replace_file_in(tree, path, before, after):
        raise _changed(path)


def check_files(tree: Path, texts: Mapping[str, tuple[bytes, bytes]]) -> None:
    """Make sure that files may be replaced, before the first one is; `texts` are before and after.

    Raises what `replace_file` would raise.
    """
    for path, (before, _) in texts.items():
        if not check_file_in(tree, path, before):
            raise _changed(path)


def _changed(path: str) -> TreeChanged:
    return TreeChanged("changed since it was read", place=path, remedy="run again")
