# SPDX-License-Identifier: GPL-2.0-only
"""From a command line as spatch takes it to an exit status as spatch gives it.

In: the words of a command line, two streams. Out: an exit status. What a run needs is imported when
there is a run: scripts/coccicheck asks for --version and --help before each.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import BinaryIO, TextIO

from vmaconv.cocci.spatch.arguments import UsageError
from vmaconv.cocci.spatch.spatch_options import USAGE, parse, usage

OK, NOT_UNDERSTOOD = 0, 2

SPATCH_VERSION = "1.1.1"
"""The spatch whose command line this is. scripts/coccicheck takes the third word of --version."""


def main(words: Sequence[str], out: BinaryIO, err: TextIO) -> int:
    """Do what a command line asks for and return the exit status.

    `["--sp-file", "a.cocci", "mm/slub.c"]` prints a diff of `mm/slub.c`.
    """
    try:
        arguments = parse(words)
    except UsageError as error:
        err.write(f"vmaconv-spatch: {error} (found on the command line)\n")
        err.write(f"{error.remedy}\n" if error.remedy else "")
        err.write(f"{USAGE}\n'vmaconv-spatch --help' lists the options\n")
        return NOT_UNDERSTOOD
    match arguments.action:
        case "version":
            out.write(_version().encode())
        case "help":
            out.write(usage().encode())
        case _:
            from vmaconv.cocci.spatch.execution import execute

            return execute(arguments, words, out, err)
    return OK


def _version() -> str:
    from vmaconv import __version__

    return (
        f"spatch version {SPATCH_VERSION} as done by vmaconv {__version__}\n"
        "OCaml scripting support: no\nPython scripting support: yes\n"
    )
