# SPDX-License-Identifier: GPL-2.0-only
# ruff: noqa: E501
"""Hooks that more than one file has a part in: one handler for many structs, in a header, exported."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

import pytest
from hook_trees import convert, write_driver

from vmaconv.hooks import hook_callers
from vmaconv.hooks.hook_callers import Callers
from vmaconv.migrate.facts.sources import Sources

OPS = "static const struct vm_operations_struct probe_ops = { .fault = 0 };\n"
PROTOTYPE = "int probe_mmap(struct file *file, struct vm_area_struct *vma);\n"
HANDLER = (
    OPS
    + "int probe_mmap(struct file *file, struct vm_area_struct *vma)\n{\n\tvma->vm_ops = &probe_ops;\n\treturn 0;\n}\n"
)
EXPORTED = HANDLER + "EXPORT_SYMBOL_GPL(probe_mmap);\n"
INLINE = HANDLER.replace("int probe_mmap", "static inline int probe_mmap")
BY_NAME = (
    "int other(struct file *f, struct vm_area_struct *v);\n"
    "int other(struct file *f, struct vm_area_struct *v)\n{\n\treturn probe_mmap(f, v);\n}\n"
)
OTHER_STRUCT = (
    "struct other_ops { int (*mmap)(struct file *, struct vm_area_struct *); };\n"
    "const struct other_ops other_ops = { .mmap = probe_mmap };\n"
)


def fops(name: str, static: str = "static ") -> str:
    return f"{static}const struct file_operations {name}_fops = {{\n\t.mmap\t\t= probe_mmap,\n}};\n"


def tree(root: Path, files: dict[str, str]) -> Path:
    for name, text in files.items():
        own = f"drivers/probe/{name}"
        if name.endswith(".h"):
            (root / own).parent.mkdir(parents=True, exist_ok=True)
            (root / own).write_text(text, "utf-8")
        else:
            write_driver(root, '#include "probe.h"\n' + text, own)
    return root


TOGETHER = {
    "an exported handler of three files": {
        "probe.h": PROTOTYPE, "lib.c": EXPORTED + fops("lib"), "a.c": fops("a"), "b.c": fops("b"),
    },
    "a handler in a header": {"probe.h": INLINE, "a.c": fops("a"), "b.c": fops("b")},
    "a name that another file has for itself": {
        "probe.h": "", "a.c": HANDLER.replace("int probe", "static int probe") + fops("a"),
        "b.c": "static int probe_mmap;\nint *b(void);\nint *b(void)\n{\n\treturn &probe_mmap;\n}\n",
    },
}  # fmt: skip


@pytest.mark.parametrize("name", TOGETHER)
def test_all_that_belong_together_change_together(name: str, tmp_path: Path) -> None:
    run = convert(tree(tmp_path, TOGETHER[name]))
    assert {h.outcome for h in run.hooks} == {"converted"}
    ((driver),) = run.drivers
    for before, after in driver.changes.values():
        assert b"probe_mmap(struct file" in before or b".mmap\t\t= probe_mmap" in before
        assert b"vm_area_struct" not in after and b".mmap\t" not in after


COPY = (
    "static struct file_operations b_fops;\nint b_mmap(struct file *file, struct vm_area_struct *vma);\n"
    "void setup(void);\nvoid setup(void)\n{\n\tCOPIED;\n\tb_fops.mmap = VALUE;\n}\n"
)
LEFT = {
    "an exported handler that another file calls": {
        "probe.h": PROTOTYPE, "lib.c": EXPORTED, "a.c": fops("a"), "b.c": BY_NAME,
    },
    "an exported handler in a struct of another kind": {
        "probe.h": PROTOTYPE, "lib.c": EXPORTED, "a.c": fops("a"), "b.c": OTHER_STRUCT,
    },
    "a handler in a header that a file calls": {"probe.h": INLINE, "a.c": fops("a"), "b.c": BY_NAME},
    "a header that calls the handler": {
        "probe.h": PROTOTYPE + BY_NAME.replace("int other", "static inline int other"),
        "lib.c": HANDLER, "a.c": fops("a"),
    },
    "a handler that two headers have": {
        "probe.h": INLINE, "more.h": INLINE, "a.c": fops("a"), "b.c": '#include "more.h"\n',
    },
    "a handler that is another by a macro": {
        "probe.h": "#define probe_mmap other_mmap\n", "a.c": HANDLER + fops("a"),
    },
    "an alias": {
        "probe.h": PROTOTYPE,
        "lib.c": HANDLER.replace("probe_mmap", "other_mmap")
        + 'int probe_mmap(struct file *file, struct vm_area_struct *vma) __attribute__((alias("other_mmap")));\n',
        "a.c": fops("a"),
    },
    "a struct that another file calls": {
        "probe.h": PROTOTYPE + "extern const struct file_operations a_fops;\n",
        "a.c": HANDLER + fops("a", ""),
        "b.c": BY_NAME.replace("probe_mmap(f, v)", "a_fops.mmap(f, v)"),
    },
    "a struct that is handed to who calls it": {
        "probe.h": "struct drv { const struct file_operations *fops; };\n"
        "void drv_register(struct drv *d, const struct file_operations *fops);\n",
        "core.c": "void drv_register(struct drv *d, const struct file_operations *fops)\n{\n\td->fops = fops;\n}\n"
        + BY_NAME.replace("struct file *f,", "struct drv *d, struct file *f,").replace("probe_mmap(f", "d->fops->mmap(f"),
        "a.c": HANDLER.replace("int probe", "static int probe") + fops("a")
        + "void a_init(struct drv *d);\nvoid a_init(struct drv *d)\n{\n\tdrv_register(d, &a_fops);\n}\n",
    },
    "a struct of a table that is called": {
        "probe.h": "struct drv { const struct file_operations *fops; };\nextern const struct drv drvs[];\n",
        "core.c": BY_NAME.replace("probe_mmap(f", "drvs[0].fops->mmap(f"),
        "a.c": HANDLER.replace("int probe", "static int probe") + fops("a")
        + "const struct drv drvs[] = {\n\t{ &a_fops },\n};\n",
    },
    "a struct that another file copies and changes": {
        "probe.h": "extern const struct file_operations a_fops;\n", "a.c": HANDLER.replace("int probe", "static int probe") + fops("a", ""),
        "b.c": COPY.replace("COPIED", "b_fops = a_fops").replace("VALUE", "b_mmap"),
    },
    "a struct that another file copies and takes the hook from": {
        "probe.h": "extern const struct file_operations a_fops;\n", "a.c": HANDLER.replace("int probe", "static int probe") + fops("a", ""),
        "b.c": COPY.replace("COPIED", "memcpy(&b_fops, &a_fops, sizeof(b_fops))").replace("VALUE", "NULL"),
    },
    "operations of another file that close": {
        "probe.h": "extern const struct vm_operations_struct shared_ops;\n",
        "ops.c": "static void shared_close(struct vm_area_struct *vma)\n{\n}\n"
        "const struct vm_operations_struct shared_ops = {\n\t.close = shared_close,\n};\n",
        "a.c": "static int probe_mmap(struct file *file, struct vm_area_struct *vma)\n{\n\tvma->vm_ops = &shared_ops;\n"
        "\treturn vm_iomap_memory(vma, 0x1000, PAGE_SIZE);\n}\n" + fops("a"),
    },
}  # fmt: skip


@pytest.mark.parametrize("name", LEFT)
def test_what_others_need_stays(name: str, tmp_path: Path) -> None:
    run = convert(tree(tmp_path, LEFT[name]))
    ours = [h for h in run.hooks if h.outcome != "other-struct"]
    assert ours and {h.outcome for h in ours} == {"left"}
    assert not run.drivers


_ARMS = {
    "a function": "static inline int part_start(struct dev *d)\n{\n\treturn 0;\n}\n",
    "a macro": "#define part_start(d) 0\n",
}
_PARTS = {
    "counts": ("left", "int part_start(struct dev *d)\n{\n\td->users++;\n\treturn 0;\n}\n"),
    "looks": ("converted", "int part_start(struct dev *d)\n{\n\treturn d->users > 3;\n}\n"),
    "is made by a macro": ("left", "PART_FUNCTION(start)\n"),
}


@pytest.mark.parametrize("part", _PARTS)
@pytest.mark.parametrize("arm", _ARMS)
def test_an_empty_function_in_one_arm_of_a_header_says_nothing_of_the_other(
    arm: str, part: str, tmp_path: Path
) -> None:
    driver = (
        "#include <linux/part.h>\n"
        "static const struct vm_operations_struct probe_ops = { .fault = 0 };\n"
        "static int probe_mmap(struct file *file, struct vm_area_struct *vma)\n{\n"
        "\tif (part_start(file->private_data))\n\t\treturn -EIO;\n"
        "\tvma->vm_ops = &probe_ops;\n\treturn 0;\n}\n"
        "static const struct file_operations probe_fops = {\n\t.mmap = probe_mmap,\n};\n"
    )
    tree = write_driver(tmp_path, driver)
    header = (
        "struct dev { int users; };\n#ifdef CONFIG_PART\nint part_start(struct dev *d);\n#else\n"
    )
    (tree / "include/linux/part.h").write_text(f"{header}{_ARMS[arm]}#endif\n", "utf-8")
    outcome, text = _PARTS[part]
    core = tree / "drivers/part/core.c"
    core.parent.mkdir()
    core.write_text("#include <linux/part.h>\n" + text, "utf-8")
    assert [h.outcome for h in convert(tree).hooks] == [outcome]


@pytest.mark.parametrize("processors", [1, 2])
@pytest.mark.parametrize("dies", [False, True])
def test_the_answer_is_the_same_with_another_process_and_without(
    processors: int, dies: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    caller = BY_NAME.replace("probe_mmap(f", "f->f_op->mmap(f")
    files = {
        f"f{n}.c": HANDLER.replace("int probe", "static int probe") + fops("f") for n in range(60)
    }
    root = tree(tmp_path, {"probe.h": PROTOTYPE, **files, "f7.c": files["f7.c"] + caller})
    own, found = os.getpid(), hook_callers.callers_in

    def callers_in(sources: Sources, paths: Iterable[str]) -> Callers:
        if dies and os.getpid() != own:
            os._exit(9)
        return found(sources, paths)

    monkeypatch.setattr(hook_callers, "callers_in", callers_in)
    monkeypatch.setattr(os, "cpu_count", lambda: processors)
    outcomes = {h.site.path: h.outcome for h in convert(root).hooks}
    wanted = {f"drivers/probe/f{n}.c": "left" if n == 7 else "converted" for n in range(60)}
    assert outcomes == wanted
