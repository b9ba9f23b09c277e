# SPDX-License-Identifier: GPL-2.0-only
"""Drivers of a few lines, whose hooks look alike and are not.

In: a hook's body, and what stands before and behind it. Out: a driver's text; the hooks of many of them,
converted at once.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

from hook_trees import convert, write_driver

from vmaconv.hooks.hook import Hook

DEV = (
    "struct dev { int busy, users, ready; struct kref ref; struct mutex lock; void *map;\n"
    "\tunsigned long size, bits, at[4]; struct mm_struct *mm; pgprot_t prot; };\n"
)
OPS = "static const struct vm_operations_struct probe_ops = { .fault = 0 };\n"
LOCK = "static struct mutex lock;\n"
SET = "vma->vm_ops = &probe_ops;\nreturn 0;"
REMAP = "remap_pfn_range(vma, vma->vm_start, 1, vma->vm_end - vma->vm_start, vma->vm_page_prot)"


def remap(size: str) -> str:
    """Return a mapping call of this size."""
    return f"remap_pfn_range(vma, vma->vm_start, 1, {size}, vma->vm_page_prot)"


def hook(body: str, before: str = "", after: str = "") -> str:
    """Return a driver with this body of its hook, in which `d` is the device."""
    text = "struct dev *d = file->private_data;\n" + body
    lines = "".join(
        f"{'' if line.startswith('#') else chr(9)}{line}\n" if line else "\n"
        for line in text.strip().split("\n")
    )
    head = "static int probe_mmap(struct file *file, struct vm_area_struct *vma)\n{\n"
    fops = "\nstatic const struct file_operations probe_fops = {\n\t.mmap\t\t= probe_mmap,\n};\n"
    return f"{DEV}{OPS}{before}\n{head}{lines}}}\n{fops}{after}"


def helper(name: str, result: str, body: str, takes: str = "struct dev *d") -> str:
    """Return a function of the driver."""
    lines = "".join(f"\t{line}\n" if line else "\n" for line in body.split("\n"))
    return f"static {result} {name}({takes})\n{{\n{lines}}}\n"


GUARD = "DEFINE_GUARD(dev, struct dev *, {}, {})\n"
VMA = "struct vm_area_struct *vma"


def convert_all(root: Path, drivers: Mapping[str, str]) -> dict[str, list[Hook]]:
    """Convert drivers, each in a file of its own, at once; return their hooks by path."""
    for number, (name, text) in enumerate(drivers.items()):
        # No two drivers share a name: each is judged by itself.
        write_driver(root, text.replace("probe_", f"probe{number}_"), path_of(name))
    found: dict[str, list[Hook]] = {}
    for one in convert(root).hooks:
        found.setdefault(one.site.path, []).append(one)
    return found


def path_of(name: str) -> str:
    """Return the path of the driver of this name."""
    return f"drivers/misc/{re.sub(r'[^a-z0-9_]', '', name.lower().replace(' ', '_'))}/probe.c"
