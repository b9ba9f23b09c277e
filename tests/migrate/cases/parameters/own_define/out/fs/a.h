int a_check(vma_flags_t flags, int n);
#define a_check a_check
