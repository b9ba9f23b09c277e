# SPDX-License-Identifier: GPL-2.0-only
"""`vmaconv hooks`: `.mmap` hooks to `.mmap_prepare`, or why not."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from vmaconv.cli.options import complete_recipes
from vmaconv.cli.proving import prove_option, proven

if TYPE_CHECKING:
    from vmaconv.hooks.hook_conversion import HookRun


@click.command("hooks")
@click.argument("tree", type=click.Path(path_type=Path))
@click.argument("paths", nargs=-1, type=click.Path())
@click.option("--list", "list_", is_flag=True, help="List every hook and what becomes of it.")
@click.option(
    "--format",
    "style",
    type=click.Choice(["table", "json", "sarif"]),
    default="table",
    help="How to list; sarif has the hooks that are left.",
)
@click.option("--apply", "apply_", is_flag=True, help="Write the conversion in place.")
@click.option("--force", is_flag=True, help="Write files that have uncommitted changes, too.")
@click.option(
    "--file-local",
    type=click.Choice(["auto", "always", "never"]),
    default="auto",
    help="Keep a local for the hook's file. auto: as the tree's newer drivers do.",
)
@click.option(
    "--recipe",
    "recipe_name",
    metavar="FILE|NAME",
    shell_complete=complete_recipes,
    help="Recipe to follow. Default: hooks.",
)
@click.option("--exclude", multiple=True, metavar="DIR", help="Leave out a folder (repeatable).")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto")
@click.option("-v", "--verbose", is_flag=True, help="Say why hooks are left, too.")
@click.option("--strict", is_flag=True, help="Exit with 1 if hooks are left to a person.")
@prove_option
@click.pass_context
def command(
    ctx: click.Context,
    tree: Path,
    paths: tuple[str, ...],
    list_: bool,
    style: str,
    apply_: bool,
    force: bool,
    file_local: str,
    recipe_name: str | None,
    exclude: tuple[str, ...],
    color: str,
    verbose: bool,
    strict: bool,
    proves: bool,
) -> None:
    """Convert the .mmap hooks of TREE, or of the PATHs below it, to .mmap_prepare.

    A hook is converted only where that is safe. The diff goes to stdout, what was done and what was
    left, and why, to stderr. Nothing is written without --apply.
    """
    from vmaconv.cli.hook_output import print_list, say
    from vmaconv.cli.hook_run import exit_code, run_hooks

    if list_ and apply_:
        raise click.UsageError("--list writes nothing: leave out --apply")
    if style != "table" and not list_:
        raise click.UsageError("--format goes with --list")
    if list_ and proves:
        raise click.UsageError("--list makes no edits to prove")
    run = run_hooks(tree, paths, recipe_name, exclude, file_local)
    if proves:
        found = proven(tree, {path: after for path, (_, after) in run.final().items()})
        for driver in run.drivers:
            own = (note for note in found.notes if note.partition(":")[0] in driver.changes)
            driver.notes = (*driver.notes, *own)
    if list_:
        print_list(run, style)
    elif apply_:
        _apply(run, force)
        say(run, verbose)
    else:
        _show(run, color)
        say(run, verbose)
    ctx.exit(exit_code(run, strict))


def _show(run: HookRun, color: str) -> None:
    from vmaconv.cli.show import print_diffs
    from vmaconv.series.change import FileChange
    from vmaconv.series.git.file_diff import file_diffs

    final = sorted(run.final().items())
    print_diffs(file_diffs(FileChange(path, *texts) for path, texts in final), color)


def _apply(run: HookRun, force: bool) -> None:
    """Write all files; none if one cannot be written, or has changes that are not committed."""
    from vmaconv.cli.apply import refuse_dirty
    from vmaconv.series.write import check_files, replace_file

    final = run.final()
    if not force:
        refuse_dirty(run.root, list(final))
    check_files(run.root, final)
    for path, (before, after) in sorted(final.items()):
        replace_file(run.root, path, before, after)
