#include <linux/mm.h>

struct holder { struct vm_area_desc desc, *pointer, array[2]; };
typedef struct vm_area_desc desc_t;

struct vm_area_desc *find(int n);

int prepare(struct holder *h, struct holder own, desc_t *t, int n)
{
	struct vm_area_desc local, *p = &local;

	vma_desc_set_flags(&local, VMA_IO_BIT);
	vma_desc_set_flags(p, VMA_IO_BIT);
	vma_desc_set_flags(p, VMA_IO_BIT);
	vma_desc_set_flags(&local, VMA_IO_BIT);
	vma_desc_set_flags(&h->desc, VMA_IO_BIT);
	vma_desc_set_flags(h->pointer, VMA_IO_BIT);
	vma_desc_set_flags(own.pointer, VMA_IO_BIT);
	vma_desc_set_flags(&h->array[n], VMA_IO_BIT);
	vma_desc_set_flags(h->array, VMA_IO_BIT);
	vma_desc_set_flags(t, VMA_IO_BIT);
	vma_desc_set_flags(find(n), VMA_IO_BIT);
	vma_desc_set_flags(n ? p : t, VMA_IO_BIT);
	vma_desc_set_flags(p + n, VMA_IO_BIT);
	vma_desc_set_flags((struct vm_area_desc *)h, VMA_IO_BIT);
	return vma_desc_test(&own.desc, VMA_IO_BIT) ? 1 : 0;
}
