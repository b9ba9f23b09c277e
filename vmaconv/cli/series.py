# SPDX-License-Identifier: GPL-2.0-only
"""`vmaconv series`: what git format-patch would have written."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vmaconv.cli import exits
from vmaconv.cli.echo import echo
from vmaconv.cli.options import FORCED, RecipeChoice, recipe_options, request_options
from vmaconv.cli.proving import prove_option, proven, with_proof
from vmaconv.cli.request_run import run
from vmaconv.convert.request import Request

if TYPE_CHECKING:
    from vmaconv.cli.work import Work
    from vmaconv.series.assemble import Series, SeriesOptions


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
    type=click.Choice(["group", "recipe", "subsystem", "file"]),
    default="group",
    show_default=True,
    help="What one patch holds; what must land together is never split. recipe: as the recipe says.",
)
@click.option(
    "--max-patches", type=click.IntRange(min=0), default=15, help="In a batch; 0: no limit."
)
@click.option("-s", "--signoff", is_flag=True, help="Add your Signed-off-by.")
@click.option("--subject", help="The subject of each patch, after its prefix.")
@click.option("--body", help="The body of each patch.")
@click.option(
    "--trailer",
    "trailers",
    multiple=True,
    metavar="'KEY: VALUE'",
    help="Add a trailer to each patch (repeatable).",
)
@click.option("--quote", is_flag=True, help="Quote the semantic patch in each patch.")
@click.option("--template", type=click.Path(path_type=Path), help="Jinja2 template of a message.")
@click.option(
    "--cover-template", type=click.Path(path_type=Path), help="Jinja2 template of the letter."
)
@click.option("--no-cover", is_flag=True, help="Write no cover letter.")
@click.option("--no-cc", is_flag=True, help="Look up no recipients.")
@click.option(
    "--in-reply-to",
    default="",
    show_default=False,
    metavar="MESSAGE-ID",
    help="The mail that the series answers.",
)
@click.option(
    "--reroll-count", type=click.IntRange(min=1), default=1, help="Also -vN: 2 for [PATCH v2]."
)
@click.option(
    "--range-diff",
    type=click.Path(path_type=Path),
    metavar="DIR",
    help="Compare with the last version, whose patches are in DIR.",
)
@click.option("--subject-prefix", default="PATCH", help="Text in the brackets of subjects.")
@click.option(
    "--checkpatch",
    is_flag=True,
    help="Run the tree's checkpatch.pl --strict on each: runs code of the tree.",
)
@click.option(
    "--build",
    metavar="CONFIG",
    help="Compile what each patch touches: runs code of the tree, its makefiles.",
)
@click.option("--force", is_flag=True, help=FORCED)
@prove_option
@click.pass_context
def command(
    ctx: click.Context,
    /,
    request: Request,
    verbose: bool,
    strict: bool,
    choice: RecipeChoice | None,
    output: Path | None,
    branch: str | None,
    **wanted: object,
) -> None:
    """Write the conversion of TREE as a patch series: numbered, threaded, with a cover letter.

    Nothing is ever sent.
    """
    if output is None and branch is None:
        raise click.UsageError("say where the series goes: -o DIR, --branch NAME, or both")
    from vmaconv.cli.series_checks import built, checkpatched
    from vmaconv.series.assemble import look_around
    from vmaconv.series.branch.rangediff import check_earlier
    from vmaconv.series.output import check_output

    force = bool(wanted["force"])
    if output is not None:
        check_output(output, force=force)
    if isinstance(wanted["range_diff"], Path):
        check_earlier(wanted["range_diff"])
    by_recipe = wanted["split"] == "recipe"
    if by_recipe and choice is None:
        raise click.UsageError("--split recipe goes with --recipe")
    work = work_of(request, choice, as_recipe=by_recipe)
    options = _options(wanted, work.rule_text())
    if not work.is_described() and options.wishes.subject is None and not options.message_template:
        what = "the rules do not say what they do, so the patches would have no subject"
        remedy = 'begin the rule file with a comment ("// Use foo_set()"), or give --subject'
        raise exits.Failure(exits.ErrorReport(exits.RULE, what, remedy))
    around = look_around(request.tree, options)
    if work.is_empty():
        work.say(verbose)
        ctx.exit(work.exit_code(strict))
    refuse_uncommitted(request.tree, work, force)
    found = proven(request.tree, work.texts()) if wanted["proves"] else None
    series = with_proof(work.series(around, options), found)
    for word in around.missing:
        echo(f"warning: {word}", err=True, fg="yellow")
    broken = False
    if wanted["checkpatch"]:
        series = checkpatched(series)
    if isinstance(wanted["build"], str):
        series, broken = built(series, wanted["build"], request.jobs)
    _write(series, output, branch, wanted)
    work.say(verbose)
    ctx.exit(exits.BROKEN if broken else work.exit_code(strict))


def work_of(request: Request, choice: RecipeChoice | None, *, as_recipe: bool = False) -> Work:
    """Do what is asked for, by rules or by a recipe, or a part of it; nothing is written."""
    from vmaconv.cli.work import Converted, Migrated

    if choice is None:
        return Converted(run(request))
    from vmaconv.cli.recipe_run import plan_choice, refuse_part
    from vmaconv.hooks.hook_recipe import is_hook_recipe
    from vmaconv.migrate.recipe import find_recipe

    if is_hook_recipe(find_recipe(choice.name)):
        refuse_part(choice)
        from vmaconv.cli.hook_account import hooks_of
        from vmaconv.cli.hook_work import Hooked

        return Hooked(hooks_of(request, choice.name, choice.plan))
    _, migration = plan_choice(request, choice, as_recipe=as_recipe)
    return Migrated(migration)


def _options(wanted: dict[str, object], rule_text: str) -> SeriesOptions:
    from vmaconv.series.assemble import SeriesOptions
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
    return SeriesOptions(
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


def refuse_uncommitted(tree: Path, work: Work, force: bool) -> None:
    """Raise `Failure` if HEAD does not hold what the patches are made of; warn with `force`."""
    from vmaconv.cli.apply import listed, uncommitted_paths

    dirty = uncommitted_paths(tree, work.used())
    if not dirty:
        return
    what = f"uncommitted changes in {listed(dirty)}, which the patches are made of"
    if not force:
        remedy = "commit or stash them, or give --force"
        raise exits.Failure(exits.ErrorReport(exits.OUTPUT, f"{what}; nothing was written", remedy))
    echo(f"warning: {what}: they may not apply to HEAD", err=True, fg="yellow")


def _write(
    series: Series, output: Path | None, branch: str | None, wanted: dict[str, object]
) -> None:
    """Write the branch and the mails that are asked for."""
    from vmaconv.series.branch.branch import make_branches
    from vmaconv.series.branch.rangediff import range_diff
    from vmaconv.series.output import write_series
    from vmaconv.series.render import render_series

    commits: tuple[str, ...] = ()
    if branch is not None:
        made = make_branches(series, branch)
        commits = tuple(commit for one in made for commit in one.commits)
        for one in made:
            echo(f"branch {one.name}: {len(one.commits)} patches", err=True)
    text = ""
    earlier = wanted["range_diff"]
    if isinstance(earlier, Path):
        compared = range_diff(series, earlier)
        text = compared.text
        if compared.missing:
            echo(f"warning: {compared.missing}", err=True, fg="yellow")
    files = dict(render_series(series, commits=commits, range_diff=text))
    if output is not None:
        write_series(output, files, force=bool(wanted["force"]))
        for name in files:
            echo(str(output / name))
