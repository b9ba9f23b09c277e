int a_limit(int n, vm_flags_t vm_flags);
