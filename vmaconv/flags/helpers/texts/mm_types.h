
/* The vma_flags_t that has no flag set. */
#define EMPTY_VMA_FLAGS ((vma_flags_t){ })
