# SPDX-License-Identifier: GPL-2.0-only
# ruff: noqa: E501
"""Another struct's hooks, called by a file's: they change all together, or not at all."""

from __future__ import annotations

from pathlib import Path

import pytest
from hook_trees import RECIPE, convert, write_driver

from vmaconv.hooks.hook_conversion import convert_hooks

COMPAT = "int __compat_vma_mmap(struct vm_area_desc *desc, struct vm_area_struct *vma);\n"
HEADER = """
struct vm_area_struct;

/**
 * struct slate_ops - what a slate can do
 * @mmap: map it
 * @wipe: wipe it
 */
struct slate_ops {
	int (*mmap)(struct slate *slate, struct vm_area_struct *vma);
	void (*wipe)(struct slate *slate);
};
"""
INNER = """
struct slate { const struct slate_ops *ops; unsigned long base; };
static const struct vm_operations_struct slate_vm_ops = { .fault = 0 };

static int chalk_mmap(struct slate *slate, struct vm_area_struct *vma)
{
	if (vma->vm_flags & VM_EXEC)
		return -EPERM;
	return vm_iomap_memory(vma, slate->base, PAGE_SIZE);
}

static const struct slate_ops chalk_ops = {
	.mmap	= chalk_mmap,
};
"""
OUTER = """
static int slate_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct slate *slate = file->private_data;

	if (!slate->ops->mmap)
		return -ENODEV;
BODY
}

static const struct file_operations slate_fops = {
	.mmap		= slate_mmap,
};
"""
RETURN = "\treturn slate->ops->mmap(slate, vma);"


def tree(root: Path, text: str, compat: str = COMPAT) -> Path:
    write_driver(root, '#include "slate.h"\n' + text, "drivers/slate/slate.c")
    (root / "drivers/slate/slate.h").write_text(HEADER, "utf-8")
    fs = root / "include/linux/fs.h"
    fs.write_text(fs.read_text("utf-8").replace(COMPAT, compat), "utf-8")
    return root


def outer(body: str = RETURN) -> str:
    return OUTER.replace("BODY", body)


def test_inner_hooks_go_first_and_their_caller_applies_what_they_ask(tmp_path: Path) -> None:
    run = convert(tree(tmp_path, INNER + outer()))
    final = {path: after.decode() for path, (_, after) in run.final().items()}
    assert set(final) == {"drivers/slate/slate.c", "drivers/slate/slate.h"}
    assert (
        "\tint (*mmap_prepare)(struct slate *slate, struct vm_area_desc *desc);\n"
        in final["drivers/slate/slate.h"]
    )
    assert "struct vm_area_desc;\nstruct vm_area_struct;\n" in final["drivers/slate/slate.h"]
    assert " * @mmap_prepare: map it\n" in final["drivers/slate/slate.h"]
    driver = final["drivers/slate/slate.c"]
    assert (
        "static int chalk_mmap_prepare(struct slate *slate, struct vm_area_desc *desc)\n" in driver
    )
    assert "\tmmap_action_simple_ioremap(desc, slate->base, PAGE_SIZE);\n\treturn 0;\n" in driver
    assert "\t.mmap_prepare = chalk_mmap_prepare,\n" in driver
    assert "\tif (!slate->ops->mmap_prepare)\n\t\treturn -ENODEV;\n" in driver
    assert (
        "\tcompat_set_desc_from_vma(&desc, file, vma);\n"
        "\terr = slate->ops->mmap_prepare(slate, &desc);\n"
        "\tif (err)\n\t\treturn err;\n\n"
        "\treturn __compat_vma_mmap(&desc, vma);\n}\n"
    ) in driver
    assert (
        "\tstruct slate *slate = file->private_data;\n\tstruct vm_area_desc desc;\n\tint err;\n\n"
    ) in driver
    assert "\t.mmap\t\t= slate_mmap,\n" in driver
    outcomes = {h.site.handler: h.outcome for h in run.hooks}
    assert outcomes == {"chalk_mmap": "converted", "slate_mmap": "left"}


def test_a_result_is_kept_where_it_was(tmp_path: Path) -> None:
    body = (
        "\tif (slate->base) {\n\t\tint ret;\n\n\t\tret = slate->ops->mmap(slate, vma);\n\t\tif (ret)\n"
        '\t\t\tpr_debug("%d", ret);\n\t\treturn ret;\n\t}\n\treturn -EIO;'
    )
    run = convert(tree(tmp_path, INNER + outer(body)))
    after = run.final()["drivers/slate/slate.c"][1].decode()
    assert (
        "\tif (slate->base) {\n\t\tint ret;\n\t\tstruct vm_area_desc desc;\n\n"
        "\t\tcompat_set_desc_from_vma(&desc, file, vma);\n"
        "\t\tret = slate->ops->mmap_prepare(slate, &desc);\n"
        "\t\tif (!ret)\n\t\t\tret = __compat_vma_mmap(&desc, vma);\n"
        "\t\tif (ret)\n"
    ) in after


def test_lines_stay_aligned_and_within_their_width(tmp_path: Path) -> None:
    wide = "struct slate *slate, struct file *file,\n\t\t    void *file_private_data, struct vm_area_struct *vma"
    text = (INNER + outer()).replace("struct slate *slate, struct vm_area_struct *vma", wide)
    text = text.replace(
        "ops->mmap(slate, vma)", "ops->mmap(slate, file, (void *)file->private_data,\n\t\t\t\tvma)"
    )
    root = tree(tmp_path, text)
    header = root / "drivers/slate/slate.h"
    header.write_text(
        HEADER.replace("struct slate *slate, struct vm_area_struct *vma", wide), "utf-8"
    )
    final = {path: after.decode() for path, (_, after) in convert(root).final().items()}
    assert (
        "\tint (*mmap_prepare)(struct slate *slate, struct file *file,\n"
        "\t\t\t    void *file_private_data, struct vm_area_desc *desc);\n"
    ) in final["drivers/slate/slate.h"]
    assert (
        "\terr = slate->ops->mmap_prepare(slate, file, (void *)file->private_data,\n\t\t\t\t       &desc);\n"
    ) in final["drivers/slate/slate.c"]


