# SPDX-License-Identifier: GPL-2.0-only
"""A part of a migration: the groups that a person picked, with what they build on.

In: the groups in the making, and names of groups or paths. Out: those of them that are wanted. A group
is taken whole or not at all: one that changes anything below a path brings along all that it drags.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from vmaconv.migrate.migration_error import MigrationError

if TYPE_CHECKING:
    # Who names a part on the command line has begun to search, and loads the rest then.
    from vmaconv.migrate.groups.grouping import Draft


class PlanPart(Struct, frozen=True):
    """Names of groups (or of functions in them), and paths below the tree; both empty: everything."""

    groups: tuple[str, ...] = ()
    only: tuple[str, ...] = ()

    def __bool__(self) -> bool:
        return bool(self.groups or self.only)


def picked(
    root: Path, drafts: Sequence[Draft], part: PlanPart, stops: Sequence[tuple[str, object]] = ()
) -> list[Draft]:
    """Return the groups of functions that are wanted; `stops` says what stays, and why.

    Raises `MigrationError` for a name that no group has, and for a path that the tree has not.
    """
    if not part:
        return list(drafts)
    for path in part.only:
        if not (root / path).exists():
            what, remedy = f"the tree has no {path}", "name files or folders below the tree"
            raise MigrationError("no-path", path, what, remedy)
    for name in part.groups:
        if not any(_is_named(draft, name) for draft in drafts):
            known = ", ".join(draft.name for draft in drafts) or "none"
            what = f"no group is called {name}, and none changes a function of that name"
            own = name.removesuffix("()")
            for subject, obstacle in stops:
                if re.split(r"[(:]", str(subject))[0] == own:
                    what = f"{subject} stays as it is: {obstacle}"
                    break
            raise MigrationError("no-group", name, what, f"there are {known}")
    return [
        draft
        for draft in drafts
        if any(_is_named(draft, name) for name in part.groups)
        or any(is_below(step.path, path) for step in draft.steps for path in part.only)
    ]


def _is_named(draft: Draft, name: str) -> bool:
    own = name.removesuffix("()")
    return own == draft.name or own in (re.split(r"[(:]", subject)[0] for subject in draft.subjects)


def is_below(path: str, wanted: str) -> bool:
    """Return whether a file is what a person named, or lies in that folder."""
    folder = wanted.rstrip("/")
    return path == folder or path.startswith(folder + "/") or folder in (".", "")


def needed(drafts: Sequence[Draft], additions: Draft) -> Draft:
    """Return what is added for others (twins), less what no edit of `drafts` names.

    An addition that another one names is needed as well.
    """
    written = b" ".join(step.edit.text for draft in drafts for step in draft.steps)
    kept: set[str] = set()
    while True:
        more = {
            str(step.owner)
            for step in additions.steps
            if str(step.owner) not in kept
            and re.search(rb"\b" + re.escape(str(step.owner).encode()) + rb"\b", written)
        }
        if not more:
            break
        kept |= more
        written += b" ".join(s.edit.text for s in additions.steps if str(s.owner) in more)
    additions.steps = [step for step in additions.steps if str(step.owner) in kept]
    return additions
