# SPDX-License-Identifier: GPL-2.0-only
"""Reading and replacing one file of a tree, and no file elsewhere.

In: the tree's folder, a path below it, bytes.  Out: bytes, or the file replaced whole.  What a path
leads through is opened step by step without following links, so that a link, a device or a pipe in
a stranger's tree is an error with its name, and nothing waits or reads for ever.  The tree's own
folder may be named by a link: a person did that.
"""

from __future__ import annotations

import errno
import os
import stat
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from vmaconv.cocci.text.atomic import replace_in
from vmaconv.cocci.text.tree_error import SourceError

LARGEST = 50 * 1024 * 1024
"""Bytes; a file beyond that is not read (the largest C file of Linux v6.19 has 24 MB)."""

_FOLDER = os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC
_FILE = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC


class TreeReader:
    """Reads files of a tree one after the other; a folder that two of them share is opened once.

    >>> with TreeReader(Path("linux")) as reader:  # doctest: +SKIP
    ...     texts = [reader.read(path) for path in ("mm/mmap.c", "mm/mprotect.c")]
    """

    def __init__(self, root: Path) -> None:
        self._root = root
        self._steps: list[str] = []
        self._folders: list[int] = []

    def __enter__(self) -> TreeReader:
        return self

    def __exit__(self, *_: object) -> None:
        self._leave(0)
        self._steps.clear()

    def read(self, path: str, largest: int = LARGEST) -> bytes:
        """Return the bytes of a regular file at `path`, relative to the tree.

        Raises OSError with the path, also where a step is a link, the file is none, or it has more
        than `largest` bytes.
        """
        folder, name = self.place_of(path)
        return _read(name, path, largest, folder)

    def place_of(self, path: str) -> tuple[int, str]:
        """Return the descriptor of the folder of a file, which the next call may close, and its name."""
        *steps, name = [step for step in path.split("/") if step not in ("", ".")] or [""]
        if path.startswith("/") or ".." in (*steps, name) or not name:
            raise OSError(errno.EINVAL, "leads out of the tree", path)
        if not self._folders:
            self._folders.append(os.open(self._root, _FOLDER))
        shared = 0
        for own, other in zip(self._steps, steps, strict=False):
            if own != other:
                break
            shared += 1
        self._leave(shared + 1)
        for step in steps[shared:]:
            try:
                opened = os.open(step, _FOLDER | os.O_NOFOLLOW, dir_fd=self._folders[-1])
            except OSError as error:
                raise _on_the_way(error, step, self._folders[-1], path) from None
            self._folders.append(opened)
            self._steps.append(step)
        return self._folders[-1], name

    def _leave(self, kept: int) -> None:
        """Close all folders but the first few, of which the tree's own is one."""
        while len(self._folders) > kept:
            os.close(self._folders.pop())
        del self._steps[max(kept - 1, 0) :]


def read_file(root: Path, path: str, largest: int = LARGEST) -> bytes:
    """Return the bytes of a regular file at `path`, relative to `root`: see `TreeReader.read`."""
    with TreeReader(root) as reader:
        return reader.read(path, largest)


def read_if_there(root: Path, path: str) -> bytes:
    """Return what `read_file` does, and b"" where the file cannot be read."""
    try:
        return read_file(root, path)
    except OSError:
        return b""


def read_folder(root: Path, folder: str, suffix: str) -> Iterator[tuple[str, bytes]]:
    """Yield the regular files right in a folder of the tree whose names have a suffix, by name.

    Paths are relative to `root`. What cannot be read is left out, and so is the whole folder.
    """
    try:
        with _opened(root, f"{folder}/x") as (opened, _):
            # pathlib lists no folder by its descriptor.
            names = os.listdir(opened)  # noqa: PTH208
            for name in sorted(name for name in names if name.endswith(suffix)):
                path = f"{folder}/{name}"
                with suppress(OSError):
                    yield path, _read(name, path, LARGEST, opened)
    except OSError:
        return


def read_source(root: Path, path: str) -> bytes:
    """Return the text of a C file of the tree.

    Raises `SourceError` where it cannot be read, or is nothing that a patch could name or change.
    """
    with TreeReader(root) as reader:
        return source_of(reader, path)


def read_sources(root: Path, paths: Iterable[str]) -> dict[str, bytes | None]:
    """Return the texts of C files of the tree by path, None for one that cannot be read."""
    found: dict[str, bytes | None] = {}
    with TreeReader(root) as reader:
        for path in paths:
            try:
                found[path] = source_of(reader, path)
            except SourceError:
                found[path] = None
    return found


def source_of(reader: TreeReader, path: str) -> bytes:
    """Return the text of a C file; raises `SourceError` as `read_source` does."""
    if "\n" in path or "\r" in path:
        raise SourceError("odd-name", path, "has a line end in its name", "rename it")
    try:
        text = reader.read(path)
    except OSError as error:
        reason = error.strerror or str(error)
        raise SourceError("unreadable", path, reason, "see that it can be read") from error
    if b"\0" in text[:65536]:
        raise SourceError("binary", path, "holds a NUL byte, so is no C text", "leave it out")
    return text


