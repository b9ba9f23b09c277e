#include "mm/shmem.c"
#include "mm/hugetlb.c"
#include "ipc/shmseg.c"
#include "arch/x86/kernel/enclave.c"
#include "behaviour.h"

FLAGS_TO_TRY(VM_NORESERVE, VM_ACCOUNT, VM_SHARED, VM_MAYEXEC, VM_HUGETLB, VM_LOCKED);

struct resv_map *resv_map_alloc(void)
{
	return NULL;
}

void resv_map_release(struct resv_map *map)
{
}

int main(void)
{
	for (int odd = -1; odd < 2; odd++) {
		EACH_WORD(word) {
			struct shmseg seg = { .locked = odd > 0 };
			struct file file = { .private_data = &seg };
			struct vm_area_struct vma = vma_with(word);
			struct vm_area_desc desc;

			vma.vm_start = odd < 0 ? 1 : 0;
			printf("zero %lx: %d\n", word, shmem_zero_setup(&vma));
			prepare_desc(&desc, &file, word);
			desc.start = odd < 0 ? 0x7000 : 0;
			print_desc("zero", word, shmem_zero_setup_desc(&desc), &desc);
			printf("%d ", shmseg_create(&seg, odd > 0, word & 014000));
			printf("%d %d\n", enclave_backing(odd) != NULL, enclave_log() != NULL);
			if (seg.file && seg.file->f_op) {
				prepare_desc(&desc, &file, word);
				print_desc("seg", word, shmseg_mmap_prepare(&desc), &desc);
			}
			prepare_desc(&desc, &file, word);
			print_desc("enclave", word, enclave_mmap_prepare(&desc), &desc);
		}
		printf("scratch %d\n", shmem_scratch_setup(odd) != NULL);
	}
	return 0;
}
