@@
identifier f, v;
type T;
@@
  f(...,
- T v
+ T *v
  , ...) { ... }

@@
identifier g;
@@
- g(
+ g(long first,
  ...) { ... }
