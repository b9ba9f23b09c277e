# SPDX-License-Identifier: GPL-2.0-only
"""`--prove`: what a command made is judged before it goes out.

In: a tree and the texts that files are to have. Out: what was proven, on stderr; an edit that differs
is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

import click
from msgspec import Struct

from vmaconv.cli.echo import echo
from vmaconv.cli.exits import OUTPUT, ErrorReport, Failure

if TYPE_CHECKING:
    from vmaconv.prove.verdict import Judgement
    from vmaconv.series.assemble import Series

F = TypeVar("F", bound=Callable[..., object])

SECONDS = 60.0
"""How long one function may take; see `vmaconv prove --timeout`."""


def prove_option(function: F) -> F:
    """Add `--prove`, which is given to the command as `proves`."""
    decorate = click.option(
        "--prove",
        "proves",
        is_flag=True,
        help="Prove that each edit keeps the behaviour; refuse those that differ.",
    )
    return decorate(function)


class Proven(Struct, frozen=True):
    """What is said of edits that were judged: a sentence, and one for each that needs a reader."""

    words: str
    notes: tuple[str, ...] = ()
    judgements: tuple[Judgement, ...] = ()


def proven(tree: Path, texts: Mapping[str, bytes]) -> Proven:
    """Judge what files are to become, and say on stderr what came of it.

    Raises `Failure` where a function would do something else than before.
    """
    from vmaconv.cli.prove import print_judgement
    from vmaconv.counting import counted
    from vmaconv.prove.prover import prove
    from vmaconv.prove.trees.tree_pair import replaced
    from vmaconv.prove.verdict import Verdict

    if not texts:
        echo("nothing changed that could be judged", err=True)
        return Proven("Nothing was changed, so there was nothing to check.")
    proof = prove(replaced(tree, dict(texts)), seconds=SECONDS)
    wrong, unsure = proof.having(Verdict.DIFFERS), proof.having(Verdict.UNDECIDED)
    for judgement in (*wrong, *unsure):
        print_judgement(judgement, err=True)
    if wrong:
        where = ", ".join(f"{j.function}() in {j.file}" for j in wrong)
        what = f"what was made does something else than before in {where}; it is refused"
        raise Failure(ErrorReport(OUTPUT, what, "leave these uses out, or report it"))
    equal = len(proof.having(Verdict.PROVEN))
    every = counted(equal + len(unsure), "function")
    needs = "needs" if len(unsure) == 1 else "need"
    open_ = f"; {len(unsure)} {needs} a reader" if unsure else ""
    echo(f"each of {every} was checked: {equal} proven equal{open_}", err=True)
    sentence = (
        f"Each of {every} that the edits touch or reach was checked by a prover that shares no code "
        f"with what made them: {equal} do the same as before, for all flags in all configurations"
        f"{open_}: see the notes."
        if unsure
        else f"Each of {every} that the edits touch or reach was checked equal, for all flags in all "
        "configurations, by a prover that shares no code with what made them."
    )
    notes = tuple(
        f"{j.file}:{j.line}: {j.function}() was not proven equal: {j.reason}" for j in unsure
    )
    return Proven(sentence, notes, proof.judgements)


def with_proof(series: Series, found: Proven | None) -> Series:
    """Return a series whose letters say what was proven of it."""
    from vmaconv.series.assemble import with_checks

    return series if found is None else with_checks(series, (found.words,), found.notes)
