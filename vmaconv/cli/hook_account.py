# SPDX-License-Identifier: GPL-2.0-only
"""A conversion of hooks as a run, for the report and the full-screen review.

In: a `HookRun`. Out: a `ConversionRun` whose account has the hooks of the struct that is converted: each
with what a person should know of it, or the reason why it is left.
"""

from __future__ import annotations

from pathlib import Path

import click

from vmaconv.cli.hook_run import run_hooks
from vmaconv.cli.material import material_of
from vmaconv.cocci.text.tree_file import read_file
from vmaconv.convert.conversion import ConversionRun
from vmaconv.convert.request import Request
from vmaconv.convert.tree_conversion import FileOutcome
from vmaconv.convert.use_account import Account
from vmaconv.hooks.hook import Hook
from vmaconv.hooks.hook_conversion import HookRun
from vmaconv.review.material.passages import Material
from vmaconv.uses.reasons import UseReason

KIND = "other"
"""What a hook does with the flags: it is none of the account's kinds of use."""


def as_run(hooks: HookRun) -> ConversionRun:
    """Return the run that a report or a review of hooks shows."""
    recipe = hooks.recipe
    title = f"{recipe.subject}\n\n{recipe.why}"
    run = ConversionRun(hooks.root, description=title, subject=recipe.subject)
    run.rule_files = tuple(f"{name}.cocci" for name in recipe.rules)
    final = hooks.final()
    accounts: dict[str, list[Account]] = {}
    for hook in hooks.hooks:
        if hook.outcome != "other-struct":
            accounts.setdefault(hook.site.path, []).append(_account(hook))
    for path in sorted({*final, *accounts}):
        before, after = final.get(path, (b"", b""))
        if not before:
            before = after = read_file(hooks.root, path)
        found = accounts.get(path, [])
        run.outcomes.append(FileOutcome(path, before, after, found, lexical=len(found)))
    run.outcomes += [
        FileOutcome(path, b"", b"", skipped=why) for path, why in sorted(hooks.problems.items())
    ]
    if hooks.api.missing:
        run.nothing = hooks.api.missing
    return run


def hook_material(hooks: HookRun) -> tuple[ConversionRun, Material]:
    """Return the run and what a person looks at: a driver's files go together, and what is said of
    it stands at the first."""
    result = as_run(hooks)
    groups = [list(driver.changes) for driver in hooks.drivers]
    notes = {next(iter(driver.changes)): driver.notes for driver in hooks.drivers}
    return result, material_of(result, groups, notes)


def _account(hook: Hook) -> Account:
    site, reason = hook.site, hook.reason
    if reason is None:
        notes = UseReason(KIND, "note", site.handler, "; ".join(hook.notes)) if hook.notes else None
        text = f".{site.member} = {site.handler}"
        return Account(site.path, site.line, site.handler, KIND, "converted", notes, text)
    # A cell of the report is one line.
    sketch = " ".join(hook.sketch.split())
    said = f"{reason}; a sketch: {sketch}" if sketch else str(reason)
    why = UseReason(KIND, reason.code, reason.subject, said)
    text = f".{site.member} = {site.handler}"
    return Account(site.path, site.line, site.handler, KIND, "left", why, text)


def hooks_of(request: Request, recipe: str, plan: Path | None) -> HookRun:
    """Convert the hooks that a request of another command names, by a recipe of hooks.

    Raises `UsageError` for what does not go with that, and what `run_hooks` raises.
    """
    if plan is not None or request.rule_names or request.defines or request.api:
        raise click.UsageError("a recipe of hooks takes no --plan, --rules, -D or --api")
    return run_hooks(request.tree, request.paths, recipe, request.exclude)
