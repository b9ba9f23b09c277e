@@
identifier f != three;
parameter list ps;
@@
+ static
  int f(ps) { ... }
