"""`vmaconv diff`: the dry run."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from vmaconv.cli.options import run_options, tree_argument
from vmaconv.cli.request import Request, run


@click.command("diff")
@tree_argument
@run_options
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto")
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
    color: str,
) -> None:
    """Show what would be converted in TREE, or in the PATHs below it, as a diff.

    On a terminal the diff is coloured; through a pipe it is a plain unified diff that "git apply"
    takes. All else goes to stderr.
    """
    result = run(Request(tree, paths, rule_names, api, defines, exclude, jobs))
    # Loaded while the search for files runs.
    from vmaconv.cli.summary import say
    from vmaconv.series.change import FileChange
    from vmaconv.series.diff import file_diff

    changes = [FileChange(o.path, o.before, o.after) for o in result.changed()]
    if color == "always" or (color == "auto" and sys.stdout.isatty()):
        from vmaconv.review.terminal import show_diffs

        show_diffs([file_diff(change) for change in changes], force=color == "always")
    else:
        for change in changes:
            sys.stdout.buffer.write(file_diff(change).render())
        sys.stdout.buffer.flush()
    say(result, verbose)
    ctx.exit(result.exit_code(strict))
