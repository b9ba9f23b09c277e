# SPDX-License-Identifier: GPL-2.0-only
# ruff: noqa: E501
"""Wrong hooks in disguise: what they do hides in a macro without arguments, an iterator, a guard of one's
own, an argument that is written through, an arm of `#ifdef`.

All drivers stand in one tree, each in a file of its own. None that is wrong may be converted; those
that are right differ from them by little.
"""

from __future__ import annotations

import pytest
from hook_disguise import GUARD, LOCK, REMAP, SET, VMA, convert_all, helper, hook, path_of, remap

from vmaconv.hooks.hook import Hook

WRONG = {
    # References, allocations and counters.
    "a reference in a macro without arguments": hook("\nTAKE;\n" + SET, "#define TAKE kref_get(&d->ref)\n"),
    "a counter in a macro without arguments": hook("\nBUMP;\n" + SET, "#define BUMP d->users++\n"),
    "a counter in a macro in a condition": hook("\nif (FULL)\n\treturn -EBUSY;\n" + SET, "#define FULL (d->users++ > 3)\n"),
    "a counter in a macro of a macro": hook("\nONE;\n" + SET, "#define TWO d->users++\n#define ONE TWO\n"),
    "a counter in a macro of three lines": hook("\nBUMP;\n" + SET, "#define BUMP do { \\\n\td->users++; \\\n} while (0)\n"),
    "state in a macro without arguments": hook("\nMARK;\n" + SET, "#define MARK d->at[0] = vma->vm_pgoff\n"),
    "a static variable counted by a macro": hook("\nBUMP;\n" + SET, "static int users;\n#define BUMP users++\n"),
    "a counter by an overflow check": hook("\nif (check_add_overflow(d->users, 1, &d->users))\n\treturn -EBUSY;\n" + SET),
    "a counter by the compiler's overflow check": hook("\nif (__builtin_add_overflow(d->users, 1, &d->users))\n\treturn -EBUSY;\n" + SET),
    "state by the compiler's copy": hook("\n__builtin_memcpy(d->at, &vma->vm_pgoff, 8);\n" + SET),
    "a counter by an atomic of the compiler": hook("\n__atomic_add_fetch(&d->users, 1, 0);\n" + SET),
    "a counter by an older atomic of the compiler": hook("\n__sync_fetch_and_add(&d->users, 1);\n" + SET),
    "a division in place": hook("\ndo_div(d->size, 3);\n" + SET),
    "a reference in an initialiser": hook("struct dev *e = dev_get(d);\n\nif (!e)\n\treturn -EIO;\n" + SET, helper("dev_get", "struct dev *", "kref_get(&d->ref);\nreturn d;")),
    "a reference in the conditional operator": hook("\nreturn d->ready ? dev_get(d) : -EIO;", helper("dev_get", "int", "kref_get(&d->ref);\nreturn 0;")),
    "a reference behind a comma": hook("\nif (d->ready, dev_get(d))\n\treturn -EIO;\n" + SET, helper("dev_get", "int", "kref_get(&d->ref);\nreturn 0;")),
    "a reference in an expression of statements": hook("\nif (({ kref_get(&d->ref); d->busy; }))\n\treturn -EIO;\n" + SET),
    "a reference in the head of a loop": hook("int i;\n\nfor (i = 0, kref_get(&d->ref); i < 3; i++)\n\tif (d->at[i])\n\t\treturn -EIO;\n" + SET),
    "a reference through an array of functions": hook("\ngets[0](&d->ref);\n" + SET, "static void (*gets[])(struct kref *) = { kref_get };\n"),
    "a reference through a chosen function": hook("\n(d->ready ? kref_get : kref_init)(&d->ref);\n" + SET),
    "a reference through a variable": hook("\nget(&d->ref);\n" + SET, "static void (*get)(struct kref *) = kref_get;\n"),
    "a reference in one arm": hook("\n#ifdef CONFIG_REFS\nkref_get(&d->ref);\n#endif\n" + SET),
    "a reference in the arm of a helper": hook("\nstart(d);\n" + SET, "#ifdef CONFIG_REFS\n" + helper("start", "void", "kref_get(&d->ref);") + "#else\n" + helper("start", "void", "") + "#endif\n"),
    "a counter through the address of a member": hook("\nbump(&d->users);\n" + SET, helper("bump", "void", "*n += 1;", "int *n")),
    "a counter through a pointer to a pointer": hook("struct dev **p = &d;\n\n(*p)->users++;\n" + SET),
    "a counter in a struct that is found by its member": hook("struct big *b = container_of(d, struct big, d);\n\nb->n++;\n" + SET, "struct big { struct dev d; int n; };\n"),
    "a counter of the file's by a helper": hook("\nbump(file);\n" + SET, helper("bump", "void", "((struct dev *)f->private_data)->users++;", "struct file *f")),
    "the file's own member by a helper": hook("\nkeep(file, d);\n" + SET, helper("keep", "void", "f->private_data = d->map;", "struct file *f, struct dev *d")),
    "a counter of the address space's": hook("\nvma->vm_mm->users++;\n" + SET),
    "a counter of the address space's by a helper": hook("\ncharge(vma->vm_mm);\n" + SET, helper("charge", "void", "mm->users++;", "struct mm_struct *mm")),
    "a counter of the address space's through a local": hook("struct mm_struct *mm = vma->vm_mm;\n\nmm->users++;\n" + SET),
    "a counter of the address space's, two helpers deep": hook("\ncharge(vma->vm_mm);\n" + SET, helper("add", "void", "mm->users += 2;", "struct mm_struct *mm") + helper("charge", "void", "add(mm);", "struct mm_struct *mm")),
    "the VMA's file written through": hook("\nvma->vm_file->private_data = d->map;\n" + SET),
    "the VMA's file written through by a helper": hook("\nkeep(vma->vm_file, d);\n" + SET, helper("keep", "void", "f->private_data = d->map;", "struct file *f, struct dev *d")),
    "a counter through an array of pointers": hook("struct dev *all[1] = { d };\n\nall[0]->users++;\n" + SET),
    "a counter through a pointer into an array": hook("unsigned long *at = d->at;\n\nat[1]++;\n" + SET),
    "a counter through a pointer in a local struct": hook("struct ctx c = { .d = d };\n\nc.d->users++;\n" + SET, "struct ctx { struct dev *d; };\n"),
    "a counter through a pointer in a local struct, by a helper": hook("struct ctx c = { .d = d };\n\nbump(&c);\n" + SET, "struct ctx { struct dev *d; };\n" + helper("bump", "void", "c->d->users++;", "struct ctx *c")),
    "a struct copied over the device": hook("struct dev other = { .ready = 1 };\n\n*d = other;\n" + SET),
    "a counter by a pasted name": hook("\nOP(add, d);\n" + SET, "#define OP(what, d) what##_one(d)\n" + helper("add_one", "void", "d->users++;")),
    "a counter by a name pasted at its end": hook("\nOP(d);\n" + SET, "#define SIZED(stem, d) stem##1(d)\n#define OP(d) SIZED(add_, d)\n" + helper("add_1", "void", "d->users++;")),
    "a reference by a name in brackets": hook("\nTAKE;\n" + SET, "#define TAKE (kref_get)(&d->ref)\n"),
    "a pointer called in a macro": hook("\nTAKE;\n" + SET, "static struct { void (*get)(struct kref *r); } ops;\n#define TAKE (*ops.get)(&d->ref)\n"),
    "a counter through a parameter that is written as an array": hook("\nbump(&d->users);\n" + SET, helper("bump", "void", "n[0]++;", "int n[1]")),
    "a counter through an array that is handed on": hook("\nbump(d->at);\n" + SET, helper("one", "void", "n[0]++;", "unsigned long *n") + helper("bump", "void", "one(n);", "unsigned long n[4]")),
    "a toggle": hook("\nd->bits ^= 1;\n" + SET),
    "state that is its own opposite": hook("\nd->ready = !d->ready;\n" + SET),
    "a place that is remembered": hook("\nd->at[1] = vma->vm_start;\n" + SET),
    "the address space remembered": hook("\nd->mm = vma->vm_mm;\n" + SET),
    "the protection remembered": hook("\nd->prot = vma->vm_page_prot;\n" + SET),
    "an iterator that counts": hook("int i;\n\nfor_each_user(d, i)\n\tif (d->at[i])\n\t\treturn -EIO;\n" + SET, "#define for_each_user(d, i) for ((d)->users++, (i) = 0; (i) < 3; (i)++)\n"),
    "an iterator that takes references": hook("int i;\n\nfor_each_user(d, i)\n\tif (d->at[i])\n\t\treturn -EIO;\n" + SET, "#define for_each_user(d, i) for (i = 0, kref_get(&(d)->ref); i < 3; i++)\n"),
    # Locks and guards.
    "a lock in macros without arguments": hook(f"int ret;\n\nHOLD;\nret = {REMAP};\nDROP;\nreturn ret;", LOCK + "#define HOLD mutex_lock(&lock)\n#define DROP mutex_unlock(&lock)\n"),
    "a lock kept by a macro without arguments": hook("\nHOLD;\n" + SET, LOCK + "#define HOLD mutex_lock(&lock)\n"),
    "a lock in macros that end in no semicolon": hook(f"int ret;\n\nHOLD\nret = {REMAP};\nDROP\nreturn ret;", LOCK + "#define HOLD mutex_lock(&lock);\n#define DROP mutex_unlock(&lock);\n"),
    "a reference in a macro that ends in no semicolon": hook("\nTAKE\n" + SET, "#define TAKE kref_get(&d->ref);\n"),
    "a lock held by an iterator": hook(f"\nfor_each_locked(d)\n\treturn {REMAP};\nreturn -EIO;", "#define for_each_locked(d) for (mutex_lock(&(d)->lock); (d)->busy; mutex_unlock(&(d)->lock))\n"),
    "a lock in one arm": hook(f"int ret;\n\n#ifdef CONFIG_SMP\nmutex_lock(&d->lock);\n#endif\nret = {REMAP};\n#ifdef CONFIG_SMP\nmutex_unlock(&d->lock);\n#endif\nreturn ret;"),
    "a guard of one's own that takes a reference for good": hook("\nguard(dev)(d);\n" + SET, GUARD.format("kref_get(&_T->ref)", "(void)_T")),
    "a guard of one's own that counts": hook("\nguard(dev)(d);\n" + SET, GUARD.format("_T->users++", "(void)_T")),
    "a guard of one's own that drops what it never took": hook("\nguard(dev)(d);\n" + SET, GUARD.format("(void)_T", "kref_put(&_T->ref, gone)") + "static void gone(struct kref *r)\n{\n}\n"),
    "a guard of one's own over the call": hook(f"\nguard(dev)(d);\nreturn {REMAP};", GUARD.format("mutex_lock(&_T->lock)", "mutex_unlock(&_T->lock)")),
    "a guard of one's own that leaves a mark": hook("\nguard(dev)(d);\n" + SET, GUARD.format("dev_in(_T)", "dev_out(_T)") + helper("dev_in", "void", "d->users++;") + helper("dev_out", "void", "d->at[0] = d->users;")),
    "a guard that nobody defines": hook("\nguard(far)(d);\n" + SET),
    "a class that takes a reference for good": hook("CLASS(dev, held)(d);\n\nif (!held)\n\treturn -EIO;\n" + SET, helper("dev_get", "struct dev *", "kref_get(&d->ref);\nreturn d;") + "DEFINE_CLASS(dev, struct dev *, (void)_T, dev_get(d), struct dev *d)\n"),
    "a class that holds a lock over the call": hook(f"CLASS(dev, held)(d);\n\nreturn {REMAP};", helper("dev_in", "struct dev *", "mutex_lock(&d->lock);\nreturn d;") + "DEFINE_CLASS(dev, struct dev *, mutex_unlock(&_T->lock), dev_in(d), struct dev *d)\n"),
    "an attribute that frees": hook("struct dev *e __free(dev) = d;\n\nif (!e->ready)\n\treturn -EIO;\n" + SET, "DEFINE_FREE(dev, struct dev *, if (_T) kfree(_T))\n"),
    "an attribute that counts down": hook("struct dev *e __attribute__((cleanup(dev_out))) = d;\n\nif (!e->ready)\n\treturn -EIO;\n" + SET, helper("dev_out", "void", "(*d)->users--;", "struct dev **d")),
    "a scoped guard of one's own that counts": hook("\nscoped_guard(dev, d)\n\tif (!d->ready)\n\t\treturn -EIO;\n" + SET, GUARD.format("_T->users++", "(void)_T")),
    # The mapping call.
    "flags taken back behind the call": hook(f"int ret;\n\nret = {REMAP};\nif (ret)\n\treturn ret;\nvm_flags_clear(vma, VM_PFNMAP);\nreturn 0;"),
    "flags changed behind the call": hook(f"int ret;\n\nret = {REMAP};\nif (ret)\n\treturn ret;\nvm_flags_mod(vma, VM_MIXEDMAP, VM_IO);\nreturn 0;"),
    "flags taken back behind the call by a helper": hook(f"int ret;\n\nret = {REMAP};\nif (!ret)\n\tplain(vma);\nreturn ret;", helper("plain", "void", "vm_flags_clear(vma, VM_IO);", VMA)),
    "a size of an inner block": hook(f"unsigned long size = vma->vm_end - vma->vm_start;\n\nif (size) {{\n\tunsigned long size = d->size;\n\n\treturn {remap('size')};\n}}\nreturn -EIO;"),
    "a size of another": hook(f"struct span {{ unsigned long vm_start, vm_end; }} *s = d->map;\n\nreturn {remap('s->vm_end - s->vm_start')};"),
    "the smaller of two sizes, of a narrow type": hook(f"unsigned long size = min_t(u16, d->size, vma->vm_end - vma->vm_start);\n\nreturn {remap('size')};"),
    "a size that is divided": hook(f"unsigned long size = vma->vm_end - vma->vm_start;\n\ndo_div(size, 2);\nreturn {remap('size')};"),
    "a size that is divided once it was checked": hook(f"unsigned long size = d->size;\n\nif (size > vma->vm_end - vma->vm_start)\n\treturn -EINVAL;\ndo_div(size, 2);\nreturn {remap('size')};"),
    "the larger of two sizes": hook(f"unsigned long size = max(vma->vm_end - vma->vm_start, d->size);\n\nreturn {remap('size')};"),
    "a size that was checked, and grows": hook(f"unsigned long len = d->size;\n\nif (len > vma->vm_end - vma->vm_start)\n\treturn -EINVAL;\nlen <<= 1;\nreturn {remap('len')};"),
    "a size that is counted up in its check": hook(f"unsigned long len = d->size;\n\nif (len++ > vma->vm_end - vma->vm_start)\n\treturn -EINVAL;\nreturn {remap('len')};"),
    "a size of a narrow type by another name": hook(f"len_t size = vma->vm_end - vma->vm_start;\n\nreturn {remap('size')};", "typedef unsigned short len_t;\n"),
    "a size by a macro of the device": hook(f"\nreturn {remap('SIZE')};", "#define SIZE d->size\n"),
    "a size that was checked, and that a helper makes larger": hook(f"\nif (d->size > vma->vm_end - vma->vm_start)\n\treturn -EINVAL;\ngrow(d);\nreturn {remap('d->size')};", helper("grow", "void", "d->size <<= 1;")),
    "a failure that is a warning": hook(f"\nWARN_ON({REMAP});\nreturn 0;"),
    "a failure or-ed": hook(f"int ret = d->busy;\n\nret |= {REMAP};\nreturn ret;"),
    "a failure asked for by a switch": hook(f"\nswitch ({REMAP}) {{\ncase 0:\n\treturn 0;\ndefault:\n\td->busy = 1;\n\treturn -EIO;\n}}"),
    "a failure that is tried again": hook(f"\nwhile ({REMAP})\n\tif (!d->ready)\n\t\treturn -EIO;\nreturn 0;"),
    "a failure turned round": hook(f"\nreturn !{REMAP};"),
    "a failure that marks the device": hook(f"int ret;\n\nret = {REMAP};\nif (ret)\n\td->busy = 1;\nreturn ret;"),
    "a second call if the first one fails": hook(f"\nreturn {REMAP} ?: {REMAP};"),
    "a second call in the other operand": hook(f"\nif ({REMAP} && {REMAP})\n\treturn -EIO;\nreturn 0;"),
    "a place counted up": hook("\nreturn remap_pfn_range(vma, vma->vm_start, d->users++, vma->vm_end - vma->vm_start, vma->vm_page_prot);"),
    "a call of a macro without arguments": hook("\nreturn MAP;", f"#define MAP {REMAP}\n"),
    # The VMA, and who else needs the hook.
    "the VMA copied": hook("struct vm_area_struct copy = *vma;\n\nd->map = copy.vm_private_data;\n" + SET),
    "the VMA copied by the core": hook("\nmemcpy(d->map, vma, 8);\n" + SET),
    "the VMA's address": hook("struct vm_area_struct **p = &vma;\n\n(*p)->vm_ops = &probe_ops;\nreturn 0;"),
    "the VMA in a chosen pointer": hook("struct vm_area_struct *v = d->ready ? vma : NULL;\n\nif (v)\n\tv->vm_ops = &probe_ops;\nreturn 0;"),
    "the operations' own open": hook("\nopen(vma);\n" + SET.replace("probe_ops", "own_ops"), helper("open", "void", "((struct dev *)vma->vm_private_data)->users++;", VMA) + "static const struct vm_operations_struct own_ops = { .open = open };\n"),
    "compared with by another": hook(SET, after="\nint mine(struct file *f);\nint mine(struct file *f)\n{\n\treturn f->f_op->mmap == probe_mmap;\n}\n"),
    "copied and wrapped": hook(SET, after="\nstatic struct file_operations wrapped;\nstatic int wrap_mmap(struct file *f, struct vm_area_struct *v)\n{\n\treturn probe_fops.mmap(f, v);\n}\nvoid wrap(void);\nvoid wrap(void)\n{\n\tmemcpy(&wrapped, &probe_fops, sizeof(wrapped));\n\twrapped.mmap = wrap_mmap;\n}\n"),
    "in a table of functions": hook(SET, after="\nstatic const struct entry { const char *name; void *function; } table[] = {\n\t{ \"mmap\", probe_mmap },\n};\n"),
    "the file's operations exchanged": hook("\nfile->f_op = d->map;\n" + SET),
}  # fmt: skip

