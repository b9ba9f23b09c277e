// SPDX-License-Identifier: GPL-2.0-only
/*
 * The two ways in which a hook is called, without a kernel: what mm/vma.c and mm/util.c do around a
 * .mmap and a .mmap_prepare hook, as far as a driver can tell. Prints what a driver's hook leads to
 * in each path; a driver prints the same before and after its conversion, or the conversion is wrong.
 */
#include <linux/kernel.h>
#include <linux/kref.h>
#include <linux/miscdevice.h>
#include <linux/slab.h>

#define MOST 4
#define BASE 0x10000000UL

int printf(const char *fmt, ...);
void *calloc(size_t n, size_t size);
void free(void *object);
void *memset(void *s, int c, size_t n);

extern const struct miscdevice *const the_device;

long references;
static long allocations;
static int fail_mapping;	/* what the next mapping or action gives */
static int fail_vma;		/* no memory for the next VMA */
static struct vm_area_struct vmas[MOST];
static int count;
static const struct vm_operations_struct dummy_ops;
static struct mm_struct mm;

int printk(const char *fmt, ...)
{
	return 0;
}

void *kzalloc(size_t size, unsigned int gfp)
{
	allocations++;
	return calloc(1, size);
}

void kfree(const void *object)
{
	allocations -= object != NULL;
	free((void *)object);
}

static int fill(struct vm_area_struct *vma, unsigned long start,
		unsigned long pfn, unsigned long size, pgprot_t prot)
{
	if (start < vma->vm_start || start + size > vma->vm_end)
		return -EFAULT;
	vm_flags_set(vma, VM_IO | VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP);
	if (fail_mapping)
		return fail_mapping;
	vma->mapped.start = start;
	vma->mapped.pfn = pfn;
	vma->mapped.size = size;
	vma->mapped.prot = prot;
	return 0;
}

int remap_pfn_range(struct vm_area_struct *vma, unsigned long start,
		    unsigned long pfn, unsigned long size, pgprot_t prot)
{
	return fill(vma, start, pfn, size, prot);
}

int io_remap_pfn_range(struct vm_area_struct *vma, unsigned long start,
		       unsigned long pfn, unsigned long size, pgprot_t prot)
{
	return fill(vma, start, pfn + 0x100000, size, prot);
}

static int iomap_pfn(unsigned long pgoff, unsigned long pages, phys_addr_t start,
		     unsigned long len, unsigned long *pfn)
{
	unsigned long most = len >> PAGE_SHIFT;

	if (pgoff > most || pages > most - pgoff)
		return -EINVAL;
	*pfn = (start >> PAGE_SHIFT) + pgoff;
	return 0;
}

int vm_iomap_memory(struct vm_area_struct *vma, phys_addr_t start,
		    unsigned long len)
{
	unsigned long pfn;
	int ret = iomap_pfn(vma->vm_pgoff, vma_pages(vma), start, len, &pfn);

	if (ret)
		return ret;
	return io_remap_pfn_range(vma, vma->vm_start, pfn,
				  vma->vm_end - vma->vm_start, vma->vm_page_prot);
}

int vm_insert_page(struct vm_area_struct *vma, unsigned long addr,
		   struct page *page)
{
	return -EINVAL;
}

/* What lies in the page tables afterwards: a number that each page has its part in. */
static int insert(struct vm_area_struct *vma, unsigned long start,
		  struct page **pages, unsigned long num)
{
	unsigned long pfn = 0;

	if (start < vma->vm_start || start + num * PAGE_SIZE > vma->vm_end)
		return -EFAULT;
	vm_flags_set(vma, VM_MIXEDMAP);
	if (fail_mapping)
		return fail_mapping;
	for (unsigned long i = 0; i < num; i++)
		pfn = pfn * 31 + pages[i]->number;
	vma->mapped.start = start;
	vma->mapped.pfn = pfn;
	vma->mapped.size = num * PAGE_SIZE;
	vma->mapped.prot = vma->vm_page_prot;
	return 0;
}

int vm_insert_pages(struct vm_area_struct *vma, unsigned long addr,
		    struct page **pages, unsigned long *num)
{
	return insert(vma, addr, pages, *num);
}

