# SPDX-License-Identifier: GPL-2.0-only
# ruff: noqa: E501
"""What keeps a hook from being converted, kind by kind.

Each case is a driver's text with one hook, `probe_mmap`; what must stay names its reason, and what
is safe is what the same text with the wrong part left out would be.
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


def hook(body: str, before: str = "", after: str = "") -> str:
    """Return a driver with this body of its hook."""
    lines = "".join(f"\t{line}\n" if line else "\n" for line in body.strip().split("\n"))
    head = "static int probe_mmap(struct file *file, struct vm_area_struct *vma)\n{\n"
    return f"{before}\n{head}{lines}}}\n{FOPS}{after}"


REMAP = "remap_pfn_range(vma, vma->vm_start, 1, vma->vm_end - vma->vm_start, vma->vm_page_prot)"
OPS = "static const struct vm_operations_struct probe_ops = { .fault = 0 };\n"
SET = "vma->vm_ops = &probe_ops;\nreturn 0;"
DEV = "struct dev { int busy, users; struct kref ref; struct mutex lock; void *map; unsigned long size; };\n"
LOCK = "static struct mutex lock;\n"

WRONG = {
    "a reference through a helper": (
        "reference",
        hook("struct dev *d = file->private_data;\n\ndev_get(d);\n" + SET,
             DEV + OPS + "static void dev_get(struct dev *d)\n{\n\tkref_get(&d->ref);\n}\n"),
    ),
    "a reference through a macro": (
        "reference",
        hook("struct dev *d = file->private_data;\n\nDEV_GET(d);\n" + SET,
             DEV + OPS + "#define DEV_GET(d)\tkref_get(&(d)->ref)\n"),
    ),
    "a counter": ("counter", hook("struct dev *d = file->private_data;\n\nd->users++;\n" + SET, DEV + OPS)),
    "a counter by another operator": (
        "counter", hook("struct dev *d = file->private_data;\n\nd->users += 1;\n" + SET, DEV + OPS)),
    "an allocation": (
        "allocation", hook("vma->vm_private_data = kzalloc(8, GFP_KERNEL);\n" + SET, OPS)),
    "a file's reference": ("reference", hook("get_file(file);\n" + SET, OPS)),
    "test and set": (
        "state",
        hook("struct dev *d = file->private_data;\n\nif (d->busy)\n\treturn -EBUSY;\nd->busy = 1;\n" + SET,
             DEV + OPS)),
    "test and set in a helper": (
        "state",
        hook("if (claim(file->private_data))\n\treturn -EBUSY;\n" + SET,
             DEV + OPS + "static int claim(struct dev *d)\n{\n\tif (d->busy)\n\t\treturn 1;\n"
             "\td->busy = 1;\n\treturn 0;\n}\n")),
    "state of this mapping": (
        "state", hook("struct dev *d = file->private_data;\n\nd->size = vma->vm_end - vma->vm_start;\n" + SET,
                      DEV + OPS)),
    "the VMA kept by a helper": (
        "state",
        hook("keep(file->private_data, vma);\n" + SET,
             DEV + OPS + "static void keep(struct dev *d, struct vm_area_struct *v)\n{\n\td->map = v;\n}\n")),
    "the VMA in a local struct": (
        "stores-vma", hook("struct ctx c = { .vma = vma };\n\nuse(&c);\n" + SET,
                           OPS + "struct ctx { struct vm_area_struct *vma; };\nvoid use(struct ctx *c);\n")),
    "another name for the VMA": (
        "stores-vma", hook("struct vm_area_struct *v = vma;\n\nv->vm_ops = &probe_ops;\nreturn 0;", OPS)),
    "a lock over the call": (
        "lock", hook(f"int ret;\n\nmutex_lock(&lock);\nret = {REMAP};\nmutex_unlock(&lock);\nreturn ret;", LOCK)),
    "a lock over a helper that maps": (
        "lock",
        hook("int ret;\n\nmutex_lock(&lock);\nret = fill(vma);\nmutex_unlock(&lock);\nreturn ret;",
             LOCK + f"static int fill(struct vm_area_struct *vma)\n{{\n\treturn {REMAP};\n}}\n")),
    "a guard": ("lock", hook(f"guard(mutex)(&lock);\nreturn {REMAP};", LOCK)),
    "a scoped guard": (
        "lock", hook(f"scoped_guard(mutex, &lock) {{\n\treturn {REMAP};\n}}\nreturn -EINVAL;", LOCK)),
    "flags read behind the call": (
        "order",
        hook(f"int ret;\n\nret = {REMAP};\nif (ret)\n\treturn ret;\nif (vma->vm_flags & VM_IO)\n"
             "\tvma->vm_private_data = NULL;\nreturn 0;")),
    "protection set behind the call": (
        "order",
        hook(f"int ret;\n\nret = {REMAP};\nif (ret)\n\treturn ret;\n"
             "vma->vm_page_prot = pgprot_noncached(vma->vm_page_prot);\nreturn 0;")),
    "a start behind the call": (
        "order",
        hook(f"int ret;\n\nret = {REMAP};\nif (ret)\n\treturn ret;\nstart();\nreturn 0;",
             "static int on;\nstatic void start(void)\n{\n\ton = 1;\n}\n")),
    "an ignored error": ("result-used", hook(f"{REMAP};\nreturn 0;")),
    "an error ignored on purpose": ("result-used", hook(f"(void){REMAP};\nreturn 0;")),
    "a result used further on": (
        "result-used", hook(f"int ret;\n\nret = {REMAP};\nif (ret)\n\treturn ret;\nvma->vm_private_data = NULL;\n"
                            "return ret;")),
    "two calls on a path": (
        "two-actions", hook(f"int ret;\n\nret = {REMAP};\nif (ret)\n\treturn ret;\nreturn {REMAP};")),
    "a call and a helper that maps": (
        "two-actions",
        hook(f"int ret;\n\nret = {REMAP};\nif (ret)\n\treturn ret;\nreturn fill(vma);",
             f"static int fill(struct vm_area_struct *vma)\n{{\n\treturn {REMAP};\n}}\n")),
    "a loop": ("loop", hook(f"int i;\n\nfor (i = 0; i < 2; i++)\n\tif ({REMAP})\n\t\treturn -EIO;\nreturn 0;")),
    "a narrow size": (
        "size", hook("unsigned int size = vma->vm_end - vma->vm_start;\n\n"
                     "return remap_pfn_range(vma, vma->vm_start, 1, size, vma->vm_page_prot);")),
    "a size that changes": (
        "size", hook("unsigned long size = vma->vm_end - vma->vm_start;\n\nsize += PAGE_SIZE;\n"
                     "return remap_pfn_range(vma, vma->vm_start, 1, size, vma->vm_page_prot);")),
    "a size checked the wrong way": (
        "size", hook("if (vma->vm_end - vma->vm_start > 4 * PAGE_SIZE)\n\treturn -EINVAL;\n"
                     "return remap_pfn_range(vma, vma->vm_start, 1, 4 * PAGE_SIZE, vma->vm_page_prot);")),
    "a start inside": (
        "size", hook("return remap_pfn_range(vma, vma->vm_start + PAGE_SIZE, 1, PAGE_SIZE, vma->vm_page_prot);")),
    "another protection": (
        "prot", hook("return remap_pfn_range(vma, vma->vm_start, 1, PAGE_SIZE, "
                     "pgprot_noncached(vma->vm_page_prot));")),
    "the range written": ("range", hook("vma->vm_end = vma->vm_start + PAGE_SIZE;\n" + SET, OPS)),
    "operations read back": (
        "vm-ops", hook("vma->vm_ops = &probe_ops;\nif (vma->vm_ops->open)\n\treturn -EIO;\nreturn 0;", OPS)),
    "a member without counterpart": ("member", hook("vma->vm_lock = 0;\n" + SET, OPS)),
    "a file put in": ("stacked", hook("vma->vm_file = get_file(file->private_data);\n" + SET, OPS)),
    "another file's hook of the core": ("stacked", hook("return generic_file_mmap(file->private_data, vma);")),
    "a call by name": (
        "called-by-name",
        hook(SET, OPS, "\nint other(struct file *f, struct vm_area_struct *v);\n"
             "int other(struct file *f, struct vm_area_struct *v)\n{\n\treturn probe_mmap(f, v);\n}\n")),
    "the address taken": (
        "called-by-name", hook(SET, OPS, "\nint (*taken)(struct file *, struct vm_area_struct *) = probe_mmap;\n")),
    "a struct of another kind": (
        "other-struct",
        hook(SET, OPS + "struct other_ops { int (*mmap)(struct file *, struct vm_area_struct *); };\n",
             "\nstruct other_ops other_ops = { .mmap = probe_mmap };\n")),
    "a struct that is called directly": (
        "called-directly",
        hook(SET, OPS, "\nint direct(struct file *f, struct vm_area_struct *v);\n"
             "int direct(struct file *f, struct vm_area_struct *v)\n{\n\treturn probe_fops.mmap(f, v);\n}\n")),
    "a struct called through a driver": (
        "called-directly",
        hook(SET, OPS + "struct drv { const struct file_operations *fops; };\n",
             "\nconst struct drv drv = { .fops = &probe_fops };\n"
             "int direct(struct drv *d, struct file *f, struct vm_area_struct *v);\n"
             "int direct(struct drv *d, struct file *f, struct vm_area_struct *v)\n{\n"
             "\tconst struct file_operations *ops = d->fops;\n\n\treturn ops->mmap(f, v);\n}\n")),
    "a pointer called": (
        "indirect-call",
        hook("struct dev_ops *o = file->private_data;\n\nif (o->ready(o))\n\treturn -EIO;\n" + SET,
             OPS + "struct dev_ops { int (*ready)(struct dev_ops *o); };\n")),
    "a function without a body": (
        "unknown-function", hook("if (far_away())\n\treturn -EIO;\n" + SET, OPS + "int far_away(void);\n")),
    "assembly": ("unknown-function", hook('asm volatile("nop");\n' + SET, OPS)),
    "data of one mapping": (
        "merge", hook("static int slots[4];\n\nvm_flags_set(vma, VM_DONTDUMP);\n"
                      "vma->vm_private_data = &slots[vma->vm_pgoff & 3];\n" + SET, OPS)),
    "operations of one mapping": (
        "merge", hook("vm_flags_set(vma, VM_DONTDUMP);\n"
                      "vma->vm_ops = vma->vm_pgoff ? &probe_ops : &more_ops;\nreturn 0;",
                      OPS + "static const struct vm_operations_struct more_ops;\n")),
    "operations that have mapped": (
        "vm-ops", hook(SET, "static int m(unsigned long a, unsigned long b, pgoff_t c, const struct file *f, "
                       "void **p)\n{\n\treturn 0;\n}\n"
                       "static const struct vm_operations_struct probe_ops = {\n\t.mapped = m,\n};\n")),
    "a call that may fail, and close": (
        "vm-ops", hook(f"vma->vm_ops = &probe_ops;\nreturn {REMAP};",
                       "static void c(struct vm_area_struct *v)\n{\n}\n"
                       "static const struct vm_operations_struct probe_ops = {\n\t.close = c,\n};\n")),
    "state that close sees": (
        "state",
        hook("struct dev *d = file->private_data;\n\nd->busy = 1;\n" + SET,
             DEV + "static void c(struct vm_area_struct *v)\n{\n}\n"
             "static const struct vm_operations_struct probe_ops = {\n\t.close = c,\n};\n")),
    "a macro that names the VMA": (
        "macro", hook("if (SIZE > PAGE_SIZE)\n\treturn -EINVAL;\n" + SET,
                      OPS + "#define SIZE (vma->vm_end - vma->vm_start)\n")),
    "a handler defined twice": ("defined-twice", hook(SET, OPS) .replace(FOPS, "") + hook(SET)),
    "text that does not parse": ("unparsed", hook("if (vma->vm_pgoff {\n" + SET, OPS)),
    "huge pages": ("hugetlb", hook("vm_flags_set(vma, VM_HUGETLB);\n" + SET, OPS)),
    "a hook assigned": (
        "assignment", hook(SET, OPS, "\nstatic struct file_operations more_fops;\nvoid setup(void);\n"
                           "void setup(void)\n{\n\tmore_fops = probe_fops;\n\tmore_fops.mmap = probe_mmap;\n}\n")),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_must_stay_stays(name: str, tmp_path: Path) -> None:
    code, text = WRONG[name]
    run = convert(write_driver(tmp_path, text))
    found = [h for h in run.hooks if h.site.handler == "probe_mmap" and h.outcome != "other-struct"]
    assert [h.outcome for h in found] == ["left"] * len(found) and found
    assert not run.drivers
    reason = found[0].reason
    assert reason is not None
    assert (reason.code, reason.place.path) == (code, "drivers/misc/probe.c"), str(reason)


SAFE = {
    "a lock that has ended": (
        hook(f"mutex_lock(&lock);\nmutex_unlock(&lock);\nreturn {REMAP};", LOCK),
        "\tmutex_unlock(&lock);\n\tmmap_action_remap_full(desc, 1);\n\treturn 0;\n",
    ),
    "arms of which one is compiled": (
        hook(f"#ifdef CONFIG_A\nreturn {REMAP};\n#else\nreturn -EINVAL;\n#endif").replace("\t#", "#"),
        "#ifdef CONFIG_A\n\tmmap_action_remap_full(desc, 1);\n\treturn 0;\n#else\n",
    ),
    "a call without braces": (
        hook(f"if (!vma->vm_pgoff)\n\treturn {REMAP};\nreturn -EINVAL;"),
        "\tif (!desc->pgoff) {\n\t\tmmap_action_remap_full(desc, 1);\n\t\treturn 0;\n\t}\n\treturn -EINVAL;\n",
    ),
    "a size that was compared": (
        hook("if (vma->vm_end - vma->vm_start != 2 * PAGE_SIZE)\n\treturn -EINVAL;\n"
             "return remap_pfn_range(vma, vma->vm_start, 1, 2 * PAGE_SIZE, vma->vm_page_prot);"),
        "\tif (vma_desc_size(desc) != 2 * PAGE_SIZE)\n\t\treturn -EINVAL;\n"
        "\tmmap_action_remap(desc, desc->start, 1, 2 * PAGE_SIZE);\n\treturn 0;\n",
    ),
    "an error chosen": (
        hook(f"return {REMAP} ? -EAGAIN : 0;"),
        "\tmmap_action_remap_full(desc, 1);\n\tdesc->action.error_override = -EAGAIN;\n\treturn 0;\n",
    ),
    "braces that nothing needs any more": (
        hook("if ((vma->vm_flags & (VM_SHARED | VM_MAYSHARE)) !=\n    (VM_SHARED | VM_MAYSHARE)) {\n"
             "\treturn -EINVAL;\n}\nif (vma->vm_pgoff) {\n\treturn -EIO;\n}\n" + SET, OPS),
        "\tif (!vma_desc_test_all(desc, VMA_SHARED_BIT, VMA_MAYSHARE_BIT))\n\t\treturn -EINVAL;\n"
        "\tif (desc->pgoff) {\n\t\treturn -EIO;\n\t}\n",
    ),
    "a local that nothing needs any more": (
        hook(f"int ret;\n\nret = {REMAP};\nreturn ret;"),
        "{\n\tmmap_action_remap_full(desc, 1);\n\treturn 0;\n}\n",
    ),
    "a word that is printed": (
        hook('pr_debug("%lx", vma->vm_flags);\n' + SET, OPS),
        '\tpr_debug("%lx", vma_flags_to_legacy(desc->vma_flags));\n',
    ),
    "a name that is taken": (
        hook("int desc = 0;\n\nif (desc)\n\treturn -EIO;\n" + SET, OPS),
        "probe_mmap_prepare(struct vm_area_desc *vma_desc)\n{\n\tint desc = 0;\n",
    ),
    "state that is set for good": (
        hook("struct dev *d = file->private_data;\n\nd->busy = 1;\n" + SET, DEV + OPS),
        "\tstruct file *file = desc->file;\n\tstruct dev *d = file->private_data;\n\n\td->busy = 1;\n",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", SAFE)
def test_what_is_safe_is_converted(name: str, tmp_path: Path) -> None:
    text, wanted = SAFE[name]
    run = convert(write_driver(tmp_path, text))
    assert [(h.outcome, str(h.reason)) for h in run.hooks] == [("converted", "None")]
    ((_, after),) = run.final().values()
    assert wanted in after.decode()
    assert "vma->" not in after.decode()


def test_documentation_that_names_the_hook_follows(tmp_path: Path) -> None:
    text = hook(SET, "/* See probe_mmap(). */\n" + OPS).replace(
        "static int probe_mmap", "int probe_mmap"
    )
    tree = write_driver(tmp_path, text + "EXPORT_SYMBOL(probe_mmap);\n")
    page = tree / "Documentation" / "probe.rst"
    page.parent.mkdir()
    page.write_text("Drivers call probe_mmap(); my_probe_mmap() is another.\n", "utf-8")
    run = convert(tree)
    final = run.final()
    after = final["Documentation/probe.rst"][1].decode()
    assert after == "Drivers call probe_mmap_prepare(); my_probe_mmap() is another.\n"
    assert b"EXPORT_SYMBOL(probe_mmap_prepare);" in final["drivers/misc/probe.c"][1]
    assert run.drivers[0].notes[-2:] == (
        "Also changed: the export in drivers/misc/probe.c:19, a comment in drivers/misc/probe.c:7",
        "Also changed: the documentation in Documentation/probe.rst",
    )


def test_a_hook_in_text_that_does_not_parse_is_said_with_its_place(tmp_path: Path) -> None:
    text = "static const struct file_operations probe_fops = {\n\t.open = ((,\n\t.mmap = probe_mmap,\n\t)) ;\n"
    run = convert(write_driver(tmp_path, text))
    assert [(h.outcome, h.reason.code if h.reason else "") for h in run.hooks] == [
        ("left", "unparsed")
    ]
    assert run.hooks[0].reason is not None and run.hooks[0].reason.place.line == 9


WORD = """
struct vm_area_desc {
	const struct mm_struct *mm;
	struct file *file;
	unsigned long start;
	unsigned long end;
	pgoff_t pgoff;
	struct file *vm_file;
	vm_flags_t vm_flags;
	pgprot_t page_prot;
	const struct vm_operations_struct *vm_ops;
	void *private_data;
	struct mmap_action action;
};
"""


def test_a_tree_without_any_replacement_of_errors_leaves_the_hook(tmp_path: Path) -> None:
    tree = older(write_driver(tmp_path, hook(f"if ({REMAP})\n\treturn -EAGAIN;\nreturn 0;")))
    types = tree / "include/linux/mm_types.h"
    types.write_text(types.read_text("utf-8").replace("(*error_hook)", "(*other_hook)"), "utf-8")
    run = convert(tree)
    assert [h.reason.code if h.reason else "" for h in run.hooks] == ["action-missing"]


def older(tree: Path) -> Path:
    """Take from a tree what v6.19 does not have: flag helpers, error_override, simple_ioremap."""
    types, mm = tree / "include/linux/mm_types.h", tree / "include/linux/mm.h"
    text = types.read_text("utf-8")
    start = text.index("struct vm_area_desc {")
    text = text[:start] + WORD.strip() + text[text.index("};", start) + 2 :]
    types.write_text(text.replace("error_override;", "(*error_hook)(int err);"), "utf-8")
    lines = mm.read_text("utf-8")
    for name in (
        "vma_desc_test",
        "vma_desc_set",
        "vma_desc_clear",
        "vma_flags_to_legacy",
        "simple_ioremap",
    ):
        lines = lines.replace(name, f"no_{name}")
    mm.write_text(lines.replace("mk_vma_flags", "no_mk"), "utf-8")
    return tree


OLDER = {
    "flags": (
        hook("if (vma->vm_flags & VM_EXEC)\n\treturn -EPERM;\nvm_flags_mod(vma, VM_IO | VM_PFNMAP, VM_MAYEXEC);\n" + SET, OPS),
        "\tif (desc->vm_flags & VM_EXEC)\n\t\treturn -EPERM;\n\tdesc->vm_flags |= VM_IO | VM_PFNMAP;\n"
        "\tdesc->vm_flags &= ~VM_MAYEXEC;\n",
    ),
    "an action": (hook(f"return {REMAP};"), "\tmmap_action_remap_full(desc, 1);\n\treturn 0;\n"),
    "an error replaced": (
        hook(f"if ({REMAP})\n\treturn -EAGAIN;\nreturn 0;", "/* Above. */\n/*\n * Maps it.\n */").replace("*/\n\nstatic", "*/\nstatic"),
        "/* Above. */\nstatic int probe_mmap_prepare_error(int err)\n{\n\treturn -EAGAIN;\n}\n\n/*\n * Maps it.\n */\n"
        "static int probe_mmap_prepare(struct vm_area_desc *desc)\n{\n\tmmap_action_remap_full(desc, 1);\n"
        "\tdesc->action.error_hook = probe_mmap_prepare_error;\n\treturn 0;\n}\n",
    ),
    "one use of the file": (
        hook("vma->vm_private_data = file->private_data;\n" + SET, OPS),
        "{\n\tdesc->private_data = desc->file->private_data;\n",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", OLDER)
def test_an_older_tree_gets_its_own_spelling(name: str, tmp_path: Path) -> None:
    text, wanted = OLDER[name]
    run = convert(older(write_driver(tmp_path, text)))
    assert [(h.outcome, str(h.reason)) for h in run.hooks] == [("converted", "None")]
    ((_, after),) = run.final().values()
    assert wanted in after.decode()


@pytest.mark.parametrize(
    "body",
    [
        "return vm_iomap_memory(vma, 0x1000, PAGE_SIZE);",
        "if (!far(vma->vm_mm))\n\treturn -EIO;\nvma->vm_private_data = NULL;\nreturn 0;",
    ],
)
def test_what_an_older_tree_lacks_leaves_the_hook(body: str, tmp_path: Path) -> None:
    before = "static int far(struct mm_struct *mm)\n{\n\treturn mm->users;\n}\n"
    run = convert(older(write_driver(tmp_path, hook(body, before))))
    assert [h.reason.code if h.reason else "" for h in run.hooks] == ["action-missing"]


@pytest.mark.parametrize(
    ("declared", "wanted"),
    [
        (
            "pgprot_t vma_flags_to_page_prot(vma_flags_t flags);",
            "vma_flags_to_page_prot(desc->vma_flags)",
        ),
        ("pgprot_t vma_get_page_prot(vma_flags_t flags);", "vma_get_page_prot(desc->vma_flags)"),
    ],
)
def test_one_name_takes_other_arguments_in_two_trees(
    declared: str, wanted: str, tmp_path: Path
) -> None:
    tree = write_driver(
        tmp_path, hook("vma->vm_page_prot = vm_get_page_prot(vma->vm_flags);\n" + SET, OPS)
    )
    mm = tree / "include/linux/mm.h"
    text = mm.read_text("utf-8")
    mm.write_text(
        text.replace("int remap_pfn_range(", f"{declared}\nint remap_pfn_range(", 1), "utf-8"
    )
    ((_, after),) = convert(tree).final().values()
    assert f"\tdesc->page_prot = {wanted};\n" in after.decode()
