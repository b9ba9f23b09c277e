# SPDX-License-Identifier: GPL-2.0-only
"""`vmaconv patches`: one patch a file."""

from __future__ import annotations

from pathlib import Path

import click

from vmaconv.cli.echo import echo
from vmaconv.cli.options import FORCED, RecipeChoice, recipe_options, request_options
from vmaconv.cli.proving import prove_option, proven
from vmaconv.convert.request import Request


@click.command("patches")
@request_options
@recipe_options
@click.option(
    "-o",
    "--output-directory",
    "output",
    type=click.Path(path_type=Path),
    required=True,
    help="Folder to write to; made if it is not there, refused if it has files in it.",
)
@click.option("-s", "--signoff", is_flag=True, help="Add your Signed-off-by.")
@click.option("--force", is_flag=True, help=FORCED)
@prove_option
@click.pass_context
def command(
    ctx: click.Context,
    request: Request,
    verbose: bool,
    strict: bool,
    choice: RecipeChoice | None,
    output: Path,
    signoff: bool,
    force: bool,
    proves: bool,
) -> None:
    """Write one patch a file, each taken by "git am" on its own.

    With --recipe, a patch for each group of the migration: these build on each other.
    """
    from vmaconv.cli.series import refuse_uncommitted, work_of
    from vmaconv.series.plain_patches import write_patches

    work = work_of(request, choice)
    refuse_uncommitted(request.tree, work, force)
    if proves:
        proven(request.tree, work.texts())
    for path in write_patches(request.tree, work.series, output, signoff=signoff, force=force):
        echo(str(path))
    work.say(verbose)
    ctx.exit(work.exit_code(strict))
