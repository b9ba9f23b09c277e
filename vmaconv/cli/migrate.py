# SPDX-License-Identifier: GPL-2.0-only
"""`vmaconv migrate`: a type migration, closed over the whole tree."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vmaconv.cli.options import complete_api, complete_recipes, part_options
from vmaconv.cli.proving import prove_option, proven

if TYPE_CHECKING:
    from vmaconv.migrate.migration import Migration


@click.command("migrate")
@click.argument("tree", type=click.Path(path_type=Path))
@click.option(
    "--recipe",
    "recipe_name",
    metavar="FILE|NAME",
    shell_complete=complete_recipes,
    help="Default: vma-flags.",
)
@click.option("--from", "old", metavar="TYPE", help="The type to leave, instead of a recipe's.")
@click.option("--to", "new", metavar="TYPE", help="The type to go to.")
@click.option(
    "--seed",
    "seeds",
    multiple=True,
    metavar="SEED",
    help="'struct TAG.MEMBER', 'FUNCTION(N)' or 'FILE.c:FUNCTION(N)' (repeatable).",
)
@click.option("--plan", "plan", type=click.Path(path_type=Path), help="Follow an edited plan.")
@click.option(
    "--write-plan",
    "plan_out",
    type=click.Path(path_type=Path),
    help="Write the plan as TOML, to edit and feed back.",
)
@part_options
@click.option("--apply", "apply_", is_flag=True, help="Write the files instead of a diff.")
@click.option("--force", is_flag=True, help="Write files that have uncommitted changes, too.")
@click.option(
    "--api",
    metavar="GENERATION",
    shell_complete=complete_api,
    help="Helper names: series-v1, v7.0 or v7.1.",
)
@click.option("--exclude", multiple=True, metavar="DIR", help="Leave out a folder (repeatable).")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto")
@click.option("-v", "--verbose", is_flag=True, help="Name every file of every group.")
@click.option("--strict", is_flag=True, help="Exit with 1 if anything is left to a person.")
@prove_option
@click.pass_context
def command(
    ctx: click.Context,
    tree: Path,
    recipe_name: str | None,
    old: str | None,
    new: str | None,
    seeds: tuple[str, ...],
    plan: Path | None,
    plan_out: Path | None,
    groups: tuple[str, ...],
    only: tuple[str, ...],
    apply_: bool,
    force: bool,
    api: str | None,
    exclude: tuple[str, ...],
    color: str,
    verbose: bool,
    strict: bool,
    proves: bool,
) -> None:
    """Change a type in TREE, with everything that its values flow through.

    The plan goes to stderr: what changes type and why, where it stops and why, and the groups of
    edits, each of which leaves a tree that compiles. The diff of all groups goes to stdout. On a
    terminal your pager shows both, the plan first.
    """
    from vmaconv.cli.recipe_run import plan_migration, wanted_part, wanted_recipe

    recipe = wanted_recipe(recipe_name, old, new, seeds)
    migration = plan_migration(tree, recipe, plan, api, exclude, part=wanted_part(groups, only))
    from vmaconv.cli.work import Migrated

    work = Migrated(migration)
    paged = not apply_ and color == "auto" and sys.stdout.isatty()
    if not paged:
        work.say(verbose)
    if plan_out is not None:
        from vmaconv.cocci.text.atomic import write_whole
        from vmaconv.migrate.plan import write_plan

        write_whole(plan_out, write_plan(migration).encode())
    if proves:
        proven(tree, {path: after for path, (_, after) in migration.final().items()})
    if apply_:
        _apply(tree, migration, force)
    elif paged:
        _page(migration, verbose)
    else:
        show_migration(migration, color)
    ctx.exit(work.exit_code(strict))


def _page(migration: Migration, verbose: bool) -> None:
    """Show the plan and below it the diff in the person's pager, as git does with what is long."""
    from vmaconv.cocci.text.visible import plain
    from vmaconv.migrate.plan_report import plan_lines
    from vmaconv.review.prompt.terminal import diff_lines, wants_colour
    from vmaconv.series.change import FileChange
    from vmaconv.series.git.file_diff import file_diffs

    # What git gives less where nobody says otherwise: quit if it fits, keep colours and the screen.
    os.environ.setdefault("LESS", "FRX")
    coloured = wants_colour(sys.stdout)
    changes = (FileChange(path, *texts) for path, texts in migration.final().items())
    lines = [*map(plain, plan_lines(migration, verbose)), ""]
    lines += [line for diff in file_diffs(changes) for line in diff_lines(diff, coloured)]
    click.echo_via_pager((f"{line}\n" for line in lines), color=coloured)


def show_migration(migration: Migration, color: str) -> None:
    """Print the diff of all groups; `color` is `auto`, `always` or `never`."""
    from vmaconv.cli.show import print_diffs
    from vmaconv.series.change import FileChange
    from vmaconv.series.git.file_diff import file_diffs

    final = migration.final()
    print_diffs(file_diffs(FileChange(path, *texts) for path, texts in final.items()), color)


def _apply(tree: Path, migration: Migration, force: bool) -> None:
    """Write all files; none if one cannot be written, or has changes that are not committed."""
    from vmaconv.cli.apply import refuse_dirty
    from vmaconv.series.write import check_files, replace_file

    final = migration.final()
    if not force:
        refuse_dirty(tree, list(final))
    check_files(tree, final)
    for path, (before, after) in final.items():
        replace_file(tree, path, before, after)
