@@
type T;
@@
- T x;
+ T y, x;
