"""`vmaconv patches`: one patch a file."""

from __future__ import annotations

from pathlib import Path

import click

from vmaconv.cli.options import run_options, tree_argument
from vmaconv.cli.purpose import file_changes, purpose_of
from vmaconv.cli.request import Request, run
from vmaconv.cli.summary import say


@click.command("patches")
@tree_argument
@run_options
@click.option(
    "-o",
    "--output-directory",
    "output",
    type=click.Path(path_type=Path),
    required=True,
    help="Folder to write to; made if it is not there, refused if it has files in it.",
)
@click.option("-s", "--signoff", is_flag=True, help="Add your Signed-off-by.")
@click.option("--force", is_flag=True, help="Replace what an earlier run wrote to the folder.")
@click.pass_context
def command(
    ctx: click.Context,
    tree: Path,
    paths: tuple[str, ...],
    rule_names: tuple[str, ...],
    api: str | None,
    defines: tuple[str, ...],
    exclude: tuple[str, ...],
    jobs: int,
    verbose: bool,
    strict: bool,
    output: Path,
    signoff: bool,
    force: bool,
) -> None:
    """Write one patch a file, each taken by "git am" on its own."""
    from vmaconv.series.patches import write_patches

    result = run(Request(tree, paths, rule_names, api, defines, exclude, jobs))
    written = write_patches(
        tree,
        file_changes(result),
        output,
        signoff=signoff,
        force=force,
        purpose=purpose_of(result),
    )
    for path in written:
        click.echo(path)
    say(result, verbose)
    ctx.exit(result.exit_code(strict))
