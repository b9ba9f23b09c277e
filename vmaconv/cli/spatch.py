# SPDX-License-Identifier: GPL-2.0-only
"""`vmaconv spatch`, also installed as `vmaconv-spatch`: spatch's command line on our engine."""

from __future__ import annotations

import sys

import click


class Spatch(click.Command):
    """A command whose words click leaves alone: spatch's `-very_quiet` is none of click's ways."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Keep the words as they are."""
        ctx.args = list(args)
        return []


@click.command("spatch", cls=Spatch, add_help_option=False)
@click.pass_context
def command(ctx: click.Context) -> None:
    """Run a semantic patch as spatch does."""
    from vmaconv.cocci.spatch.command import main

    ctx.exit(main(ctx.args, sys.stdout.buffer, sys.stderr))


def entry() -> None:
    """Run `vmaconv-spatch`."""
    from vmaconv.cli.main import run_command

    run_command(command, "vmaconv-spatch")
