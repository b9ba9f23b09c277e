# SPDX-License-Identifier: GPL-2.0-only
"""Something done in a process of its own, while this one does something else.

In: a function without arguments. Out: what it returns. Where there is no process to be had, or the
one that was is lost, the function is called here, when the result is asked for.
"""

from __future__ import annotations

from collections.abc import Callable
from types import TracebackType
from typing import Generic, TypeVar

from vmaconv.cocci.tree_run.crew import Crew, CrewMember, Lost

Made = TypeVar("Made")


class Errand(Generic[Made]):
    """A call that is under way.

    >>> with Errand(lambda: 6 * 7) as errand:
    ...     errand.result()
    42
    """

    def __init__(self, work: Callable[[], Made]) -> None:
        """Start `work`, whose result has to be one that pickle takes."""
        self._work = work
        self._crew: Crew[None, tuple[Made] | None] = Crew(lambda: self._obey)
        self._worker: CrewMember | None = None
        self._made: tuple[Made] | None = None
        try:
            self._worker = self._crew.hire()
            self._crew.begin(self._worker, None)
        except OSError:
            pass

    def _obey(self, _order: None) -> tuple[Made] | None:
        try:
            return (self._work(),)
        except Exception:
            # It will be raised where the result is asked for.
            return None

    def result(self) -> Made:
        """Wait for what the work returns; raises what it raises."""
        if self._made is None and self._worker is not None:
            answer = self._crew.answer(self._worker)
            self._worker = None
            self._made = answer if not isinstance(answer, Lost) else None
        if self._made is None:
            self._made = (self._work(),)
        return self._made[0]

    def __enter__(self) -> Errand[Made]:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._crew.close()
