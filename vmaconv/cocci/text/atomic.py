# SPDX-License-Identifier: GPL-2.0-only
"""Writing one file whole or not at all.

In: a path and bytes.  Out: the file, put in place with one rename(2), its mode kept.
"""

from __future__ import annotations

import os
import signal
import stat
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

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
    with deferred_signals():
        try:
            _replace(path, data)
        except OSError as error:
            error.filename = str(path)
            raise


def _replace(path: Path, data: bytes) -> None:
    handle, name = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
    temporary = Path(name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        temporary.chmod(_mode(path))
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


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


def _mode(path: Path) -> int:
    """Give the mode of the file that is replaced, or that of a new one."""
    try:
        return path.stat().st_mode & 0o7777
    except FileNotFoundError:
        mask = os.umask(0)
        os.umask(mask)
        return 0o666 & ~mask
