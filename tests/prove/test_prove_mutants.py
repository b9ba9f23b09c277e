# SPDX-License-Identifier: GPL-2.0-only
"""Wrong conversions of the fixtures' tree are said to differ, and none is proven."""

from __future__ import annotations

import pytest
from command_line import KERNEL, run
from wrong_edits import Mutant, mutants
from wrong_kinds import mutants as further_mutants

from vmaconv.prove.prover import prove
from vmaconv.prove.trees.patch_reading import after_patches
from vmaconv.prove.trees.tree_pair import TreePair
from vmaconv.prove.trees.tree_text import Folder, Replaced
from vmaconv.prove.verdict import Verdict

PATHS = (
    "drivers/char/fooram.c",
    "drivers/char/fooport.c",
    "fs/loamfs/file.c",
    "mm/shmem.c",
    "ipc/shmseg.c",
)


@pytest.fixture(scope="module")
def migrated() -> dict[str, bytes | None]:
    """The files that our migration changes, as it leaves them."""
    return after_patches(KERNEL, [("migration", run("migrate", KERNEL).out)])


def _verdicts(path: str, mutant: Mutant, migrated: dict[str, bytes | None]) -> set[Verdict]:
    folder = Folder(KERNEL)
    before = Replaced(folder, {path: mutant.before} if mutant.before is not None else {})
    after = Replaced(folder, {**migrated, path: mutant.after})
    changed = tuple((p, p) for p in migrated)
    proof = prove(TreePair(before, after, changed, ""), only=lambda file, _name: file == path)
    return {j.verdict for j in proof.judgements if j.function == mutant.function and j.file == path}


@pytest.mark.parametrize("path", PATHS)
def test_each_kind_of_wrong_conversion_differs(
    path: str, migrated: dict[str, bytes | None]
) -> None:
    before, after = Folder(KERNEL).read(path), migrated[path]
    assert before is not None
    assert after is not None
    one_of_each = {m.kind: m for m in mutants(path, before, after)}
    assert one_of_each
    for mutant in one_of_each.values():
        assert Verdict.DIFFERS in _verdicts(path, mutant, migrated), mutant.kind


@pytest.mark.parametrize("path", PATHS)
def test_each_further_kind_differs(path: str, migrated: dict[str, bytes | None]) -> None:
    before, after = Folder(KERNEL).read(path), migrated[path]
    assert before is not None
    assert after is not None
    one_of_each = {m.kind: m for m in further_mutants(path, before, after)}
    assert one_of_each
    for mutant in one_of_each.values():
        assert Verdict.DIFFERS in _verdicts(path, mutant, migrated), mutant.kind
