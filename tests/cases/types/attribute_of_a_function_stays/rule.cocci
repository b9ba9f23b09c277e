@@
type T;
identifier f;
parameter list ps;
@@
- T
+ void
  f(ps) { ... }
