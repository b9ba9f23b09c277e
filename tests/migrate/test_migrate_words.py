# SPDX-License-Identifier: GPL-2.0-only
"""The way back: bitmap helpers become words, and forward after backward is the identity.

In: the expected files of the fixtures, converted by hand, and small files. Out: what `vma-words`
makes of them.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from migrate_trees import FIXTURES, KERNEL

from vmaconv.cli.request_run import run
from vmaconv.convert.request import Request

EXPECTED = FIXTURES / "expected" / "kernel"


def convert(tree: Path, rules: str) -> dict[str, tuple[bytes, bytes]]:
    outcome = run(Request(tree, rule_names=(rules,)))
    return {o.path: (o.before, o.after) for o in outcome.changed()}


def write(tree: Path, changes: dict[str, tuple[bytes, bytes]]) -> None:
    for path, (_, text) in changes.items():
        (tree / path).write_bytes(text)


def test_forward_after_backward_is_the_identity(tmp_path: Path) -> None:
    tree = tmp_path / "kernel"
    shutil.copytree(KERNEL, tree)
    shutil.copytree(EXPECTED, tree, dirs_exist_ok=True)
    back = convert(tree, "vma-words")
    assert len(back) > 25
    write(tree, back)
    write(tree, convert(tree, "vma-desc"))
    for path in back:
        assert (tree / path).read_bytes() == (EXPECTED / path).read_bytes(), path


CASES = [
    ("vma_desc_set_flags(desc, VMA_READ_BIT);", "desc->vm_flags |= VM_READ;"),
    (
        "vma_desc_clear_flags(desc, VMA_READ_BIT, VMA_WRITE_BIT);",
        "desc->vm_flags &= ~(VM_READ | VM_WRITE);",
    ),
    ("vma_desc_set_flags_mask(desc, VMA_REMAP_FLAGS);", "desc->vm_flags |= VM_REMAP_FLAGS;"),
    ("vma_desc_set_flags(&other, VMA_IO_BIT);", "other.vm_flags |= VM_IO;"),
    (
        "if (!vma_desc_test_flags(desc, VMA_IO_BIT))\n\t\treturn 1;",
        "if (!(desc->vm_flags & VM_IO))\n\t\treturn 1;",
    ),
    ("n = vma_desc_test(desc, VMA_IO_BIT);", "n = (desc->vm_flags & VM_IO) != 0;"),
    (
        "bool b = vma_desc_test_any(desc, VMA_IO_BIT, VMA_READ_BIT);",
        "bool b = desc->vm_flags & (VM_IO | VM_READ);",
    ),
    (
        "n += vma_desc_test_all(desc, VMA_IO_BIT, VMA_READ_BIT);",
        "n += (desc->vm_flags & (VM_IO | VM_READ)) == (VM_IO | VM_READ);",
    ),
    # The stack grows up or down, but VM_STACK is its bit in either.
    ("vma_desc_set_flags(desc, VMA_STACK_BIT);", "desc->vm_flags |= VM_STACK;"),
    # A bit that no word stands for in every configuration stays.
    (
        "vma_desc_set_flags(desc, VMA_SHADOW_STACK_BIT);",
        "vma_desc_set_flags(desc, VMA_SHADOW_STACK_BIT);",
    ),
]


@pytest.mark.parametrize(("before", "wanted"), CASES, ids=[c[1].split("\n")[0] for c in CASES])
def test_helper_becomes_a_word(tmp_path: Path, before: str, wanted: str) -> None:
    tree = tmp_path / "kernel"
    shutil.copytree(KERNEL / "include", tree / "include")
    head = "#include <linux/mm.h>\n\nint a(struct vm_area_desc *desc, struct vm_area_desc other)\n"
    text = f"{head}{{\n\tint n = 0;\n\n\t%s\n\treturn n;\n}}\n"
    (tree / "a.c").write_text(text % before)
    found = convert(tree, "vma-words")
    after = found["a.c"][1].decode() if "a.c" in found else text % before
    assert after == text % wanted
