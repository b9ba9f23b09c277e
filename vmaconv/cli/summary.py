# SPDX-License-Identifier: GPL-2.0-only
"""What a run says about itself, on stderr."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING

from vmaconv.cli.echo import echo
from vmaconv.cli.exits import FILES, LEFT, OK
from vmaconv.cocci.text.visible import plain
from vmaconv.counting import counted

if TYPE_CHECKING:
    # Commands load these when they have started the search for files.
    from vmaconv.cocci.engine.file_result import Refusal
    from vmaconv.convert.conversion import ConversionRun
    from vmaconv.convert.tree_conversion import FileOutcome
    from vmaconv.convert.use_account import Account


def say(result: ConversionRun, verbose: bool, summary: str = "") -> None:
    """Print warnings, counts and what was left to a person on stderr.

    `summary` takes the place of the counts where a person chose among the changes.
    """
    for warning in result.warnings:
        echo(f"warning: {warning}", err=True, fg="yellow")
    say_skipped(result)
    are_shipped = result.chosen is not None and result.chosen.why
    for outcome in result.outcomes:
        for refusal in outcome.refusals:
            if are_shipped and _is_accounted(outcome, refusal):
                # Own rules are known by their names; those that ship are not.
                continue
            place = f"{outcome.path}:{refusal.line}"
            # A rule without a name is called by its line: "rule starting on line 5".
            rule = refusal.rule if " " in refusal.rule else f"rule {refusal.rule}"
            echo(f"{place}: {rule} not applied: {refusal.reason}", err=True)
        if verbose:
            _passed_over(outcome.path, outcome.unparsed)
    passed_over = sum(len(o.unparsed) for o in result.outcomes)
    if passed_over and not verbose:
        what = counted(passed_over, "function")
        echo(f"{what} passed over for not parsing; -v says which", err=True)
    say_miscounted(result)
    say_chosen(result)
    echo(summary or counts(result), err=True)
    say_recipe(result)
    for state, title in (("left", "left to a person"), ("unjudged", "could not be judged")):
        accounts = [a for o in result.outcomes for a in o.account if a.outcome == state]
        if accounts:
            echo(f"{title}:", err=True)
        for account in accounts:
            echo(f"  {left_line(account)}", err=True)


def _is_accounted(outcome: FileOutcome, refusal: Refusal) -> bool:
    """Return whether what is left to a person says of the line why an edit there is refused."""
    return any(
        account.line == refusal.line
        and account.reason is not None
        and account.reason.code == "refused"
        for account in outcome.account
    )


def say_chosen(result: ConversionRun) -> None:
    """Say which rules the tree's headers called for, and why."""
    if result.chosen is not None and result.chosen.why:
        names = ", ".join(result.chosen.rules)
        echo(f"rules: {names}, as {result.chosen.why}", err=True)


def say_recipe(result: ConversionRun) -> None:
    """Say what changes types and signatures, where uses wait for that."""
    waiting = _WAITING.intersection(
        account.reason.code
        for outcome in result.outcomes
        for account in outcome.account
        if account.reason is not None
    )
    if result.recipe and waiting:
        tree = shlex.quote(str(result.tree))
        echo(f"types and signatures: vmaconv migrate {tree} --recipe {result.recipe}", err=True)


_WAITING = frozenset(
    {"argument", "copied-to", "compared-with", "parameter", "result", "variable", "member"}
)
"""The codes of reasons that end when a type changes."""


def say_skipped(result: ConversionRun) -> None:
    """Name the files that could not be read, or whose rules came to no end."""
    for outcome in result.outcomes:
        if outcome.skipped:
            echo(f"error: {plain(outcome.path)}: {outcome.skipped}", err=True, fg="red")


def say_miscounted(result: ConversionRun) -> None:
    """Warn of files where the account and a count in the text differ."""
    for outcome in result.miscounted():
        missed = outcome.miscounted()
        what = f"holds {counted(missed, 'use')} more" if missed > 0 else f"lacks {-missed}"
        echo(
            f"warning: {outcome.path}: the text {what} than this account: look at it yourself",
            err=True,
            fg="yellow",
        )


def left_line(account: Account) -> str:
    """Return one line that says where a use is and why it was left."""
    place = f"{account.file}:{account.line}"
    inside = f" {account.function}()" if account.function else ""
    why = account.reason.text if account.reason is not None else ""
    return f"{place}:{inside} {why}"


def counts(result: ConversionRun) -> str:
    """Return the run's figures as a line."""
    converted, left, unjudged = result.converted(), result.left(), result.unjudged()
    changes = sum(len(o.changes) for o in result.outcomes)
    if result.nothing:
        return f"nothing to convert: {result.nothing}"
    more = f"; {counted(unjudged, 'more place')} could not be judged" if unjudged else ""
    if not converted and not left and not changes:
        return f"nothing to convert{more}"
    files = counted(len(result.changed()), "file")
    if not result.accounted:
        return f"{counted(changes, 'place')} changed in {files}"
    uses = counted(converted, "use")
    if beside := result.beside():
        place = counted(beside, "other place")
        uses = f"{uses} and {place}" if converted else place
    return f"{uses} converted in {files}, {left} left to a person{more}"


def _passed_over(path: str, unparsed: dict[str, int]) -> None:
    for function, line in unparsed.items():
        what = f"{function}()" if function else "text"
        echo(f"{path}:{line}: {what} passed over: it does not parse", err=True)


def exit_code(result: ConversionRun, strict: bool) -> int:
    """Return the exit code that the outcomes call for."""
    if any(o.skipped for o in result.outcomes):
        return FILES
    incomplete = result.miscounted() or any(o.unparsed for o in result.outcomes)
    if strict and (result.left() or result.unjudged() or incomplete):
        return LEFT
    return OK
