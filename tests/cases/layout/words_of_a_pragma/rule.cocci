@@
@@
- #pragma pack(push, 1)
+ #pragma pack(push, 4)

@@
@@
- #pragma omp parallel for num_threads(2)
