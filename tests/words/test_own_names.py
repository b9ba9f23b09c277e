# SPDX-License-Identifier: GPL-2.0-only
"""Names that a file has of its own, and helpers that are not declared yet.

In: the tree of 7.x's shape, with a file more. Out: that nothing is converted to a helper, or from a flag,
that is something else there.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from command_line import FIXTURES, run

KERNEL = FIXTURES / "kernel-7"


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    shutil.copytree(KERNEL, tmp_path / "kernel-7")
    return tmp_path / "kernel-7"


USE = """
int use(struct vm_area_struct *vma)
{
	vm_flags_set(vma, VM_IO);
	return vma->vm_flags & VM_READ ? 1 : vma->vm_flags & (VM_EXEC | VM_IO) ? 2 : 3;
}
"""


@pytest.mark.parametrize(
    ("own", "left"),
    [
        ("static bool vma_test(struct gate *g, int n)\n{\n\treturn n;\n}", "VM_READ"),
        ("static inline bool\nvma_test(struct gate *g)\n{\n\treturn g;\n}", "VM_READ"),
        ("#define vma_test_any(gate, n) ((gate)->n)", "(VM_EXEC | VM_IO)"),
        ("# define vma_set_flags(gate, n) ((gate)->n = 1)", "vm_flags_set(vma, VM_IO);"),
        ("static void vma_start_write(struct gate *g)\n{\n}", "vm_flags_set(vma, VM_IO);"),
        ("#define vma_test own_test", "VM_READ"),
        (
            "static void vm_flags_set(struct vm_area_struct *v, int n)\n{\n}",
            "vm_flags_set(vma, VM_IO);",
        ),
        ("#define vm_flags_set(v, f) ((v)->n |= (f))", "vm_flags_set(vma, VM_IO);"),
        ("#undef vm_flags_set\n#define vm_flags_set\town_set", "vm_flags_set(vma, VM_IO);"),
        ("#undef VM_READ\n#define VM_READ 0x8000UL", "VM_READ"),
        ("#define VM_IO\t0x1UL\t/* ours */", "vm_flags_set(vma, VM_IO);"),
        ("/* static bool vma_test() is\n#define vma_test(v) */", ""),
        ("#define VM_READ_ALWAYS 1", ""),
        ("bool vma_test(const struct vm_area_struct *vma, vma_flag_t bit);", ""),
    ],
)
def test_what_a_file_has_of_its_own_is_no_helper_and_no_flag(
    tree: Path, own: str, left: str
) -> None:
    path = tree / "mm/own_names.c"
    path.write_text(f"#include <linux/mm.h>\n\n{own}\n{USE}")
    done = run("apply", tree, "mm/own_names.c", "-j1")
    assert done.code == 0, done.err
    body = path.read_text().split("int use")[1]
    words = ("vm_flags_set(vma, VM_IO);", "VM_READ ", "(VM_EXEC | VM_IO)")
    kept = [word.strip() for word in words if word in body]
    assert left in kept or not left
    if not left:
        assert kept == []
    elif own.startswith("#define VM_IO"):
        assert kept == [left, "(VM_EXEC | VM_IO)"]
    else:
        assert kept == [left]
    assert own in path.read_text()


SETTER = """static inline void setter(struct vm_area_struct *vma)
{
	vm_flags_set(vma, VM_IO);
}

"""


def test_a_setter_stays_before_its_helper_is_declared(tree: Path) -> None:
    header = tree / "include/linux/mm.h"
    text = header.read_text()
    early = text.index("static __always_inline void vma_set_flags_mask(")
    end = text.rindex("#endif")
    assert text.index("static __always_inline bool vma_test(") < early
    header.write_text(
        text[:early] + SETTER + text[early:end] + SETTER.replace("setter", "later") + text[end:]
    )
    done = run("apply", tree, "include/linux/mm.h", "-j1")
    assert done.code == 0, done.err
    have = header.read_text()
    first, second = (have[have.index(f"void {n}(") :].split("}")[0] for n in ("setter", "later"))
    assert "vm_flags_set(vma, VM_IO);" in first
    assert "vma_set_flags(vma, VMA_IO_BIT);" in second


@pytest.mark.parametrize(
    ("head", "is_left"),
    [
        ("extern inline int", True),
        ("extern __always_inline int", True),
        ("/* why */\n__EXTERN_INLINE int", True),
        ("MMU_EXTERN_INLINE\nint", True),
        ("static inline int", False),
        ("extern int other(void);\nstatic inline int", False),
        ("#define GATE_EXTERN_INLINE extern inline\nstatic inline int", False),
        ("static __always_inline int", False),
    ],
)
def test_an_inline_function_that_is_not_static_calls_no_static_helper(
    tree: Path, head: str, is_left: bool
) -> None:
    path = tree / "include/linux/gate.h"
    body = "\treturn vma->vm_flags & VM_EXEC ? 1 : vma->vm_flags & (VM_READ | VM_IO) ? 2 : 3;"
    path.write_text(
        f"#include <linux/mm.h>\n\n{head} gate(struct vm_area_struct *vma)\n{{\n{body}\n}}\n"
    )
    done = run("apply", tree, "include/linux/gate.h", "-j1")
    assert done.code == 0, done.err
    assert (body in path.read_text()) == is_left
    if is_left:
        assert (
            "vma_test() is static, which a function that is extern inline may not call" in done.err
        )
        # A reason that stands in the list of what is left is not told twice.
        assert "not applied" not in done.err
    else:
        assert "vm_flags" not in path.read_text()
