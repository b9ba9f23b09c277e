# SPDX-License-Identifier: GPL-2.0-only
"""Whether the engine under test is the one that mypyc compiled (`make fast`)."""

from __future__ import annotations

import gc
import importlib
import sys
import time
from collections.abc import Callable
from importlib.machinery import EXTENSION_SUFFIXES

import pytest

from vmaconv.cocci.match import search

TRIES = 8

COMPILED = search.__file__.endswith(tuple(EXTENSION_SUFFIXES))

replace = importlib.import_module("vmaconv.spelled" if COMPILED else "msgspec.structs").replace
"""`msgspec.structs.replace()`, or what takes its place where Structs are spelled out for C."""

interpreted = pytest.mark.skipif(COMPILED, reason="C calls past what this test puts in its way")
"""For tests that replace a function of the engine: compiled code calls it directly."""

recursive = pytest.mark.skipif(COMPILED, reason="C nests deeper than Python before it gives up")
"""For tests of Python's limit of nested calls."""

counted = pytest.mark.skipif(COMPILED, reason="lines of C are not counted: those of Python are")
"""For tests that count the lines of Python that run."""


def processor_time(run: Callable[[], object]) -> int:
    """Return how long something takes, in microseconds of the processor and without the collector.

    For what is counted by way of a function that C would call past: how it grows shows in time as well,
    as long as what it is compared with leaves room. The collector looks through whatever other tests
    have left, so it would time those.
    """
    collects = gc.isenabled()
    gc.disable()
    start = time.process_time_ns()
    try:
        run()
        return (time.process_time_ns() - start) // 1000
    finally:
        if collects:
            gc.enable()


def grows_no_faster(work: Callable[[int], int], small: int, large: int, most: float) -> bool:
    """Return whether `work(large)` is under so many times `work(small)`, in the best of some tries.

    A machine that is busy makes a try slow now and then; work that grows too fast is slow in each.
    """
    least_small = least_large = sys.maxsize
    for _ in range(TRIES):
        least_small = min(least_small, work(small))
        least_large = min(least_large, work(large))
        if least_large < most * least_small:
            return True
    return False
