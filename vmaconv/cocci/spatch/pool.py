# SPDX-License-Identifier: GPL-2.0-only
"""Processes that work on groups of files, and what stops one that does not end.

In: a `Job`. Out: the reports of its groups, in order, whatever becomes of single workers: one that
dies (out of memory, out of stack) or does not end costs the group that it had, and a new one takes
its place. Even `-j 1` has its files looked at in a process apart, for that reason.

A worker runs the `initialize` blocks when it begins; only the first one's output is kept. The
`finalize` blocks run at the end, in the one worker of `-j 1` or in a new one, which gets what the
others have left in `merge.NAME`, as in spatch.
"""

from __future__ import annotations

import contextlib
import faulthandler
import os
import pickle
import select
import signal
import struct
import sys
import time
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from vmaconv.cocci.script.limits import limit_memory
from vmaconv.cocci.script.script_values import Iterate, Plain
from vmaconv.cocci.spatch.group_result import Report
from vmaconv.cocci.spatch.group_run import Worker
from vmaconv.cocci.spatch.iterations import Iterations, may_iterate
from vmaconv.cocci.spatch.job import Job, again
from vmaconv.cocci.text.clock import Limit

MEMORY = 2 << 30
"""Bytes of address space that a worker may take."""

GRACE = 2.0
"""Seconds beyond the time limit after which a worker that has not reported is killed."""

_NO_WORKER = "EXN: no worker process could be started"

_HEAD = struct.Struct("<Q")

Answer = Report | dict[str, list[Plain]]


@dataclass(slots=True)
class _Process:
    """A worker process as its parent sees it."""

    pid: int
    orders: int
    answers: int
    buffer: bytearray = field(default_factory=bytearray)
    group: int | None = None
    deadline: float | None = None

    def order(self, what: object) -> bool:
        """Send an order; False if the worker is dead."""
        data = pickle.dumps(what)
        try:
            _write(self.orders, _HEAD.pack(len(data)) + data)
        except OSError:
            return False
        return True

    def hear(self) -> Answer | None:
        """Take in what the worker has sent; None while the answer is not whole, EOFError at the end."""
        chunk = os.read(self.answers, 1 << 16)
        if not chunk:
            raise EOFError
        self.buffer += chunk
        if len(self.buffer) < _HEAD.size:
            return None
        (size,) = _HEAD.unpack_from(self.buffer)
        if len(self.buffer) < _HEAD.size + size:
            return None
        answer: Answer = pickle.loads(self.buffer[_HEAD.size : _HEAD.size + size])
        del self.buffer[: _HEAD.size + size]
        return answer

    def bury(self) -> str:
        """End the process and say what it died of."""
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)
        for end in (self.orders, self.answers):
            os.close(end)
        _, status = os.waitpid(self.pid, 0)
        return f"its process ended ({_death(os.waitstatus_to_exitcode(status))})"


