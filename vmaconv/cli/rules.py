# SPDX-License-Identifier: GPL-2.0-only
"""`vmaconv rules`: what ships, and what is wrong with a rule file."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from vmaconv.cli.echo import echo
from vmaconv.cli.exits import OK, RULE, ErrorReport, caret, show
from vmaconv.cli.options import complete_rules
from vmaconv.cocci.smpl.parse import check_text
from vmaconv.cocci.smpl.rule import CodeRule
from vmaconv.cocci.spatch.job import check_isomorphisms, check_scripts, foreign_scripts
from vmaconv.cocci.spatch.option_lines import matching_words
from vmaconv.cocci.text.tree_file import read_regular
from vmaconv.convert.account_line import account_of
from vmaconv.counting import counted
from vmaconv.flags.flag_metavariables import KIND_WORDS
from vmaconv.flags.kernel_isomorphisms import isomorphisms
from vmaconv.flags.rule_forms import read_rules
from vmaconv.library import find_rules, shipped
from vmaconv.uses.bool_rules import bool_warnings


@click.group("rules", invoke_without_command=True)
@click.pass_context
def command(ctx: click.Context) -> None:
    """List the rules that ship with vmaconv, or check a rule file."""
    if ctx.invoked_subcommand is None:
        for path in shipped():
            rule_file = read_rules(path)
            echo(f"{path.stem:12} {rule_file.description.splitlines()[0]}")


@command.command("show")
@click.argument("name", shell_complete=complete_rules)
def show_rules(name: str) -> None:
    """Print a rule file that ships."""
    text = find_rules(name).read_text("utf-8", "surrogateescape")
    if sys.stdout.isatty():
        echo(text.removesuffix("\n"))
    else:
        sys.stdout.buffer.write(text.encode("utf-8", "surrogateescape"))


@command.command("check")
@click.argument("file", type=click.Path(path_type=Path))
@click.pass_context
def check(ctx: click.Context, file: Path) -> None:
    """Say what is wrong with a rule file, with line, column and a caret."""
    path = find_rules(str(file))
    text = read_regular(path).decode("utf-8", "surrogateescape")
    errors = check_text(text, str(path), kinds=KIND_WORDS)
    for error in errors:
        show(ErrorReport(RULE, str(error), error.remedy, caret(error)))
    if errors:
        ctx.exit(RULE)
    account_of([path])
    rule_file = read_rules(path)
    for warning in (*rule_file.warnings, *bool_warnings(text, str(path))):
        show(ErrorReport(OK, f"warning: {warning}", warning.remedy, caret(warning)))
    _, notes = matching_words(rule_file)
    for line in (*notes, *foreign_scripts(rule_file)):
        show(ErrorReport(OK, f"warning: {line}"))
    check_isomorphisms(rule_file, {iso.name for iso in isomorphisms()})
    check_scripts(rule_file, False)
    count = sum(isinstance(rule, CodeRule) for rule in rule_file.rules)
    echo(f"{path}: {counted(count, 'rule')}, no errors")
