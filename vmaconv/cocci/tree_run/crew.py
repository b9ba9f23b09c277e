# SPDX-License-Identifier: GPL-2.0-only
"""Worker processes that do one order after the other, and may die.

In: a function that makes, in a new process, the one that obeys orders; orders. Out: an answer for
each, in the order of the orders, whatever becomes of single workers: one that dies (out of memory,
out of stack, killed) or does not end in time costs the order that it had, which comes back as
`Lost`, and a new one takes its place.

Workers are forked, so what was loaded before is theirs, too. Orders and answers go through pipes;
both ends are ours.
"""

from __future__ import annotations

import contextlib
import faulthandler
import gc
import os
import pickle
import select
import signal
import struct
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Generic, TypeVar, cast

from msgspec import Struct, field

from vmaconv.cocci.tree_run.messages import Messages

Order = TypeVar("Order")
Answer = TypeVar("Answer")

GRACE = 2.0
"""Seconds beyond its time limit after which a worker that has not answered is killed."""

_DEEPEST = 20_000
"""How deep Python may recurse in a worker: expressions of a thousand operands are legal C."""

_HEAD = struct.Struct("<Q")


class Lost(Struct, frozen=True):
    """An order without an answer; `died` says what its worker died of, or None for no time left."""

    died: int | None


class CrewMember(Struct):
    """A worker process as its parent sees it; `task` is the number of the order that it has."""

    pid: int
    orders: int
    answers: int
    buffer: bytearray = field(default_factory=bytearray)
    task: int | None = None
    deadline: float | None = None


class Crew(Generic[Order, Answer]):
    """The workers of a run."""

    def __init__(
        self,
        serve: Callable[[], Callable[[Order], Answer]],
        greet: Callable[[CrewMember], object] | None = None,
        shared: Sequence[object] = (),
    ) -> None:
        """`serve` is called in each new process, and what it returns for each order there.

        `greet` is called for a worker that takes another's place, before it gets its order.
        `shared` are large objects that answers may hold (rules): they stay where they are.
        """
        self._serve = serve
        self._messages = Messages(shared)
        self._greet = greet
        self.workers: list[CrewMember] = []

    def hire(self) -> CrewMember:
        """Start another worker; raises OSError where the system has no process or pipe left."""
        flush_streams()
        orders_in, orders_out = os.pipe()
        answers_in, answers_out = os.pipe()
        # Ctrl-C must not come between the fork and the worker's turning it off.
        before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            pid = os.fork()
        except OSError:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)
            for end in (orders_in, orders_out, answers_in, answers_out):
                os.close(end)
            raise
        if pid == 0:
            others = [end for worker in self.workers for end in (worker.orders, worker.answers)]
            for end in (orders_out, answers_in, *others):
                os.close(end)
            # What was loaded before stays: no search for garbage has to look at it again.
            gc.freeze()
            _work(self._serve, self._messages, orders_in, answers_out)
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
        os.close(orders_in)
        os.close(answers_out)
        worker = CrewMember(pid, orders_out, answers_in)
        self.workers.append(worker)
        return worker

    def ask(self, worker: CrewMember, order: Order, seconds: float = 0) -> Answer | Lost:
        """Give a worker that is idle an order and wait for the answer; 0 for no limit.

        A worker that is lost over it is no longer of the crew.
        """
        self.begin(worker, order, seconds)
        return self.answer(worker)

    def begin(self, worker: CrewMember, order: Order, seconds: float = 0) -> None:
        """Give a worker that is idle an order, and do not wait; `answer` does."""
        self._give(worker, 0, order, seconds)

    def answer(self, worker: CrewMember) -> Answer | Lost:
        """Wait for the answer to the order that was begun."""
        while True:
            for _, answer in self._heard([worker]):
                worker.task = worker.deadline = None
                return answer

    def each(
        self,
        orders: Iterable[Order],
        seconds: Callable[[Order], float] = lambda _order: 0,
        is_last: Callable[[Answer], bool] = lambda _answer: False,
    ) -> Iterator[Answer | Lost]:
        """Have the workers do all orders; yields the answers in the order of the orders.

        An order is asked for when there is a worker for it; `seconds` is its time limit. A worker whose
        answer `is_last` is replaced, as one that is lost. Without any worker left, and none to be
        had, the rest is `Lost`.
        """
        done: dict[int, Answer | Lost] = {}
        shown = given = 0
        left = iter(orders)
        while True:
            idle = [worker for worker in self.workers if worker.task is None]
            for worker, order in zip(idle, left, strict=False):
                self._give(worker, given, order, seconds(order))
                given += 1
            busy = [worker for worker in self.workers if worker.task is not None]
            if not busy:
                yield from (Lost(0) for _ in left)
                return
            for worker, answer in self._heard(busy):
                assert worker.task is not None
                done[worker.task] = answer
                worker.task = worker.deadline = None
                if isinstance(answer, Lost):
                    self._replace()
                elif is_last(answer):
                    self.dismiss(worker)
                    self._replace()
            while shown in done:
                yield done.pop(shown)
                shown += 1

    def _replace(self) -> None:
        with contextlib.suppress(OSError):
            worker = self.hire()
            if self._greet is not None:
                self._greet(worker)

    def dismiss(self, worker: CrewMember) -> int:
        """End a worker; return its exit code, negative for the signal that it died of."""
        self.workers.remove(worker)
        for end in (worker.orders, worker.answers):
            os.close(end)
        # One that is dead already keeps its own code.
        with contextlib.suppress(ProcessLookupError):
            os.kill(worker.pid, signal.SIGKILL)
        try:
            return os.waitstatus_to_exitcode(os.waitpid(worker.pid, 0)[1])
        except ChildProcessError:
            return 0

    def close(self) -> None:
        """End all workers."""
        for worker in list(self.workers):
            self.dismiss(worker)

    def _give(self, worker: CrewMember, task: int, order: Order, seconds: float) -> None:
        worker.task = task
        worker.deadline = time.monotonic() + seconds + GRACE if seconds > 0 else None
        with contextlib.suppress(OSError):  # A dead worker is found when it is listened to.
            _send(worker.orders, self._messages.packed(order))

    def _heard(self, busy: Sequence[CrewMember]) -> Iterator[tuple[CrewMember, Answer | Lost]]:
        """Wait for something, and yield whole answers and losses."""
        deadlines = [worker.deadline for worker in busy if worker.deadline is not None]
        wait = max(min(deadlines) - time.monotonic(), 0) if deadlines else None
        ready, _, _ = select.select([worker.answers for worker in busy], [], [], wait)
        for worker in busy:
            if worker.answers in ready:
                try:
                    answers = [self._messages.unpacked(data) for data in _taken(worker)]
                except (EOFError, OSError, pickle.UnpicklingError):
                    yield worker, Lost(self.dismiss(worker))
                    continue
                yield from ((worker, cast(Answer, answer)) for answer in answers)
            elif worker.deadline is not None and time.monotonic() >= worker.deadline:
                self.dismiss(worker)
                yield worker, Lost(None)


