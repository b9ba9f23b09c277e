# SPDX-License-Identifier: GPL-2.0-only
"""Which functions of a file are nothing but hooks that the core calls with a VMA that nobody sees yet.

In: a hook, and what else the file has. Out: whether the hook's VMA is new.
"""

from __future__ import annotations

import pytest

from vmaconv.flags.sites.mmap_hook import NewVma

HOOK = "static int weir_mmap(struct file *file, struct vm_area_struct *vma)\n{\n\treturn 0;\n}\n"
OPERATIONS = "static const struct file_operations weir_fops = {\n\t.mmap = weir_mmap,\n};\n"


@pytest.mark.parametrize(
    ("text", "is_new"),
    [
        (HOOK + OPERATIONS, True),
        (HOOK + OPERATIONS + OPERATIONS.replace("weir_fops", "lock_fops"), True),
        (HOOK.replace("static ", "") + OPERATIONS, False),
        (HOOK, False),
        (HOOK + OPERATIONS + "int f(void)\n{\n\treturn weir_mmap(NULL, NULL);\n}\n", False),
        (HOOK + OPERATIONS + "EXPORT_SYMBOL(weir_mmap);\n", False),
        # A configuration that lacks the hook.
        (f"#ifdef A\n{HOOK}#else\n#define weir_mmap NULL\n#endif\n{OPERATIONS}", True),
        (f"#ifdef A\n{HOOK}#else\n#define weir_mmap other_mmap\n#endif\n{OPERATIONS}", False),
        (HOOK + OPERATIONS + "#define weir_mmap(f) weir_mmap(f, NULL)\n", False),
        # Other things of that name.
        (f"struct weir_mmap {{ int a; }};\n{HOOK}{OPERATIONS}", True),
        (HOOK + OPERATIONS + "int f(struct weir *w)\n{\n\treturn w->weir_mmap;\n}\n", True),
        # Somebody else's operations may be called with any VMA.
        (
            HOOK + OPERATIONS + OPERATIONS.replace("file_operations weir", "dma_buf_ops buf"),
            False,
        ),
    ],
)
def test_a_function_that_is_nothing_but_a_hook(text: str, is_new: bool) -> None:
    assert NewVma().hooks(text.encode()) == ({b"weir_mmap"} if is_new else set())
