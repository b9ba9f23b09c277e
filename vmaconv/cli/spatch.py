"""`vmaconv spatch`, also installed as `vmaconv-spatch`: spatch's command line on our engine."""

from __future__ import annotations

import sys
from pathlib import Path

import click

SETTINGS = {"ignore_unknown_options": False, "help_option_names": ["-h", "--help", "-help"]}

FAILED = 255
"""spatch's exit status for a rule file or command line that it does not take."""


def _flag(*names: str) -> click.Option:
    return click.Option(names, is_flag=True, hidden=True, expose_value=False)


# Options that change nothing here: what they ask for is so anyway, or is about spatch's own inside.
_NO_EFFECT = (
    ("--very-quiet", "-very_quiet"),
    ("--quiet",),
    ("--debug",),
    ("--show-misc",),
    ("--no-scanner",),
    ("--use-gitgrep",),
    ("--use-glimpse",),
    ("--use-idutils",),
    ("--use-coccigrep",),
    ("--no-loops",),
    ("--no-safe-expressions",),
    ("--no-include-cache",),
    ("--no-gotos",),
    ("--allow-inconsistent-paths",),
    ("--c++",),
    ("--smpl-spacing",),
    ("--linux-spacing",),
    ("--force-diff",),
    ("--show-diff",),
    ("--keep-comments",),
    ("--include-headers-for-types",),
    ("--local-includes",),
)


@click.command("spatch", context_settings=SETTINGS)
@click.argument("files", nargs=-1, type=click.Path(path_type=Path))
@click.option("--sp-file", "--cocci-file", "--sp", "-sp_file", "-cocci_file", "rule_path")
@click.option("--dir", "-dir", "folder", type=click.Path(path_type=Path))
@click.option("-o", "output", type=click.Path(path_type=Path))
@click.option("--in-place", "-in_place", is_flag=True)
@click.option("-D", "defines", multiple=True)
@click.option("-j", "--jobs", type=click.IntRange(min=1), default=1)
@click.option("--chunksize", type=int, hidden=True)
@click.option("--no-show-diff", is_flag=True)
@click.option("-U", "context", type=click.IntRange(min=0), default=3)
@click.option("--patch", "-patch")
@click.option("--ignore", multiple=True)
@click.option("--no-includes", is_flag=True)
@click.option("--all-includes", is_flag=True)
@click.option("--recursive-includes", is_flag=True)
@click.option("--include-headers", is_flag=True)
@click.option("-I", "include_folders", multiple=True, type=click.Path(path_type=Path))
@click.option("--include", "extra_includes", multiple=True, hidden=True)
@click.option("--macro-file", multiple=True, type=click.Path(path_type=Path))
@click.option("--macro-file-builtins", hidden=True)
@click.option("--iso-file", type=click.Path(path_type=Path))
@click.option("--disable-iso", multiple=True)
@click.option("--timeout", type=float, default=300.0)
@click.option("--index", type=int)
@click.option("--max", "maximum", type=int)
@click.option("--python", hidden=True)
@click.option("--parse-cocci", is_flag=True)
@click.option("--parse-c", is_flag=True)
@click.option("--trust-scripts", is_flag=True, help="Run script blocks whatever they do.")
@click.option("--version", "-version", is_flag=True)
@click.pass_context
def command(ctx: click.Context, /, rule_path: str | None, **options: object) -> None:
    """Run a semantic patch as spatch does."""
    from vmaconv import __version__
    from vmaconv.spatch.main import Arguments, main

    if options.pop("version"):
        click.echo(f"vmaconv-spatch version {__version__}")
        return
    arguments = Arguments.of(rule_path, options)
    ctx.exit(main(arguments, sys.stdout.buffer, sys.stderr))


for _names in _NO_EFFECT:
    command.params.append(_flag(*_names))


def entry() -> None:
    """Run `vmaconv-spatch`."""
    from vmaconv.cli.main import run_command

    run_command(command, "vmaconv-spatch")
