# SPDX-License-Identifier: GPL-2.0-only
"""Pairs of functions written by hand: none that does something else is proven, the same ones are.

A file of `pairs/` has `== NAME`, the code before behind `--`, that after behind `++`, in which QUILL
stands for the function's name. All pairs of a file are judged in one run, each under its own name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import FIXTURES, KERNEL

from vmaconv.prove.prover import prove
from vmaconv.prove.trees.tree_pair import TreePair
from vmaconv.prove.trees.tree_text import Folder, Replaced
from vmaconv.prove.verdict import Judgement, Verdict

PAIRS = Path(__file__).parent / "pairs"
PATH = "mm/quill.c"
TREES = {"": KERNEL, "-7": FIXTURES / "kernel-7"}

UNDECIDED = frozenset({"masked-switch", "error-by-a-conditional", "unlock-behind-a-label"})
"""Pairs that do the same, and of which that is not known."""


def read_pairs(name: str) -> Iterator[tuple[str, str, str]]:
    """Yield the pairs of a file: name, before, after."""
    text = (PAIRS / f"{name}.txt").read_text("utf-8")
    for part in re.split(r"^== ", text, flags=re.MULTILINE)[1:]:
        title, before, after = re.split(r"\n(?:--|\+\+)\n", part)
        own = title.replace("-", "_")
        yield title, before.replace("QUILL", own) + "\n", after.replace("QUILL", own)


@pytest.fixture(scope="module")
def judged() -> dict[tuple[str, str], list[Judgement]]:
    """The verdicts on all pairs, by file and name."""
    found: dict[tuple[str, str], list[Judgement]] = {}
    for kind in ("wrong", "right"):
        for suffix, tree in TREES.items():
            pairs = list(read_pairs(kind + suffix))
            head = "#include <linux/mm.h>\n\n"
            texts = [(head + "".join(p[side] for p in pairs)).encode() for side in (1, 2)]
            sides = [Replaced(Folder(tree), {PATH: text}) for text in texts]
            proof = prove(TreePair(sides[0], sides[1], ((PATH, PATH),), ""))
            for title, *_ in pairs:
                own = title.replace("-", "_")
                found[kind + suffix, title] = [j for j in proof.judgements if own in j.function]
    return found


def _names(*files: str) -> list[tuple[str, str]]:
    return [(file, title) for file in files for title, *_ in read_pairs(file)]


def verdict_on(judgements: list[Judgement]) -> Verdict:
    """Return the worst of some verdicts."""
    found = {j.verdict for j in judgements}
    order = (Verdict.DIFFERS, Verdict.UNDECIDED, Verdict.NOT_JUDGED, Verdict.PROVEN)
    return next((v for v in order if v in found), Verdict.NOT_JUDGED)


@pytest.mark.parametrize("pair", _names("wrong", "wrong-7"), ids="-".join)
def test_what_does_something_else_is_not_proven(
    pair: tuple[str, str], judged: dict[tuple[str, str], list[Judgement]]
) -> None:
    assert verdict_on(judged[pair]) in (Verdict.DIFFERS, Verdict.UNDECIDED), judged[pair]


@pytest.mark.parametrize("pair", _names("right", "right-7"), ids="-".join)
def test_what_does_the_same_is_proven(
    pair: tuple[str, str], judged: dict[tuple[str, str], list[Judgement]]
) -> None:
    wanted = Verdict.UNDECIDED if pair[1] in UNDECIDED else Verdict.PROVEN
    assert verdict_on(judged[pair]) is wanted, judged[pair]
