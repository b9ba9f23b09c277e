# SPDX-License-Identifier: GPL-2.0-only
"""A limit on the time that a piece of work takes.

In: seconds. Out: `TimedOut`, raised in the middle of the work. Works in the main thread of a
process, with SIGALRM or SIGPROF; in another thread there is no limit. Scripts have limits of their own.
"""

from __future__ import annotations

import signal
import threading
from types import FrameType, TracebackType

FILE_LIMIT = 300.0
"""Seconds that the rules may take for one file, in every command."""


_AGAIN = 1.0


class TimedOut(BaseException):
    """Work took longer than its limit; not an Exception, so that nothing catches it unawares."""


class Limit:
    """Raise `TimedOut` in the block if it takes longer than some seconds (0: no limit).

    with Limit(10.0):
        runner.run()

    What is raised in a destructor is lost: it is raised again every second until the block is left.
    """

    def __init__(self, seconds: float, of_processor: bool = False) -> None:
        """`of_processor` counts the time that the process itself takes, not the machine's."""
        main = threading.current_thread() is threading.main_thread()
        self._seconds = seconds if main else 0.0
        self._clock = signal.ITIMER_PROF if of_processor else signal.ITIMER_REAL
        self._signal = signal.SIGPROF if of_processor else signal.SIGALRM

    def __enter__(self) -> None:
        if self._seconds > 0:
            self._old = signal.signal(self._signal, self._expire)
            signal.setitimer(self._clock, self._seconds, _AGAIN)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._seconds > 0:
            signal.setitimer(self._clock, 0)
            signal.signal(self._signal, self._old)

    @staticmethod
    def _expire(_signal: int, _frame: FrameType | None) -> None:
        raise TimedOut
