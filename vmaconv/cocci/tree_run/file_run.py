# SPDX-License-Identifier: GPL-2.0-only
"""One thing done with many files.

In: paths, and a function that makes something of each. Out: what it made, in the order of the
paths, for any number of workers. A file whose worker dies or runs out of memory is what a second
function makes of its path and the reason; the others are not touched by it. Time is the function's
to limit; a worker that does not keep to the limit is ended.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TypeVar

from vmaconv.cocci.text.deep_recursion import deep_recursion
from vmaconv.cocci.tree_run.crew import Crew, Lost, ended

Made = TypeVar("Made")

_FEW = 4
"""With fewer files than this, starting workers costs more than it saves."""


def over_files(
    paths: Sequence[str],
    work: Callable[[str], Made],
    failed: Callable[[str, str], Made],
    jobs: int = 1,
    seconds: float = 0,
    shared: Sequence[object] = (),
    tell: Callable[[str], object] = lambda _path: None,
    hear: Callable[[object], None] = lambda _told: None,
) -> Iterator[Made]:
    """Yield what `work` makes of each path, or `failed` of the path and what went wrong.

    `seconds` is the limit that `work` keeps (0: none), except where it hangs outside of Python.
    `shared` are large objects of before that what is made may hold: no copies are made of them. What is
    known only when the turn of a path has come, `tell` is asked for then, and `hear` takes it in where the
    work is done.

    >>> list(over_files(["a", "b"], str.upper, lambda path, why: why))
    ['A', 'B']
    """

    def limited(order: tuple[str, object]) -> Made:
        path, told = order
        try:
            hear(told)
            return work(path)
        except RecursionError:
            return failed(path, "nested too deeply")
        except MemoryError:
            return failed(path, "out of memory")
        except Exception as error:
            what = f"{type(error).__name__}: {error}"
            return failed(path, f"{what} (a bug of vmaconv: please report it)")

    orders = ((path, tell(path)) for path in paths)
    jobs = min(jobs, len(paths))
    if jobs <= 1 or len(paths) < _FEW:
        with deep_recursion():
            yield from map(limited, orders)
        return
    crew: Crew[tuple[str, object], Made] = Crew(lambda: limited, shared=shared)
    try:
        for _ in range(jobs):
            crew.hire()
        for path, made in zip(paths, crew.each(orders, lambda _order: seconds), strict=True):
            if isinstance(made, Lost):
                yield failed(path, lost_by(made, seconds))
            else:
                yield made
    finally:
        crew.close()


def lost_by(lost: Lost, seconds: float) -> str:
    """Say in words how an answer was lost."""
    if lost.died is None:
        return f"no end within {seconds:g} seconds"
    return ended(lost.died)
