# SPDX-License-Identifier: GPL-2.0-only
"""The standard streams and signals of a program, whoever started it.

A stream may be closed, so that the next file that is opened would take its place; a pipe's reader
may be gone, a disk full; SIGTERM and SIGHUP are to end a run as Ctrl-C does.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
import threading
import time
from types import FrameType

CLOSED = "standard output is closed"


def open_streams() -> None:
    """Put something where a standard stream is closed: writing to it is an error, as it should be.

    What is said on a stderr that is closed is lost.
    """
    for number, flags in ((0, os.O_RDONLY), (1, os.O_RDONLY), (2, os.O_WRONLY)):
        try:
            os.fstat(number)
        except OSError:
            # The lowest number that is free is taken: this one.
            os.open(os.devnull, flags)
    if sys.stdin is None:
        sys.stdin = open(0, closefd=False)  # noqa: SIM115
    if sys.stdout is None:
        sys.stdout = open(1, "w", encoding="utf-8", closefd=False)  # noqa: SIM115
    if sys.stderr is None:
        sys.stderr = open(2, "w", encoding="utf-8", closefd=False)  # noqa: SIM115


def heed_signals() -> None:
    """Let SIGTERM and SIGHUP end the run as Ctrl-C does, unless they are ignored (nohup)."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        if signal.getsignal(number) is signal.SIG_DFL:
            signal.signal(number, _end)


def _end(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


def keep_interrupts() -> None:
    """Let a Ctrl-C count that comes where Python can only report an exception, not raise it.

    In a callback of a weak reference, of which each import has one, Python prints "Exception
    ignored in" with a traceback, and the run goes on. It is asked to stop again a moment later.
    """
    report = sys.unraisablehook

    def hook(unraisable: sys.UnraisableHookArgs) -> None:
        if issubclass(unraisable.exc_type, KeyboardInterrupt):
            threading.Thread(target=_interrupt_soon, daemon=True).start()
        else:
            report(unraisable)

    sys.unraisablehook = hook


def _interrupt_soon() -> None:
    time.sleep(0.01)  # by then the callback is over
    signal.pthread_kill(threading.main_thread().ident or 0, signal.SIGINT)


def finish_stdout() -> str | None:
    """Write out what stdout still holds; return what is wrong, or None.

    A reader that is gone is no error. Python has nothing left to complain of at its end.
    """
    try:
        sys.stdout.flush()
    except OSError as error:
        null = os.open(os.devnull, os.O_WRONLY)
        os.dup2(null, 1)
        os.close(null)
        return None if error.errno == errno.EPIPE else what_is_wrong(error)
    return None


def what_is_wrong(error: OSError) -> str:
    """Say what is wrong with a stream that could not be written to."""
    return CLOSED if error.errno == errno.EBADF else f"standard output: {error.strerror}"
