# SPDX-License-Identifier: GPL-2.0-only
"""`vmaconv report`: the account and the changes as one page."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click
from msgspec.structs import replace

from vmaconv.cli.options import RecipeChoice, recipe_options, request_options
from vmaconv.cli.proving import Proven, prove_option, proven
from vmaconv.cli.request_run import run
from vmaconv.cli.summary import exit_code
from vmaconv.convert.request import Request

if TYPE_CHECKING:
    from vmaconv.convert.conversion import ConversionRun


@click.command("report")
@request_options
@recipe_options
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="File to write; an existing one is replaced whole.",
)
@click.option("--title", help="The page's heading. Default: the tree's name.")
@click.option(
    "--source-url",
    metavar="URL",
    default="",
    show_default=False,
    help="Link each use to the source, too: a URL with {path} and {line} in it.",
)
@prove_option
@click.pass_context
def command(
    ctx: click.Context,
    request: Request,
    verbose: bool,
    strict: bool,
    choice: RecipeChoice | None,
    output: Path,
    title: str | None,
    source_url: str,
    proves: bool,
) -> None:
    """Write the account and the changes of TREE as one HTML page that needs no network.

    The page has the counts, each use with filters, and the diffs side by side. It can be mailed,
    printed, and read on a phone.
    """
    if source_url and not source_url.startswith(("https://", "http://", "file:///")):
        raise click.BadParameter("give a URL that starts with https://", param_hint="--source-url")
    if choice is not None:
        from vmaconv.cli.migrated_review import reviewed

        result, material = reviewed(request, choice)
    else:
        result = run(request)
        # Loaded while the search for files runs.
        from vmaconv.cli.material import material_of

        material = material_of(result)
    from vmaconv.cli.summary import say
    from vmaconv.cocci.text.atomic import write_whole
    from vmaconv.review.page.page import render_report
    from vmaconv.review.page.views import SourceLink

    found = proven(request.tree, _texts(result)) if proves else Proven("")
    if proves:
        from vmaconv.review.material.proof_notes import with_proof_notes

        material = with_proof_notes(material, found.judgements)
    material = replace(material, warnings=(*material.warnings, *found.notes))
    made = _made(request.tree) + ([("Proved", found.words)] if proves else [])
    page = render_report(material, title=title or "", source=SourceLink(source_url), made=made)
    write_whole(output, page.encode("utf-8", "backslashreplace"))
    say(result, verbose)
    ctx.exit(exit_code(result, strict))


def _texts(result: ConversionRun) -> dict[str, bytes]:
    """Return what the files that change are to become."""
    return {outcome.path: outcome.after for outcome in result.changed()}


def _made(tree: Path) -> list[tuple[str, str]]:
    """Say of which commit a page is, when it was made and with what."""
    from datetime import UTC, datetime

    from vmaconv import __version__
    from vmaconv.series.git.repository import Repository, find_repository, head

    found = find_repository(tree)
    commit = head(found) if isinstance(found, Repository) else None
    when = datetime.now(UTC).strftime("%Y-%m-%d %H:%M UTC")
    rows = [("Made", f"{when} with vmaconv {__version__}")]
    return [("Commit", commit[:12]), *rows] if commit else rows
