# SPDX-License-Identifier: GPL-2.0-only
"""Whether the engine under test is the one that mypyc compiled (`make fast`)."""

from __future__ import annotations

import importlib
import time
from collections.abc import Callable
from importlib.machinery import EXTENSION_SUFFIXES

import pytest

from vmaconv.cocci.match import search

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
    """Return the least of three times that something takes, in microseconds of the processor.

    For what is counted by way of a function that C would call past: how it grows shows in time as well,
    as long as what it is compared with leaves room.
    """
    taken = []
    for _ in range(3):
        start = time.process_time_ns()
        run()
        taken.append(time.process_time_ns() - start)
    return min(taken) // 1000
