# SPDX-License-Identifier: GPL-2.0-only
# ruff: noqa: E501
"""More wrong hooks in disguise: by what a driver does behind the call, to the file, to the VMA's bounds, or
with its struct of hooks.

All drivers stand in one tree, each in a file of its own. None that is wrong may be converted; those
that are right differ from them by little.
"""

from __future__ import annotations

import pytest
from hook_disguise import REMAP, SET, VMA, convert_all, helper, hook, path_of

from vmaconv.hooks.hook import FILE_OPERATIONS, Hook

WRONG = {
    "a macro that is chosen by how many arguments it has": hook("\nif (checked(d))\n\treturn -EINVAL;\n"+SET, "#define CONCATENATE(a, b) a ## b\n#define COUNT_ARGS(...) 1\n#define __HOLD0() 0\n#define __HOLD1(_a) kref_get(&(_a)->ref)\n#define HOLD(...) CONCATENATE(__HOLD, COUNT_ARGS(__VA_ARGS__))(__VA_ARGS__)\nstatic bool checked(struct dev *d)\n{\n\tHOLD(d);\n\treturn false;\n}\n"),
    "an iterator that counts in its head": hook("\nif (checked(d))\n\treturn -EINVAL;\n"+SET, "#define for_each_part(_of, _p) \\\n\tfor (typeof(_of) __of = (_of), __p = _p = __of; __p && _p; _of->users++)\nstatic bool checked(struct dev *d)\n{\n\tstruct dev *p;\n\n\tfor_each_part(d, p)\n\t\tif (p->busy)\n\t\t\treturn true;\n\treturn false;\n}\n"),
    "a reference to what the VMA holds already": hook("\nmine_get(vma->vm_private_data ?: d);\n"+SET, helper("mine_get","void","kref_get(&d->ref);")),
    "called by another function of the driver": hook(SET, after="\nlong probe_ioctl(struct file *f, struct vm_area_struct *v);\nlong probe_ioctl(struct file *f, struct vm_area_struct *v)\n{\n\treturn probe_mmap(f, v);\n}\n"),
    "a struct that is copied, and loses its hook": hook(SET, after="\nstatic struct file_operations mine;\nvoid start(void);\nvoid start(void)\n{\n\tmine = probe_fops;\n\tmine.mmap = NULL;\n}\n"),
    "a struct that is copied through a pointer, and wrapped": hook(SET, after="\nstatic int (*orig)(struct file *, struct vm_area_struct *);\nstatic struct file_operations mine;\nstatic int wrap(struct file *f, struct vm_area_struct *v)\n{\n\treturn orig(f, v);\n}\nvoid start(void);\nvoid start(void)\n{\n\tconst struct file_operations *base = &probe_fops;\n\n\tmine = *base;\n\torig = base->mmap;\n\tmine.mmap = wrap;\n}\n"),
    "an array of structs": hook(SET).replace("probe_fops = {\n\t.mmap\t\t= probe_mmap,\n}","probe_fops[] = {\n\t{ .mmap = probe_mmap },\n\t{ },\n}"),
    "an array of structs by index": hook(SET).replace("probe_fops = {\n\t.mmap\t\t= probe_mmap,\n}","probe_fops[2] = {\n\t[1].mmap = probe_mmap,\n}"),
    "the VMA in a list": hook("struct node *n = d->map;\n\nn->vma = vma;\nlist_add(&n->list, &d->list);\n"+SET,"struct node { struct list_head list; struct vm_area_struct *vma; };\n"),
    "the VMA kept by a helper": hook("\nkeep(d, vma);\n"+SET, helper("keep","void","d->map = vma;","struct dev *d, struct vm_area_struct *vma")),
    "the operations' own open, which counts": hook("\nprobe_open(vma);\n"+SET.replace("probe_ops","own_ops"), helper("probe_open","void","((struct dev *)vma->vm_private_data)->users++;",VMA)+helper("probe_close","void","((struct dev *)vma->vm_private_data)->users--;",VMA)+"static const struct vm_operations_struct own_ops = { .open = probe_open, .close = probe_close };\n"),
    "what open would count, written out": hook("\nvma->vm_private_data = d;\nd->users++;\n"+SET.replace("probe_ops","own_ops"), helper("probe_close","void","((struct dev *)vma->vm_private_data)->users--;",VMA)+"static const struct vm_operations_struct own_ops = { .close = probe_close };\n"),
    "an error behind the call instead of its own": hook(f"int ret;\n\nret = {REMAP};\nif (!ret && d->busy)\n\tret = -EBUSY;\nreturn ret;"),
    "a loop by goto": hook(f"int n = 0, ret;\n\nagain:\nret = {REMAP};\nif (ret)\n\treturn ret;\nif (++n < 2)\n\tgoto again;\nreturn 0;"),
    "a loop that begins with its body": hook("unsigned long at = vma->vm_start;\n\ndo {\n\tif (remap_pfn_range(vma, at, 1, PAGE_SIZE, vma->vm_page_prot))\n\t\treturn -EAGAIN;\n\tat += PAGE_SIZE;\n} while (at < vma->vm_end);\nreturn 0;"),
    "a lock in macros with an argument": hook(f"int ret;\n\nHOLD(d);\nret = {REMAP};\nDROP(d);\nreturn ret;","#define HOLD(x) mutex_lock(&(x)->lock)\n#define DROP(x) mutex_unlock(&(x)->lock)\n"),
    "a scoped guard over the call": hook(f"\nscoped_guard(mutex, &d->lock)\n\treturn {REMAP};\nreturn -EIO;"),
    "a scoped guard over the call, in braces": hook(f"int ret = -EIO;\n\nscoped_guard(mutex, &d->lock) {{\n\tret = {REMAP};\n}}\nreturn ret;"),
    "a lock taken and dropped by helpers": hook(f"int ret;\n\nhold(d);\nret = {REMAP};\ndrop(d);\nreturn ret;",helper("hold","void","mutex_lock(&d->lock);")+helper("drop","void","mutex_unlock(&d->lock);")),
    "a lock over the helper that maps": hook("int ret;\n\nmutex_lock(&d->lock);\nret = domap(vma);\nmutex_unlock(&d->lock);\nreturn ret;",helper("domap","int",f"return {REMAP};",VMA)),
    "an offset that is moved before it is checked": hook(f"\nvma->vm_pgoff -= d->size;\nif (vma->vm_pgoff + vma_pages(vma) > d->size)\n\treturn -EINVAL;\nd->at[2] = vma->vm_pgoff;\nreturn {REMAP};"),
    "an end that is moved": hook(f"\nvma->vm_end -= PAGE_SIZE;\nreturn {REMAP};"),
    "a start that is moved": hook(f"\nvma->vm_start += PAGE_SIZE;\nreturn {REMAP};"),
    "a protection of another kind": hook("\nreturn remap_pfn_range(vma, vma->vm_start, 1, vma->vm_end - vma->vm_start, pgprot_decrypted(vma->vm_page_prot));"),
    "a protection in a local": hook("pgprot_t prot = pgprot_noncached(vma->vm_page_prot);\n\nreturn remap_pfn_range(vma, vma->vm_start, 1, vma->vm_end - vma->vm_start, prot);"),
    "a protection in a local that changes": hook("pgprot_t prot = vma->vm_page_prot;\n\nprot = pgprot_noncached(prot);\nreturn remap_pfn_range(vma, vma->vm_start, 1, vma->vm_end - vma->vm_start, prot);"),
    "the file exchanged": hook("\nfput(vma->vm_file);\nvma->vm_file = get_file(d->map);\n"+SET),
    "the file exchanged by the core": hook("\nvma_set_file(vma, d->map);\n"+SET),
    "the file exchanged through a pointer": hook("struct file **f = &vma->vm_file;\n\nswap(*f, d->file);\n"+SET),
    "an arm for machines without an MMU": "#ifdef CONFIG_MMU\nstatic int probe_mmap(struct file *file, struct vm_area_struct *vma)\n{\n\treturn -ENODEV;\n}\n#else\nstatic int probe_mmap(struct file *file, struct vm_area_struct *vma)\n{\n\treturn remap_pfn_range(vma, vma->vm_start, vma->vm_pgoff, vma->vm_end - vma->vm_start, vma->vm_page_prot);\n}\n#endif\nstatic const struct file_operations probe_fops = {\n\t.mmap\t\t= probe_mmap,\n};\n",
    "a size of the device's own": hook("\nif (d->map)\n\treturn -EIO;\nreturn remap_pfn_range(vma, vma->vm_start, 1, d->size, vma->vm_page_prot);"),
    "a size that is checked the wrong way round": hook("\nif (vma->vm_end - vma->vm_start > d->size)\n\treturn -EINVAL;\nreturn remap_pfn_range(vma, vma->vm_start, 1, d->size, vma->vm_page_prot);"),
    "a size that is checked in one branch": hook("\nif (d->ready) {\n\tif (d->size > vma->vm_end - vma->vm_start)\n\t\treturn -EINVAL;\n}\nreturn remap_pfn_range(vma, vma->vm_start, 1, d->size, vma->vm_page_prot);"),
    "a size that is checked, and used all the same": hook("\nif (d->size > vma->vm_end - vma->vm_start)\n\tpr_warn(\"large\\n\");\nreturn remap_pfn_range(vma, vma->vm_start, 1, d->size, vma->vm_page_prot);"),
    "a size that is checked, and used with a page more": hook("unsigned long n = d->size;\n\nif (n > vma->vm_end - vma->vm_start)\n\treturn -EINVAL;\nreturn remap_pfn_range(vma, vma->vm_start, 1, n + PAGE_SIZE, vma->vm_page_prot);"),
    "a flag that a helper reads behind the call": hook(f"int ret = 0;\n\nret = {REMAP};\nif (ret)\n\treturn ret;\nreturn looks(vma);",helper("looks","int","return vma->vm_flags & VM_PFNMAP ? 0 : -EIO;",VMA)),
    "a call of a helper's, and one of the hook's": hook(f"int ret;\n\nret = domap(vma);\nif (ret)\n\treturn ret;\nret = {REMAP};\nreturn ret;",helper("domap","int",f"return {REMAP};",VMA)),
    "two calls by falling through": hook(f"int ret = 0;\n\nswitch (vma->vm_pgoff) {{\ncase 0:\n\tret = {REMAP};\n\tif (ret)\n\t\treturn ret;\ncase 1:\n\tret = {REMAP};\n\tbreak;\n}}\nreturn ret;"),
    "what is kept for each mapping: its offset": hook("\nvma->vm_private_data = (void *)vma->vm_pgoff;\n"+SET),
    "what is kept for each mapping: a place in an array": hook("\nvma->vm_private_data = &d->at[vma->vm_pgoff];\n"+SET),
    "what is kept for each mapping, found by a helper": hook("\nvma->vm_private_data = find(d, vma->vm_pgoff);\n"+SET,helper("find","void *","return &d->at[at];","struct dev *d, unsigned long at")),
    "operations that the offset chooses": hook("\nif (vma->vm_pgoff)\n\tvma->vm_ops = &other_ops;\nelse\n\tvma->vm_ops = &probe_ops;\nreturn 0;","static const struct vm_operations_struct other_ops = { .close = 0 };\n"),
    "operations that the size chooses": hook("\nvma->vm_ops = vma_pages(vma) > 1 ? &other_ops : &probe_ops;\nreturn 0;","static const struct vm_operations_struct other_ops = { .close = 0 };\n"),
    "the task remembered": hook("\nd->map = current;\n"+SET),
    "a counter of the task's address space": hook("\ncurrent->mm->users++;\n"+SET),
    "a test and set": hook("\nif (d->busy)\n\treturn -EBUSY;\nd->busy = 1;\n"+SET),
    "a test and set by cmpxchg": hook("\nif (cmpxchg(&d->busy, 0, 1))\n\treturn -EBUSY;\n"+SET),
    "a test and set by xchg": hook("\nif (xchg(&d->busy, 1))\n\treturn -EBUSY;\n"+SET),
    "a static variable that is tested and set": hook("static int once;\n\nif (once)\n\treturn -EBUSY;\nonce = 1;\n"+SET),
    "a bit that is tested and set": hook("\nif (test_and_set_bit(0, &d->bits))\n\treturn -EBUSY;\n"+SET),
    "a bit for each mapping": hook("\nset_bit(vma->vm_pgoff, &d->bits);\n"+SET),
    "a counter that is taken back at the limit": hook("\nif (atomic_inc_return(&d->busy) > 4) {\n\tatomic_dec(&d->busy);\n\treturn -EBUSY;\n}\n"+SET),
    "a lock that is tried, and kept": hook("\nif (!down_read_trylock(&d->lock))\n\treturn -EBUSY;\n"+SET),
    "flags through a pointer": hook("unsigned long *f = (unsigned long *)&vma->vm_flags;\n\n*f |= VM_IO;\n"+SET),
    "a member that no description has": hook("\nvma->anon_vma = NULL;\n"+SET),
    "the VMA's own lock": hook("\nvma_start_write(vma);\nvm_flags_set(vma, VM_IO);\n"+SET),
    "an operation that is looked at": hook("\nvma->vm_ops = &probe_ops;\nreturn vma->vm_ops->fault ? 0 : -EIO;"),
    "a mapping function in a variable": hook("\nMAPPER m = remap_pfn_range;\n\nreturn m(vma, vma->vm_start, 1, vma->vm_end - vma->vm_start, vma->vm_page_prot);","typedef int (*MAPPER)(struct vm_area_struct *, unsigned long, unsigned long, unsigned long, pgprot_t);\n"),
    "one page": hook("\nreturn vm_insert_page(vma, vma->vm_start, d->map);"),
    "a helper with nearly the name of a mapping function": hook("\nreturn remap_pfn_range_mine(vma);",helper("remap_pfn_range_mine","int","return dma_mmap_coherent(NULL, vma, NULL, 0, 0);",VMA)),
    "pages in a local": hook("struct page *page = d->map;\nunsigned long n = 1;\n\nreturn vm_insert_pages(vma, vma->vm_start, &page, &n);"),
    "a handler in a variable": hook(SET,after="\nint (*probe_hook)(struct file *, struct vm_area_struct *) = probe_mmap;\n"),
    "a handler in another kind of struct, by position": hook(SET,after="\nstruct other { int (*mmap)(struct file *, struct vm_area_struct *); };\nstruct other probe_other = { .mmap = probe_mmap };\nstruct other probe_other2 = { probe_mmap };\n"),
    "a handler in a macro that initialises": hook(SET,after="\n#define MINE { .mmap = probe_mmap }\nstruct file_operations probe_b = MINE;\n"),
    "what the file has, exchanged": hook("\nfile->private_data = d->map;\n"+SET),
    "a lock that one return keeps": hook("\nmutex_lock(&d->lock);\nif (d->busy)\n\treturn -EIO;\nmutex_unlock(&d->lock);\n"+SET),
    "a failure that is cast away": hook(f"\n(void){REMAP};\nreturn 0;"),
    "a failure that is only told": hook(f"\nif ({REMAP})\n\tpr_warn(\"no\\n\");\nreturn 0;"),
    "one of the failures forgiven": hook(f"int ret;\n\nret = {REMAP};\nif (ret == -EAGAIN)\n\treturn 0;\nreturn ret;"),
    "a failure that a helper marks": hook(f"int ret;\n\nret = {REMAP};\nif (ret)\n\tdev_fail(d);\nreturn ret;",helper("dev_fail","void","d->ready = 0;")),
    "a failure that is marked behind a label": hook(f"int ret;\n\nd->map = NULL;\nret = {REMAP};\nif (ret)\n\tgoto out;\nreturn 0;\nout:\nd->ready = 0;\nreturn ret;"),
    "a handler in another kind of struct": hook(SET,after="\nstruct compat_ops { int (*mmap)(struct file *, struct vm_area_struct *); } probe_compat = { .mmap = probe_mmap };\n"),
    "a flag that hangs on a count": hook("\nif (next(d) > 3)\n\tvm_flags_set(vma, VM_IO);\n"+SET,helper("next","int","return ++d->users;")),
    "a counter in the return's value": hook("\nvma->vm_ops = &probe_ops;\nreturn d->users++, 0;"),
    "a counter in either branch of an expression": hook("\nd->ready ? d->users++ : d->busy++;\n"+SET),
    "a function that is handed on": hook("\neach(d, kref_bump);\n"+SET,helper("kref_bump","void","kref_get(&d->ref);")+helper("each","void","fn(d);","struct dev *d, void (*fn)(struct dev *d)")),
    "a counter by a second name": hook("struct dev *e = d, *g = e;\n\n++g->users;\n"+SET),
    "a counter by its address": hook("int *n = &d->users;\n\n(*n)--;\n"+SET),
    "a counter through a union": hook("union { struct dev *d; void *p; } u = { .p = d };\n\nu.d->users++;\n"+SET),
    "a counter by an instruction": hook('\nasm volatile("incl %0" : "+m" (d->users));\n'+SET),
    "a counter in a macro's expression": hook("\nif (TAKE(d))\n\treturn -EIO;\n"+SET,"#define TAKE(x) ({ (x)->users++; (x)->busy; })\n"),
    "a value for the user": hook("\nif (put_user(1, (int *)d->map))\n\treturn -EFAULT;\n"+SET),
    "a copy for the user": hook("\nif (copy_to_user(d->map, d, 4))\n\treturn -EFAULT;\n"+SET),
    "a register that is written": hook("\nwritel(vma->vm_pgoff, d->map);\n"+SET),
    "a register that is read": hook("\nif (readl(d->map) & 1)\n\treturn -EIO;\n"+SET),
    "a register that is read by a port": hook("\nif (ioread32(d->map) & 1)\n\treturn -EIO;\n"+SET),
    "a sequence counter": hook("\nwrite_seqcount_begin(&d->busy);\nwrite_seqcount_end(&d->busy);\n"+SET),
    "an unmapping": hook("\nvm_munmap(vma->vm_start, 4096);\n"+SET),
    "a look for the VMA": hook("\nif (find_vma(vma->vm_mm, vma->vm_start) != vma)\n\treturn -EIO;\n"+SET),
    "a comparison with another VMA": hook("\nif (d->map == vma)\n\treturn -EIO;\n"+SET),
    "the VMA in an initialiser": hook("struct ctx c = { .vma = vma };\n\nuse(&c);\n"+SET,"struct ctx { struct vm_area_struct *vma; };\n"+helper("use","void","c->vma->vm_pgoff = 0;","struct ctx *c")),
    "the struct around the VMA": hook("\nif (container_of(vma, struct big, v)->n)\n\treturn -EIO;\n"+SET,"struct big { struct vm_area_struct v; int n; };\n"),
    "the VMA copied by its size": hook("struct vm_area_struct save;\n\nmemcpy(&save, vma, sizeof(*vma));\n"+SET),
    "the VMA as a pointer to anything": hook("\nreturn generic(d, vma);",helper("generic","int","((struct vm_area_struct *)p)->vm_ops = &probe_ops;\nreturn 0;","struct dev *d, void *p")),
    "the VMA as a number": hook("\nd->size = (unsigned long)vma;\n"+SET),
    "the VMA printed": hook('\npr_debug("%p\\n", vma);\n'+SET),
    "a flag that a helper clears behind the call": hook(f"int ret;\n\nret = {REMAP};\nif (ret)\n\treturn ret;\nplain(vma);\nreturn 0;",helper("plain","void","vm_flags_clear(vma, VM_IO);",VMA)),
    "a protection that a helper sets behind the call": hook(f"int ret;\n\nret = {REMAP};\nif (ret)\n\treturn ret;\nplain(vma);\nreturn 0;",helper("plain","void","vma->vm_page_prot = pgprot_noncached(vma->vm_page_prot);",VMA)),
    "a flag that a helper's helper reads behind the call": hook(f"int ret = 0;\n\nret = {REMAP};\nif (ret)\n\treturn ret;\nreturn look(vma);",helper("looks","int","return vma->vm_flags & VM_PFNMAP ? 0 : -EIO;",VMA)+helper("look","int","return looks(vma);",VMA)),
    "a flag that a macro tests behind the call": hook(f"int ret = 0;\n\nret = {REMAP};\nif (ret)\n\treturn ret;\nif (IS_IO(vma))\n\td = NULL;\nreturn d ? 0 : -EIO;","#define IS_IO(v) ((v)->vm_flags & VM_IO)\n"),
    "a loop around the helper that maps": hook("int i, ret = 0;\n\nfor (i = 0; i < 2 && !ret; i++)\n\tret = domap(vma);\nreturn ret;",helper("domap","int",f"return {REMAP};",VMA)),
    "a helper that maps, and calls itself": hook("\nreturn domap(vma, 2);","static int domap(struct vm_area_struct *vma, int n);\n"+helper("domap","int",f"int ret = {REMAP};\n\nif (!ret && n)\n\tret = domap(vma, n - 1);\nreturn ret;","struct vm_area_struct *vma, int n")),
    "a start in a local, moved": hook("unsigned long start = vma->vm_start;\n\nstart += PAGE_SIZE;\nreturn remap_pfn_range(vma, start, 1, vma->vm_end - start, vma->vm_page_prot);"),
    "a start in a local that is near the end": hook("unsigned long start = vma->vm_end - PAGE_SIZE;\n\nreturn remap_pfn_range(vma, start, 1, PAGE_SIZE, vma->vm_page_prot);"),
    "an end in a narrow local": hook("unsigned int end = vma->vm_end;\n\nreturn remap_pfn_range(vma, vma->vm_start, 1, end - vma->vm_start, vma->vm_page_prot);"),
    "the start of another VMA": hook("struct vm_area_struct *o = d->map;\nunsigned long start = o->vm_start;\n\nreturn remap_pfn_range(vma, start, 1, vma->vm_end - start, vma->vm_page_prot);"),
    "an end less what is no start": hook("unsigned long start = vma->vm_start;\n\nreturn remap_pfn_range(vma, start, 1, vma->vm_end - d->size, vma->vm_page_prot);"),
}  # fmt: skip

