# SPDX-License-Identifier: GPL-2.0-only
"""A migration as what a person looks at: for `scan`, `diff -i`, `review` and `report`.

In: the request, a recipe, perhaps a plan. Out: a `ConversionRun` with the account as the migration
leaves it, and groups of changes that are decided together, each with the flow that forces it.
"""

from __future__ import annotations

from functools import cache

from msgspec import Struct
from msgspec.structs import replace

from vmaconv.cli.echo import echo
from vmaconv.cli.options import RecipeChoice
from vmaconv.cli.recipe_run import plan_choice, refuse_part
from vmaconv.cli.request_run import run
from vmaconv.convert.conversion import ConversionRun
from vmaconv.convert.request import Request
from vmaconv.convert.tree_conversion import FileOutcome
from vmaconv.convert.use_account import Account
from vmaconv.flags.table.flag_table import read_flag_table
from vmaconv.hooks.hook_recipe import is_hook_recipe
from vmaconv.migrate.migration import Migration
from vmaconv.migrate.plan_report import plan_lines
from vmaconv.migrate.recipe import find_recipe
from vmaconv.review.material.passages import Material, Together, gather_in_order
from vmaconv.series.people.maintainers import read_maintainers, subsystem
from vmaconv.series.series_error import MaintainersUnreadable
from vmaconv.uses.reasons import UseReason


class MigratedRun(Struct, frozen=True):
    """A migration and the account of the seeds' uses with it."""

    migration: Migration
    run: ConversionRun


def migrated_run(request: Request, choice: RecipeChoice) -> MigratedRun:
    """Plan a migration and account for every use; nothing is written."""
    recipe, migration = plan_choice(request, choice)
    result = (
        run(replace(request, rule_names=recipe.rules))
        if recipe.rules
        else ConversionRun(request.tree)
    )
    result.warnings = list(migration.warnings)
    result.absent = frozenset()
    result.generation = migration.generation.name
    result.nothing = migration.nothing
    result.description = f"{recipe.subject}\n{recipe.why}"
    result.subject = recipe.subject
    result.rule_files = (recipe.name,)
    final = migration.final()
    left = {(one.place.path, one.place.line): one.why for one in migration.left}
    known = {outcome.path for outcome in result.outcomes}
    result.outcomes += [FileOutcome(p, b, a) for p, (b, a) in final.items() if p not in known]
    for outcome in result.outcomes:
        outcome.before, outcome.after = final.get(outcome.path, (outcome.before, outcome.before))
        outcome.account = [_settled(account, left) for account in outcome.account]
        outcome.refusals = []
    result.outcomes.sort(key=lambda outcome: outcome.path)
    return MigratedRun(migration, result)


def _settled(account: Account, left: dict[tuple[str, int], str]) -> Account:
    """Return what becomes of a use by the migration: converted, unless it is left with a reason."""
    if account.outcome != "left":
        return account
    why = left.get((account.file, account.line))
    if why is None:
        return replace(account, outcome="converted", reason=None)
    return replace(account, reason=UseReason(account.kind, "refused", "", why))


def groups_of(migrated: MigratedRun) -> list[Together]:
    """Return the migration's groups; a file's uses stand where it first changes."""
    accounts = {outcome.path: outcome.account for outcome in migrated.run.outcomes}
    made: list[Together] = []
    for number, group in enumerate(migrated.migration.groups, 1):
        outcomes = tuple(
            FileOutcome(path, before, after, account=accounts.pop(path, []))
            for path, (before, after) in group.changes.items()
        )
        made.append(Together(f"{number}. {group.title}", (group.why, *group.notes), outcomes))
    rest = [o for o in migrated.run.outcomes if accounts.get(o.path)]
    if rest:
        made.append(Together("left", ("nothing changes here",), tuple(rest)))
    return made


def migrated_material(migrated: MigratedRun) -> Material:
    """Put together what a report or a review of a migration shows."""
    tree = migrated.run.tree
    try:
        maintainers = read_maintainers(tree)
    except MaintainersUnreadable:
        maintainers = None

    @cache
    def subsystem_of(path: str) -> str:
        return "" if maintainers is None else subsystem(maintainers, path)

    nothing = [migrated.run.nothing] if migrated.run.nothing else []
    return gather_in_order(
        tree,
        groups_of(migrated),
        read_flag_table(tree),
        generation=migrated.run.generation,
        warnings=[*migrated.run.warnings, *nothing],
        subsystem_of=subsystem_of,
    )


def say_plan(migrated: MigratedRun, verbose: bool) -> None:
    """Print the plan on stderr."""
    for line in plan_lines(migrated.migration, verbose):
        echo(line, err=True)


def reviewed(request: Request, choice: RecipeChoice) -> tuple[ConversionRun, Material]:
    """Return what a recipe, of types or of hooks, comes to, and what a person looks at."""
    if is_hook_recipe(find_recipe(choice.name)):
        refuse_part(choice)
        from vmaconv.cli.hook_account import hook_material, hooks_of

        return hook_material(hooks_of(request, choice.name, choice.plan))
    migrated = migrated_run(request, choice)
    return migrated.run, migrated_material(migrated)