def _taken(worker: CrewMember) -> list[bytearray]:
    """Take in what a worker has sent; nothing while that is no whole answer, EOFError at its end."""
    chunk = os.read(worker.answers, 1 << 16)
    if not chunk:
        raise EOFError
    worker.buffer += chunk
    if len(worker.buffer) < _HEAD.size:
        return []
    end = _HEAD.size + _HEAD.unpack_from(worker.buffer)[0]
    if len(worker.buffer) < end:
        return []
    answer = worker.buffer[_HEAD.size : end]
    del worker.buffer[:end]
    return [answer]


def _work(
    serve: Callable[[], Callable[[Order], Answer]], messages: Messages, orders: int, answers: int
) -> None:
    """Be a worker: obey orders until they end, and leave without a word."""
    status = 0
    try:
        faulthandler.disable()
        # Ctrl-C is for the parent, which ends the workers; whatever else ends them, does so at once.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT})
        for number in (signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_DFL)
        sys.setrecursionlimit(_DEEPEST)
        obey = serve()
        while True:
            answer = obey(cast(Order, messages.unpacked(_receive(orders))))
            _send(answers, messages.packed(answer))
    except (EOFError, BrokenPipeError):
        pass
    except MemoryError:
        status = OUT_OF_MEMORY
    except BaseException:
        status = 1
        sys.excepthook(*sys.exc_info())
    finally:
        with contextlib.suppress(OSError, ValueError):
            flush_streams()
        os._exit(status)


def flush_streams() -> None:
    """Flush the standard streams, which are None where a program begins without them."""
    for stream in (sys.stdout, sys.stderr):
        if stream is not None:
            stream.flush()


OUT_OF_MEMORY = 77
"""The exit code of a worker that had no memory left."""


def ended(code: int) -> str:
    """Say in words that a worker ended, and of what."""
    return f"its process ended ({death(code)})"


def death(code: int) -> str:
    """Say what a worker died of.

    >>> death(-9), death(OUT_OF_MEMORY), death(3)
    ('SIGKILL', 'out of memory', 'exit status 3')
    """
    if code == OUT_OF_MEMORY:
        return "out of memory"
    if code < 0:
        return signal.Signals(-code).name
    return f"exit status {code}"


def _send(target: int, data: bytes) -> None:
    left = memoryview(_HEAD.pack(len(data)) + data)
    while left:
        left = left[os.write(target, left) :]


def _receive(source: int) -> bytes:
    return _read(source, _HEAD.unpack(_read(source, _HEAD.size))[0])


def _read(source: int, size: int) -> bytes:
    found = bytearray()
    while len(found) < size:
        chunk = os.read(source, size - len(found))
        if not chunk:
            raise EOFError
        found += chunk
    return bytes(found)
