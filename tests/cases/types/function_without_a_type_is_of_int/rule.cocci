@@
identifier f;
parameter list P;
@@
- static int f(P)
+ int f(P)
  { ... }

@@
identifier f;
@@
  int f(...,
- int n
+ size_t n
  ) { ... }
