@@
attribute name __coldish;
identifier f;
@@
- __coldish
  int f(...) { ... }

@@
identifier f;
type T;
@@
- __attribute__((unused))
  T *f(...) { ... }
