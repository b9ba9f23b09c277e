# SPDX-License-Identifier: GPL-2.0-only
# ruff: noqa: E501
"""What depends on the path through a hook: locks, flags that forbid merging, state that is looked at.

Each wrong driver must stay with the reason that is named; each right one differs from a wrong one by
little, and is converted.
"""

from __future__ import annotations

from pathlib import Path

import pytest
from hook_trees import convert, write_driver

FOPS = """
static const struct file_operations probe_fops = {
	.mmap		= probe_mmap,
};
"""
DEV = "struct dev { int busy, users, ready; struct kref ref; struct mutex lock; void *map; unsigned long size, bits; };\n"
OPS = "static const struct vm_operations_struct probe_ops = { .fault = 0 };\n"
CLOSING = (
    "static void probe_close(struct vm_area_struct *vma)\n{\n}\n"
    "static const struct vm_operations_struct probe_ops = {\n\t.close = probe_close,\n};\n"
)
SET = "vma->vm_ops = &probe_ops;\nreturn 0;"
REMAP = "remap_pfn_range(vma, vma->vm_start, 1, vma->vm_end - vma->vm_start, vma->vm_page_prot)"
DUMP = "vm_flags_set(vma, VM_DONTDUMP);\n"
OWN = "vma->vm_private_data = vma->vm_mm;\n"


def hook(body: str, before: str = "") -> str:
    """Return a driver with this body of its hook, in which `d` is the device."""
    text = "struct dev *d = file->private_data;\n" + body
    lines = "".join(f"\t{line}\n" if line else "\n" for line in text.strip().split("\n"))
    head = "static int probe_mmap(struct file *file, struct vm_area_struct *vma)\n{\n"
    return f"{DEV}{before or OPS}\n{head}{lines}}}\n{FOPS}"


def helper(name: str, result: str, body: str, takes: str = "struct dev *d") -> str:
    """Return a function of the driver."""
    lines = "".join(f"\t{line}\n" if line else "\n" for line in body.split("\n"))
    return f"static {result} {name}({takes})\n{{\n{lines}}}\n"


VMA = "struct vm_area_struct *vma"

