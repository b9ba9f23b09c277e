# SPDX-License-Identifier: GPL-2.0-only
"""A migration from the command line's words: for `migrate`, `patches` and `series`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec.structs import replace

from vmaconv.cli.options import RecipeChoice
from vmaconv.cli.progress import status
from vmaconv.convert.request import Request
from vmaconv.hooks.hook_recipe import is_hook_recipe
from vmaconv.migrate.facts.first_search import FirstSearch
from vmaconv.migrate.groups.part import PlanPart
from vmaconv.migrate.migration_error import MigrationError
from vmaconv.migrate.recipe import DEFAULT, Recipe, find_recipe, read_recipe, shipped_recipes

if TYPE_CHECKING:
    from vmaconv.migrate.decide.settings import Overrides
    from vmaconv.migrate.migration import Migration


def wanted_recipe(
    name: str | None, old: str | None = None, new: str | None = None, seeds: Sequence[str] = ()
) -> Recipe:
    """Return the recipe that is asked for; `--from` and `--to` take only a recipe's preferences.

    Raises `UsageError` for words that do not go together, `MigrationError` for a bad recipe.
    """
    if (old is None) != (new is None):
        raise click.UsageError("--from and --to go together")
    if name is not None and old is not None:
        raise click.UsageError("give --recipe, or --from and --to")
    if old is None or new is None:
        path = find_recipe(name or DEFAULT)
        if is_hook_recipe(path):
            raise click.UsageError(f'{name} is a recipe of hooks: use "vmaconv hooks"')
        recipe = read_recipe(path)
        return (recipe if path in shipped_recipes() else own(recipe, path)).with_seeds(seeds)
    if not seeds:
        raise click.UsageError("--from and --to need at least one --seed")
    for path in shipped_recipes():
        found = read_recipe(path)
        if (found.old, found.new) == (old, new):
            return replace(found, seeds=(), demanded=tuple(seeds))
    return Recipe("command line", old, new, (), tuple(seeds))


def own(recipe: Recipe, path: Path) -> Recipe:
    """Return a recipe that a person wrote: what it names must be in the tree.

    What a recipe that ships names, too, may be of another time than the tree.
    """
    known = {seed for ships in shipped_recipes() for seed in read_recipe(ships).seeds}
    demanded = tuple(seed for seed in recipe.seeds if seed not in known)
    seeds = tuple(seed for seed in recipe.seeds if seed in known)
    return replace(recipe, seeds=seeds, demanded=demanded, path=path)


def wanted_part(groups: Sequence[str], only: Sequence[str]) -> PlanPart:
    """Return the part that `--group` and `--only` pick; each takes several, with commas or repeated.

    Raises `click.UsageError` for an option that names nothing: it is not meant to take everything.
    """
    part = PlanPart(tuple(_split(groups)), tuple(_split(only)))
    for option, given, names in (("--group", groups, part.groups), ("--only", only, part.only)):
        if given and not names:
            raise click.UsageError(f"{option} names nothing")
    return part


def plan_choice(
    request: Request, choice: RecipeChoice, *, as_recipe: bool = False
) -> tuple[Recipe, Migration]:
    """Plan what a choice of a recipe of types asks for, or a part of it; nothing is written.

    Raises `click.UsageError` for options that go with rules, and where `as_recipe` has no order.
    """
    if request.paths or request.rule_names or request.defines:
        raise click.UsageError("--recipe takes the whole tree, and no --rules, -D or PATH")
    recipe = wanted_recipe(choice.name)
    if as_recipe and not recipe.patches:
        raise click.UsageError(f"--split recipe: the recipe {recipe.name} has no [[patch]]")
    migration = plan_migration(
        request.tree,
        recipe,
        choice.plan,
        request.api,
        request.exclude,
        as_recipe=as_recipe,
        part=wanted_part(choice.groups, choice.only),
    )
    return recipe, migration


def refuse_part(choice: RecipeChoice) -> None:
    """Raise `UsageError` where a part is asked of a recipe that has no groups: that of the hooks."""
    if choice.groups or choice.only:
        raise click.UsageError("--group and --only go with a recipe of types; name a PATH")


def _split(texts: Sequence[str]) -> list[str]:
    return [one.strip() for text in texts for one in text.split(",") if one.strip()]


def plan_migration(
    tree: Path,
    recipe: Recipe,
    plan: Path | None,
    api: str | None,
    exclude: Sequence[str],
    *,
    as_recipe: bool = False,
    part: PlanPart | None = None,
) -> Migration:
    """Plan a migration, following a plan file where there is one; nothing is written.

    With `as_recipe` its groups are those of the recipe's tables.

    Raises `MigrationError`, `SourceError` and `KernelTreeError`.
    """
    from vmaconv.flags.helpers.generation import parse_override

    generation = None
    if api is not None:
        try:
            generation = parse_override(api)
        except ValueError as error:
            raise click.BadParameter(str(error), param_hint="--api") from error
    overrides = _overrides(plan, tree)
    with status(f"Following {recipe.old} through the tree"):
        try:
            begun = FirstSearch(tree, recipe)
            # Loaded while git searches.
            from vmaconv.migrate.migration import migrate

            excluded = ("tools", *exclude)
            migration = migrate(
                tree, recipe, generation, overrides, excluded, as_recipe, part, begun
            )
        except MigrationError as error:
            if recipe.path is None or error.path not in recipe.demanded:
                raise
            from vmaconv.migrate.recipe_check import line_of

            place = f"{recipe.path}:{line_of(recipe.path, error.path)}"
            what = f"{error.path}: {error.what}"
            raise MigrationError("bad-recipe", place, what, error.remedy) from error
    if recipe.path is not None:
        from vmaconv.migrate.recipe_check import check_recipe

        migration.warnings += check_recipe(recipe.path, migration)
    if overrides is not None:
        from vmaconv.migrate.plan import check_used

        check_used(overrides, migration)
    return migration


def _overrides(plan: Path | None, tree: Path) -> Overrides | None:
    if plan is None:
        return None
    from vmaconv.migrate.plan import read_plan

    return read_plan(plan, tree)
