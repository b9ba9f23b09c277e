# SPDX-License-Identifier: GPL-2.0-only
"""What there is to review, and what decisions make of it."""

from __future__ import annotations

import io
import random
import sys

import pytest
from compiled import replace
from review_trees import KERNEL, fixture_material, run_over

from vmaconv.cli.material import material_of
from vmaconv.cocci.diff.hunk import LineKind, apply_hunks
from vmaconv.flags.table.flag_table import read_flag_table
from vmaconv.review.material.decisions import Decisions, PassageState
from vmaconv.review.material.passages import Material, gather
from vmaconv.review.prompt.ask import choose_in_terminal


@pytest.fixture(scope="module")
def material() -> Material:
    return fixture_material()


def test_every_use_edit_and_hunk_is_in_one_passage(material: Material) -> None:
    for file in material.files:
        assert [p.hunk for p in file.hunks] == list(file.diff.hunks)
        assert sorted(u.line for p in file.passages for u in p.uses) == sorted(
            u.line for u in file.uses
        )
        for passage in file.passages:
            first = passage.hunk.old_start
            lines = range(first, first + passage.hunk.old_count)
            assert all(use.line in lines for use in passage.uses)
            assert all(edit.line in lines for edit in passage.edits)
    assert [p.index for p in material.passages] == list(range(65))
    assert len({p.key for p in material.passages}) == 65


def test_passages_of_a_file_do_not_overlap_and_hold_its_lines(material: Material) -> None:
    for file in material.files:
        lines = file.change.before.split(b"\n")
        last = 0
        for passage in file.passages:
            assert passage.hunk.old_start > last
            last = passage.hunk.old_start + passage.hunk.old_count - 1
            for line in passage.hunk.lines:
                if line.old_number is not None:
                    assert line.text.rstrip(b"\n") == lines[line.old_number - 1]


def test_a_place_left_shows_three_lines_around_it(material: Material) -> None:
    (passage,) = [
        p for p in material.passages if p.path == "mm/filemap.c" and p.left and not p.changes
    ]
    (use,) = passage.left
    numbers = [line.old_number for line in passage.hunk.lines]
    assert numbers == list(range(use.line - 3, use.line + 4))
    assert all(line.kind is LineKind.CONTEXT for line in passage.hunk.lines)


def test_a_key_stays_when_lines_move_and_goes_when_text_changes() -> None:
    run = run_over(KERNEL, "drivers/char/foonvram.c")
    keys = [p.key for p in material_of(run).passages]
    (outcome,) = run.outcomes
    run.outcomes = [moved(outcome, b"\n\n")]
    assert [p.key for p in material_of(run).passages] == keys
    changed = replace(
        outcome,
        before=outcome.before.replace(b"return -ENOSYS;", b"return -EPERM;"),
        after=outcome.after.replace(b"return -ENOSYS;", b"return -EPERM;"),
    )
    run.outcomes = [changed]
    again = [p.key for p in material_of(run).passages]
    assert again[0] == keys[0] and again[1] != keys[1]


def moved(outcome, above: bytes):  # type: ignore[no-untyped-def]
    """Put lines above a file, and all that is known of it further down."""
    by = above.count(b"\n")
    return replace(
        outcome,
        before=above + outcome.before,
        after=above + outcome.after,
        account=[replace(use, line=use.line + by) for use in outcome.account],
        changes=[replace(one, line=one.line + by) for one in outcome.changes],
    )


def test_hunks_with_the_same_text_are_told_apart() -> None:
    run = run_over(KERNEL, "drivers/char/foonvram.c")
    (outcome,) = run.outcomes
    gap = b"".join(b"int gap%d;\n" % n for n in range(20))
    run.outcomes = [
        replace(
            outcome,
            before=outcome.before + gap + outcome.before,
            after=outcome.after + gap + outcome.after,
        )
    ]
    keys = [p.key for p in material_of(run).passages]
    assert len(keys) == len(set(keys)) == 4


def test_any_choice_of_hunks_makes_the_file_with_just_those(material: Material) -> None:
    chance = random.Random(7)
    for _ in range(30):
        decisions = Decisions(material)
        chosen = [p for p in material.passages if p.changes and chance.random() < 0.5]
        decisions.decide([p.index for p in chosen], PassageState.ACCEPTED)
        made = {change.path: change for change in decisions.changes()}
        assert set(made) == {p.path for p in chosen}
        for file in material.files:
            hunks = [p.hunk for p in chosen if p.path == file.path]
            if hunks:
                assert made[file.path].after == apply_hunks(file.change.before, hunks)
                if len(hunks) == len(file.hunks):
                    assert made[file.path].after == file.change.after
                assert made[file.path].notes


def test_every_step_can_be_undone(material: Material) -> None:
    decisions = Decisions(material)
    chance = random.Random(3)
    states = []
    for _ in range(60):
        before = dict(decisions.by_key())
        some = chance.sample(range(65), 3)
        if decisions.decide(some, chance.choice(list(PassageState))):
            states.append(before)
    while states:
        assert decisions.undo() is not None
        assert dict(decisions.by_key()) == states.pop()
    assert decisions.undo() is None


def test_what_must_land_together_is_named_and_half_of_it_told() -> None:
    run = run_over(KERNEL, "mm")
    groups = [["mm/memory.c", "mm/hugetlb.c"], ["mm/hugetlb.c", "mm/shmem.c"]]
    made = gather(KERNEL, run.outcomes, read_flag_table(KERNEL), groups=groups)
    grouped = {file.path for file in made.files if file.group}
    assert grouped == {"mm/memory.c", "mm/hugetlb.c", "mm/shmem.c"}
    decisions = Decisions(made)
    assert decisions.partial_groups() == ()
    first = next(file for file in made.files if file.group)
    decisions.decide([first.hunks[0].index], PassageState.ACCEPTED)
    assert decisions.partial_groups() == (first.group,)
    decisions.decide(
        [p.index for f in made.files if f.group for p in f.hunks], PassageState.ACCEPTED
    )
    assert decisions.partial_groups() == ()


def test_files_that_cannot_be_read_and_what_was_passed_over_are_told() -> None:
    made = fixture_material()
    notes = {file.path: file.notes for file in made.files if file.notes}
    assert any("passed over: it does not parse" in note for note in notes["fs/tidefs/log.c"])
    run = run_over(KERNEL, "mm/vault.c")
    run.outcomes[0].skipped = "holds a NUL byte"
    assert material_of(run).skipped == (("mm/vault.c", "holds a NUL byte"),)


def test_asking_on_the_terminal_leaves_standard_output_alone(
    material: Material, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("y\nn\nq\n"))
    diffs = [file.diff for file in material.files if file.hunks]
    befores = {file.path: file.change.before for file in material.files}
    accepted = choose_in_terminal(diffs, befores, coloured=False)
    assert list(accepted) == ["arch/arm64/mm/guarded.c"]
    out, err = capsys.readouterr()
    assert out == ""
    assert "(1/48) Accept this hunk [y,n,q,a,d,j,J,g,/,s,e,?]? " in err
    assert "+        vma_desc_set_flags(desc, VMA_ARM64_BTI_BIT);" in err
