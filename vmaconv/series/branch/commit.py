# SPDX-License-Identifier: GPL-2.0-only
"""Commits made beside the work tree: its files, its index and HEAD stay as they are.

In: a repository, a base, patches.  Out: commit ids.  Only objects are written; refs are `branch`'s.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from msgspec import Struct

from vmaconv.series.change import FileChange
from vmaconv.series.git.own_store import own_store
from vmaconv.series.git.repository import Repository, run_git
from vmaconv.series.mail.address import Sender
from vmaconv.series.series_error import TreeChanged
from vmaconv.series.words.message import Message


class Workshop(Struct, frozen=True):
    """An index of its own in a temporary folder, and the variables that make git use it."""

    repository: Repository
    folder: Path
    extra: Mapping[str, str]

    def git(self, *arguments: str, feed: bytes = b"", more: Mapping[str, str] | None = None) -> str:
        """Run git on the index of this workshop; gives its words without the last line feed."""
        env = dict(self.extra) | dict(more or {})
        out = run_git(self.repository, *arguments, feed=feed, extra=env, at_top=True)
        return os.fsdecode(out).rstrip("\n")


@contextmanager
def workshop(repository: Repository, base: str, *, keep_objects: bool = True) -> Iterator[Workshop]:
    """Open a workshop whose index is the tree of `base`, or empty where that is empty.

    Without `keep_objects` what is made goes away with it and never enters the repository.
    """
    with own_store(repository, keep_objects=keep_objects) as extra:
        folder = Path(extra["GIT_INDEX_FILE"]).parent
        made = Workshop(repository, folder, extra)
        if base:
            made.git("read-tree", base)
        yield made


def fill_index(shop: Workshop, base: str, paths: Sequence[str], author: Sender) -> str:
    """Have the index hold some of a base's files and no others; give a commit of just these.

    Paths are from the repository's top.
    """
    shop.git("read-tree", "--empty")
    listed = shop.git("ls-tree", "-r", "-z", "--full-tree", base, "--", *paths)
    shop.git("update-index", "-z", "--index-info", feed=os.fsencode(listed))
    return commit_index(shop, "", "base\n", author)


def check_base(shop: Workshop, base: str, changes: Sequence[FileChange]) -> None:
    """Make sure that the base has the files as they were before the changes.

    Raises `TreeChanged` naming the first that it has not: the tree holds uncommitted work, which
    must not slip into a commit.
    """
    ids = _hash(shop, [change.before for change in changes], write=False)
    for change, wanted in zip(changes, ids, strict=True):
        entry = shop.git("ls-tree", "-z", base, "--", _full(shop, change.path))
        found = entry.split("\t")[0].split(" ")[-1] if entry else ""
        if found != wanted:
            raise TreeChanged(
                f"{change.path} differs from what {base[:12]} holds",
                remedy="commit or stash your work on it first",
                place=change.path,
            )


def commit_changes(
    shop: Workshop, parent: str, message: Message, changes: Sequence[FileChange], author: Sender
) -> str:
    """Commit changes on top of a parent whose tree the index holds; give the commit's id."""
    ids = _hash(shop, [change.after for change in changes], write=True)
    rows = [
        f"{change.mode:06o} {name}\t{_full(shop, change.path)}"
        for change, name in zip(changes, ids, strict=True)
    ]
    shop.git("update-index", "-z", "--index-info", feed=os.fsencode("\0".join([*rows, ""])))
    return commit_index(shop, parent, message.text(), author)


def commit_index(shop: Workshop, parent: str, text: str, author: Sender) -> str:
    """Commit the index as it stands, on a parent unless that is empty; give the commit's id."""
    tree = shop.git("write-tree")
    who = {
        "GIT_AUTHOR_NAME": author.address.name,
        "GIT_AUTHOR_EMAIL": author.address.email,
        "GIT_AUTHOR_DATE": f"@{author.when} {author.zone}",
    }
    return shop.git(
        "-c",
        "i18n.commitEncoding=UTF-8",
        "commit-tree",
        tree,
        *(["-p", parent] if parent else []),
        "-F",
        "-",
        feed=text.encode("utf-8", "surrogateescape"),
        more=who,
    )


def _hash(shop: Workshop, blobs: Sequence[bytes], *, write: bool) -> list[str]:
    """Have git name the blobs as they are, in one call."""
    if not blobs:
        return []
    with tempfile.TemporaryDirectory(dir=shop.folder) as name:
        paths = [Path(name, str(number)) for number in range(len(blobs))]
        for path, data in zip(paths, blobs, strict=True):
            path.write_bytes(data)
        feed = os.fsencode("".join(f"{path}\n" for path in paths))
        flags = ["-w"] if write else []
        out = shop.git("hash-object", *flags, "--no-filters", "--stdin-paths", feed=feed)
    return out.split("\n")


def _full(shop: Workshop, path: str) -> str:
    return shop.repository.prefix + path
