#include "mm/mlock.c"
#include "mm/heap.c"
#include "mm/vault.c"
#include "behaviour.h"

FLAGS_TO_TRY(VM_LOCKED, VM_SHARED, VM_MAYSHARE, VM_DONTEXPAND, VM_READ, VM_SEALED);

struct vm_area_struct *find_vma(struct mm_struct *mm, unsigned long addr)
{
	return NULL;
}

int main(void)
{
	for (int limit = 0; limit < 3; limit++) {
		EACH_WORD(word) {
			struct mm_struct mm = { .locked_vm = 2, .lock_limit = 3 * limit,
						.def_flags = word };
			struct vm_area_struct vma = vma_with(word);
			struct vm_area_desc desc;
			unsigned long bytes = 2 * PAGE_SIZE;

			vma.vm_mm = &mm;
			printf("%d %lx: %d", limit, word, mlock_can_expand(&vma, bytes));
			printf(" %ld\n", (long)do_grow_heap(&mm, 64, bytes));
			prepare_desc(&desc, NULL, word);
			desc.mm = &mm;
			print_desc("vault", word, vault_mmap_prepare(&desc), &desc);
		}
	}
	return 0;
}
