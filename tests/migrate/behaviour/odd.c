#include "drivers/char/fooodd.c"
#include "kernel/ringstat.c"
#include "arch/x86/kernel/shstk.c"
#include "fs/loamfs/file.c"
#include "behaviour.h"

FLAGS_TO_TRY(VM_READ, VM_WRITE, VM_EXEC, VM_SHARED, VM_MAYWRITE, VM_MAYSHARE, VM_LOCKED,
	     VM_GROWSDOWN, VM_IO, VM_SOFTDIRTY);

int main(void)
{
	EACH_WORD(word) {
		struct vm_area_desc desc;
		static struct ringstat stat;
		static struct fooodd_port port = { .extra = VM_SEALED };
		struct file file = { .private_data = &stat };

		prepare_desc(&desc, &file, word);
		print_desc("shstk", word, shstk_prepare(&desc), &desc);
		prepare_desc(&desc, &file, word);
		printf("%d %d\n", ringstat_shared(&desc), ringstat_rights(&desc));
		prepare_desc(&desc, &file, word);
		print_desc("ringstat", word, ringstat_mmap_prepare(&desc), &desc);
		printf("%lx %d\n", (unsigned long)stat.last, (int)stat.writable);
		file.private_data = &port;
		prepare_desc(&desc, &file, word);
		print_desc("fooodd", word, fooodd_mmap_prepare(&desc), &desc);
		prepare_desc(&desc, &file, word);
		print_desc("loam", word, loam_check_all(&desc), &desc);
	}
	printf("%d\n", nr_printk);
	return 0;
}
