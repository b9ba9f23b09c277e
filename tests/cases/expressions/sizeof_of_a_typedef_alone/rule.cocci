@@
typedef handle_t;
expression e;
@@
(
- e * sizeof(handle_t)
+ handles(e)
|
- sizeof(handle_t)
+ handle_size()
)
