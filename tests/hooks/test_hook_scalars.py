# SPDX-License-Identifier: GPL-2.0-only
# ruff: noqa: E501
"""A helper with several callers: all give it the VMA's bounds, where that is less to change than a twin."""

from __future__ import annotations

from pathlib import Path

import pytest
from hook_disguise import SET, convert_all, helper, hook, path_of
from hook_trees import convert, write_driver

TAKES = "struct dev *d, struct vm_area_struct *vma"
CTX = "struct ctx { struct vm_area_struct *vma; };\n"
OTHER = "\nint probe_far(struct dev *d, struct ctx *c);\nint probe_far(struct dev *d, struct ctx *c)\n{\n\treturn check(d, c->vma);\n}\n"
CALL = "int ret;\n\nret = check(d, vma);\nif (ret)\n\treturn ret;\n" + SET
SIZE = (
    "if (d->busy)\n\treturn -EBUSY;\nif ((vma->vm_end - vma->vm_start) >> PAGE_SHIFT > d->size)\n"
    "\treturn -EINVAL;\nif (d->ready)\n\treturn -EIO;\nreturn 0;"
)
BOUNDS = (
    "if (vma->vm_start & 1)\n\treturn -EINVAL;\nif (vma->vm_end > d->size)\n\treturn -ENXIO;\n"
    "if (d->busy)\n\treturn -EBUSY;\nreturn 0;"
)


def converted(text: str, root: Path) -> str:
    ((_, after),) = convert(write_driver(root, text)).final().values()
    return after.decode()


def test_a_helper_takes_the_size(tmp_path: Path) -> None:
    prototype = "static int check(struct dev *d, struct vm_area_struct *vma);\n"
    made = converted(
        hook(CALL, CTX + prototype + helper("check", "int", SIZE, TAKES), OTHER), tmp_path
    )
    assert made.count("static int check(struct dev *d, unsigned long size)") == 2
    assert "\tif (size >> PAGE_SHIFT > d->size)\n" in made
    assert "\tret = check(d, vma_desc_size(desc));\n" in made
    assert "\treturn check(d, c->vma->vm_end - c->vma->vm_start);\n" in made
    assert "_desc(" not in made


def test_a_helper_takes_both_bounds(tmp_path: Path) -> None:
    made = converted(hook(CALL, CTX + helper("check", "int", BOUNDS, TAKES), OTHER), tmp_path)
    assert "static int check(struct dev *d, unsigned long start, unsigned long end)\n" in made
    assert "\tif (start & 1)\n" in made and "\tif (end > d->size)\n" in made
    assert "\tret = check(d, desc->start, desc->end);\n" in made
    assert "\treturn check(d, c->vma->vm_start, c->vma->vm_end);\n" in made


def test_a_parameter_that_does_not_fit_goes_to_its_own_line(tmp_path: Path) -> None:
    takes = "struct dev *d, unsigned long most_of_all_there_is, struct vm_area_struct *vma"
    text = hook(
        CALL.replace("(d, vma)", "(d, 1, vma)"),
        CTX + helper("check", "int", BOUNDS, takes),
        OTHER.replace("(d, c->vma)", "(d, 1, c->vma)"),
    )
    assert (
        "static int check(struct dev *d, unsigned long most_of_all_there_is,\n"
        "\t\t unsigned long start, unsigned long end)\n"
    ) in converted(text, tmp_path)


def test_brackets_behind_return_stay(tmp_path: Path) -> None:
    body = SIZE.replace("return 0;", "return(vma->vm_end - vma->vm_start) > 3;")
    made = converted(hook(CALL, CTX + helper("check", "int", body, TAKES), OTHER), tmp_path)
    assert "\treturn(size) > 3;\n" in made


KERNEL_DOC = "/**\n * check - look\n * @d: the device\n * @vma: what is mapped\n */\n"

TWINS = {
    "a call that does more": hook(CALL, CTX + helper("check", "int", SIZE, TAKES), OTHER.replace("c->vma", "(c++)->vma")),
    "flags": hook(CALL, CTX + helper("check", "int", SIZE.replace("d->ready", "vma->vm_flags & VM_WRITE"), TAKES), OTHER),
    "a name that is taken": hook(CALL, CTX + helper("check", "int", "int size = 1;\n\n" + SIZE.replace("d->ready", "size"), TAKES), OTHER),
    "a name that a macro has": hook(CALL, "#define ODD(d) ((d)->busy + size)\nstatic int size;\n" + CTX + helper("check", "int", SIZE.replace("d->ready", "ODD(d)"), TAKES), OTHER),
    "a helper that is used as a value": hook(CALL, CTX + helper("check", "int", SIZE, TAKES), OTHER + "int (*probe_p)(struct dev *, struct vm_area_struct *) = check;\n"),
    "a helper of one line": hook(CALL, CTX + helper("check", "int", "return vma->vm_start ? 0 : -EIO;", TAKES), "".join(OTHER.replace("probe_far", f"probe_far{n}") for n in range(5))),
    "a comment that says what the VMA is for": hook(CALL, CTX + KERNEL_DOC + helper("check", "int", SIZE, TAKES), OTHER),
    "all three": hook(CALL, CTX + helper("check", "int", BOUNDS.replace("d->busy", "vma->vm_pgoff"), TAKES), OTHER),
    "a VMA that may be none": hook(CALL, CTX + helper("check", "int", SIZE.replace("d->ready", "!vma"), TAKES), OTHER),
}  # fmt: skip


def test_others_get_a_twin(tmp_path: Path) -> None:
    found = convert_all(tmp_path, TWINS)
    made = convert(tmp_path).final()
    for name in TWINS:
        assert [h.outcome for h in found[path_of(name)]] == ["converted"], name
        assert (
            b"int check_desc(struct dev *d, struct vm_area_desc *desc)" in made[path_of(name)][1]
        ), name
        assert found[path_of(name)][0].notes[0].startswith("check() stays for its other callers")


@pytest.mark.parametrize("count", [1, 2])
def test_several_hooks_share_a_helper(count: int, tmp_path: Path) -> None:
    text = hook(CALL, CTX + helper("check", "int", SIZE, TAKES), OTHER)
    second = text[text.index("static int probe_mmap") :].replace("probe_", "other_")
    second = second if count == 1 else second.replace("return ret;", "kref_get(&d->ref);", 1)
    made = converted(text + second, tmp_path)
    # The one that stays calls the helper as the others do.
    kept = "vma_desc_size(desc)" if count == 1 else "vma->vm_end - vma->vm_start"
    assert made.count("static int check(struct dev *d, unsigned long size)") == 1
    assert f"\tret = check(d, {kept});\n" in made
