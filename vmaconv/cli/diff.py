# SPDX-License-Identifier: GPL-2.0-only
"""`vmaconv diff`: the dry run."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vmaconv.cli.echo import echo
from vmaconv.cli.options import RecipeChoice, recipe_options, request_options
from vmaconv.cli.proving import prove_option, proven
from vmaconv.cli.request_run import run
from vmaconv.cli.show import print_diffs
from vmaconv.cli.summary import exit_code
from vmaconv.convert.request import Request
from vmaconv.counting import counted

if TYPE_CHECKING:
    from vmaconv.convert.conversion import ConversionRun
    from vmaconv.series.git.file_diff import FileDiff

SCHEMA = 1
"""The version of the JSON that --format json prints."""


@click.command("diff")
@request_options
@recipe_options
@click.option("--color", type=click.Choice(["auto", "always", "never"]), default="auto")
@click.option("-i", "--interactive", is_flag=True, help="Choose hunk by hunk, as git add -p does.")
@click.option("--apply", "write", is_flag=True, help="With -i: write what was chosen to the tree.")
@click.option("--format", "style", type=click.Choice(["diff", "json"]), default="diff")
@prove_option
@click.pass_context
def command(
    ctx: click.Context,
    request: Request,
    verbose: bool,
    strict: bool,
    choice: RecipeChoice | None,
    color: str,
    interactive: bool,
    write: bool,
    style: str,
    proves: bool,
) -> None:
    """Show what would be converted in TREE, or in the PATHs below it, as a diff.

    On a terminal the diff is coloured; through a pipe it is a plain unified diff that "git apply"
    takes. All else goes to stderr.
    """
    if choice is not None:
        if style == "json":
            raise click.UsageError("--format json goes with rules, not with --recipe")
        ctx.exit(_of_recipe(request, choice, color, interactive, write, verbose, strict))
    result = run(request)
    # Loaded while the search for files runs.
    from vmaconv.cli.summary import say
    from vmaconv.series.change import FileChange
    from vmaconv.series.git.file_diff import file_diffs

    diffs = file_diffs(FileChange(o.path, o.before, o.after) for o in result.changed())
    if proves:
        proven(request.tree, {o.path: o.after for o in result.changed()})
    summary = ""
    if interactive:
        summary = _interactive(request.tree, result, diffs, write)
    elif style == "json":
        json.dump(as_json(result, diffs), sys.stdout, indent=1)
        sys.stdout.write("\n")
    else:
        print_diffs(diffs, color)
    say(result, verbose, summary)
    ctx.exit(exit_code(result, strict))


def _of_recipe(
    request: Request,
    choice: RecipeChoice,
    color: str,
    interactive: bool,
    write: bool,
    verbose: bool,
    strict: bool,
) -> int:
    """Show a migration's diff, or ask about its groups; return the exit code."""
    from vmaconv.cli.migrate import show_migration
    from vmaconv.cli.migrated_review import migrated_run, say_plan
    from vmaconv.cli.work import Migrated

    if interactive and not sys.stdin.isatty():
        raise click.UsageError("--interactive asks on a terminal, and the input is none")
    migrated = migrated_run(request, choice)
    if interactive:
        from vmaconv.cli.diff_groups import choose_in_order

        echo(choose_in_order(migrated, write), err=True)
    else:
        show_migration(migrated.migration, color)
        say_plan(migrated, verbose)
    return Migrated(migrated.migration).exit_code(strict)


def _interactive(tree: Path, result: ConversionRun, diffs: Sequence[FileDiff], write: bool) -> str:
    """Ask about each hunk; print what was chosen as a diff, or write it. Return how much it was."""
    from vmaconv.cli.apply import refuse_dirty
    from vmaconv.cocci.diff.hunk import apply_hunks
    from vmaconv.cocci.text.visible import shown
    from vmaconv.review.prompt.ask import choose_in_terminal
    from vmaconv.series.change import FileChange
    from vmaconv.series.git.file_diff import unified_diff
    from vmaconv.series.write import replace_file

    if not sys.stdin.isatty():
        raise click.UsageError("--interactive asks on a terminal, and the input is none")
    if write:
        refuse_dirty(tree, [o.path for o in result.changed()])
    accepted = choose_in_terminal(diffs, {o.path: o.before for o in result.changed()})
    for outcome in result.changed():
        hunks = accepted.get(outcome.path, ())
        if not hunks:
            continue
        after = apply_hunks(outcome.before, hunks)
        if write:
            replace_file(tree, outcome.path, outcome.before, after)
        else:
            change = FileChange(outcome.path, outcome.before, after)
            text = unified_diff(change)
            sys.stdout.buffer.write(shown(text) if sys.stdout.isatty() else text)
    sys.stdout.buffer.flush()
    chosen = sum(len(hunks) for hunks in accepted.values())
    verb = "accepted and written" if write else "accepted"
    return f"{counted(chosen, 'hunk')} {verb}, in {len(accepted)} of {counted(len(diffs), 'file')}"


def as_json(result: ConversionRun, diffs: Sequence[FileDiff]) -> dict[str, object]:
    """Return the changes as plain data: see "diff --format json" in the README."""
    files = []
    for outcome, diff in zip(result.changed(), diffs, strict=True):
        changes = [
            {
                "rule": change.rule.name,
                "line": change.line,
                "function": change.function,
                "bindings": dict(change.bindings),
                "before": change.before.decode(errors="replace"),
                "after": change.after.decode(errors="replace"),
            }
            for change in outcome.changes
        ]
        text = diff.render().decode(errors="replace")
        files.append({"file": outcome.path, "changes": changes, "diff": text})
    return {"schema": SCHEMA, "tree": str(result.tree), "files": files}
