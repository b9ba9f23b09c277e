# SPDX-License-Identifier: GPL-2.0-only
"""Writing one file whole or not at all.

In: a path and bytes.  Out: the file, put in place with one rename(2); owner, mode, ACL and the
other extended attributes are those of the file that stood there, or it is not replaced.

What is not whole yet lies beside the file under a name of its own (`is_stray`), locked (flock(2))
by the one that writes it.  One that is left by a kill has no lock, and goes when the next file of
that folder is written.
"""

from __future__ import annotations

import contextlib
import errno
import fcntl
import os
import signal
import stat
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from vmaconv.cocci.text.late_regex import late_regex

_STRAY = late_regex(r"\..+\.[0-9a-f]{16}\.vmaconv~")

_DEFERRED = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


def write_whole(path: Path, data: bytes) -> None:
    """Write a file that is new or takes the place of another.

    What stood there stands until all is written, so a reader, a kill or a full disk finds the old
    file or the new one, never half of one; Ctrl-C waits for that long and leaves nothing behind.
    A device or a pipe (`/dev/stdout`) is written to as it is.  Raises OSError, which names the
    path.

    >>> write_whole(Path("/dev/null"), b"gone")
    """
    if path.exists() and not stat.S_ISREG(path.stat().st_mode):
        path.write_bytes(data)
        return
    path = path.resolve()
    try:
        folder = os.open(path.parent, os.O_RDONLY | os.O_DIRECTORY | os.O_CLOEXEC)
        try:
            replace_in(folder, path.name, data)
        finally:
            os.close(folder)
    except OSError as error:
        error.filename = str(path)
        raise


def is_stray(name: str) -> bool:
    """Whether a file has the name of one that was being written when its writer was killed.

    >>> is_stray(".util.c.0123456789abcdef.vmaconv~")
    True
    """
    return _STRAY.fullmatch(name) is not None


def replace_in(folder: int, name: str, data: bytes) -> None:
    """Write a file in an open folder, as `write_whole` does; raises OSError."""
    with deferred_signals():
        _clear_strays(folder)
        temporary, handle = _new_file(folder, name)
        try:
            with os.fdopen(handle, "wb", buffering=0) as file:
                left = memoryview(data)
                while left:
                    left = left[file.write(left) :]
                _dress(handle, folder, name)
                os.fsync(handle)
                os.rename(temporary, name, src_dir_fd=folder, dst_dir_fd=folder)
        except BaseException:
            with contextlib.suppress(FileNotFoundError):
                os.unlink(temporary, dir_fd=folder)
            raise


def _new_file(folder: int, name: str) -> tuple[str, int]:
    """Create and lock the file that will take the place of `name`."""
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    while True:
        temporary = f".{name[:200]}.{os.urandom(8).hex()}.vmaconv~"
        handle = os.open(temporary, flags, 0o600, dir_fd=folder)
        with contextlib.suppress(OSError):  # Some file systems have no locks.
            fcntl.flock(handle, fcntl.LOCK_EX)
        if os.fstat(handle).st_nlink:
            return temporary, handle
        os.close(handle)  # Another writer took it for a stray before it was locked.


def _clear_strays(folder: int) -> None:
    """Remove what earlier writers left in a folder: whatever nobody has a lock on."""
    for name in filter(is_stray, os.listdir(folder)):
        try:
            handle = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
        except OSError:
            continue
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
            os.unlink(name, dir_fd=folder)
        except OSError:
            continue
        finally:
            os.close(handle)


def _dress(handle: int, folder: int, name: str) -> None:
    """Give a new file owner, mode and extended attributes of the one that it will replace."""
    try:
        old = os.open(name, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK, dir_fd=folder)
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        os.fchmod(handle, 0o666 & ~mask)
        return
    try:
        was, now = os.fstat(old), os.fstat(handle)
        if (was.st_uid, was.st_gid) != (now.st_uid, now.st_gid):
            _kept("its owner", os.chown, handle, was.st_uid, was.st_gid)
        os.fchmod(handle, stat.S_IMODE(was.st_mode))
        _copy_attributes(old, handle)
    finally:
        os.close(old)


def _copy_attributes(old: int, new: int) -> None:
    """Copy ACLs, labels and the like; xattr(7)."""
    try:
        names = os.listxattr(old)
    except OSError as error:
        if error.errno in (errno.ENOTSUP, errno.ENOSYS):
            return
        raise
    for name in names:
        value = os.getxattr(old, name)
        with contextlib.suppress(OSError):
            if os.getxattr(new, name) == value:
                continue
        _kept(f"its attribute {name}", os.setxattr, new, name, value)


def _kept(what: str, change: Callable[..., None], *arguments: int | str | bytes) -> None:
    try:
        change(*arguments)
    except OSError as error:
        raise OSError(error.errno, f"{what} could not be kept ({error.strerror})") from None


@contextmanager
def deferred_signals() -> Iterator[None]:
    """Let Ctrl-C, SIGTERM and SIGHUP take effect at the end of the block, not within it.

    In a thread other than the main one nothing is done: Python sends it no KeyboardInterrupt.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    came: list[int] = []
    before = {number: signal.getsignal(number) for number in _DEFERRED}
    for number, handler in before.items():
        if handler is not signal.SIG_IGN:
            signal.signal(number, lambda got, _frame: came.append(got))
    try:
        yield
    finally:
        for number, handler in before.items():
            if handler is not None:
                signal.signal(number, handler)
        if came:
            signal.raise_signal(came[0])