static int map_pages(struct vm_area_struct *vma, struct page **pages,
		     unsigned long num, unsigned long offset)
{
	if (offset >= num || vma_pages(vma) > num - offset)
		return -ENXIO;
	return insert(vma, vma->vm_start, pages + offset, vma_pages(vma));
}

int vm_map_pages(struct vm_area_struct *vma, struct page **pages,
		 unsigned long num)
{
	return map_pages(vma, pages, num, vma->vm_pgoff);
}

int vm_map_pages_zero(struct vm_area_struct *vma, struct page **pages,
		      unsigned long num)
{
	return map_pages(vma, pages, num, 0);
}

void vma_set_file(struct vm_area_struct *vma, struct file *file)
{
	get_file(file);
	vma->vm_file->f_count--;
	vma->vm_file = file;
}

static vm_fault_t generic_fault(struct vm_fault *vmf)
{
	return 99;
}

static const struct vm_operations_struct generic_ops = { .fault = generic_fault };

int generic_file_mmap(struct file *file, struct vm_area_struct *vma)
{
	file_accessed(file);
	vma->vm_ops = &generic_ops;
	return 0;
}

int generic_file_mmap_prepare(struct vm_area_desc *desc)
{
	file_accessed(desc->file);
	desc->vm_ops = &generic_ops;
	return 0;
}

/* The action's own preparation, before there is a VMA. */
static int action_prepare(struct vm_area_desc *desc)
{
	struct mmap_action *action = &desc->action;
	unsigned long pfn;
	int ret;

	if (action->type == MMAP_SIMPLE_IO_REMAP) {
		ret = iomap_pfn(desc->pgoff, vma_desc_pages(desc),
				action->simple_ioremap.start_phys_addr,
				action->simple_ioremap.size, &pfn);
		if (ret)
			return ret;
		mmap_action_ioremap_full(desc, pfn);
	}
	if (action->type == MMAP_NOTHING)
		return 0;
	if (action->type == MMAP_MAP_KERNEL_PAGES) {
		if (action->map_kernel.start < desc->start ||
		    action->map_kernel.start +
		    action->map_kernel.nr_pages * PAGE_SIZE > desc->end)
			return -EFAULT;
		vma_desc_set_flags(desc, VMA_MIXEDMAP_BIT);
		return 0;
	}
	if (action->remap.start < desc->start ||
	    action->remap.start + action->remap.size > desc->end)
		return -EFAULT;
	vma_desc_set_flags(desc, VMA_IO_BIT, VMA_PFNMAP_BIT, VMA_DONTEXPAND_BIT,
			   VMA_DONTDUMP_BIT);
	return 0;
}

static void close_vma(struct vm_area_struct *vma)
{
	if (vma->vm_ops && vma->vm_ops->close)
		vma->vm_ops->close(vma);
	vma->vm_file->f_count--;
}

/* The action, and then mapped(); what fails is unmapped. */
static int action_complete(struct vm_area_struct *vma, struct mmap_action *action)
{
	int ret = 0;

	if (action->type == MMAP_MAP_KERNEL_PAGES)
		ret = insert(vma, action->map_kernel.start,
			     action->map_kernel.pages,
			     action->map_kernel.nr_pages);
	else if (action->type != MMAP_NOTHING)
		ret = fill(vma, action->remap.start,
			   action->remap.start_pfn +
			   (action->type == MMAP_IO_REMAP_PFN ? 0x100000 : 0),
			   action->remap.size, action->remap.pgprot);
	if (!ret && vma->vm_ops && vma->vm_ops->mapped)
		ret = vma->vm_ops->mapped(vma->vm_start, vma->vm_end,
					  vma->vm_pgoff, vma->vm_file,
					  &vma->vm_private_data);
	if (ret && action->error_override)
		ret = action->error_override;
	return ret;
}

static bool merges(struct file *file, unsigned long start, pgoff_t pgoff,
		   vm_flags_t flags)
{
	struct vm_area_struct *last = count ? &vmas[count - 1] : NULL;

	return last && last->vm_end == start && last->vm_file == file &&
	       last->vm_flags == flags && !(flags & VM_SPECIAL) &&
	       last->vm_pgoff + vma_pages(last) == pgoff;
}