class Pool:
    """The workers of one job."""

    def __init__(self, job: Job) -> None:
        self._first = self._job = job
        self._iterations = Iterations()
        self._processes: list[_Process] = []
        self._merged: dict[str, list[Plain]] = {}
        self._next = 0

    def run(self) -> Iterator[Report]:
        """Yield the reports: of `initialize`, of each group in order, of `finalize`.

        What comes after one that says `restart` is of a further run that a script asked for.
        """
        try:
            first = self._spawn()
            yield self._wait(first)
            for _ in range(self._count() - 1):
                self._wait(self._spawn())
            yield from self._noted(self._groups())
            while self._iterations or _finalizes(self._job):
                if not self._iterations:
                    yield from self._noted([self._finalize()])
                if (asked := self._iterations.take()) is None:
                    return
                yield Report(restart=True)
                yield from self._noted(self._again(asked))
        finally:
            for process in self._processes:
                process.bury()

    def _count(self) -> int:
        """Return how many workers to have: one where what a script asks for depends on all files.

        Scripts look in variables of theirs whether they have asked for a run before.
        """
        if may_iterate(self._job.program.file):
            return 1
        return min(max(self._job.arguments.jobs, 1), max(len(self._job.groups), 1))

    def _noted(self, reports: Iterable[Report]) -> Iterator[Report]:
        """Note the further runs that reports ask for."""
        for report in reports:
            for asked in report.iterations:
                self._iterations.add(asked, self._job.program.words)
            yield report

    def _again(self, asked: Iterate) -> Iterator[Report]:
        with Limit(self._first.arguments.timeout):
            self._job = again(self._first, asked)
        self._next = 0
        for process in list(self._processes):
            process.order(("restart", asked, list(self._job.groups)))
            yield self._wait(process)
        yield from self._groups()

    def _groups(self) -> Iterator[Report]:
        reports: dict[int, Report] = {}
        shown = 0
        self._hand_out()
        while shown < len(self._job.groups):
            if shown in reports:
                yield reports.pop(shown)
                shown += 1
                continue
            if not self._processes:
                yield Report(self._job.groups[shown], complaints=[_NO_WORKER], failed=True)
                shown += 1
                continue
            for index, report in self._heard():
                reports[index] = report
            self._hand_out()

    def _hand_out(self) -> None:
        for process in list(self._processes):
            if process.group is None and self._next < len(self._job.groups):
                self._give(process, self._next)
                self._next += 1

    def _give(self, process: _Process, index: int) -> None:
        limit = self._job.arguments.timeout * len(self._job.groups[index])
        process.group = index
        process.deadline = time.monotonic() + limit + GRACE if limit > 0 else None
        process.order(("run", index))

    def _heard(self) -> Iterator[tuple[int, Report]]:
        """Yield what has come in, after waiting for something."""
        busy = [p for p in self._processes if p.group is not None]
        now = time.monotonic()
        deadlines = [p.deadline for p in busy if p.deadline is not None]
        wait = max(min(deadlines) - now, 0) if deadlines else None
        ready, _, _ = select.select([p.answers for p in busy], [], [], wait)
        for process in busy:
            index = process.group
            assert index is not None
            if process.answers in ready:
                try:
                    answer = process.hear()
                except (EOFError, OSError, pickle.UnpicklingError):
                    yield index, self._lost(process, index, "")
                    continue
                if isinstance(answer, Report):
                    process.group = process.deadline = None
                    if answer.spent:
                        self._processes.remove(process)
                        process.bury()
                        self._wait(self._spawn())
                    yield index, answer
            elif process.deadline is not None and time.monotonic() >= process.deadline:
                yield index, self._lost(process, index, timed_out(self._job))

    def _lost(self, process: _Process, index: int, why: str) -> Report:
        """Report a group whose worker is gone, and put another in its place."""
        self._processes.remove(process)
        died = process.bury()
        report = Report(self._job.groups[index], failed=True)
        report.complaints.append(f"EXN: {why or died} in {report.name}")
        self._wait(self._spawn())
        return report

    def _spawn(self) -> _Process:
        orders_in, orders_out = os.pipe()
        answers_in, answers_out = os.pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        pid = os.fork()
        if pid == 0:
            others = [end for p in self._processes for end in (p.orders, p.answers)]
            for end in (orders_out, answers_in, *others):
                os.close(end)
            _serve(self._job, self._first, orders_in, answers_out)
        os.close(orders_in)
        os.close(answers_out)
        process = _Process(pid, orders_out, answers_in)
        self._processes.append(process)
        return process

    def _wait(self, process: _Process) -> Report:
        """Wait for a worker's answer to the last order, or for its end."""
        limit = self._job.arguments.timeout
        end = time.monotonic() + limit + GRACE if limit > 0 else None
        try:
            while True:
                left = None if end is None else max(end - time.monotonic(), 0)
                if not select.select([process.answers], [], [], left)[0]:
                    return self._gone(process, timed_out(self._job))
                answer = process.hear()
                if isinstance(answer, Report):
                    return answer
                if isinstance(answer, dict):
                    for name, parts in answer.items():
                        self._merged.setdefault(name, []).extend(parts)
                    return Report()
        except (EOFError, OSError):
            return self._gone(process, "")

    def _gone(self, process: _Process, why: str) -> Report:
        self._processes.remove(process)
        died = process.bury()
        complaint = f"EXN: {why or died} in an initialize or finalize block"
        return Report(complaints=[complaint], failed=True, exit_status=255)

    def _finalize(self) -> Report:
        self._merged.clear()
        for process in list(self._processes):
            if process.order("export"):
                self._wait(process)
        last = self._processes[0] if len(self._processes) == 1 else None
        if last is None:
            last = self._spawn()
            self._wait(last)
        last.order(("finalize", self._merged))
        return self._wait(last)


def timed_out(job: Job) -> str:
    """Say that a limit was reached."""
    return f"no end within {job.arguments.timeout:g} seconds (--timeout)"


def _death(code: int) -> str:
    if code < 0:
        return signal.Signals(-code).name
    return f"exit status {code}"


def _finalizes(job: Job) -> bool:
    return any(getattr(rule, "phase", "") == "finalize" for rule in job.program.steps)


def _serve(job: Job, first: Job, orders: int, answers: int) -> None:
    """Be a worker: begin, obey orders until they end, and leave without a word."""
    status = 0
    try:
        faulthandler.disable()
        # Ctrl-C is for the parent, which ends the workers.
        signal.signal(signal.SIGINT, signal.SIG_IGN)
        limit_memory(MEMORY)
        sys.setrecursionlimit(20000)
        worker = Worker(job, first)
        _answer(answers, worker.initialize())
        while (order := _next_order(orders)) is not None:
            _answer(answers, _obey(worker, order))
    except (EOFError, BrokenPipeError):
        pass
    except BaseException:
        status = 1
        sys.excepthook(*sys.exc_info())
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(status)


def _obey(worker: Worker, order: object) -> Answer:
    match order:
        case ("run", int(index)):
            return worker.run(index)
        case ("restart", Iterate() as asked, list(groups)):
            return worker.restart(asked, groups)
        case ("finalize", dict(merged)):
            return worker.finalize(merged)
        case _:
            return worker.exported()


def _next_order(source: int) -> object:
    head = _read(source, _HEAD.size)
    return pickle.loads(_read(source, _HEAD.unpack(head)[0]))


def _answer(target: int, answer: Answer) -> None:
    data = pickle.dumps(answer)
    _write(target, _HEAD.pack(len(data)) + data)


def _read(source: int, size: int) -> bytes:
    found = bytearray()
    while len(found) < size:
        chunk = os.read(source, size - len(found))
        if not chunk:
            raise EOFError
        found += chunk
    return bytes(found)


def _write(target: int, data: bytes) -> None:
    left = memoryview(data)
    while left:
        left = left[os.write(target, left) :]
