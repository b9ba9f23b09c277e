# SPDX-License-Identifier: GPL-2.0-only
"""A limit on the time that a piece of work takes.

In: seconds. Out: `TimedOut`, raised in the middle of the work. Works in the main thread of a
process, with SIGALRM; scripts have limits of their own in `limits`, by other signals.
"""

from __future__ import annotations

import signal
from types import FrameType, TracebackType


class TimedOut(BaseException):
    """Work took longer than --timeout; not an Exception, so that no script can catch it."""


class Limit:
    """Raise `TimedOut` in the block if it takes longer than some seconds (0: no limit).

    with Limit(10.0):
        runner.run()
    """

    def __init__(self, seconds: float) -> None:
        self._seconds = seconds

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
