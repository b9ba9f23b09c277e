#include "drivers/dax/harbour.c"
#include "fs/tidefs/dax.c"
#include "behaviour.h"

FLAGS_TO_TRY(VM_MAYSHARE, VM_SHARED, VM_HUGEPAGE, VM_READ, VM_MAYWRITE);

bool dax_synchronous(struct dax_device *dax_dev)
{
	return dax_dev != NULL;
}

int main(void)
{
	for (int odd = 0; odd < 4; odd++) {
		EACH_WORD(word) {
			struct harbour hb = { .align = odd & 1 ? 0x2000 : 0x8000 };
			struct tide_inode tide = { .dax_dev = odd & 2 ? (void *)&hb : NULL };
			struct inode inode = { .i_flags = odd & 1 ? S_DAX : 0,
					       .i_private = &tide };
			struct file file = { .f_inode = &inode, .private_data = &hb };
			struct vm_area_struct vma = vma_with(word);
			struct vm_area_desc desc;

			vma.vm_start = 0x2000;
			vma.vm_end = 0x6000;
			printf("vma %d %lx: %d\n", odd, word, harbour_check_vma(&hb, &vma));
			prepare_desc(&desc, &file, word);
			print_desc("harbour", word, harbour_mmap_prepare(&desc), &desc);
			prepare_desc(&desc, &file, word);
			print_desc("tide dax", word, tide_dax_mmap_prepare(&desc), &desc);
		}
	}
	return 0;
}
