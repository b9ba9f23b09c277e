# SPDX-License-Identifier: GPL-2.0-only
"""What a person at a terminal sees while they wait: on stderr, and gone in the end."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from typing import TypeVar

_T = TypeVar("_T")
_PATIENCE = 0.5
"""Seconds before a progress bar is shown."""


@contextmanager
def progress_bar(label: str, total: int) -> Iterator[Callable[[int], None]]:
    """Show a bar; what it gives takes how many of `total` are done."""
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        task = progress.add_task(label, total=total)
        yield lambda done: progress.update(task, completed=done)


@contextmanager
def status(label: str) -> Iterator[None]:
    """Show that something goes on whose end cannot be told."""
    if not sys.stderr.isatty():
        yield
        return
    from rich.console import Console

    with Console(stderr=True).status(label):
        yield


def shown(outcomes: Iterator[_T], total: int) -> Iterator[_T]:
    """Pass outcomes on; who has to wait sees a bar, which goes in the end."""
    start = time.monotonic()
    with ExitStack() as stack:
        advance: Callable[[int], None] | None = None
        for number, outcome in enumerate(outcomes, 1):
            if advance is None and time.monotonic() - start > _PATIENCE:
                advance = stack.enter_context(progress_bar("Converting", total))
            if advance is not None:
                advance(number)
            yield outcome
