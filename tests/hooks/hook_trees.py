# SPDX-License-Identifier: GPL-2.0-only
"""The fixture tree of hooks, and what `vmaconv hooks` makes of it.

In: `fixtures/hooks`. Out: a copy to work on, the list of its hooks, the converted files.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from vmaconv.hooks.hook_conversion import HookRun, convert_hooks
from vmaconv.hooks.hook_recipe import read_hook_recipe
from vmaconv.library import rules_folder

TREE = Path(__file__).resolve().parents[2] / "fixtures" / "hooks"
RECIPE = read_hook_recipe(rules_folder() / "hooks.toml")


def convert(root: Path = TREE) -> HookRun:
    """Convert the hooks of a tree, in memory."""
    return convert_hooks(root, RECIPE)


def copy_tree(to: Path) -> Path:
    """Copy the fixture tree."""
    shutil.copytree(TREE, to)
    return to


def write_driver(root: Path, text: str, path: str = "drivers/misc/probe.c") -> Path:
    """Write a driver into a tree that has the fixture tree's headers and nothing else."""
    shutil.copytree(TREE / "include", root / "include", dirs_exist_ok=True)
    file = root / path
    file.parent.mkdir(parents=True, exist_ok=True)
    head = "".join(
        f"#include <linux/{h}.h>\n" for h in ("kernel", "fs", "mm", "mutex", "kref", "slab")
    )
    file.write_text(head + text, "utf-8")
    return root
