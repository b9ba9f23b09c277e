# SPDX-License-Identifier: GPL-2.0-only
# ruff: noqa: E501
"""A hook whose structs are for machines without an MMU, too: these keep it, since an action fails there."""

from __future__ import annotations

import difflib
from pathlib import Path

import pytest
from hook_disguise import REMAP, SET, hook
from hook_trees import convert, write_driver

MAY = (
    "#ifndef CONFIG_MMU\nstatic int may(struct vm_area_struct *vma)\n{\n\treturn vma->vm_flags & VM_SHARED;\n}\n"
    "#else\nstatic int may(struct vm_area_struct *vma)\n{\n\treturn 1;\n}\n#endif\n"
)
BODY = f"\nif (!may(vma))\n\treturn -ENOSYS;\nif ({REMAP})\n\treturn -EAGAIN;\nreturn 0;"
CAPABILITIES = "#ifndef CONFIG_MMU\n\t.mmap_capabilities = NULL,\n#endif\n"


def both(text: str) -> str:
    """Say of a driver's struct that it is for machines without an MMU, too."""
    return text.replace("\t.mmap\t", CAPABILITIES + "\t.mmap\t")


def test_both_hooks_stand_each_in_its_arm(tmp_path: Path) -> None:
    text = both(hook(BODY, MAY))
    root = write_driver(tmp_path, text)
    run = convert(root)
    ((before, after),) = run.final().values()
    lines = difflib.ndiff(before.decode().splitlines(), after.decode().splitlines())
    changed = [line for line in lines if line[0] in "+-"]
    assert changed == [
        "- static int may(struct vm_area_struct *vma)",
        "+ static int may(struct vm_area_desc *desc)",
        "+ #ifdef CONFIG_MMU",
        "+ static int probe_mmap_prepare(struct vm_area_desc *desc)",
        "+ {",
        "+ \tstruct file *file = desc->file;",
        "+ \tstruct dev *d = file->private_data;",
        "+ ",
        "+ \tif (!may(desc))",
        "+ \t\treturn -ENOSYS;",
        "+ \tmmap_action_remap_full(desc, 1);",
        "+ \tdesc->action.error_override = -EAGAIN;",
        "+ \treturn 0;",
        "+ }",
        "+ #else",
        "+ #endif",
        "+ #ifdef CONFIG_MMU",
        "+ \t.mmap_prepare\t= probe_mmap_prepare,",
        "+ #else",
        "+ #endif",
    ]
    assert (
        "Machines without an MMU keep probe_mmap(): an action fails there" in run.drivers[0].notes
    )
    assert "Machines without an MMU keep the old hook" in run.drivers[0].body
    # A second run finds nothing to do, and says why.
    (root / "drivers/misc/probe.c").write_bytes(after)
    again = convert(root)
    assert [(h.outcome, h.reason and h.reason.code) for h in again.hooks] == [("left", "nommu")]


@pytest.mark.parametrize(
    "text",
    [
        both(hook(BODY, MAY.replace("ifndef CONFIG_MMU", "ifdef CONFIG_SMP"))),
        both(hook(BODY, "static int may(struct vm_area_struct *vma)\n{\n\treturn vma->vm_pgoff < 3;\n}\n")),
        both(hook(BODY, "static int probe_mmap(struct file *file, struct vm_area_struct *vma);\n" + MAY)),
        both(hook(BODY, MAY, "\nstatic const struct file_operations probe_other_fops = {\n\t.read = 0,\n};\n"
                  "static const struct file_operations probe_more_fops = {\n\t.read = 0, .mmap = probe_mmap\n};\n")),
        both(hook(BODY, MAY, "\nint other(struct vm_area_struct *v);\nint other(struct vm_area_struct *v)\n{\n\treturn may(v);\n}\n")),
        both(hook(BODY.replace("if (!may", "kref_get(&d->ref);\nif (!may"), MAY)),
    ],
)  # fmt: skip
def test_what_cannot_stand_in_an_arm_is_left(text: str, tmp_path: Path) -> None:
    run = convert(write_driver(tmp_path, text))
    assert {h.outcome for h in run.hooks} == {"left"} and not run.drivers


def test_a_helper_of_a_hook_that_is_kept_is_no_other_hooks(tmp_path: Path) -> None:
    """The one that stays in its arm calls the helper with a VMA: it has one definition there."""
    other = hook("\nif (!may(vma))\n\treturn -ENOSYS;\n" + SET, "").replace("probe_", "other_")
    text = both(hook(BODY, MAY)) + other[other.index("static const struct vm_operations") :]
    run = convert(write_driver(tmp_path, text))
    assert {h.outcome for h in run.hooks} == {"left"} and not run.drivers
