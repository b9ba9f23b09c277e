# SPDX-License-Identifier: GPL-2.0-only
"""The options that several commands share, and the session that they describe."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from functools import wraps
from pathlib import Path
from typing import TypeVar, cast

import click
from click.shell_completion import CompletionItem
from msgspec import Struct

from vmaconv.convert.request import Request

F = TypeVar("F", bound=Callable[..., object])
C = TypeVar("C", bound=Callable[..., object])


FORCED = "Replace what an earlier run wrote to the folder; make patches of what is not committed."


def _generation(_ctx: click.Context, _option: click.Parameter, name: str | None) -> str | None:
    """Refuse a name that is none of a helper generation."""
    if name is not None:
        from vmaconv.flags.helpers.generation import parse_override

        try:
            parse_override(name)
        except ValueError as error:
            raise click.BadParameter(str(error)) from error
    return name


def request_options(function: F) -> F:
    """Add TREE, PATH… and the options of every command that converts.

    The command is given a `Request` of them, as `request`, and `verbose` and `strict` beside it.
    """

    @wraps(function)
    def command(
        *arguments: object,
        tree: Path,
        paths: tuple[str, ...],
        rule_names: tuple[str, ...],
        api: str | None,
        defines: tuple[str, ...],
        exclude: tuple[str, ...],
        jobs: int,
        **rest: object,
    ) -> object:
        request = Request(tree, paths, rule_names, api, defines, exclude, jobs)
        return function(*arguments, request=request, **rest)

    return cast("F", _with_options(command))


def _with_options(function: C) -> C:
    for decorate in reversed(
        (
            click.option(
                "--rules",
                "-r",
                "rule_names",
                multiple=True,
                metavar="FILE|NAME",
                shell_complete=complete_rules,
                help="Rule file, or the name of one that ships (repeatable). Default: by TREE's headers.",
            ),
            click.option(
                "--api",
                callback=_generation,
                metavar="GENERATION",
                shell_complete=complete_api,
                help="Helper names: series-v1, v7.0 or v7.1. Default: what TREE's headers have.",
            ),
            click.option(
                "-D",
                "defines",
                multiple=True,
                metavar="NAME[=VALUE]",
                help="Switch on a virtual rule, or give a virtual identifier its value.",
            ),
            click.option(
                "--exclude",
                multiple=True,
                metavar="DIR",
                help="Leave out a folder (repeatable; tools/ always is, unless a PATH names it).",
            ),
            click.option(
                "-j",
                "--jobs",
                type=click.IntRange(min=1),
                default=os.cpu_count() or 1,
                show_default="one a core",
                help="Worker processes.",
            ),
            click.option(
                "-v", "--verbose", is_flag=True, help="Say what was passed over, and why."
            ),
            click.option(
                "--strict", is_flag=True, help="Exit with 1 if uses are left to a person."
            ),
            click.argument("tree", type=click.Path(path_type=Path)),
            click.argument("paths", nargs=-1, type=click.Path()),
        )
    ):
        function = decorate(function)
    return function


def complete_rules(
    _ctx: click.Context, _option: click.Parameter, typed: str
) -> list[CompletionItem]:
    """Name the rule files that ship; a path is the shell's to complete."""
    from vmaconv.library import shipped

    return _completed(typed, [path.stem for path in shipped()])


def complete_recipes(
    _ctx: click.Context, _option: click.Parameter, typed: str
) -> list[CompletionItem]:
    """Name the recipes that ship."""
    from vmaconv.library import rules_folder

    return _completed(typed, [path.stem for path in sorted(rules_folder().glob("*.toml"))])


def complete_api(_ctx: click.Context, _option: click.Parameter, typed: str) -> list[CompletionItem]:
    """Name the generations of helpers."""
    from vmaconv.flags.helpers.generation import API_NAMES

    return _completed(typed, API_NAMES)


def _completed(typed: str, names: Sequence[str]) -> list[CompletionItem]:
    found = [CompletionItem(name) for name in names if name.startswith(typed)]
    return found or [CompletionItem(typed, type="file")]


class RecipeChoice(Struct, frozen=True):
    """A recipe, and how it is followed: `--recipe`, `--plan`, `--group` and `--only` as given."""

    name: str
    plan: Path | None = None
    groups: tuple[str, ...] = ()
    only: tuple[str, ...] = ()


def part_options(function: F) -> F:
    """Add the options that pick a part of a migration."""
    for decorate in reversed(
        (
            click.option(
                "--group",
                "groups",
                multiple=True,
                metavar="NAME",
                help="Only this group of the plan, or that of this function (repeatable).",
            ),
            click.option(
                "--only",
                multiple=True,
                metavar="PATH,...",
                help="Only the groups that change something below these paths, each whole.",
            ),
        )
    ):
        function = decorate(function)
    return function


def recipe_options(function: C) -> C:
    """Add the options of commands that take a recipe in place of rules, as one `choice`.

    It is None without --recipe; the others raise `UsageError` then.
    """

    @wraps(function)
    def command(
        *arguments: object,
        recipe: str | None,
        plan: Path | None,
        groups: tuple[str, ...],
        only: tuple[str, ...],
        **rest: object,
    ) -> object:
        if recipe is None and plan is not None:
            raise click.UsageError("--plan goes with --recipe")
        if recipe is None and (groups or only):
            raise click.UsageError("--group and --only go with --recipe")
        choice = None if recipe is None else RecipeChoice(recipe, plan, groups, only)
        return function(*arguments, choice=choice, **rest)

    made: Callable[..., object] = part_options(command)
    for decorate in reversed(
        (
            click.option(
                "--recipe",
                metavar="FILE|NAME",
                shell_complete=complete_recipes,
                help='Migrate by a recipe, as "vmaconv migrate" does, instead of rules.',
            ),
            click.option(
                "--plan",
                type=click.Path(path_type=Path),
                help="Follow an edited plan of the recipe.",
            ),
        )
    ):
        made = decorate(made)
    return cast("C", made)
