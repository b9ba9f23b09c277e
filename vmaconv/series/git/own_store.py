# SPDX-License-Identifier: GPL-2.0-only
"""Repositories of our own, which go away: nothing of a tree's says how git behaves there.

In: a repository over whose objects one stands, or nothing for one of its own.  Out: the variables
that have git use its objects and no configuration, hooks, attributes or index of it.  For what a
configuration can drive by names that nobody knows beforehand: filters, textconvs, diff and merge
drivers.
"""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from vmaconv.series.git.repository import (
    SHA1,
    GitPerson,
    Repository,
    identity,
    object_format,
    run_git,
)
from vmaconv.series.series_error import NoIdentity


@contextmanager
def own_store(repository: Repository, *, keep_objects: bool = True) -> Iterator[dict[str, str]]:
    """Open the store, whose index is empty; it goes away at the end.

    Objects that are made enter the repository, unless not `keep_objects`: then they go away, too.
    """
    with tempfile.TemporaryDirectory(prefix="vmaconv-") as name:
        folder = Path(name)
        shared = run_git(repository, "rev-parse", "--path-format=absolute", "--git-path", "objects")
        _lay_out(folder / "git", object_format(repository))
        variables = {
            "GIT_DIR": str(folder / "git"),
            "GIT_WORK_TREE": str(repository.top),
            "GIT_INDEX_FILE": str(folder / "index"),
        }
        objects = os.fsdecode(shared.removesuffix(b"\n"))
        if keep_objects:
            variables["GIT_OBJECT_DIRECTORY"] = objects
        else:
            # git takes one in quotes where it holds a colon or begins with a quote.
            quoted = objects.replace("\\", "\\\\").replace('"', '\\"')
            variables["GIT_ALTERNATE_OBJECT_DIRECTORIES"] = f'"{quoted}"'
        yield variables | _committer(repository)


@contextmanager
def apart_store(kind: str = SHA1) -> Iterator[dict[str, str]]:
    """Open a store that has no objects yet, its work tree an empty folder; it goes away at the end.

    Neither a tree's settings nor the person's change what git prints there. `kind` is how objects
    are named. Headings of hunks are found as the kernel's .gitattributes has it.
    """
    with tempfile.TemporaryDirectory(prefix="vmaconv-") as name:
        git, work = Path(name, "git"), Path(name, "work")
        _lay_out(git, kind)
        work.mkdir()
        (git / "info").mkdir()
        (git / "info" / "attributes").write_text("*.[ch] diff=cpp\n")
        yield {
            "GIT_DIR": str(git),
            "GIT_WORK_TREE": str(work),
            "GIT_INDEX_FILE": str(git / "index"),
            "GIT_CONFIG_GLOBAL": os.devnull,
            "GIT_CONFIG_NOSYSTEM": "1",
        }


def _committer(repository: Repository) -> dict[str, str]:
    """Return who commits: the person's name may stand in the tree's configuration only."""
    try:
        me = identity(repository.tree, GitPerson.COMMITTER)
    except NoIdentity:
        return {}
    return {"GIT_COMMITTER_NAME": me.name, "GIT_COMMITTER_EMAIL": me.email}


def _lay_out(folder: Path, kind: str) -> None:
    """Write what makes a folder a repository."""
    for part in ("objects", "refs"):
        (folder / part).mkdir(parents=True)
    (folder / "HEAD").write_text("ref: refs/heads/none\n")
    config = "[core]\n\trepositoryFormatVersion = 1\n[extensions]\n\tobjectFormat = "
    (folder / "config").write_text(f"{config}{kind}\n")
