@@
identifier f, nr;
@@
  f(...,
- int nr
+ unsigned int nr
  ) { ... }

@@
identifier f;
type T;
@@
  T f(...) {
  ...
- old_end();
+ new_end();
  ...
  }