def read_regular(path: Path, largest: int = LARGEST) -> bytes:
    """Return the bytes of a regular file that a person named; links are followed.

    Raises OSError with the path, also where it is no regular file or has more than `largest` bytes.
    """
    return _read(os.path.realpath(path), str(path), largest, None)


def read_given(path: Path, largest: int = LARGEST) -> bytes:
    """Return the bytes of a file that a person named, who may mean what a shell holds open.

    `--plan <(sed ... plan.toml)` names a pipe that has its writer; any other pipe has to be opened,
    which may wait for ever, and is an error. Raises OSError as `read_regular` does.
    """
    if not str(path).startswith(("/dev/fd/", "/dev/stdin", "/proc/self/fd/")):
        return read_regular(path, largest)
    with path.open("rb") as file:
        found = file.read(largest + 1)
    if len(found) > largest:
        raise OSError(errno.EFBIG, f"larger than {largest // (1024 * 1024)} MB", str(path))
    return found


def replace_file_in(root: Path, path: str, before: bytes, after: bytes) -> bool:
    """Replace a file of the tree whole; False if it does not hold `before` any longer.

    Raises OSError with the path where it cannot be written: see `check_file_in`.
    """
    with _opened(root, path) as (folder, name):
        if not _may_replace(root, path, before, folder, name):
            return False
        try:
            replace_in(folder, name, after)
        except OSError as error:
            error.filename = path
            raise
        return True


def check_file_in(root: Path, path: str, before: bytes) -> bool:
    """Whether a file of the tree holds `before`, and may be replaced.

    Raises OSError with the path where it may not: besides the system's reasons these are a link or
    a mount on the way, and further hard links, which would be cut off.
    """
    with _opened(root, path) as (folder, name):
        return _may_replace(root, path, before, folder, name)


def _may_replace(root: Path, path: str, before: bytes, folder: int, name: str) -> bool:
    if _read(name, path, LARGEST, folder) != before:
        return False
    about = os.stat(name, dir_fd=folder, follow_symlinks=False)
    if not os.access(root / path, os.W_OK):
        raise PermissionError(errno.EACCES, "is read-only", path)
    if about.st_nlink > 1:
        what = f"has {about.st_nlink - 1} more hard links, which would keep the old text"
        raise OSError(errno.EMLINK, what, path)
    if _mount(folder) != _mount_of(root):
        raise OSError(errno.EXDEV, "lies on a mount within the tree", path)
    return True


@contextmanager
def _opened(root: Path, path: str) -> Iterator[tuple[int, str]]:
    """Open the folder of a file, and give its descriptor and the file's name."""
    with TreeReader(root) as reader:
        yield reader.place_of(path)


def _on_the_way(error: OSError, step: str, folder: int, path: str) -> OSError:
    """Say what is wrong with a step of a path; ENOTDIR and ELOOP do not tell."""
    try:
        if stat.S_ISLNK(os.stat(step, dir_fd=folder, follow_symlinks=False).st_mode):
            return OSError(errno.ELOOP, f"lies behind the link {step}, which is not followed", path)
    except OSError:
        pass
    return type(error)(error.errno, error.strerror, path)


def _read(name: str, path: str, largest: int, folder: int | None) -> bytes:
    try:
        file = os.open(name, _FILE, dir_fd=folder)
    except OSError as error:
        if error.errno == errno.ELOOP:
            raise OSError(errno.ELOOP, "is a link, which is not followed", path) from None
        if error.errno == errno.ENXIO:
            raise OSError(errno.ENXIO, "is no regular file", path) from None
        raise type(error)(error.errno, error.strerror, path) from None
    try:
        about = os.fstat(file)
        if stat.S_ISDIR(about.st_mode):
            raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), path)
        if not stat.S_ISREG(about.st_mode):
            raise OSError(errno.EINVAL, "is no regular file", path)
        found = bytearray()
        # One that grows while it is read is cut off here, not read for ever.
        while len(found) <= largest:
            chunk = os.read(file, max(about.st_size - len(found), 1 << 16) + 1)
            if not chunk:
                return bytes(found)
            found += chunk
        raise OSError(errno.EFBIG, f"larger than {largest // (1024 * 1024)} MB", path)
    finally:
        os.close(file)


def _mount_of(root: Path) -> str:
    folder = os.open(root, _FOLDER)
    try:
        return _mount(folder)
    finally:
        os.close(folder)


def _mount(descriptor: int) -> str:
    """Return the kernel's number of the mount that an open file is on; proc(5), fdinfo."""
    try:
        text = Path(f"/proc/self/fdinfo/{descriptor}").read_text()
    except OSError:
        return str(os.fstat(descriptor).st_dev)
    return next((line for line in text.splitlines() if line.startswith("mnt_id")), "")
