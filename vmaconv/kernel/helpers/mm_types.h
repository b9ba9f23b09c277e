
/* The set that holds no VMA flag; starts off what vma_flags_set() fills. */
#define EMPTY_VMA_FLAGS ((vma_flags_t){ })
