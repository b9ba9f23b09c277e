# SPDX-License-Identifier: GPL-2.0-only
"""What a tree's history says about files: the subjects of the commits that touched them.

In: a repository and paths.  Out: subjects by path, the newest first; nothing where git has none.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence

from vmaconv.cocci.text.git_command import finish_git, git_environment
from vmaconv.series.git.repository import Repository

#: Commits that are looked at for a file.
RECENT = 30
#: Most commits in all, so that one busy file cannot hide the others for ever.
_MOST = 2000
#: A path-limited log of the kernel's whole history can take minutes without a commit-graph.
_TIMEOUT = 10.0
_START = "\1"


def recent_subjects(
    repository: Repository, paths: Sequence[str], timeout: float = _TIMEOUT
) -> Mapping[str, tuple[str, ...]]:
    """Return the subjects of the latest commits of each path; what git finds within `timeout`.

    All paths are asked for in one walk.  A failing git gives nothing: the path's own name will do.
    """
    found: dict[str, list[str]] = {path: [] for path in paths}
    if not paths:
        return {}
    out = _log(repository, paths, timeout)
    for commit in out.split(_START)[1:]:
        subject, _, names = commit.partition("\0")
        for name in names.strip("\n").split("\0"):
            path = name.strip("\n").removeprefix(repository.prefix)
            if path in found and len(found[path]) < RECENT:
                found[path].append(subject)
    return {path: tuple(subjects) for path, subjects in found.items()}


def _log(repository: Repository, paths: Sequence[str], timeout: float) -> str:
    arguments = (
        "--no-merges",
        "--no-renames",
        "--no-ext-diff",
        "--no-textconv",
        "--no-show-signature",
        "--encoding=UTF-8",
        f"--max-count={_MOST}",
        "--format=%x01%s",
        "--name-only",
        "-z",
    )
    try:
        out = finish_git(
            repository.tree,
            "log",
            *arguments,
            "--",
            *paths,
            env=git_environment(repository.variables()),
            timeout=timeout,
        ).stdout
    except subprocess.TimeoutExpired as error:
        out = (error.stdout or b"").rpartition(_START.encode())[0]
    except OSError:
        out = b""
    return os.fsdecode(out)
