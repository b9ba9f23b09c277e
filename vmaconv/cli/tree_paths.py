# SPDX-License-Identifier: GPL-2.0-only
"""Paths of the command line, relative to the tree."""

from __future__ import annotations

from pathlib import Path

from vmaconv.cli import exits


def relative(tree: Path, path: str) -> str:
    """Return PATH relative to the tree, whether it was given from there or from here."""
    given = Path(path)
    if not given.exists() and not (tree / given).exists():
        what = f"{path}: there is no such file or folder, neither in {tree} nor here"
        raise exits.Failure(exits.Report(exits.TREE, what, "name a path below the tree"))
    if not given.is_absolute() and (tree / given).exists():
        inside = (tree / given).resolve()
    else:
        inside = given.resolve()
    try:
        return inside.relative_to(tree.resolve()).as_posix()
    except ValueError:
        what = f"{path}: leads out of the tree {tree}"
        raise exits.Failure(exits.Report(exits.TREE, what, "name a path below the tree")) from None
