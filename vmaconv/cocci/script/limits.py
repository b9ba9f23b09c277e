# SPDX-License-Identifier: GPL-2.0-only
"""Limits of time and memory for code that may never end.

In: seconds, bytes. Out: `Expired` raised in the middle of the code, or MemoryError. Works in the
main thread of a process, for signals are delivered there. Time is the process's own CPU time, so
that a busy machine stops nobody's script. Facts: setitimer(2), setrlimit(2).
"""

from __future__ import annotations

import resource
import signal
from collections.abc import Callable
from types import FrameType

REPEAT = 0.1
"""Seconds after which the alarm rings again, for code that caught or delayed the last one."""


class Expired(BaseException):
    """The time is up. Not an Exception, so that `except Exception` does not catch it."""


class Alarm:
    """A limit on the CPU time of one piece of code.

    After some seconds `Expired` is raised between two steps of Python code. A loop inside C code
    goes on: only another process can end that.

        alarm.arm()
        try:
            exec(code, namespace)
        finally:
            alarm.disarm()

    `Expired` can still come from inside `disarm`, so the caller catches it around the whole. Uses
    ITIMER_PROF, and leaves ITIMER_REAL to the caller.
    """

    __slots__ = ("_armed", "_before", "_seconds")

    def __init__(self, seconds: float) -> None:
        if seconds <= 0:
            raise ValueError("a time limit has to be more than 0 seconds")
        self._seconds = seconds
        self._armed = False
        self._before: Callable[[int, FrameType | None], object] | int | None = None

    def arm(self) -> None:
        """Start the clock; ValueError outside the main thread."""
        before = signal.signal(signal.SIGPROF, self._ring)
        self._before = signal.SIG_DFL if before is None else before
        self._armed = True
        signal.setitimer(signal.ITIMER_PROF, self._seconds, REPEAT)

    def disarm(self) -> None:
        """Stop the clock and put the signal's handler back; harmless if done twice."""
        self._armed = False
        signal.setitimer(signal.ITIMER_PROF, 0)
        if self._before is not None:
            signal.signal(signal.SIGPROF, self._before)
            self._before = None

    def _ring(self, signum: int, frame: FrameType | None) -> None:  # noqa: ARG002
        if self._armed:
            raise Expired


def limit_memory(size: int) -> Callable[[], None]:
    """Limit this process's address space to `size` bytes; give the function that lifts the limit.

    Allocations beyond it raise MemoryError. For a worker, or around a file in a process of its
    own: what is mapped already counts. A lower limit that is in force stays.
    """
    soft, hard = resource.getrlimit(resource.RLIMIT_AS)
    wanted = min(limit for limit in (size, soft, hard) if limit != resource.RLIM_INFINITY)
    resource.setrlimit(resource.RLIMIT_AS, (wanted, hard))
    return lambda: resource.setrlimit(resource.RLIMIT_AS, (soft, hard))
