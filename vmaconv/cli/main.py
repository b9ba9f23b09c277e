# SPDX-License-Identifier: GPL-2.0-only
"""The `vmaconv` command group."""

from __future__ import annotations

import gc
import importlib
import signal
import sys
from collections.abc import Sequence

import click

from vmaconv import __version__
from vmaconv.cli.echo import echo
from vmaconv.cli.exits import INTERRUPTED, MEANINGS, OUTPUT, ErrorReport, report_of, show
from vmaconv.cli.streams import finish_stdout, heed_signals, keep_interrupts, open_streams

COMMANDS = {
    "apply": ("vmaconv.cli.apply", "Convert a tree in place."),
    "diff": ("vmaconv.cli.diff", "Show what would be converted, as a diff."),
    "explain": ("vmaconv.cli.explain", "Say why a rule does or does not match."),
    "hooks": ("vmaconv.cli.hooks", "Convert .mmap hooks to .mmap_prepare, or say why not."),
    "migrate": ("vmaconv.cli.migrate", "Change a type, and all that its values flow through."),
    "parse-stats": ("vmaconv.cli.stats", "Say how much of the C parses."),
    "patches": ("vmaconv.cli.patches", "Write one patch a file."),
    "prove": ("vmaconv.cli.prove", "Prove that a change keeps what flags do, or say where not."),
    "report": ("vmaconv.cli.report", "Write the account and the changes as one HTML page."),
    "review": ("vmaconv.cli.review", "Look at each change in the terminal, and choose."),
    "rules": ("vmaconv.cli.rules", "List the rules that ship, or check a rule file."),
    "series": ("vmaconv.cli.series", "Write a patch series with a cover letter."),
    "spatch": ("vmaconv.cli.spatch", "Run a semantic patch as spatch does."),
    "scan": ("vmaconv.cli.scan", "List each use and what becomes of it."),
}


class Lazy(click.Group):
    """A group whose commands are imported when they are run."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002
        """Return the commands' names."""
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Import one command."""
        found = COMMANDS.get(cmd_name)
        if found is None:
            return None
        command = importlib.import_module(found[0]).command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:  # noqa: ARG002
        """List the commands without importing them."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name][1]) for name in sorted(COMMANDS)])
        with formatter.section("Exit codes"):
            formatter.write_dl([(str(code), text) for code, text in MEANINGS.items()])


def _version(ctx: click.Context, _option: click.Parameter, wanted: bool) -> None:
    """Print the version and, with -v, the boundary that scripts would be run in."""
    if not wanted:
        return
    echo(f"vmaconv, version {__version__}")
    if ctx.params.get("v"):
        from vmaconv.cocci.script.script_process import boundary_in_force

        echo(f"scripts of rule files are held by: {boundary_in_force()}")
    ctx.exit()


@click.command(
    cls=Lazy,
    context_settings={"help_option_names": ["-h", "--help"], "show_default": True},
    epilog='Completion: eval "$(_VMACONV_COMPLETE=bash_source vmaconv)" (zsh_source, fish_source).',
)
@click.option(
    "-v",
    is_flag=True,
    is_eager=True,  # so that it is known when --version is acted on, wherever it stands
    help="With --version: name the sandbox that script blocks run in.",
)
@click.option(
    "--version", is_flag=True, callback=_version, expose_value=False, help="Show the version."
)
def group(v: bool) -> None:  # noqa: ARG001
    """Convert a kernel tree's VMA flags from words to bitmaps.

    TREE is the top folder of a kernel tree. Try: vmaconv diff TREE
    """


_COLLECT_AT = 50_000
"""Objects made between two looks for garbage, of which syntax trees leave next to none; at Python's
700 the looks take a tenth of a run."""


_TURN = 0.0005
"""Seconds after which a thread that computes lets one that reads files have its turn: at Python's ten
times that, who reads waits as long after each file."""


def main(argv: Sequence[str] | None = None) -> None:
    """Run the command line; every way out has an exit code of `exits.MEANINGS`."""
    gc.set_threshold(_COLLECT_AT)
    sys.setswitchinterval(_TURN)
    run_command(group, "vmaconv", argv)


def run_command(command: click.Command, name: str, argv: Sequence[str] | None = None) -> None:
    """Run a click command and leave with its exit code.

    With `argv` None, as a program, it ignores Ctrl-C from there on: what is left to do is Python's
    own end, which an interrupt would turn into a death by SIGINT with the work done.
    """
    if argv is None:
        open_streams()
        heed_signals()
        keep_interrupts()
    try:
        code = _outcome(command, name, argv)
        _ignore_interrupts(argv)
    except KeyboardInterrupt:
        _ignore_interrupts(argv)
        echo("vmaconv: interrupted", err=True)
        code = INTERRUPTED
    if argv is None and (wrong := finish_stdout()) is not None:
        show(ErrorReport(OUTPUT, wrong))
        code = code or OUTPUT
    if argv is None:
        # Python's end looks once through all that there is for garbage: a fifth of a short run.
        gc.freeze()
    sys.exit(code)


def _ignore_interrupts(argv: Sequence[str] | None) -> None:
    if argv is None:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)


def _outcome(command: click.Command, name: str, argv: Sequence[str] | None) -> int:
    try:
        result = command.main(args=argv, prog_name=name, standalone_mode=False)
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.Abort as stop:
        raise KeyboardInterrupt from stop
    except click.ClickException as error:
        error.show()
        return error.exit_code
    except SystemExit:
        # The reader of a pipe went away, which is no error of ours: click leaves with 1 then, and
        # sees to it that Python does not complain.
        return 0
    except Exception as error:
        if isinstance(error.__cause__, KeyboardInterrupt):
            # Ctrl-C while a class is made: Python 3.11 wraps it in a RuntimeError.
            raise KeyboardInterrupt from error
        report = report_of(error)
        if report is None:
            raise
        show(report)
        return report.code
    return result if isinstance(result, int) else 0
