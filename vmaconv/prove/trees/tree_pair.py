# SPDX-License-Identifier: GPL-2.0-only
"""Which two texts of a tree are compared, and which of its C files differ.

In: a folder, and revisions or nothing. Out: `TreePair`.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from msgspec import Struct

from vmaconv.prove.trees.prove_error import ProveError
from vmaconv.prove.trees.tree_text import Folder, Replaced, Revision, TreeText, run_git


class TreePair(Struct, frozen=True):
    """Two texts of a tree; `changed` has the paths of the C files that differ, before and after.

    A path is empty where the file is new or gone; they differ where it was moved. `base` names the
    text before.
    """

    before: TreeText
    after: TreeText
    changed: tuple[tuple[str, str], ...]
    base: str


def between(root: Path, revisions: str = "") -> TreePair:
    """Return the two texts that `REV`, `REV..REV` or nothing (HEAD and the work tree) name.

    Raises `ProveError` for what is no git tree, and for a revision that does not exist.
    """
    _check_git(root)
    old, dots, new = revisions.partition("..")
    if dots and (new.startswith(".") or not new or not old):
        raise ProveError(revisions, "is no pair of revisions", "write REV..REV")
    before = _commit(root, old or "HEAD")
    if new:
        after_commit = _commit(root, new)
        changed = _differences(root, before, after_commit)
        return TreePair(Revision(root, before), Revision(root, after_commit), changed, before)
    changed = (*_differences(root, before), *_untracked(root))
    return TreePair(Revision(root, before), Folder(root), changed, before)


def replaced(root: Path, texts: Mapping[str, bytes | None], base: str = "") -> TreePair:
    """Return a folder as it is, and with some of its files replaced; see `Replaced`."""
    before = Folder(root)
    changed = tuple(
        (path if before.read(path) is not None else "", path if text is not None else "")
        for path, text in sorted(texts.items())
        if path.endswith((".c", ".h"))
    )
    return TreePair(before, Replaced(before, texts), changed, base or str(root))


def _check_git(root: Path) -> None:
    if not root.is_dir():
        raise ProveError(str(root), "there is no such folder", "name a kernel tree")
    try:
        run_git(root, "rev-parse", "--git-dir")
    except ProveError:
        raise ProveError(
            str(root),
            "is no git tree, so there is no text before",
            "give the change with --patch FILE",
        ) from None


def _commit(root: Path, name: str) -> str:
    try:
        if name.startswith("-"):
            raise ProveError(name, "")
        out = run_git(root, "rev-parse", "--verify", "--quiet", f"{name}^{{commit}}")
    except ProveError:
        remedy = "commit something first" if name == "HEAD" else "git log shows those that do"
        raise ProveError(name, "there is no such revision", remedy) from None
    return out.decode().strip()


def _differences(root: Path, *commits: str) -> tuple[tuple[str, str], ...]:
    out = run_git(
        root, "diff", "--no-ext-diff", "--no-textconv", "--relative", "--name-status", "-z", "-M",
        *commits, "--", "*.c", "*.h",
    )  # fmt: skip
    words = [os.fsdecode(word) for word in out.split(b"\0")]
    found: list[tuple[str, str]] = []
    at = 0
    while at + 1 < len(words):
        kind, path = words[at], words[at + 1]
        at += 2
        if kind[:1] in ("R", "C"):
            found.append((path, words[at]))
            at += 1
        else:
            found.append(("" if kind == "A" else path, "" if kind == "D" else path))
    return tuple(found)


def _untracked(root: Path) -> tuple[tuple[str, str], ...]:
    out = run_git(root, "ls-files", "-o", "-z", "--exclude-standard", "--", "*.c", "*.h")
    return tuple(("", os.fsdecode(name)) for name in out.split(b"\0") if name)
