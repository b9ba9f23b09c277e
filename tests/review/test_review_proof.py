# SPDX-License-Identifier: GPL-2.0-only
"""What a prover said stands beside the hunks that it is about."""

from __future__ import annotations

from review_trees import KERNEL, run_over

from vmaconv.cli.material import material_of
from vmaconv.prove.verdict import Judgement, Verdict
from vmaconv.review.material.decisions import PassageDecision
from vmaconv.review.material.passages import Material
from vmaconv.review.material.proof_notes import with_proof_notes
from vmaconv.review.page.page import render_report
from vmaconv.review.screen.draw import draw_why

FILE = "fs/loamfs/file.c"
PREPARE = "loam_mmap_prepare"


def _material() -> Material:
    return material_of(run_over(KERNEL, FILE))


def _said(verdict: Verdict, function: str = PREPARE, line: int = 1, why: str = "") -> Judgement:
    return Judgement(FILE, function, line, verdict, why)


def test_the_hunks_of_a_function_have_its_verdict_and_no_others() -> None:
    material = with_proof_notes(_material(), [_said(Verdict.PROVEN)])
    (file,) = material.files
    said = [[note.verdict for note in passage.proof] for passage in file.hunks]
    assert said == [[], [], ["proven"]]
    assert not any(p.proof for p in file.passages if not p.changes)


def test_the_page_and_the_screen_say_why_a_reader_is_needed() -> None:
    why = "line 9: a loop <that> is not understood"
    material = with_proof_notes(_material(), [_said(Verdict.UNDECIDED, why=why)])
    (file,) = material.files
    passage = file.hunks[-1]
    said = draw_why(passage, file, PassageDecision(), 1).plain
    assert f"{PREPARE} is undecided: {why}" in said
    page = render_report(material)
    assert 'is <span class="o left">undecided</span>: line 9: a loop &lt;that&gt; is not' in page


def test_a_caller_that_no_hunk_changes_is_named_at_its_file() -> None:
    left = _said(Verdict.UNDECIDED, "loam_other", 70, "who knows")
    equal = _said(Verdict.PROVEN, "loam_third")
    (file,) = with_proof_notes(_material(), [left, equal]).files
    assert file.notes[-1] == "line 70: loam_other is undecided: who knows"
    assert not any("loam_third" in note for note in file.notes)


def test_without_a_proof_nothing_is_said() -> None:
    material = _material()
    assert with_proof_notes(material, []) == material
    assert "is proven" not in render_report(material)
