int a_check(vm_flags_t flags, int n);
#define a_check a_check
