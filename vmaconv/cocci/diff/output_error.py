# SPDX-License-Identifier: GPL-2.0-only
"""Errors of output: a code, a place and a remedy.

In: nothing. Out: exceptions; the command line maps them to exit codes. Nothing here prints.
"""

from __future__ import annotations

from typing import ClassVar


class OutputError(Exception):
    """Output could not be made or applied; `what` says why, `remedy` what the person can do."""

    code: ClassVar[str] = "output"

    def __init__(self, what: str, *, remedy: str = "", place: str = "") -> None:
        super().__init__(what)
        self.what = what
        self.remedy = remedy
        self.place = place


class HunkMismatch(OutputError):
    """A hunk does not fit the text that it is applied to."""

    code = "hunk-mismatch"
