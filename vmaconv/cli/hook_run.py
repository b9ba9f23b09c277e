# SPDX-License-Identifier: GPL-2.0-only
"""A hook conversion from the command line's words: for `hooks`, `patches` and `series`."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import cast

from vmaconv.cli import exits
from vmaconv.cli.progress import status
from vmaconv.cocci.text.deep_recursion import deep_recursion
from vmaconv.convert.tree_paths import relative
from vmaconv.hooks.hook_conversion import HookRun, convert_hooks
from vmaconv.hooks.hook_recipe import DEFAULT, read_hook_recipe
from vmaconv.hooks.hook_rewriting import FileLocal
from vmaconv.migrate.recipe import find_recipe


def run_hooks(
    tree: Path,
    paths: Sequence[str],
    recipe_name: str | None,
    exclude: Sequence[str],
    file_local: str = "auto",
) -> HookRun:
    """Convert the hooks of a tree; nothing is written.

    Raises `Failure` for a PATH that is not there, `MigrationError`, `SourceError`, `SmplError` and
    `KernelTreeError`.
    """
    recipe = read_hook_recipe(find_recipe(recipe_name or DEFAULT))
    inside = [relative(tree, path) for path in paths]
    left_out = [
        e for e in ("tools", *exclude) if not any(p == e or p.startswith(f"{e}/") for p in inside)
    ]
    with status("Reading the hooks"), deep_recursion():
        return convert_hooks(tree, recipe, inside, left_out, cast("FileLocal", file_local))


def exit_code(run: HookRun, strict: bool) -> int:
    """Return the exit code that a run calls for."""
    if run.problems:
        return exits.FILES
    if strict and any(
        h.outcome == "left" and h.reason is not None and h.reason.code != "null" for h in run.hooks
    ):
        return exits.LEFT
    return exits.OK
