# SPDX-License-Identifier: GPL-2.0-only
"""A limit on the time that a piece of work takes.

In: seconds. Out: `TimedOut`, raised in the middle of the work. Works in the main thread of a
process, with SIGALRM; in another thread there is no limit. Scripts have limits of their own.
"""

from __future__ import annotations

import signal
import threading
from types import FrameType, TracebackType

FILE_LIMIT = 300.0
"""Seconds that the rules may take for one file, in every command."""


class TimedOut(BaseException):
    """Work took longer than its limit; not an Exception, so that nothing catches it unawares."""


class Limit:
    """Raise `TimedOut` in the block if it takes longer than some seconds (0: no limit).

    with Limit(10.0):
        runner.run()
    """

    def __init__(self, seconds: float) -> None:
        main = threading.current_thread() is threading.main_thread()
        self._seconds = seconds if main else 0.0

    def __enter__(self) -> None:
        if self._seconds > 0:
            self._old = signal.signal(signal.SIGALRM, self._expire)
            signal.setitimer(signal.ITIMER_REAL, self._seconds)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._seconds > 0:
            signal.setitimer(signal.ITIMER_REAL, 0)
            signal.signal(signal.SIGALRM, self._old)

    @staticmethod
    def _expire(_signal: int, _frame: FrameType | None) -> None:
        raise TimedOut
