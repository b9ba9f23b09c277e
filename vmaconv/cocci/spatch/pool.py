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

import gc
from collections.abc import Callable, Iterable, Iterator
from typing import TypeAlias

from vmaconv.cocci.script.limits import limit_memory
from vmaconv.cocci.script.script_values import Iterate, Plain
from vmaconv.cocci.spatch.group_result import GroupReport
from vmaconv.cocci.spatch.group_run import GroupRunner
from vmaconv.cocci.spatch.iterations import Iterations, may_iterate
from vmaconv.cocci.spatch.job import Job, again
from vmaconv.cocci.text.clock import Limit
from vmaconv.cocci.tree_run.crew import Crew, CrewMember, Lost, ended

MEMORY = 2 << 30
"""Bytes of address space that a worker may take."""

_COLLECT_AT = 200_000
"""New objects at which Python looks for garbage among them. Trees and what is found in them leave next to
none (`Unit.release`, `test_no_circles.py`): `Units` looks for that between files, when little else is
there. Looking while a file is at hand takes a twentieth of a run, as often as is Python's habit a fifth."""

_NO_WORKER = "EXN: no worker process could be started"

Answer: TypeAlias = GroupReport | dict[str, list[Plain]]
Order: TypeAlias = tuple[object, ...]
"""`("initialize",)`, `("run", GROUP)`, `("restart", ASKED, GROUPS)`, `("export",)`, or
`("finalize", MERGED)`."""


class Pool:
    """The workers of one job."""

    def __init__(self, job: Job) -> None:
        self._first = self._job = job
        self._iterations = Iterations()
        self._merged: dict[str, list[Plain]] = {}
        self._crew: Crew[Order, Answer] = Crew(self._serve, self._begin)

    def run(self) -> Iterator[GroupReport]:
        """Yield the reports: of `initialize`, of each group in order, of `finalize`.

        What comes after one that says `restart` is of a further run that a script asked for.
        """
        try:
            yield self._begin(self._crew.hire())
            for _ in range(self._count() - 1):
                self._begin(self._crew.hire())
            yield from self._noted(self._groups())
            while self._iterations or _finalizes(self._job):
                if not self._iterations:
                    yield from self._noted([self._finalize()])
                if (asked := self._iterations.take()) is None:
                    return
                yield GroupReport(restart=True)
                yield from self._noted(self._again(asked))
        finally:
            self._crew.close()

    def _count(self) -> int:
        """Return how many workers to have: one where what a script asks for depends on all files.

        Scripts look in variables of theirs whether they have asked for a run before.
        """
        if may_iterate(self._job.program.file):
            return 1
        return min(max(self._job.arguments.jobs, 1), max(len(self._job.groups), 1))

    def _noted(self, reports: Iterable[GroupReport]) -> Iterator[GroupReport]:
        """Note the further runs that reports ask for."""
        for report in reports:
            for asked in report.iterations:
                self._iterations.add(asked, self._job.program.words)
            yield report

    def _again(self, asked: Iterate) -> Iterator[GroupReport]:
        with Limit(self._first.arguments.timeout):
            self._job = again(self._first, asked)
        for worker in list(self._crew.workers):
            yield self._asked(worker, ("restart", asked, list(self._job.groups)))
        yield from self._groups()

    def _groups(self) -> Iterator[GroupReport]:
        groups = self._job.groups
        orders: list[Order] = [("run", index) for index in range(len(groups))]
        answers = self._crew.each(orders, self._limit, _is_spent)
        for group, answer in zip(groups, answers, strict=True):
            if isinstance(answer, GroupReport):
                yield answer
                continue
            report = GroupReport(group, failed=True)
            if not self._crew.workers:
                report.complaints.append(_NO_WORKER)
            elif isinstance(answer, Lost):
                report.complaints.append(f"EXN: {self._why(answer)} in {report.name}")
            yield report

    def _limit(self, order: Order) -> float:
        match order:
            case ("run", int(index)):
                return self._job.arguments.timeout * len(self._job.groups[index])
            case _:
                return self._job.arguments.timeout

    def _begin(self, worker: CrewMember) -> GroupReport:
        return self._asked(worker, ("initialize",))

    def _asked(self, worker: CrewMember, order: Order) -> GroupReport:
        """Give an order to a worker that is idle, and wait for the answer or the worker's end."""
        answer = self._crew.ask(worker, order, self._limit(order))
        if isinstance(answer, GroupReport):
            return answer
        if isinstance(answer, Lost):
            complaint = f"EXN: {self._why(answer)} in an initialize or finalize block"
            return GroupReport(complaints=[complaint], failed=True, exit_status=255)
        for name, parts in answer.items():
            self._merged.setdefault(name, []).extend(parts)
        return GroupReport()

    def _why(self, lost: Lost) -> str:
        if lost.died is None:
            return timed_out(self._job)
        return ended(lost.died)

    def _finalize(self) -> GroupReport:
        self._merged.clear()
        for worker in list(self._crew.workers):
            self._asked(worker, ("export",))
        workers = self._crew.workers
        last = workers[0] if len(workers) == 1 else None
        if last is None:
            last = self._crew.hire()
            self._begin(last)
        return self._asked(last, ("finalize", self._merged))

    def _serve(self) -> Callable[[Order], Answer]:
        """Begin as a worker, and return what obeys orders."""
        ready_worker()
        runner = GroupRunner(self._job, self._first)
        return lambda order: _obey(runner, order)


def ready_worker() -> None:
    """Set the limits of a process that runs rules over files."""
    limit_memory(MEMORY)
    gc.set_threshold(_COLLECT_AT)


def timed_out(job: Job) -> str:
    """Say that a limit was reached."""
    return f"no end within {job.arguments.timeout:g} seconds (--timeout)"


def _finalizes(job: Job) -> bool:
    return any(getattr(rule, "phase", "") == "finalize" for rule in job.program.steps)


def _is_spent(answer: Answer) -> bool:
    return isinstance(answer, GroupReport) and answer.spent


def _obey(runner: GroupRunner, order: Order) -> Answer:
    match order:
        case ("initialize",):
            return runner.initialize()
        case ("run", int(index)):
            return runner.run(index)
        case ("restart", Iterate() as asked, list(groups)):
            return runner.restart(asked, groups)
        case ("finalize", dict(merged)):
            return runner.finalize(merged)
        case _:
            return runner.exported()
