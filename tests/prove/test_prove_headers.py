# SPDX-License-Identifier: GPL-2.0-only
"""Verdicts on changes of headers: bits, masks, helpers' bodies, types, and what uses them."""

from __future__ import annotations

import pytest
from command_line import KERNEL

from vmaconv.prove.prover import CALLS_MOST, prove
from vmaconv.prove.trees.tree_pair import TreePair
from vmaconv.prove.trees.tree_text import Folder, Replaced
from vmaconv.prove.verdict import Judgement, Verdict

MM = "include/linux/mm.h"
TYPES = "include/linux/mm_types.h"

_UNION = "\tunion {\n\t\tvm_flags_t vm_flags;\n\t\tvma_flags_t vma_flags;\n\t};"
_TWO = "\tvm_flags_t vm_flags;\n\tvma_flags_t vma_flags;"


def _judged(path: str, old: str, new: str) -> list[Judgement]:
    """Return the verdicts on a header of the fixtures' tree with one text replaced."""
    base = Folder(KERNEL)
    text = base.read(path)
    assert text is not None
    assert old.encode() in text
    after = Replaced(base, {path: text.replace(old.encode(), new.encode(), 1)})
    return list(prove(TreePair(base, after, ((path, path),), "")).judgements)


@pytest.mark.parametrize(
    ("path", "old", "new", "name", "verdict", "reason"),
    [
        (MM, "BIT(IO, 14)", "BIT(IO, 15)", "VMA_IO_BIT", "differs", "is another bit"),
        (MM, "\tDECLARE_VMA_BIT(SEQ_READ, 15),\n", "", "VMA_SEQ_READ_BIT", "differs", "no longer"),
        (
            MM,
            "#if defined(CONFIG_X86_USER_SHADOW_STACK)\n",
            "#if defined(CONFIG_X86_64)\n",
            "VMA_SHADOW_STACK_BIT",
            "proven",
            "",
        ),
        (MM, "ALIAS(STACK, GROWSUP)", "ALIAS(STACK, IO)", "VMA_STACK_BIT", "differs", "another"),
        (MM, "#ifdef CONFIG_64BIT\n#def", "#ifndef CONFIG_64BIT\n#def", "VM_SEALED", "differs", ""),
        (MM, "#ifdef CONFIG_64BIT\n#def", "#if 0\n#def", "VM_SEALED", "differs", ""),
        (
            MM,
            "DONTEXPAND_BIT, VMA_DONTDUMP_BIT)",
            "DONTEXPAND_BIT, VMA_DONTCOPY_BIT)",
            "VMA_REMAP_FLAGS",
            "differs",
            "its value",
        ),
        (MM, "#define VMA_REMAP_FLAGS", "#define VMA_MAP", "remap_pfn_range", "differs", "no long"),
        (
            MM,
            "return vma_flags_test_all_mask(&vma->flags, flags)",
            "return vma_flags_test_mask(&vma->flags, flags)",
            "vma_test_all_flags_mask",
            "differs",
            "returned",
        ),
        (
            MM,
            "\tvma_desc_test_flags_mask(desc, mk_vma_flags(__VA_ARGS__))",
            "\tvma_flags_test_all_mask(&(desc)->vma_flags, mk_vma_flags(__VA_ARGS__))",
            "vma_desc_test_flags",
            "differs",
            "its value",
        ),
        (
            MM,
            "vma_flags_test_mask(flags, mk_vma_flags(__VA_ARGS__))",
            "(vma_flags_test_mask((flags), mk_vma_flags(__VA_ARGS__)))",
            "vma_flags_test",
            "undecided",
            "the same for those tried",
        ),
        (TYPES, _UNION, _TWO, "struct vm_area_desc", "differs", "one memory on one side"),
        (TYPES, "unsigned long vm_flags_t", "u32 vm_flags_t", "vm_flags_t", "undecided", "read it"),
        (
            TYPES,
            "#define NUM_VMA_FLAG_BITS\tBITS_PER_LONG",
            "#define NUM_VMA_FLAG_BITS\t8",
            "NUM_VMA_FLAG_BITS",
            "differs",
            "its value",
        ),
        (TYPES, "pgoff_t pgoff;", "u32 pgoff;", "struct vm_area_desc", "undecided", "no flags"),
    ],
)
def test_a_change_of_a_header_is_judged(
    path: str, old: str, new: str, name: str, verdict: str, reason: str
) -> None:
    found = {j.function: j for j in _judged(path, old, new)}
    assert found[name].verdict.value == verdict, found[name]
    assert reason in found[name].reason


def test_a_mask_that_means_something_else_is_followed_to_its_users() -> None:
    found = _judged(MM, "DONTEXPAND_BIT, VMA_DONTDUMP_BIT)", "DONTEXPAND_BIT, VMA_DONTCOPY_BIT)")
    assert ("mm/memory.c", "differs") in {(j.file, j.verdict.value) for j in found}


def test_a_type_without_flags_is_not_judged() -> None:
    (found,) = _judged(TYPES, "unsigned long pgprot;", "unsigned int pgprot;")
    assert found.verdict.value == "not judged"


_OWN = b"""#include <linux/mm.h>

static inline int quill_flush(struct vm_area_struct *vma)
{
	return vma->vm_start ? 1 : 0;
}
"""
_USES = b"""#include <asm/quill.h>

int quill_flush_one(struct vm_area_struct *vma)
{
	return quill_flush(vma);
}
"""


def test_only_who_could_see_what_is_gone_misses_it() -> None:
    """Each architecture has its own helper of the name; that of one is gone."""
    files = {}
    for arch in ("alpha", "arm64"):
        files[f"arch/{arch}/include/asm/quill.h"] = _OWN
        files[f"arch/{arch}/mm/quill.c"] = _USES
    gone = "arch/alpha/include/asm/quill.h"
    after = {**files, gone: b"#include <linux/mm.h>\n"}
    base = Folder(KERNEL)
    pair = TreePair(Replaced(base, files), Replaced(base, after), ((gone, gone),), "")
    found = [(j.file, j.function, j.verdict) for j in prove(pair).judgements]
    assert found == [("arch/alpha/mm/quill.c", "quill_flush_one", Verdict.DIFFERS)]


_STATIC = b"""static int quill_reset(struct vm_area_desc *desc)
{
	return desc->start ? 1 : 0;
}

"""
_RESETS = b"""int quill_open(struct vm_area_desc *desc)
{
	return %s;
}
"""


def test_a_static_function_that_nobody_misses_is_looked_for_nowhere() -> None:
    """So many files have their own of the name that not all would be looked at."""
    call = _RESETS % b"quill_reset(desc)"
    files = {f"drivers/quill{i}/quill.c": _STATIC + call for i in range(CALLS_MOST + 2)}
    path = "drivers/quill7/quill.c"
    texts = [_RESETS % b"desc->start ? 1 : 0", call]
    base = Replaced(Folder(KERNEL), files)
    pairs = [TreePair(base, Replaced(base, {path: t}), ((path, path),), "") for t in texts]
    found = [{(j.function, j.verdict) for j in prove(pair).judgements} for pair in pairs]
    assert found[0] == {("quill_open", Verdict.NOT_JUDGED)}
    assert ("quill_open", Verdict.DIFFERS) in found[1]
