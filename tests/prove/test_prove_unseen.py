# SPDX-License-Identifier: GPL-2.0-only
"""VMAs that nobody sees yet, and functions of one name in several architectures."""

from __future__ import annotations

import pytest
from command_line import KERNEL

from vmaconv.prove.comparing.unseen_mappings import HookFunctions
from vmaconv.prove.headers.header_index import HeaderIndex, SourceFile
from vmaconv.prove.prover import prove
from vmaconv.prove.trees.tree_pair import TreePair
from vmaconv.prove.trees.tree_text import Folder, Replaced
from vmaconv.prove.verdict import Verdict

TAKES = "struct file *file, struct vm_area_struct *vma"
BODY = "{\n\tvm_flags_set(vma, VM_IO);\n\treturn 0;\n}\n"
TABLE = "static const struct file_operations quill_fops = {\n\t.mmap\t\t= quill_mmap,\n};\n"


def _is_unseen(text: str, name: str = "quill_mmap", other: str = "") -> bool:
    texts = {"drivers/quill.c": text.encode(), "drivers/other.c": other.encode()}
    tree = Replaced(Folder(KERNEL.parent / "kernel-7"), texts)
    index = HeaderIndex(tree, ("include/*.h",))
    file = SourceFile("drivers/quill.c", texts["drivers/quill.c"])
    return HookFunctions(index).is_one(name, file)


STATIC = f"static int quill_mmap({TAKES})\n{BODY}"
CALLER = "void f(struct vm_area_struct *v)\n{\n\tquill_mmap(0, v);\n}\n"
CALLED = (
    f"static int quill_map({TAKES})\n{BODY}static int quill_mmap({TAKES})\n{{\n\treturn %s;\n}}\n"
)


@pytest.mark.parametrize(
    ("text", "name", "is_unseen"),
    [
        (STATIC + TABLE, "quill_mmap", True),
        (f"static int quill_mmap({TAKES});\n" + TABLE + STATIC, "quill_mmap", True),
        (f"#ifdef A\n{STATIC}#else\n{STATIC}#endif\n{TABLE}", "quill_mmap", True),
        (CALLED % "quill_map(file, vma)" + TABLE, "quill_map", True),
        (CALLED % "quill_map(file, file->last_vma)" + TABLE, "quill_map", False),
        (CALLED % "((vma = file->last_vma), quill_map(file, vma))" + TABLE, "quill_map", False),
        (STATIC, "quill_mmap", False),
        (STATIC + TABLE.replace("file_operations", "quill_mem_ops"), "quill_mmap", False),
        (STATIC + TABLE + "static quill_fn quill_all[] = { quill_mmap };\n", "quill_mmap", False),
        (STATIC + TABLE + "EXPORT_SYMBOL(quill_mmap);\n", "quill_mmap", False),
        (STATIC + TABLE + CALLER, "quill_mmap", False),
    ],
)  # fmt: skip
def test_a_vma_is_unseen_where_only_hooks_lead_to_it(text: str, name: str, is_unseen: bool) -> None:
    assert _is_unseen(text, name) is is_unseen


def test_a_function_that_other_files_can_call_is_looked_for_there() -> None:
    text = STATIC.removeprefix("static ") + TABLE
    assert _is_unseen(text)
    assert _is_unseen(text, other=f"int quill_mmap({TAKES});\n{TABLE}")
    assert not _is_unseen(text, other=CALLER)


def test_architectures_have_their_own_functions_of_one_name() -> None:
    """Each file's function is compared with the one that it was, and no other."""
    takes = ("struct vm_area_struct *vma, int why", "int why, long at, struct vm_area_struct *vma")
    one, two = (
        f"#include <linux/mm.h>\nint quill_fault({taken})\n"
        f"{{\n\treturn vma->vm_flags & VM_{flag} ? why : 0;\n}}\n".encode()
        for taken, flag in zip(takes, ("READ", "EXEC"), strict=True)
    )
    base = Folder(KERNEL.parent / "kernel-7")
    paths = ("arch/alpha/mm/fault.c", "arch/nios2/mm/fault.c")
    texts = dict(zip(paths, (one, two), strict=True))
    after = {
        paths[0]: one.replace(b"vma->vm_flags & VM_READ", b"vma_test(vma, VMA_READ_BIT)"),
        paths[1]: two.replace(b"vma->vm_flags & VM_EXEC", b"vma_test(vma, VMA_EXEC_BIT)"),
    }
    changed = tuple((path, path) for path in paths)
    proof = prove(TreePair(Replaced(base, texts), Replaced(base, after), changed, ""))
    assert [j.verdict for j in proof.judgements] == [Verdict.PROVEN, Verdict.PROVEN]


def test_what_userland_declares_is_for_its_own_callers() -> None:
    """A helper of the tests that changes says nothing of the kernel's of that name."""
    base = Folder(KERNEL.parent / "kernel-7")
    stub = "tools/testing/vma/include/stubs.h"
    helper = b"static inline int quill_take(%s flags)\n{\n\treturn 0;\n}\n"
    caller = b"int quill(struct vm_area_struct *vma)\n{\n\treturn quill_take(vma->vm_flags);\n}\n"
    texts = {stub: helper % b"vm_flags_t", "mm/quill.c": b"#include <linux/mm.h>\n" + caller}
    after = {**texts, stub: helper % b"vma_flags_t"}
    proof = prove(TreePair(Replaced(base, texts), Replaced(base, after), ((stub, stub),), ""))
    assert "mm/quill.c" not in {j.file for j in proof.judgements}
