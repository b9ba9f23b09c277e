# SPDX-License-Identifier: GPL-2.0-only
"""A walk over a tree's folders: what lies there that a search for C files passes over.

In: a tree.  Out: a `Census`: its C files where they are asked for, those in folders that git takes
for repositories of their own, and what a person should hear of: pipes and devices that are named
like C files, links out of the tree, folders that cannot be read, and what a killed run left.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from msgspec import Struct, field

from vmaconv.cocci.text.atomic import is_stray

SUFFIXES = (".c", ".h")


class Oddity(Struct, frozen=True):
    """Something in a tree that is not read; `path` is relative to the tree.

    `unreadable` where it may hide C that ought to be read.
    """

    path: str
    what: str
    unreadable: bool = False


class Census(Struct):
    """What a walk found; paths are relative to the tree, in no order.

    `nested` are the files below a folder with a `.git` of its own.
    """

    files: list[str] = field(default_factory=list)
    nested: list[str] = field(default_factory=list)
    oddities: list[Oddity] = field(default_factory=list)


def take_census(root: Path, suffixes: tuple[str, ...] = SUFFIXES) -> Census:
    """Walk over all folders of `root` but `.git`, following no link.

    >>> take_census(Path("linux/mm")).oddities  # doctest: +SKIP
    []
    """
    found = Census()
    top = os.fspath(root)
    folders = [("", False)]
    while folders:
        folder, is_nested = folders.pop()
        files: list[str] = []
        below: list[str] = []
        try:
            with os.scandir(f"{top}/{folder}") as entries:
                for entry in entries:
                    name = entry.name
                    is_source = name.endswith(suffixes)
                    if is_source and entry.is_file(follow_symlinks=False):
                        files.append(folder + name)
                    elif entry.is_dir(follow_symlinks=False):
                        if name == ".git":
                            is_nested = is_nested or bool(folder)
                        else:
                            below.append(f"{folder}{name}/")
                    elif name == ".git":
                        is_nested = is_nested or bool(folder)
                    elif is_source or name.endswith("~") or entry.is_symlink():
                        found.oddities += _oddities(entry, folder, root, is_source)
        except OSError as error:
            found.oddities.append(Oddity(folder, error.strerror or str(error), True))
        folders += [(name, is_nested) for name in below]
        found.files += files
        if is_nested:
            found.nested += files
    return found


def _oddities(
    entry: os.DirEntry[str], folder: str, root: Path, is_source: bool
) -> Iterator[Oddity]:
    path = folder + entry.name
    if is_stray(entry.name):
        yield Oddity(path, "left by a run that was killed; remove it")
    elif entry.is_symlink():
        target = Path(os.path.realpath(entry.path))
        is_wanted = is_source or target.is_dir()
        if is_wanted and not target.is_relative_to(root.resolve()) and target.exists():
            yield Oddity(path, "a link out of the tree, which is not followed")
    elif is_source:
        yield Oddity(path, "no regular file, so it is passed over")
