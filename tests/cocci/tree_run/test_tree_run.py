# SPDX-License-Identifier: GPL-2.0-only
"""Workers may die, run out of memory or never end: that costs their file, and no other."""

from __future__ import annotations

import os
import resource
import signal
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from vmaconv.cocci.tree_run.crew import Crew, Lost
from vmaconv.cocci.tree_run.file_run import over_files

PATHS = [f"{number}.c" for number in range(12)]


def result(path: str, what: Callable[[], object]) -> str:
    if path == "5.c":
        what()
    return path.upper()


def deep(level: int = 0) -> int:
    return deep(level + 1) + 1


def eat() -> None:
    resource.setrlimit(resource.RLIMIT_AS, (1 << 28, resource.RLIM_INFINITY))
    bytearray(1 << 30)


@pytest.mark.parametrize(
    ("what", "why"),
    [
        (lambda: os.kill(os.getpid(), signal.SIGKILL), "its process ended (SIGKILL)"),
        (lambda: os.kill(os.getpid(), signal.SIGSEGV), "its process ended (SIGSEGV)"),
        (lambda: os.kill(os.getpid(), signal.SIGTERM), "its process ended (SIGTERM)"),
        (lambda: os._exit(3), "its process ended (exit status 3)"),
        (eat, "out of memory"),
        (deep, "nested too deeply"),
        (lambda: [].index(1), "ValueError: 1 is not in list (a bug of vmaconv: please report it)"),
        (lambda: time.sleep(60), "no end within 0.3 seconds"),
    ],
    ids=["kill", "segv", "term", "exit", "memory", "stack", "bug", "time"],
)
def test_a_file_that_is_lost_costs_no_other(what: Callable[[], object], why: str) -> None:
    seconds = 0.3 if why.startswith("no end") else 0
    made = over_files(
        PATHS, lambda path: result(path, what), lambda path, why: f"{path}: {why}", 2, seconds
    )
    assert list(made) == [p.upper() if p != "5.c" else f"5.c: {why}" for p in PATHS]


def test_without_workers_too() -> None:
    made = list(over_files(PATHS, lambda path: result(path, deep), lambda _path, why: why, 1))
    assert made == [p.upper() if p != "5.c" else "nested too deeply" for p in PATHS]


@pytest.mark.parametrize("jobs", [1, 2])
def test_what_is_told_late_reaches_the_work(jobs: int) -> None:
    heard: list[object] = []
    asked: list[str] = []

    def tell(path: str) -> int:
        asked.append(path)
        return len(asked)

    made = over_files(
        PATHS,
        lambda path: f"{path} {heard[-1]}",
        lambda _path, why: why,
        jobs,
        tell=tell,
        hear=heard.append,
    )
    first = next(made)
    assert (first, len(asked) < len(PATHS)) == ("0.c 1", True)
    assert list(made) == [f"{path} {number}" for number, path in enumerate(PATHS[1:], 2)]


def test_all_workers_may_die_again_and_again() -> None:
    def dying(path: str) -> str:
        os.kill(os.getpid(), signal.SIGKILL)
        return path

    made = over_files(PATHS, dying, lambda path, _why: path, 2)
    assert list(made) == PATHS


def children() -> set[str]:
    """Return the process's children, ended ones that nobody waited for included (proc(5))."""
    lists = list(Path("/proc/self/task").glob("*/children"))
    assert lists
    return {pid for one in lists for pid in one.read_text().split()}


def test_large_answers_in_order_and_no_process_left() -> None:
    before = children()
    made = list(over_files(PATHS, lambda path: path * 100_000, lambda _path, why: why, 3))
    assert made == [path * 100_000 for path in PATHS]
    # What an earlier test of this process left is none of ours.
    assert children() <= before


def test_a_worker_that_is_asked_for_one_thing() -> None:
    crew: Crew[int, int] = Crew(lambda: lambda order: 10 // order)
    try:
        worker = crew.hire()
        assert crew.ask(worker, 2) == 5
        assert list(crew.each([1, 5, 10])) == [10, 2, 1]
        assert isinstance(crew.ask(worker, 0), Lost)
        assert crew.workers == []
    finally:
        crew.close()
