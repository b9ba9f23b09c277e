# SPDX-License-Identifier: GPL-2.0-only
"""What proving costs grows with what changed, and not with the tree: work is counted, not timed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import pytest
from command_line import KERNEL

from vmaconv.cocci.tree.node import Node
from vmaconv.prove.meaning.interpreter import Interpreter
from vmaconv.prove.prover import prove
from vmaconv.prove.terms.term import TermValue
from vmaconv.prove.trees.tree_pair import TreePair
from vmaconv.prove.trees.tree_text import Folder, Replaced

HEAD = b"// SPDX-License-Identifier: GPL-2.0\n#include <linux/mm.h>\n"
FUNCTION = b"""
int quill_%d(struct vm_area_desc *desc)
{
	if (%s)
		return -EACCES;
	return quill_next(desc, %d);
}
"""
WORD = b"desc->vm_flags & VM_EXEC"
TEST = b"vma_desc_test_flags(desc, VMA_EXEC_BIT)"


def _file(count: int, changed: int) -> bytes:
    """Return a file of `count` functions, the first `changed` of them converted."""
    parts = (FUNCTION % (i, TEST if i < changed else WORD, i) for i in range(count))
    return HEAD + b"".join(parts)


class _Counted:
    """A text of a tree that counts what is read of it."""

    def __init__(self, base: Folder | Replaced, reads: Counter[str]) -> None:
        self._base = base
        self._reads = reads

    def read(self, path: str) -> bytes | None:
        self._reads[path] += 1
        return self._base.read(path)

    def files_with(self, words: Sequence[str], patterns: Sequence[str]) -> list[str]:
        return self._base.files_with(words, patterns)


def _work(
    monkeypatch: pytest.MonkeyPatch, *, count: int, changed: int, others: int
) -> tuple[int, int]:
    """Return how many files were read, and how many expressions were given a value."""
    values = 0
    plain = Interpreter.value

    def counting(self: Interpreter, node: Node) -> TermValue:
        nonlocal values
        values += 1
        return plain(self, node)

    monkeypatch.setattr(Interpreter, "value", counting)
    base = Folder(KERNEL)
    more = {
        f"drivers/quill/q{i}.c": _file(3, 0).replace(b"quill_", b"q%d_" % i) for i in range(others)
    }
    path, reads = "mm/quill.c", Counter[str]()
    sides = [Replaced(base, {**more, path: _file(count, c)}) for c in (0, changed)]
    pair = TreePair(_Counted(sides[0], reads), _Counted(sides[1], reads), ((path, path),), "")
    proof = prove(pair)
    monkeypatch.undo()
    assert len(proof.judgements) == changed
    assert values > 0
    return reads.total(), values


def test_the_rest_of_the_tree_costs_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    few = _work(monkeypatch, count=4, changed=2, others=3)
    assert few == _work(monkeypatch, count=4, changed=2, others=90)


def test_the_rest_of_the_file_is_not_judged(monkeypatch: pytest.MonkeyPatch) -> None:
    few = _work(monkeypatch, count=4, changed=2, others=0)
    assert few == _work(monkeypatch, count=60, changed=2, others=0)


def test_twice_the_changes_cost_twice_as_much(monkeypatch: pytest.MonkeyPatch) -> None:
    one = _work(monkeypatch, count=32, changed=8, others=0)[1]
    two = _work(monkeypatch, count=32, changed=16, others=0)[1]
    assert two <= 2.1 * one
