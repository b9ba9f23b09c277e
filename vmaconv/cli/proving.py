# SPDX-License-Identifier: GPL-2.0-only
"""`--prove`: what a command made is judged before it goes out.

In: a tree and the texts that files are to have. Out: what was proven, on stderr; an edit that differs
is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TypeVar

import click

from vmaconv.cli.echo import echo
from vmaconv.cli.exits import OUTPUT, Failure, Report

F = TypeVar("F", bound=Callable[..., object])

SECONDS = 60.0
"""How long one function may take; see `vmaconv prove --timeout`."""


def prove_option(function: F) -> F:
    """Add `--prove`, which is given to the command as `proves`."""
    decorate = click.option(
        "--prove",
        "proves",
        is_flag=True,
        help="Prove that each edit leaves what flags do as it was; refuse what differs.",
    )
    return decorate(function)


def proven_words(tree: Path, texts: Mapping[str, bytes]) -> str:
    """Judge what files are to become, say on stderr what needs a reader, and return the outcome.

    Raises `Failure` where a function would do something else than before.
    """
    from vmaconv.cli.prove import print_judgement
    from vmaconv.prove.prover import prove
    from vmaconv.prove.trees.tree_pair import replaced
    from vmaconv.prove.verdict import Verdict

    proof = prove(replaced(tree, dict(texts)), seconds=SECONDS)
    wrong = proof.having(Verdict.DIFFERS)
    for judgement in (*wrong, *proof.having(Verdict.UNDECIDED)):
        print_judgement(judgement, err=True)
    if wrong:
        where = ", ".join(f"{j.function}() in {j.file}" for j in wrong)
        what = f"what was made does something else than before in {where}; it is refused"
        raise Failure(Report(OUTPUT, what, "leave these uses out, or report it"))
    proven, open_ = len(proof.having(Verdict.PROVEN)), len(proof.having(Verdict.UNDECIDED))
    words = f"each of {proven + open_} functions was checked: {proven} proven equal"
    if open_:
        words += f"; {open_} need a reader"
    echo(words, err=True)
    return words
