# SPDX-License-Identifier: GPL-2.0-only
"""Finding the files that are worth reading.

In: a tree, words, and paths below it. Out: paths (POSIX, relative to the tree, sorted) of the C
files that hold one of the words. git's own search is used, with its list of files where the tree is
a git work tree; without git the files are read one by one.
"""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator, Sequence
from pathlib import Path

from vmaconv.cocci.text.tree_error import SourceError

PATTERNS = ("*.c", "*.h")


class Search:
    """A search that is under way; it runs beside whatever is done until `result` is asked for."""

    def __init__(
        self,
        root: Path,
        words: Sequence[str],
        paths: Sequence[str] = (),
        exclude: Sequence[str] = (),
        *,
        all_of: bool = False,
    ) -> None:
        """Look for the C files of `root` that hold one of `words` (with `all_of`, every one).

        `paths` narrows the search to files or folders, relative to `root`; `exclude` leaves folders
        out. Symbolic links are not followed. Raises `SourceError` where `root` cannot be read.
        """
        if not root.is_dir():
            raise SourceError("no-tree", str(root), "there is no such folder", "name a kernel tree")
        self._ask = (root, words, paths, exclude, all_of)
        self._found: list[str] | None = None
        self._git = _start_git_grep(root, words, paths, exclude, all_of)

    def result(self) -> list[str]:
        """Wait for the search and return the paths, sorted."""
        if self._found is None:
            root = self._ask[0]
            found = _finish_git_grep(self._git, root) if self._git is not None else None
            self._found = sorted(set(_read_all(*self._ask) if found is None else found))
        return self._found


def files_with(
    root: Path,
    words: Sequence[str],
    paths: Sequence[str] = (),
    exclude: Sequence[str] = (),
    *,
    all_of: bool = False,
) -> list[str]:
    """Return what a `Search` with these arguments finds.

    >>> files_with(Path("linux"), ["file_desc"], ["mm"])  # doctest: +SKIP
    ['mm/filemap.c', 'mm/hugetlb.c']
    """
    return Search(root, words, paths, exclude, all_of=all_of).result()


def _start_git_grep(
    root: Path,
    words: Sequence[str],
    paths: Sequence[str],
    exclude: Sequence[str],
    all_of: bool,
) -> subprocess.Popen[bytes] | None:
    """Start git grep; None where there is no git."""
    command = ["git", "-C", str(root), "grep", "-l", "-z", "-F"]
    if not (root / ".git").exists():
        command.append("--no-index")
    if all_of:
        command.append("--all-match")
    for word in words:
        command += ["-e", word]
    command += ["--", *_pathspecs(paths), *(f":(exclude){path}" for path in exclude)]
    environment = {**os.environ, "LC_ALL": "C", "GIT_OPTIONAL_LOCKS": "0"}
    try:
        return subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment
        )
    except FileNotFoundError:
        return None


def _finish_git_grep(process: subprocess.Popen[bytes], root: Path) -> list[str] | None:
    """Return what git grep found; None where git will not look into this folder."""
    out, complaint = process.communicate()
    if process.returncode > 1 or (process.returncode == 1 and complaint):
        return None
    names = (os.fsdecode(name) for name in out.split(b"\0") if name)
    return [name for name in names if not (root / name).is_symlink()]


def _pathspecs(paths: Sequence[str]) -> list[str]:
    if not paths:
        return list(PATTERNS)
    specs: list[str] = []
    for path in paths:
        clean = path.rstrip("/")
        if clean in ("", "."):
            return list(PATTERNS)
        if clean.endswith((".c", ".h")):
            specs.append(f":(literal){clean}")
        else:
            specs += [f":(glob){clean}/**/{pattern}" for pattern in PATTERNS]
    return specs


def _read_all(
    root: Path, words: Sequence[str], paths: Sequence[str], exclude: Sequence[str], all_of: bool
) -> Iterator[str]:
    needles = [word.encode() for word in words]
    test = all if all_of else any
    for path in _walk(root, paths):
        relative = path.relative_to(root).as_posix()
        if any(relative == e or relative.startswith(e.rstrip("/") + "/") for e in exclude):
            continue
        try:
            text = path.read_bytes()
        except OSError:
            continue
        if test(needle in text for needle in needles):
            yield relative


def _walk(root: Path, paths: Sequence[str]) -> Iterator[Path]:
    for start in [root / path for path in paths] or [root]:
        if start.is_file() and not start.is_symlink():
            yield start
            continue
        for folder, subfolders, names in os.walk(start):
            subfolders[:] = sorted(n for n in subfolders if n != ".git")
            for name in sorted(names):
                path = Path(folder, name)
                if name.endswith((".c", ".h")) and not path.is_symlink():
                    yield path