WRONG: dict[str, tuple[str, str]] = {
    "a member tested in a helper and set in the hook": (
        "state", hook("\nif (busy(d))\n\treturn -EBUSY;\nd->busy = 1;\n" + SET, OPS + helper("busy", "int", "return d->busy;"))),
    "a variable tested in a helper and set in the hook": (
        "state", hook("\nif (is_open(d))\n\treturn -EBUSY;\nopened = 1;\n" + SET,
                      OPS + "static int opened;\n" + helper("is_open", "int", "return opened;"))),
    "a variable tested in a macro and set in the hook": (
        "state", hook("\nif (IS_OPEN)\n\treturn -EBUSY;\nopened = 1;\n" + SET, OPS + "static int opened;\n#define IS_OPEN (opened != 0)\n")),
    "a bit tested by a mask": (
        "state", hook("\nif (d->bits & 1)\n\treturn -EBUSY;\nset_bit(0, &d->bits);\n" + SET)),
    "a bit tested by a mask two helpers deep": (
        "state", hook("\nif (taken(d))\n\treturn -EBUSY;\nset_bit(0, &d->bits);\n" + SET,
                      OPS + helper("bits", "unsigned long", "return d->bits;") + helper("taken", "int", "return bits(d) & 1;"))),
    "a slot of a bitmap": (
        "state", hook("int slot = ffs(~d->bits);\n\nvm_flags_set(vma, VM_DONTEXPAND);\nset_bit(slot, &d->bits);\n" + SET)),
    "a bit that the mapping's place chooses": (
        "state", hook("\nvm_flags_set(vma, VM_DONTEXPAND);\n__set_bit(vma->vm_pgoff, &d->bits);\n" + SET)),
    "an element of an array that close sees": (
        "state", hook("\nslots[1] = 1;\n" + SET, "static int slots[2];\n" + CLOSING)),
    "two locks, of which one is kept": (
        "lock", hook("\nmutex_lock(&big);\nmutex_lock(&d->lock);\nmutex_unlock(&d->lock);\n" + SET, OPS + "static struct mutex big;\n")),
    "a lock kept on one path": (
        "lock", hook("\nmutex_lock(&d->lock);\nif (!d->ready) {\n\tmutex_unlock(&d->lock);\n\treturn -EIO;\n}\n" + SET)),
    "a lock dropped on one path before the call": (
        "lock", hook(f"\nmutex_lock(&d->lock);\nif (d->ready)\n\tmutex_unlock(&d->lock);\nreturn {REMAP};")),
    "a lock dropped at a label that stands before the call": (
        "lock", hook(f"int ret;\n\nmutex_lock(&d->lock);\nif (d->ready)\n\tgoto map;\nret = -EIO;\nout:\nmutex_unlock(&d->lock);\nreturn ret;\n"
                     f"map:\nret = {REMAP};\ngoto out;")),
    "a lock dropped that a helper may not have taken": (
        "lock", hook("\nif (d->ready)\n\ttake(d);\nmutex_unlock(&d->lock);\n" + SET, OPS + helper("take", "void", "mutex_lock(&d->lock);"))),
    "a lock tried, and kept": ("lock", hook("\nif (!mutex_trylock(&d->lock))\n\treturn -EBUSY;\n" + SET)),
    "an offset that is counted up": ("merge", hook("\nvma->vm_pgoff++;\n" + SET)),
    "an offset that a helper writes": (
        "merge", hook("\nbump(&vma->vm_pgoff);\n" + SET, OPS + helper("bump", "void", "*at += 1;", "unsigned long *at"))),
    "data of one mapping, and a helper that only checks": (
        "merge", hook(f"\nif (far(vma))\n\treturn -EINVAL;\n{DUMP}{OWN}{SET}", OPS + helper("far", "int", "return vma->vm_pgoff > 3;", VMA))),
    "data of one mapping, and a call that maps on another path": (
        "merge", hook(f"\n{OWN}if (vma->vm_pgoff)\n\treturn 0;\nreturn {REMAP};")),
    "a flag that forbids merges, taken back": (
        "merge", hook(f"\nvm_flags_set(vma, VM_DONTEXPAND);\nvm_flags_clear(vma, VM_DONTEXPAND);\n{OWN}{SET}")),
    "a flag that forbids merges, behind an early success": (
        "merge", hook(f"\n{OWN}vma->vm_ops = &probe_ops;\nif (vma->vm_pgoff)\n\treturn 0;\nvm_flags_set(vma, VM_DONTEXPAND);\nreturn 0;")),
    "a flag that forbids merges, on one path of a helper": (
        "merge", hook(f"\nmark(vma);\n{OWN}{SET}",
                      OPS + helper("mark", "int", "if (vma->vm_pgoff)\n\treturn 0;\nvm_flags_set(vma, VM_IO);\nreturn 0;", VMA))),
    "data that the device has now, and flags": ("merge", hook(f"\n{DUMP}vma->vm_private_data = d->map;\n{SET}")),
    "data from nobody knows where, and flags": (
        "merge", hook(f"\n{DUMP}vma->vm_private_data = pick();\n{SET}",
                      OPS + "static void *slots[3];\nstatic int at;\n" + helper("pick", "void *", "return slots[at];", "void"))),
    "operations that the device's state chooses, and flags": (
        "merge", hook(f"\n{DUMP}if (d->ready)\n\tvma->vm_ops = &probe_ops;\nelse\n\tvma->vm_ops = &more_ops;\nreturn 0;",
                      OPS + "static const struct vm_operations_struct more_ops = { .fault = 0 };\n")),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_path_leaves_the_hook(name: str, tmp_path: Path) -> None:
    code, text = WRONG[name]
    run = convert(write_driver(tmp_path, text))
    assert not run.drivers
    ((outcome, reason),) = [(h.outcome, h.reason) for h in run.hooks]
    assert outcome == "left" and reason is not None
    assert (reason.code, reason.place.path) == (code, "drivers/misc/probe.c"), str(reason)


RIGHT = {
    "a lock that may be interrupted": hook(
        "int ret;\n\nret = mutex_lock_interruptible(&d->lock);\nif (ret)\n\treturn ret;\nif (!d->map) {\n\tret = -EIO;\n\tgoto out;\n}\n"
        "vma->vm_ops = &probe_ops;\nout:\nmutex_unlock(&d->lock);\nreturn ret;"),
    "a lock that may be killed": hook(
        "int ret = 0;\n\nif (mutex_lock_killable(&d->lock))\n\treturn -EINTR;\nif (!d->map)\n\tret = -EIO;\nmutex_unlock(&d->lock);\n"
        "if (ret)\n\treturn ret;\n" + SET),
    "a lock that is tried": hook(
        "int ret = 0;\n\nif (!mutex_trylock(&d->lock))\n\treturn -EBUSY;\nif (!d->map)\n\tret = -EIO;\nmutex_unlock(&d->lock);\n"
        "if (ret)\n\treturn ret;\n" + SET),
    "a lock that a helper takes or fails": hook(
        "int ret;\n\nret = take(d);\nif (ret)\n\treturn ret;\nret = d->map ? 0 : -EIO;\nmutex_unlock(&d->lock);\nif (ret)\n\treturn ret;\n" + SET,
        OPS + helper("take", "int", "if (mutex_lock_interruptible(&d->lock))\n\treturn -EINTR;\nif (!d->ready) {\n"
                     "\tmutex_unlock(&d->lock);\n\treturn -EIO;\n}\nreturn 0;")),
    "a lock that has ended on each path to the call": hook(
        f"\nmutex_lock(&d->lock);\nif (!d->ready) {{\n\tmutex_unlock(&d->lock);\n\treturn -EIO;\n}}\nmutex_unlock(&d->lock);\nreturn {REMAP};"),
    "the file's data, and flags": hook(f"\n{DUMP}vma->vm_private_data = d;\n{SET}"),
    "what holds the file's data, and flags": hook(
        f"struct big *b = container_of(d, struct big, d);\n\n{DUMP}vma->vm_private_data = b;\n{SET}", OPS + "struct big { struct dev d; };\n"),
    "operations by what the file is, and flags": hook(
        f"\n{DUMP}if (IS_DAX(file_inode(file)))\n\tvma->vm_ops = &probe_ops;\nelse\n\tvma->vm_ops = &more_ops;\nreturn 0;",
        OPS + "static const struct vm_operations_struct more_ops = { .fault = 0 };\n"),
    "a flag that forbids merges wherever it succeeds": hook(
        f"\nif (vma->vm_pgoff)\n\treturn -EINVAL;\nvm_flags_set(vma, VM_DONTEXPAND);\n{OWN}{SET}"),
    "a flag that forbids merges, in a helper": hook(
        f"int ret = mark(vma);\n\nif (ret)\n\treturn ret;\n{OWN}{SET}",
        OPS + helper("mark", "int", "if (vma->vm_pgoff)\n\treturn -EINVAL;\nvm_flags_set(vma, VM_IO);\nreturn 0;", VMA)),
    "a bit that nothing looks at": hook("\nset_bit(0, &d->bits);\n" + SET),
}  # fmt: skip


@pytest.mark.parametrize("name", RIGHT)
def test_a_right_path_is_converted(name: str, tmp_path: Path) -> None:
    run = convert(write_driver(tmp_path, RIGHT[name]))
    assert [(h.outcome, str(h.reason)) for h in run.hooks] == [("converted", "None")]
    assert "vma->" not in run.final()["drivers/misc/probe.c"][1].decode()
