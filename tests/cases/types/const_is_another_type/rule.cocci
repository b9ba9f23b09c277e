@@
type T;
T *d;
T *s;
expression n;
@@
- memcpy(d, s, n * sizeof(T))
+ copy(d, s, n)

@@
type T;
T d;
T s;
@@
- swap(d, s)
+ exchange(d, s)
