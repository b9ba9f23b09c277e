# SPDX-License-Identifier: GPL-2.0-only
"""One text of a tree: a folder, a revision in git, or one of them with some files replaced.

In: a folder, a revision, texts. Out: the bytes of a file, and the files that hold a word. Paths are
POSIX and relative to the tree.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Mapping, Sequence
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Protocol

from vmaconv.cocci.text.git_command import (
    apart_environment,
    finish_git,
    git_environment,
    word_patterns,
)
from vmaconv.cocci.text.tree_error import SourceError
from vmaconv.cocci.text.tree_file import read_file
from vmaconv.prove.trees.prove_error import ProveError

TIMEOUT = 120.0


class TreeText(Protocol):
    """What is asked of one text of a tree."""

    def read(self, path: str) -> bytes | None:
        """Return a file's bytes, or None where there is no such file."""
        ...

    def files_with(self, words: Sequence[str], patterns: Sequence[str]) -> list[str]:
        """Return the sorted paths, among those that match `patterns`, that hold one of `words`."""
        ...


def run_git(
    root: Path,
    *arguments: str,
    accept: Sequence[int] = (0,),
    apart: bool = False,
    feed: bytes = b"",
) -> bytes:
    """Return what a git command prints; with `apart` it sees no repository.

    Raises `ProveError` where git is missing or fails with a code that is not in `accept`.
    """
    environment = apart_environment() if apart else git_environment()
    environment["GIT_LITERAL_PATHSPECS"] = "0"
    try:
        done = finish_git(root, *arguments, env=environment, feed=feed, timeout=TIMEOUT)
    except FileNotFoundError:
        raise ProveError("", "git is not installed", "install git") from None
    except subprocess.TimeoutExpired:
        raise ProveError(str(root), f"git {arguments[0]} took too long") from None
    if done.returncode not in accept:
        lines = done.stderr.decode(errors="replace").strip().splitlines() or ["git failed"]
        raise ProveError(str(root), lines[-1])
    return done.stdout


def _grep(
    root: Path, options: Sequence[str], words: Sequence[str], where: Sequence[str]
) -> list[str]:
    command = ("grep", "-l", "-z", *options, *word_patterns(words, whole=True), *where)
    out = run_git(root, *command, accept=(0, 1), apart=bool(options))
    return [os.fsdecode(name) for name in out.split(b"\0") if name]


class Folder:
    """The files as they lie in a folder."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._found: dict[tuple[str, ...], list[str]] = {}

    def read(self, path: str) -> bytes | None:
        """Return a file's bytes, or None where there is no such file."""
        try:
            return read_file(self.root, path)
        except (OSError, SourceError):
            return None

    def files_with(self, words: Sequence[str], patterns: Sequence[str]) -> list[str]:
        """Return the sorted paths that hold one of `words`."""
        key = (*words, "--", *patterns)
        if key not in self._found:
            options = ("--no-index", "--no-exclude-standard")
            self._found[key] = sorted(_grep(self.root, options, words, ["--", *patterns]))
        return self._found[key]


class Revision:
    """The files of a commit."""

    def __init__(self, root: Path, commit: str) -> None:
        self.root = root
        self.commit = commit
        self._texts: dict[str, bytes | None] = {}

    def read(self, path: str) -> bytes | None:
        """Return a file's bytes, or None where there is no such file."""
        if path not in self._texts:
            try:
                self._texts[path] = run_git(
                    self.root, "cat-file", "blob", f"{self.commit}:./{path}"
                )
            except ProveError:
                self._texts[path] = None
        return self._texts[path]

    def read_many(self, paths: Sequence[str]) -> Iterator[tuple[str, bytes]]:
        """Yield the paths that are files, each with its bytes: one process reads them all."""
        names = [f"{self.commit}:./{path}" for path in paths if "\n" not in path]
        out = run_git(self.root, "cat-file", "--batch", feed=os.fsencode("\n".join(names) + "\n"))
        at = 0
        for name in names:
            end = out.index(b"\n", at)
            head, at = out[at:end].split(), end + 1
            if len(head) == 3 and head[1] == b"blob":
                size = int(head[2])
                yield name.split(":./", 1)[1], out[at : at + size]
                at += size + 1

    def files_with(self, words: Sequence[str], patterns: Sequence[str]) -> list[str]:
        """Return the sorted paths that hold one of `words`."""
        found = _grep(self.root, (), words, [self.commit, "--", *patterns])
        return sorted(name.split(":", 1)[1] for name in found)


class Replaced:
    """Another text of a tree with some files replaced; None stands for a file that is gone."""

    def __init__(self, base: TreeText, texts: Mapping[str, bytes | None]) -> None:
        self._base = base
        self._texts = texts

    def read(self, path: str) -> bytes | None:
        """Return a file's bytes, or None where there is no such file."""
        return self._texts[path] if path in self._texts else self._base.read(path)

    def read_many(self, paths: Sequence[str]) -> Iterator[tuple[str, bytes]]:
        """Yield the paths that are files, each with its bytes."""
        own = [(path, self._texts.get(path)) for path in paths if path in self._texts]
        yield from ((path, text) for path, text in own if text is not None)
        yield from read_many(self._base, [path for path in paths if path not in self._texts])

    def files_with(self, words: Sequence[str], patterns: Sequence[str]) -> list[str]:
        """Return the sorted paths that hold one of `words`; of the replaced files, all that do."""
        found = {p for p in self._base.files_with(words, patterns) if p not in self._texts}
        needles = [word.encode() for word in words]
        for path, text in self._texts.items():
            if text is not None and _matches(path, patterns) and any(n in text for n in needles):
                found.add(path)
        return sorted(found)


def _matches(path: str, patterns: Sequence[str]) -> bool:
    """Return whether git would take a path for one that some patterns name."""
    without = [p.removeprefix(":(exclude)") for p in patterns if p.startswith(":(exclude)")]
    if any(path == folder or path.startswith(folder + "/") for folder in without):
        return False
    return any(fnmatchcase(path, pattern) for pattern in patterns)


def read_many(tree: TreeText, paths: Sequence[str]) -> Iterator[tuple[str, bytes]]:
    """Yield the paths that are files of a tree, each with its bytes: at once, where that is faster."""
    if isinstance(tree, Revision | Replaced):
        yield from tree.read_many(paths)
        return
    for path in paths:
        text = tree.read(path)
        if text is not None:
            yield path, text
