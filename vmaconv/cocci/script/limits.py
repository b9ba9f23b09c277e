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

    `soft` seconds: `Expired` is raised between two steps of Python code. `hard` seconds of user
    time: the process is killed by SIGVTALRM, which also ends a loop inside C code; give it only
    where a parent process survives and notices (`describe_death`).

        alarm.arm()
        try:
            exec(code, namespace)
        finally:
            alarm.disarm()

    `Expired` can still come from inside `disarm`, so the caller catches it around the whole. Uses
    ITIMER_PROF (and ITIMER_VIRTUAL for the hard limit), and leaves ITIMER_REAL to the caller.
    """

    __slots__ = ("_armed", "_before", "_hard", "_soft")

    def __init__(self, soft: float, hard: float | None = None) -> None:
        if soft <= 0 or (hard is not None and hard <= 0):
            raise ValueError("a time limit has to be more than 0 seconds")
        if hard is not None:
            signal.signal(signal.SIGVTALRM, signal.SIG_DFL)
        self._soft = soft
        self._hard = hard
        self._armed = False
        self._before: Callable[[int, FrameType | None], object] | int | None = None

    def arm(self) -> None:
        """Start the clock; ValueError outside the main thread."""
        before = signal.signal(signal.SIGPROF, self._ring)
        self._before = signal.SIG_DFL if before is None else before
        self._armed = True
        signal.setitimer(signal.ITIMER_PROF, self._soft, REPEAT)
        if self._hard is not None:
            signal.setitimer(signal.ITIMER_VIRTUAL, self._hard)

    def disarm(self) -> None:
        """Stop the clock and put the signal's handler back; harmless if done twice."""
        self._armed = False
        signal.setitimer(signal.ITIMER_PROF, 0)
        if self._hard is not None:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
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


def describe_death(exit_code: int) -> str | None:
    """Say which limit ended a worker, from the exit code of `multiprocessing`, or None.

    -26 (SIGVTALRM) is the hard limit of an `Alarm`; -11 (SIGSEGV) is what a script does that
    nests a tuple a million times and hashes it.
    """
    if exit_code == -signal.SIGVTALRM:
        return "a script did not end within its time limit"
    if exit_code == -signal.SIGSEGV:
        return "a script exhausted the stack of the process"
    return None