RIGHT = {
    "a value by a macro that is chosen by how many arguments it has": hook("\nif (checked(1))\n\treturn -EINVAL;\n"+SET, "#define CONCATENATE(a, b) a ## b\n#define COUNT_ARGS(...) 1\nstruct range { int a, b; };\n#define __RANGE0() (struct range) { .a = 0, .b = 0 }\n#define __RANGE1(_a) (struct range) { .a = (_a), .b = 0 }\n#define RANGE(...) CONCATENATE(__RANGE, COUNT_ARGS(__VA_ARGS__))(__VA_ARGS__)\nstatic bool checked(int n)\n{\n\tstruct range r = RANGE(n);\n\n\treturn r.a > 7;\n}\n"),
    "an iterator that declares a variable of its own": hook("\nif (checked(d))\n\treturn -EINVAL;\n"+SET, "#define for_each_part(_of, _p) \\\n\tfor (typeof(_of) __of = (_of), __p = _p = __of; __p && _p; _p = NULL)\nstatic bool checked(struct dev *d)\n{\n\tstruct dev *p;\n\n\tfor_each_part(d, p)\n\t\tif (p->busy)\n\t\t\treturn true;\n\treturn false;\n}\n"),
    "an error instead of the call's own, in braces": hook(f"if ({REMAP}) {{\n\treturn -EAGAIN;\n}}\nreturn 0;"),
    "both bounds in locals": hook("unsigned long start = vma->vm_start, end = vma->vm_end;\n\nif (end - start > d->size)\n\treturn -EINVAL;\nif (remap_pfn_range(vma, start, 1, end - start, vma->vm_page_prot))\n\treturn -EAGAIN;\nreturn 0;"),
    "the start in a local": hook("unsigned long start = vma->vm_start;\n\nreturn remap_pfn_range(vma, start, 1, vma->vm_end - start, vma->vm_page_prot);"),
    "checks, flags and operations": hook("\nif (!(vma->vm_flags & VM_SHARED))\n\treturn -EINVAL;\nif (vma_pages(vma) != 1 || vma->vm_pgoff)\n\treturn -EINVAL;\nvm_flags_set(vma, VM_DONTEXPAND | VM_DONTDUMP);\nvma->vm_private_data = d;\n"+SET),
    "two calls that exclude one another": hook(f"\nif (vma->vm_pgoff)\n\treturn {REMAP};\nelse\n\treturn {REMAP};"),
    "two calls in cases that return": hook(f"\nswitch (vma->vm_pgoff) {{\ncase 0:\n\treturn {REMAP};\ncase 1:\n\treturn {REMAP};\ndefault:\n\treturn -EINVAL;\n}}"),
    "flags on a condition": hook("\nif (d->ready)\n\tvm_flags_set(vma, VM_DONTCOPY);\n"+SET),
    "a lock that is dropped before the call": hook(f"int busy;\n\nmutex_lock(&d->lock);\nbusy = d->busy;\nmutex_unlock(&d->lock);\nif (busy)\n\treturn -EBUSY;\nreturn {REMAP};"),
    "a protection that is set before the call": hook(f"\nvma->vm_page_prot = pgprot_noncached(vma->vm_page_prot);\nreturn {REMAP};"),
    "a protection that a helper makes": hook(f"\nvma->vm_page_prot = prot(d, vma->vm_page_prot);\nreturn {REMAP};",helper("prot","pgprot_t","return d->ready ? pgprot_writecombine(p) : p;","struct dev *d, pgprot_t p")),
    "a range of a device": hook("\nreturn vm_iomap_memory(vma, (phys_addr_t)d->size, d->bits);"),
    "an error instead of the call's own": hook(f"\nif ({REMAP})\n\treturn -EAGAIN;\nreturn 0;"),
    "an error instead of the call's own, and a message": hook(f"\nif ({REMAP}) {{\n\tpr_err(\"no\\n\");\n\treturn -EAGAIN;\n}}\nreturn 0;"),
    "a helper that checks": hook("int ret = check(d, vma);\n\nif (ret)\n\treturn ret;\n"+SET,helper("check","int","if (vma->vm_flags & VM_WRITE)\n\treturn -EPERM;\nif (vma->vm_end - vma->vm_start > d->size)\n\treturn -EINVAL;\nreturn 0;","struct dev *d, struct vm_area_struct *vma")),
    "a size in a local, and a frame that is computed": hook("unsigned long size = vma->vm_end - vma->vm_start;\nunsigned long pfn = (d->size >> PAGE_SHIFT) + vma->vm_pgoff;\n\nif (size > d->bits)\n\treturn -EINVAL;\nreturn remap_pfn_range(vma, vma->vm_start, pfn, size, vma->vm_page_prot);"),
    "start, offset and size in locals": hook("unsigned long start = vma->vm_start;\nunsigned long off = vma->vm_pgoff << PAGE_SHIFT;\nunsigned long len = vma->vm_end - vma->vm_start;\n\nif (off + len > d->size)\n\treturn -EINVAL;\nreturn remap_pfn_range(vma, start, off >> PAGE_SHIFT, len, vma->vm_page_prot);"),
    "flags that are tested and cleared": hook("\nif ((vma->vm_flags & (VM_SHARED | VM_MAYSHARE)) == 0)\n\treturn -EINVAL;\nvm_flags_clear(vma, VM_MAYWRITE);\n"+SET),
    "a file by another name": hook(SET).replace("struct file *file,","struct file *filp,").replace("= file->","= filp->"),
    "a VMA by another name": hook(SET).replace("*vma)","*area)").replace("vma->","area->"),
    "private data and operations": hook("\nvma->vm_private_data = d;\nvma->vm_ops = &probe_ops;\n\nreturn 0;"),
    "an offset that is taken back": hook(f"unsigned long off = vma->vm_pgoff;\n\nvma->vm_pgoff = 0;\nif (off > 3)\n\treturn -EINVAL;\nreturn {REMAP};"),
    "a loop that looks": hook("int i = 0;\n\nwhile (i < 4 && d->at[i])\n\ti++;\nif (i == 4)\n\treturn -EBUSY;\n"+SET),
    "an error behind the call that is its own business": hook(f"int ret;\n\nret = {REMAP};\nif (ret)\n\treturn ret;\nif (!d->ready)\n\treturn -EIO;\nreturn 0;"),
}  # fmt: skip


@pytest.fixture(scope="module")
def hooks(tmp_path_factory: pytest.TempPathFactory) -> dict[str, list[Hook]]:
    return convert_all(tmp_path_factory.mktemp("disguises"), WRONG | RIGHT)


@pytest.mark.parametrize("name", WRONG)
def test_a_further_disguise_is_seen_through(name: str, hooks: dict[str, list[Hook]]) -> None:
    path = path_of(name)
    assert [h.outcome for h in hooks[path]] != []
    for one in hooks[path]:
        # Some have the handler in another kind of struct, too.
        assert one.outcome == ("left" if one.site.struct == FILE_OPERATIONS else "other-struct"), (
            name
        )
        assert one.reason is not None and one.reason.place.path == path, str(one.reason)


@pytest.mark.parametrize("name", RIGHT)
def test_what_is_right_is_converted(name: str, hooks: dict[str, list[Hook]]) -> None:
    assert [(h.outcome, str(h.reason)) for h in hooks[path_of(name)]] == [("converted", "None")]
