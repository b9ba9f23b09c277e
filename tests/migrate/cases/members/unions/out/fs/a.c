#include <linux/errno.h>
#include <linux/fs.h>
#include <linux/mm.h>

struct a_state {
	unsigned long start;
	union {
		vm_flags_t vm_flags;	/* as they will be */
		vma_flags_t vma_flags;
	};
	int n;
};

void a_from(struct a_state *state, const struct vm_area_desc *desc)
{
	state->vma_flags = desc->vma_flags;
	state->start = desc->start;
}

int a_count(struct a_state *state)
{
	state->vm_flags ^= VM_READ;
	return state->vm_flags >> 2;
}

void a_init(struct a_state *state, struct vm_area_desc *out)
{
	struct vm_area_desc desc = {
		.start = state->start,
		.vma_flags = state->vma_flags,
	};

	*out = desc;
}
