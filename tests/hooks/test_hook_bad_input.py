# SPDX-License-Identifier: GPL-2.0-only
"""Hooks that nothing can be done about: each is said with its place, and nothing is touched."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import run
from hook_trees import write_driver

from vmaconv.cli import exits

HOOK = """
static int probe_mmap(struct file *file, struct vm_area_struct *vma)
{
	return 0;
}
"""
FOPS = """
static const struct file_operations probe_fops = {
	.mmap = probe_mmap,
};
"""

CASES: dict[str, tuple[str, str, str]] = {
    # The reason, the line of the text that it points at, the driver.
    "text that does not parse": (
        "unparsed",
        "\t.mmap = probe_mmap,",
        HOOK + FOPS.replace("\t.mmap", "\t.open = ((,\n\t.mmap").replace("};", "))"),
    ),
    "a handler that does not parse": (
        "unparsed",
        "static int probe_mmap(struct file *file, struct vm_area_struct *vma)",
        HOOK.replace("return 0;", "if (vma->vm_pgoff {\n\treturn 0;") + FOPS,
    ),
    "a handler that is a macro": (
        "macro",
        "\t.mmap = probe_mmap,",
        "#define probe_mmap other_mmap\nint other_mmap(struct file *, struct vm_area_struct *);\n"
        + FOPS,
    ),
    "a handler that a macro defines": (
        "no-handler",
        "\t.mmap = probe_mmap,",
        "#define MAPPER(name) static int name##_mmap(struct file *f, struct vm_area_struct *v) "
        "{ return 0; }\nMAPPER(probe)\n" + FOPS,
    ),
    "a handler defined twice": (
        "defined-twice",
        "static int probe_mmap(struct file *file, struct vm_area_struct *vma) /* again */",
        HOOK + HOOK.replace("*vma)\n", "*vma) /* again */\n") + FOPS,
    ),
    "an array of structs": (
        "fops-array",
        "\t{ .mmap = probe_mmap },",
        HOOK
        + "static const struct file_operations probe_fops[] = {\n\t{ .mmap = probe_mmap },\n};\n",
    ),
    "an array by its index": (
        "fops-array",
        "\t\t.mmap = probe_mmap,",
        HOOK
        + "static const struct file_operations probe_fops[2] = {\n\t[1] = {\n"
        + "\t\t.mmap = probe_mmap,\n\t},\n};\n",
    ),
    "both hooks": (
        "half-converted",
        "\t.mmap = probe_mmap,",
        HOOK
        + "int probe_mmap_prepare(struct vm_area_desc *desc);\n"
        + FOPS.replace("\t.mmap", "\t.mmap_prepare = probe_mmap_prepare,\n\t.mmap"),
    ),
    "both hooks, in the other order": (
        "half-converted",
        "\t.mmap = probe_mmap,",
        HOOK
        + "int probe_mmap_prepare(struct vm_area_desc *desc);\n"
        + FOPS.replace("mmap,\n", "mmap,\n\t.mmap_prepare = probe_mmap_prepare,\n"),
    ),
    "both hooks, one at run time": (
        "half-converted",
        "\t.mmap = probe_mmap,",
        HOOK
        + "int probe_mmap_prepare(struct vm_area_desc *desc);\n"
        + FOPS.replace("const ", "")
        + "void setup(void);\nvoid setup(void)\n{\n"
        + "\tprobe_fops.mmap_prepare = probe_mmap_prepare;\n}\n",
    ),
}


@pytest.mark.parametrize("name", CASES)
def test_it_is_said_with_its_place_and_nothing_is_touched(name: str, tmp_path: Path) -> None:
    code, wanted, text = CASES[name]
    tree = write_driver(tmp_path, text)
    driver = tree / "drivers/misc/probe.c"
    before = {path: path.read_bytes() for path in tree.rglob("*") if path.is_file()}
    done = run("hooks", tree, "--list", "--format", "json")
    assert done.code == exits.OK, done.err
    hooks = [h for h in json.loads(done.out)["hooks"] if h["handler"] == "probe_mmap"]
    assert [h["outcome"] for h in hooks] == ["left"]
    reason = hooks[0]["reason"]
    assert (reason["code"], reason["file"]) == (code, "drivers/misc/probe.c")
    assert driver.read_text("utf-8").split("\n")[reason["line"] - 1] == wanted
    applied = run("hooks", tree, "--apply")
    assert "Traceback" not in applied.err
    assert {path: path.read_bytes() for path in tree.rglob("*") if path.is_file()} == before
    assert run("hooks", tree, "--strict").code == exits.LEFT


def test_a_tree_without_the_new_hook_says_so(tmp_path: Path) -> None:
    tree = write_driver(tmp_path, HOOK + FOPS)
    fs = tree / "include/linux/fs.h"
    fs.write_text(fs.read_text("utf-8").replace("(*mmap_prepare)", "(*mmap_later)"), "utf-8")
    before = (tree / "drivers/misc/probe.c").read_bytes()
    done = run("hooks", tree, "--list", "--format", "json")
    (hook,) = json.loads(done.out)["hooks"]
    assert (hook["outcome"], hook["reason"]["code"]) == ("left", "no-hook")
    assert hook["reason"]["file"] == "include/linux/fs.h"
    run("hooks", tree, "--apply")
    assert (tree / "drivers/misc/probe.c").read_bytes() == before
