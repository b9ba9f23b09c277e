# SPDX-License-Identifier: GPL-2.0-only
"""Finding the files that are worth reading.

In: a tree, words, and paths below it. Out: paths (POSIX, relative to the tree, sorted) of the C
files that hold one of the words. git's own search is used, as on a folder that is no repository:
what a tree's git was told (ignored, never added, skipped) or has in its configuration makes no
difference. Without git the files are read one by one.
"""

from __future__ import annotations

import os
import re
import subprocess
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path

from vmaconv.cocci.text.census import SUFFIXES, Census, Oddity, take_census
from vmaconv.cocci.text.git_command import apart_environment, start_git, word_patterns
from vmaconv.cocci.text.late_regex import late_regex
from vmaconv.cocci.text.tree_error import SourceError
from vmaconv.cocci.text.tree_file import read_file

_LINE = late_regex(rb"([^\0]*)\0([^\n]*\n)")
"""A name and a line, as `git grep -z` prints them: a name may have a line end, a line may have a NUL."""


class Search:
    """A search that is under way; it runs beside whatever is done until `result` is asked for."""

    def __init__(
        self,
        root: Path,
        words: Sequence[str],
        paths: Sequence[str] = (),
        exclude: Sequence[str] = (),
        *,
        suffixes: tuple[str, ...] = SUFFIXES,
        whole: bool = False,
        census: Census | None = None,
        walked: tuple[str, ...] = (),
        lines: bool = False,
        beside: Search | None = None,
    ) -> None:
        """Look for the C files of `root` that hold one of `words`.

        `paths` narrows the search to files or folders, relative to `root`; `exclude` leaves folders
        out. `whole` is for words that are no parts of longer ones. Symbolic links are not followed.
        A `census` of the tree that was taken before, of these suffixes and more, saves taking it;
        `walked` are suffixes that a later search wants. `lines` has the search bring the lines that
        hold a word, too. `beside` is a search that runs at the same time, and takes the census for both.
        Raises `SourceError` where `root` cannot be read.
        """
        check_tree(root)
        self._root = root
        self._words = [word.encode() for word in words]
        self._paths = tuple(paths)
        self._exclude = tuple(exclude)
        self._suffixes = suffixes
        self._walked = (*suffixes, *walked)
        self._whole = whole
        self._found: list[str] | None = None
        self._lines: dict[str, bytes] | None = {} if lines else None
        self._census = census
        self._git = self._start()
        self._walk: threading.Thread | None = None
        self._beside = beside
        if census is None and beside is None:
            self._walk = threading.Thread(target=self._take_census, daemon=True)
            self._walk.start()

    def result(self) -> list[str]:
        """Wait for the search and return the paths, sorted.

        A file that cannot be read is among them: it may hold the words.
        """
        if self._found is None:
            self._found = sorted(set(self._all()))
        return self._found

    def listed(self) -> list[str]:
        """Wait for git alone and return what it found, sorted, or nothing where it cannot say.

        What lies in other repositories is missing, and links are among it. It is instead of `result`.
        """
        return sorted(self._listed()[0] or ())

    def lines(self) -> dict[str, bytes]:
        """Wait for the search and return the lines that hold a word, whole ones, by path.

        A file whose lines git did not say, since it cannot read it, say, is not among them: whoever
        asks has to read it.
        """
        wanted = set(self.result())
        return {path: text for path, text in (self._lines or {}).items() if path in wanted}

    def holding(self, words: Sequence[str]) -> list[str]:
        """Wait for a search that brings lines, and return the paths that hold one of some of its words.

        As of `result`, a file that cannot be read is among them.
        """
        wanted = [word.encode() for word in words]
        lines = self._lines or {}
        return [
            path
            for path in self.result()
            if (
                any(word in lines[path] for word in wanted)
                if path in lines
                else self._holds(path, wanted)
            )
        ]

    def census(self) -> Census:
        """Wait for the walk over the tree's folders and return what it found."""
        if self._walk is not None:
            self._walk.join()
            self._walk = None
        if self._census is None and self._beside is not None:
            self._census = self._beside.census()
        if self._census is None:
            self._take_census()
        assert self._census is not None
        return self._census

    def oddities(self) -> Iterator[Oddity]:
        """Yield what lies where is searched and is not read."""
        return (one for one in self.census().oddities if self._is_wanted(one.path.rstrip("/")))

    def _take_census(self) -> None:
        self._census = take_census(self._root, self._walked)

    def _is_wanted(self, path: str) -> bool:
        return is_under(path, self._paths) and not is_under(path, self._exclude, False)

    def _is_searched(self, path: str) -> bool:
        return path.endswith(self._suffixes) and self._is_wanted(path)

    def _start(self) -> subprocess.Popen[bytes] | None:
        """Start git grep; None where there is no git."""
        arguments = ["grep", "--no-index", "--no-color", "-z", "--text"]
        arguments += ["-l"] if self._lines is None else ["--no-line-number"]
        arguments += word_patterns([os.fsdecode(word) for word in self._words], self._whole)
        arguments += ["--", *_pathspecs(self._paths, self._suffixes)]
        arguments += [f":(exclude,literal){path.rstrip('/')}" for path in self._exclude]
        environment = {**apart_environment(), "GIT_LITERAL_PATHSPECS": "0"}
        try:
            return start_git(self._root, *arguments, env=environment)
        except OSError:
            return None

    def _all(self) -> Iterator[str]:
        listed, is_whole = self._listed()
        census = self.census()
        if listed is None:
            files = filter(self._is_searched, census.files)
            yield from (p for p in files if self._holds(p, self._words))
            return
        yield from filter(self._is_searched, listed.intersection(census.files))
        # git does not look into what it takes for other repositories.
        nested = filter(self._is_searched, census.nested)
        yield from (p for p in nested if self._holds(p, self._words))
        if not is_whole:
            wanted = filter(self._is_searched, census.files)
            yield from (p for p in wanted if not os.access(self._root / p, os.R_OK))

    def _listed(self) -> tuple[set[str] | None, bool]:
        """Return what git grep found, None if nothing can be said, and whether it read all files."""
        if self._git is None:
            return None, False
        out, complaint = self._git.communicate()
        if self._git.returncode not in (0, 1):
            return None, False
        if self._lines is None:
            return {os.fsdecode(name) for name in out.split(b"\0") if name}, not complaint
        for line in _LINE.finditer(out):
            path = os.fsdecode(line[1])
            self._lines[path] = self._lines.get(path, b"") + line[2]
        return set(self._lines), not complaint

    def _holds(self, path: str, words: Sequence[bytes]) -> bool:
        try:
            text = read_file(self._root, path)
        except OSError:
            return True
        if self._whole:
            return any(re.search(rb"\b" + re.escape(w) + rb"\b", text) for w in words)
        return any(word in text for word in words)


