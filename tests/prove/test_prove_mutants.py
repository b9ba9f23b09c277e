# SPDX-License-Identifier: GPL-2.0-only
"""Wrong conversions of the fixtures' tree are said to differ, and none is proven."""

from __future__ import annotations

import pytest
from command_line import FIXTURES, KERNEL, run
from wrong_edits import Mutant, mutants
from wrong_kinds import mutants as further_mutants
from wrong_locks import mutants as lock_mutants

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


def test_no_wrong_lock_is_proven() -> None:
    """What `diff` makes of a 7.x tree, with each lock and setter wrong in one way of each kind."""
    tree = FIXTURES / "kernel-7"
    folder = Folder(tree)
    converted = after_patches(tree, [("diff", run("diff", tree).out)])
    one_of_each: dict[tuple[str, str], Mutant] = {}
    for path, text in converted.items():
        before = folder.read(path)
        assert before is not None
        assert text is not None
        one_of_each |= {(path, m.kind): m for m in lock_mutants(path, before, text)}
    assert {"a lock lost", "a lock sometimes", "a setter lost"} <= {k for _, k in one_of_each}
    for (path, kind), mutant in one_of_each.items():
        pair = TreePair(folder, Replaced(folder, {path: mutant.after}), ((path, path),), "")
        found = [j.verdict for j in prove(pair).judgements if j.function == mutant.function]
        assert found, kind
        assert Verdict.PROVEN not in found, (path, kind)
