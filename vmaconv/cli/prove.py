# SPDX-License-Identifier: GPL-2.0-only
"""`vmaconv prove`: whether a change leaves what flags do as it was."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from vmaconv.cli.echo import echo
from vmaconv.cli.exits import LEFT, OK, UNDECIDED

if TYPE_CHECKING:
    from vmaconv.prove.verdict import Judgement, Proof

SCHEMA = 1
"""The version of the JSON that --format json prints."""


@click.command("prove")
@click.argument("tree", type=click.Path(path_type=Path))
@click.argument("revision", default="", metavar="[REV | REV..REV]")
@click.option(
    "--patch",
    "patches",
    multiple=True,
    metavar="FILE",
    help="Judge the changes of a patch or mbox to TREE as it is; - is stdin (repeatable).",
)
@click.option("--format", "style", type=click.Choice(["table", "json", "sarif"]), default="table")
@click.option("--strict", is_flag=True, help="Exit with 1 if anything is undecided, too.")
@click.option(
    "--timeout",
    type=click.FloatRange(min=0, min_open=True),
    default=60.0,
    show_default=True,
    metavar="S",
    help="Seconds that one function may take.",
)
@click.option("-v", "--verbose", is_flag=True, help="List what is proven, too.")
@click.pass_context
def command(
    ctx: click.Context,
    tree: Path,
    revision: str,
    patches: tuple[str, ...],
    style: str,
    strict: bool,
    timeout: float,
    verbose: bool,
) -> None:
    """Say of each function that changed in TREE whether it does the same as before.

    Compared are REV (HEAD) and the work tree, two revisions, or TREE with and without patches. A
    function is proven to behave the same for all flags in all configurations, or differs, with an
    example, or is undecided, with the place. Callers of what changed are judged, too.
    """
    proof = _proof(tree, revision, patches, timeout)
    if style == "table":
        print_proof(proof, verbose)
    else:
        data = as_json(proof, tree) if style == "json" else _as_sarif(proof)
        json.dump(data, sys.stdout, indent=1)
        sys.stdout.write("\n")
    ctx.exit(exit_code(proof, strict))


def _proof(tree: Path, revision: str, patches: tuple[str, ...], seconds: float) -> Proof:
    from vmaconv.cocci.text.tree_file import read_given
    from vmaconv.prove.prover import prove
    from vmaconv.prove.trees.patch_reading import after_patches
    from vmaconv.prove.trees.prove_error import ProveError
    from vmaconv.prove.trees.tree_pair import between, replaced

    if patches and revision:
        raise click.UsageError("give a revision or patches, not both")
    if not patches:
        return prove(between(tree, revision), seconds=seconds)
    if not tree.is_dir():
        raise ProveError(str(tree), "there is no such folder", "name a kernel tree")
    read: list[tuple[str, bytes]] = []
    for name in patches:
        try:
            text = sys.stdin.buffer.read() if name == "-" else read_given(Path(name))
        except OSError as error:
            what = f"cannot be read: {error.strerror or error}"
            raise ProveError(name, what, "name a patch or mbox, or - for stdin") from None
        read.append((name, text))
    return prove(replaced(tree, after_patches(tree, read)), seconds=seconds)


def exit_code(proof: Proof, strict: bool) -> int:
    """Return 1 if a function differs; else, if one is undecided, a code of its own."""
    from vmaconv.prove.verdict import Verdict

    if proof.having(Verdict.DIFFERS):
        return LEFT
    if proof.having(Verdict.UNDECIDED):
        return LEFT if strict else UNDECIDED
    return OK


def print_proof(proof: Proof, verbose: bool) -> None:
    """Print each function that is not proven, with what a person needs to look at it."""
    from vmaconv.prove.verdict import Verdict

    for judgement in proof.judgements:
        if judgement.verdict is not Verdict.PROVEN or verbose:
            print_judgement(judgement)
    echo(summary(proof), err=True)


def summary(proof: Proof) -> str:
    """Return the counts in one line."""
    from vmaconv.counting import counted
    from vmaconv.prove.verdict import Verdict

    if not proof.judgements:
        return "nothing changed that could be judged"
    parts = [
        f"{len(found)} {verdict.value}"
        for verdict in Verdict
        if (found := proof.having(verdict)) or verdict is Verdict.PROVEN
    ]
    return f"{counted(len(proof.judgements), 'function')}: {', '.join(parts)}"


def print_judgement(judgement: Judgement, *, err: bool = False) -> None:
    """Print a verdict on one function, with its example."""
    place = f"{judgement.file}:{judgement.line}"
    words = (place, judgement.function, judgement.verdict.value, judgement.reason)
    echo("\t".join(words), err=err)
    example = judgement.example
    if example is None:
        return
    if example.configuration:
        echo(f"    in the configuration {', '.join(example.configuration)}", err=err)
    if example.flags:
        echo(f"    with {', '.join(example.flags)}", err=err)
    for sign, side in (("-", example.before), ("+", example.after)):
        echo(f"    {sign} {side.line}: {side.text}", err=err)
        echo(f"        {side.value}", err=err)


def as_json(proof: Proof, tree: Path) -> dict[str, object]:
    """Return the verdicts as plain data: see "prove --format json" in the README."""
    from vmaconv.prove.verdict import Verdict

    return {
        "schema": SCHEMA,
        "tree": str(tree),
        "base": proof.base,
        "functions": [
            _judgement(j) for j in proof.judgements if j.verdict is not Verdict.NOT_JUDGED
        ],
        "not_judged": [
            {"file": j.file, "function": j.function, "line": j.line, "reason": j.reason}
            for j in proof.having(Verdict.NOT_JUDGED)
        ],
    }


def _judgement(judgement: Judgement) -> dict[str, object]:
    example = judgement.example
    return {
        "file": judgement.file,
        "function": judgement.function,
        "line": judgement.line,
        "verdict": judgement.verdict.value,
        "reason": judgement.reason,
        "example": None
        if example is None
        else {
            "flags": list(example.flags),
            "configuration": list(example.configuration),
            "before": {
                "line": example.before.line,
                "text": example.before.text,
                "value": example.before.value,
            },
            "after": {
                "line": example.after.line,
                "text": example.after.text,
                "value": example.after.value,
            },
        },
    }


def _as_sarif(proof: Proof) -> dict[str, object]:
    from vmaconv import __version__
    from vmaconv.prove.verdict import Verdict

    levels = {Verdict.DIFFERS: "error", Verdict.UNDECIDED: "warning", Verdict.NOT_JUDGED: "note"}
    results = [
        {
            "ruleId": f"prove-{judgement.verdict.value.replace(' ', '-')}",
            "level": levels[judgement.verdict],
            "message": {"text": f"{judgement.function}: {judgement.reason}"},
            "locations": [
                {
                    "physicalLocation": {
                        "artifactLocation": {"uri": judgement.file},
                        "region": {"startLine": judgement.line},
                    }
                }
            ],
        }
        for judgement in proof.judgements
        if judgement.verdict in levels
    ]
    rules = [
        {"id": "prove-differs", "shortDescription": {"text": "does something else than before"}},
        {"id": "prove-undecided", "shortDescription": {"text": "not known to do the same"}},
        {"id": "prove-not-judged", "shortDescription": {"text": "has nothing to do with flags"}},
    ]
    return {
        "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {"driver": {"name": "vmaconv", "version": __version__, "rules": rules}},
                "results": results,
            }
        ],
    }
