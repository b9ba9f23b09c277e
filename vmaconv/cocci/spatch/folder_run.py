# SPDX-License-Identifier: GPL-2.0-only
"""Running all rule files of a folder, file by file: each C file is read and parsed once.

In: a `FolderJob`. Out: reports, with the number of the job that each is of, in the order of the
files and, for one file, of the rule files; whatever becomes of single workers.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeAlias

from vmaconv.cocci.spatch.folder_job import FolderJob, Group
from vmaconv.cocci.spatch.group_result import GroupReport
from vmaconv.cocci.spatch.group_run import GroupRunner
from vmaconv.cocci.spatch.pool import ready_worker
from vmaconv.cocci.spatch.units import Units
from vmaconv.cocci.tree_run.crew import Crew, CrewMember, Lost, ended

Numbered: TypeAlias = tuple[int, GroupReport]
Order: TypeAlias = tuple[int, Group]
"""The number of a group, and its files; number -1 has the `initialize` blocks run."""


class FolderPool:
    """The workers of one run."""

    def __init__(self, folder: FolderJob, jobs: int) -> None:
        self._folder = folder
        self._count = min(max(jobs, 1), max(len(folder.groups), 1))
        self._crew: Crew[Order, list[Numbered]] = Crew(self._serve, self._begin)

    def run(self) -> Iterator[Numbered]:
        """Yield the reports of the `initialize` blocks, then of each group."""
        try:
            yield from self._begin(self._crew.hire())
            for _ in range(self._count - 1):
                self._begin(self._crew.hire())
            orders: list[Order] = list(enumerate(self._folder.groups))
            answers = self._crew.each(orders, self._limit, _is_spent)
            for (_, group), answer in zip(orders, answers, strict=True):
                yield from self._heard(group, answer)
        finally:
            self._crew.close()

    def _heard(self, group: Group, answer: list[Numbered] | Lost) -> list[Numbered]:
        if not isinstance(answer, Lost):
            return answer
        first = self._folder.groups[group][0]
        why = "no end in time (--timeout)"
        if answer.died is not None:
            why = ended(answer.died)
        complaint = f"EXN: {why} in {' '.join(group)}"
        return [(first, GroupReport(group, complaints=[complaint], failed=True))]

    def _limit(self, order: Order) -> float:
        numbers = self._folder.groups.get(order[1], range(len(self._folder.jobs)))
        limits = (self._folder.jobs[number].arguments.timeout for number in numbers)
        return sum(limits) * max(len(order[1]), 1)

    def _begin(self, worker: CrewMember) -> list[Numbered]:
        order: Order = (-1, ())
        return self._heard_begin(self._crew.ask(worker, order, self._limit(order)))

    @staticmethod
    def _heard_begin(answer: list[Numbered] | Lost) -> list[Numbered]:
        if not isinstance(answer, Lost):
            return answer
        complaint = "EXN: a worker process ended in an initialize block"
        return [(0, GroupReport(complaints=[complaint], failed=True, exit_status=255))]

    def _serve(self) -> Callable[[Order], list[Numbered]]:
        ready_worker()
        units = Units()
        runners = runners_of(self._folder, units)

        def obey(order: Order) -> list[Numbered]:
            number, group = order
            if number < 0:
                return initialized(runners)
            units.forget()
            numbers = self._folder.groups[group]
            return [(n, runners[n].run_over(group)) for n in numbers]

        return obey


def runners_of(folder: FolderJob, units: Units | None = None) -> list[GroupRunner]:
    """Return what runs the rule files; the first one with scripts starts their process at once.

    That one tells whether scripts can be held at all. Few rule files have a block that runs, and a
    process for each would cost more than most of them do.
    """
    units = units or Units()
    runners: list[GroupRunner] = []
    for job in folder.jobs:
        first = not any(runner.has_scripts for runner in runners)
        runners.append(GroupRunner(job, units=units, at_once=first))
    return runners


def initialized(runners: Sequence[GroupRunner]) -> list[Numbered]:
    """Run the `initialize` blocks of all rule files; what says that scripts can be held says it once."""
    reports: list[Numbered] = []
    held = False
    for number, runner in enumerate(runners):
        report = runner.initialize(held)
        held = held or (runner.has_scripts and not report.failed)
        reports.append((number, report))
    return reports


def _is_spent(answer: Sequence[Numbered]) -> bool:
    return any(report.spent for _, report in answer)
