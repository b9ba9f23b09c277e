# SPDX-License-Identifier: GPL-2.0-only
"""What was found out about a change: plain values.

In: nothing. Out: `Proof`, with a `Judgement` for each function that was touched or that calls what
changed. Lines count from 1, in the text after (or before, where the function is gone).
"""

from __future__ import annotations

from enum import Enum

from msgspec import Struct


class Verdict(Enum):
    """What is known of a function; the values are what is printed."""

    PROVEN = "proven"
    DIFFERS = "differs"
    UNDECIDED = "undecided"
    NOT_JUDGED = "not judged"


class Side(Struct, frozen=True):
    """One side of an example: a line of a file, its text, and what comes of it."""

    line: int
    text: str
    value: str


class Example(Struct, frozen=True):
    """Where two texts part: the flags that are set, the configuration, and what comes of each.

    `flags` says what is what before the line, `configuration` holds `CONFIG_X=y` or `=n`.
    """

    flags: tuple[str, ...]
    configuration: tuple[str, ...]
    before: Side
    after: Side


class Judgement(Struct, frozen=True):
    """The verdict on one function."""

    file: str
    function: str
    line: int
    verdict: Verdict
    reason: str = ""
    example: Example | None = None


class Proof(Struct, frozen=True):
    """All judgements on a change, in the order of files and lines; `base` names the text before."""

    base: str
    judgements: tuple[Judgement, ...]

    def having(self, verdict: Verdict) -> tuple[Judgement, ...]:
        """Return the judgements of one verdict."""
        return tuple(j for j in self.judgements if j.verdict is verdict)
