# SPDX-License-Identifier: GPL-2.0-only
"""Lines that a longer name makes too long are broken; those that were too long before are left."""

from __future__ import annotations

from vmaconv.hooks.hook_alignment import within_columns

LONG = b"int weir_mmap(struct weir_device *device, struct weir_context *context, int wanted, int more);\n"
BEFORE = LONG + (
    b"int weir_context_mmap(struct weir_device *dev, struct vm_area_struct *vma);\n"
    b"static int weir_gate_mmap(struct weir_node *node, struct weir_process *proc,\n"
    b"\t\t      struct vm_area_struct *vma);\n"
)
AFTER = LONG + (
    b"int weir_context_mmap_prepare(struct weir_device *dev,\n"
    b"\t\t\t      struct vm_area_desc *description);\n"
    b"static int weir_gate_mmap_prepare(struct weir_node *node,\n"
    b"\t\t      struct weir_process *proc,\n"
    b"\t\t      struct vm_area_desc *desc);\n"
)


def test_new_lines_are_broken_as_the_author_breaks_them() -> None:
    joined = AFTER.replace(b"dev,\n\t\t\t      ", b"dev, ").replace(b"node,\n\t\t      ", b"node, ")
    assert within_columns(BEFORE, joined) == AFTER
