# SPDX-License-Identifier: GPL-2.0-only
"""`vmaconv apply`: the edits, written in place."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vmaconv.cli.exits import OUTPUT, ErrorReport, Failure, show
from vmaconv.cli.options import request_options
from vmaconv.cli.proving import prove_option, proven
from vmaconv.cli.request_run import run
from vmaconv.cli.summary import exit_code, say
from vmaconv.convert.request import Request
from vmaconv.series.git.repository import NotGit, Repository, find_repository, uncommitted
from vmaconv.series.series_error import TreeChanged
from vmaconv.series.write import replace_file

if TYPE_CHECKING:
    from vmaconv.convert.conversion import ConversionRun
    from vmaconv.convert.tree_conversion import FileOutcome


@click.command("apply")
@request_options
@click.option("--force", is_flag=True, help="Write files that have uncommitted changes, too.")
@prove_option
@click.pass_context
def command(
    ctx: click.Context,
    request: Request,
    verbose: bool,
    strict: bool,
    force: bool,
    proves: bool,
) -> None:
    """Convert TREE, or the PATHs below it, in place.

    Each file is replaced whole or not at all. Files with uncommitted changes are refused, and so is
    code that calls helpers which the tree does not declare.
    """
    result = run(request)
    if not force:
        refuse_undeclared(result)
        refuse_dirty(request.tree, [o.path for o in result.changed()])
    if proves:
        proven(request.tree, {o.path: o.after for o in result.changed()})
    for outcome in result.changed():
        write(request.tree, outcome)
    say(result, verbose)
    ctx.exit(exit_code(result, strict))


def write(tree: Path, outcome: FileOutcome) -> None:
    """Write one file; where that fails, the file stays as it is and its outcome says why."""
    try:
        replace_file(tree, outcome.path, outcome.before, outcome.after)
    except (OSError, TreeChanged) as error:
        why = error.strerror if isinstance(error, OSError) else None
        outcome.skipped = f"not written: {why or error}"
        outcome.after = outcome.before
        outcome.account = [a for a in outcome.account if a.outcome != "converted"]
        outcome.changes = []


def refuse_undeclared(result: ConversionRun) -> None:
    """Raise `Failure` if the new code calls helpers that the tree does not declare."""
    names = result.undeclared()
    if names:
        shown = listed([f"{name}()" for name in names])
        what = f"the tree does not declare {shown}: it would not compile; nothing was written"
        remedy = f'"vmaconv migrate {result.tree} --apply" adds them first; or give --force'
        raise Failure(ErrorReport(OUTPUT, what, remedy))


def refuse_dirty(tree: Path, paths: Sequence[str]) -> None:
    """Raise `Failure` if one of the files to write has uncommitted changes.

    Say so where git has nothing to say of the tree, though it is a repository.
    """
    found = find_repository(tree)
    if paths and isinstance(found, NotGit) and found.refused:
        what = f"uncommitted changes were not looked for: {found.reason}"
        show(ErrorReport(OUTPUT, f"warning: {what}"))
    dirty = uncommitted_paths(tree, paths)
    if dirty:
        what = f"uncommitted changes in {listed(dirty)}; nothing was written"
        raise Failure(ErrorReport(OUTPUT, what, "commit or stash them, or give --force"))


def uncommitted_paths(tree: Path, paths: Sequence[str]) -> list[str]:
    """Return those of the paths that the tree's HEAD does not hold as they are; none without git."""
    repository = find_repository(tree)
    if not isinstance(repository, Repository) or not paths:
        return []
    return [u.path for u in uncommitted(repository, paths)]


def listed(names: Sequence[str], most: int = 5) -> str:
    """Name the first few of several things, and say how many more there are.

    >>> listed(["a.c", "b.c", "c.c"], most=2)
    'a.c, b.c and 1 more'
    """
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more
