# SPDX-License-Identifier: GPL-2.0-only
"""`vmaconv series`: what git format-patch would have written."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vmaconv.cli.options import recipe_options, request_options
from vmaconv.cli.request import Request, run

if TYPE_CHECKING:
    from vmaconv.cli.work import Work
    from vmaconv.series.assemble import Options, Series


class _Series(click.Command):
    """Takes `-v2` for `--reroll-count 2`, as git format-patch does; `-v` alone is verbose."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Parse the command line."""
        spelt = [re.sub(r"^-v(\d+)$", r"--reroll-count=\1", word) for word in args]
        return super().parse_args(ctx, spelt)


@click.command("series", cls=_Series)
@request_options
@recipe_options
@click.option(
    "-o",
    "--output-directory",
    "output",
    type=click.Path(path_type=Path),
    help="Folder to write to.",
)
@click.option(
    "--branch", metavar="NAME", help="Commit the series onto a new branch, as b4 prep does."
)
@click.option(
    "--split",
    type=click.Choice(["group", "subsystem", "file"]),
    default="group",
    help="What makes one patch. What must land together always does.",
)
@click.option(
    "--max-patches", type=click.IntRange(min=0), default=15, help="In a batch; 0: no limit."
)
@click.option("-s", "--signoff", is_flag=True, help="Add your Signed-off-by.")
@click.option("--subject", help="The subject of each patch, after its prefix.")
@click.option("--body", help="The body of each patch.")
@click.option("--trailer", "trailers", multiple=True, metavar="'KEY: VALUE'")
@click.option("--quote", is_flag=True, help="Quote the semantic patch in each patch.")
@click.option("--template", type=click.Path(path_type=Path), help="Jinja2 template of a message.")
@click.option("--cover-template", type=click.Path(path_type=Path))
@click.option("--no-cover", is_flag=True, help="Write no cover letter.")
@click.option("--no-cc", is_flag=True, help="Look up no recipients.")
@click.option("--in-reply-to", default="", metavar="MESSAGE-ID")
@click.option(
    "--reroll-count", type=click.IntRange(min=1), default=1, help="Also -vN: 2 for [PATCH v2]."
)
@click.option(
    "--range-diff", type=click.Path(path_type=Path), metavar="DIR", help="The last version."
)
@click.option("--subject-prefix", default="PATCH")
@click.option("--checkpatch", is_flag=True, help="Run the tree's checkpatch.pl --strict on each.")
@click.option("--build", metavar="CONFIG", help="Compile what each patch touches.")
@click.option("--force", is_flag=True, help="Replace what an earlier run wrote to the folder.")
@click.pass_context
def command(
    ctx: click.Context,
    /,
    request: Request,
    verbose: bool,
    strict: bool,
    recipe: str | None,
    plan: Path | None,
    output: Path | None,
    branch: str | None,
    **wanted: object,
) -> None:
    """Write the conversion of TREE as a patch series: numbered, threaded, with a cover letter.

    Nothing is ever sent.
    """
    if output is None and branch is None:
        raise click.UsageError("say where the series goes: -o DIR, --branch NAME, or both")
    from vmaconv.series.assemble import look_around
    from vmaconv.series.output import check_output

    force = bool(wanted["force"])
    if output is not None:
        check_output(output, force=force)
    work = work_of(request, recipe, plan)
    options = _options(wanted, work.rule_text())
    around = look_around(request.tree, options)
    if work.is_empty():
        work.say(verbose)
        ctx.exit(work.exit_code(strict))
    series = work.series(around, options)
    for word in around.missing:
        click.secho(f"warning: {word}", err=True, fg="yellow")
    files = _write(series, output, branch, wanted)
    if wanted["checkpatch"]:
        _checkpatch(request.tree, files)
    if isinstance(wanted["build"], str):
        _build(request.tree, series, wanted["build"], request.jobs)
    work.say(verbose)
    ctx.exit(work.exit_code(strict))


def work_of(request: Request, recipe: str | None, plan: Path | None) -> Work:
    """Do what is asked for, by rules or by a recipe; nothing is written."""
    from vmaconv.cli.work import Converted, Migrated

    if recipe is None:
        if plan is not None:
            raise click.UsageError("--plan goes with --recipe")
        return Converted(run(request))
    from vmaconv.cli.recipe import plan_migration, wanted_recipe

    if request.paths or request.rule_names or request.defines:
        raise click.UsageError("--recipe takes the whole tree, and no --rules, -D or PATH")
    found = wanted_recipe(recipe)
    return Migrated(plan_migration(request.tree, found, plan, request.api, request.exclude))