RIGHT = {
    "a constant in a macro": hook("\nif (vma->vm_pgoff > MOST)\n\treturn -EINVAL;\n" + SET, "#define MOST (4 << 2)\n"),
    "a constant that is cast": hook("\nif (vma->vm_pgoff > MOST || d->map == NOWHERE)\n\treturn -EINVAL;\n" + SET, "#define MOST ((unsigned long)(4 << 2))\n#define NOWHERE ((struct dev *)(0))\n"),
    "a member by a macro": hook("\nif (!READY)\n\treturn -EINVAL;\n" + SET, "#define READY (d->ready == 1)\n"),
    "a macro in quotes": hook('\nif (d->busy)\n\tpr_err("%s: TAKE\\n", NAME);\n' + SET, '#define NAME "kref_get(&d->ref), d->users++"\n'),
    "a local array": hook("unsigned long at[2];\n\nat[0] = vma->vm_pgoff;\nat[1] = at[0] + 1;\nif (at[1] > 8)\n\treturn -EINVAL;\n" + SET),
    "a local struct that a helper fills": hook("struct span s;\n\nfill(&s, vma->vm_pgoff);\nif (s.at[1] > 8)\n\treturn -EINVAL;\n" + SET, "struct span { unsigned long at[2], n; };\n" + helper("fill", "void", "s->at[1] = at;\ns->n = 2;", "struct span *s, unsigned long at")),
    "an overflow check into a local": hook("unsigned long end;\n\nif (check_add_overflow(vma->vm_pgoff, 3ul, &end))\n\treturn -EINVAL;\n" + SET),
    "a division of a local": hook("unsigned long n = vma->vm_end - vma->vm_start;\n\ndo_div(n, 3);\nif (n > d->size)\n\treturn -EINVAL;\n" + SET),
    "an iterator that looks": hook("int i;\n\nfor_each_user(i)\n\tif (d->at[i])\n\t\treturn -EIO;\n" + SET, "#define for_each_user(i) for (i = 0; i < 3; i++)\n"),
    "a guard of one's own that drops what it took": hook("\nguard(dev)(d);\nif (!d->ready)\n\treturn -EIO;\n" + SET, GUARD.format("mutex_lock(&_T->lock)", "mutex_unlock(&_T->lock)")),
    "a guard": hook("\nguard(mutex)(&d->lock);\nif (!d->ready)\n\treturn -EIO;\n" + SET),
    "a guard that ends before the call": hook(f"\nscoped_guard(mutex, &d->lock)\n\tif (!d->ready)\n\t\treturn -EIO;\nreturn {REMAP};"),
    "a helper that reads the address space": hook("\nif (far(vma->vm_mm))\n\treturn -EIO;\n" + SET, helper("far", "int", "return mm->users > 3;", "struct mm_struct *mm")),
    "a helper that reads the file": hook("\nif (far(file))\n\treturn -EIO;\n" + SET, helper("far", "int", "struct dev *d = f->private_data;\n\nreturn d->users > 3;", "struct file *f")),
    "flags set behind the call": hook(f"int ret;\n\nret = {REMAP};\nif (ret)\n\treturn ret;\nvm_flags_set(vma, VM_DONTDUMP);\nreturn 0;"),
    "a size that is the smaller of two, of a type": hook(f"unsigned long size = min_t(unsigned long, d->size, vma_pages(vma) << PAGE_SHIFT);\n\nreturn {remap('size')};"),
    "a size that is the smaller of two": hook(f"unsigned long size = min(vma->vm_end - vma->vm_start, d->size);\n\nreturn {remap('size')};"),
    "pages shifted": hook(f"\nreturn {remap('vma_pages(vma) << PAGE_SHIFT')};"),
    "nothing but an error": hook("\nreturn -EPERM;"),
    "operations, and a flag by state": hook("\nif (d->ready)\n\tvm_flags_set(vma, VM_DONTEXPAND);\nelse\n\tvm_flags_set(vma, VM_DONTEXPAND | VM_DONTDUMP);\n" + SET),
    "both arms": hook(f"\n#ifdef CONFIG_SMP\nreturn {REMAP};\n#else\nreturn -ENXIO;\n#endif"),
    "an error kept": hook(f"int ret;\n\nret = {REMAP};\nif (ret)\n\treturn ret;\nreturn 0;"),
    "a struct compared with": hook(SET, after="\nint mine(struct file *f);\nint mine(struct file *f)\n{\n\treturn f->f_op == &probe_fops;\n}\n"),
}  # fmt: skip


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Hook]]:
    return convert_all(tmp_path_factory.mktemp("disguises"), WRONG | RIGHT)


@pytest.mark.parametrize("name", WRONG)
def test_a_disguise_is_seen_through(name: str, hooks: dict[str, list[Hook]]) -> None:
    path = path_of(name)
    assert [h.outcome for h in hooks[path]] != []
    for one in hooks[path]:
        assert one.outcome == "left", name
        assert one.reason is not None and one.reason.place.path == path, str(one.reason)


@pytest.mark.parametrize("name", RIGHT)
def test_what_is_no_disguise_is_converted(name: str, hooks: dict[str, list[Hook]]) -> None:
    assert [(h.outcome, str(h.reason)) for h in hooks[path_of(name)]] == [("converted", "None")]
