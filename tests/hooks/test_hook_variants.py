# SPDX-License-Identifier: GPL-2.0-only
# ruff: noqa: E501
"""The eleven ways in which a conversion is wrong, each in dress that hides it.

Each case is a driver whose one hook, `probe_mmap`, must stay: what is wrong about it stands two
helpers deep, in another file, behind a macro or a pointer. The reason must be one of those named.
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
GET = "struct dev *d = file->private_data;\n\n"
OPS = "static const struct vm_operations_struct probe_ops = { .fault = 0 };\n"
CLOSING = (
    "static void probe_close(struct vm_area_struct *vma)\n{\n}\n"
    "static const struct vm_operations_struct probe_ops = {\n\t.close = probe_close,\n};\n"
)
SET = "vma->vm_ops = &probe_ops;\nreturn 0;"
REMAP = "remap_pfn_range(vma, vma->vm_start, 1, vma->vm_end - vma->vm_start, vma->vm_page_prot)"


READING = FOPS.replace("\t.mmap", "\t.read\t\t= probe_read,\n\t.mmap")
CHECK = (
    "struct lease_ops { int (*valid)(struct dev *d, unsigned long at); };\nstatic const struct lease_ops *lease_ops;\n"
    "static int check(struct dev *d, unsigned long at)\n{\n\tint ret;\n\n\tkref_get(&d->ref);\n"
    "\tret = lease_ops->valid(d, at);\n\tif (!ret)\n\t\td->size = d->bits;\n\tkref_put(&d->ref);\n\treturn ret;\n}\n"
)


def reads(call: str) -> str:
    """Return a hook that reads, with one more call in it."""
    return (
        "static long probe_read(struct file *file, char *to, size_t size, long long *pos)\n{\n"
        f"\tstruct dev *d = file->private_data;\n\n\t{call};\n\treturn 0;\n}}\n"
    )


def hook(body: str, before: str = "", after: str = "", fops: str = FOPS) -> str:
    """Return a driver with this body of its hook."""
    lines = "".join(f"\t{line}\n" if line else "\n" for line in body.strip().split("\n"))
    head = "static int probe_mmap(struct file *file, struct vm_area_struct *vma)\n{\n"
    return f"{before}\n{head}{lines}}}\n{fops}{after}"


CASES: dict[str, tuple[set[str], str]] = {
    # 1: references, allocations, counters
    "a reference two helpers deep, dropped again on failure": (
        {"reference"},
        hook(GET + "if (dev_use(d))\n\treturn -EBUSY;\n" + SET, DEV + OPS +
             "static void dev_get(struct dev *d)\n{\n\tkref_get(&d->ref);\n}\n"
             "static int dev_use(struct dev *d)\n{\n\tdev_get(d);\n\tif (!d->ready) {\n\t\tkref_put(&d->ref);\n\t\treturn -EBUSY;\n\t}\n\treturn 0;\n}\n")),
    "a reference through a chain of macros": (
        {"reference", "unknown-function"},
        hook(GET + "DEV_USE(d);\n" + SET, DEV + OPS +
             "#define DEV_GET(d) kref_get(&(d)->ref)\n#define DEV_USE(d) do { DEV_GET(d); } while (0)\n")),
    "a reference under another name": (
        {"reference", "unknown-function"},
        hook(GET + "dev_get(&d->ref);\n" + SET, DEV + OPS + "#define dev_get kref_get\n")),
    "a counter through a local pointer": (
        {"counter", "state"}, hook("struct dev *d = file->private_data;\nint *users = &d->users;\n\n(*users)++;\n" + SET, DEV + OPS)),
    "a counter as a sum": (
        {"counter", "state"}, hook(GET + "d->users = d->users + 1;\n" + SET, DEV + OPS)),
    "a counter in a condition": (
        {"counter", "state"}, hook(GET + "if (d->users++ > 4)\n\treturn -EBUSY;\n" + SET, DEV + OPS)),
    "a counter in an argument of a message": (
        {"counter", "state"}, hook(GET + 'pr_debug("%d", ++d->users);\n' + SET, DEV + OPS)),
    "a static counter": (
        {"counter", "state"}, hook("static int maps;\n\nmaps++;\n" + SET, OPS)),
    "a counter of the file's": (
        {"counter", "state"}, hook("maps += 1;\n" + SET, OPS + "static int maps;\n")),
    "an allocation two helpers deep": (
        {"allocation", "state"},
        hook("vma->vm_private_data = make(file);\nif (!vma->vm_private_data)\n\treturn -ENOMEM;\n" + SET, OPS +
             "static void *fresh(void)\n{\n\treturn kzalloc(8, GFP_KERNEL);\n}\n"
             "static void *make(struct file *file)\n{\n\treturn fresh();\n}\n").replace("if (!vma->vm_private_data)\n\t\treturn -ENOMEM;\n\t", "")),
    "a callback that counts": (
        {"indirect-call", "unknown-function", "counter", "state"},
        hook(GET + "each(d, count);\n" + SET, DEV + OPS +
             "static void count(struct dev *d)\n{\n\td->users++;\n}\n"
             "static void each(struct dev *d, void (*f)(struct dev *d))\n{\n\tf(d);\n}\n")),
    "operations in an array, one of which closes": (
        {"vm-ops", "unknown-operations", "state", "merge"},
        hook(GET + "d->busy = 1;\nvma->vm_ops = &probe_ops[0];\nreturn 0;", DEV +
             "static void probe_close(struct vm_area_struct *vma)\n{\n}\n"
             "static const struct vm_operations_struct probe_ops[] = {\n\t{ .close = probe_close },\n\t{ .fault = 0 },\n};\n")),
    "operations in an array, by name": (
        {"vm-ops", "unknown-operations", "state", "merge"},
        hook(GET + "d->busy = 1;\nvma->vm_ops = probe_ops;\nreturn 0;", DEV +
             "static void probe_close(struct vm_area_struct *vma)\n{\n}\n"
             "static const struct vm_operations_struct probe_ops[] = {\n\t{ .close = probe_close },\n};\n")),
    "operations through a local": (
        {"vm-ops", "unknown-operations", "state"},
        hook("struct dev *d = file->private_data;\nconst struct vm_operations_struct *ops = &probe_ops;\n\n"
             "d->busy = 1;\nvma->vm_ops = ops;\nreturn 0;", DEV + CLOSING)),
    "operations through a macro": (
        {"vm-ops", "unknown-operations", "state", "macro"},
        hook(GET + "d->busy = 1;\nvma->vm_ops = PROBE_OPS;\nreturn 0;", DEV + CLOSING + "#define PROBE_OPS (&probe_ops)\n")),
    "operations from a function": (
        {"vm-ops", "unknown-operations", "state"},
        hook(GET + "d->busy = 1;\nvma->vm_ops = ops_of(d);\nreturn 0;", DEV + CLOSING +
             "static const struct vm_operations_struct *ops_of(struct dev *d)\n{\n\treturn &probe_ops;\n}\n")),
    "operations of another file that nobody can see": (
        {"vm-ops", "unknown-operations", "state"},
        hook(GET + "d->busy = 1;\n" + SET, DEV + "extern const struct vm_operations_struct probe_ops;\n")),
    "operations from the device": (
        {"vm-ops", "unknown-operations", "state"}, hook(GET + "d->busy = 1;\nvma->vm_ops = d->map;\nreturn 0;", DEV)),
    "operations whose members come from a macro": (
        {"vm-ops", "unknown-operations", "state"},
        hook(GET + "d->busy = 1;\n" + SET, DEV +
             "static void probe_close(struct vm_area_struct *vma)\n{\n}\n"
             "#define COMMON .close = probe_close\n"
             "static const struct vm_operations_struct probe_ops = {\n\tCOMMON,\n\t.fault = 0,\n};\n")),
    "operations set in a helper": (
        {"vm-ops", "unknown-operations", "state"},
        hook(GET + "d->busy = 1;\nset_ops(vma);\nreturn 0;", DEV + CLOSING +
             "static void set_ops(struct vm_area_struct *vma)\n{\n\tvma->vm_ops = &probe_ops;\n}\n")),
    "an action, and operations in an array that close": (
        {"vm-ops", "unknown-operations"},
        hook(f"vma->vm_ops = &probe_ops[1];\nreturn {REMAP};",
             "static void probe_close(struct vm_area_struct *vma)\n{\n}\n"
             "static const struct vm_operations_struct probe_ops[] = {\n\t{ .fault = 0 },\n\t{ .close = probe_close },\n};\n")),
    "an action in a helper, and operations that close in the hook": (
        {"vm-ops", "unknown-operations"},
        hook("vma->vm_ops = &probe_ops;\nreturn fill(vma);", CLOSING +
             f"static int fill(struct vm_area_struct *vma)\n{{\n\treturn {REMAP};\n}}\n")),
    "operations changed at run time": (
        {"vm-ops", "unknown-operations", "state"},
        hook(GET + "d->busy = 1;\n" + SET, DEV +
             "static struct vm_operations_struct probe_ops = { .fault = 0 };\nvoid probe_setup(void (*close)(struct vm_area_struct *));\n"
             "void probe_setup(void (*close)(struct vm_area_struct *))\n{\n\tprobe_ops.close = close;\n}\n")),
    "a flag set through a bit, cleared by close": (
        {"state", "reference"},
        hook(GET + "set_bit(0, &d->bits);\n" + SET, DEV + CLOSING)),
    "a flag tested and set through a bit": (
        {"state", "reference", "unknown-function"},
        hook(GET + "if (test_bit(0, &d->bits))\n\treturn -EBUSY;\nset_bit(0, &d->bits);\n" + SET, DEV + OPS)),
    "a flag tested in the hook and set in a helper": (
        {"state"},
        hook(GET + "if (d->busy)\n\treturn -EBUSY;\nclaim(d);\n" + SET, DEV + OPS +
             "static void claim(struct dev *d)\n{\n\td->busy = 1;\n}\n")),
    "a flag tested in one helper and set in another": (
        {"state"},
        hook(GET + "if (busy(d))\n\treturn -EBUSY;\nclaim(d);\n" + SET, DEV + OPS +
             "static int busy(struct dev *d)\n{\n\treturn d->busy;\n}\n"
             "static void claim(struct dev *d)\n{\n\td->busy = 1;\n}\n")),
    # 3: the VMA kept
    "the VMA kept through a pointer to anything": (
        {"stores-vma", "no-handler", "helper", "state"},
        hook(GET + "keep(d, vma);\n" + SET, DEV + OPS +
             "static void keep(struct dev *d, void *p)\n{\n\td->map = p;\n}\n")),
    "the VMA in the file's private data, by a helper two deep": (
        {"stores-vma", "state"},
        hook("keep(file, vma);\n" + SET, DEV + OPS +
             "static void store(struct dev *d, struct vm_area_struct *v)\n{\n\td->map = v;\n}\n"
             "static void keep(struct file *f, struct vm_area_struct *v)\n{\n\tstore(f->private_data, v);\n}\n")),
    "the VMA in its own private data": (
        {"stores-vma"}, hook("vma->vm_private_data = vma;\n" + SET, OPS)),
    "the VMA cast to a number": (
        {"stores-vma", "state"}, hook(GET + "d->size = (unsigned long)vma;\n" + SET, DEV + OPS)),
    "the VMA in a compound literal": (
        {"stores-vma"},
        hook("use(&(struct ctx){ vma });\n" + SET, OPS +
             "struct ctx { struct vm_area_struct *vma; };\nstatic void use(struct ctx *c)\n{\n}\n")),
    "a pointer to a member of the VMA": (
        {"stores-vma", "state", "unconverted"},
        hook(GET + "d->map = &vma->vm_page_prot;\n" + SET, DEV + OPS)),
    "the VMA returned by a helper": (
        {"stores-vma", "helper", "state", "unconverted"},
        hook("same(vma)->vm_ops = &probe_ops;\nreturn 0;", OPS +
             "static struct vm_area_struct *same(struct vm_area_struct *v)\n{\n\treturn v;\n}\n")),
    # 4: locks
    "a lock of its own name": (
        {"lock", "order"},
        hook(GET.replace("\n\n", "\n") + f"int ret;\n\ndev_lock(d);\nret = {REMAP};\ndev_unlock(d);\nreturn ret;", DEV +
             "static void dev_lock(struct dev *d)\n{\n\tmutex_lock(&d->lock);\n}\n"
             "static void dev_unlock(struct dev *d)\n{\n\tmutex_unlock(&d->lock);\n}\n")),
    "a lock dropped at a label": (
        {"lock", "order", "result-used"},
        hook(GET.replace("\n\n", "\n") + f"int ret;\n\nmutex_lock(&d->lock);\nret = {REMAP};\nif (ret)\n\tgoto out;\nret = 0;\nout:\nmutex_unlock(&d->lock);\nreturn ret;", DEV)),
    "a guard in an outer block": (
        {"lock"},
        hook(GET + f"guard(mutex)(&d->lock);\nif (d->ready) {{\n\treturn {REMAP};\n}}\nreturn -EINVAL;", DEV)),
    "a guard over a helper that maps": (
        {"lock"},
        hook(GET + "guard(mutex)(&d->lock);\nreturn fill(vma);", DEV +
             f"static int fill(struct vm_area_struct *vma)\n{{\n\treturn {REMAP};\n}}\n")),
    "a guard behind a macro": (
        {"lock", "unknown-function", "unparsed", "macro"},
        hook(GET + f"LOCKED(d);\nreturn {REMAP};", DEV + "#define LOCKED(d) guard(mutex)(&(d)->lock)\n")),
    "a lock that a CLASS holds": (
        {"lock", "unknown-function", "unparsed"},
        hook(GET + f"CLASS(mutex, held)(&d->lock);\nreturn {REMAP};", DEV)),
    "a lock dropped by an attribute": (
        {"lock", "unknown-function", "unparsed", "state"},
        hook("struct dev *d = file->private_data;\nstruct mutex *held __free(mutex) = &d->lock;\n\nmutex_lock(held);\n"
             f"return {REMAP};", DEV)),
    "a lock that is taken by a helper and held": (
        {"lock"},
        hook(GET + "dev_lock(d);\n" + SET, DEV + OPS +
             "static void dev_lock(struct dev *d)\n{\n\tmutex_lock(&d->lock);\n}\n")),
    "a lock tried": (
        {"lock"},
        hook(GET.replace("\n\n", "\n") + f"int ret = -EBUSY;\n\nif (mutex_trylock(&d->lock)) {{\n\tret = {REMAP};\n\tmutex_unlock(&d->lock);\n}}\nreturn ret;", DEV)),
    # 5: what stands behind
    "state in the branch of a call in a condition": (
        {"order", "result-used", "state"},
        hook(GET + f"if (!{REMAP})\n\td->ready = 1;\nreturn 0;", DEV)),
    "a call behind in another arm": (
        {"state", "order", "result-used"},
        hook(GET.replace("\n\n", "\n") + f"int ret = {REMAP};\n\nd->ready = !ret;\nreturn ret;", DEV)),
    "a start through the conditional operator": (
        {"state", "order", "result-used"},
        hook(GET + f"return {REMAP} ?: start(d);", DEV + "static int start(struct dev *d)\n{\n\td->ready = 1;\n\treturn 0;\n}\n")),
    "a goto that goes back": (
        {"loop", "two-actions", "result-used", "order"},
        hook(f"int tries = 0;\nint ret;\n\nagain:\nret = {REMAP};\nif (ret && tries++ < 3)\n\tgoto again;\nreturn ret;")),
    "a goto that goes back around": (
        {"loop", "two-actions"},
        hook(f"int tries = 0;\n\nagain:\nif (tries++ > 3)\n\treturn 0;\nif ({REMAP})\n\treturn -EAGAIN;\ngoto again;")),
    "two calls by falling through": (
        {"two-actions", "result-used"},
        hook(f"int ret = 0;\n\nswitch (vma->vm_pgoff) {{\ncase 0:\n\tret = {REMAP};\n\tif (ret)\n\t\treturn ret;\n\tfallthrough;\n"
             f"case 1:\n\treturn {REMAP};\n}}\nreturn -EINVAL;")),
    "a call in each of two helpers": (
        {"two-actions"},
        hook("int ret = one(vma);\n\nif (ret)\n\treturn ret;\nreturn two(vma);",
             f"static int one(struct vm_area_struct *vma)\n{{\n\treturn {REMAP};\n}}\n"
             f"static int two(struct vm_area_struct *vma)\n{{\n\treturn {REMAP};\n}}\n")),
    "a loop around a helper": (
        {"loop"},
        hook("int i;\n\nfor (i = 0; i < 3; i++) {\n\tint ret = fill(vma);\n\n\tif (ret)\n\t\treturn ret;\n}\nreturn 0;",
             f"static int fill(struct vm_area_struct *vma)\n{{\n\treturn {REMAP};\n}}\n")),
    # 6: errors
    "an error ignored in a comma": (
        {"result-used", "order"}, hook(f"return {REMAP}, 0;")),
    "an error turned into success": (
        {"result-used"}, hook(f"if ({REMAP})\n\treturn 0;\nreturn 0;")),
    "an error of a helper ignored": (
        {"result-used"},
        hook("fill(vma);\nreturn 0;",
             f"static int fill(struct vm_area_struct *vma)\n{{\n\treturn {REMAP};\n}}\n")),
    "an error ignored in a helper": (
        {"result-used"},
        hook("fill(vma);\nreturn 0;",
             f"static void fill(struct vm_area_struct *vma)\n{{\n\t{REMAP};\n}}\n")),
    "an error of a helper replaced": (
        {"result-used", "action-missing", "order"},
        hook("if (fill(vma))\n\treturn -EAGAIN;\nreturn 0;",
             f"static int fill(struct vm_area_struct *vma)\n{{\n\treturn {REMAP};\n}}\n")),
    "an error of a helper said": (
        {"result-used", "order", "state"},
        hook("struct dev *d = file->private_data;\n\nif (fill(vma)) {\n\td->ready = 0;\n\treturn -EIO;\n}\nreturn 0;", DEV +
             f"static int fill(struct vm_area_struct *vma)\n{{\n\treturn {REMAP};\n}}\n")),
    # 7: by name, in other structs, called directly
    "called by a name that is pasted": (
        {"macro", "called-by-name"},
        hook(SET, OPS + "#define CALL(name, file, vma) name##_mmap(file, vma)\n",
             "\nint other(struct file *f, struct vm_area_struct *v);\n"
             "int other(struct file *f, struct vm_area_struct *v)\n{\n\treturn CALL(probe, f, v);\n}\n")),
    "put by a pasted name in a struct of another kind": (
        {"macro", "called-by-name", "other-struct"},
        hook(SET, OPS + "struct other_ops { int (*map)(struct file *, struct vm_area_struct *); };\n"
             "#define OTHER(name) struct other_ops name##_ops2 = { .map = name##_mmap }\n", "\nOTHER(probe);\n")),
    "called by name in a macro": (
        {"macro", "called-by-name"},
        hook(SET, OPS, "\n#define CALL(f, v) probe_mmap(f, v)\nint other(struct file *f, struct vm_area_struct *v);\n"
             "int other(struct file *f, struct vm_area_struct *v)\n{\n\treturn CALL(f, v);\n}\n")),
    "handed to a function": (
        {"called-by-name"},
        hook(SET, OPS, "\nvoid enroll(int (*)(struct file *, struct vm_area_struct *));\nvoid setup(void);\n"
             "void setup(void)\n{\n\tenroll(probe_mmap);\n}\n")),
    "assigned to a struct of another kind": (
        {"called-by-name", "other-struct", "assignment"},
        hook(SET, OPS + "struct other_ops { int (*mmap)(struct file *, struct vm_area_struct *); };\n",
             "\nvoid setup(struct other_ops *o);\nvoid setup(struct other_ops *o)\n{\n\to->mmap = probe_mmap;\n}\n")),
    "its struct's hook called through a local": (
        {"called-directly"},
        hook(SET, OPS, "\nint direct(struct file *f, struct vm_area_struct *v);\n"
             "int direct(struct file *f, struct vm_area_struct *v)\n{\n\tconst struct file_operations *ops = &probe_fops;\n\n\treturn ops->mmap(f, v);\n}\n")),
    "its struct's hook called through a parameter": (
        {"called-directly"},
        hook(SET, OPS, "\nstatic int run(const struct file_operations *ops, struct file *f, struct vm_area_struct *v)\n{\n\treturn ops->mmap(f, v);\n}\n"
             "int direct(struct file *f, struct vm_area_struct *v);\n"
             "int direct(struct file *f, struct vm_area_struct *v)\n{\n\treturn run(&probe_fops, f, v);\n}\n")),
    "its struct's hook called through the file": (
        {"called-directly"},
        hook(SET, OPS, "\nint direct(struct file *f, struct vm_area_struct *v);\n"
             "int direct(struct file *f, struct vm_area_struct *v)\n{\n\treturn f->f_op->mmap(f, v);\n}\n")),
    "its struct's hook taken out": (
        {"called-directly"},
        hook(SET, OPS, "\nint direct(struct file *f, struct vm_area_struct *v);\n"
             "int direct(struct file *f, struct vm_area_struct *v)\n{\n\tint (*map)(struct file *, struct vm_area_struct *) = f->f_op->mmap;\n\n\treturn map(f, v);\n}\n")),
    "its struct's hook asked for": (
        {"called-directly"},
        hook(SET, OPS, "\nint can_map(struct file *f);\nint can_map(struct file *f)\n{\n\treturn f->f_op == &probe_fops && f->f_op->mmap;\n}\n")),
    "a struct within another struct, called there": (
        {"called-directly", "fops-array"},
        hook(SET, OPS + "struct drv { int x; struct file_operations fops; };\n",
             "\nint direct(struct drv *d, struct file *f, struct vm_area_struct *v);\n"
             "int direct(struct drv *d, struct file *f, struct vm_area_struct *v)\n{\n\treturn d->fops.mmap(f, v);\n}\n",
             "\nstruct drv probe_drv = { .fops = { .mmap = probe_mmap } };\n")),
    "a struct that is copied into one that is called": (
        {"called-directly", "assignment"},
        hook(SET, OPS + "struct drv { int x; struct file_operations fops; };\n",
             "\nint direct(struct drv *d, struct file *f, struct vm_area_struct *v);\n"
             "int direct(struct drv *d, struct file *f, struct vm_area_struct *v)\n{\n\td->fops = probe_fops;\n\treturn d->fops.mmap(f, v);\n}\n")),
    "a struct in an array, called by its index": (
        {"fops-array", "called-directly"},
        hook(SET, OPS, "", "\nstatic const struct file_operations probe_fops[2] = {\n\t[1] = {\n\t\t.mmap = probe_mmap,\n\t},\n};\n")),
    "a struct in an array of structs": (
        {"fops-array"},
        hook(SET, OPS + "struct drv { int x; struct file_operations fops; };\n", "",
             "\nstatic const struct drv probe_drvs[] = {\n\t{ .fops = { .mmap = probe_mmap } },\n};\n")),
    "both hooks in a struct, one by assignment": (
        {"half-converted", "assignment"},
        hook(SET, OPS, "\nvoid setup(struct file_operations *f);\nint probe_prepare(struct vm_area_desc *desc);\n"
             "static struct file_operations probe_fops2;\n"
             "void setup(struct file_operations *f)\n{\n\tprobe_fops2 = probe_fops;\n\tprobe_fops2.mmap_prepare = probe_prepare;\n}\n")),
    # 9, 10
    "huge pages by a call": (
        {"hugetlb", "unknown-function", "helper"},
        hook("if (hugetlb_reserve_pages(file_inode(file), 0, 1, vma, 0))\n\treturn -ENOMEM;\n" + SET, OPS +
             "long hugetlb_reserve_pages(struct inode *i, long from, long to, struct vm_area_struct *v, int f);\n")),
    "the lower file's hook through a local": (
        {"forwards", "indirect-call", "stacked", "stores-vma", "called-directly"},
        hook("struct file *lower = file->private_data;\nint (*map)(struct file *, struct vm_area_struct *) = lower->f_op->mmap;\n\nreturn map(lower, vma);")),
    "the lower file's hook asked for": (
        {"stacked", "called-directly"},
        hook("struct file *lower = file->private_data;\n\nif (!lower->f_op->mmap)\n\treturn -ENODEV;\nreturn generic_file_mmap(file, vma);")),
    "the lower file's hook in a macro": (
        {"forwards", "stacked", "helper", "macro", "unknown-function", "called-directly"},
        hook("return LOWER(file->private_data, vma);", "#define LOWER(f, v) vfs_mmap(f, v)\n")),
    "the file changed by the parameter": (
        {"stacked", "stores-vma", "unconverted", "reads-back"},
        hook("file = file->private_data;\nreturn generic_file_mmap(file, vma);")),
    "the file exchanged in a helper": (
        {"stacked"},
        hook("swap(vma, file->private_data);\n" + SET, OPS +
             "static void swap(struct vm_area_struct *vma, struct file *f)\n{\n\tvma_set_file(vma, f);\n}\n")),
    # what a read does, too
    "a reference that a read takes, too, and drops": (
        {"reference"},
        hook(GET + "dev_get(d);\n" + SET, DEV + OPS + "static void dev_get(struct dev *d)\n{\n\tkref_get(&d->ref);\n}\n"
             + reads("dev_get(d);\n\tkref_put(&d->ref)"), fops=READING)),
    "a reference two helpers deep that a read takes, too": (
        {"reference", "unknown-function"},
        hook(GET + "dev_use(d);\n" + SET, DEV + OPS + "static void dev_get(struct dev *d)\n{\n\tkref_get(&d->ref);\n}\n"
             "void far_away(void);\nstatic void dev_use(struct dev *d)\n{\n\tdev_get(d);\n\tfar_away();\n}\n"
             + reads("dev_use(d);\n\tkref_put(&d->ref)"), fops=READING)),
    "a counter that a read counts, too": (
        {"counter", "state"},
        hook(GET + "count(d);\n" + SET, DEV + OPS + "static void count(struct dev *d)\n{\n\td->users++;\n}\n" + reads("count(d)"), fops=READING)),
    "a check that a read makes, too, and operations that close": (
        {"state"},
        hook(GET + "if (check(d, 0))\n\treturn -EIO;\n" + SET, DEV + CLOSING + CHECK + reads("check(d, 1)"), fops=READING)),
    "a check that a read makes, too, of the mapping's place": (
        {"reference", "state", "indirect-call"},
        hook(GET + "if (check(d, vma->vm_start))\n\treturn -EIO;\n" + SET, DEV + OPS + CHECK + reads("check(d, 1)"), fops=READING)),
    "a check that no read makes": (
        {"reference", "state", "indirect-call"},
        hook(GET + "if (check(d, 0))\n\treturn -EIO;\n" + SET, DEV + OPS + CHECK + reads("d->busy = 0"), fops=READING)),
    # pages
    "pages in an array on the stack": (
        {"page-array"},
        hook("struct page *pages[2] = { first, first };\n\nreturn vm_map_pages_zero(vma, pages, 2);", "static struct page *first;\n")),
    "pages that a local points to on the stack": (
        {"page-array"},
        hook("struct page *page = first;\nstruct page **pages = &page;\n\nreturn vm_map_pages(vma, pages, 1);", "static struct page *first;\n")),
    "pages in a struct on the stack": (
        {"page-array"},
        hook("struct set { struct page *pages[2]; } set = { { first } };\n\nreturn vm_map_pages(vma, set.pages, 2);", "static struct page *first;\n")),
    "pages that are freed behind the call": (
        {"allocation", "order"},
        hook("struct page **pages = kzalloc(8, GFP_KERNEL);\nint ret;\n\nret = vm_map_pages_zero(vma, pages, 1);\nkfree(pages);\nreturn ret;")),
    "a count that is looked at afterwards": (
        {"result-used"},
        hook("unsigned long n = 2;\nint ret;\n\nret = vm_insert_pages(vma, vma->vm_start, list, &n);\nif (ret)\n\treturn ret;\nreturn n ? -EIO : 0;",
             "static struct page **list;\n")),
    "a count of another's": (
        {"unconverted", "state"},
        hook("return vm_insert_pages(vma, vma->vm_start, list, &count);", "static struct page **list;\nstatic unsigned long count;\n")),
    "pages from a place inside": (
        {"size"},
        hook("unsigned long n = 1;\n\nreturn vm_insert_pages(vma, vma->vm_start + PAGE_SIZE, list, &n);", "static struct page **list;\n")),
    "an error of pages replaced": (
        {"result-used", "action-missing"},
        hook("if (vm_map_pages_zero(vma, list, 2))\n\treturn -EAGAIN;\nreturn 0;", "static struct page **list;\n")),
    # protection, sizes
    "protection through a local": (
        {"prot"},
        hook("pgprot_t prot = vma->vm_page_prot;\n\nprot = pgprot_noncached(prot);\n"
             "return remap_pfn_range(vma, vma->vm_start, 1, vma->vm_end - vma->vm_start, prot);")),
    "protection through a pointer behind the call": (
        {"state", "order", "prot"},
        hook(f"pgprot_t *prot = &vma->vm_page_prot;\nint ret = {REMAP};\n\nif (ret)\n\treturn ret;\n*prot = pgprot_noncached(*prot);\nreturn 0;")
        .replace("int ret = " + REMAP + ";", "int ret;").replace("\tif (ret)", f"\tret = {REMAP};\n\tif (ret)", 1)),
    "protection from a helper": (
        {"prot"},
        hook("return remap_pfn_range(vma, vma->vm_start, 1, vma->vm_end - vma->vm_start, prot_of(vma));",
             "static pgprot_t prot_of(struct vm_area_struct *vma)\n{\n\treturn pgprot_noncached(vma->vm_page_prot);\n}\n")),
    "a size that a helper may change": (
        {"size", "state", "counter"},
        hook(GET + "if (vma->vm_end - vma->vm_start != d->size)\n\treturn -EINVAL;\ngrow(d);\n"
             "return remap_pfn_range(vma, vma->vm_start, 1, d->size, vma->vm_page_prot);", DEV +
             "static void grow(struct dev *d)\n{\n\td->size += 4096;\n}\n")),
    "a size shifted wide": (
        {"size"},
        hook("unsigned long size = vma_pages(vma) << (PAGE_SHIFT + 1);\n\n"
             "return remap_pfn_range(vma, vma->vm_start, 1, size, vma->vm_page_prot);")),
    "a size checked only in one arm": (
        {"size"},
        hook(GET + "if (d->ready) {\n\tif (vma->vm_end - vma->vm_start < d->size)\n\t\treturn -EINVAL;\n}\n"
             "return remap_pfn_range(vma, vma->vm_start, 1, d->size, vma->vm_page_prot);", DEV)),
    "a size in a helper's parameter": (
        {"size"},
        hook("return fill(vma, 0x100000);",
             "static int fill(struct vm_area_struct *vma, unsigned long size)\n{\n"
             "\treturn remap_pfn_range(vma, vma->vm_start, 1, size, vma->vm_page_prot);\n}\n")),
    "an offset written, and merges possible": (
        {"merge", "range"}, hook("vma->vm_pgoff = 0;\n" + SET, OPS)),
    "private data by a helper of this mapping": (
        {"merge", "state"},
        hook("vm_flags_set(vma, VM_DONTDUMP);\nvma->vm_private_data = slot(vma->vm_pgoff);\n" + SET, OPS +
             "static int slots[4];\nstatic void *slot(unsigned long n)\n{\n\treturn &slots[n & 3];\n}\n")),
    "private data of this mapping, set in a helper": (
        {"merge"},
        hook("mark(vma);\n" + SET, OPS +
             "static int slots[4];\nstatic void mark(struct vm_area_struct *vma)\n{\n"
             "\tvma->vm_private_data = &slots[vma->vm_pgoff & 3];\n}\n")),
    "a flag that forbids merges only in one arm": (
        {"merge"},
        hook("if (vma->vm_pgoff)\n\tvm_flags_set(vma, VM_IO);\nvma->vm_private_data = &slots[vma->vm_pgoff & 3];\n" + SET, OPS + "static int slots[4];\n")),
    # the kernel without an MMU
    "code for machines without an MMU": (
        {"nommu"},
        "#ifndef CONFIG_MMU\n" + hook(f"return {REMAP};") + "#endif\n"),
}  # fmt: skip


@pytest.mark.parametrize("name", CASES)
def test_a_hidden_way_is_found(name: str, tmp_path: Path) -> None:
    codes, text = CASES[name]
    run = convert(write_driver(tmp_path, text))
    found = [h for h in run.hooks if h.site.handler == "probe_mmap" and h.outcome != "other-struct"]
    assert [h.outcome for h in found] == ["left"] * len(found) and found
    assert not run.drivers
    reason = found[0].reason
    assert reason is not None
    assert reason.code in codes, str(reason)


SAFE: dict[str, tuple[str, str]] = {
    "a check that a read makes, too": (
        hook(GET + "if (check(d, 0))\n\treturn -EIO;\n" + SET, DEV + OPS + CHECK + reads("check(d, 1)"), fops=READING),
        "\tif (check(d, 0))\n\t\treturn -EIO;\n"),
    "pages of the device": (
        hook("struct buf *b = file->private_data;\n\nif (!b->pages)\n\treturn -ENODEV;\nreturn vm_map_pages(vma, b->pages, b->n ? b->n : 1);",
             "struct buf { struct page **pages; unsigned long n; };\n"),
        "\tif (desc->pgoff >= (b->n ? b->n : 1) ||\n\t    vma_desc_pages(desc) > (b->n ? b->n : 1) - desc->pgoff)\n\t\treturn -ENXIO;\n"
        "\tmmap_action_map_kernel_pages_full(desc, b->pages + desc->pgoff);\n\treturn 0;\n"),
    "a bit that is set for good, in a helper that does more for other bits": (
        hook(GET + "set_flag(d, DEV_MAPPED);\nif (has_flag(d, DEV_GONE))\n\treturn -ENODEV;\n" + SET, DEV + OPS +
             "enum { DEV_MAPPED, DEV_USED, DEV_GONE };\n"
             "static void set_flag(struct dev *d, int flag)\n{\n\tset_bit(flag, &d->bits);\n\tswitch (flag) {\n"
             "\tcase DEV_USED:\n\t\td->users++;\n\t\tbreak;\n\tcase DEV_GONE:\n\t\tkref_get(&d->ref);\n\t}\n}\n"
             "static int has_flag(struct dev *d, int flag)\n{\n\treturn test_bit(flag, &d->bits);\n}\n"),
        "\tset_flag(d, DEV_MAPPED);\n"),
    "operations through a macro, whatever they have": (
        hook("vma->vm_ops = PROBE_OPS;\nreturn 0;", CLOSING + "#define PROBE_OPS (&probe_ops)\n"),
        "\tdesc->vm_ops = PROBE_OPS;\n"),
    "a mapping call that is only made with an MMU": (
        hook(f"#ifdef CONFIG_MMU\nreturn {REMAP};\n#else\nreturn -ENODEV;\n#endif").replace("\t#", "#")
        .replace("\t.mmap\t", "#ifndef CONFIG_MMU\n\t.mmap_capabilities = NULL,\n#endif\n\t.mmap\t"),
        "\tmmap_action_remap_full(desc, 1);\n"),
    "a helper that is another without an MMU": (
        hook("if (!may(vma))\n\treturn -EINVAL;\n" + SET, OPS +
             "#ifdef CONFIG_MMU\nstatic int may(struct vm_area_struct *vma)\n{\n\treturn vma->vm_pgoff < 4;\n}\n"
             "#else\nstatic int may(struct vm_area_struct *vma)\n{\n\treturn 0;\n}\n#endif\n"),
        "static int may(struct vm_area_desc *desc)\n{\n\treturn 0;\n"),
    "an error of a helper, passed on": (
        hook("int ret = fill(vma);\n\nif (ret)\n\treturn ret;\nreturn 0;",
             f"static int fill(struct vm_area_struct *vma)\n{{\n\treturn {REMAP};\n}}\n"),
        "\tint ret = fill(desc);\n"),
}  # fmt: skip


@pytest.mark.parametrize("name", SAFE)
def test_what_only_looks_like_one_is_converted(name: str, tmp_path: Path) -> None:
    text, wanted = SAFE[name]
    run = convert(write_driver(tmp_path, text))
    assert [(h.outcome, str(h.reason)) for h in run.hooks] == [("converted", "None")]
    ((_, after),) = run.final().values()
    assert wanted in after.decode()


HELPER = "int fits(struct vm_area_struct *vma)\n{\n\treturn vma_pages(vma) < 4;\n}\nEXPORT_SYMBOL(fits);\n"
OTHER = "\nint other(struct vm_area_struct *v);\nint other(struct vm_area_struct *v)\n{\n\treturn fits(v);\n}\n"


def test_a_helper_that_others_call_gets_a_twin_with_all_that_names_it(tmp_path: Path) -> None:
    text = hook(
        "if (!fits(vma))\n\treturn -EINVAL;\n" + SET,
        OPS + "int fits(struct vm_area_struct *vma);\n" + HELPER,
        OTHER,
    )
    ((_, after),) = convert(write_driver(tmp_path, text)).final().values()
    made = after.decode()
    assert (
        "int fits(struct vm_area_struct *vma);\nint fits_desc(struct vm_area_desc *desc);\n" in made
    )
    assert HELPER.replace("EXPORT_SYMBOL(fits);\n", "") in made
    assert (
        "int fits_desc(struct vm_area_desc *desc)\n{\n\treturn vma_desc_pages(desc) < 4;\n}\n"
        in made
    )
    assert "EXPORT_SYMBOL(fits);\nEXPORT_SYMBOL(fits_desc);\n" in made
    assert "\tif (!fits_desc(desc))\n" in made and "\treturn fits(v);\n" in made


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (OPS + HELPER + "int fits_desc(int n);\n", OTHER),
        (HELPER.replace("int fits", "void fits").replace("return vma_pages(vma) < 4", "vma->vm_pgoff = 1")
         + "static const struct vm_operations_struct probe_ops = { .open = fits };\n", ""),
    ],
)  # fmt: skip
def test_a_helper_that_cannot_have_a_twin_keeps_its_hook(
    before: str, after: str, tmp_path: Path
) -> None:
    run = convert(write_driver(tmp_path, hook("fits(vma);\n" + SET, before, after)))
    assert [h.outcome for h in run.hooks] == ["left"]
