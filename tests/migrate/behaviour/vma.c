#include "mm/vma.c"
#include "mm/util.c"
#include "behaviour.h"

FLAGS_TO_TRY(VM_READ, VM_WRITE, VM_ACCOUNT, VM_SHARED, VM_MAYWRITE, VM_LOCKED);

static unsigned long flipped;

static int flip(struct vm_area_desc *desc)
{
	set_desc_word(desc, desc_word(desc) ^ flipped);
	return flipped == VM_SHARED ? -EINVAL : 0;
}

pgprot_t vm_get_page_prot(vm_flags_t vm_flags)
{
	return (pgprot_t){ vm_flags << 1 };
}

int main(void)
{
	static const struct file_operations operations = { .mmap_prepare = flip };

	for (unsigned int i = 0; i < 1 << NR_TRIED; i++) {
		flipped = subset_of(tried, i);
		EACH_WORD(word) {
			struct mm_struct mm = { };
			struct file file = { .f_op = &operations };
			struct mmap_state map = { .mm = &mm, .vm_flags = word, .file = &file,
						  .charged = true, .end = 0x4000 };
			struct vm_area_struct vma = vma_with(word ^ VM_SHARED);
			struct vm_area_desc desc;
			unsigned long after;

			prepare_desc(&desc, &file, word ^ VM_READ);
			print_desc("call", word, call_mmap_prepare(&map, &desc), &desc);
			printf("%lx %d %lx\n", map.vm_flags, map.charged, desc.page_prot.pgprot);
			vma.vm_mm = &mm;
			vma.vm_end = 0x3000;
			printf("compat %d", compat_vma_mmap(&file, &vma));
			__builtin_memcpy(&after, &vma.flags, sizeof(after));
			printf(" %lx %lx\n", after, mm.locked_vm);
		}
	}
	return 0;
}
