# SPDX-License-Identifier: GPL-2.0-only
"""What Kconfig says of the machines that a hook is built for."""

from __future__ import annotations

from pathlib import Path

import pytest
from hook_trees import convert, write_driver

from vmaconv.hooks.hook_kconfig import HookKconfig

HOOK = """
static int probe_mmap(struct file *file, struct vm_area_struct *vma)
{
	return vm_iomap_memory(vma, 0x1000, PAGE_SIZE);
}

static const struct file_operations probe_fops = {
	.mmap		= probe_mmap,
};
"""
NOTE = "Without an MMU an action fails"


def tree(root: Path, kconfig: str, makefile: str = "obj-$(CONFIG_PROBE) += probe.o\n") -> Path:
    write_driver(root, HOOK)
    (root / "drivers/misc/Kconfig").write_text(kconfig, "utf-8")
    (root / "drivers/misc/Makefile").write_text(makefile, "utf-8")
    (root / "drivers/Makefile").write_text("obj-y += misc/\n", "utf-8")
    arch = root / "arch/z80/Kconfig"
    arch.parent.mkdir(parents=True)
    arch.write_text("config Z80\n\tdef_bool y\n\nconfig MMU\n\tdef_bool y\n", "utf-8")
    return root


@pytest.mark.parametrize(
    ("kconfig", "wanted"),
    [
        ("config PROBE\n\ttristate\n\tdepends on PCI && MMU\n", "always"),
        ("config PROBE\n\ttristate\n\tdepends on !MMU\n", "never"),
        ("config PROBE\n\ttristate\n\tdepends on Z80\n", "always"),
        ("config PROBE\n\ttristate\n\tdepends on Z80 || COMPILE_TEST\n", "maybe"),
        ("config PROBE\n\ttristate\n\tdepends on PCI\n", "maybe"),
        ("if MMU\nconfig PROBE\n\ttristate\nendif\n", "always"),
        ("if MMU\nendif\nconfig PROBE\n\ttristate\n", "maybe"),
        ('menu "m"\n\tdepends on MMU\nconfig PROBE\n\ttristate\nendmenu\n', "always"),
        ("config PROBE\n\ttristate\n\tdepends on BASE\nconfig BASE\n\tbool\n\tdepends on MMU\n", "always"),
        ("config PROBE\n\ttristate\n\tdepends on PROBE\n", "maybe"),
    ],
)  # fmt: skip
def test_a_symbol_needs_an_mmu_or_not(kconfig: str, wanted: str, tmp_path: Path) -> None:
    assert HookKconfig(tree(tmp_path, kconfig)).mmu("drivers/misc/probe.c") == wanted


def test_a_file_is_part_of_a_module(tmp_path: Path) -> None:
    kconfig = "config PROBE\n\ttristate\n\tdepends on MMU\n"
    makefile = "obj-$(CONFIG_PROBE) += all.o\nall-y := one.o \\\n\tprobe.o\n"
    assert HookKconfig(tree(tmp_path, kconfig, makefile)).mmu("drivers/misc/probe.c") == "always"


def test_the_note_says_what_happens_without_an_mmu(tmp_path: Path) -> None:
    for folder, kconfig, noted in (
        ("a", "config PROBE\n\ttristate\n\tdepends on PCI\n", True),
        ("b", "config PROBE\n\ttristate\n\tdepends on MMU\n", False),
    ):
        ((driver),) = convert(tree(tmp_path / folder, kconfig)).drivers
        assert any(note.startswith(NOTE) for note in driver.notes) is noted


def test_a_driver_without_an_mmu_is_left(tmp_path: Path) -> None:
    run = convert(tree(tmp_path, "config PROBE\n\ttristate\n\tdepends on !MMU\n"))
    assert [h.reason.code if h.reason else "" for h in run.hooks] == ["nommu"]