def _options(wanted: dict[str, object], rule_text: str) -> Options:
    from vmaconv.series.assemble import Options
    from vmaconv.series.letter.template import read_template
    from vmaconv.series.letter.writer import CoverWriter, MessageWriter
    from vmaconv.series.words.message import parse_trailer
    from vmaconv.series.words.split import Split
    from vmaconv.series.words.wording import Wishes

    trailers = wanted["trailers"]
    assert isinstance(trailers, tuple)
    subject, body = wanted["subject"], wanted["body"]
    template, letter = wanted["template"], wanted["cover_template"]
    most = wanted["max_patches"]
    version = wanted["reroll_count"]
    assert isinstance(most, int) and isinstance(version, int)
    return Options(
        split=Split(wanted["split"]),
        most_patches=most,
        cover=not wanted["no_cover"],
        sign_off=bool(wanted["signoff"]),
        find_recipients=not wanted["no_cc"],
        version=version,
        subject_prefix=str(wanted["subject_prefix"]),
        in_reply_to=str(wanted["in_reply_to"]),
        wishes=Wishes(
            subject if isinstance(subject, str) else None,
            body if isinstance(body, str) else None,
            tuple(parse_trailer(line) for line in trailers),
            rule_text if wanted["quote"] else "",
        ),
        message_template=MessageWriter(read_template(template))
        if isinstance(template, Path)
        else None,
        cover_template=CoverWriter(read_template(letter)) if isinstance(letter, Path) else None,
    )


def _write(
    series: Series, output: Path | None, branch: str | None, wanted: dict[str, object]
) -> dict[str, bytes]:
    """Write the branch and the mails that are asked for; return the mails."""
    from vmaconv.series.branch.branch import make_branches
    from vmaconv.series.branch.rangediff import range_diff
    from vmaconv.series.output import write_series
    from vmaconv.series.render import render_series

    commits: tuple[str, ...] = ()
    if branch is not None:
        made = make_branches(series, branch)
        commits = tuple(commit for one in made for commit in one.commits)
        for one in made:
            click.echo(f"branch {one.name}: {len(one.commits)} patches", err=True)
    text = ""
    earlier = wanted["range_diff"]
    if isinstance(earlier, Path):
        compared = range_diff(series, earlier)
        text = compared.text
        if compared.missing:
            click.secho(f"warning: {compared.missing}", err=True, fg="yellow")
    files = dict(render_series(series, commits=commits, range_diff=text))
    if output is not None:
        write_series(output, files, force=bool(wanted["force"]))
        for name in files:
            click.echo(output / name)
    return files


def _checkpatch(tree: Path, files: dict[str, bytes]) -> None:
    from vmaconv.series.checks.checkpatch import Level, check_patches

    rows = []
    for checked in check_patches(tree, files):
        if checked.failure:
            rows.append((checked.name, checked.failure))
            continue
        counts = ", ".join(f"{checked.count(level)} {level.value.lower()}s" for level in Level)
        rows.append((checked.name, counts))
        rows += [("", f"{f.path}:{f.line}: {f.kind}: {f.text}") for f in checked.findings]
    _rows("checkpatch --strict", rows)


def _build(tree: Path, series: Series, config: str, jobs: int) -> None:
    from vmaconv.series.checks.build import Builder, export_tree

    with tempfile.TemporaryDirectory(prefix="vmaconv-build-") as folder:
        source = Path(folder) / "source"
        export_tree(tree, series.surroundings.repository, source)
        builder = Builder(source, Path(folder) / "objects", config, jobs)
        builder.configure()
        rows = []
        for built in builder.build_each(series.patches):
            verdict = "BROKEN" if built.broken else "builds"
            rows.append((built.subject, f"{verdict}, {len(built.objects)} objects"))
            rows += [("", f"{o.path}: {o.fate.value}") for o in built.objects]
        _rows(f"build ({config})", rows)


def _rows(title: str, rows: Sequence[tuple[str, str]]) -> None:
    width = max((len(name) for name, _ in rows), default=0)
    click.echo(f"{title}:", err=True)
    for name, text in rows:
        click.echo(f"  {name:{width}}  {text}", err=True)
