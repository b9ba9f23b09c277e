@r@
type T;
@@

- #define handle_t T
+ #define handle_t struct handle
