# SPDX-License-Identifier: GPL-2.0-only
"""`vmaconv spatch`, also installed as `vmaconv-spatch`: spatch's command line on our engine."""

from __future__ import annotations

import io
import sys
from typing import BinaryIO, TextIO

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

    out: BinaryIO = Visible(sys.stdout.buffer) if sys.stdout.isatty() else sys.stdout.buffer
    err: TextIO = VisibleText(sys.stderr) if sys.stderr.isatty() else sys.stderr
    ctx.exit(main(ctx.args, out, err))


class Visible(io.BytesIO):
    """What a terminal shows of what is written: nothing of a file drives it."""

    def __init__(self, terminal: BinaryIO) -> None:
        super().__init__()
        self._terminal = terminal

    def flush(self) -> None:
        """Show what has come."""
        from vmaconv.cocci.text.visible import shown

        self._terminal.write(shown(self.getvalue()))
        self._terminal.flush()
        self.seek(0)
        self.truncate()


class VisibleText(io.StringIO):
    """The same for text, as it is written."""

    def __init__(self, terminal: TextIO) -> None:
        super().__init__()
        self._terminal = terminal

    def write(self, text: str) -> int:
        """Show text."""
        from vmaconv.cocci.text.visible import plain_lines

        return self._terminal.write(plain_lines(text))

    def flush(self) -> None:
        """Show what has come."""
        self._terminal.flush()


def entry() -> None:
    """Run `vmaconv-spatch`."""
    from vmaconv.cli.main import run_command

    run_command(command, "vmaconv-spatch")