static struct vm_area_struct *new_vma(struct file *file, unsigned long start,
				      unsigned long end, pgoff_t pgoff,
				      vm_flags_t flags)
{
	struct vm_area_struct *vma = &vmas[count];

	if (fail_vma || count == MOST)
		return NULL;
	memset(vma, 0, sizeof(*vma));
	vma->vm_start = start;
	vma->vm_end = end;
	vma->vm_mm = &mm;
	vma->vm_page_prot.pgprot = flags & 7;
	vma->__vm_flags = flags;
	vma->vm_pgoff = pgoff;
	vma->vm_file = get_file(file);
	vma->vm_ops = &dummy_ops;
	count++;
	return vma;
}

static void describe(struct vm_area_desc *desc, struct file *file,
		     unsigned long start, unsigned long end, pgoff_t pgoff,
		     vm_flags_t flags)
{
	memset(desc, 0, sizeof(*desc));
	desc->mm = &mm;
	desc->file = desc->vm_file = file;
	desc->start = start;
	desc->end = end;
	desc->pgoff = pgoff;
	desc->vma_flags.__vma_flags[0] = flags;
	desc->page_prot.pgprot = flags & 7;
	desc->vm_ops = &dummy_ops;
}

static void take(struct vm_area_struct *vma, struct vm_area_desc *desc)
{
	vma->vm_pgoff = desc->pgoff;
	vma->__vm_flags = vma_flags_to_legacy(desc->vma_flags);
	vma->vm_page_prot = desc->page_prot;
	vma->vm_ops = desc->vm_ops;
	vma->vm_private_data = desc->private_data;
}

/* mmap(): the new hook runs before a merge is tried, the old one after it was refused. */
static int map(struct file *file, unsigned long start, unsigned long pages,
	       pgoff_t pgoff, vm_flags_t flags)
{
	unsigned long end = start + pages * PAGE_SIZE;
	struct vm_area_desc desc;
	struct vm_area_struct *vma;
	int ret;

	describe(&desc, file, start, end, pgoff, flags);
	if (file->f_op->mmap_prepare) {
		ret = file->f_op->mmap_prepare(&desc);
		if (!ret)
			ret = action_prepare(&desc);
		if (ret)
			return ret;
	}
	if (merges(file, start, desc.pgoff, vma_flags_to_legacy(desc.vma_flags))) {
		vmas[count - 1].vm_end = end;
		return 0;
	}
	vma = new_vma(file, start, end, pgoff, flags);
	if (!vma)
		return -ENOMEM;
	if (file->f_op->mmap_prepare) {
		take(vma, &desc);
		ret = action_complete(vma, &desc.action);
		if (ret) {
			close_vma(vma);
			count--;
		}
		return ret;
	}
	ret = file->f_op->mmap(file, vma);
	if (ret) {
		vma->vm_file->f_count--;
		count--;
	}
	return ret;
}

void compat_set_desc_from_vma(struct vm_area_desc *desc, const struct file *file,
			      const struct vm_area_struct *vma)
{
	describe(desc, (struct file *)file, vma->vm_start, vma->vm_end,
		 vma->vm_pgoff, vma->vm_flags);
	desc->page_prot = vma->vm_page_prot;
	desc->vm_ops = vma->vm_ops;
}

int __compat_vma_mmap(struct vm_area_desc *desc, struct vm_area_struct *vma)
{
	int ret = action_prepare(desc);

	if (ret)
		return ret;
	take(vma, desc);
	return action_complete(vma, &desc->action);
}

/* A stacked file system's way: it has a VMA, whatever hook the file has. */
int vfs_mmap(struct file *file, struct vm_area_struct *vma)
{
	struct vm_area_desc desc;
	int ret;

	if (!file->f_op->mmap_prepare)
		return file->f_op->mmap(file, vma);
	compat_set_desc_from_vma(&desc, file, vma);
	ret = file->f_op->mmap_prepare(&desc);
	if (ret)
		return ret;
	return __compat_vma_mmap(&desc, vma);
}

