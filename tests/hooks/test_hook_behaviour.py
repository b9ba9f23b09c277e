# SPDX-License-Identifier: GPL-2.0-only
"""What a driver does before and after its conversion, in a stand-in of both calling paths.

The stand-in trusts nothing that the conversion says: it maps the driver's device new, beside a
neighbour, without memory for the VMA, with a failing mapping call, and through a stacked caller, and
prints results, members of the VMA and counts of references.
"""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest
from hook_trees import TREE, convert

STANDIN = Path(__file__).parent / "behaviour" / "standin.c"
FLAGS = ("-std=gnu11", "-fno-builtin", "-nostdinc", "-Wall", "-Werror", "-O1", "-DCONFIG_MMU=1")
MADE = convert().final()

needs_gcc = pytest.mark.skipif(shutil.which("gcc") is None, reason="there is no gcc")


def behaviour(driver: Path, folder: Path, *defines: str) -> str:
    """Compile a driver with the stand-in, run it, and return what it prints."""
    program = folder / (driver.stem + ".exe")
    include = f"-I{TREE / 'include'}"
    files = (str(STANDIN), str(driver))
    subprocess.run(["gcc", *FLAGS, *defines, include, *files, "-o", str(program)], check=True)
    return subprocess.run([program], check=True, capture_output=True, text=True).stdout


@needs_gcc
@pytest.mark.parametrize("path", sorted(MADE))
def test_a_converted_driver_behaves_as_before(path: str, tmp_path: Path) -> None:
    before, after = MADE[path]
    for defines in ((), ("-DCONFIG_HINGE_WIDE=1",)) if "hinge" in path else ((),):
        old, new = tmp_path / "old.c", tmp_path / "new.c"
        old.write_bytes(before)
        new.write_bytes(after)
        assert behaviour(new, tmp_path, *defines) == behaviour(old, tmp_path, *defines)


def by_hand(name: str, *changes: tuple[str, str]) -> str:
    """Convert a driver that must stay, as somebody in a hurry would."""
    text = (TREE / name).read_text("utf-8")
    stem = Path(name).stem
    common = (
        (
            f"{stem}_mmap(struct file *file, struct vm_area_struct *vma)",
            f"{stem}_mmap(struct vm_area_desc *vma)",
        ),
        (".mmap\t\t=", ".mmap_prepare ="),
    )
    for old, new in (*common, *changes):
        assert old in text
        text = text.replace(old, new)
    return text


@needs_gcc
@pytest.mark.parametrize(
    ("name", "changes"),
    [
        (
            "drivers/misc/ratchet.c",
            (("vma->vm_private_data = &ratchet", "vma->private_data = &ratchet"),),
        ),
        ("fs/aspen.c", ()),
        (
            "drivers/misc/jetty.c",
            (
                ("vma->vm_pgoff", "vma->pgoff"),
                ("vm_flags_set(vma, VM_DONTDUMP)", "vma_desc_set_flags(vma, VMA_DONTDUMP_BIT)"),
                ("vma->vm_private_data", "vma->private_data"),
            ),
        ),
    ],
)
def test_a_driver_that_must_stay_would_behave_otherwise(
    name: str, changes: tuple[tuple[str, str], ...], tmp_path: Path
) -> None:
    """The stand-in sees what goes wrong: else it would prove nothing of those that pass."""
    new = tmp_path / "new.c"
    new.write_text(by_hand(name, *changes), "utf-8")
    assert behaviour(new, tmp_path) != behaviour(TREE / name, tmp_path)
