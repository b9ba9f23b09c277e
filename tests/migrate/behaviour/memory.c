#include "mm/memory.c"
#include "mm/filemap.c"
#include "behaviour.h"

FLAGS_TO_TRY(VM_SHARED, VM_MAYWRITE, VM_IO, VM_PFNMAP, VM_DONTDUMP, VM_READ);

int main(void)
{
	for (int odd = 0; odd < 4; odd++) {
		EACH_WORD(word) {
			struct file file = { };
			struct vm_area_struct vma = vma_with(word);
			struct vm_area_desc desc;
			unsigned long after;

			prepare_desc(&desc, odd & 1 ? &file : NULL, word);
			desc.start = odd & 2 ? 0x2000 : 0;
			print_desc("remap", word, remap_pfn_range_prepare(&desc, 77), &desc);
			vma.vm_start = odd & 2 ? 0x2000 : 0;
			vma.vm_end = odd & 1 ? 0x6000 : 0;
			printf("vma %lx: %d", word, remap_pfn_range(&vma, 78));
			__builtin_memcpy(&after, &vma.flags, sizeof(after));
			printf(" %lx %lx\n", after, vma.vm_pgoff);
			prepare_desc(&desc, odd & 1 ? &file : NULL, word);
			print_desc("readonly", word,
				   generic_file_readonly_mmap_prepare(&desc), &desc);
		}
	}
	return 0;
}
