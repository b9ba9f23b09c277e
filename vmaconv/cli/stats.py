"""`vmaconv parse-stats`: how much of the C is understood."""

from __future__ import annotations

from pathlib import Path

import click

from vmaconv.source.stats import measure


@click.command("parse-stats")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.option("-v", "--verbose", is_flag=True, help="Name each place that does not parse.")
def command(paths: tuple[Path, ...], verbose: bool) -> None:
    """Count files, functions and lines, and how many lie in a syntax error."""
    files = functions = lines = error_lines = broken = 0
    for path in _files(paths):
        stats = measure(path.read_bytes())
        files += 1
        functions += stats.functions
        lines += stats.lines
        error_lines += stats.error_lines
        broken += len(stats.functions_in_error)
        if verbose:
            for place in stats.places:
                click.echo(f"{path}:{place}")
    share = 100 * (1 - error_lines / lines) if lines else 100.0
    click.echo(f"files      {files}")
    click.echo(f"functions  {functions}, {broken} of them in a syntax error")
    click.echo(f"lines      {lines}, {error_lines} of them in a syntax error")
    click.echo(f"outside any error: {share:.3f} % of the lines")


def _files(paths: tuple[Path, ...]) -> list[Path]:
    found: list[Path] = []
    for path in paths:
        if path.is_dir():
            found += sorted(p for p in path.rglob("*.[ch]") if p.is_file() and not p.is_symlink())
        else:
            found.append(path)
    return found
