int a_limit(int n, bool is_vma_locked);
