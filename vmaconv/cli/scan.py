# SPDX-License-Identifier: GPL-2.0-only
"""`vmaconv scan`: the account."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING

import click

from vmaconv.cli.echo import echo
from vmaconv.cli.options import RecipeChoice, recipe_options, request_options
from vmaconv.cli.request_run import run
from vmaconv.cli.summary import (
    counts,
    exit_code,
    say_chosen,
    say_miscounted,
    say_recipe,
    say_skipped,
)
from vmaconv.cocci.text.visible import plain
from vmaconv.convert.request import Request

if TYPE_CHECKING:
    from vmaconv.convert.conversion import ConversionRun
    from vmaconv.convert.foreign_mentions import ForeignMention
    from vmaconv.convert.tally import Row
    from vmaconv.convert.use_account import Account

SCHEMA = 1
"""The version of the JSON that --format json prints."""


@click.command("scan")
@request_options
@recipe_options
@click.option(
    "--format",
    "style",
    type=click.Choice(["table", "json", "sarif"]),
    default="table",
    help="How to print; sarif has the uses that are not converted.",
)
@click.option(
    "--by",
    type=click.Choice(["use", "part", "reason"]),
    default="use",
    help="What a line of the table shows: a use, a part of the tree, or a reason.",
)
@click.pass_context
def command(
    ctx: click.Context,
    request: Request,
    verbose: bool,
    strict: bool,
    choice: RecipeChoice | None,
    style: str,
    by: str,
) -> None:
    """List each use in TREE: where it is, what it does, and what becomes of it.

    Converted and left together are all uses; the last line counts them a second way, from the text.
    """
    if choice is not None:
        from vmaconv.cli.migrated_review import migrated_run

        result = migrated_run(request, choice).run
    else:
        result = run(request)
    is_whole = style != "sarif" and not request.paths
    from vmaconv.convert.foreign_mentions import foreign_mentions

    elsewhere = foreign_mentions(result.tree, result.kept) if is_whole else []
    if style == "table":
        _table(result, by)
        _say_elsewhere(elsewhere)
    else:
        data = as_json(result, elsewhere) if style == "json" else _as_sarif(result)
        json.dump(data, sys.stdout, indent=1)
        sys.stdout.write("\n")
    for warning in result.warnings:
        echo(f"warning: {warning}", err=True, fg="yellow")
    say_skipped(result)
    say_miscounted(result)
    if verbose:
        for outcome in result.outcomes:
            echo(
                f"{outcome.path}: {outcome.lexical} members of that name, "
                f"{outcome.others} of other structs",
                err=True,
            )
    ctx.exit(exit_code(result, strict))


def as_json(result: ConversionRun, elsewhere: Sequence[ForeignMention] = ()) -> dict[str, object]:
    """Return the account as plain data: see "scan --format json" in the README."""
    from vmaconv.convert.tally import by_part, by_reason

    return {
        "schema": SCHEMA,
        "tree": str(result.tree),
        "generation": result.generation,
        "nothing": result.nothing,
        "converted": result.converted(),
        "left": result.left(),
        "unjudged": result.unjudged(),
        "parts": [_figures(row) for row in by_part(_accounts(result))],
        "reasons": [_figures(row) for row in by_reason(_accounts(result))],
        "uses": [_use(a) for o in result.outcomes for a in o.account],
        "elsewhere": [{"file": m.file, "line": m.line, "text": m.text} for m in elsewhere],
        "skipped": [{"file": o.path, "reason": o.skipped} for o in result.outcomes if o.skipped],
    }


def _say_elsewhere(elsewhere: Sequence[ForeignMention]) -> None:
    """Name the files in other languages, of which nothing is converted."""
    if elsewhere:
        echo("named in Rust, BPF programs and documentation, which stay as they are:", err=True)
    for file, group in groupby(elsewhere, key=lambda one: one.file):
        lines = [one.line for one in group]
        first = ", ".join(map(str, lines[:8]))
        more = f" and {len(lines) - 8} more" if len(lines) > 8 else ""
        echo(f"  {plain(file)}: line{'s' * (len(lines) > 1)} {first}{more}", err=True)


def _as_sarif(result: ConversionRun) -> dict[str, object]:
    from vmaconv import __version__
    from vmaconv.review.page.sarif import sarif

    return sarif(_accounts(result), __version__)


def _use(account: Account) -> dict[str, object]:
    use: dict[str, object] = {
        "file": account.file,
        "line": account.line,
        "function": account.function,
        "kind": account.kind,
        "outcome": account.outcome,
        "text": account.text,
    }
    if account.reason is not None:
        use["reason"] = {
            "code": account.reason.code,
            "subject": account.reason.subject,
            "text": account.reason.text,
        }
    return use


def _accounts(result: ConversionRun) -> list[Account]:
    return [a for o in result.outcomes for a in o.account]


def _figures(row: Row) -> dict[str, object]:
    return {
        "name": row.name,
        "converted": row.converted,
        "left": row.left,
        "unjudged": row.unjudged,
    }


def _table(result: ConversionRun, by: str) -> None:
    accounts = _accounts(result)
    if not result.accounted:
        for outcome in result.outcomes:
            for change in outcome.changes:
                place = f"{outcome.path}:{change.line}"
                before = change.before.decode(errors="replace")
                words = " ".join(before.split())
                echo("\t".join((place, change.function, change.rule.name, "changed", words)))
    elif by != "use":
        from vmaconv.convert.tally import by_part, by_reason

        rows = by_part(accounts) if by == "part" else by_reason(accounts)
        if sys.stdout.isatty():
            from vmaconv.review.prompt.terminal import show_rows

            show_rows(rows, by)
        else:
            for row in rows:
                echo(f"{row.converted}\t{row.left}\t{row.unjudged}\t{row.name}")
    elif sys.stdout.isatty():
        from vmaconv.review.prompt.terminal import show_account

        show_account(accounts)
    else:
        for a in accounts:
            why = a.reason.text if a.reason is not None else ""
            echo("\t".join((f"{a.file}:{a.line}", a.function, a.kind, a.outcome, why)))
    lexical = sum(o.lexical for o in result.outcomes)
    others = sum(o.others for o in result.outcomes)
    say_chosen(result)
    echo(counts(result), err=True)
    say_recipe(result)
    if result.nothing or not result.accounted:
        return
    echo(
        f"counted in the text: {lexical} members of that name, {others} of them of other structs, "
        f"{lexical - others} remain: {result.converted()} converted, {result.left()} left, "
        f"{result.unjudged()} not judged",
        err=True,
    )
