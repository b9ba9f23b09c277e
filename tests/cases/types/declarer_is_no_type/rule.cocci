@@
type T;
identifier v;
@@
- T v;
+ T v = 0;
