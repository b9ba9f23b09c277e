# SPDX-License-Identifier: GPL-2.0-only
"""A series as a new branch, with its cover letter where `b4 prep` looks for it.

In: a `Series` in a git tree.  Out: `MadeBranch`es, one a batch.  The work tree, the index and HEAD stay
as they are; nothing is sent.

b4's default keeps the letter in an empty commit at the series' start, with a block of JSON under a
marker line (b4's ez.py: MAGIC_MARKER, make_magic_json, store_cover).  It looks for that commit by
the committer's address and among those of the last year, both of which a commit made now meets.
"""

from __future__ import annotations

import hashlib
import json
import re
import time
from collections.abc import Sequence

from msgspec import Struct

from vmaconv.series.assemble import Batch, Series, digest
from vmaconv.series.branch.commit import (
    Workshop,
    check_base,
    commit_changes,
    commit_index,
    workshop,
)
from vmaconv.series.change import FileChange
from vmaconv.series.git.repository import Repository, run_git
from vmaconv.series.people.recipients import union
from vmaconv.series.series_error import BadBranchName, BranchExists, GitFailed

_MARKER = "--- b4-submit-tracking ---"
_NOTICE = "# This section is used internally by b4 prep for tracking purposes."


class MadeBranch(Struct, frozen=True):
    """A branch that was made: its commits in order; `cover` is empty where there is no letter."""

    name: str
    base: str
    cover: str
    commits: tuple[str, ...]


def make_branches(series: Series, name: str) -> tuple[MadeBranch, ...]:
    """Commit each batch onto a new branch from the base; several get `-1`, `-2` after the name.

    Raises `BadBranchName`, `BranchExists`, `TreeChanged` where the base does not hold the files as
    they were, and `GitFailed`.  All commits are made before the first branch is.
    """
    repository, base = series.surroundings.repository, series.surroundings.base
    if repository is None or not base:
        raise GitFailed(
            "no branch can be made: the tree is not a git tree with a commit",
            remedy="write patches with -o instead",
        )
    several = len(series.batches) > 1
    names = [f"{name}-{batch.place.number}" if several else name for batch in series.batches]
    for one in names:
        _check_name(repository, one)
    made: list[MadeBranch] = []
    for batch, one in zip(series.batches, names, strict=True):
        start = made[-1].commits[-1] if series.in_order and made else base
        made.append(_commit_batch(series, repository, start, batch, one))
    _create(repository, made)
    return tuple(made)


def _check_name(repository: Repository, name: str) -> None:
    try:
        run_git(repository, "check-ref-format", "--branch", name)
    except GitFailed:
        raise BadBranchName(f"git takes no branch named {name!r}", place=name) from None
    try:
        run_git(repository, "rev-parse", "--verify", "--quiet", f"refs/heads/{name}")
    except GitFailed:
        return
    raise BranchExists(
        f"the branch {name} is already there",
        remedy="give another name with --branch, or keep this one by another: "
        f"git branch -m {name} {name}-old",
        place=name,
    )


def _commit_batch(
    series: Series, repository: Repository, base: str, batch: Batch, name: str
) -> MadeBranch:
    author = series.surroundings.sender
    with workshop(repository, base) as shop:
        first: dict[str, FileChange] = {}
        for patch in batch.patches:
            for change in patch.changes:
                first.setdefault(change.path, change)
        check_base(shop, base, list(first.values()))
        cover = _commit_cover(shop, series, batch, base, name) if batch.cover_subject else ""
        parent = cover or base
        commits: list[str] = []
        for patch in batch.patches:
            parent = commit_changes(shop, parent, patch.message, patch.changes, author)
            commits.append(parent)
    return MadeBranch(name, base, cover, tuple(commits))


def _commit_cover(shop: Workshop, series: Series, batch: Batch, base: str, name: str) -> str:
    text = cover_commit_text(series, batch, name)
    return commit_index(shop, base, text, series.surroundings.sender)


def cover_commit_text(series: Series, batch: Batch, name: str) -> str:
    """Return the message of the commit that holds the letter, in b4's form.

    Lines with `#` at their start are comments to b4, and `>#` is how it has them escaped.
    """
    body = re.sub(r"^#", ">#", batch.cover_body, flags=re.M)
    everybody = union([patch.recipients for patch in batch.patches])
    trailers = [f"To: {one}" for one in everybody.to] + [f"Cc: {one}" for one in everybody.cc]
    blocks = [batch.cover_subject, body, "\n".join(trailers)]
    tracking = json.dumps({"series": _tracking(series, batch, name)}, indent=2)
    text = "\n\n".join(block for block in blocks if block)
    return f"{text}\n\n{_MARKER}\n{_NOTICE}\n{tracking}\n"


def _tracking(series: Series, batch: Batch, name: str) -> dict[str, object]:
    when = time.gmtime(series.surroundings.sender.when)
    marks = "".join(digest(patch) for patch in batch.patches)
    mark = hashlib.sha1(marks.encode(), usedforsecurity=False).hexdigest()[:12]
    words = re.sub(r"[^a-z0-9._]+", "-", name.rpartition("/")[2].lower()).strip("-.")
    prefixes = series.options.subject_prefix.split()
    return {
        "revision": series.options.version,
        "change-id": f"{time.strftime('%Y%m%d', when)}-{words}-{mark}",
        "prefixes": [word for word in prefixes if word != "PATCH"],
        "presubject": "",
    }


def _create(repository: Repository, made: Sequence[MadeBranch]) -> None:
    """Create all branches in one transaction, then tell b4 where the letters are."""
    rows = [
        f"create refs/heads/{one.name} {one.commits[-1] if one.commits else one.base}\n"
        for one in made
    ]
    run_git(repository, "update-ref", "--stdin", feed="".join(rows).encode())
    for one in made:
        if one.cover:
            key = f"branch.{one.name}.b4-prep-cover-strategy"
            run_git(repository, "config", "--local", key, "commit")
