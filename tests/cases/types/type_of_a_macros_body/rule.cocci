@r@
type T;
@@

- #define handle_t T
+ #define handle_t struct handle

@s@
type T;
@@

- #define size_type T
+ #define size_type __u64

@u@
type T;
@@

- #define owner_type T
+ #define owner_type struct owner
