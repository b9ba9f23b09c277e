#include "mm/hugetlb.c"
#include "fs/bouldfs/inode.c"
#include "behaviour.h"

FLAGS_TO_TRY(VM_NORESERVE, VM_MAYSHARE, VM_LOCKED, VM_WRITE, VM_HUGETLB, VM_READ);

static int released;
static char resv;

struct resv_map *resv_map_alloc(void)
{
	return (struct resv_map *)&resv;
}

void resv_map_release(struct resv_map *map)
{
	released++;
}

int main(void)
{
	for (int odd = 0; odd < 4; odd++) {
		EACH_WORD(word) {
			struct inode inode = { .i_size = odd & 1,
					       .i_flags = odd & 2 ? S_DAX : 0 };
			struct file file = { .f_inode = &inode };
			struct vm_area_desc desc;

			released = 0;
			prepare_desc(&desc, &file, word);
			desc.pgoff = odd & 1 ? 3 : -4UL;
			print_desc("bould", word, bould_mmap_prepare(&desc), &desc);
			printf("%lld %d %d\n", inode.i_size, inode.i_private != NULL, released);
		}
		printf("%d %d\n", bould_setup(odd, false) != NULL, bould_setup(odd, true) != NULL);
	}
	return 0;
}
