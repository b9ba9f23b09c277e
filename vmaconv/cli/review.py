# SPDX-License-Identifier: GPL-2.0-only
"""`vmaconv review`: look at each change in the terminal, and choose."""

from __future__ import annotations

import os
import sys

import click

from vmaconv.cli.echo import echo
from vmaconv.cli.exits import USAGE, ErrorReport, Failure
from vmaconv.cli.options import RecipeChoice, recipe_options, request_options
from vmaconv.cli.proving import prove_option, proven
from vmaconv.cli.request_run import run
from vmaconv.cli.summary import exit_code
from vmaconv.convert.request import Request


@click.command("review")
@request_options
@recipe_options
@click.option("--forget", is_flag=True, help="Start over: forget what was decided on TREE.")
@click.option("-s", "--signoff", is_flag=True, help="Add your Signed-off-by to what is written.")
@click.option("--force", is_flag=True, help="Write files that have uncommitted changes, too.")
@prove_option
@click.pass_context
def command(
    ctx: click.Context,
    request: Request,
    verbose: bool,
    strict: bool,
    choice: RecipeChoice | None,
    forget: bool,
    signoff: bool,
    force: bool,
    proves: bool,
) -> None:
    """Look at each change of TREE, accept, skip or edit it, and write what was accepted.

    What is decided is remembered: quit when you like, the next review goes on from there. Press ?
    for the keys.
    """
    _refuse_no_terminal()
    if choice is not None:
        from vmaconv.cli.migrated_review import reviewed

        result, material = reviewed(request, choice)
    else:
        result = run(request)
        # Loaded while the search for files runs.
        from vmaconv.cli.material import material_of

        material = material_of(result)
    from vmaconv.cli.purpose import purpose_of
    from vmaconv.cli.summary import say
    from vmaconv.counting import counted
    from vmaconv.review.material.memory import state_path
    from vmaconv.review.material.outlet import Outlet
    from vmaconv.review.screen.app import ReviewApp

    if not material.passages:
        say(result, verbose)
        ctx.exit(exit_code(result, strict))
    found = proven(request.tree, {o.path: o.after for o in result.changed()}) if proves else None
    if found is not None:
        from vmaconv.review.material.proof_notes import with_proof_notes

        material = with_proof_notes(material, found.judgements)
    memory = state_path(request.tree)
    if forget:
        memory.unlink(missing_ok=True)
    outlet = Outlet(request.tree, purpose_of(result), result.rule_files, signoff, force)
    app = ReviewApp(material, outlet, memory)
    app.run()
    progress = app.decisions.progress()
    decided = progress.hunks - progress.open
    echo(
        f"{decided} of {counted(progress.hunks, 'hunk')} decided, {progress.accepted} accepted, "
        f"{counted(len(outlet.written), 'file')} written to the tree",
        err=True,
    )
    for line in (found.words, *found.notes) if found is not None else ():
        echo(line, err=True)
    ctx.exit(app.return_code or exit_code(result, strict))


def _refuse_no_terminal() -> None:
    """Raise `Failure` where no full screen can be shown."""
    remedy = "use vmaconv diff --interactive, or vmaconv report"
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise Failure(ErrorReport(USAGE, "the review needs a terminal", remedy))
    if os.environ.get("TERM", "dumb") == "dumb":
        raise Failure(ErrorReport(USAGE, "TERM=dumb has no full screen", remedy))