static void show(const char *path, int ret, struct file *file)
{
	printf("%s: %d accessed %d files %ld references %ld allocations %ld\n", path,
	       ret, file->f_inode->i_accessed, file->f_count, references,
	       allocations);
	for (int i = 0; i < count; i++) {
		struct vm_area_struct *vma = &vmas[i];
		struct vm_fault vmf = { .vma = vma };

		for (unsigned long at = vma->vm_start; at < vma->vm_end; at += PAGE_SIZE)
			printf("  %lx flags %lx prot %lx ops %d%d%d fault %d data %s %d\n",
			       at, vma->vm_flags, vma->vm_page_prot.pgprot,
			       !!vma->vm_ops, vma->vm_ops && vma->vm_ops->open,
			       vma->vm_ops && vma->vm_ops->close,
			       vma->vm_ops && vma->vm_ops->fault ?
				       (int)vma->vm_ops->fault(&vmf) : -1,
			       !vma->vm_private_data ? "none" :
			       vma->vm_private_data == file->private_data ? "file's" : "own",
			       vma->vm_private_data ? *(int *)vma->vm_private_data : 0);
		if (vma->mapped.size)
			printf("  pgoff %lx maps %lx pfn %lx size %lx prot %lx\n",
			       vma->vm_pgoff, vma->mapped.start, vma->mapped.pfn,
			       vma->mapped.size, vma->mapped.prot.pgprot);
	}
}

static void unmap(struct file *file, const char *path)
{
	while (count)
		close_vma(&vmas[--count]);
	printf("%s: unmapped: files %ld references %ld allocations %ld\n", path,
	       file->f_count, references, allocations);
}

static void paths(struct file *file, unsigned long pages, pgoff_t pgoff,
		  vm_flags_t flags)
{
	struct vm_area_struct *vma;
	int ret;

	printf("-- %lu pages at %lu, flags %lx\n", pages, pgoff, flags);
	file->f_inode->i_accessed = 0;
	show("new", map(file, BASE, pages, pgoff, flags), file);
	unmap(file, "new");
	ret = map(file, BASE, pages, pgoff, flags);
	if (!ret)
		ret = map(file, BASE + pages * PAGE_SIZE, pages, pgoff + pages, flags);
	show("merge", ret, file);
	unmap(file, "merge");
	fail_vma = 1;
	ret = map(file, BASE, pages, pgoff, flags);
	fail_vma = 0;
	/* A hook may refuse before there is no memory. */
	printf("no memory: %s references %ld allocations %ld\n",
	       ret ? "fails" : "works", references, allocations);
	fail_mapping = -EIO;
	ret = map(file, BASE, pages, pgoff, flags);
	fail_mapping = 0;
	show("failing", ret, file);
	unmap(file, "failing");
	vma = new_vma(file, BASE, BASE + pages * PAGE_SIZE, pgoff, flags);
	ret = vfs_mmap(file, vma);
	if (ret) {
		vma->vm_file->f_count--;
		count--;
	}
	show("stacked", ret, file);
	unmap(file, "stacked");
}

int main(void)
{
	static const vm_flags_t kinds[] = {
		VM_READ | VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC,
		VM_READ | VM_SHARED | VM_MAYSHARE | VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC,
		VM_READ | VM_WRITE | VM_SHARED | VM_MAYSHARE | VM_MAYREAD | VM_MAYWRITE,
		VM_READ | VM_EXEC | VM_MAYREAD | VM_MAYEXEC,
	};
	struct inode inode = { 0 };
	struct file file = { .f_op = the_device->fops, .f_inode = &inode };

	if (file.f_op->open)
		file.f_op->open(&inode, &file);
	for (unsigned int kind = 0; kind < sizeof(kinds) / sizeof(*kinds); kind++)
		for (unsigned long pages = 1; pages <= 3; pages++)
			for (pgoff_t pgoff = 0; pgoff <= 3; pgoff++)
				paths(&file, pages, pgoff, kinds[kind]);
	return 0;
}
