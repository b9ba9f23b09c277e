# SPDX-License-Identifier: GPL-2.0-only
"""The line that is asked about, while rules change the text.

In: a `Runner`, and a line of its file as it was. Out: the bytes of that line in the text as it is now,
and the way back.
"""

from __future__ import annotations

from vmaconv.cocci.engine.run import Runner
from vmaconv.cocci.tree.unit import Unit


class AskedPlace:
    """The line that is asked about, wherever rules have moved it to."""

    def __init__(self, runner: Runner, line: int | None) -> None:
        """`line` is from 1, None for all of the file; no rule has run yet."""
        self._runner = runner
        self.line = line
        self._range = runner.unit.line_range(line) if line is not None else None
        self._original: Unit = runner.unit

    def range(self) -> tuple[int, int]:
        """Return the bytes of the line in the text as it is now, or of all the text."""
        if self._range is None:
            return 0, len(self._runner.unit.text)
        forward = self._runner.result.forward
        places = [forward(offset) for offset in range(*self._range)]
        left = [place for place in places if place is not None]
        if left:
            return min(left), max(left) + 1
        # All of it was rewritten: what stands around it.
        before = next(
            (p for o in range(self._range[0], -1, -1) if (p := forward(o)) is not None), 0
        )
        return before, before + 1

    def original_line(self, offset: int) -> int:
        """Return the line of the file as it was that a byte of the text as it is now came from."""
        return self._original.line(self._runner.result.backward(offset))
