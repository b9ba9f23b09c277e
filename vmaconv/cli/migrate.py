"""`vmaconv migrate`: a type migration, closed over the whole tree."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from vmaconv.migrate.migration import Migration
    from vmaconv.migrate.recipe import Recipe


@click.command("migrate")
@click.argument("tree", type=click.Path(path_type=Path))
@click.option("--recipe", "recipe_name", metavar="FILE|NAME", help="Default: vma-flags.")
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
@click.option("--apply", "apply_", is_flag=True, help="Write the files instead of a diff.")
@click.option("--force", is_flag=True, help="Write files that have uncommitted changes, too.")
@click.option("--api", metavar="GENERATION", help="Helper names: series-v1, v7.0 or v7.1.")
@click.option("--exclude", multiple=True, metavar="DIR", help="Leave out a folder (repeatable).")
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto")
@click.option("-v", "--verbose", is_flag=True, help="Name every file of every group.")
@click.option("--strict", is_flag=True, help="Exit with 1 if anything is left to a person.")
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
    apply_: bool,
    force: bool,
    api: str | None,
    exclude: tuple[str, ...],
    color: str,
    verbose: bool,
    strict: bool,
) -> None:
    """Change a type in TREE, with everything that its values flow through.

    The plan goes to stderr: what changes type and why, where it stops and why, and the groups of
    edits, each of which leaves a tree that compiles. The diff of all groups goes to stdout.
    """
    from vmaconv.cli.exits import LEFT, OK
    from vmaconv.migrate.report import plan_lines

    migration = _plan(tree, _recipe(recipe_name, old, new, seeds), plan, api, exclude)
    for line in plan_lines(migration, verbose):
        click.echo(line, err=True)
    if plan_out is not None:
        from vmaconv.migrate.plan import write_plan

        plan_out.write_text(write_plan(migration), encoding="utf-8")
    if apply_:
        _apply(tree, migration, force)
    else:
        _show(migration, color)
    is_left = bool(migration.left or migration.stops or migration.removal)
    ctx.exit(LEFT if strict and is_left else OK)


def _recipe(name: str | None, old: str | None, new: str | None, seeds: tuple[str, ...]) -> Recipe:
    """Return the recipe that is asked for; `--from` and `--to` take only a recipe's preferences."""
    from dataclasses import replace

    from vmaconv.migrate.recipe import DEFAULT, Recipe, find_recipe, read_recipe, shipped_recipes

    if (old is None) != (new is None):
        raise click.UsageError("--from and --to go together")
    if name is not None and old is not None:
        raise click.UsageError("give --recipe, or --from and --to")
    if old is None or new is None:
        return read_recipe(find_recipe(name or DEFAULT)).with_seeds(seeds)
    if not seeds:
        raise click.UsageError("--from and --to need at least one --seed")
    for path in shipped_recipes():
        found = read_recipe(path)
        if (found.old, found.new) == (old, new):
            return replace(found, seeds=(), demanded=seeds)
    return Recipe("command line", old, new, (), seeds)


def _plan(
    tree: Path, recipe: Recipe, plan: Path | None, api: str | None, exclude: tuple[str, ...]
) -> Migration:
    from vmaconv.kernel.generation import parse_override
    from vmaconv.migrate.migration import migrate
    from vmaconv.migrate.plan import check_used, read_plan

    generation = None
    if api is not None:
        try:
            generation = parse_override(api)
        except ValueError as error:
            raise click.BadParameter(str(error), param_hint="--api") from error
    overrides = read_plan(plan, tree) if plan is not None else None
    migration = migrate(tree, recipe, generation, overrides, ("tools", *exclude))
    if overrides is not None:
        check_used(overrides, migration)
    return migration


def _show(migration: Migration, color: str) -> None:
    from vmaconv.series.change import FileChange
    from vmaconv.series.diff import file_diff

    changes = [FileChange(path, *texts) for path, texts in migration.final().items()]
    if color == "always" or (color == "auto" and sys.stdout.isatty()):
        from vmaconv.review.terminal import show_diffs

        show_diffs([file_diff(change) for change in changes], force=color == "always")
        return
    for change in changes:
        sys.stdout.buffer.write(file_diff(change).render())
    sys.stdout.buffer.flush()


def _apply(tree: Path, migration: Migration, force: bool) -> None:
    """Write all files; none if one of them has changes that are not committed."""
    from vmaconv.cli.exits import OUTPUT, Failure, Report
    from vmaconv.series.git import Repository, find_repository, uncommitted
    from vmaconv.series.write import replace_file

    final = migration.final()
    repository = find_repository(tree)
    if not force and isinstance(repository, Repository) and final:
        dirty = [u.path for u in uncommitted(repository, list(final))]
        if dirty:
            more = f" and {len(dirty) - 5} more" if len(dirty) > 5 else ""
            what = f"uncommitted changes in {', '.join(dirty[:5])}{more}; nothing was written"
            raise Failure(Report(OUTPUT, what, "commit or stash them, or give --force"))
    for path, (before, after) in final.items():
        replace_file(tree / path, before, after)
