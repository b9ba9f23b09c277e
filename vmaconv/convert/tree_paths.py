# SPDX-License-Identifier: GPL-2.0-only
"""Paths that a person names, relative to the tree."""

from __future__ import annotations

from pathlib import Path

from vmaconv.cocci.text.tree_error import SourceError

_REMEDY = "name a path below the tree"


def relative(tree: Path, path: str) -> str:
    """Return PATH relative to the tree, whether it was given from there or from here.

    Raises `SourceError` where there is none, or where it leads out of the tree.
    """
    given = Path(path)
    if not given.exists() and not (tree / given).exists():
        what = f"there is no such file or folder, neither in {tree} nor here"
        raise SourceError("no-path", path, what, _REMEDY)
    if not given.is_absolute() and (tree / given).exists():
        inside = (tree / given).resolve()
    else:
        inside = given.resolve()
    try:
        return inside.relative_to(tree.resolve()).as_posix()
    except ValueError:
        raise SourceError("outside", path, f"leads out of the tree {tree}", _REMEDY) from None
