# SPDX-License-Identifier: GPL-2.0-only
"""Which changed files travel together in a patch, and which patches in a batch.

In: changed files, groups that must land together, the subsystem of a file.  Out: `PatchFiles`s, each a
patch to be, and batches of them.

Of independent changes no file is in two parts, so that every part applies to the tree as it is, and
the tree is complete after each: a part never holds half of a group. Stages are for changes that
build on each other, and keep their order.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Sequence
from enum import Enum
from typing import TypeVar

from msgspec import Struct
from msgspec.structs import replace

from vmaconv.series.change import FileChange
from vmaconv.series.words.wording import Purpose

#: netdev and others ask for no more than this in one go (Documentation/process/maintainer-netdev).
MOST_PATCHES = 15


T = TypeVar("T")


class Split(Enum):
    """How a series is split; in each way a group that must land together is one patch.

    By `RECIPE` the groups of a migration are those that its recipe's tables make.
    """

    GROUP = "group"
    RECIPE = "recipe"
    SUBSYSTEM = "subsystem"
    FILE = "file"


class PatchFiles(Struct, frozen=True):
    """The files of one patch in path order; `subsystem` is what they share, if anything.

    `purpose` is that of this patch alone, where it has its own; `home` the files whose subsystem the
    subject names, where that is not all of them.
    """

    changes: tuple[FileChange, ...]
    subsystem: str = ""
    together: bool = False
    purpose: Purpose | None = None
    home: tuple[str, ...] = ()

    @property
    def paths(self) -> tuple[str, ...]:
        """Return the files' paths."""
        return tuple(change.path for change in self.changes)


class Stage(Struct, frozen=True):
    """Changes that build on those of the stages before; `independent` ones may be split further.

    `home` are the files that the change is about; the others follow them.
    """

    changes: tuple[FileChange, ...]
    purpose: Purpose
    independent: bool = False
    home: tuple[str, ...] = ()


def split_stages(
    stages: Iterable[Stage],
    by: Split = Split.GROUP,
    subsystem_of: Callable[[str], str] | None = None,
) -> tuple[PatchFiles, ...]:
    """Make the parts of stages: one of each, several of one whose files are independent."""
    subsystem_of = subsystem_of or _no_subsystem
    parts: list[PatchFiles] = []
    for stage in stages:
        whole = not stage.independent or by is Split.RECIPE
        groups = ([change.path for change in stage.changes],) if whole else ()
        made = split_changes(stage.changes, Split.GROUP if groups else by, groups, subsystem_of)
        parts += [replace(part, purpose=stage.purpose, home=stage.home) for part in made]
    return tuple(parts)


def split_changes(
    changes: Iterable[FileChange],
    by: Split = Split.GROUP,
    groups: Sequence[Sequence[str]] = (),
    subsystem_of: Callable[[str], str] | None = None,
) -> tuple[PatchFiles, ...]:
    """Split changed files into the parts of a series.

    Groups that share a file are one.  By `GROUP`, each group is a patch and the other files go by
    subsystem; by `SUBSYSTEM`, a group that lies in one subsystem joins that one's patch; by `FILE`,
    the other files stand alone.  A file that no subsystem has goes by its folder.  Groups come
    first, in their order, then the rest by path.

    >>> one, two = FileChange("mm/a.c", b"a", b"b"), FileChange("mm/b.c", b"a", b"b")
    >>> [part.paths for part in split_changes([one, two])]
    [('mm/a.c', 'mm/b.c')]
    """
    subsystem_of = subsystem_of or _no_subsystem
    by_path = {change.path: change for change in sorted(changes, key=_order) if change.changed}
    parts: list[PatchFiles] = []
    loose: dict[str, list[FileChange]] = {}
    grouped: set[str] = set()
    for group in joined_groups(groups, by_path):
        members = tuple(by_path[path] for path in group)
        grouped.update(group)
        names = {subsystem_of(path) for path in group}
        shared = names.pop() if len(names) == 1 else ""
        if by is Split.SUBSYSTEM and shared:
            loose.setdefault(shared, []).extend(members)
        else:
            parts.append(PatchFiles(members, shared, together=True))
    for path, change in by_path.items():
        if path not in grouped:
            name = subsystem_of(path)
            key = path if by is Split.FILE else name or _folder(path)
            loose.setdefault(key, []).append(change)
    rest = [_loose_part(members, subsystem_of) for members in loose.values()]
    return (*parts, *sorted(rest, key=lambda part: _order(part.changes[0])))


def _loose_part(members: list[FileChange], subsystem_of: Callable[[str], str]) -> PatchFiles:
    ordered = tuple(sorted(members, key=_order))
    return PatchFiles(ordered, subsystem_of(ordered[0].path))


def _no_subsystem(_path: str) -> str:
    return ""


def _folder(path: str) -> str:
    return path.rpartition("/")[0] + "/"


def _order(change: FileChange) -> bytes:
    return os.fsencode(change.path)


def joined_groups(
    groups: Sequence[Sequence[str]], known: Iterable[str]
) -> tuple[tuple[str, ...], ...]:
    """Join groups that share a file, leaving out files that are not known and groups of one.

    >>> joined_groups([["a", "b"], ["c", "d"], ["b", "c"]], "abcd")
    (('a', 'b', 'c', 'd'),)
    """
    wanted = set(known)
    sets: list[set[str]] = []
    for group in groups:
        merged = {path for path in group if path in wanted}
        if not merged:
            continue
        # The joined group keeps the place of the first that it joins.
        place = next((i for i, other in enumerate(sets) if other & merged), len(sets))
        for other in [other for other in sets if other & merged]:
            merged |= other
            sets.remove(other)
        sets.insert(min(place, len(sets)), merged)
    return tuple(tuple(sorted(one, key=os.fsencode)) for one in sets if len(one) > 1)


def batches(patches: Sequence[T], most: int = MOST_PATCHES) -> tuple[tuple[T, ...], ...]:
    """Cut a series into batches of at most `most` patches, as even as they come.

    >>> [len(batch) for batch in batches(range(16))]
    [8, 8]
    """
    if not patches:
        return ()
    count = -(-len(patches) // most) if most > 0 else 1
    size, more = divmod(len(patches), count)
    cut: list[tuple[T, ...]] = []
    at = 0
    for number in range(count):
        end = at + size + (number < more)
        cut.append(tuple(patches[at:end]))
        at = end
    return tuple(cut)
