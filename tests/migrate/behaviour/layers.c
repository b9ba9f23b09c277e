#include "fs/tidefs/layers.c"
#include "behaviour.h"

FLAGS_TO_TRY(VM_SHARED, VM_MAYWRITE, VM_HUGEPAGE, VM_NORESERVE, VM_READ);

int main(void)
{
	for (int which = 0; which < 4; which++) {
		EACH_WORD(word) {
			struct tide_inode tide = {
				.ops = which & 1 ? &tide_upper_ops : &tide_lower_ops,
			};
			struct inode inode = { .i_size = which & 2, .i_private = &tide };
			struct file file = { .f_inode = &inode };
			struct vm_area_desc desc;

			prepare_desc(&desc, &file, word);
			print_desc("layers", word, tide_layers_check(&desc), &desc);
		}
	}
	return 0;
}
