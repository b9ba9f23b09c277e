# SPDX-License-Identifier: GPL-2.0-only
"""The results for the files of a group.

In: nothing. Out: `GroupReport`s, plain values that cross from a worker to the process that prints.
"""

from __future__ import annotations

from msgspec import Struct, field

from vmaconv.cocci.script.script_values import Iterate


class Changed(Struct):
    """A file that rules matched: what is shown of it, and its new text if rules changed it."""

    path: str
    diff: bytes = b""
    text: bytes | None = None
    """None where the file stays as it is: a `*` rule only points at lines."""
    header: bool = False
    """Whether it is a header that a file of the group includes."""


class GroupReport(Struct):
    """What became of a group of files.

    `printed` is what scripts printed, `complaints` are lines for stderr, `exit_status` is set once
    a script has called `sys.exit`, which ends the run. `skipped` says that no rule can match there,
    for want of a word.
    """

    paths: tuple[str, ...] = ()
    printed: str = ""
    printed_to_stderr: str = ""
    changed: list[Changed] = field(default_factory=list)
    complaints: list[str] = field(default_factory=list)
    exit_status: int | None = None
    skipped: bool = False
    failed: bool = False
    spent: bool = False
    """Whether the worker can do no more, and another has to take its place."""
    iterations: tuple[Iterate, ...] = ()
    """Further runs that scripts have asked for."""
    restart: bool = False
    """Whether such a run begins: what was changed so far is the business of the one before."""

    @property
    def name(self) -> str:
        """The names of the files, as spatch writes them in a row."""
        return " ".join(self.paths)