ASSIGNED = "\nvoid more(struct slate_ops *ops);\nvoid more(struct slate_ops *ops)\n{\n\tops->mmap = chalk_mmap;\n}\n"


def test_an_assignment_follows(tmp_path: Path) -> None:
    run = convert(tree(tmp_path, INNER + outer() + ASSIGNED))
    after = run.final()["drivers/slate/slate.c"][1].decode()
    assert "\tops->mmap_prepare = chalk_mmap_prepare;\n" in after


STAY = {
    "an inner hook that takes a reference": INNER.replace(
        "\tif (vma", "\tkref_get(&held);\n\tif (vma"
    ).replace("struct slate {", "static struct kref held;\nstruct slate {")
    + outer(),
    "an inner hook without a body": INNER.replace(
        "\t.mmap	= chalk_mmap,\n};", "\t.mmap	= chalk_mmap,\n};\n"
        "int far_mmap(struct slate *slate, struct vm_area_struct *vma);\n"
        "static const struct slate_ops far_ops = {\n\t.mmap = far_mmap,\n};",
    )
    + outer(),
    "an inner hook that is called by name": INNER + outer()
    + "\nint by_name(struct slate *s, struct vm_area_struct *v);\n"
    "int by_name(struct slate *s, struct vm_area_struct *v)\n{\n\treturn chalk_mmap(s, v);\n}\n",
    "a caller that is no hook": INNER + outer()
    + "\nint other(struct slate *s, struct vm_area_struct *v);\n"
    "int other(struct slate *s, struct vm_area_struct *v)\n{\n\treturn s->ops->mmap(s, v);\n}\n",
    "a member that is copied": INNER + outer()
    + "\nvoid copy(struct slate_ops *to, struct slate *s);\n"
    "void copy(struct slate_ops *to, struct slate *s)\n{\n\tto->mmap = s->ops->mmap;\n}\n",
    "a result in a condition": INNER + outer("\tif (slate->ops->mmap(slate, vma))\n\t\treturn -EIO;\n\treturn 0;"),
    "private data that operations would miss": INNER.replace(
        "\treturn vm_iomap", "\tvma->vm_ops = &slate_vm_ops;\n\treturn vm_iomap"
    )
    + outer("\tvma->vm_private_data = slate;\n" + RETURN),
}  # fmt: skip


@pytest.mark.parametrize("name", STAY)
def test_a_struct_stays_whole(name: str, tmp_path: Path) -> None:
    run = convert(tree(tmp_path, STAY[name]))
    assert not run.drivers
    assert "converted" not in {h.outcome for h in run.hooks}


@pytest.mark.parametrize(
    "compat",
    [
        "",
        "int __compat_vma_mmap(const struct file_operations *f_op, struct file *file, struct vm_area_struct *vma);\n",
    ],
)
def test_a_tree_without_the_layer_is_left(compat: str, tmp_path: Path) -> None:
    assert not convert(tree(tmp_path, INNER + outer(), compat)).drivers


def test_a_path_does_not_cut_a_struct_in_two(tmp_path: Path) -> None:
    root = tree(tmp_path, INNER + outer())
    other = INNER.replace("chalk", "board").replace("struct slate {", "struct slate_b {")
    text = '#include <linux/fs.h>\n#include "../slate/slate.h"\n' + other.replace(
        "slate->base", "0"
    )
    (root / "drivers/board").mkdir()
    (root / "drivers/board/board.c").write_text(text, "utf-8")
    final = convert_hooks(root, RECIPE, ["drivers/slate"]).final()
    assert "drivers/board/board.c" in final or final == {}
    broken = text.replace("\tif (vma->vm_flags", "\tvma->vm_file = NULL;\n\tif (vma->vm_flags")
    (root / "drivers/board/board.c").write_text(broken, "utf-8")
    assert convert_hooks(root, RECIPE, ["drivers/slate"]).final() == {}


def test_a_struct_whose_drivers_are_elsewhere_changes_with_its_caller(tmp_path: Path) -> None:
    body = (
        "\tint ret = 0;\n\n\tvma->vm_private_data = slate;\n\tif (slate->ops->mmap) {\n"
        "\t\tret = slate->ops->mmap(slate, vma);\n\t\tgoto out;\n\t}\n\tret = -EIO;\nout:\n\treturn ret;"
    )
    text = "struct slate { const struct slate_ops *ops; unsigned long base; };\n" + outer(body)
    final = convert(tree(tmp_path, text)).final()
    assert set(final) == {"drivers/slate/slate.c", "drivers/slate/slate.h"}
    assert (
        "\tif (slate->ops->mmap_prepare) {\n\t\tstruct vm_area_desc desc;\n\n"
        "\t\tcompat_set_desc_from_vma(&desc, file, vma);\n"
        "\t\tret = slate->ops->mmap_prepare(slate, &desc);\n\t\tif (ret)\n\t\t\tgoto out;\n"
        "\t\tret = __compat_vma_mmap(&desc, vma);\n\t\tgoto out;\n"
    ) in final["drivers/slate/slate.c"][1].decode()