def check_tree(root: Path) -> None:
    """Raise `SourceError` where `root` is no folder."""
    if not root.is_dir():
        raise SourceError("no-tree", str(root), "there is no such folder", "name a kernel tree")


def files_with(
    root: Path, words: Sequence[str], paths: Sequence[str] = (), exclude: Sequence[str] = ()
) -> list[str]:
    """Return what a `Search` with these arguments finds.

    >>> files_with(Path("linux"), ["file_desc"], ["mm"])  # doctest: +SKIP
    ['mm/filemap.c', 'mm/hugetlb.c']
    """
    return Search(root, words, paths, exclude).result()


def is_under(path: str, folders: Sequence[str], default: bool = True) -> bool:
    """Whether a path is one of some files or lies below one of some folders.

    `default` where there are none.

    >>> is_under("mm/util.c", ["mm/"]), is_under("mmu/a.c", ["mm"])
    (True, False)
    """
    if not folders:
        return default
    return any(f in ("", ".") or path == f or path.startswith(f.rstrip("/") + "/") for f in folders)


def _pathspecs(paths: Sequence[str], suffixes: Sequence[str]) -> list[str]:
    everywhere = [f"*{suffix}" for suffix in suffixes]
    specs: list[str] = []
    for path in paths:
        clean = path.rstrip("/")
        if clean in ("", "."):
            return everywhere
        if clean.endswith(tuple(suffixes)):
            specs.append(f":(literal){clean}")
        name = re.sub(r"([*?\[\]\\])", r"\\\1", clean)
        specs += [f":(glob){name}/**/*{suffix}" for suffix in suffixes]
    return specs or everywhere
