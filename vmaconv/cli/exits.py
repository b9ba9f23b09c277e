# SPDX-License-Identifier: GPL-2.0-only
"""Exit codes, and the one table that maps errors to them.

In: an exception. Out: exit code and what is printed on stderr.
"""

from __future__ import annotations

import errno

from msgspec import Struct

from vmaconv.cli.echo import echo
from vmaconv.cli.streams import CLOSED

OK = 0
LEFT = 1
USAGE = 2
TREE = 3
RULE = 4
OUTPUT = 5
FILES = 6
BROKEN = 7
UNDECIDED = 8
INTERRUPTED = 130

MEANINGS = {
    OK: "done; also when there was nothing to convert",
    LEFT: "--strict was given and uses were left to a person; prove: something differs",
    USAGE: "the command line was not understood",
    TREE: "the tree or a file of it cannot be used",
    RULE: "a rule file has an error",
    OUTPUT: "the output was refused or could not be written; nothing was lost",
    FILES: "some files could not be read or written; the others were done",
    BROKEN: "a patch of the series does not build; the series was written all the same",
    UNDECIDED: "prove: nothing differs, but something is undecided",
    INTERRUPTED: "interrupted; every file is either untouched or completely converted",
}
"""What scripts may rely on; `vmaconv --help` prints it."""


class ErrorReport(Struct, frozen=True):
    """What is said of an error: its exit code, what is wrong and what to do."""

    code: int
    what: str
    remedy: str = ""
    quote: str = ""


class Failure(Exception):
    """An error that a command has turned into a report."""

    def __init__(self, report: ErrorReport) -> None:
        super().__init__(report.what)
        self.report = report


def report_of(error: Exception) -> ErrorReport | None:
    """Return the report of an error that a user can do something about; None for a bug of ours."""
    # Imported here: what a run does not use is not loaded.
    from vmaconv.cocci.diff.output_error import OutputError
    from vmaconv.cocci.smpl.rule import SmplError
    from vmaconv.cocci.text.tree_error import SourceError
    from vmaconv.flags.headers.header_lines import KernelTreeError
    from vmaconv.prove.trees.prove_error import ProveError

    match error:
        case Failure():
            return error.report
        case SmplError():
            return ErrorReport(RULE, str(error), error.remedy, caret(error))
        case KernelTreeError():
            return ErrorReport(TREE, f"{error.path}: {error.what}", error.remedy)
        case ProveError():
            return ErrorReport(TREE, str(error), error.remedy)
        case SourceError():
            code = RULE if error.code == "no-rules" else TREE
            return ErrorReport(code, str(error), error.remedy)
        case OutputError():
            return ErrorReport(OUTPUT, str(error), getattr(error, "remedy", ""))
        case OSError(errno=errno.EBADF, filename=None):
            return ErrorReport(OUTPUT, CLOSED)
        case OSError():
            name = f"{error.filename}: " if error.filename else ""
            return ErrorReport(OUTPUT, f"{name}{error.strerror or error}")
    return None


def caret(error: object) -> str:
    """Return the rule's line with a caret below the place of an `SmplError`."""
    from vmaconv.cocci.smpl.rule import SmplError

    if not isinstance(error, SmplError) or not error.source_line:
        return ""
    line = error.source_line.rstrip("\n")
    lead = "".join("\t" if c == "\t" else " " for c in line[: error.place.column])
    return f"  {line}\n  {lead}^"


def show(report: ErrorReport) -> None:
    """Print a report on stderr."""
    echo(f"vmaconv: {report.what}", err=True)
    if report.quote:
        echo(report.quote, err=True)
    if report.remedy:
        echo(f"vmaconv: {report.remedy}", err=True)
