# SPDX-License-Identifier: GPL-2.0-only
"""`vmaconv parse-stats`: how much of the C is understood."""

from __future__ import annotations

from pathlib import Path

import click

from vmaconv.cli.echo import echo
from vmaconv.cocci.shim.parse_stats import FileStats, measure_prepared
from vmaconv.cocci.text.tree_file import read_regular
from vmaconv.cocci.tree.unit import Unit


@click.command("parse-stats")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.option("-v", "--verbose", is_flag=True, help="Name each place that does not parse.")
def command(paths: tuple[Path, ...], verbose: bool) -> None:
    """Count files, functions and lines, and how many lie in a syntax error.

    A line counts as lying in an error when it does in any arm of a conditional. PATHS are files, or
    folders whose .c and .h files are taken.
    """
    total = FileStats()
    for path in _files(paths):
        total += _measure(path, verbose)
    echo(f"files      {total.files}")
    echo(f"functions  {total.functions}, {total.functions_in_error} of them in a syntax error")
    echo(f"lines      {total.lines}, {total.error_lines} of them in a syntax error")
    echo(f"outside any error: {100 * total.clean_share:.3f} % of the lines")


def _measure(path: Path, verbose: bool) -> FileStats:
    """Count in one file, stretch by stretch, as it is parsed for matching."""
    unit = Unit(str(path), read_regular(path))
    total = FileStats()
    for chunk in unit.chunks:
        stats = measure_prepared(chunk.prepared)
        total += stats
        if verbose:
            for place in stats.places:
                line = unit.line(chunk.start) + place.line - 1
                inside = f" in {place.function.decode()}()" if place.function else ""
                echo(f"{path}:{line}: does not parse{inside}", err=True)
    return FileStats(1, total.functions, total.lines, total.error_lines, total.functions_in_error)


def _files(paths: tuple[Path, ...]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(p for p in path.rglob("*.[ch]") if p.is_file() and not p.is_symlink())
        else:
            found.append(path)
    return found
